/* where: what an expression chooses, what is refused and in which words */
#include "where/where.h"

#include <string.h>

#include "base/error.h"
#include "where/functions.h"

static const char *const columns[] = {
    "URN", "Phase", "EstablishmentStatus (name)", "Pupils", "Opened", "Town", "o\"dd", NULL};

static Where *compile(const char *expression, guint milliseconds, GError **error)
{
    WhereSpec spec = {.expression = expression,
                      .columns = columns,
                      .file = "config",
                      .line = 12,
                      .milliseconds = milliseconds};
    return where_new(&spec, error);
}

/* The expression's answer for one row; aborts when it doesn't compile. */
static gboolean ask(const char *expression, const char *pupils, const char *town)
{
    char *cells[] = {(char *)"0012",       (char *)"Primary", (char *)"Open", (char *)pupils,
                     (char *)"31-08-2019", (char *)town,      (char *)""};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = compile(expression, 0, &error);
    g_assert_no_error(error);
    gboolean matches = FALSE;
    g_assert_true(where_matches(where, cells, "x.csv", 2, &matches, &error));
    g_assert_no_error(error);
    return matches;
}

static gboolean holds(const char *expression)
{
    return ask(expression, "9", "Northmere");
}

static void test_plain(void)
{
    g_assert_true(holds("Phase = 'Primary'"));
    g_assert_true(holds("phase = 'Primary'")); /* as SQL has it */
    g_assert_false(holds("Phase = 'primary'"));
    g_assert_true(holds("\"EstablishmentStatus (name)\" = 'Open' AND Phase <> 'Secondary'"));
    g_assert_true(holds("[EstablishmentStatus (name)] IN ('Open', 'Proposed to open')"));
    g_assert_true(holds("list.URN = '0012'"));
    g_assert_true(holds("\"o\"\"dd\" = ''"));
    g_assert_true(holds("1"));
    g_assert_false(holds("0"));
    g_assert_false(holds("NULL"));
    g_assert_true(holds("CASE Phase WHEN 'Primary' THEN 1 ELSE 0 END"));
    g_assert_true(holds("Phase = 'Primary' -- all of them"));
    g_assert_true(holds("CAST(Pupils AS INTEGER) * 2 = 18"));
    g_assert_true(holds("Pupils + 0 = 9 AND length(Town) > 8"));
}

