/* test-typeset - words that stay together, and apostrophes of values */
#include <string.h>

#include "text/langtag.h"
#include "template/typeset.h"

/* With "_" for a no-break space. */
static void assert_joined(const char *text, const char *expected)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    g_autofree char *joined = typeset_join(text, "Qx");
    g_string_assign(shown, joined);
    g_string_replace(shown, "\xc2\xa0", "_", 0);
    g_assert_cmpstr(shown->str, ==, expected);
}

static void test_join(void)
{
    assert_joined("on Monday 20 January 2027, or 3rd May", "on Monday 20_January 2027, or 3rd_May");
    assert_joined("January 20, and 13 Ionawr", "January_20, and 13_Ionawr");
    assert_joined("Year 6, Room 12 (Key Stage 2)", "Year_6, Room_12 (Key_Stage_2)");
    assert_joined("9.30 am to 11 p.m., 3 million, 5 km", "9.30_am to 11_p.m., 3_million, 5_km");
    assert_joined("ring 01632 960001 or 020 7946 0000.", "ring 01632_960001 or 020_7946_0000.");
    assert_joined("+44 1632 960001", "+44_1632_960001");
    assert_joined("Year Qx00001z Qx00002z", "Year_Qx00001z Qx00002z");
    assert_joined("in 2027 450 heads may attend; 45 May", "in 2027 450 heads may attend; 45_May");
    assert_joined("a  b\n20\nJanuary 1 ", "a  b\n20\nJanuary_1 ");
    assert_joined("", "");
}

static void assert_value(const char *value, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean changed = typeset_value(value, strlen(value), out);
    if (changed)
        g_string_replace(out, "\xc2\xa0", "_", 0);
    g_assert_cmpstr(changed ? out->str : value, ==, expected);
}

static void test_values(void)
{
    assert_value("St Brigid's and O'Brien", "St Brigid’s and O’Brien");
    assert_value("the boys' school", "the boys’ school");
    assert_value("o'neill@example.org's", "o'neill@example.org's");
    assert_value("https://example.org/o'neill", "https://example.org/o'neill");
    assert_value("see 'Dates' here", "see 'Dates' here");
    assert_value("the 'boys' school'", "the 'boys' school'");
    assert_value("from 20 January", "from 20_January");
    assert_value("x='1'", "x='1'");
    assert_value("5' 6\"", "5' 6\"");
    assert_value("caf\xe9's", "caf\xe9’s");
    assert_value("plain", "plain");
    assert_value("", "");
}

/* More values than are remembered, one after the other and again. */
static void test_memo(void)
{
    enum { VALUES = TYPESET_MEMO + 5 };
    char values[VALUES][20];
    TypesetMemo memo;
    typeset_memo_init(&memo);
    for (guint i = 0; i < VALUES; i++)
        g_snprintf(values[i], sizeof values[i], i % 3 ? "Year %u's" : "plain%u", i);
    for (guint round = 0; round < 3; round++) {
        for (guint i = 0; i < VALUES; i++) {
            g_autoptr(GString) want = g_string_new(NULL);
            gsize length = strlen(values[i]);
            if (!typeset_value(values[i], length, want))
                g_string_assign(want, values[i]);
            const char *got = typeset_memo_value(&memo, values[i], &length);
            g_assert_cmpmem(got, length, want->str, want->len);
        }
    }
    gsize part = 4; /* of a value that is remembered in whole */
    g_assert_true(typeset_memo_value(&memo, values[1], &part) == values[1]);
    g_assert_cmpuint(part, ==, 4);
    typeset_memo_clear(&memo);
}

static void test_languages(void)
{
    g_assert_cmpstr(langtag_of("cy"), ==, "cy");
    g_assert_cmpstr(langtag_of("en-GB"), ==, "en-GB");
    g_assert_cmpstr(langtag_of("Welsh"), ==, "cy");
    g_assert_cmpstr(langtag_of("sco"), ==, "sco");
    g_assert_null(langtag_of("box"));
    g_assert_null(langtag_of("note"));
    g_assert_null(langtag_of(""));
    g_assert_true(langtag_is_month("Sept", 4));
    g_assert_true(langtag_is_month("Mawrth", 6));
    g_assert_false(langtag_is_month("march", 5));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/typeset/join", test_join);
    g_test_add_func("/typeset/values", test_values);
    g_test_add_func("/typeset/memo", test_memo);
    g_test_add_func("/typeset/languages", test_languages);
    return g_test_run();
}
