/* test-langtag - language tags, what was meant by other words, and days in a language */
#include "text/langtag.h"

static const struct {
    const char *tag, *meant; /* what the problem ends in; NULL when there is none */
} cases[] = {
    {"en", NULL},          {"en-GB", NULL},          {"cy", NULL},
    {"CY", NULL},          {"zh-Hant", NULL},        {"yue", NULL},
    {"sco", NULL},         {"de-CH-1996", NULL},     {"Welsh", "write cy"},
    {"welsh", "write cy"}, {"Polski", "write pl"},   {"English (UK)", "write en"},
    {"en_GB", "en-GB"},    {"en-UK", "en-GB"},       {"gb", "write en-GB"},
    {"xx", "en-GB or cy"}, {"", "en-GB or cy"},      {"en-", "no part of one"},
    {"cz", "write cs"},    {"e", "en-GB or cy"},     {"en-toolongpart", "no part of one"},
    {"Klingon", "or cy"},  {"Gàidhlig", "write gd"}, {"12", "en-GB or cy"},
};

static void test_tags(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *problem = langtag_problem(cases[i].tag);
        if (!cases[i].meant)
            g_assert_cmpstr(problem, ==, NULL);
        else if (!problem || !g_str_has_suffix(problem, cases[i].meant))
            g_error("%s: %s", cases[i].tag, problem);
    }
}

static void test_direction(void)
{
    g_assert_cmpstr(langtag_direction("ar-EG"), ==, "rtl");
    g_assert_cmpstr(langtag_direction("ur"), ==, "rtl");
    g_assert_cmpstr(langtag_direction("en"), ==, "ltr");
    g_assert_cmpstr(langtag_direction("arn"), ==, "ltr");
}

static void test_days(void)
{
    static const char *const days[][2] = {{"en-GB", "13 January 2027"},
                                          {"en-US", "January 13, 2027"},
                                          {"cy", "13 Ionawr 2027"},
                                          {"fr", "13 janvier 2027"},
                                          {"pl", NULL}};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        g_autofree char *day = langtag_day(days[i][0], day_parse("2027-01-13", NULL));
        g_assert_cmpstr(day, ==, days[i][1]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/langtag/tags", test_tags);
    g_test_add_func("/langtag/direction", test_direction);
    g_test_add_func("/langtag/days", test_days);
    return g_test_run();
}
