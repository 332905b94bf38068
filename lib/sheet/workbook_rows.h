/* workbook_rows - the rows of a worksheet put together from its cells, merged ones filled
 *
 * Cells come in any order within a row, rows from above to below. What is hidden is left out and
 * counted; a row without any text isn't given. Every row has at least as many cells as those before
 * it, for a worksheet doesn't say where its rows end.
 */
#ifndef SHEET_WORKBOOK_ROWS_H
#define SHEET_WORKBOOK_ROWS_H

#include <glib.h>

#include "base/rows.h"

enum {
    WORKBOOK_ROWS_MAX = 1048576,   /* Excel's own */
    WORKBOOK_COLUMNS_MAX = 16384,  /* Excel's own; ROWS_CELLS_MAX of them may have a text */
    WORKBOOK_CELLS_MAX = 20000000, /* cells of a worksheet */
    WORKBOOK_MERGES_MAX = 20000,   /* merged ranges of a worksheet */
};

/* What was left out or couldn't be read as shown; rows are counted only where they hold a text. */
typedef struct {
    guint hidden_rows, hidden_row;       /* how many; the first */
    guint hidden_columns, hidden_column; /* how many with a text; the first, from 1 */
    guint uncomputed, uncomputed_row, uncomputed_column; /* formulas without a value: the first */
} WorkbookLeft;

typedef struct WorkbookRows WorkbookRows;

/* `name` is what errors call the worksheet. */
WorkbookRows *workbook_rows_new(const char *name, RowsFound found, void *user);
void workbook_rows_free(WorkbookRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkbookRows, workbook_rows_free)

/* Columns from `first` to `last` (from 1) are hidden; before the rows. */
void workbook_rows_hide(WorkbookRows *self, guint first, guint last);

/* The text of the cell at `row` and `column` stands in the whole range; before that row's end. FALSE
 * with DATA over WORKBOOK_MERGES_MAX. */
gboolean workbook_rows_merge(WorkbookRows *self, guint row, guint column, guint last_row,
                             guint last_column, GError **error);

/* Begins a row. FALSE with DATA when it isn't below the one before, or over WORKBOOK_ROWS_MAX. */
gboolean workbook_rows_begin(WorkbookRows *self, guint row, gboolean hidden, GError **error);

/* A cell of the row. FALSE with DATA over a limit. */
gboolean workbook_rows_cell(WorkbookRows *self, guint column, const char *text, gsize length,
                            GError **error);

/* The cell before has a formula that was never computed. */
void workbook_rows_uncomputed(WorkbookRows *self, guint column);

/* Gives the row `times` times (with its number and the following ones). FALSE as `found`. */
gboolean workbook_rows_end(WorkbookRows *self, guint times, GError **error);

const WorkbookLeft *workbook_rows_left(const WorkbookRows *self);

/* The column of the worksheet (from 1) of each cell that rows are given with, which are those that
 * aren't hidden; `count` of them, from the first. */
void workbook_rows_columns(const WorkbookRows *self, guint *columns, guint count);

#endif
