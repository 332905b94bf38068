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

/* 1 for a word that says yes in a column of such (Yes, y, TRUE, 1, a tick, x, Ydy), -1 for one that
 * says no, 0 for any other. */
int lookalike_truth(const char *text);

/* In what two texts that look alike differ, where reading them doesn't tell: " (U+2011, not
 * U+002D)", or "". Newly allocated. */
char *lookalike_difference(const char *text, const char *other);

#endif
