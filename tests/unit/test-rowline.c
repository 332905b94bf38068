/* test-rowline - what is written comes back through base/rows, and is no formula */
#include <string.h>

#include "text/rowline.h"
#include "base/rows.h"

static void check(const char *cell, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *cells[] = {cell, "x", NULL};
    rowline_write(out, cells);
    g_autofree char *line = g_strconcat(expected, ",x\r\n", NULL);
    g_assert_cmpstr(out->str, ==, line);
}

static void test_form(void)
{
    check("", "");
    check("plain", "plain");
    check("a,b", "\"a,b\"");
    check("say \"no\"", "\"say \"\"no\"\"\"");
    check("two\nlines", "\"two\nlines\"");
    check(" blank", "\" blank\"");
    check("Łódź; x\ty", "Łódź; x\ty");
    check("a\x1b[31m\x07", "a<U+001B>[31m<U+0007>");
    check("exe.txt\342\200\256cod.exe", "exe.txt<U+202E>cod.exe"); /* turns what follows around */
    check("\342\201\247a\342\201\251\302\205", "<U+2067>a<U+2069><U+0085>");
    check("\327\220\342\200\217!", "\327\220\342\200\217!"); /* a mark that Hebrew needs */
    check("\377", "\357\277\275");
}

static void test_formulas(void)
{
    check("=1+1", "'=1+1");
    check("+44 1632", "'+44 1632");
    check("-1", "'-1");
    check("@SUM(A1)", "'@SUM(A1)");
    check("\t=1", "'\t=1");
    check("\r=1", "\"'\r=1\"");
    check("\n=1", "\"'\n=1\"");
    check("＝1", "'＝1"); /* full-width */
    check("=A1,\"B\"", "\"'=A1,\"\"B\"\"\"");
    check("'quoted", "'quoted");
    check("a=1", "a=1");
}

typedef struct {
    GPtrArray *cells;
} Read;

static gboolean take(void *user, guint line, char **cells, guint count, GError **error)
{
    Read *read = user;
    (void)line;
    (void)error;
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(read->cells, g_strdup(cells[i]));
    return TRUE;
}

/* Whatever stands in cells, as many come back and they are the same. */
static void test_round_trip(void)
{
    static const char parts[] = "a\",\n\r ;'xé<";
    g_autoptr(GError) error = NULL;
    for (int run = 0; run < 2000; run++) {
        g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(g_free);
        for (int i = 0; i < 3; i++) {
            GString *cell = g_string_new("c");
            for (int length = g_test_rand_int_range(0, 8); length; length--)
                g_string_append_c(cell, parts[g_test_rand_int_range(0, 8)]);
            g_ptr_array_add(wanted, g_string_free(cell, FALSE));
        }
        const char *cells[] = {wanted->pdata[0], wanted->pdata[1], wanted->pdata[2], NULL};
        g_autoptr(GString) out = g_string_new(NULL);
        rowline_write(out, cells);
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
        Read read = {found};
        g_autoptr(Rows) rows = rows_new("test", 1, ',', take, &read);
        g_assert_true(rows_feed(rows, out->str, out->len, &error) && rows_end(rows, &error));
        g_assert_cmpuint(found->len, ==, 3);
        for (guint i = 0; i < 3; i++)
            g_assert_cmpstr(found->pdata[i], ==, wanted->pdata[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rowline/form", test_form);
    g_test_add_func("/rowline/formulas", test_formulas);
    g_test_add_func("/rowline/round-trip", test_round_trip);
    return g_test_run();
}
