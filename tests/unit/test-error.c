/* test-error - slips of the finger, and what must not reach a terminal */
#include "base/error.h"

#include <string.h>

static const char *const words[] = {"plan",    "preview",  "send", "status",
                                    "subject", "reply_to", "urn",  NULL};

static void test_nearest(void)
{
    static const char *const cases[][2] = {
        {"plan", "plan"},
        {"PLAN", "plan"},
        {"plna", "plan"},
        {"pln", "plan"},
        {"plaan", "plan"},
        {"sned", "send"},
        {"stauts", "status"},
        {"subjcet", "subject"},
        {"preveiw", "preview"},
        {"replyto", "reply_to"},
        {"reply-to", "reply_to"},
        {"un", "urn"},
        {"p", NULL},
        {"", NULL},
        {"bounces", NULL},
        {"plant-pot", NULL},
        {"nalp", NULL},
        {"xyz", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(nearest_word(cases[i][0], words), ==, cases[i][1]);
}

static void test_nearest_of_several(void)
{
    static const char *const near[] = {"heads", "head", "beads", NULL};
    static const char *const none[] = {NULL};
    g_assert_cmpstr(nearest_word("head", near), ==, "head");
    g_assert_cmpstr(nearest_word("reads", near), ==, "heads"); /* the first of equals */
    g_assert_null(nearest_word("heads", none));
}

static void test_nearest_limit(void)
{
    g_autofree char *at = g_strnfill(64, 'x'), *above = g_strnfill(65, 'x');
    g_autofree char *below = g_strnfill(63, 'x'), *huge = g_strnfill(100000, 'x');
    const char *const long_words[] = {above, at, NULL}, *const too_long[] = {above, NULL};
    g_assert_cmpstr(nearest_word(below, long_words), ==, at);
    g_assert_cmpstr(nearest_word(at, long_words), ==, at);
    g_assert_null(nearest_word(at, too_long));
    g_assert_null(nearest_word(above, long_words));
    g_assert_null(nearest_word(huge, long_words));
}

static void test_visible(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"plain text, 'quoted' \\x00", "plain text, 'quoted' \\x00"},
        {"Zażółć 校長 \xf0\x9f\x8e\x93", "Zażółć 校長 \xf0\x9f\x8e\x93"},
        {"a\r\nb\tc", "a\\x0d\\x0ab\\x09c"},
        {"\x1b[31mred\x7f", "\\x1b[31mred\\x7f"},
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m"},                   /* CSI of C1 */
        {"\xc2\xa0x", "\xc2\xa0x"},          /* a no-break space is none */
        {"caf\xe9!", "caf\\xe9!"},           /* Windows-1252 */
        {"\xff\xfe", "\\xff\\xfe"},          /* never UTF-8 */
        {"\xe2\x82", "\\xe2\\x82"},          /* cut short */
        {"\xc0\xaf", "\\xc0\\xaf"},          /* overlong */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* a surrogate */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = text_visible(cases[i][0]);
        g_assert_cmpstr(shown, ==, cases[i][1]);
        g_assert_true(g_utf8_validate(shown, -1, NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/nearest", test_nearest);
    g_test_add_func("/error/nearest-of-several", test_nearest_of_several);
    g_test_add_func("/error/nearest-limit", test_nearest_limit);
    g_test_add_func("/error/visible", test_visible);
    return g_test_run();
}
