/* rowline - cells as one line of comma-separated values, safe to open in a spreadsheet (RFC 4180)
 */
#include "text/rowline.h"

#include <string.h>

#include "text/controls.h"

static gboolean begins_formula(const char *cell)
{
    static const gunichar starts[] = {'=',  '+',    '-',    '@',    '\t',  '\r',
                                      '\n', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    gunichar first = g_utf8_get_char(cell);
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
        if (first == starts[i])
            return TRUE;
    return FALSE;
}

static gboolean needs_quotes(const char *cell)
{
    gsize length = strlen(cell);
    return strpbrk(cell, ",\"\r\n") || (length && (cell[0] == ' ' || cell[length - 1] == ' '));
}

static void add_cell(GString *out, const char *cell)
{
    g_autofree char *valid = g_utf8_make_valid(cell, -1);
    gboolean quotes = needs_quotes(valid);
    g_string_append(out, quotes ? "\"" : "");
    g_string_append(out, begins_formula(valid) ? "'" : "");
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '"')
            g_string_append_c(out, '"');
        if (controls_has(c) && c != '\t' && c != '\r' && c != '\n')
            controls_add(out, c);
        else
            g_string_append_unichar(out, c);
    }
    g_string_append(out, quotes ? "\"" : "");
}

void rowline_write(GString *out, const char *const *cells)
{
    for (guint i = 0; cells[i]; i++) {
        if (i)
            g_string_append_c(out, ',');
        add_cell(out, cells[i]);
    }
    g_string_append(out, "\r\n");
}