/* Numbers compare by value although cells are text; equality stays that of the text. */
static void test_numbers(void)
{
    static const struct {
        const char *expression, *pupils;
        gboolean holds;
    } cases[] = {
        {"Pupils > 18", "9", FALSE},
        {"Pupils > 18", "100", TRUE},
        {"Pupils >= 18", "18", TRUE},
        {"Pupils < 200", "1000", FALSE},
        {"200 > Pupils", "1000", FALSE},
        {"Pupils BETWEEN 9 AND 10", "10", TRUE},
        {"Pupils BETWEEN 9 AND 10", "11", FALSE},
        {"Pupils > '18'", "100", TRUE},
        {"Pupils > 18.5", "18.75", TRUE},
        {"Pupils > -3", "-2", TRUE},
        {"Pupils = 12", "0012", FALSE},
        {"Pupils = 12", "12", TRUE},
        {"Pupils = '0012'", "0012", TRUE},
        {"Pupils IN (11, 12)", "12", TRUE},
        {"Pupils IN (11, 12)", "012", FALSE},
        {"Pupils > 18", "", FALSE},
        {"Pupils > 18", "..", FALSE},
        {"NOT Pupils > 18", "..", FALSE},
        {"NOT Pupils > 18", "", FALSE},
        {"Pupils <= 18", "n/a", FALSE},
        {"Pupils <> 18", "n/a", FALSE},
        {"Pupils NOT IN (18)", "n/a", FALSE},
        {"Pupils NOT BETWEEN 1 AND 2", "n/a", FALSE},
        {"30 < Pupils", "30.0", FALSE},
        {"Pupils > 0", "0.0", FALSE},
        {"Pupils = 0", "0.0", TRUE},
        {"Pupils > 1000", "1,029", TRUE},
        {"Pupils < 2", "1,029", FALSE},
        {"Pupils > 14", "14.50%", TRUE},
        {"Pupils > 30", "14.50%", FALSE},
        {"Pupils < 0", "(12)", TRUE},
        {"Pupils = -1200", "(\u00a31,200)", TRUE},
        {"Pupils > -13", "\u00a3(12)", TRUE},
        {"Pupils < 0 OR Pupils >= 1", "12 (2)", FALSE},
        {"Pupils < 0 OR Pupils >= 1", "(-12)", FALSE},
        {"Pupils > 1000", "\u00a31,200", TRUE},
        {"Pupils + 1 = 1030", "1,029", TRUE},
        {"Pupils + 0 < 5", "..", FALSE},
        {"Pupils / 2 = 4.5", "9", TRUE},
        {"CAST(Pupils AS INTEGER) = 1029", "1,029", TRUE},
        {"CAST(Pupils AS REAL) < 1", "..", FALSE},
        {"number(Pupils) IS NULL", "..", TRUE},
        {"coalesce(number(Pupils), 0) < 1", "..", TRUE},
        {"coalesce(Pupils, 0) < 1", "..", TRUE},
        {"abs(Pupils) = 3", "-3.0", TRUE},
        {"max(Pupils, 5) = 1200", "1,200", TRUE},
        {"iif(Pupils > 3, 1, 0)", "..", FALSE},
        {"CASE Pupils WHEN 3 THEN 1 END", "3.0", TRUE},
        {"Pupils IN (3, 'n/a')", "n/a", TRUE},
        {"Pupils IN (3, 'n/a')", "3.00", TRUE},
        {"Pupils NOT IN (3, 'n/a')", "4", TRUE},
        {"Pupils NOT IN (3, 'n/a')", "..", FALSE},
        {"Pupils > Town", "10", FALSE}, /* Town is empty */
        {"Pupils IS NULL", "", TRUE},
        {"Pupils IS NOT NULL", "", FALSE},
        {"Pupils IS NULL", "x", FALSE},
        {"Pupils > ''", "x", TRUE},
        {"Pupils > ''", "", FALSE},
        {"Pupils LIKE '1%'", "1,029", TRUE},
        {"replace(Pupils, '+', '') > 20", "30+", TRUE},
        {"Pupils = ''", "", TRUE},
        {"Pupils < 100000", "1e5", FALSE},
        {"Pupils <> 9", "9", FALSE},
        {"NOT Pupils > 18", "9", TRUE},
        {"Pupils > Pupils", "9", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s for %s", cases[i].expression, cases[i].pupils);
        g_assert_true(ask(cases[i].expression, cases[i].pupils, "") == cases[i].holds);
    }
}

static void test_like(void)
{
    static const struct {
        const char *town, *pattern;
        gboolean holds;
    } cases[] = {
        {"Northmere", "north%", TRUE},
        {"Northmere", "%MERE", TRUE},
        {"Northmere", "%x%", FALSE},
        {"Northmere", "N_rthmere", TRUE},
        {"Northmere", "N_thmere", FALSE},
        {"", "%", TRUE},
        {"", "_", FALSE},
        {"", "", TRUE},
        {"a", "", FALSE},
        {"Siân", "SIÂN", TRUE},
        {"Łódź", "ł_D%", TRUE},
        {"abcabd", "%abd", TRUE},
        {"aXbXc", "a%x%c", TRUE},
        {"aXb", "a%%%b", TRUE},
        {"50% off", "50!% %", TRUE},
        {"50x off", "50!% %", FALSE},
        {"a_b", "a!_b", TRUE},
        {"axb", "a!_b", FALSE},
        {"a!", "a!!", TRUE},
        {"a", "a!", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expression =
            g_strdup_printf("Town LIKE '%s' ESCAPE '!'", cases[i].pattern);
        g_test_message("%s for %s", expression, cases[i].town);
        g_assert_true(ask(expression, "9", cases[i].town) == cases[i].holds);
        g_autofree char *negated =
            g_strdup_printf("Town NOT LIKE '%s' ESCAPE '!'", cases[i].pattern);
        g_assert_true(ask(negated, "9", cases[i].town) != cases[i].holds);
    }
    g_assert_false(ask("Town LIKE NULL", "9", "x"));
    g_assert_true(ask("lower(Town) = 'łódź' AND upper(Town) = 'ŁÓDŹ'", "9", "Łódź"));
}

/* SQLite's own LIKE needs years for this. */
static void test_like_is_linear(void)
{
    g_autofree char *town = g_strnfill(WHERE_VALUE_MAX, 'a');
    g_assert_false(ask("Town LIKE '%a%a%a%a%a%a%a%a%a%a%b'", "9", town));
}

static void test_days(void)
{
    static const struct {
        const char *text, *iso;
    } cases[] = {
        {"31-08-2019", "2019-08-31"},
        {"31/08/2019", "2019-08-31"},
        {"2019-08-31", "2019-08-31"},
        {"01-01-1900", NULL},
        {"31-02-2019", NULL},
        {"", NULL},
        {"Not applicable", NULL},
        {"31-08/2019", NULL},
        {"3a-08-2019", NULL},
        {"29-02-2024", "2024-02-29"},
        {"00-01-2020", NULL},
        {"01-13-2020", NULL},
        {"1/9/2015", "2015-09-01"},
        {"31 Aug 2019", "2019-08-31"},
        {"31-Aug-19", "2019-08-31"},
        {"31.08.2019", "2019-08-31"},
        {"2019-08-31 00:00:00", "2019-08-31"},
        {"31/08/19", "2019-08-31"},
        {"1/9/15", "2015-09-01"},
        {"01-09-15 00:00", "2015-09-01"},
        {"31/12/29", "2029-12-31"},
        {"1/1/30", "1930-01-01"},
        {"31/12/99", "1999-12-31"},
        {"12/31/99", NULL}, /* the day stands before the month */
        {"99-12-31", NULL},
        {"1/9/5", NULL},
        {"1/9/115", NULL},
        {"1.9.15", NULL}, /* a section, a version */
        {"1st September 2015", "2015-09-01"},
        {"1st of Sept. 2015", "2015-09-01"},
        {"September 1, 2015", "2015-09-01"},
        {"Tues 1 September 2015", "2015-09-01"},
        {"Tue 01/09/2015", "2015-09-01"},
        {"01-SEP-2015", "2015-09-01"},
        {"1 September 2015 09:30", "2015-09-01"},
        {"Mon 01/09/2015", NULL}, /* it was a Tuesday */
        {"Sept 2015", NULL},      /* a month is no day of it */
        {"September 2015", NULL},
        {"Sep-15", NULL},
        {"September-15", NULL},
        {"Autumn 2015", NULL},
        {"2019", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expression = cases[i].iso
                                          ? g_strdup_printf("day(Town) = '%s'", cases[i].iso)
                                          : g_strdup("day(Town) IS NULL");
        g_test_message("%s for %s", expression, cases[i].text);
        g_assert_true(ask(expression, "9", cases[i].text));
    }
    g_assert_true(holds("day(Opened) < today()"));
    g_assert_true(holds("length(today()) = 10"));
    g_assert_true(holds("today(-30) < today() AND today(1) > today()"));
    static const struct {
        const char *expression, *town;
        gboolean holds;
    } unknown[] = {
        {"day(Town) < today()", "", FALSE},
        {"NOT day(Town) < today()", "", FALSE},
        {"day(Town) < today()", "not a day", FALSE},
        {"day(Town) < today()", "01-09-2019", TRUE},
        {"day(Town) > '01/01/2000'", "01-09-2019", TRUE},
        {"Town > '2019-08-31'", "01-09-2019", TRUE}, /* a literal day: by day, not by text */
        {"Town > '2019-08-31'", "", FALSE},
        {"Town BETWEEN '2019-08-31' AND '2019-09-02'", "01-09-2019", TRUE},
        {"Town > Opened", "01-09-2019", TRUE},
        {"Town < Opened", "", FALSE},
        {"day(Town) >= '2019'", "01-09-2019", TRUE},
        {"day(Town) >= '2019-10'", "01-09-2019", FALSE},
        {"coalesce(day(Town), '9999-12-31') > today()", "", TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(unknown); i++) {
        g_test_message("%s for %s", unknown[i].expression, unknown[i].town);
        g_assert_true(ask(unknown[i].expression, "9", unknown[i].town) == unknown[i].holds);
    }
}

/* --- refusals ----------------------------------------------------------------------------------
 */

static char *refusal(const char *expression)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = compile(expression, 0, &error);
    if (where)
        g_test_message("not refused: %s", expression);
    g_assert_null(where);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_true(g_str_has_prefix(error->message, "config:12: where: "));
    return g_strdup(error->message + strlen("config:12: where: "));
}

static void test_words(void)
{
    static const struct {
        const char *expression, *words;
    } cases[] = {
        {"Phse = 'Primary'",
         "no such column: 'Phse' (did you mean Phase?): write Phase = 'Primary'"},
        {"\"EstablishmentStatus (nmae)\" = 'Open'",
         "no such column: 'EstablishmentStatus (nmae)' (did you mean \"EstablishmentStatus "
         "(name)\"?): write \"EstablishmentStatus (name)\" = 'Open' (as a line of the config: "
         "where: '\"EstablishmentStatus (name)\" = ''Open''')"},
        {"Phase = \"Secondary\"", "no such column: 'Secondary'; a text stands in single quotes: "
                                  "write Phase = 'Secondary'"},
        {"Phase = Opne",
         "no such column: 'Opne'; a text stands in single quotes: write Phase = 'Opne'"},
        {"Phase = Middle deemed secondary AND 1",
         "'Middle deemed secondary' is a text without its quotes: write Phase = 'Middle deemed "
         "secondary' AND 1"},
        {"Phase = 'x' AND EstablishmentStatus (name) = 'Open'",
         "the column 'EstablishmentStatus (name)' wants double quotes: write Phase = 'x' AND "
         "\"EstablishmentStatus (name)\" = 'Open'"},
        {"Phase = 'x' AND EstablishmentStatus (name) = Open",
         "the column 'EstablishmentStatus (name)' wants double quotes; no such column: 'Open'; a "
         "text stands in single quotes: write Phase = 'x' AND \"EstablishmentStatus (name)\" = "
         "'Open'"},
        {"Phase = \u2018Primary\u2019",
         "\u2018Primary\u2019 stands in curly quotes, which are letters to SQL: write Phase = "
         "'Primary'"},
        {"Phase = \u201cMiddle deemed\u201d OR Phase = \u201cx\u201d",
         "\u201cMiddle deemed\u201d stands in curly quotes, which are letters to SQL: write Phase "
         "= 'Middle deemed' OR Phase = 'x'"},
        {"Phase = 'Primary' OR 'Secondary'",
         "'Secondary' stands alone, and is no condition (Phase = 'Secondary' would be one): write "
         "Phase IN ('Primary', 'Secondary')"},
        {"Phase = 'a' OR 'b' OR 'c'",
         "'b' stands alone, and is no condition (Phase = 'b' would be one): write Phase IN ('a', "
         "'b', 'c')"},
        {"Phase <> 'a' AND 'b'",
         "'b' stands alone, and is no condition (Phase <> 'b' would be one): write Phase NOT IN "
         "('a', 'b')"},
        {"Phase LIKE 'P%' OR 'S%'",
         "'S%' stands alone, and is no condition (Phase LIKE 'S%' would be one): write Phase LIKE "
         "'P%' OR Phase LIKE 'S%'"},
        {"Phase = ('a' OR 'b')", "('a' OR 'b') is no choice of texts: write Phase IN ('a', 'b')"},
        {"Pupils = 1 OR 2", "2 stands alone, and is no condition (Pupils = 2 would be one): write "
                            "Pupils IN (1, 2)"},
        {"Phase = TRUE",
         "TRUE without quotes is the number 1: a text stands in quotes: write Phase "
         "= 'TRUE'"},
        {"Phase IS NOT false", "FALSE without quotes is the number 0: a text stands in quotes: "
                               "write Phase <> 'FALSE'"},
        {"day(Opened) < today", "the day is today(): write day(Opened) < today()"},
        {"'x'", "'x' stands alone, and is no condition: say what has to be 'x', as in Phase = 'x'"},
        {"Phase", "Phase stands alone, and is no condition: say what it has to be, as in Phase = "
                  "'Yes' or Phase <> ''"},
        {"day(Opened) < 2015-09-01",
         "2015-09-01 without quotes is a sum, not a day: write day(Opened) < '2015-09-01'"},
        {"Opened > 01/01/2000",
         "01/01/2000 without quotes is a sum, not a day: write day(Opened) > '2000-01-01'"},
        {"Opened > 01.01.2000",
         "a day stands in quotes: '2000-01-01': write Opened > '2000-01-01'"},
        {"day(Opened) > 20150901",
         "20150901 is a number, not a day: write day(Opened) > '2015-09-01'"},
        {"day(Opened) > 2015",
         "2015 is no day: what day(Opened) is compared with looks like '2015-09-01'"},
        {"answered(school-support)", "answered() wants a question's name in single quotes, and "
                                     "after a comma one of its choices "
                                     "if that is asked: write answered('school-support')"},
        {"answered(\"support\")", "answered() wants a question's name in single quotes, and after "
                                  "a comma one of its choices "
                                  "if that is asked: write answered('support')"},
        {"answered(Town, 'Yes')", "answered() wants a question's name in single quotes, and after "
                                  "a comma one of its choices "
                                  "if that is asked: answered('school-support', 'Yes')"},
        {"answered('support') <> 'Yes'",
         "answered() is true or false: write NOT answered('support', 'Yes')"},
        {"answered('support')",
         "answered() can be asked in 'where' and flags of an audience, whose "
         "rows have keys: not here"},
        {"day(Opened) > today() - 30",
         "today() - 30: days can't be reckoned with: write day(Opened) > today(-30)"},
        {"day(Opened) = ''",
         "day(Opened) of what is no day is NULL, not '': write day(Opened) IS NULL"},
        {"Pupils = 0012",
         "0012 without quotes is a number without its noughts: write Pupils = '0012'"},
        {"Pupils > 1,000", "1,000 is no number of SQL's: write Pupils > 1000"},
        {"Pupils > 30% AND Phase = 'x'",
         "30% is no number of SQL's: write Pupils > 30 AND Phase = 'x'"},
        {"Pupils = NULL", "nothing is equal to NULL: write Pupils IS NULL"},
        {"Pupils <> NULL", "nothing is equal to NULL: write Pupils IS NOT NULL"},
        {"10 < Pupils < 20", "comparisons can't be chained: write 10 < Pupils AND Pupils < 20"},
        {"Pupils BETWEEN 30 AND 10",
         "BETWEEN wants the lesser of the two first: write Pupils BETWEEN 10 AND 30"},
        {"number(Pupils) <> ''",
         "number(Pupils) is a number or NULL, never '': write number(Pupils) IS NOT NULL"},
        {"length(Phase) = 'x'", "'x' is no number, and length(Phase) is one"},
        {"Phase = Primary OR Secondary",
         "'Secondary' stands alone, and is no condition (Phase = 'Secondary' would be one): write "
         "Phase IN ('Primary', 'Secondary')"},
        {"Phase = 'a' OR 'b' AND Opened > 2015-09-01",
         "2015-09-01 without quotes is a sum, not a day: write Phase IN ('a', 'b') AND "
         "day(Opened) > '2015-09-01'"},
        {"Opened > 2015-09-01 AND Opened < 01/01/2020",
         "2015-09-01 without quotes is a sum, not a day: write day(Opened) > '2015-09-01' AND "
         "day(Opened) < '2020-01-01'"},
        {"Phase == 'a' || Phase == 'b'",
         "|| is not how SQL has it: write Phase == 'a' OR Phase == 'b'"},
        {"Phase = 'a' && Pupils > 3", "&& is not how SQL has it: write Phase = 'a' AND Pupils > 3"},
        {"Phase IN 'a', 'b'", "'a', 'b' is not how SQL has it: write Phase IN ('a', 'b')"},
        {"Phase IN ['a', 'b']", "['a', 'b'] is not how SQL has it: write Phase IN ('a', 'b')"},
        {"Phase <> 'a', 'b'", "<> 'a', 'b' is not how SQL has it: write Phase NOT IN ('a', 'b')"},
        {"Phase contains 'rim'", "contains 'rim' is not how SQL has it: write Phase LIKE '%rim%'"},
        {"!(Phase = 'a')", "! is not how SQL has it: write NOT (Phase = 'a')"},
        {"lower(Phase) = 'Primary'",
         "lower() gives nothing but small letters: write lower(Phase) = 'primary'"},
        {"upper(Phase) IN ('PRIMARY', 'b')",
         "upper() gives nothing but capital letters: write upper(Phase) IN ('PRIMARY', 'B')"},
        {"Phase IN ()", "there is nothing in the brackets of IN ()"},
        {"Phse IS NULL", "no such column: 'Phse' (did you mean Phase?): write Phase IS NULL"},
        {"zzzzzzz = 1", "no such column: 'zzzzzzz' (the columns are: URN, Phase, "
                        "EstablishmentStatus (name), Pupils, Opened, Town, o\"dd)"},
        {"(SELECT 1)", "a SELECT can't stand here"},
        {"Phase = ?", "a parameter (? : @ $) can't stand here"},
        {"Phase = :x", "a parameter (? : @ $) can't stand here"},
        {"1; DROP TABLE list", "only one expression can stand here"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = refusal(cases[i].expression);
        g_assert_cmpstr(words, ==, cases[i].words);
    }
    g_autofree char *function = refusal("randomblob(9) = 1");
    g_assert_true(g_str_has_prefix(
        function, "the function 'randomblob' can't be used here (these can: abs,"));
    g_autofree char *syntax = refusal("Phase = = 'x'");
    g_assert_true(g_str_has_prefix(
        syntax, "near \"=\": syntax error (an expression over the columns, as in "));
}

static void test_hostile(void)
{
    static const char *const expressions[] = {
        "",
        " ",
        "--",
        "1) OR (1",
        "1 OR 1) UNION SELECT 1 FROM (list",
        "1 LIMIT 1",
        "1 ORDER BY 1",
        "1 GROUP BY URN",
        "1 UNION SELECT 2",
        "1;",
        "1; SELECT 1",
        ";",
        "1 /*",
        "1 /* x",
        "URN IN (SELECT URN FROM list)",
        "EXISTS (SELECT 1)",
        "EXISTS(VALUES(1))",
        "URN IN list",
        "URN IN sqlite_master",
        "URN IN pragma_table_info",
        "(WITH x AS (SELECT 1) SELECT * FROM x)",
        "load_extension('x')",
        "readfile('/etc/passwd')",
        "writefile('x','y')",
        "edit('x')",
        "zeroblob(1000000000)",
        "randomblob(9)",
        "random()",
        "hex(URN)",
        "char(0)",
        "printf('%1000000s','')",
        "format('%d', 1)",
        "quote(URN)",
        "sqlite_version()",
        "sqlite_source_id()",
        "changes()",
        "last_insert_rowid()",
        "date('now')",
        "datetime('now')",
        "julianday('now') > 1",
        "strftime('%s')",
        "CURRENT_TIMESTAMP > ''",
        "URN GLOB '*a*a*a*'",
        "URN REGEXP 'x'",
        "URN MATCH 'x'",
        "fts3_tokenizer('x')",
        "json_extract(URN,'$')",
        "URN -> '$'",
        "URN ->> '$'",
        "json('{}')",
        "RAISE(IGNORE)",
        "RAISE(ABORT,'x')",
        "count(*)",
        "count(*) > 1",
        "sum(Pupils) > 1",
        "max(Pupils) > 1",
        "group_concat(URN) > ''",
        "row_number() OVER () = 1",
        "oid = 1",
        "_rowid_ > 0",
        "list.rowid > 0",
        "other.URN = 1",
        "main.list.rowid",
        "PRAGMA table_info(list)",
        "ATTACH 'x' AS y",
        "DELETE FROM list",
        "x'00' = randomblob(1)",
        "?1",
        "?1000000",
        ":a",
        "@a",
        "$a",
        "(1, 2)",
        "(1,2) = (1,2) AND URN = (SELECT 1)",
        "*",
        "list.*",
        "'unclosed",
        "\"unclosed",
        "[unclosed",
        "1 AS x",
        "1 WINDOW w AS ()",
        "1 RETURNING 1",
        "URN COLLATE nosuch = 'x'",
        "likelihood(1, 0.5)",
        "unlikely(1)",
        "sqlite_compileoption_get(1) > ''",
        "total_changes()",
        "soundex(URN)",
        "rtreecheck('x')",
        "dbstat",
        "load_extension",
        "like('a')",
        "day()",
        "today(1, 2)",
        "cell_number(URN, 0) = 1",
        "cell_order(URN, URN, 0, 0) = 1",
    };
    for (guint i = 0; i < G_N_ELEMENTS(expressions); i++)
        g_free(refusal(expressions[i]));
}

static char *ors(guint count)
{
    GString *out = g_string_new("URN='x'");
    for (guint i = 1; i < count; i++)
        g_string_append(out, " OR 0");
    return g_string_free(out, FALSE);
}

static void test_size_limits(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autofree char *blanks = g_strnfill((gsize)(WHERE_BYTES_MAX - 1 + over), ' ');
        g_autofree char *text = g_strconcat("1", blanks, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(Where) where = compile(text, 0, &error);
        g_assert_true(!where == (over > 0));
        g_assert_cmpstr(error ? error->message : NULL, ==,
                        over > 0 ? "config:12: where: over 10000 bytes" : NULL);
    }
    /* a chain of n ORs is n deep, and the comparison within one more */
    static const struct {
        guint count;
        gboolean fine;
    } chains[] = {{200, TRUE}, {WHERE_DEPTH_MAX - 2, TRUE}, {WHERE_DEPTH_MAX + 2, FALSE}};
    for (guint i = 0; i < G_N_ELEMENTS(chains); i++) {
        g_autofree char *chain = ors(chains[i].count);
        g_autoptr(GError) error = NULL;
        g_autoptr(Where) where = compile(chain, 0, &error);
        g_test_message("%u: %s", chains[i].count, error ? error->message : "fine");
        g_assert_true(!where == !chains[i].fine);
        if (error)
            g_assert_nonnull(strstr(error->message, "maximum depth 1000"));
    }
    g_autofree char *deep = g_strnfill(3000, '(');
    g_free(refusal(deep));
}

static void test_value_limit(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autofree char *town = g_strnfill((gsize)(WHERE_VALUE_MAX + over), 'x');
        char *cells[] = {(char *)"", (char *)"", (char *)"", (char *)"",
                         (char *)"", town,       (char *)""};
        g_autoptr(GError) error = NULL;
        g_autoptr(Where) reads = compile("length(Town) > 1", 0, NULL);
        g_autoptr(Where) ignores = compile("URN = ''", 0, NULL);
        gboolean matches = FALSE;
        g_assert_true(where_matches(ignores, cells, "x.csv", 7, &matches, NULL) && matches);
        g_assert_true(where_matches(reads, cells, "x.csv", 7, &matches, &error) == (over <= 0));
        g_assert_cmpstr(error ? error->message : NULL, ==,
                        over > 0 ? "config:12: where: fails at x.csv:7: string or blob too big"
                                 : NULL);
    }
}

static void test_row_failure(void)
{
    char *cells[] = {(char *)"", (char *)"", (char *)"", (char *)"!!",
                     (char *)"", (char *)"", (char *)""};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = compile("Town LIKE '' ESCAPE Pupils", 0, NULL);
    gboolean matches;
    g_assert_false(where_matches(where, cells, "x.csv", 7, &matches, &error));
    g_assert_cmpstr(error->message, ==,
                    "config:12: where: fails at x.csv:7: ESCAPE wants one character");
    /* and goes on with the next */
    cells[3] = (char *)"!";
    g_assert_true(where_matches(where, cells, "x.csv", 8, &matches, NULL) && matches);
}

static void test_time_limit(void)
{
    g_autofree char *town = g_strnfill(WHERE_VALUE_MAX / 2, 'x');
    char *cells[] = {(char *)"", (char *)"", (char *)"", (char *)"", (char *)"", town, (char *)""};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where =
        compile("length(replace(replace(replace(Town,'x','y'),'y','z'),'z','x')) = 0", 20, NULL);
    gboolean matches, ok = TRUE;
    for (guint row = 2; ok && row < 100000; row++)
        ok = where_matches(where, cells, "x.csv", row, &matches, &error);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, "where: took over 20 ms by x.csv:"));
}

/* One call of LIKE that would take minutes stops by itself. */
static void test_like_stops(void)
{
    g_autofree char *town = g_strnfill(WHERE_VALUE_MAX - 1, 'a');
    g_autofree char *pattern = g_strnfill(9000, 'a');
    g_autofree char *expression = g_strdup_printf("Town LIKE '%%%sb'", pattern);
    char *cells[] = {(char *)"", (char *)"", (char *)"", (char *)"", (char *)"", town, (char *)""};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = compile(expression, 100, NULL);
    gint64 begun = g_get_monotonic_time();
    gboolean matches;
    g_assert_false(where_matches(where, cells, "x.csv", 2, &matches, &error));
    g_assert_cmpstr(error->message, ==,
                    "config:12: where: took over 100 ms by x.csv:2: make it simpler");
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 3 * G_USEC_PER_SEC);
}

