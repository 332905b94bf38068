/* workbook: worksheets as Excel writes them, read as they are shown; what can't be read is told */
#include "sheet/workbook.h"

#include "sheet/workbook_format.h"
#include "workbookfile.h"

#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const char ROOT[] = "<Relationships><Relationship Id='a' Type='" RELATION
                           "/officeDocument' Target='xl/workbook.xml'/></Relationships>";
static const char RELATIONS[] =
    "<Relationships>"
    "<Relationship Id='r1' Type='" RELATION "/worksheet' Target='worksheets/one.xml'/>"
    "<Relationship Id='r2' Type='" RELATION "/worksheet' Target='/xl/worksheets/two.xml'/>"
    "<Relationship Id='r3' Type='" RELATION "/sharedStrings' Target='sharedStrings.xml'/>"
    "<Relationship Id='r4' Type='" RELATION "/styles' Target='styles.xml'/>"
    "</Relationships>";
static const char BOOK[] =
    "<workbook xmlns:r='" RELATION "'><sheets><sheet name='Secret' state='hidden' r:id='r2'/>"
    "<sheet name='Heads &amp; co' r:id='r1'/></sheets></workbook>";
static const char STRINGS[] =
    "<sst><si><t>URN</t></si><si><r><t>He</t></r><r><t>ad</t></r><rPh><t>no</t></rPh></si>"
    "<si><t>Opened</t></si><si><t xml:space='preserve'>Si\u00E2n_x000D_\nPugh</t></si></sst>";
static const char STYLES[] =
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='000000'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='10'/>"
    "</cellXfs></styleSheet>";

static void expect(const SheetFolder *folder, const char *sheet, const char *name,
                   const char *expected)
{
    Part parts[] = {{"_rels/.rels", ROOT},
                    {"xl/_rels/workbook.xml.rels", RELATIONS},
                    {"xl/workbook.xml", BOOK},
                    {"xl/sharedStrings.xml", STRINGS},
                    {"xl/styles.xml", STYLES},
                    {"xl/worksheets/one.xml", sheet},
                    {"xl/worksheets/two.xml", sheet},
                    {NULL, NULL}};
    g_autofree char *path = write_zip(folder, "x.xlsx", parts);
    g_autofree char *got = read_sheet(path, "x.xlsx", name);
    g_assert_cmpstr(got, ==, expected);
}

#define HEADING                                                                                    \
    "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='s'>"          \
    "<v>2</v></c></row>"

static void test_values(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder,
           "<worksheet><sheetData>" HEADING
           "<row r='2'><c r='A2' s='2'><v>12</v></c><c r='B2' t='s'><v>3</v></c>"
           "<c r='C2' s='1'><v>46266</v></c></row>"
           "<row><c t='inlineStr'><is><t>a&amp;b</t></is></c><c t='b'><v>1</v></c>"
           "<c t='e'><f>A1</f><v>#N/A</v></c></row>"
           "<row r='9'><c r='C9' s='3'><f>A1/2</f><v>0.145</v></c></row>"
           "<row r='10'><c r='A10'><v>447700900123</v></c><c r='B10' t='str'><f>A1</f><v>x</v></c>"
           "</row></sheetData></worksheet>",
           NULL,
           "(URN,Head,Opened)2[000012|Si\u00E2n\nPugh|2026-09-01]3[a&b|TRUE|#N/A]9[||14.50%]"
           "10[447700900123|x|]");
}

static void test_hidden_and_merged(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(
        folder,
        "<worksheet><cols><col min='2' max='2' hidden='1'/></cols><sheetData>"
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1'><v>5</v></c><c r='C1' t='s'><v>1</v>"
        "</c><c r='D1' t='s'><v>2</v></c></row>"
        "<row r='2'><c r='A2'><v>1</v></c><c r='C2'><v>7</v></c><c r='D2'><v>8</v></c></row>"
        "<row r='3'><c r='A3'/><c r='D3'><v>9</v></c></row>"
        "<row r='4' hidden='1'><c r='A4'><v>4</v></c></row>"
        "<row r='5'><c r='A5'><f>1+1</f></c></row>"
        "</sheetData><mergeCells><mergeCell ref='A2:A3'/><mergeCell ref='C2:C3'/></mergeCells>"
        "</worksheet>",
        "heads & CO",
        "(URN,Head,Opened)2[1|7|8]3[1|7|9]5[=1+1||]\n"
        "x.xlsx:Heads & co:4: warning: 1 hidden row is left out, the first is 4: clear the "
        "filter or unhide them to have them read [hidden]\n"
        "x.xlsx:Heads & co: warning: 1 hidden column is left out, the first is B: unhide them to "
        "have them read [hidden]\n"
        "x.xlsx:Heads & co!A5: warning: 1 formula without a value, the first in A5: open the "
        "workbook in Excel or LibreOffice and save it [uncomputed]");
}

