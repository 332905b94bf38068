/* test-amount - how many and how long, as people say it */
#include "text/amount.h"

static void check(char *got, const char *expected)
{
    g_assert_cmpstr(got, ==, expected);
    g_free(got);
}

static void test_numbers(void)
{
    check(amount_number(0), "0");
    check(amount_number(999), "999");
    check(amount_number(1000), "1,000");
    check(amount_number(12345678), "12,345,678");
    check(amount_number(G_MAXUINT64), "18,446,744,073,709,551,615");
    check(amount_of(0, "letter", "letters"), "0 letters");
    check(amount_of(1, "letter", "letters"), "1 letter");
    check(amount_of(24000, "letter", "letters"), "24,000 letters");
    g_assert_cmpstr(amount_form(1, "is", "are"), ==, "is");
    g_assert_cmpstr(amount_form(0, "", "s"), ==, "s");
    g_assert_cmpstr(amount_form(11, "has", "have"), ==, "have");
}

static void test_durations(void)
{
    static const struct {
        gint64 seconds;
        const char *text;
    } cases[] = {
        {-5, "less than a second"},
        {0, "less than a second"},
        {1, "1 second"},
        {59, "59 seconds"},
        {60, "1 minute"},
        {61, "1 minute 1 second"},
        {599, "9 minutes 59 seconds"},
        {600, "10 minutes"},
        {659, "10 minutes"},
        {3600, "1 hour"},
        {3659, "1 hour"},
        {7500, "2 hours 5 minutes"},
        {86399, "23 hours"},
        {86400, "1 day"},
        {90000, "1 day 1 hour"},
        {864000, "10 days"},
        {86400 * 400, "400 days"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(amount_duration(cases[i].seconds * G_USEC_PER_SEC), cases[i].text);
    check(amount_duration(G_USEC_PER_SEC - 1), "less than a second");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/amount/numbers", test_numbers);
    g_test_add_func("/amount/durations", test_durations);
    return g_test_run();
}
