/* test-finding - collected, counted, bounded, and never the error pushed out by warnings */
#include "base/finding.h"

#include "base/error.h"

static void test_text(void)
{
    g_autoptr(Findings) findings = findings_new();
    static const char *const expected[] = {
        "lists/s.csv:812: error: not an e-mail address: 'a@@b' (column head_email) [bad-address]",
        "lists/s.csv: warning: no rows [empty]",
        "note: 3 left out [left-out]",
        "note: line 7 without a file [odd]",
    };
    findings_add(findings, FINDING_ERROR, "lists/s.csv", 812, "bad-address",
                 "not an e-mail address: '%s' (column %s)", "a@@b", "head_email");
    findings_add(findings, FINDING_WARNING, "lists/s.csv", 0, "empty", "no rows");
    findings_add(findings, FINDING_NOTE, NULL, 0, "left-out", "%d left out", 3);
    findings_add(findings, FINDING_NOTE, NULL, 7, "odd", "line 7 without a file");
    g_assert_cmpuint(findings_kept(findings), ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *text = finding_text(findings_get(findings, i));
        g_assert_cmpstr(text, ==, expected[i]);
    }
    g_assert_cmpuint(findings_count(findings, FINDING_ERROR), ==, 1);
    g_assert_cmpuint(findings_count(findings, FINDING_WARNING), ==, 1);
    g_assert_cmpuint(findings_count(findings, FINDING_NOTE), ==, 2);
    g_assert_cmpuint(findings_count_id(findings, "bad-address"), ==, 1);
    g_assert_cmpuint(findings_count_id(findings, "never"), ==, 0);
}

/* A cell of a worksheet is named as Excel names it, and keeps its name when it is passed on. */
static void test_cell(void)
{
    static const struct {
        Location at;
        const char *text;
    } places[] = {
        {{"h.xlsx:Heads", 17, 3}, "h.xlsx:Heads!C17"},
        {{"h.xlsx:Heads", 17, 0}, "h.xlsx:Heads:17"},
        {{"h.xlsx:Heads", 1, 26}, "h.xlsx:Heads!Z1"},
        {{"h.xlsx:Heads", 1, 27}, "h.xlsx:Heads!AA1"},
        {{"h.xlsx:H", 1, 16384}, "h.xlsx:H!XFD1"},
        {{"h.xlsx:Heads", 0, 3}, "h.xlsx:Heads"},
        {{NULL, 3, 3}, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *text = location_text(&places[i].at);
        g_assert_cmpstr(text, ==, places[i].text);
    }
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Findings) others = findings_new();
    findings_add_at(findings, FINDING_WARNING, &places[0].at, "x", "no %s", "value");
    findings_copy_all(others, findings);
    g_autofree char *text = finding_text(findings_get(others, 0));
    g_assert_cmpstr(text, ==, "h.xlsx:Heads!C17: warning: no value [x]");
}

/* What is quoted from a file stays one line and drives no terminal. */
static void test_hostile(void)
{
    g_autoptr(Findings) findings = findings_new();
    findings_add(findings, FINDING_ERROR, "f", 1, "x", "value '%s'", "a\nb.csv:1: error: \x1b[2J");
    g_assert_cmpstr(findings_get(findings, 0)->text, ==, "value 'a\\x0ab.csv:1: error: \\x1b[2J'");
    findings_add(findings, FINDING_ERROR, "f", 1, "x", "%s", "100% of %s %n");
    g_assert_cmpstr(findings_get(findings, 1)->text, ==, "100% of %s %n");
}

static void test_limit(void)
{
    static const guint counts[] = {FINDINGS_KEPT - 1, FINDINGS_KEPT, FINDINGS_KEPT + 1, 100000};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autoptr(Findings) findings = findings_new();
        for (guint n = 0; n < counts[i]; n++)
            findings_add(findings, FINDING_WARNING, "f", n, "many", "one");
        findings_add(findings, FINDING_WARNING, "f", 1, "other", "another id has room");
        g_assert_cmpuint(findings_kept(findings), ==, MIN(counts[i], FINDINGS_KEPT) + 1);
        g_assert_cmpuint(findings_count_id(findings, "many"), ==, counts[i]);
        g_assert_cmpuint(findings_count(findings, FINDING_WARNING), ==, counts[i] + 1);
    }
}

