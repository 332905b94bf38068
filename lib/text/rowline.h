/* rowline - cells as one line of comma-separated values, safe to open in a spreadsheet (RFC 4180)
 *
 * The other way round than base/rows. Cells are UTF-8 whatever they were. A spreadsheet takes a
 * cell that begins with = + - @ (or their full-width forms), a tab or a line end for a formula, and
 * runs it: such a cell gets an apostrophe before it, which stays visible and does no harm. What
 * steers a screen (text/controls.h), but tab and line ends, is written as its code point.
 */
#ifndef TEXT_ROWLINE_H
#define TEXT_ROWLINE_H

#include <glib.h>

/* What a file should begin with for Excel to read it as UTF-8. */
#define ROWLINE_BOM "\357\273\277"

/* Adds the line with its CR LF; `cells` ends with NULL. Cells with a comma, a quote, a line end, or
 * a blank at either end stand in quotes. */
void rowline_write(GString *out, const char *const *cells);

#endif
