/* wheretally - what an expression found in the rows of a whole list
 *
 * An expression that is the same for every row, a text that no row has, a cell that is no number
 * where a number is asked for: a single row can't tell, and the officer has to know.
 */
#ifndef WHERE_WHERETALLY_H
#define WHERE_WHERETALLY_H

#include "base/finding.h"
#include "base/location.h"
#include "where/expression.h"
#include "where/whereanswers.h"

/* Where the cells of a column stand: in the list or in what is joined to it, and of a worksheet in
 * which column (from 1; else 0). */
typedef struct {
    gboolean is_joined;
    guint number;
} WhereColumn;

/* A row as an expression is asked about it: a cell a column, and where it stands. */
typedef struct {
    char *const *cells;
    const char *file;
    guint line;
    const char *joined_file;    /* NULL: nothing is joined */
    guint joined_line;          /* 0: no row there */
    const WhereColumn *columns; /* NULL: all cells stand in `file`, which is no workbook */
    const char *key;            /* what names the row for good; NULL where nobody asks */
} WhereRow;

/* Where a column's cell of the row stands; where its sheet has no such row, the row itself. */
Location whererow_location(const WhereRow *self, guint column);

typedef struct WhereTally WhereTally;

/* Borrows the columns; `tree` is only read now. */
WhereTally *wheretally_new(const Expression *tree, const char *const *columns);
void wheretally_free(WhereTally *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WhereTally, wheretally_free)

/* Counts a row: the answer, and of which columns (a flag each) a cell was no number or no day; a flag
 * behind those says that it isn't known whether the row has answered a question. */
void wheretally_row(WhereTally *self, const WhereRow *row, Truth answer, const gboolean *doubts);

typedef struct {
    const char *what; /* "where", "flag 'x'" */
    const char *file; /* where the expression stands */
    guint line;
    gboolean is_filter; /* the expression chooses the rows of a list */
} WhereTallied;

/* Findings about the whole:
 *   warning unknown-cell  rows that are neither chosen nor left out by what is asked of a cell: how
 *                         many, the column and the first cell by file and line
 *   warning unknown-answer  rows that are neither chosen nor left out by answered(): how many, and
 *                         the first
 *   warning mixed-measures  see where/wheremeasure.h
 *   warning no-such-value a literal that no row of its column has (a note where it may well be so),
 *                         with what was meant; a pattern of LIKE, too
 *   warning number-in-quotes  a number in quotes, compared by its characters, where cells have the
 *                         same number otherwise
 *   warning day-in-quotes the same of a day
 *   warning looks-alike   a literal that some rows have, and others in letters that look alike, or
 *                         in another word for yes or no
 * and of a filter
 *   note    everybody     it leaves nobody out */
void wheretally_report(const WhereTally *self, const WhereTallied *place, Findings *findings);

#endif
