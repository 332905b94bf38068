/* grid - a table in plain text: columns aligned, cells wrapped within them */
#include "template/grid.h"

#include <string.h>

#include "template/wrap.h"

enum { GAP = 2 }; /* blanks between columns */

typedef struct {
    gsize from[WRAP_COLUMNS_MAX], to[WRAP_COLUMNS_MAX]; /* of the text */
    char rule;                                          /* or '\0' for a row of cells */
} Row;

struct Grid {
    const char *alignments, *prefix;
    guint columns;
    GString *text; /* of all cells */
    GArray *rows;  /* of Row */
    Row open;      /* the row that cells are being added to */
    guint cells;
};

Grid *grid_new(const char *alignments, const char *prefix)
{
    Grid *self = g_new0(Grid, 1);
    self->alignments = alignments;
    self->prefix = prefix;
    self->columns = (guint)strlen(alignments);
    g_assert(self->columns > 0 && self->columns <= WRAP_COLUMNS_MAX);
    self->text = g_string_new(NULL);
    self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    return self;
}

void grid_free(Grid *self)
{
    if (!self)
        return;
    g_string_free(self->text, TRUE);
    g_array_unref(self->rows);
    g_free(self);
}

void grid_cell(Grid *self, const char *text, gsize length)
{
    if (self->cells == self->columns)
        return;
    self->open.from[self->cells] = self->text->len;
    g_string_append_len(self->text, text, (gssize)length);
    self->open.to[self->cells++] = self->text->len;
}

void grid_row(Grid *self)
{
    g_array_append_val(self->rows, self->open);
    self->open = (Row){0};
    self->cells = 0;
}

void grid_rule(Grid *self, char c)
{
    Row row = {.rule = c};
    g_array_append_val(self->rows, row);
}

/* Widens the column's measure to that of the lines its cell has at a width: every word its own line
 * at 1, no line wrapped at G_MAXUINT. */
static void measure(const Grid *self, const Row *row, guint column, guint width, guint *widest)
{
    g_autoptr(GString) line = g_string_new(NULL);
    const char *at = self->text->str + row->from[column], *end = self->text->str + row->to[column];
    while (wrap_line(&at, end, width, line))
        *widest = MAX(*widest, wrap_columns(line->str, line->len));
}

/* Takes from the widest column that can give until the lines fit or none can. */
static void shrink(guint *widths, const guint *least, guint columns, guint room)
{
    guint total = 0;
    for (guint i = 0; i < columns; i++)
        total += widths[i];
    while (total > room) {
        guint best = columns;
        for (guint i = 0; i < columns; i++)
            if (widths[i] > least[i] && (best == columns || widths[i] > widths[best]))
                best = i;
        if (best == columns)
            return;
        widths[best]--;
        total--;
    }
}

static void find_widths(const Grid *self, guint *widths)
{
    guint least[WRAP_COLUMNS_MAX] = {0};
    guint used = wrap_columns(self->prefix, strlen(self->prefix)) + GAP * (self->columns - 1);
    memset(widths, 0, WRAP_COLUMNS_MAX * sizeof *widths);
    for (guint r = 0; r < self->rows->len; r++) {
        const Row *row = &g_array_index(self->rows, Row, r);
        for (guint i = 0; i < self->columns && !row->rule; i++) {
            measure(self, row, i, 1, &least[i]);
            measure(self, row, i, G_MAXUINT, &widths[i]);
        }
    }
    for (guint i = 0; i < self->columns; i++)
        widths[i] = MIN(widths[i], WRAP_WIDTH); /* one long link must not widen every line */
    shrink(widths, least, self->columns, used < WRAP_WIDTH ? WRAP_WIDTH - used : 1);
}

static void append_blanks(GString *out, guint count)
{
    while (count--)
        g_string_append_c(out, ' ');
}

static void end_line(GString *out, gsize from)
{
    gsize length = out->len;
    while (length > from && out->str[length - 1] == ' ')
        length--;
    g_string_truncate(out, length);
    g_string_append_c(out, '\n');
}

static void append_aligned(GString *out, const GString *line, guint width, char alignment)
{
    guint columns = wrap_columns(line->str, line->len);
    guint spare = width > columns ? width - columns : 0;
    guint before = alignment == 'r' ? spare : alignment == 'c' ? spare / 2 : 0;
    append_blanks(out, before);
    g_string_append_len(out, line->str, (gssize)line->len);
    append_blanks(out, spare - before);
}

static void append_rule(const Grid *self, char c, const guint *widths, GString *out)
{
    gsize from = out->len;
    g_string_append(out, self->prefix);
    for (guint i = 0; i < self->columns; i++) {
        append_blanks(out, i ? GAP : 0);
        for (guint j = 0; j < widths[i]; j++)
            g_string_append_c(out, c);
    }
    end_line(out, from);
}

static void append_row(const Grid *self, const Row *row, const guint *widths, GString *out)
{
    const char *at[WRAP_COLUMNS_MAX], *end[WRAP_COLUMNS_MAX];
    g_autoptr(GString) line = g_string_new(NULL);
    gboolean more = TRUE;
    for (guint i = 0; i < self->columns; i++) {
        at[i] = self->text->str + row->from[i];
        end[i] = self->text->str + row->to[i];
    }
    while (more) {
        gsize from = out->len;
        more = FALSE;
        g_string_append(out, self->prefix);
        for (guint i = 0; i < self->columns; i++) {
            append_blanks(out, i ? GAP : 0);
            wrap_line(&at[i], end[i], widths[i], line);
            append_aligned(out, line, widths[i], self->alignments[i]);
            more |= at[i] < end[i];
        }
        end_line(out, from);
    }
}

void grid_append(const Grid *self, GString *out)
{
    guint widths[WRAP_COLUMNS_MAX];
    find_widths(self, widths);
    for (guint r = 0; r < self->rows->len; r++) {
        const Row *row = &g_array_index(self->rows, Row, r);
        if (row->rule)
            append_rule(self, row->rule, widths, out);
        else
            append_row(self, row, widths, out);
    }
}
