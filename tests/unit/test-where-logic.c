/* where-logic: expressions that are the same for every row, or compare with what can't be there */
#include "where/where.h"

#include <string.h>

static const char *const columns[] = {"URN", "Phase", "Status", "Roll", "Opened", NULL};

/* What is refused in the expression, after the place; "" when it compiles. */
static char *refusal(const char *expression)
{
    WhereSpec spec = {.expression = expression, .columns = columns, .file = "config", .line = 12};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = where_new(&spec, &error);
    if (where)
        return g_strdup("");
    g_assert_true(g_str_has_prefix(error->message, "config:12: where: "));
    return g_strdup(error->message + strlen("config:12: where: "));
}

static void test_same_for_all(void)
{
    static const struct {
        const char *expression, *words;
    } cases[] = {
        {"Phase <> 'a' OR Phase <> 'b'",
         "Phase <> 'a' OR Phase <> 'b' holds for every row, whatever 'Phase' is: write Phase NOT "
         "IN ('a', 'b')"},
        {"Status = 'Open' AND (Phase != 'a' OR Phase != 'b' OR Phase <> 'c')",
         "Phase != 'a' OR Phase != 'b' holds for every row, whatever 'Phase' is: write Status = "
         "'Open' AND Phase NOT IN ('a', 'b', 'c')"},
        {"NOT Phase = 'a' OR NOT Phase = 'b'",
         "NOT Phase = 'a' OR NOT Phase = 'b' holds for every row, whatever 'Phase' is: write Phase "
         "NOT IN ('a', 'b')"},
        {"Phase NOT IN ('a', 'b') OR Phase NOT IN ('c')",
         "Phase NOT IN ('a', 'b') OR Phase NOT IN ('c') holds for every row, whatever 'Phase' is: "
         "write Phase NOT IN ('a', 'b', 'c')"},
        {"Status = 'Open' OR (Phase = 'a' AND Phase = 'b')",
         "Phase = 'a' AND Phase = 'b' holds for no row, whatever 'Phase' is: write Status = 'Open' "
         "OR Phase IN ('a', 'b')"},
        {"Phase = 'a' AND Status = 'Open' AND 'b' = Phase",
         "Phase = 'a' AND 'b' = Phase holds for no row, whatever 'Phase' is: is OR meant?"},
        {"Phase IS 'a' AND Phase IS 'b'", "Phase IS 'a' AND Phase IS 'b' holds for no row, "
                                          "whatever 'Phase' is: write Phase IN ('a', "
                                          "'b')"},
        {"URN = 1 AND URN = 2",
         "URN = 1 AND URN = 2 holds for no row, whatever 'URN' is: write URN IN (1, 2)"},
        {"Status = 'Open' OR Roll > 200 AND Roll < 100",
         "Roll > 200 AND Roll < 100 holds for no row, whatever 'Roll' is: is OR meant?"},
        {"Roll < '100' OR 50 < Roll",
         "Roll < '100' OR 50 < Roll holds for every row, whatever 'Roll' is: is AND meant?"},
        {"Roll NOT BETWEEN 10 AND 20 OR Roll < 30",
         "Roll NOT BETWEEN 10 AND 20 OR Roll < 30 holds for every row, whatever 'Roll' is: is AND "
         "meant?"},
        {"Opened > '01/09/2015' AND Opened < '2014-01-01'",
         "Opened > '01/09/2015' AND Opened < '2014-01-01' holds for no row, whatever 'Opened' is: "
         "is OR meant?"},
        {"day(Opened) < '2015-09-01' OR day(Opened) >= '2015-09-01'",
         "day(Opened) < '2015-09-01' OR day(Opened) >= '2015-09-01' holds for every row, whatever "
         "'Opened' is: is AND meant?"},
        /* These can be meant. */
        {"Phase <> 'a' AND Phase <> 'b'", ""},
        {"Phase = 'a' OR Phase = 'b'", ""},
        {"Phase <> 'a' OR Status <> 'Open'", ""},
        {"Phase <> 'a' OR Phase <> 'a'", ""},
        {"Phase NOT IN ('a', 'b') OR Phase NOT IN ('b', 'c')", ""},
        {"Phase = 'a' AND Phase <> 'b'", ""},
        {"Roll > 100 AND Roll < 200", ""},
        {"Roll < 100 OR Roll > 200", ""},
        {"Roll >= 0 OR Roll IS NULL", ""},
        {"Roll >= 100 AND Roll <= 100", ""},
        {"Roll < 100 OR Roll > 100", ""},
        {"Phase LIKE 'a%' AND Phase LIKE '%b'", ""},
        {"Roll = '30' OR Roll > 50", ""},
        {"Opened >= '2015-09-01' AND Opened < '2016-09-01'", ""},
        {"Phase > 'a' OR Phase < 'b'", ""},
        {"coalesce(Phase, 'x') = 'a' AND coalesce(Phase, 'x') = 'b'", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = refusal(cases[i].expression);
        g_assert_cmpstr(words, ==, cases[i].words);
    }
}

/* A long chain of other values is looked at in no time, and stays what it is. */
static void test_long_chain(void)
{
    g_autoptr(GString) chain = g_string_new("Phase = 'x'");
    for (guint i = 0; i < 400; i++)
        g_string_append_printf(chain, " OR Phase = 'p%u'", i);
    g_autofree char *words = refusal(chain->str);
    g_assert_cmpstr(words, ==, "");
}

static void test_values(void)
{
    static const struct {
        const char *expression, *words;
    } cases[] = {
        {"Phase NOT IN ('a', NULL)",
         "nothing is equal to NULL: write (Phase NOT IN ('a') AND Phase IS NOT NULL)"},
        {"Status = 'x' AND Phase IN (NULL)",
         "nothing is equal to NULL: write Status = 'x' AND Phase IS NULL"},
        {"substr(Phase, 1, 1) = 'Pr'",
         "substr(Phase, 1, 1) gives 1 character at most, and 'Pr' has more: write substr(Phase, 1, "
         "2) = 'Pr'"},
        {"substr(Phase, 0, 2) = 'Pr'", "substr() counts from 1: write substr(Phase, 1, 2) = 'Pr'"},
        {"substr(Phase, 1, 2) IN ('Pr', 'Sec')",
         "substr(Phase, 1, 2) gives 2 characters at most, and 'Sec' has more"},
        {"substr(Phase, -2) = 'ary'", ""},
        {"Opened < 'December 2026'",
         "'December 2026' is a month, and cells have days: write Opened < '2026-12-01'"},
        {"Opened > 'Sept 2015'",
         "'Sept 2015' is a month, and cells have days: write the day, as in '2015-09-01'"},
        {"Opened BETWEEN '01/09/2015' AND '31/09/2015'",
         "'31/09/2015' is a day that no calendar has (the day stands before the month)"},
        {"Opened > '2015-13-01'",
         "'2015-13-01' is a day that no calendar has (the day stands before the month)"},
        {"Phase > '2025-26'", ""},
        {"Roll > '2015'", ""},
        {"Roll > ''", ""},
        {"Opened > '31-02-2026'",
         "'31-02-2026' is a day that no calendar has (the day stands before the month)"},
        {"Phase > '1/2/3'", ""},
        {"Phase >= 'Year 6'", ""},
        {"Phase < 'M'", ""},
        {"Roll => 100", "=> is not how SQL has it: write Roll >= 100"},
        {"Roll =< 100", "=< is not how SQL has it: write Roll <= 100"},
        {"Roll \u2265 100", "\u2265 is not how SQL has it: write Roll >= 100"},
        {"Phase \u2260 'a'", "\u2260 is not how SQL has it: write Phase <> 'a'"},
        {"Phase NOT = 'a'", "NOT = is not how SQL has it: write Phase <> 'a'"},
        {"Phase NOT 'a'", "NOT is not how SQL has it: write Phase <> 'a'"},
        {"Phase GLOB 'Prim*'", "GLOB 'Prim*' is not how SQL has it: write Phase LIKE 'Prim%'"},
        {"WHERE Phase = 'a'", "only what stands after WHERE is wanted: write Phase = 'a'"},
        {"Phase = 'a';", "no semicolon stands behind an expression: write Phase = 'a'"},
        {"Secondary", "Secondary stands alone, and is no column: if it is a text, say what has to "
                      "be that, as in Phase = 'Secondary' (the columns are: URN, Phase, Status, "
                      "Roll, Opened)"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = refusal(cases[i].expression);
        g_assert_cmpstr(words, ==, cases[i].words);
    }
}

/* --- what rows tell ------------------------------------------------------------------------------ */

static char *tell(const char *expression, const char *const *phases)
{
    WhereSpec spec = {.expression = expression, .columns = columns, .file = "config", .line = 12};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = where_new(&spec, &error);
    g_assert_no_error(error);
    for (guint i = 0; phases[i]; i++) {
        char *cells[] = {(char *)"1", (char *)phases[i], (char *)"", (char *)"", (char *)""};
        const WhereRow row = {.cells = cells, .file = "x.csv", .line = i + 2};
        Truth answer;
        g_assert_true(where_ask(where, &row, &answer, NULL));
    }
    g_autoptr(Findings) findings = findings_new();
    where_report(where, FALSE, findings);
    GString *told = g_string_new(NULL);
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_autofree char *one = finding_text(findings_get(findings, i));
        g_string_append_printf(told, "%s%s", i ? "\n" : "", one);
    }
    return g_string_free(told, FALSE);
}

static void test_told(void)
{
    static const char *const truths[] = {"Yes", "No", "Y", "TRUE", "n", "\u2713", "Unsure", NULL};
    static const char *const flags[] = {"TRUE", "FALSE", NULL};
    static const char *const percents[] = {"45%", "5 %", "0%", "", NULL};
    static const char *const shares[] = {"0.45", "0.05", "1", "0", NULL};
    static const char *const over[] = {"0.45", "45", NULL};
    static const char *const phases[] = {"Primary", "Secondary", NULL};
    static const struct {
        const char *expression;
        const char *const *cells;
        const char *told;
    } cases[] = {
        {"Phase = 'Yes'", truths,
         "x.csv:4: warning: where: 'Yes' isn't what 3 rows have in 'Phase', though they mean the "
         "same: this says 'Y'; mend the list, or name both [looks-alike]"},
        {"Phase <> 'No'", truths,
         "x.csv:6: warning: where: 'No' isn't what 1 row has in 'Phase', though they mean the "
         "same: this says 'n'; mend the list, or name both [looks-alike]"},
        {"Phase = 'Unsure'", truths, ""},
        {"Phase = 'Yes'", flags,
         "config:12: warning: where: no row has 'Yes' in Phase; did you mean 'TRUE'? "
         "[no-such-value]"},
        {"Phase > 0.3", percents,
         "x.csv:5: warning: where can't be answered for 1 row: no value to compare in 'Phase'; the "
         "first is empty [unknown-cell]\n"
         "x.csv:2: warning: where compares 'Phase' with 0.3, and 45% counts as the number before "
         "its sign: is 30 meant? [mixed-measures]"},
        {"Phase > 30", shares,
         "x.csv:2: warning: where compares 'Phase' with 30, and no number there is over 1 (the "
         "first is '0.45'): if they are parts of 1, compare with such [mixed-measures]"},
        {"Phase > 0.3", shares, ""},
        {"Phase > 30", over, ""},
        {"Status = 'x' AND Phase = 'Prim%' OR Status = ''", phases,
         "config:12: warning: where: AND goes before OR, and so it is read as (Status = 'x' AND "
         "Phase = 'Prim%') OR Status = '': write the brackets, there or where they are meant "
         "[and-before-or]"},
        {"(Status = '' AND Phase = 'Primary') OR Status = ''", phases, ""},
        {"Status = '' AND (Phase = 'Primary' OR Phase = 'Secondary')", phases, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = tell(cases[i].expression, cases[i].cells);
        g_assert_cmpstr(told, ==, cases[i].told);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/where-logic/same-for-all", test_same_for_all);
    g_test_add_func("/where-logic/long-chain", test_long_chain);
    g_test_add_func("/where-logic/values", test_values);
    g_test_add_func("/where-logic/told", test_told);
    return g_test_run();
}
