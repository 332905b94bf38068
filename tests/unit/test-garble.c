/* test-garble - words that were wrongly converted, once or twice, and those that weren't */
#include <string.h>

#include "text/garble.h"

static void test_fix(void)
{
    static const char *const cases[][2] = {
        {"donâ€™t", "don’t"},
        {"â€œquoteâ€\xc2\x9d", "“quote”"},
        {"donÃ¢â‚¬â„¢t", "don’t"}, /* twice */
        {"Â£5", "£5"},
        {"cafÃ©", "café"},
        {"café", NULL},
        {"SÃO", NULL},
        {"Ã", NULL},
        {"plain", NULL},
        {"£5", NULL},
        {"Â", NULL},
        {"don\u00e2\xc2\x80\xc2\x99t", "don’t"}, /* UTF-8 taken for Latin-1 */
        {"中文", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *mended = garble_fix(cases[i][0]);
        g_assert_cmpstr(mended, ==, cases[i][1]);
    }
}

static void assert_found(const char *text, const char *expected)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GString) all = g_string_new(NULL);
    garble_check(text, strlen(text), "u.md", 1, findings);
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        g_string_append_printf(all, "%u %s ", finding->line, finding->id);
    }
    g_assert_cmpstr(all->str, ==, expected);
}

static void test_check(void)
{
    assert_found("fine\nand donâ€™t cafÃ©\n", "2 garbled 2 garbled ");
    assert_found("the caf\ufffd\n", "1 garbled ");
    assert_found("\uf0b7 a\n\uf0a7\tb\nc \ufffc\n", "1 garbled 2 garbled 3 garbled ");
    assert_found("50Â % of it\n", "1 garbled ");
    assert_found("Siân Â ÂN AÂ\n", "");
    assert_found("don\xc2\x92t\n", "1 garbled ");
    assert_found("a \u202eb\n", "1 hidden-direction ");
    assert_found("a \u2067b\u2069 \u200fc\n", "");
    assert_found("Â£1 Â£2 Â£3 Â£4\n", "1 garbled 1 garbled 1 garbled ");
}

static void test_turns(void)
{
    g_assert_true(garble_turns("a\u202e", 4));
    g_assert_true(garble_turns("\u2068x", 4));
    g_assert_false(garble_turns("\u2019\u200f\u202f", 9));
    g_assert_false(garble_turns("\xe2\x80", 2));
    g_assert_false(garble_turns("", 0));
    g_assert_true(garble_reverses("a\u202eb"));
    g_assert_true(garble_reverses("\u0645 \u202eb"));
    g_assert_true(garble_reverses("\u2067b\u2069"));
    g_assert_false(garble_reverses("\u202b\u0645\u202c"));
    g_assert_false(garble_reverses("\u202d01632 960001\u202c"));
    g_assert_false(garble_reverses("\u2019b\xff"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/garble/fix", test_fix);
    g_test_add_func("/garble/check", test_check);
    g_test_add_func("/garble/turns", test_turns);
    return g_test_run();
}
