/* cellletters - letters of a cell that can hardly be those that were meant
 */
#ifndef SHEET_CELLLETTERS_H
#define SHEET_CELLLETTERS_H

#include "base/finding.h"

/* Looks at a cell (UTF-8) of a column, or its heading. `is_given`: its encoding was known, so that accents
 * which are wrong were so before it was saved. Findings, warnings: "garbled", for what was wrongly
 * converted or lost; "stray-letter", for one of another script that only looks like a Latin one. */
void cellletters_check(const char *cell, const char *column, gboolean is_given, const Location *at,
                       Findings *findings);

#endif
