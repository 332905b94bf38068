/* media - a file's media type by its name (RFC 6838)
 */
#ifndef MAIL_MEDIA_H
#define MAIL_MEDIA_H

#include <glib.h>

/* The media type by the file name's extension, in any case, from a table;
 * "application/octet-stream" if it is unknown. Not by the bytes: what a reader's mail program does
 * with a file goes by its name. */
const char *media_type(const char *filename);

/* Whether the type can have a charset (RFC 2046 section 4.1.2). */
gboolean media_is_text(const char *type);

#endif
