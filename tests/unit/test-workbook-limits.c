/* test-workbook-limits - what a worksheet and its package may hold: at each limit, and one beyond it */
#include <string.h>

#include "sheet/workbook_rows.h"
#include "sheet/workbook_xlsx.h"
#include "workbookfile.h"

static gboolean count_row(void *user, guint line, char **cells, guint count, GError **error)
{
    (void)line, (void)cells, (void)count, (void)error;
    ++*(guint *)user;
    return TRUE;
}

/* One row with one cell, after whatever `more` does; gives the rows that came, or fails as told. */
static void expect_rows(gboolean (*more)(WorkbookRows *rows, guint over, GError **error),
                        const char *why)
{
    for (guint over = 0; over <= 1; over++) {
        guint seen = 0;
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkbookRows) rows = workbook_rows_new("x.xlsx:H", count_row, &seen);
        gboolean ok = more(rows, over, &error);
        g_assert_cmpint(ok, ==, !over);
        g_assert_cmpstr(error ? error->message : NULL, ==, over ? why : NULL);
        g_assert_cmpuint(seen, ==, over ? 0 : 1);
    }
}

static gboolean many_cells(WorkbookRows *rows, guint over, GError **error)
{
    if (!workbook_rows_begin(rows, 1, FALSE, error))
        return FALSE;
    for (guint i = 1; i < WORKBOOK_CELLS_MAX + over; i++)
        if (!workbook_rows_cell(rows, 1, "", 0, error))
            return FALSE;
    return workbook_rows_cell(rows, 1, "x", 1, error) && workbook_rows_end(rows, 1, error);
}

static gboolean last_row(WorkbookRows *rows, guint over, GError **error)
{
    return workbook_rows_begin(rows, WORKBOOK_ROWS_MAX + over, FALSE, error) &&
           workbook_rows_cell(rows, 1, "x", 1, error) && workbook_rows_end(rows, 1, error);
}

static gboolean last_column(WorkbookRows *rows, guint over, GError **error)
{
    return workbook_rows_begin(rows, 1, FALSE, error) &&
           workbook_rows_cell(rows, WORKBOOK_COLUMNS_MAX + over, "x", 1, error) &&
           workbook_rows_end(rows, 1, error);
}

static gboolean many_merges(WorkbookRows *rows, guint over, GError **error)
{
    if (!workbook_rows_begin(rows, 1, FALSE, error) || !workbook_rows_cell(rows, 1, "x", 1, error))
        return FALSE;
    for (guint i = 0; i < WORKBOOK_MERGES_MAX + over; i++)
        if (!workbook_rows_merge(rows, 2 + i, 1, 2 + i, 2, error))
            return FALSE;
    return workbook_rows_end(rows, 1, error);
}

static gboolean long_cell(WorkbookRows *rows, guint over, GError **error)
{
    g_autofree char *text = g_strnfill(ROWS_CELL_MAX + over, 'x');
    return workbook_rows_begin(rows, 1, FALSE, error) &&
           workbook_rows_cell(rows, 1, text, ROWS_CELL_MAX + over, error) &&
           workbook_rows_end(rows, 1, error);
}

/* Two cells with their NULs, and the byte before the first. */
static gboolean long_row(WorkbookRows *rows, guint over, GError **error)
{
    guint first = ROWS_ROW_MAX / 2, second = ROWS_ROW_MAX - first - 3 + over;
    g_autofree char *text = g_strnfill(first, 'x');
    return workbook_rows_begin(rows, 1, FALSE, error) &&
           workbook_rows_cell(rows, 1, text, first, error) &&
           workbook_rows_cell(rows, 2, text, second, error) && workbook_rows_end(rows, 1, error);
}

static void test_rows(void)
{
    expect_rows(many_cells, "x.xlsx:H:1: over 20000000 cells: copy the rows that are needed into a "
                            "new workbook");
    expect_rows(last_row, "x.xlsx:H:0: over 1048576 rows: copy the rows that are needed into a new "
                          "workbook");
    expect_rows(last_column, "x.xlsx:H:1: is damaged: a cell stands in no column (save the "
                             "workbook anew)");
    expect_rows(many_merges, "x.xlsx:H:1: over 20000 merged ranges: unmerge the cells in Excel");
    expect_rows(long_cell, "x.xlsx:H:1: a cell is over 1048576 bytes: shorten it");
    expect_rows(long_row, "x.xlsx:H:1: a row is over 2097152 bytes: delete the columns that aren't "
                          "needed");
}

/* --- the package ------------------------------------------------------------------------------ */

#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const char ROOT[] =
    "<R><Relationship Id='a' Type='" RELATION "/officeDocument' Target='b.xml'/></R>";
static const char RELATIONS[] =
    "<R><Relationship Id='r' Type='" RELATION "/worksheet' Target='one.xml'/>"
    "<Relationship Id='s' Type='" RELATION "/sharedStrings' Target='s.xml'/></R>";
static const char BOOK[] = "<workbook><sheets><sheet name='H' id='r'/></sheets></workbook>";
static const char SHEET[] =
    "<worksheet><sheetData><row><c t='inlineStr'><is><t>a</t></is></c><c t='inlineStr'><is><t>b</t>"
    "</is></c><c t='inlineStr'><is><t>c</t></is></c></row></sheetData></worksheet>";

