/* test-rules - the tables of rules, and that circular-check(7) is made from them
 *
 * CIRCULAR_BLESS=1 rewrites the manual; git diff reviews.
 */
#include <string.h>

#include "rules/rule.h"

static void test_man_is_written(void)
{
    g_autofree char *file = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    rules_write_man(out);
    if (g_getenv("CIRCULAR_BLESS"))
        g_assert_true(
            g_file_set_contents("cmd/man/circular-check.7", out->str, (gssize)out->len, NULL));
    g_assert_true(g_file_get_contents("cmd/man/circular-check.7", &file, NULL, NULL));
    if (!g_str_equal(file, out->str))
        g_error("circular-check.7 is not what the rules say: run this test with CIRCULAR_BLESS=1");
}

/* Sentences that a person can read. */
static void is_sentence(const Rule *rule, const char *text)
{
    if (!strchr(".?)}", text[strlen(text) - 1]) || strstr(text, "  ") || strchr(text, '\n'))
        g_error("%s: no sentence: %s", rule->id, text);
}

static void test_rows_are_whole(void)
{
    guint count = 0;
    for (int group = 0; group < RULE_GROUPS; group++) {
        for (const Rule *rule = rules_of((RuleGroup)group); rule->id; rule++, count++) {
            g_assert_true(rule->group == (RuleGroup)group);
            g_assert_cmpuint(strspn(rule->id, "abcdefghijklmnopqrstuvwxyz8-"), ==,
                             strlen(rule->id));
            g_assert_true(rule_find(rule->id) != NULL);
            g_assert_false(g_str_has_suffix(rule->what, "."));
            is_sentence(rule, rule->why);
            is_sentence(rule, rule->fix);
        }
    }
    g_assert_cmpuint(count, >, 100);
}

static void test_find(void)
{
    g_assert_cmpstr(rule_find("link-text")->id, ==, "link-text");
    g_assert_null(rule_find("link-txt"));
    g_assert_null(rule_find(""));
    g_assert_cmpstr(rule_near("link-txt"), ==, "link-text");
    g_assert_null(rule_near("something else entirely"));
}

static void test_report_takes_the_rows_severity(void)
{
    g_autoptr(Findings) findings = findings_new();
    rule_report(findings, "no-preheader", "a.md", 1, "no %s", "preheader");
    rule_report(findings, "link-text", "a.md", 2, "'%s'", "here");
    g_assert_cmpint(findings_get(findings, 0)->severity, ==, FINDING_NOTE);
    g_assert_cmpint(findings_get(findings, 1)->severity, ==, FINDING_WARNING);
    g_assert_cmpstr(findings_get(findings, 1)->text, ==, "'here'");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/man-is-written", test_man_is_written);
    g_test_add_func("/rules/rows-are-whole", test_rows_are_whole);
    g_test_add_func("/rules/find", test_find);
    g_test_add_func("/rules/report", test_report_takes_the_rows_severity);
    return g_test_run();
}
