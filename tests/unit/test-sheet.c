/* sheet: encodings, delimiters, columns and rows as offices really save them, and what is refused
 */
#include "sheet/sheet.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/rows.h"
#include "sheet/cell.h"
#include "sheet/codepage.h"
#include "sheet/columns.h"
#include "sheet/encoding.h"
#include "sheetfile.h"

/* --- reading a whole sheet into one text ------------------------------------------------------ */

typedef struct {
    GString *out;
    const Sheet *sheet;
    Findings *findings;
} Collected;

static gboolean collect(void *user, const SheetLine *at, char **cells, GError **error)
{
    Collected *self = user;
    (void)error;
    g_string_append_printf(self->out, "%u[", at->line);
    for (guint i = 0; i < sheet_width(self->sheet); i++)
        g_string_append_printf(self->out, "%s%s", i ? "|" : "", cells[i]);
    g_string_append_c(self->out, ']');
    sheet_report(self->sheet, at, cells, self->findings);
    return TRUE;
}

/* Rows of a sheet, then its findings, then its error. */
static char *read_path(const char *path, const char *encoding, const char *delimiter)
{
    SheetSpec spec = {.file = path, .shown = "x.csv", .encoding = encoding, .delimiter = delimiter};
    g_autoptr(GError) error = NULL;
    g_autoptr(Findings) findings = findings_new();
    GString *out = g_string_new(NULL);
    g_autoptr(Sheet) sheet = sheet_open(&spec, &error);
    if (sheet) {
        g_assert_no_error(error);
        g_autofree char *names = g_strjoinv(",", (char **)sheet_columns(sheet));
        g_string_append_printf(out, "(%s)", names);
        Collected collected = {out, sheet, findings};
        gboolean ok = sheet_read(sheet, findings, collect, &collected, &error);
        g_assert_true(ok == !error);
    }
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_autofree char *text = finding_text(findings_get(findings, i));
        g_string_append_printf(out, "\n%s", text);
    }
    if (error)
        g_string_append_printf(out, "\n%s", error->message);
    return g_string_free(out, FALSE);
}

static void expect_len(const SheetFolder *folder, const char *bytes, gsize length,
                       const char *encoding, const char *expected)
{
    g_autofree char *path = sheetfile_write_len(folder, "x.csv", bytes, length);
    g_autofree char *got = read_path(path, encoding, "auto");
    g_assert_cmpstr(got, ==, expected);
}

static void expect(SheetFolder *folder, const char *bytes, const char *expected)
{
    expect_len(folder, bytes, strlen(bytes), "auto", expected);
}

static GError *refusal(const char *path, const char *encoding, const char *delimiter)
{
    SheetSpec spec = {.file = path, .shown = "x.csv", .encoding = encoding, .delimiter = delimiter};
    GError *error = NULL;
    g_assert_null(sheet_open(&spec, &error));
    g_assert_nonnull(error);
    return error;
}

static void expect_refused(SheetFolder *folder, const char *bytes, gsize length,
                           const char *message)
{
    g_autofree char *path = sheetfile_write_len(folder, "x.csv", bytes, length);
    g_autoptr(GError) error = refusal(path, NULL, NULL);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_cmpstr(error->message, ==, message);
}

/* --- encodings -------------------------------------------------------------------------------- */

#define SAVE "save it as 'CSV UTF-8 (comma delimited)'"

static void test_encodings(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\nSi\xC3\xA2n,\xC5\x81,x\n", "(a,b,c)2[Siân|Ł|x]");
    expect(folder,
           "\xEF\xBB\xBF"
           "a,b,c\nSi\xC3\xA2n,2,3\n",
           "(a,b,c)2[Siân|2|3]");
    expect(folder, "\xEF\xBB\xBF\"a\",b,c\n1,2,3\n", "(a,b,c)2[1|2|3]");
    expect(folder, "a,b,c\r\nSi\xE2n,O\x92Neill,\x80\x35\r\n", "(a,b,c)2[Siân|O’Neill|€5]");
    /* a quoted column name after a byte order mark, and text beyond the first piece of 64 KiB */
    GString *big = g_string_new("a,b,c\n");
    for (int i = 0; i < 20000; i++)
        g_string_append(big, "1,2,3\n");
    g_string_append(big, "caf\xE9,2,3\n");
    g_autofree char *path = sheetfile_write_len(folder, "big.csv", big->str, big->len);
    g_autofree char *got = read_path(path, NULL, NULL);
    g_assert_true(g_str_has_suffix(got, "20002[café|2|3]"));
    g_string_free(big, TRUE);
}

