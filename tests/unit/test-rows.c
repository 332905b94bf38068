/* rows: what libcsv makes of good and bad input, by line, whole and in pieces */
#include "base/rows.h"

#include <string.h>

#include "base/error.h"

/* Each row as "line[cell|cell]". */
static gboolean collect(void *user, guint line, char **cells, guint count, GError **error)
{
    GString *out = user;
    (void)error;
    g_assert_null(cells[count]);
    g_string_append_printf(out, "%u[", line);
    for (guint i = 0; i < count; i++)
        g_string_append_printf(out, "%s%s", i ? "|" : "", cells[i]);
    g_string_append_c(out, ']');
    return TRUE;
}

/* The rows in pieces of `piece` bytes, then "!" and the error's text. */
static char *read_in(const char *bytes, gsize length, char delimiter, gsize piece)
{
    GString *out = g_string_new(NULL);
    g_autoptr(Rows) rows = rows_new("x.csv", 1, delimiter, collect, out);
    g_autoptr(GError) error = NULL;
    gboolean ok = TRUE;
    for (gsize at = 0; ok && at < length; at += piece)
        ok = rows_feed(rows, bytes + at, MIN(piece, length - at), &error);
    ok = ok && rows_end(rows, &error);
    g_assert_true(ok == !error);
    if (error) {
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
        g_string_append_printf(out, "!%s", error->message);
    }
    return g_string_free(out, FALSE);
}

static void expect_len(const char *bytes, gsize length, char delimiter, const char *expected)
{
    static const gsize pieces[] = {1, 2, 3, 7, 1 << 16};
    for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autofree char *got = read_in(bytes, length, delimiter, pieces[i]);
        g_assert_cmpstr(got, ==, expected);
    }
}

static void expect(const char *bytes, const char *expected)
{
    expect_len(bytes, strlen(bytes), ',', expected);
}

static void test_plain(void)
{
    expect("", "");
    expect("a,b\n1,2\n", "1[a|b]2[1|2]");
    expect("a,b\n1,2", "1[a|b]2[1|2]");
    expect("a,b\r\n1,2\r\n", "1[a|b]2[1|2]");
    expect("a,b\r1,2\r", "1[a|b]2[1|2]");
    expect("a,,\n,,b\n,\n", "1[a||]2[||b]3[|]");
    expect("a,b,", "1[a|b|]");
    expect(" a , b\t\n", "1[a|b]");
}

static void test_quotes(void)
{
    expect("\"a,b\",\"c\"\"d\"\n", "1[a,b|c\"d]");
    expect("\" a \" , \"b\" \n", "1[ a |b]");
    expect("\"\"\n\"\",\"\"", "1[]2[|]");
    expect("\"\"\"\"\n", "1[\"]");
}

static void test_lines(void)
{
    expect("\n\na\n\n  \nb\n", "3[a]6[b]");
    expect("\r\n\r\na\r\n\r\nb", "3[a]5[b]");
    expect("a,\"x\ny\nz\",b\nc\n", "1[a|x\ny\nz|b]4[c]");
    expect("\"x\r\ny\"\r\nc\r\n", "1[x\r\ny]3[c]");
    expect("\n\"\n\"\nc", "2[\n]4[c]");
    expect("\ra\nb\r\rc\nd", "2[a]3[b]5[c]6[d]"); /* every kind of line end in one file */
    expect("a\n \n\"\n\n\"\nz\n", "1[a]3[\n\n]6[z]");

    GString *out = g_string_new(NULL);
    g_autoptr(Rows) rows = rows_new("update.md", 41, ',', collect, out);
    g_assert_true(rows_feed(rows, "a\n\nb", 4, NULL) && rows_end(rows, NULL));
    g_assert_cmpstr(out->str, ==, "41[a]43[b]");
    g_string_free(out, TRUE);
}

static void test_delimiters(void)
{
    expect_len("a;b,c;\n", 7, ';', "1[a|b,c|]");
    expect_len("a\t\tb \t\n\t\n", 9, '\t', "1[a||b|]2[|]");
    expect_len("\"a\tb\"\t c\n", 9, '\t', "1[a\tb|c]");
}

static void test_bad_quotes(void)
{
    expect("a\nb\"c\n", "1[a]!x.csv:2: a quote stands inside a cell: write it twice and the whole "
                        "cell in quotes");
    expect("a\n\"b\"c\n",
           "1[a]!x.csv:2: a quote stands inside a cell: write it twice and the whole "
           "cell in quotes");
    /* the likely culprit stands lines before */
    expect("\"a\nb\nc,\"d\"\n",
           "!x.csv:3: a quote stands inside a cell: write it twice and the whole "
           "cell in quotes, or close the quote before");
    expect("a,b\n1,2\n3,\"4\n5,6\n",
           "1[a|b]2[1|2]!x.csv:3: a quote that opens a cell is never closed");
    expect("a,\"x\ny\",\"b\nc\n", "!x.csv:2: a quote that opens a cell is never closed");
    expect("\"", "!x.csv:1: a quote that opens a cell is never closed");
}

static void test_nul(void)
{
    expect_len("a\nb\0c\n", 6, ',',
               "1[a]!x.csv:2: a NUL byte: this is no CSV text (save it as CSV UTF-8)");
    expect_len("\0", 1, ',', "!x.csv:1: a NUL byte: this is no CSV text (save it as CSV UTF-8)");
    expect_len("\"a\n\0\"", 5, ',',
               "!x.csv:2: a NUL byte: this is no CSV text (save it as CSV UTF-8)");
}

