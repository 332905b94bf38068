/* workbook_rows - the rows of a worksheet put together from its cells, merged ones filled */
#include "sheet/workbook_rows.h"

#include <string.h>

#include "base/error.h"

typedef struct {
    guint row, column, last_row, last_column;
    char *text; /* of its first cell, once that was seen */
} Merge;

struct WorkbookRows {
    char *name;
    RowsFound found;
    void *user;
    guint row;
    gboolean hidden;
    guint64 cells_read;
    GString *text;                            /* the row's texts, each with its NUL */
    guint columns;                            /* places in `starts` that this row uses */
    guint32 starts[WORKBOOK_COLUMNS_MAX + 1]; /* in `text`, by column from 1; 0 is no text */
    guint8 hidden_columns[WORKBOOK_COLUMNS_MAX + 1];
    guint8 hidden_texts[WORKBOOK_COLUMNS_MAX + 1]; /* those in which a text was seen */
    char *cells[ROWS_CELLS_MAX + 1];
    char empty[1];
    guint width;    /* cells of the widest row given so far */
    GArray *merges; /* of Merge, by their first row */
    gboolean sorted;
    guint next;                   /* the first merge that begins below this row */
    guint active[ROWS_CELLS_MAX]; /* those that reach into this row */
    guint active_count;
    WorkbookLeft left;
};

static void clear_merge(gpointer merge)
{
    g_free(((Merge *)merge)->text);
}

WorkbookRows *workbook_rows_new(const char *name, RowsFound found, void *user)
{
    WorkbookRows *self = g_new0(WorkbookRows, 1);
    self->name = g_strdup(name);
    self->found = found;
    self->user = user;
    self->text = g_string_new(NULL);
    self->sorted = TRUE;
    self->merges = g_array_new(FALSE, FALSE, sizeof(Merge));
    g_array_set_clear_func(self->merges, clear_merge);
    return self;
}

void workbook_rows_free(WorkbookRows *self)
{
    if (!self)
        return;
    g_array_unref(self->merges);
    g_string_free(self->text, TRUE);
    g_free(self->name);
    g_free(self);
}

const WorkbookLeft *workbook_rows_left(const WorkbookRows *self)
{
    return &self->left;
}

void workbook_rows_columns(const WorkbookRows *self, guint *columns, guint count)
{
    guint column = 0;
    for (guint i = 0; i < count; i++) {
        do
            column++;
        while (column <= WORKBOOK_COLUMNS_MAX && self->hidden_columns[column]);
        columns[i] = column;
    }
}

static gboolean complain(const WorkbookRows *self, GError **error, const char *what)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s:%u: %s", self->name, self->row,
                what);
    return FALSE;
}

void workbook_rows_hide(WorkbookRows *self, guint first, guint last)
{
    for (guint i = MAX(first, 1); i <= MIN(last, WORKBOOK_COLUMNS_MAX); i++)
        self->hidden_columns[i] = 1;
}

/* --- merged cells ----------------------------------------------------------------------------- */

gboolean workbook_rows_merge(WorkbookRows *self, guint row, guint column, guint last_row,
                             guint last_column, GError **error)
{
    Merge merge = {row, column, last_row, MIN(last_column, WORKBOOK_COLUMNS_MAX), NULL};
    if (!row || !column || last_row < row || last_column < column || column > WORKBOOK_COLUMNS_MAX)
        return TRUE; /* no range */
    if (self->merges->len == WORKBOOK_MERGES_MAX) {
        g_autofree char *what = g_strdup_printf("over %d merged ranges: unmerge the cells in Excel",
                                                WORKBOOK_MERGES_MAX);
        return complain(self, error, what);
    }
    guint count = self->merges->len;
    self->sorted &= !count || g_array_index(self->merges, Merge, count - 1).row <= row;
    g_array_append_val(self->merges, merge);
    return TRUE;
}

static int by_row(gconstpointer a, gconstpointer b)
{
    const Merge *one = a, *other = b;
    return (one->row > other->row) - (one->row < other->row);
}

static gboolean put(WorkbookRows *self, guint column, const char *text, gsize length,
                    GError **error)
{
    if (self->text->len + length + 1 > ROWS_ROW_MAX) {
        g_autofree char *what = g_strdup_printf(
            "a row is over %d bytes: delete the columns that aren't needed", ROWS_ROW_MAX);
        return complain(self, error, what);
    }
    self->columns = MAX(self->columns, column);
    self->starts[column] = (guint32)self->text->len;
    g_string_append_len(self->text, text, (gssize)length);
    g_string_append_c(self->text, '\0');
    return TRUE;
}

static gboolean fill(WorkbookRows *self, Merge *merge, GError **error)
{
    if (!merge->text && self->row == merge->row)
        merge->text = g_strdup(merge->column <= self->columns && self->starts[merge->column]
                                   ? self->text->str + self->starts[merge->column]
                                   : "");
    if (!merge->text || !*merge->text)
        return TRUE;
    /* A title across all columns would have them all of one name beyond what a list can have. */
    guint last = MIN(merge->last_column, ROWS_CELLS_MAX);
    for (guint column = merge->column; column <= last; column++) {
        if (column <= self->columns && self->starts[column])
            continue;
        while (self->columns < column)
            self->starts[++self->columns] = 0;
        if (!put(self, column, merge->text, strlen(merge->text), error))
            return FALSE;
    }
    return TRUE;
}