/* A character that stands across the end of a piece is no error, wherever it begins. */
static void test_piece_ends(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    for (gsize before = (64 << 10) - 6; before <= 64 << 10; before++) {
        g_autoptr(GString) text = g_string_new("a,b,c\n");
        while (text->len < before)
            g_string_append_c(text, text->len % 8 ? ' ' : '\n');
        g_string_append(text, "\xF0\x9F\x8E\x93,\xE2\x80\x99,\xC3\xA9");
        g_autofree char *path = sheetfile_write_len(folder, "x.csv", text->str, text->len);
        g_autofree char *got = read_path(path, "utf-8", ",");
        g_assert_true(g_str_has_suffix(got, "[🎓|’|é]"));
    }
}

static void test_not_an_encoding(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect_refused(folder, "a,b\n1,\xE9\n2,\x81\n", 12,
                   "x.csv:2: not UTF-8, and byte 0x81 in line 3 is not Windows-1252: " SAVE);
    expect_refused(folder,
                   "\xEF\xBB\xBF"
                   "a\n\nb\xE9\n",
                   9, "x.csv:3: not UTF-8: " SAVE);
    expect(folder, "a,b,c\n1,2,\xC3", "(a,b,c)2[1|2|Ã]"); /* cut off, but Windows-1252 */
}

/* Excel's "CSV (MS-DOS)" and "CSV (Macintosh)": told, and read rightly where the config says so. */
static void test_codepages(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const char dos[] = "a,b,c\nGagn\x82,Fran\x87ois,Nu\xa4"
                              "ez\n";
    static const char mac[] = "a,b,c\nSi\x89n,Zo\x91,Gagn\x8e\n";
    expect(
        folder, dos,
        "(a,b,c)2[Gagn‚|Fran‡ois|Nu¤ez]\n"
        "x.csv:2: error: looks as if it had been saved as 'CSV (MS-DOS)': is 'Gagn‚' 'Gagné'? " SAVE
        ", or say 'encoding: cp850' (or windows-1252, if it is that) [code-page]");
    expect_len(folder, dos, strlen(dos), "cp850", "(a,b,c)2[Gagné|François|Nuñez]");
    expect(folder, mac,
           "(a,b,c)2[Si‰n|Zo‘|GagnŽ]\n"
           "x.csv:2: error: looks as if it had been saved as 'CSV (Macintosh)': is 'Si‰n' "
           "'Siân'? " SAVE
           ", or say 'encoding: macintosh' (or windows-1252, if it is that) [code-page]");
    expect_len(folder, mac, strlen(mac), "macintosh", "(a,b,c)2[Siân|Zoë|Gagné]");
    expect_len(
        folder, dos, strlen(dos), "windows-1252",
        "(a,b,c)2[Gagn‚|Fran‡ois|Nu¤ez]\nx.csv:2: warning: 'Nu¤ez' has a sign within a word "
        "(column c): is the file in another encoding than Windows-1252? save it as 'CSV UTF-8 "
        "(comma delimited)' [garbled]");
    /* both would be letters: what can't be one decides */
    expect_refused(folder, "a,b,c\nSi\x89n,Fran\x8Doise,Gagn\x8e\n", 27,
                   "x.csv:2: looks as if it had been saved as 'CSV (Macintosh)': is 'Si\u2030n' "
                   "'Si\u00E2n'? " SAVE
                   ", or say 'encoding: macintosh' (or windows-1252, if it is that)");
    expect(folder,
           "a,b,c\nAnn,\x9C"
           "5,x\n",
           "(a,b,c)2[Ann|\u01535|x]\n"
           "x.csv:2: error: looks as if it had been saved as 'CSV (MS-DOS)': is '\u0153' "
           "'\u00A3'? " SAVE
           ", or say 'encoding: cp850' (or windows-1252, if it is that) [code-page]");
    expect(folder, "a,b,c\nSt Mary\xD5s,x,y\n",
           "(a,b,c)2[St Mary\u00D5s|x|y]\n"
           "x.csv:2: error: looks as if it had been saved as 'CSV (Macintosh)': is 'Mary\u00D5s' "
           "'Mary\u2019s'? " SAVE
           ", or say 'encoding: macintosh' (or windows-1252, if it is that) [code-page]");
    expect(folder,
           "a,b,c\nSt\xe9phane,CAM\xD5"
           "ES,c\x9Cur\n",
           "(a,b,c)2[St\u00E9phane|CAM\u00D5ES|c\u0153ur]");
    /* a byte that Windows-1252 doesn't have */
    expect_refused(
        folder, "a,b,c\nM\x81ller,Gagn\x82,x\n", 21,
        "x.csv:2: looks as if it had been saved as 'CSV (MS-DOS)': is 'Gagn‚' 'Gagné'? " SAVE
        ", or say 'encoding: cp850' (or windows-1252, if it is that)");
    /* quotes, daggers and dashes where people write them */
    expect(folder, "a,b,c\nO\x92Neill \x96 x,St\xe9phane\x86,\x93quoted\x94\n",
           "(a,b,c)2[O’Neill – x|Stéphane†|“quoted”]");
    expect_refused(folder, " <html><table>", 14,
                   "x.csv:1: this is a web page, not CSV, whatever its name says: open it in Excel "
                   "and " SAVE);
}

