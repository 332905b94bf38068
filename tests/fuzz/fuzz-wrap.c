/* fuzz-wrap - any bytes wrapped and laid out: no line too wide, no blank at its end
 *
 * Input: a byte for the prefix, then text; in a table every byte 0x14 ends a cell and 0x15 a row. Bytes
 * that are no UTF-8 harm nothing; how wide a line is can only be asked of what is.
 */
#include <string.h>

#include "template/wrap.h"
#include "template/grid.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_lines(const GString *out, const char *prefix)
{
    g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
    g_assert_cmpstr(lines[g_strv_length(lines) - 1], ==, "");
    for (guint i = 0; lines[i + 1]; i++) {
        gsize length = strlen(lines[i]);
        g_assert_false(g_str_has_suffix(lines[i], " "));
        if (wrap_columns(lines[i], length) <= WRAP_WIDTH)
            continue;
        /* Then it is one word, or words kept together before "From". */
        g_assert_true(g_str_has_prefix(lines[i], prefix));
        const char *blank = strchr(lines[i] + strlen(prefix), ' ');
        g_assert_true(!blank || strstr(blank, " From"));
    }
}

static void lay_out(const char *text, gsize length)
{
    g_autoptr(Grid) grid = grid_new("lcr", "> ");
    g_autoptr(GString) out = g_string_new(NULL);
    const char *from = text;
    for (const char *p = text; p < text + length; p++) {
        if (*p == FLOW_CELL)
            grid_cell(grid, from, (gsize)(p - from));
        else if (*p == FLOW_ROW)
            grid_row(grid);
        else
            continue;
        from = p + 1;
    }
    grid_append(grid, out);
    for (const char *p = out->str; (p = strchr(p, '\n')); p++)
        g_assert_true(p > out->str && p[-1] != ' ');
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const prefixes[] = {"", "> ", "    * ", "\xe6\xbc\xa2 "};
    if (size < 1 || size > 20000)
        return 0;
    const char *prefix = prefixes[data[0] % G_N_ELEMENTS(prefixes)];
    g_autofree char *text = g_memdup2(data, size); /* exactly as long, so that an overrun shows */
    g_autoptr(GString) out = g_string_new(NULL);
    if (memchr(text, '\0', size))
        return 0;
    wrap_append(out, text + 1, size - 1, prefix, prefix);
    g_string_truncate(out, 0);
    g_autofree char *valid = g_utf8_make_valid(text + 1, (gssize)size - 1);
    wrap_append(out, valid, strlen(valid), prefix, prefix);
    check_lines(out, prefix);
    g_string_truncate(out, 0);
    wrap_paragraph(out, text + 1, size - 1, prefix, prefix, '-');
    lay_out(text + 1, size - 1);
    return 0;
}
