/* test-terms - sheets of terms, and the days in them */
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "list/terms.h"

static Terms *read_terms(const char *text, Findings *findings, GError **error)
{
    g_autofree char *path = NULL;
    int file = g_file_open_tmp("terms-XXXXXX.csv", &path, NULL);
    g_assert_cmpint(file, >=, 0);
    g_close(file, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    SheetSpec spec = {.file = path, .shown = "terms.csv"};
    Terms *terms = terms_read(&spec, findings, error);
    g_unlink(path);
    return terms;
}

static void test_days(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Terms) terms = read_terms("To;Name;note;FROM\n12 February 2027;Spring;x;04/01/2027\n"
                                        "2026-12-18;Autumn;;2026-09-01\n",
                                        findings, NULL);
    static const struct {
        const char *day, *in, *next;
    } days[] = {{"2026-08-31", NULL, "Autumn"},     {"2026-09-01", "Autumn", "Spring"},
                {"2026-12-18", "Autumn", "Spring"}, {"2026-12-19", NULL, "Spring"},
                {"2027-01-04", "Spring", NULL},     {"2027-02-12", "Spring", NULL},
                {"2027-02-13", NULL, NULL}};
    g_assert_cmpuint(findings_kept(findings), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        Day day = day_parse(days[i].day, NULL);
        const Term *in = terms_at(terms, day), *next = terms_after(terms, day);
        g_assert_cmpstr(in ? in->name : NULL, ==, days[i].in);
        g_assert_cmpstr(next ? next->name : NULL, ==, days[i].next);
    }
}

static void test_findings(void)
{
    static const struct {
        const char *text, *id;
        guint line;
    } cases[] = {
        {"name,from,to\nA,2027-01-01,2027-02-30\n", "bad-date", 2},
        {"name,from,to\nA,,2027-02-03\n", "bad-date", 2},
        {"name,from,to\nA,1 January,2027-02-03\n", "bad-date", 2},
        {"name,from,to\nA,2027-02-03,2027-01-01\n", "term-backwards", 2},
        {"name,from,to\nB,2027-02-01,2027-03-01\nA,2027-01-01,2027-02-01\n", "term-overlap", 2},
        {"name,from,to\n", "no-terms", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Terms) terms = read_terms(cases[i].text, findings, NULL);
        g_assert_nonnull(terms);
        g_assert_cmpuint(findings_count(findings, FINDING_ERROR), >, 0);
        g_assert_cmpstr(findings_get(findings, 0)->id, ==, cases[i].id);
        g_assert_cmpuint(findings_get(findings, 0)->line, ==, cases[i].line);
    }
}

static void test_columns(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_assert_null(read_terms("name,start,to\nA,2027-01-01,2027-02-01\n", findings, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_nonnull(strstr(error->message, "terms.csv:1: no column 'from'"));
}

/* One below the limit, at it, and above. */
static void test_limit(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GString) text = g_string_new("name,from,to\n");
        for (int i = 0; i < TERMS_MAX + over; i++) {
            g_autofree char *day = day_iso((Day)(740000 + i));
            g_string_append_printf(text, "T%d,%s,%s\n", i, day, day);
        }
        g_autoptr(Terms) terms = read_terms(text->str, findings, NULL);
        g_assert_true((terms == NULL) == (over > 0));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terms/days", test_days);
    g_test_add_func("/terms/findings", test_findings);
    g_test_add_func("/terms/columns", test_columns);
    g_test_add_func("/terms/limit", test_limit);
    return g_test_run();
}
