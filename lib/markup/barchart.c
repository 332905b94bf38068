/* barchart - a fenced block `chart`: names and numbers that become bars
 *
 * A table of two columns, of which the second is measured: the longest bar is that of the largest
 * number. A bar is as long for everybody, so a field can be no number.
 */
#include <string.h>

#include "markup/doc.h"

/* The number in "1,204", "£12,000", "63.5 %"; FALSE for anything else. A comma or a stop before three
 * last figures parts thousands; where both stand, the last parts the decimals. */
static gboolean read_number(const char *cell, double *number)
{
    g_autoptr(GString) digits = g_string_new(NULL);
    for (const char *p = cell; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '.' || c == ',') {
            gboolean thousands = strspn(p + 1, G_CSET_DIGITS) == 3;
            gboolean last = !strpbrk(p + 1, ".,");
            gboolean mixed = strchr(cell, '.') && strchr(cell, ',');
            if (last && (mixed ? strchr(cell, *p) == p : !thousands))
                g_string_append_c(digits, '.');
        } else if (c < 128 && g_ascii_isdigit((char)c)) {
            g_string_append_c(digits, (char)c);
        } else if (g_unichar_isalpha(c) || c == '-' || c == 0x2212) {
            return FALSE;
        }
    }
    *number = g_ascii_strtod(digits->str, NULL);
    return digits->len && strspn(digits->str, G_CSET_DIGITS ".") == digits->len &&
           g_ascii_isdigit(*digits->str);
}

static gboolean refuse(const Markdown *self, guint line, Findings *findings, const char *text,
                       const char *cell)
{
    doc_complain(self, findings, FINDING_ERROR, line, "chart", "%s: '%.60s'", text, cell);
    return FALSE;
}

static gboolean measure_row(const Markdown *self, TableRow *row, double *number, Findings *findings)
{
    const char *cell = row->cells[1];
    if (placeholders_has(self->aside, cell)) {
        g_autofree char *shown = placeholders_restore(self->aside, cell, PLACEHOLDER_PLAIN);
        return refuse(self, row->line, findings,
                      "a chart's numbers are the same in every letter, and can't be a field",
                      shown);
    }
    if (!read_number(cell, number))
        return refuse(self, row->line, findings, "a chart's second column holds numbers from 0 on",
                      cell);
    return TRUE;
}

/* The first line names the columns: a number in it is a row whose bar nobody would see. A year may be
 * a name. */
static gboolean measure_header(const Markdown *self, const TableRow *row, Findings *findings)
{
    double number;
    const char *cell = row->cells[1];
    gboolean year = strlen(cell) == 4 && strspn(cell, G_CSET_DIGITS) == 4 &&
                    (g_str_has_prefix(cell, "19") || g_str_has_prefix(cell, "20"));
    if (year || placeholders_has(self->aside, cell) || !read_number(cell, &number))
        return TRUE;
    return refuse(self, row->line, findings,
                  "a chart's first line names its two columns, and this is a number: write such a "
                  "line above it",
                  cell);
}

/* The share of each row's number in the largest. */
static void share_out(const Table *table, const double *numbers)
{
    double largest = 0;
    for (guint r = 0; r < table->rows->len; r++)
        largest = MAX(largest, numbers[r]);
    for (guint r = 0; r < table->rows->len; r++) {
        TableRow *row = g_ptr_array_index(table->rows, r);
        row->share = largest > 0 ? (guint)(numbers[r] / largest * 100 + 0.5) : 0;
        if (numbers[r] > 0)
            row->share = MAX(row->share, 1);
    }
}

gboolean barchart_measure(const Markdown *self, Table *table, Findings *findings)
{
    gboolean header = TRUE, fine = TRUE;
    g_autofree double *numbers = g_new0(double, table->rows->len + 1);
    if (table->columns != 2) {
        doc_complain(self, findings, FINDING_ERROR, table->line, "chart",
                     "a chart has two columns, names and numbers, and this has %u: for more of "
                     "them write ```table",
                     table->columns);
        return FALSE;
    }
    for (guint r = 0; r < table->rows->len; r++) {
        TableRow *row = g_ptr_array_index(table->rows, r);
        if (!row->cells)
            continue;
        fine &= header ? measure_header(self, row, findings)
                       : measure_row(self, row, &numbers[r], findings);
        header = FALSE;
    }
    if (fine)
        share_out(table, numbers);
    table->is_chart = TRUE;
    return fine;
}