static void test_refused(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "<worksheet/>", "Haeds",
           "\nx.xlsx: has no worksheet 'Haeds', which the config names; it has 'Secret', 'Heads & "
           "co'");
    expect(folder, "<worksheet><sheetData><row>", NULL,
           "\nx.xlsx: is damaged: xl/worksheets/one.xml in it can't be read (open it in Excel or "
           "LibreOffice, save it anew, and try again)");
    expect(folder, "<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>", NULL,
           "\nx.xlsx: is refused: xl/worksheets/one.xml in it has a DOCTYPE, which no spreadsheet "
           "writes");
    expect(folder,
           "<worksheet><sheetData>" HEADING "<row><c t='s'><v>99</v></c></row></sheetData>"
           "</worksheet>",
           NULL,
           "(URN,Head,Opened)\nx.xlsx: is damaged: a cell refers to a text that isn't there (save "
           "it anew in Excel or LibreOffice)");
    expect(folder, "<worksheet><sheetData>" HEADING "<row r='1048577'/></sheetData></worksheet>",
           NULL,
           "(URN,Head,Opened)\nx.xlsx:Heads & co:1: over 1048576 rows: copy the rows that are "
           "needed into a new workbook");
    Part none[] = {{"readme.txt", "hello"}, {NULL, NULL}};
    g_autofree char *path = write_zip(folder, "x.xlsx", none);
    g_autofree char *got = read_sheet(path, "x.xlsx", NULL);
    g_assert_cmpstr(
        got, ==,
        "\nx.xlsx: is a ZIP archive, but no workbook: save the list as .xlsx, .ods or CSV "
        "UTF-8");
    g_autofree char *cut = sheetfile_write_len(folder, "x.xlsx", "PK\3\4 and no more", 16);
    g_autofree char *why = read_sheet(cut, "x.xlsx", NULL);
    g_assert_cmpstr(why, ==,
                    "\nx.xlsx: is damaged: its end is missing (was it copied or downloaded whole? "
                    "fetch it, or save it, anew)");
    g_autofree char *old =
        sheetfile_write_len(folder, "x.xlsx", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more", 20);
    g_autofree char *told = read_sheet(old, "x.xlsx", NULL);
    g_assert_cmpstr(told, ==,
                    "\nx.xlsx: is a workbook of the old kind (.xls): open it in Excel or "
                    "LibreOffice, and save it as .xlsx");
    g_autofree char *lock = read_sheet("/nowhere/~$heads.xlsx", "x.xlsx", NULL);
    g_assert_cmpstr(lock, ==,
                    "\nx.xlsx: is no list, but the sign that somebody has 'heads.xlsx' open: name "
                    "that file in the config");
    g_autofree char *text = sheetfile_write(folder, "x.xlsx", "a,b,c\n");
    g_autofree char *plain = read_sheet(text, "x.xlsx", "Heads");
    g_assert_cmpstr(plain, ==,
                    "\nx.xlsx: is no workbook (.xlsx, .ods): it has no worksheet 'Heads'");
}

static void test_formats(void)
{
    static const struct {
        double number;
        const char *code, *shown;
        gboolean from_1904;
    } cases[] = {
        {12, "General", "12", FALSE},
        {0.1, "General", "0.1", FALSE},
        {-1234.5, "#,##0.00", "-1,234.50", FALSE},
        {1234567, "#,##0", "1,234,567", FALSE},
        {7700900123, "00000 000000", "07700 900123", FALSE},
        {0.5, "0%", "50%", FALSE},
        {0.145, "0.00", "0.15", FALSE},
        {1029, "[$\u00A3-809]#,##0", "\u00A31,029", FALSE},
        {-5, "0;(0)", "(5)", FALSE},
        {0, "0;-0;\"none\"", "none", FALSE},
        {-0.4, "0", "0", FALSE},
        {1.5, "# ?/?", "1.5", FALSE},
        {5, "0 \"days\"", "5 days", FALSE},
        {46266, "dddd, mmmm d", "2026-09-01", FALSE},
        {46266.5, "d/m/yy h:mm", "2026-09-01 12:00", FALSE},
        {46266.5, "d/m/yy", "2026-09-01", FALSE},
        {44804, "yyyy-mm-dd", "2026-09-01", TRUE},
        {0.75, "h:mm AM/PM", "18:00", FALSE},
        {1.5, "[h]:mm", "36:00", FALSE},
        {60, "d/m/yyyy", "1900-02-29", FALSE},
        {61, "d/m/yyyy", "1900-03-01", FALSE},
        {1, "d/m/yyyy", "1900-01-01", FALSE},
        {-1, "d/m/yyyy", "########", FALSE},
        {2958466, "d/m/yyyy", "########", FALSE},
        {46266, "[Red]d\\/m", "2026-09-01", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        format_number(out, cases[i].number, cases[i].code, cases[i].from_1904);
        g_assert_cmpstr(out->str, ==, cases[i].shown);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/workbook/values", SheetFolder, NULL, sheetfile_setup, test_values,
               sheetfile_teardown);
    g_test_add("/workbook/hidden-and-merged", SheetFolder, NULL, sheetfile_setup,
               test_hidden_and_merged, sheetfile_teardown);
    g_test_add("/workbook/refused", SheetFolder, NULL, sheetfile_setup, test_refused,
               sheetfile_teardown);
    g_test_add_func("/workbook/formats", test_formats);
    return g_test_run();
}
