/* fold - text broken into lines that fit a terminal
 *
 * Pure. A line that fits stays as it is. One that doesn't is broken at blanks, and what goes on
 * stands under its last column (what follows two blanks or more) where that leaves room for words,
 * or else a little in from its beginning, with the padding between its columns taken out. A word
 * that is wider than the terminal, an address say, stays whole, so that it can be copied; so does a
 * command in single quotes that fits a line.
 */
#ifndef CMD_FOLD_H
#define CMD_FOLD_H

#include <glib.h>

/* The text, its line feeds kept, in lines of at most `columns` (0: as it is). Newly allocated. */
char *fold_text(const char *text, guint columns);

#endif