/* Ranges that reach into this row; those of one row can't be more than there are columns. */
static gboolean follow_merges(WorkbookRows *self, GError **error)
{
    guint kept = 0;
    if (!self->sorted)
        g_array_sort(self->merges, by_row);
    self->sorted = TRUE;
    for (guint i = 0; i < self->active_count; i++)
        if (g_array_index(self->merges, Merge, self->active[i]).last_row >= self->row)
            self->active[kept++] = self->active[i];
    self->active_count = kept;
    for (; self->next < self->merges->len; self->next++) {
        const Merge *merge = &g_array_index(self->merges, Merge, self->next);
        if (merge->row > self->row)
            break;
        if (merge->last_row < self->row)
            continue;
        if (self->active_count == ROWS_CELLS_MAX)
            return complain(self, error, "too many merged ranges: unmerge the cells in Excel");
        self->active[self->active_count++] = self->next;
    }
    return TRUE;
}

static gboolean fill_merged(WorkbookRows *self, GError **error)
{
    if (!follow_merges(self, error))
        return FALSE;
    for (guint i = 0; i < self->active_count; i++)
        if (!fill(self, &g_array_index(self->merges, Merge, self->active[i]), error))
            return FALSE;
    return TRUE;
}

/* --- rows ------------------------------------------------------------------------------------- */

gboolean workbook_rows_begin(WorkbookRows *self, guint row, gboolean hidden, GError **error)
{
    if (row <= self->row || row > WORKBOOK_ROWS_MAX) {
        g_autofree char *what =
            row <= self->row
                ? g_strdup("is damaged: its rows are not in order (save the workbook anew)")
                : g_strdup_printf("over %d rows: copy the rows that are needed into a new workbook",
                                  WORKBOOK_ROWS_MAX);
        return complain(self, error, what);
    }
    self->row = row;
    self->hidden = hidden;
    self->columns = 0;
    g_string_truncate(self->text, 0);
    g_string_append_c(self->text, '\0'); /* so that no text starts at 0 */
    return TRUE;
}

static gboolean count_cells(WorkbookRows *self, guint count, GError **error)
{
    if ((self->cells_read += count) <= WORKBOOK_CELLS_MAX)
        return TRUE;
    g_autofree char *what = g_strdup_printf(
        "over %d cells: copy the rows that are needed into a new workbook", WORKBOOK_CELLS_MAX);
    return complain(self, error, what);
}

gboolean workbook_rows_cell(WorkbookRows *self, guint column, const char *text, gsize length,
                            GError **error)
{
    if (!count_cells(self, 1, error))
        return FALSE;
    if (!column || column > WORKBOOK_COLUMNS_MAX)
        return complain(self, error,
                        "is damaged: a cell stands in no column (save the workbook anew)");
    if (length > ROWS_CELL_MAX) {
        g_autofree char *what =
            g_strdup_printf("a cell is over %d bytes: shorten it", ROWS_CELL_MAX);
        return complain(self, error, what);
    }
    if (!length)
        return TRUE;
    while (self->columns < column)
        self->starts[++self->columns] = 0;
    return put(self, column, text, length, error);
}

void workbook_rows_uncomputed(WorkbookRows *self, guint column)
{
    if (self->left.uncomputed++)
        return;
    self->left.uncomputed_row = self->row;
    self->left.uncomputed_column = column;
}

/* Sets the cells that can be seen; gives how many there are, up to the last with a text. */
static gboolean place_cells(WorkbookRows *self, guint *count, GError **error)
{
    guint place = 0;
    *count = 0;
    for (guint column = 1; column <= self->columns; column++) {
        guint32 start = self->starts[column];
        if (self->hidden_columns[column]) {
            if (start && !self->hidden_texts[column]) {
                self->hidden_texts[column] = 1;
                if (self->left.hidden_columns++ == 0 || column < self->left.hidden_column)
                    self->left.hidden_column = column;
            }
            continue;
        }
        if (place == ROWS_CELLS_MAX && start) {
            g_autofree char *what =
                g_strdup_printf("a row has over %d columns with a text", ROWS_CELLS_MAX);
            return complain(self, error, what);
        }
        if (place == ROWS_CELLS_MAX)
            continue;
        self->cells[place++] = start ? self->text->str + start : self->empty;
        if (start)
            *count = place;
    }
    for (guint i = *count; i < self->width; i++)
        self->cells[i] = self->empty;
    return TRUE;
}

static gboolean give(WorkbookRows *self, GError **error)
{
    guint count;
    if (!fill_merged(self, error) || !place_cells(self, &count, error))
        return FALSE;
    if (!count)
        return TRUE;
    if (self->hidden) {
        if (self->left.hidden_rows++ == 0)
            self->left.hidden_row = self->row;
        return TRUE;
    }
    self->width = MAX(self->width, count);
    self->cells[self->width] = NULL;
    return self->found(self->user, self->row, self->cells, self->width, error);
}

gboolean workbook_rows_end(WorkbookRows *self, guint times, GError **error)
{
    g_autofree char *again = NULL;
    g_autofree guint32 *starts = NULL;
    gsize length = self->text->len;
    guint columns = self->columns;
    if (times > 1) { /* whoever takes a row may change its bytes */
        again = g_memdup2(self->text->str, length);
        starts = g_memdup2(self->starts, sizeof *starts * (columns + 1));
    }
    for (guint i = 0; i < times; i++) {
        if (i) {
            if (!workbook_rows_begin(self, self->row + 1, self->hidden, error) ||
                !count_cells(self, columns, error))
                return FALSE;
            g_string_truncate(self->text, 0);
            g_string_append_len(self->text, again, (gssize)length);
            memcpy(self->starts, starts, sizeof *starts * (columns + 1));
            self->columns = columns;
        }
        if (!give(self, error))
            return FALSE;
    }
    return TRUE;
}