static void test_explicit_encoding(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    g_autofree char *path = sheetfile_write(folder, "x.csv", "a,b,c\n1,2,\xE9\n");
    g_autoptr(GError) not_utf8 = refusal(path, "UTF-8", NULL);
    g_assert_cmpstr(not_utf8->message, ==, "x.csv:2: not UTF-8: " SAVE);
    expect_len(folder, "a,b,c\n1,2,\xC3\xA9\n", 13, "windows-1252",
               "(a,b,c)2[1|2|Ã©]\nx.csv:2: warning: 'Ã©' was wrongly converted before it was saved "
               "(column c); is it 'é'? [garbled]");
    g_autofree char *bad = sheetfile_write(folder, "y.csv", "a,b,c\r1,2,\x9D\n");
    g_autoptr(GError) not_1252 = refusal(bad, "windows-1252", NULL);
    g_assert_cmpstr(not_1252->message, ==,
                    "x.csv:2: byte 0x9D is no character of Windows-1252: " SAVE);
    g_autoptr(GError) unknown = refusal(path, "latin1", NULL);
    g_assert_error(unknown, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
}

/* One broken byte must not turn the accents of all others into garbage. */
static void test_mixed(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const char mostly_utf8[] = "a,b,c\nSi\xC3\xA2n,\xC3\xA9,x\nCaf\xE9,2,3\n";
    expect_refused(
        folder, mostly_utf8, strlen(mostly_utf8),
        "x.csv:3: not UTF-8, although the accents elsewhere in the file are: fix this line "
        "(or say 'encoding: windows-1252' to take all of it for that)");
    expect(folder, "a,b,c\nSi\xE2n,\xE9,x\nit\xE2\x80\x99s,2,3\n",
           "(a,b,c)2[Siân|é|x]3[itâ€™s|2|3]\n"
           "x.csv:3: warning: looks like UTF-8, but the file as a whole is not and is read as "
           "Windows-1252: check the accents in this line [encoding]\n"
           "x.csv:3: warning: 'itâ€™s' was wrongly converted before it was saved (column a); is it "
           "'it’s'? [garbled]");
}

static void test_never_csv(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect_refused(folder,
                   "\xFF\xFE"
                   "a\0,\0",
                   6, "x.csv:1: this is UTF-16 (Excel's 'Unicode text'): " SAVE);
    expect_refused(folder, "\xFE\xFF\0a", 4, "x.csv:1: this is UTF-16: " SAVE);
    expect_refused(
        folder, "PK\x03\x04\x14\0", 6,
        "x.csv: is damaged: its end is missing (was it copied or downloaded whole? fetch "
        "it, or save it, anew)");
    expect_refused(
        folder, "\xD0\xCF\x11\xE0", 4,
        "x.csv: is a workbook of the old kind (.xls): open it in Excel or LibreOffice, and "
        "save it as .xlsx");
    expect_refused(folder, "a,b\n1,2\n3,\0\n", 12,
                   "x.csv:3: a NUL byte: this is no CSV text; " SAVE);
}

static void test_every_byte_of_1252(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    for (guint byte = 0x80; byte <= 0xFF; byte++) {
        char text[] = "a,b,c\n1,2,?\n";
        text[10] = (char)byte;
        g_autofree char *path = sheetfile_write_len(folder, "x.csv", text, 12);
        g_autofree char *got = read_path(path, "auto", ",");
        gboolean undefined =
            byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D;
        g_assert_true(undefined == (strstr(got, "is not Windows-1252") != NULL));
        g_assert_true(g_utf8_validate(got, -1, NULL));
    }
}

/* --- columns ---------------------------------------------------------------------------------- */

static void test_delimiters(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a;b;c\n1,5;2;3\n", "(a,b,c)2[1,5|2|3]");
    expect(folder, "a\tb\tc\n1\t\t3\n", "(a,b,c)2[1||3]");
    expect(folder, "\n\n  \na;\"b,,,,\";c\n1;2;3\n", "(a,b,,,,,c)5[1|2|3]");
    expect(folder, "sep=;\r\na;b;c\r\n1;2;3\r\n", "(a,b,c)3[1|2|3]");
    expect(folder, "sep=,\r\na,b,c\r\n1,2,3\r\n", "(a,b,c)3[1|2|3]");
    expect(folder, "\"sep=;\"\r\na;b,x;c\r\n1;2;3\r\n", "(a,b,x,c)3[1|2|3]");
    expect(folder, "SEP=;\na;b;c\n1;2;3\n", "(a,b,c)3[1|2|3]");
    expect(folder, "sep=\t\na\tb\tc\n1\t2\t3\n", "(a,b,c)3[1|2|3]");
    g_autofree char *path = sheetfile_write(folder, "x.csv", "a;b,c,d\n1;2,3,4\n");
    g_autofree char *got = read_path(path, NULL, ",");
    g_assert_cmpstr(got, ==, "(a;b,c,d)2[1;2|3|4]");
    g_autoptr(GError) unknown = refusal(path, NULL, "|");
    g_assert_error(unknown, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
}

static void test_columns(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder,
           " a ,\xC2\xA0"
           "b\xC2\xA0,EstablishmentStatus (name),,\n1,2,3,,\n",
           "(a,b,EstablishmentStatus (name))2[1|2|3]");
    /* what stands below a column without a name is not lost unseen */
    expect(folder, "a,b,c,,\n1,2,3,,x\n4,5,6,,\n",
           "(a,b,c)2[1|2|3]3[4|5|6]\n"
           "x.csv:1: note: column 4 has no name, nor have others: nothing can use it [column]");
    expect(folder, "a,,c\n1,,3\n", "(a,c)2[1|3]");
    expect(folder, ",a,c\n0,1,3\n",
           "(a,c)2[1|3]\nx.csv:1: note: column 1 has no name: nothing can use it [column]");
    expect(folder, "\nURN,b,Urn,c,URN\n1,2,3,4,5\n",
           "(b,c)3[2|4]\n"
           "x.csv:2: note: columns 1 and 3 are both called 'Urn': nothing can use either (rename "
           "one) [column]\n"
           "x.csv:2: note: columns 1 and 5 are both called 'URN': nothing can use either (rename "
           "one) [column]");
    expect(folder, "a,\"b\r\n  c\"\n1,2\n", "(a,b c)3[1|2]");
    g_autofree char *spare = g_strnfill(16384, ',');
    g_autofree char *wide = g_strdup_printf("a,b%s\n1,2%s\n", spare, spare);
    expect(folder, wide, "(a,b)2[1|2]");
    expect_refused(folder, "", 0, "x.csv: is empty: the first line has to name the columns");
    expect_refused(folder, "\n , ,\n", 6,
                   "x.csv: is empty: the first line has to name the columns");
    expect_refused(folder, "\"a\n", 3, "x.csv:1: a quote that opens a cell is never closed");
}

static void test_find(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    g_autofree char *path = sheetfile_write(folder, "x.csv", "b,a (name),Si\xC3\xA2n\n");
    SheetSpec spec = {.file = path};
    g_autoptr(Sheet) sheet = sheet_open(&spec, NULL);
    g_assert_cmpint(sheet_find(sheet, "a (name)"), ==, 1);
    g_assert_cmpint(sheet_find(sheet, "A (name)"), ==, -1);
    g_assert_cmpint(sheet_find(sheet, "Sia\xCC\x82n"), ==, 2); /* decomposed */
    g_assert_cmpstr(sheet_shown(sheet), ==, path);
}

static void test_column_limits(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    for (int over = -1; over <= 1; over++) {
        g_autoptr(GString) text = g_string_new("c0");
        for (int i = 1; i < COLUMNS_MAX + over; i++)
            g_string_append_printf(text, ",c%d", i);
        g_autofree char *path = sheetfile_write(folder, "x.csv", text->str);
        SheetSpec spec = {.file = path, .shown = "x.csv"};
        g_autoptr(GError) error = NULL;
        g_autoptr(Sheet) sheet = sheet_open(&spec, &error);
        g_assert_true(!sheet == (over > 0));
        g_assert_cmpstr(error ? error->message : NULL, ==,
                        over > 0 ? "x.csv:1: over 500 columns" : NULL);

        g_autofree char *name = g_strnfill((gsize)(COLUMNS_NAME_MAX + over), 'n');
        g_autofree char *other = sheetfile_write(folder, "y.csv", name);
        SheetSpec spec2 = {.file = other, .shown = "y.csv"};
        g_autoptr(GError) error2 = NULL;
        g_autoptr(Sheet) sheet2 = sheet_open(&spec2, &error2);
        g_assert_true(!sheet2 == (over > 0));
        g_assert_cmpstr(error2 ? error2->message : NULL, ==,
                        over > 0 ? "y.csv:1: the name of column 1 is over 200 bytes" : NULL);
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

static void test_rows(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\n\n,,\n \n1,\"x\ny\",3\n\n2,2,2", "(a,b,c)5[1|x\ny|3]8[2|2|2]");
    expect(folder, "a,b,c\n1\n1,2\n1,2,3,,,\n",
           "(a,b,c)2[1||]3[1|2|]4[1|2|3]\n"
           "x.csv:2: warning: 1 cell for 3 columns: 'b' and what follows are taken as empty "
           "[short-row]\n"
           "x.csv:3: warning: 2 cells for 3 columns: 'c' and what follows are taken as empty "
           "[short-row]");
    expect(folder, "a,b,c\n1,2,3,4\nx,y,z\n",
           "(a,b,c)3[x|y|z]\nx.csv:2: error: cell 4, '4', stands beyond the last column 'c': is a "
           "cell "
           "with a delimiter in it not in quotes? [long-row]");
    expect(folder, "a,b,c\n1,2,x\"y\n",
           "(a,b,c)\nx.csv:2: a quote stands inside a cell: write it twice "
           "and the whole cell in quotes");
}

static void test_cells(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\n\" x \",\xC2\xA0y\xE2\x80\x8B,\xEF\xBB\xBFz\n", "(a,b,c)2[x|y|z]");
    expect(folder, "a,b,c\n\"p\tq\",\"r\r\ns\",\"t\xE2\x80\xA8u\"\n", "(a,b,c)2[p q|r\ns|t\nu]");
    expect(folder, "a,b,c\nx\x01y,\x1b[31m,1\xC2\x85\x32\x7f\n",
           "(a,b,c)2[x\uFFFDy|[31m|1\uFFFD2]\n"
           "x.csv:2: warning: 2 control characters, shown as '\uFFFD' [control]");
    expect(
        folder, "a,b,c\nNor\u202Eth,2,\u202D01632\u202C\n",
        "(a,b,c)2[North|2|01632]\nx.csv:2: warning: a character that shows nothing and turns the "
        "text round is left out [hidden-direction]");
    expect(folder, "a,b,c\n1,2,\u202B\u0645\u0631\u202C\n", "(a,b,c)2[1|2|\u0645\u0631]");
    /* beyond the last column and grown when cleaned: must not spoil the last column's cell */
    expect(folder, "a,b,c\n1,2,x\x01y,\xC2\xA0\n",
           "(a,b,c)2[1|2|x\uFFFDy]\n"
           "x.csv:2: warning: 1 control character, shown as '\uFFFD' [control]");
}

/* Two files put together, and a row that only begins like the names. */
static void test_names_again(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\n1,2,3\n\uFEFFa, b ,c\n4,5,6\na,b,c\na,b,\n",
           "(a,b,c)2[1|2|3]4[4|5|6]6[a|b|]\n"
           "x.csv:3: note: the column names stand here again, and in other lines: passed over "
           "[column]");
}

