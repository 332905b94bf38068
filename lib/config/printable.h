/* printable - bytes that a person sees as the program does
 *
 * What a parser of hand-written files may count on: UTF-8, no NUL and no other control characters,
 * lines that end where an editor ends them.
 */
#ifndef CONFIG_PRINTABLE_H
#define CONFIG_PRINTABLE_H

#include <glib.h>

enum { PLAIN_BOM = 3 }; /* bytes of a byte order mark */

/* Whether the bytes begin with a byte order mark. */
gboolean printable_bom(const char *bytes, gsize length);

/* The first character in valid UTF-8 that isn't fit to be read: a control character other than tab
 * and line feed, one that YAML takes for a line end and an editor doesn't (U+2028, U+2029), a byte
 * order mark, or a code point that is no character. NULL when all is well. Borrowed. */
const char *printable_unfit(const char *text, gsize length);

/* What is wrong with a whole file (after a byte order mark) that is to be read as YAML, newly
 * allocated, with its line; NULL when all is well. CRLF is fine; a line indented with a tab isn't.
 */
char *printable_check(const char *bytes, gsize length, guint first_line, guint *line);

/* How many line feeds stand between the two. */
guint plain_lines(const char *from, const char *to);

#endif
