/* foldername - an IMAP folder's name as the protocol wants it (RFC 3501 section 5.1.3)
 */
#ifndef IMAP_FOLDERNAME_H
#define IMAP_FOLDERNAME_H

#include <glib.h>

/* Whether a name (UTF-8) can be used: 1 to INBOX_NAME_MAX bytes, no control characters, none of
 * the wildcards % and *, no "/" at its beginning or end and no two in a row. */
gboolean foldername_is_valid(const char *name);

/* The name in modified UTF-7, "/" replaced by the server's separator (0: it knows no hierarchy, and
 * "/" stays); newly allocated. `name` is valid. */
char *foldername_encode(const char *name, char separator);

/* An encoded name as people write it: UTF-8, "/" for the separator. What can't be decoded stays as it
 * is. Newly allocated. */
char *foldername_decode(const char *encoded, char separator);

/* An encoded name as an IMAP quoted string, with its quotes; newly allocated. */
char *foldername_quote(const char *encoded);

#endif