static char *filled(gsize length)
{
    char *text = g_malloc(length + 1);
    memset(text, 'x', length);
    text[length] = '\0';
    return text;
}

/* The result for one row without its cells' text: how many rows came, or the error. */
static char *outcome(const char *bytes)
{
    g_autofree char *got = read_in(bytes, strlen(bytes), ',', 1 << 16);
    const char *error = strchr(got, '!');
    return g_strdup(error ? error : "fine");
}

static void expect_outcome(const char *bytes, const char *expected)
{
    g_autofree char *got = outcome(bytes);
    g_assert_cmpstr(got, ==, expected);
}

static void test_cell_limit(void)
{
    static const char too_long[] =
        "!x.csv:2: a cell is over 1048576 bytes (is a quote that opens it never closed?)";
    for (int over = -1; over <= 1; over++) {
        g_autofree char *cell = filled((gsize)(ROWS_CELL_MAX + over));
        g_autofree char *bare = g_strdup_printf("a\n%s\n", cell);
        g_autofree char *quoted = g_strdup_printf("a\n\"%s\"\n", cell);
        expect_outcome(bare, over > 0 ? too_long : "fine");
        expect_outcome(quoted, over > 0 ? too_long : "fine");
    }
    /* it doesn't wait for the end of a cell to say so */
    g_autofree char *cell = filled(ROWS_CELL_MAX + 5);
    g_autofree char *open = g_strdup_printf("a\n\"%s", cell);
    GString *out = g_string_new(NULL);
    g_autoptr(Rows) rows = rows_new("x.csv", 1, ',', collect, out);
    g_assert_false(rows_feed(rows, open, strlen(open), NULL));
    g_string_free(out, TRUE);
}

static void test_row_limit(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autofree char *most = filled(ROWS_ROW_MAX / 2);
        g_autofree char *rest = filled((gsize)(ROWS_ROW_MAX / 2 - 10 + over));
        g_autofree char *row = g_strdup_printf("a\n%s,%s,0123456789\n", most, rest);
        expect_outcome(row, over > 0 ? "!x.csv:2: a row is over 2097152 bytes" : "fine");
    }
}

static void test_cells_limit(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autofree char *row = g_strnfill((gsize)(ROWS_CELLS_MAX - 1 + over), ',');
        expect_outcome(row, over > 0 ? "!x.csv:1: a row has over 20000 cells" : "fine");
    }
}

static gboolean refuse_third(void *user, guint line, char **cells, guint count, GError **error)
{
    guint *seen = user;
    (void)cells;
    (void)count;
    if (++*seen < 3)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "stop at %u", line);
    return FALSE;
}

static void test_stop(void)
{
    guint seen = 0;
    g_autoptr(Rows) rows = rows_new("x.csv", 1, ',', refuse_third, &seen);
    g_autoptr(GError) error = NULL, again = NULL, end = NULL;
    g_assert_false(rows_feed(rows, "a\nb\nc\nd\n\0\n", 10, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_assert_cmpstr(error->message, ==, "stop at 3");
    g_assert_false(rows_feed(rows, "e\n", 2, &again));
    g_assert_cmpstr(again->message, ==, "stop at 3");
    g_assert_false(rows_end(rows, &end));
    g_assert_cmpuint(seen, ==, 3);
}

static gboolean scribble(void *user, guint line, char **cells, guint count, GError **error)
{
    (void)user;
    (void)line;
    (void)error;
    for (guint i = 0; i < count; i++)
        memset(cells[i], '"', strlen(cells[i]));
    return TRUE;
}

static void test_cells_are_the_callers(void)
{
    g_autoptr(Rows) rows = rows_new("x.csv", 1, ',', scribble, NULL);
    g_assert_true(rows_feed(rows, "abc,\"d\"\"e\"\nfg,h\n", 16, NULL));
    g_assert_true(rows_end(rows, NULL));
}

static void test_guess(void)
{
    static const struct {
        const char *header;
        char delimiter;
    } cases[] = {
        {"", ','},           {"URN", ','},        {"URN,Name", ','},
        {"URN;Name", ';'},   {"a\tb\tc,d", '\t'}, {"\"a,b,c\";d", ';'},
        {"a;b\n,,,,,", ';'}, {"a;b\r,,,,,", ';'}, {"\"a\n,,,\";b", ';'},
        {"a,b;c", ','},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(rows_guess_delimiter(cases[i].header, strlen(cases[i].header)), ==,
                        cases[i].delimiter);
    g_assert_cmpint(rows_guess_delimiter("\0;", 2), ==, ';');
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rows/plain", test_plain);
    g_test_add_func("/rows/quotes", test_quotes);
    g_test_add_func("/rows/lines", test_lines);
    g_test_add_func("/rows/delimiters", test_delimiters);
    g_test_add_func("/rows/bad-quotes", test_bad_quotes);
    g_test_add_func("/rows/nul", test_nul);
    g_test_add_func("/rows/limit/cell", test_cell_limit);
    g_test_add_func("/rows/limit/row", test_row_limit);
    g_test_add_func("/rows/limit/cells", test_cells_limit);
    g_test_add_func("/rows/stop", test_stop);
    g_test_add_func("/rows/scribble", test_cells_are_the_callers);
    g_test_add_func("/rows/guess", test_guess);
    return g_test_run();
}
