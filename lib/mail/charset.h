/* charset - foreign text made UTF-8, whatever it claims to be
 *
 * Mail is labelled wrongly more often than it is unreadable: the bytes are asked before the label.
 */
#ifndef MAIL_CHARSET_H
#define MAIL_CHARSET_H

#include <glib.h>

/* Keeps the converters of common charsets loaded: the C library drops one after each use, and
 * loading it again takes longer than reading a message. Call once a process. */
void charset_prepare(void);

/* Text in UTF-8, newly allocated, never NULL: as it is if it is UTF-8, else from `charset` (may be
 * NULL), else from what the bytes look like (ISO-2022), else from Windows-1252. */
char *charset_to_utf8(const char *bytes, gsize length, const char *charset);

/* UTF-16 and UTF-32, told by a byte order mark or by a label that their NULs bear out, made UTF-8;
 * anything else as it came. Newly allocated; `narrowed` is its length. For those who clean away
 * NULs next. */
char *charset_narrow(const char *bytes, gsize length, const char *charset, gsize *narrowed);

#endif
