/* table - a fenced block `table`: comma-separated values that become a table */
#include "markup/table.h"

#include <string.h>

#include "base/error.h"
#include "base/rows.h"
#include "template/wrap.h"

enum { FIELD_COLUMNS = 12 /* what a field in a cell is taken to need */ };

typedef struct {
    Table *table;
    const Placeholders *aside;
    const char *file;
    Findings *findings;
    guint data_rows;
    gboolean failed;
} Reading;

static void row_free(gpointer data)
{
    TableRow *row = data;
    g_strfreev(row->cells);
    g_free(row);
}

gboolean table_is_asked(const char *info)
{
    return g_str_has_prefix(info, "table") && (!info[5] || g_ascii_isspace(info[5]));
}

static gboolean refuse(Reading *in, guint line, const char *id, char *text)
{
    findings_add(in->findings, FINDING_ERROR, in->file, line, id, "%s", text);
    g_free(text);
    in->failed = TRUE;
    return TRUE; /* read on: the next broken row is worth knowing too */
}

static gboolean take_row(void *user, guint line, char **cells, guint count, GError **error)
{
    Reading *in = user;
    guint index;
    TableRow *row;
    (void)error;
    if (in->table->rows->len == TABLE_ROWS_MAX)
        return in->failed || refuse(in, line, "table-too-long",
                                    g_strdup_printf("a table of over %d rows", TABLE_ROWS_MAX));
    if (count == 1 && placeholders_is_section(in->aside, g_strstrip(cells[0]), &index)) {
        row = g_new0(TableRow, 1);
        row->tag = placeholders_tag(in->aside, index);
        g_ptr_array_add(in->table->rows, row);
        return TRUE;
    }
    if (count > TABLE_COLUMNS_MAX)
        return refuse(in, line, "table-too-wide",
                      g_strdup_printf("a table of %u columns; at most %d can be read on a page",
                                      count, TABLE_COLUMNS_MAX));
    if (in->table->columns && count != in->table->columns)
        return refuse(in, line, "table-ragged",
                      g_strdup_printf("a row of %u cells under a header of %u: put a cell that "
                                      "holds a comma in double quotes",
                                      count, in->table->columns));
    in->table->columns = count;
    in->data_rows++;
    row = g_new0(TableRow, 1);
    row->cells = g_strdupv(cells);
    row->line = line;
    for (guint i = 0; i < count; i++)
        g_strstrip(row->cells[i]);
    g_ptr_array_add(in->table->rows, row);
    return TRUE;
}

/* Digits with what people write around and between them: £1,250.50, 12%, −3, 2:30 is not one. */
static gboolean is_number(const char *cell)
{
    gboolean digit = FALSE;
    for (const char *p = cell; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isdigit(c))
            digit = TRUE;
        else if (c != ' ' && c != 0xa0 && c != 0x2212 && c != 0x2013 && c != 0x20ac && c != 0xa3 &&
                 !(c < 128 && strchr(",.%+-$", (int)c)))
            return FALSE;
    }
    return digit;
}

static void find_numeric(Table *self)
{
    self->numeric = g_new0(gboolean, self->columns + 1);
    for (guint c = 0; c < self->columns; c++) {
        gboolean header = TRUE, any = FALSE, all = TRUE;
        for (guint r = 0; r < self->rows->len; r++) {
            const TableRow *row = g_ptr_array_index(self->rows, r);
            if (row->cells && !header && *row->cells[c]) {
                any = TRUE;
                all &= is_number(row->cells[c]);
            }
            header &= !row->cells;
        }
        self->numeric[c] = any && all;
    }
}

static gboolean read_rows(Reading *in, const char *literal, guint line)
{
    g_autoptr(GError) error = NULL;
    char delimiter = rows_guess_delimiter(literal, strcspn(literal, "\n"));
    g_autoptr(Rows) rows = rows_new(in->file, line, delimiter, take_row, in);
    if (rows_feed(rows, literal, strlen(literal), &error) && rows_end(rows, &error))
        return !in->failed;
    const char *text =
        error->message; /* "file:line: what is wrong": the finding has its own place */
    g_autofree char *place = g_strdup_printf("%s:", in->file ? in->file : "");
    guint at = line;
    if (g_str_has_prefix(text, place)) {
        char *end;
        at = (guint)g_ascii_strtoull(text + strlen(place), &end, 10);
        text = *end == ':' ? end + 1 + strspn(end + 1, " ") : text;
    }
    findings_add(in->findings, FINDING_ERROR, in->file, at, "table-broken", "%s", text);
    return FALSE;
}

Table *table_new(const char *info, const char *literal, const Placeholders *aside, const char *file,
                 guint line, Findings *findings)
{
    Table *self = g_new0(Table, 1);
    Reading in = {self, aside, file, findings, 0, FALSE};
    self->rows = g_ptr_array_new_with_free_func(row_free);
    self->caption = g_strstrip(g_strdup(info + strlen("table")));
    if (!*self->caption)
        g_clear_pointer(&self->caption, g_free);
    gboolean fine = read_rows(&in, literal, line);
    if (fine && in.data_rows < 2)
        refuse(&in, line, "table-empty",
               g_strdup("a table needs a header line and at least one row below it"));
    if (!fine || in.failed) {
        table_free(self);
        return NULL;
    }
    find_numeric(self);
    return self;
}

void table_free(Table *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->rows);
    g_free(self->caption);
    g_free(self->numeric);
    g_free(self);
}

void table_each_cell(const Table *self, TableSeen seen, void *user)
{
    if (self->caption)
        seen(user, self->caption);
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        for (guint c = 0; row->cells && row->cells[c]; c++)
            seen(user, row->cells[c]);
    }
}

static guint longest_word(const Placeholders *aside, const char *cell)
{
    guint longest = 0;
    g_auto(GStrv) words = g_strsplit_set(cell, " \t\n", -1);
    for (guint i = 0; words[i]; i++) {
        guint columns = placeholders_has(aside, words[i])
                            ? FIELD_COLUMNS
                            : wrap_columns(words[i], strlen(words[i]));
        longest = MAX(longest, columns);
    }
    return longest;
}

guint table_least(const Table *self, const Placeholders *aside, guint column)
{
    guint least = 1;
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        guint columns = row->cells ? longest_word(aside, row->cells[column]) : 0;
        least = MAX(least, columns);
    }
    return least;
}
