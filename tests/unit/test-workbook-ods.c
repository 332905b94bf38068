/* workbook_ods: sheets as LibreOffice writes them, read as they are shown; what can't be read is told */
#include "base/rows.h"
#include "sheet/workbook_names.h"
#include "sheet/workbook_package.h"
#include "workbookfile.h"

static const char MIME[] = "application/vnd.oasis.opendocument.spreadsheet";

/* A document with these tables in it. */
static char *document(const char *tables)
{
    return g_strconcat(
        "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x' xmlns:style='s' "
        "xmlns:draw='d' xmlns:calcext='c'><office:automatic-styles>"
        "<style:style style:name='ta1' style:family='table'><style:table-properties "
        "table:display='false'/></style:style>"
        "<style:style style:name='ta2' style:family='table'><style:table-properties "
        "table:display='true'/></style:style></office:automatic-styles>"
        "<office:body><office:spreadsheet>",
        tables, "</office:spreadsheet></office:body></office:document-content>", NULL);
}

static void expect_whole(const SheetFolder *folder, const char *tables, const char *name,
                         const char *expected)
{
    g_autofree char *content = document(tables);
    Part parts[] = {{"mimetype", MIME}, {"content.xml", content}, {NULL, NULL}};
    g_autofree char *path = write_zip(folder, "x.ods", parts);
    g_autofree char *got = read_sheet(path, "x.ods", name);
    g_assert_cmpstr(got, ==, expected);
}

#define TEXT(text)                                                                                 \
    "<table:table-cell office:value-type='string'><text:p>" text "</text:p></table:table-cell>"
#define ROW(cells) "<table:table-row>" cells "</table:table-row>"
#define HEADING ROW(TEXT("URN") TEXT("Head") TEXT("Opened"))
#define EMPTY "<table:table-cell/>"

/* One visible sheet with these rows below its heading. */
static void expect(const SheetFolder *folder, const char *rows, const char *expected)
{
    g_autofree char *tables =
        g_strconcat("<table:table table:name='Heads'>" HEADING, rows, "</table:table>", NULL);
    g_autofree char *whole = g_strconcat("(URN,Head,Opened)", expected, NULL);
    expect_whole(folder, tables, NULL, whole);
}

static void test_values(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(
        folder,
        ROW("<table:table-cell office:value-type='float' office:value='12'><text:p>000012"
            "</text:p></table:table-cell>" TEXT(
                "Si\u00e2n<text:line-break/>Pugh") "<table:table-cell office:value-type='date' "
                                                   "office:date-value='2026-09-01'><text:p>"
                                                   "01/09/26</text:p></table:table-cell>")
            ROW(TEXT("a &amp;\n  b<text:s text:c='2'/>c") "<table:table-cell "
                                                          "office:value-type='boolean' "
                                                          "office:boolean-value='true'><text:p>"
                                                          "WAHR</text:p>"
                                                          "</table:table-cell><table:table-cell "
                                                          "office:value-type='string' "
                                                          "calcext:value-type='error' "
                                                          "table:formula='of:=NA()'><text:p>#N/A</"
                                                          "text:p>"
                                                          "</table:table-cell>")
                ROW("<table:table-cell office:value-type='percentage' office:value='0.145'><text:p>"
                    "14.50%</text:p></table:table-cell><table:table-cell "
                    "office:value-type='percentage' "
                    "office:value='0.145'/><table:table-cell office:value-type='date' "
                    "office:date-value='2026-09-01T12:30:00'><text:p>x</text:p></table:table-cell>")
                    ROW("<table:table-cell "
                        "office:value-type='string'><text:p>one</text:p><text:p>two</text:p>"
                        "</table:table-cell><table:table-cell office:value-type='string'>"
                        "<office:annotation><text:p>ask "
                        "Ann</text:p></office:annotation><text:p>seen "
                        "<text:span>bold</text:span></"
                        "text:p><draw:frame><draw:text-box><text:p>no</text:p>"
                        "</draw:text-box></draw:frame></table:table-cell><table:table-cell "
                        "office:value-type='float' office:value='7'/>"),
        "2[000012|Si\u00e2n\nPugh|2026-09-01]3[a & b  c|TRUE|#N/A]4[14.50%|14.5%|2026-09-01 12:30]"
        "5[one\ntwo|seen bold|7]");
}

