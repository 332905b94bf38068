/* lookalike - texts that the eye takes for the same, and SQL doesn't
 */
#ifndef WHERE_LOOKALIKE_H
#define WHERE_LOOKALIKE_H

#include <glib.h>

/* The text without what is easily overlooked: capitals, the kinds of dashes, apostrophes, quotes and
 * blanks, characters that are variants of others (full width, ligatures), letters of other scripts that
 * look like Latin ones, a dot at the end. Texts
 * look alike when this is equal. Newly allocated. */
char *lookalike_fold(const char *text);

/* In what two texts that look alike differ, where reading them doesn't tell: " (U+2011, not
 * U+002D)", or "". Newly allocated. */
char *lookalike_difference(const char *text, const char *other);

#endif