/* What was lost shows as a question mark; in a link, and behind a word, it is one. */
static void test_lost(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\nSi?n,Who?,https://x.example/a?b\n",
           "(a,b,c)2[Si?n|Who?|https://x.example/a?b]\n"
           "x.csv:2: warning: 'Si?n' was wrongly converted before it was saved (column a) "
           "[garbled]");
    expect(folder, "a,Pr\u00C3\u00A9nom,c\n1,2,3\n",
           "(a,Pr\u00C3\u00A9nom,c)2[1|2|3]\n"
           "x.csv:1: warning: 'Pr\u00C3\u00A9nom' was wrongly converted before it was saved "
           "(column Pr\u00C3\u00A9nom); is it 'Pr\u00E9nom'? [garbled]");
}

/* What looks alike is alike. */
static void test_alike(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\nPri\u00admary,\u200EPrimary\u202C,Pri\u2060mary\n",
           "(a,b,c)2[Primary|Primary|Primary]");
    expect(folder, "a,b,c\nPri\u034Fmary,Primary\u3164,Prim\U000E0041ary\uFE0F\n",
           "(a,b,c)2[Primary|Primary|Primary]");
    /* variants that are seen */
    expect(folder, "a,b,c\n\u2764\uFE0F,1\uFE0F\u20E3,30\uFE0F\n",
           "(a,b,c)2[\u2764\uFE0F|1\uFE0F\u20E3|30]");
    expect(folder, "a,b,c\nSt\u00A0Mary,St\u2009Mary,St\u3000Mary\n",
           "(a,b,c)2[St Mary|St Mary|St Mary]");
    expect(folder, "a,b,c\nSia\u0302n,\u200Dx,a\u200Db\n", "(a,b,c)2[Siân|x|ab]");
    /* joiners that join */
    expect(folder, "a,b,c\n\u0646\u200C\u0627,\U0001F468\u200D\U0001F469,x\n",
           "(a,b,c)2[\u0646\u200C\u0627|\U0001F468\u200D\U0001F469|x]");
    expect(folder, "a,b,c\n=\"0123\",\"=\"\"0123\"\"\",a=\"\n",
           "(a,b,c)\nx.csv:2: a quote stands "
           "inside a cell: write it twice and the whole cell in quotes");
    expect(folder, "a,b,c\n=\"0123\",\"=\"\"0123\"\"\",=x\n", "(a,b,c)2[0123|0123|=x]");
    expect(folder, "a,b,c\n1,2,\x1Fx\n\x1A", "(a,b,c)2[1|2|x]"); /* Ctrl-Z ends a DOS file */
}