static char *told_of(const Findings *findings)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_autofree char *text = finding_text(findings_get(findings, i));
        g_string_append_printf(out, "%s%s", i ? "\n" : "", text);
    }
    return g_string_free(out, FALSE);
}

/* What a whole list is told of an expression. */
static char *tell(const char *expression, const char *const *pupils, gboolean is_filter)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = compile(expression, 0, &error);
    g_assert_no_error(error);
    for (guint i = 0; pupils[i]; i++) {
        char *cells[] = {(char *)"1", (char *)"Primary", (char *)"Open", (char *)pupils[i],
                         (char *)"",  (char *)"",        (char *)""};
        const WhereRow row = {.cells = cells, .file = "x.csv", .line = i + 2};
        Truth answer;
        g_assert_true(where_ask(where, &row, &answer, NULL));
    }
    where_report(where, is_filter, findings);
    return told_of(findings);
}

static void test_whole(void)
{
    static const char *const pupils[] = {"40", "..", "", "10", NULL};
    static const struct {
        const char *expression, *told;
        gboolean is_filter;
    } cases[] = {
        {"Pupils > 30",
         "x.csv:3: warning: where can't be answered for 2 rows: no value to compare in 'Pupils'; "
         "the first is '..' [unknown-cell]",
         TRUE},
        {"Phase = 'Primary' OR Pupils > 30",
         "config:12: note: where leaves nobody out: it holds for all 4 rows [everybody]", TRUE},
        {"Phase = 'Primary' OR Pupils > 30", "", FALSE},
        {"Phase = 'Secondary' AND Pupils > 30",
         "config:12: warning: where: no row has 'Secondary' in Phase [no-such-value]", TRUE},
        {"Phase IN ('Primary', 'primary')",
         "config:12: warning: where: no row has 'primary' in Phase; did you mean 'Primary'? "
         "[no-such-value]\n"
         "config:12: note: where leaves nobody out: it holds for all 4 rows [everybody]",
         TRUE},
        {"Phase = 'primary'",
         "config:12: warning: where: no row has 'primary' in Phase; did you mean 'Primary'? "
         "[no-such-value]",
         FALSE},
        {"Phase <> 'Nursery'",
         "config:12: note: where: no row has 'Nursery' in Phase [no-such-value]\n"
         "config:12: note: where leaves nobody out: it holds for all 4 rows [everybody]",
         TRUE},
        {"Phase LIKE 'Sec%'",
         "config:12: warning: where: no row's Phase is LIKE 'Sec%' [no-such-value]", TRUE},
        {"Phase LIKE '*condary' OR Pupils = '40'",
         "config:12: warning: where: no row's Phase is LIKE '*condary' (what others write as * is "
         "% in LIKE) [no-such-value]",
         TRUE},
        {"Phase NOT LIKE 'Sec%' AND Pupils = '40'",
         "config:12: note: where: no row's Phase is LIKE 'Sec%' [no-such-value]", TRUE},
        {"Pupils = '10'", "", TRUE},
        {"Pupils IN ('10.0')",
         "x.csv:5: warning: where: '10.0' in quotes is compared by its characters, and 1 row has "
         "the number otherwise in 'Pupils', this as '10': write 10 without quotes to have it, too "
         "[number-in-quotes]",
         TRUE},
        {"NOT CASE WHEN Pupils > 30 THEN 1 ELSE 0 END",
         "x.csv:3: warning: where can't be answered for 2 rows: no value to compare in 'Pupils'; "
         "the first is '..' [unknown-cell]",
         TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = tell(cases[i].expression, pupils, cases[i].is_filter);
        g_test_message("%s", cases[i].expression);
        g_assert_cmpstr(told, ==, cases[i].told);
    }
}

/* What is written otherwise and means the same, or only looks so. */
static void test_alike(void)
{
    static const char *const days[] = {"2015-09-01", "01/09/2015", "1 Sept 2015", "2016-01-01",
                                       NULL};
    static const char *const texts[] = {
        "All-through", "ALL-THROUGH", "All\u2011through", "All  through", "All-through.",
        "Nursery",     NULL};
    static const char *const scripts[] = {"Primary", "Prim\u0430ry", NULL};
    static const struct {
        const char *expression;
        const char *const *cells;
        const char *told;
    } cases[] = {
        {"Pupils = '2015-09-01'", days,
         "x.csv:3: warning: where: '2015-09-01' is compared by its characters, and 2 rows have the "
         "day otherwise in 'Pupils', this as '01/09/2015': write day(Pupils) for the column to "
         "have them, too [day-in-quotes]"},
        {"day(Pupils) = '2015-09-01'", days, ""},
        {"Pupils NOT IN ('2016-01-01')", days, ""},
        {"Pupils = 'All-through'", texts,
         "x.csv:3: warning: where: 'All-through' isn't what 3 rows have in 'Pupils', though they "
         "look alike: this says 'ALL-THROUGH'; mend the list, or name both [looks-alike]"},
        {"Pupils <> 'All-through' AND Pupils <> 'ALL-THROUGH' AND Pupils <> 'All-through.'", texts,
         "x.csv:4: warning: where: 'All-through' isn't what 1 row has in 'Pupils', though they "
         "look alike: this says 'All\u2011through' (U+2011, not U+002D); mend the list, or name "
         "both [looks-alike]"},
        {"Pupils = 'Primary'", scripts,
         "x.csv:3: warning: where: 'Primary' isn't what 1 row has in 'Pupils', though they look "
         "alike: this says 'Prim\u0430ry' (U+0430, not U+0061); mend the list, or name both "
         "[looks-alike]"},
        {"Pupils = 'Nursery'", texts, ""},
        {"lower(Pupils) LIKE 'all-through%'", texts, ""},
        {"Pupils IS NOT 30 AND Pupils <> ''", texts,
         "x.csv:2: warning: where can't be answered for 6 rows: no value to compare in 'Pupils'; "
         "the first is 'All-through' [unknown-cell]"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = tell(cases[i].expression, cases[i].cells, FALSE);
        g_test_message("%s", cases[i].expression);
        if (!g_str_has_prefix(cases[i].told, "x.csv:4"))
            g_assert_cmpstr(told, ==, cases[i].told);
        else
            g_assert_true(g_str_has_prefix(told, cases[i].told));
    }
}

/* 45% and 0.45 in one column. */
static void test_measures(void)
{
    static const char *const both[] = {"45%", "0.45", "30 %", "1", "0", "40", ".5", NULL};
    static const char *const one[] = {"45%", "12,5 %", "40", "0", "1", NULL};
    static const char *const other[] = {"0.45", "0.3", "n/a %", NULL};
    static const char *const asking[] = {"Pupils > 30", "number(Pupils) <= 30",
                                         "Pupils BETWEEN 1 AND 30"};
    for (guint i = 0; i < G_N_ELEMENTS(asking); i++) {
        g_autofree char *told = tell(asking[i], both, FALSE), *none = tell(asking[i], one, FALSE),
                        *less = tell(asking[i], other, FALSE);
        g_assert_cmpstr(told, ==,
                        "x.csv:3: warning: where compares '0.45' by its digits, and 2 rows have a "
                        "per cent sign in 'Pupils' (the first is '45%'), and this, the first of 2, "
                        "has none: if it means a per cent, write it as one [mixed-measures]");
        g_assert_cmpstr(none, ==, "");
        g_assert_nonnull(strstr(less, "no number there is over 1"));
    }
    g_autofree char *texts = tell("Pupils = '45%'", both, FALSE);
    g_assert_null(strstr(texts, "mixed"));
}

/* An empty cell is what coalesce fills. */
static void test_filled(void)
{
    g_assert_true(ask("coalesce(Town, Phase) = 'Primary'", "9", ""));
    g_assert_true(ask("ifnull(Town, 'none') = 'none'", "9", ""));
    g_assert_true(ask("coalesce(Town, '') = ''", "9", ""));
    g_assert_false(ask("coalesce(Town, Phase) = 'Primary'", "9", "Dale"));
    g_assert_true(ask("coalesce(Pupils, 3) = 3", "", ""));
}

static void test_why(void)
{
    char *cells[] = {(char *)"1", (char *)"Primary", (char *)"Open", (char *)"..",
                     (char *)"",  (char *)"",        (char *)""};
    const WhereRow row = {.cells = cells, .file = "x.csv", .line = 2};
    g_autoptr(Where) where = compile("URN = '1' AND (Pupils > 30 AND Phase <> 'Primary')", 0, NULL);
    g_autofree char *why = where_why(where, &row, NULL);
    g_assert_cmpstr(why, ==,
                    "Pupils > 30 is unknown (Pupils is '..'); Phase <> 'Primary' is false (Phase "
                    "is 'Primary')");
}

static void test_reads(void)
{
    g_autoptr(Where) where = compile("Phase = 'x' OR list.\"Pupils\" > 3", 0, NULL);
    g_assert_false(where_reads(where, 0));
    g_assert_true(where_reads(where, 1));
    g_assert_true(where_reads(where, 3));
    g_assert_false(where_reads(where, 6));
}

/* A sheet of the widest kind, joined with another, its names as long as they may be. */
static void test_many_columns(void)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) all = g_string_new(NULL);
    g_autofree char *fill = g_strnfill(194, '"');
    char *cells[1000];
    for (guint i = 0; i < 1000; i++) {
        g_ptr_array_add(names, g_strdup_printf("c%u%s", i, fill));
        cells[i] = (char *)"";
    }
    g_ptr_array_add(names, NULL);
    for (guint i = 0; i < 24; i++)
        g_string_append_printf(all, "%s[c%u%s]=''", i ? " AND " : "", i * 40, fill);
    WhereSpec spec = {.expression = all->str,
                      .columns = (const char *const *)names->pdata,
                      .file = "config",
                      .line = 12};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = where_new(&spec, &error);
    g_assert_no_error(error);
    gboolean matches = FALSE;
    g_assert_true(where_matches(where, cells, "x.csv", 2, &matches, &error) && matches);
}

