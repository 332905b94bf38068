/* glyphs - characters that nobody sees, and those that the eye takes for one another
 *
 * Mail programs, word processors and spreadsheets write their own kinds of dashes, quotes and blanks,
 * and leave characters that show nothing. Whoever compares what people wrote asks here.
 */
#ifndef TEXT_GLYPHS_H
#define TEXT_GLYPHS_H

#include <glib.h>

/* What shows nothing and means nothing: soft hyphens, marks of direction, blanks of no width. */
gboolean glyph_is_unseen(gunichar c);

/* U+200C and U+200D, which change how letters of some scripts, and emoji, look beside them. */
gboolean glyph_is_joiner(gunichar c);

/* What varies or tags the sign before it, and else shows nothing: a variation selector, a tag. */
gboolean glyph_is_variation(gunichar c);

/* The plain one of its kind: ' for apostrophes and single quotes, " for double ones, - for dashes
 * (and the soft hyphen), a blank for blanks; else the character itself. */
gunichar glyph_plain(gunichar c);

#endif