static void test_line_ends_in_cells(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\n\"1\r2\",\"1\r\r\n\n2\",\"\r\n1\n\"\n", "(a,b,c)2[1\n2|1\n\n\n2|1]");
}

/* Letters that nobody can tell from others, and words of another language. */
static void test_look_alike(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(
        folder, "a,b\nPrim\u0430ry,\u0410\u041212\nSchool \u0421,x\n",
        "(a,b)2[Prim\u0430ry|\u0410\u041212]3[School \u0421|x]\n"
        "x.csv:2: warning: 'Prim\u0430ry' has a letter that only looks like 'a': U+0430, Cyrillic "
        "(column a) [stray-letter]\n"
        "x.csv:2: warning: '\u0410\u041212' has a letter that only looks like 'A': U+0410, "
        "Cyrillic (column b) [stray-letter]\n"
        "x.csv:3: warning: 'School \u0421' has a letter that only looks like 'C': U+0421, Cyrillic "
        "(column a) [stray-letter]");
    expect(folder, "\u039Fffice,b\n1,2\n",
           "(\u039Fffice,b)2[1|2]\n"
           "x.csv:1: warning: '\u039Fffice' has a letter that only looks like 'O': U+039F, Greek "
           "(column \u039Fffice) [stray-letter]");
    expect(
        folder,
        "a,b\n\u0428\u043A\u043E\u043B\u0430 \u0410,\u039A\u03B1\u03BB\u03AE\n5 \u00B5g,\u0394t\n",
        "(a,b)2[\u0428\u043A\u043E\u043B\u0430 \u0410|\u039A\u03B1\u03BB\u03AE]3[5 "
        "\u00B5g|\u0394t]");
}