/* In a narrow column a number is shown without its digits; the value has them. */
static void test_narrow(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder,
           ROW("<table:table-cell office:value-type='float' office:value='447700900123'><text:p>"
               "4.47701E+11</text:p></table:table-cell><table:table-cell "
               "office:value-type='currency' office:value='1029.5'><text:p>###</text:p>"
               "</table:table-cell><table:table-cell office:value-type='percentage' "
               "office:value='0.145'><text:p>###</text:p></table:table-cell>")
               ROW(TEXT("###") TEXT("4E+1") "<table:table-cell office:value-type='float' "
                                            "office:value='3'><text:p>Year 3E</text:p>"
                                            "</table:table-cell>"),
           "2[447700900123|1029.5|14.5%]3[###|4E+1|Year 3E]");
}

static void test_repeated(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder,
           "<table:table-row table:number-rows-repeated='2'><table:table-cell "
           "table:number-columns-repeated='3' office:value-type='string'><text:p>x</text:p>"
           "</table:table-cell><table:table-cell table:number-columns-repeated='16381'/>"
           "</table:table-row>"
           "<table:table-row table:number-rows-repeated='5'>" EMPTY
           "</table:table-row>" ROW(EMPTY TEXT(
               "y")) "<table:table-row table:number-rows-repeated='1048567'><table:table-cell "
                     "table:number-columns-repeated='16384'/></table:table-row>",
           "2[x|x|x]3[x|x|x]9[|y|]");
    expect(folder,
           "<table:table-row table:number-rows-repeated='1048575'>" EMPTY
           "</table:table-row>" ROW(TEXT("x")),
           "\nx.ods:Heads:2: over 1048576 rows: copy the rows that are needed into a new workbook");
    expect(folder,
           "<table:table-row table:number-rows-repeated='1048574'>" EMPTY
           "</table:table-row>" ROW(TEXT("x")),
           "1048576[x||]");
    expect(
        folder,
        "<table:table-row table:number-rows-repeated='1048575'><table:table-cell "
        "table:number-columns-repeated='3' office:value-type='string'><text:p/></table:table-cell>"
        "</table:table-row>",
        "");
}

static void test_merged_and_hidden(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(
        folder,
        ROW("<table:table-cell table:number-rows-spanned='3' table:number-columns-spanned='1' "
            "office:value-type='string'><text:p>1</text:p></table:table-cell>" TEXT("a") TEXT(
                "b")) "<table:table-row table:number-rows-repeated='2'><table:covered-table-cell "
                      "office:value-type='string'><text:p>under</text:p></"
                      "table:covered-table-cell>" EMPTY "</table:table-row>"
                      "<table:table-row table:visibility='filter'>" TEXT(
                          "f") "</table:table-row>"
                               "<table:table-row table:visibility='collapse'>" TEXT(
                                   "c") "</table:table-row>" ROW("<table:table-cell "
                                                                 "table:number-columns-spanned='2' "
                                                                 "table:number-rows-spanned='1' "
                                                                 "office:value-type='string'><text:"
                                                                 "p>w</text:p></table:table-cell>"
                                                                 "<table:covered-table-cell/>" TEXT(
                                                                     "z")),
        "2[1|a|b]3[1||]4[1||]7[w|w|z]\n"
        "x.ods:Heads:5: warning: 2 hidden rows are left out, the first is 5: clear the filter or "
        "unhide them to have them read [hidden]");
    expect_whole(
        folder,
        "<table:table table:name='Secret' table:style-name='ta1'>" ROW(
            TEXT("s")) "</table:table><table:table table:name='Heads' table:style-name='ta2'>"
                       "<table:table-column/><table:table-column table:number-columns-repeated='2' "
                       "table:visibility='collapse'/>" ROW(TEXT("a") TEXT("no") EMPTY TEXT("b")
                                                               TEXT("c"))
                           ROW(TEXT("1") TEXT("-") TEXT("-") TEXT("2") TEXT("3")) "</table:table>",
        NULL,
        "(a,b,c)2[1|2|3]\n"
        "x.ods:Heads: warning: 2 hidden columns are left out, the first is B: unhide them "
        "to have them read [hidden]");
}

static void test_uncomputed(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(
        folder, ROW("<table:table-cell table:formula='of:=[.A1]'/>" TEXT("x") TEXT("y")),
        "2[=[.A1]|x|y]\n"
        "x.ods:Heads!A2: warning: 1 formula without a value, the first in A2: open the workbook in "
        "Excel or LibreOffice and save it [uncomputed]");
}

