/* cellletters - letters of a cell that can hardly be those that were meant
 */
#ifndef SHEET_CELLLETTERS_H
#define SHEET_CELLLETTERS_H

#include "base/finding.h"

/* How the encoding of a file came to be what it is read in. */
typedef enum {
    CELLLETTERS_GIVEN,   /* it was known: accents which are wrong were so before it was saved */
    CELLLETTERS_GUESSED, /* Windows-1252, for want of another */
    CELLLETTERS_TOLD     /* the same, and that it looks wrong was told */
} CellLettersHow;

/* Looks at a cell (UTF-8) of a column, or its heading. Findings, warnings: "garbled", for what was wrongly
 * converted or lost, and for a sign within a word; "stray-letter", for one of another script that only looks
 * like a Latin one. */
void cellletters_check(const char *cell, const char *column, CellLettersHow how, const Location *at,
                       Findings *findings);

#endif