/* What an earlier program spoilt can't be fixed here, only seen. */
static void test_garbled(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "a,b,c\nSi\xC3\x83\xC2\xA2n,x,St Bega\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s\n",
           "(a,b,c)2[SiÃ¢n|x|St Begaâ€™s]\n"
           "x.csv:2: warning: 'SiÃ¢n' was wrongly converted before it was saved (column a); is it "
           "'Siân'? [garbled]\n"
           "x.csv:2: warning: 'St Begaâ€™s' was wrongly converted before it was saved (column c); "
           "is it "
           "'St Bega’s'? [garbled]");
    expect(
        folder, "a,b,c\n1,Si\xEF\xBF\xBDn,3\n",
        "(a,b,c)2[1|Si\uFFFDn|3]\nx.csv:2: warning: 'Si<U+FFFD>n' was wrongly converted before it "
        "was "
        "saved (column b) [garbled]");
    /* names that only look odd */
    expect(folder, "a,b,c\nSÃO JOÃO,Łódź Â,Ångström €5 – Å’\nפרק,Gruffŷdd,Ã\n",
           "(a,b,c)2[SÃO JOÃO|Łódź Â|Ångström €5 – Å’]3[פרק|Gruffŷdd|Ã]");
}

static void test_quote_of_a_cell(void)
{
    g_autofree char *x60 = g_strnfill(60, 'x');
    g_autofree char *x61 = g_strnfill(61, 'x');
    g_autofree char *same = cell_quote(x60);
    g_autofree char *cut = cell_quote(x61);
    g_autofree char *lines = cell_quote("a\r\nb");
    g_assert_cmpstr(same, ==, x60);
    g_assert_true(g_str_has_prefix(cut, x60) && g_str_has_suffix(cut, "x…"));
    g_assert_cmpstr(lines, ==, "a  b");
}