static void test_chosen(SheetFolder *folder, gconstpointer data)
{
    static const char tables[] = "<table:table table:name='Notes'>" ROW(
        TEXT("x") TEXT("y") TEXT("z")) "</table:table>"
                                       "<table:table table:name='Heads &amp; co'>" HEADING ROW(
                                           TEXT("1") TEXT("2") TEXT("3")) "</table:table>";
    (void)data;
    expect_whole(folder, tables, "heads & CO", "(URN,Head,Opened)2[1|2|3]");
    expect_whole(
        folder, tables, "Haeds",
        "\nx.ods: has no worksheet 'Haeds', which the config names; it has 'Notes', 'Heads "
        "& co'");
    expect_whole(folder, "<table:table table:name='S' table:style-name='ta1'/>", NULL,
                 "\nx.ods: all its worksheets are hidden: name one of them (sheet: 'S')");
    expect_whole(folder, "", NULL, "\nx.ods: has no worksheet");
}

static void test_refused(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    Part text[] = {{"mimetype", "application/vnd.oasis.opendocument.text"},
                   {"content.xml", "<a/>"},
                   {NULL, NULL}};
    g_autofree char *path = write_zip(folder, "x.ods", text);
    g_autofree char *got = read_sheet(path, "x.ods", NULL);
    g_assert_cmpstr(
        got, ==,
        "\nx.ods: is a document, but no spreadsheet: save the list as .ods, .xlsx or CSV "
        "UTF-8");
    Part locked[] = {{"mimetype", MIME},
                     {"content.xml", "\x01\x02"},
                     {"META-INF/manifest.xml", "<m><e><encryption-data/></e></m>"},
                     {NULL, NULL}};
    g_autofree char *locked_path = write_zip(folder, "x.ods", locked);
    g_autofree char *told = read_sheet(locked_path, "x.ods", NULL);
    g_assert_cmpstr(told, ==,
                    "\nx.ods: is encrypted: take the password off (in LibreOffice: save it as, "
                    "without 'Save with password')");
    expect_whole(folder, "<table:table table:name='H'><table:table-row>", NULL,
                 "\nx.ods: is damaged: content.xml in it can't be read (open it in Excel or "
                 "LibreOffice, save it anew, and try again)");
}

static char *nested(guint depth)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < depth; i++)
        g_string_append(out, "<g>");
    for (guint i = 0; i < depth; i++)
        g_string_append(out, "</g>");
    g_string_append(out, "<table:table table:name='H'>" HEADING "</table:table>");
    return g_string_free(out, FALSE);
}

static char *many_sheets(guint count)
{
    GString *out = g_string_new(NULL);
    for (guint i = 1; i < count; i++)
        g_string_append(out, "<table:table table:name='S' table:style-name='ta1'/>");
    g_string_append(out, "<table:table table:name='H'>" HEADING "</table:table>");
    return g_string_free(out, FALSE);
}

static void test_limits(SheetFolder *folder, gconstpointer data)
{
    enum { AROUND = 3 }; /* elements around the tables */
    static const char damaged[] =
        "\nx.ods: is damaged: content.xml in it can't be read (open it in Excel or LibreOffice, "
        "save it anew, and try again)";
    (void)data;
    for (int over = -1; over <= 1; over++) {
        g_autofree char *deep = nested((guint)(PACKAGE_DEPTH_MAX - AROUND + over));
        expect_whole(folder, deep, NULL, over > 0 ? damaged : "(URN,Head,Opened)");
        g_autofree char *many = many_sheets((guint)(WORKBOOK_SHEETS_MAX + over));
        expect_whole(folder, many, NULL,
                     over > 0 ? "\nx.ods: has far too many sheets" : "(URN,Head,Opened)");
        g_autofree char *long_cell = g_strnfill((gsize)(ROWS_CELL_MAX + over), 'x');
        g_autofree char *rows = g_strconcat(
            "<table:table table:name='H'>" HEADING "<table:table-row><table:table-cell "
            "office:value-type='string'><text:p>",
            long_cell, "</text:p></table:table-cell></table:table-row></table:table>", NULL);
        g_autofree char *expected =
            over > 0 ? g_strdup("(URN,Head,Opened)\nx.ods: has a cell that is far too long")
                     : g_strconcat("(URN,Head,Opened)2[", long_cell, "||]", NULL);
        expect_whole(folder, rows, NULL, expected);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(SheetFolder *folder, gconstpointer data);
    } tests[] = {{"/workbook-ods/values", test_values},
                 {"/workbook-ods/narrow", test_narrow},
                 {"/workbook-ods/repeated", test_repeated},
                 {"/workbook-ods/merged-and-hidden", test_merged_and_hidden},
                 {"/workbook-ods/uncomputed", test_uncomputed},
                 {"/workbook-ods/chosen", test_chosen},
                 {"/workbook-ods/refused", test_refused},
                 {"/workbook-ods/limits", test_limits}};
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, SheetFolder, NULL, sheetfile_setup, tests[i].test,
                   sheetfile_teardown);
    return g_test_run();
}