static void test_pass(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_assert_true(findings_pass(findings, &error));
    findings_add(findings, FINDING_WARNING, "f", 1, "x", "only a warning");
    g_assert_true(findings_pass(findings, &error));
    g_assert_no_error(error);
    findings_add(findings, FINDING_ERROR, "f", 2, "x", "the first");
    g_assert_false(findings_pass(findings, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_cmpstr(error->message, ==, "f:2: the first");
    g_clear_error(&error);
    findings_add(findings, FINDING_ERROR, NULL, 0, "y", "the second");
    findings_add(findings, FINDING_ERROR, NULL, 0, "y", "the third");
    g_assert_false(findings_pass(findings, &error));
    g_assert_cmpstr(error->message, ==, "f:2: the first (and 2 more)");
    g_assert_false(findings_pass(findings, NULL));
}

static void test_error_after_many_warnings(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    for (guint n = 0; n < 10 * FINDINGS_KEPT; n++)
        findings_add(findings, FINDING_WARNING, "f", n, "address", "unusual");
    findings_add(findings, FINDING_ERROR, "f", 5000, "address", "not an address");
    g_assert_false(findings_pass(findings, &error));
    g_assert_cmpstr(error->message, ==, "f:5000: not an address");
    g_assert_cmpuint(findings_count_id(findings, "address"), ==, 10 * FINDINGS_KEPT + 1);
}

static void test_sort(void)
{
    g_autoptr(Findings) findings = findings_new();
    findings_add(findings, FINDING_NOTE, "b.csv", 9, "one", "1");
    findings_add(findings, FINDING_NOTE, NULL, 0, "two", "2");
    findings_add(findings, FINDING_NOTE, "u.md", 7, "three", "3");
    findings_add(findings, FINDING_NOTE, "a.csv", 1, "four", "4");
    findings_add(findings, FINDING_NOTE, "u.md", 2, "five", "5");
    findings_add(findings, FINDING_NOTE, "u.md", 7, "six", "6");
    findings_add(findings, FINDING_NOTE, "b.csv", 3, "seven", "7");
    findings_sort(findings, "u.md");
    g_autoptr(GString) order = g_string_new(NULL);
    for (guint i = 0; i < findings_kept(findings); i++)
        g_string_append(order, findings_get(findings, i)->text);
    g_assert_cmpstr(order->str, ==, "5367142");
    findings_sort(findings, NULL);
    g_assert_cmpstr(findings_get(findings, 6)->text, ==, "2");
}

static gboolean silences_one(void *user, const char *file, guint line, const char *id)
{
    guint *asked = user;
    ++*asked;
    return g_strcmp0(file, "u.md") == 0 && line == 3 && g_str_equal(id, "quiet");
}

/* What is silenced was never there; errors are not even asked about. */
static void test_silence(void)
{
    guint asked = 0;
    g_autoptr(Findings) findings = findings_new();
    findings_silence(findings, silences_one, &asked);
    findings_add(findings, FINDING_WARNING, "u.md", 3, "quiet", "x");
    findings_add(findings, FINDING_NOTE, "u.md", 4, "quiet", "x");
    findings_add(findings, FINDING_ERROR, "u.md", 3, "quiet", "x");
    g_assert_cmpuint(asked, ==, 2);
    g_assert_cmpuint(findings_kept(findings), ==, 2);
    g_assert_cmpuint(findings_count(findings, FINDING_WARNING), ==, 0);
    g_assert_cmpuint(findings_count_id(findings, "quiet"), ==, 2);
    findings_silence(findings, NULL, NULL);
    findings_add(findings, FINDING_WARNING, "u.md", 3, "quiet", "x");
    g_assert_cmpuint(findings_count(findings, FINDING_WARNING), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/finding/text", test_text);
    g_test_add_func("/finding/cell", test_cell);
    g_test_add_func("/finding/hostile", test_hostile);
    g_test_add_func("/finding/limit", test_limit);
    g_test_add_func("/finding/pass", test_pass);
    g_test_add_func("/finding/error-after-many-warnings", test_error_after_many_warnings);
    g_test_add_func("/finding/sort", test_sort);
    g_test_add_func("/finding/silence", test_silence);
    return g_test_run();
}