static char *write_book(const SheetFolder *folder, const char *strings)
{
    const Part parts[] = {{"_rels/.rels", ROOT}, {"_rels/b.xml.rels", RELATIONS},
                          {"b.xml", BOOK},       {"one.xml", SHEET},
                          {"s.xml", strings},    {NULL, NULL}};
    return write_zip(folder, "x.xlsx", parts);
}

static void set_number(char *at, guint bytes, guint64 number)
{
    for (guint i = 0; i < bytes; i++, number >>= 8)
        at[i] = (char)(number & 0xFF);
}

/* The last place of `mark` in the file. */
static char *find_last(char *bytes, gsize length, const char *mark)
{
    gsize size = strlen(mark);
    for (gsize at = length - size;; at--)
        if (memcmp(bytes + at, mark, size) == 0)
            return bytes + at;
}

/* What is read of a workbook of which the table of contents says that `number` stands `offset` bytes
 * behind the last `mark`. */
static char *read_patched(const SheetFolder *folder, const char *mark, guint offset, guint bytes,
                          guint64 number)
{
    g_autofree char *path = write_book(folder, "<sst/>"), *content = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    set_number(find_last(content, length, mark) + offset, bytes, number);
    g_assert_true(g_file_set_contents(path, content, (gssize)length, NULL));
    return read_sheet(path, "x.xlsx", NULL);
}

/* A bomb says in its table of contents how large it unpacks, or lies about it. */
static void test_unpacked(SheetFolder *folder, gconstpointer data)
{
    enum { SIZE = 24, PARTS = 10, BYTES = 12 };
    static const char much[] =
        "\nx.xlsx: has far more in it than a workbook has (save it anew as .xlsx)";
    (void)data;
    for (guint over = 0; over <= 1; over++) {
        g_autofree char *bomb =
            read_patched(folder, "PK\1\2", SIZE, 4, (guint64)PACKAGE_PART_MAX + over);
        if (over)
            g_assert_cmpstr(bomb, ==,
                            "\nx.xlsx: too large: s.xml in it unpacks to over 512 MB (copy the "
                            "rows that are needed into a new workbook)");
        g_assert_cmpint(strstr(bomb, "too large") != NULL, ==,
                        over); /* but it lies, and may be told */
        g_autofree char *parts = read_patched(folder, "PK\5\6", PARTS, 2, PACKAGE_PARTS_MAX + over);
        g_autofree char *bytes =
            read_patched(folder, "PK\5\6", BYTES, 4, PACKAGE_DIRECTORY_MAX + over);
        g_assert_cmpint(g_str_equal(parts, much), ==, over);
        g_assert_cmpint(g_str_equal(bytes, much), ==, over);
    }
}

static void test_strings(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    for (guint over = 0; over <= 1; over++) {
        g_autoptr(GString) strings = g_string_new("<sst>");
        for (guint i = 0; i < XLSX_STRINGS_MAX + over; i++)
            g_string_append_len(strings, "<si/>", 5);
        g_string_append(strings, "</sst>");
        g_autofree char *path = write_book(folder, strings->str);
        g_autofree char *got = read_sheet(path, "x.xlsx", NULL);
        g_assert_cmpstr(got, ==,
                        over ? "\nx.xlsx: has far too many texts: copy the rows that are needed "
                               "into a new workbook"
                             : "(a,b,c)");
    }
}

/* All the bytes that texts may have, and one more. */
static void test_text(SheetFolder *folder, gconstpointer data)
{
    enum { PIECES = 64, PIECE = XLSX_TEXT_MAX / PIECES };
    G_STATIC_ASSERT(XLSX_TEXT_MAX % PIECES == 0);
    g_autofree char *piece = g_strnfill(PIECE - 1, 'x');
    (void)data;
    for (guint over = 0; over <= 1; over++) {
        g_autoptr(GString) strings = g_string_new("<sst>");
        for (guint i = 0; i < PIECES; i++)
            g_string_append_printf(strings, "<si><t>%s</t></si>", piece);
        g_string_append(strings, over ? "<si><t>x</t></si></sst>" : "</sst>");
        g_autofree char *path = write_book(folder, strings->str);
        g_autofree char *got = read_sheet(path, "x.xlsx", NULL);
        g_assert_cmpstr(got, ==,
                        over ? "\nx.xlsx: too large: its texts unpack to far more than a list has "
                               "(copy the rows that are needed into a new workbook)"
                             : "(a,b,c)");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/workbook-limits/rows", test_rows);
    g_test_add("/workbook-limits/unpacked", SheetFolder, NULL, sheetfile_setup, test_unpacked,
               sheetfile_teardown);
    g_test_add("/workbook-limits/strings", SheetFolder, NULL, sheetfile_setup, test_strings,
               sheetfile_teardown);
    g_test_add("/workbook-limits/text", SheetFolder, NULL, sheetfile_setup, test_text,
               sheetfile_teardown);
    return g_test_run();
}