/* --- answered() --- */

/* Of the keys: 1 said Yes, 2 said No, 3 is silent, 4 waits for a person, 5 wasn't asked. */
static Truth ask_key(void *user, const char *key, const char *question, const char *choice)
{
    (void)user;
    if (*key >= '4' || !g_str_equal(question, "support"))
        return TRUTH_UNKNOWN;
    return *key < '3' && (!choice || g_str_equal(choice, *key == '1' ? "Yes" : "No")) ? TRUTH_TRUE
                                                                                      : TRUTH_FALSE;
}

static gboolean load_question(void *user, const char *question, GError **error)
{
    if (!user || !g_str_equal(question, user))
        return TRUE;
    g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "locked");
    return FALSE;
}

static char *doubt_question(void *user, const char *question, const char *choice)
{
    (void)user;
    if (!g_str_equal(question, "support"))
        return g_strdup_printf("no letter asked '%s'", question);
    return g_strcmp0(choice, "Maybe") == 0 ? g_strdup("no choice 'Maybe'") : NULL;
}

/* What five rows are: "10?". */
static char *answers_of(const char *expression, gboolean is_filter, char **told)
{
    const WhereAnswers answers = {load_question, ask_key, doubt_question, NULL};
    WhereSpec spec = {.expression = expression,
                      .columns = columns,
                      .file = "config",
                      .line = 12,
                      .answers = &answers};
    char *cells[] = {(char *)"0012",       (char *)"Primary", (char *)"Open", (char *)"9",
                     (char *)"31-08-2019", (char *)"Town",    (char *)""};
    static const char *const keys[] = {"1", "2", "3", "4", "5"};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = where_new(&spec, &error);
    g_assert_no_error(error);
    g_assert_true(where_asks_answers(where));
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        Truth truth;
        const WhereRow row = {.cells = cells, .file = "x.csv", .line = i + 2, .key = keys[i]};
        g_assert_true(where_ask(where, &row, &truth, &error));
        g_string_append_c(all, "01?"[truth]);
    }
    g_autoptr(Findings) findings = findings_new();
    where_report(where, is_filter, findings);
    *told = told_of(findings);
    return g_string_free(all, FALSE);
}

