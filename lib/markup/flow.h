/* flow - plain text wrapped at a width, at once or when the fields are known
 *
 * A paragraph whose text is constant is wrapped when the letter is compiled. One that holds fields
 * can only be wrapped when they are known: the text writer puts it between marks (control
 * characters that no input may hold) and the template wraps it at each rendering.
 */
#ifndef MARKUP_FLOW_H
#define MARKUP_FLOW_H

#include <glib.h>

enum { FLOW_WIDTH = 72 }; /* columns; one character takes g_unichar_iswide()-aware columns */

#define FLOW_BEGIN                                                                                 \
    '\x0e' /* then the first line's prefix, FLOW_PART, the other lines' prefix, FLOW_PART */
#define FLOW_PART '\x1f'
#define FLOW_END '\x0f'
#define FLOW_BREAK '\x0b' /* a line end that stays */

/* Appends `text` to `out`, wrapped so that no line, prefix and all, is over FLOW_WIDTH columns
 * unless one word is; white space is folded, FLOW_BREAK starts a new line, U+00A0 doesn't break.
 * Each line ends with '\n'; lines have no trailing blanks (a prefix such as "> " of an empty line
 * is trimmed). A line never begins with "From " by wrapping alone. */
void flow_append(GString *out, const char *text, gsize length, const char *first_prefix,
                 const char *rest_prefix);

/* Columns that UTF-8 text takes on a terminal: 0 for combining, 2 for wide characters. */
guint flow_columns(const char *text, gsize length);

#endif