/* --- files ------------------------------------------------------------------------------------ */

static void test_size_limit(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    g_autofree char *path = sheetfile_write(folder, "x.csv", "a,b,c\n");
    g_assert_cmpint(truncate(path, 300 << 20), ==, 0); /* sparse: not read, or it would say NUL */
    g_autoptr(GError) error = refusal(path, NULL, NULL);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_cmpstr(
        error->message, ==,
        "x.csv: too large: 300 MB, the limit is 200 MB (split the list, or leave out columns)");
    g_assert_cmpint(truncate(path, SHEET_BYTES_MAX + 1), ==, 0);
    g_autoptr(GError) over = refusal(path, NULL, NULL);
    g_assert_nonnull(strstr(over->message, "too large"));
    g_assert_cmpint(truncate(path, SHEET_BYTES_MAX), ==, 0);
    g_autoptr(GError) at = refusal(path, NULL, NULL);
    g_assert_nonnull(strstr(at->message, "a NUL byte"));
}

static void test_no_file(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    g_autofree char *path = g_build_filename(folder->folder, "none.csv", NULL);
    g_autoptr(GError) missing = refusal(path, NULL, NULL);
    g_assert_error(missing, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT);
    g_assert_cmpstr(missing->message, ==, "x.csv: can't open: No such file or directory");
    g_autoptr(GError) is_folder = refusal(folder->folder, NULL, NULL);
    g_assert_error(is_folder, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_cmpstr(is_folder->message, ==, "x.csv: is a folder, not a file");
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_autoptr(GError) pipe_error = refusal(path, NULL, NULL); /* and doesn't wait for a writer */
    g_assert_cmpstr(pipe_error->message, ==, "x.csv: is a device or a pipe, not a file");
}

static gboolean touch(void *user, const SheetLine *at, char **cells, GError **error)
{
    (void)at;
    (void)cells;
    (void)error;
    g_assert_true(
        g_file_set_contents_full(user, "a,b,c\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    return TRUE;
}

static void test_changed_meanwhile(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    g_autofree char *path = sheetfile_write(folder, "x.csv", "a,b,c\n1,2,3\n");
    SheetSpec spec = {.file = path, .shown = "x.csv"};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Sheet) sheet = sheet_open(&spec, NULL);
    g_assert_false(sheet_read(sheet, findings, touch, path, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
    g_assert_cmpstr(error->message, ==, "x.csv: changed while it was read: try again");
}

/* --- the register's real layout ----------------------------------------------------------------
 */

static char *shared_file(const char *name)
{
    const char *root = g_getenv("CIRCULAR_SHARED");
    const char *const roots[] = {root ? root : "../shared", "../../shared", NULL};
    for (guint i = 0; roots[i]; i++) {
        char *path = g_build_filename(roots[i], "gias", name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return path;
        g_free(path);
    }
    return NULL;
}

static gboolean count(void *user, const SheetLine *at, char **cells, GError **error)
{
    (void)at;
    (void)cells;
    (void)error;
    ++*(guint *)user;
    return TRUE;
}

static void test_register(void)
{
    static const struct {
        const char *file;
        guint width, rows;
    } cases[] = {{"ebi_gias.csv", 140, 60},
                 {"itt_gias_subset.csv", 140, 8},
                 {"birmingham_schools_opendata.csv", 11, 447},
                 {"tv_example_groups_data.csv", 21, 4}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = shared_file(cases[i].file);
        if (!path) {
            g_test_skip("no ../shared/gias here");
            return;
        }
        SheetSpec spec = {.file = path, .shown = cases[i].file};
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(Sheet) sheet = sheet_open(&spec, &error);
        g_assert_no_error(error);
        guint rows = 0;
        g_assert_true(sheet_read(sheet, findings, count, &rows, &error));
        g_assert_cmpuint(sheet_width(sheet), ==, cases[i].width);
        g_assert_cmpuint(rows, ==, cases[i].rows);
        g_assert_cmpuint(findings_count(findings, FINDING_ERROR), ==, 0);
    }
}

#define ADD(path, test)                                                                            \
    g_test_add(path, SheetFolder, NULL, sheetfile_setup, test, sheetfile_teardown)

/* --- what was converted before it came to us ---------------------------------------------------- */

static void test_mend(void)
{
    static const struct {
        const char *is, *was;
    } cases[] = {{"Gagn\u201a", "Gagn\u00e9"},
                 {"Si\u251c\u00f3n", "Si\u00e2n"},
                 {"Si\u221a\u00a2n", "Si\u00e2n"},
                 {"don\u00d4\u00c7\u00d6t", "don\u2019t"},
                 {"Ren\u017de", "Ren\u00e9e"},
                 {"Si\u2030n", "Si\u00ebn' or 'Si\u00e2n"},
                 {"O\u2018Brien", NULL},
                 {"l\u2018eau", NULL},
                 {"Jos\u00e9", NULL},
                 {"\u0160\u00e1rka \u017dov\u00e1", NULL},
                 {"M\u00fcller \u201eTest\u201c", NULL},
                 {"30\u2030", NULL}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *was = codepage_mend(cases[i].is);
        g_test_message("%s", cases[i].is);
        g_assert_cmpstr(was, ==, cases[i].was);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/sheet/encodings", test_encodings);
    ADD("/sheet/piece-ends", test_piece_ends);
    ADD("/sheet/not-an-encoding", test_not_an_encoding);
    ADD("/sheet/explicit-encoding", test_explicit_encoding);
    ADD("/sheet/mixed", test_mixed);
    ADD("/sheet/never-csv", test_never_csv);
    ADD("/sheet/every-byte", test_every_byte_of_1252);
    ADD("/sheet/delimiters", test_delimiters);
    ADD("/sheet/columns", test_columns);
    ADD("/sheet/find", test_find);
    ADD("/sheet/limit/columns", test_column_limits);
    ADD("/sheet/rows", test_rows);
    ADD("/sheet/cells", test_cells);
    ADD("/sheet/alike", test_alike);
    ADD("/sheet/names-again", test_names_again);
    ADD("/sheet/lost", test_lost);
    ADD("/sheet/codepages", test_codepages);
    ADD("/sheet/line-ends-in-cells", test_line_ends_in_cells);
    ADD("/sheet/garbled", test_garbled);
    ADD("/sheet/look-alike", test_look_alike);
    g_test_add_func("/codepage/mend", test_mend);
    g_test_add_func("/sheet/quote", test_quote_of_a_cell);
    ADD("/sheet/limit/bytes", test_size_limit);
    ADD("/sheet/no-file", test_no_file);
    ADD("/sheet/changed", test_changed_meanwhile);
    g_test_add_func("/sheet/register", test_register);
    return g_test_run();
}