static void test_answered(void)
{
    static const char waits[] =
        "x.csv:5: warning: where can't be answered for 2 rows, of which this "
        "is the first: no letter asked, or a person has still to read the "
        "answer ('circular answers --review') [unknown-answer]";
    static const struct {
        const char *expression, *answers, *told;
    } cases[] = {
        {"answered('support')", "110??", waits},
        {"NOT answered('support')", "001??", waits},
        {"answered('support', 'Yes')", "100??", waits},
        {"ANSWERED('support', 'Yes') OR Phase = 'Primary'", "11111",
         "config:12: note: where leaves nobody out: it holds for all 5 rows [everybody]"},
        {"Phase = 'Primary' AND NOT answered('support', 'No')", "101??", waits},
        {"coalesce(answered('support'), 0)", "11000", ""},
        {"answered('suport')", "?????",
         "config:12: error: where: no letter asked 'suport' [unasked-question]"},
        {"answered('support', 'Maybe')", "000??",
         "config:12: error: where: no choice 'Maybe' [unasked-question]"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = NULL;
        g_autofree char *answers = answers_of(cases[i].expression, TRUE, &told);
        g_assert_cmpstr(answers, ==, cases[i].answers);
        g_assert_cmpstr(told, ==, cases[i].told);
    }
    g_autofree char *told = NULL;
    G_GNUC_UNUSED g_autofree char *answers =
        answers_of("answered('support', 'Maybe')", FALSE, &told);
    g_assert_cmpstr(told, ==, "config:12: warning: where: no choice 'Maybe' [unasked-question]");
    const WhereAnswers locked = {load_question, ask_key, doubt_question, (void *)"support"};
    WhereSpec spec = {.expression = "answered('support')",
                      .columns = columns,
                      .file = "config",
                      .answers = &locked};
    g_autoptr(GError) error = NULL;
    g_assert_null(where_new(&spec, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/where/plain", test_plain);
    g_test_add_func("/where/numbers", test_numbers);
    g_test_add_func("/where/like", test_like);
    g_test_add_func("/where/like-is-linear", test_like_is_linear);
    g_test_add_func("/where/days", test_days);
    g_test_add_func("/where/alike", test_alike);
    g_test_add_func("/where/measures", test_measures);
    g_test_add_func("/where/filled", test_filled);
    g_test_add_func("/where/words", test_words);
    g_test_add_func("/where/hostile", test_hostile);
    g_test_add_func("/where/limit/size", test_size_limits);
    g_test_add_func("/where/limit/value", test_value_limit);
    g_test_add_func("/where/row-failure", test_row_failure);
    g_test_add_func("/where/limit/time", test_time_limit);
    g_test_add_func("/where/like-stops", test_like_stops);
    g_test_add_func("/where/whole", test_whole);
    g_test_add_func("/where/why", test_why);
    g_test_add_func("/where/reads", test_reads);
    g_test_add_func("/where/answered", test_answered);
    g_test_add_func("/where/many-columns", test_many_columns);
    return g_test_run();
}
