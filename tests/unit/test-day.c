/* test-day - dates and times of day as people write them, and what is said of the others */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/day.h"
#include "base/error.h"

static const struct {
    const char *text, *expected; /* ISO date, then the minutes; or a word of what is wrong */
} cases[] = {
    {"2027-01-11", "2027-01-11 -1"},
    {" 2027-01-11 ", "2027-01-11 -1"},
    {"2028-02-29", "2028-02-29 -1"},
    {"11/01/2027", "2027-01-11 -1"},
    {"1/2/2027", "2027-02-01 -1"},
    {"11 January 2027", "2027-01-11 -1"},
    {"11th of", "can't be read"},
    {"11th January, 2027", "2027-01-11 -1"},
    {"1st sept 2027", "2027-09-01 -1"},
    {"Mon 11 Jan. 2027", "2027-01-11 -1"},
    {"Monday, 11 JANUARY 2027", "2027-01-11 -1"},
    {"January 11, 2027", "2027-01-11 -1"},
    {"Tues 12th of January 2027", "2027-01-12 -1"},
    {"January 11th 2027 9am", "2027-01-11 540"},
    {"2027-01-11 09:30", "2027-01-11 570"},
    {"2027-01-11T09:30", "2027-01-11 570"},
    {"2027-01-11 00:00", "2027-01-11 0"},
    {"2027-01-11 23:59", "2027-01-11 1439"},
    {"11/01/2027, 9.30am", "2027-01-11 570"},
    {"11 January 2027 at 2pm", "2027-01-11 840"},
    {"11 January 2027 12:15 am", "2027-01-11 15"},
    {"11 January 2027 12pm", "2027-01-11 720"},
    /* what is wrong */
    {"", "can't be read"},
    {"tomorrow", "can't be read"},
    {"11 January", "no year"},
    {"January 2027", "the day is missing"},
    {"Ja 11 2027", "can't be read"},
    {"11 January 09:30", "no year"},
    {"11 January 9.30am", "no year"},
    {"11/01", "no year"},
    {"11/01/27", "four digits"},
    {"11 January 27", "four digits"},
    {"0207-01-11", "four digits"},
    {"1899-12-31", "four digits"},
    {"2200-01-01", "four digits"},
    {"20270-01-11", "four digits"},
    {"2027-02-30", "no such day"},
    {"2027-02-29", "no such day"},
    {"2027-04-31", "no such day"},
    {"31/04/2027", "no such day"},
    {"2027-13-01", "no month 13"},
    {"01/13/2027", "no month 13"},
    {"2027-00-01", "no month 0"},
    {"2027-01-00", "no such day"},
    {"2027-01", "the day is missing"},
    {"Tuesday 11 January 2027", "is a Monday"},
    {"2027-01-11 24:00", "time of day"},
    {"2027-01-11 09:60", "time of day"},
    {"2027-01-11 9:3", "two digits"},
    {"2027-01-11 09", "time of day"},
    {"2027-01-11 13pm", "time of day"},
    {"2027-01-11 09:30 sharp", "time of day"},
    {"2027-01-11 soon", "no time of day"},
    {"999999999999-01-01", "can't be read"},
};

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        int minutes;
        Day day = day_parse_time(cases[i].text, &minutes, &error);
        g_autofree char *iso = day ? day_iso(day) : NULL;
        g_autofree char *got = day ? g_strdup_printf("%s %d", iso, minutes) : g_strdup("");
        g_auto(GStrv) words = g_strsplit(cases[i].expected, "|", -1);
        gboolean said = FALSE;
        for (guint w = 0; error && words[w]; w++)
            said |= strstr(error->message, words[w]) != NULL;
        if (day ? !g_str_equal(got, cases[i].expected) : !said)
            g_error("'%s': %s, not %s", cases[i].text, day ? got : error->message,
                    cases[i].expected);
    }
}

static void test_without_time(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(day_parse("0001-01-01", NULL), ==, 0);
    g_assert_cmpuint(day_parse("2027-01-12", NULL), ==, day_parse("2027-01-11", NULL) + 1);
    g_assert_cmpuint(day_parse("2027-01-11 09:30", &error), ==, 0);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_nonnull(strstr(error->message, "09:30"));
}

static void test_words(void)
{
    Day day = day_parse("2027-01-13", NULL);
    g_autofree char *text = day_text(day), *brief = day_short(day), *iso = day_iso(day_monday(day));
    g_assert_cmpstr(text, ==, "Wednesday 13 January 2027");
    g_assert_cmpstr(brief, ==, "13 January");
    g_assert_cmpstr(iso, ==, "2027-01-11");
    g_autofree char *table = day_brief(day);
    g_assert_cmpstr(table, ==, "13 Jan 2027");
    g_assert_cmpuint(day_monday(day_monday(day)), ==, day_monday(day));
    static const struct {
        int minutes;
        const char *text;
    } clocks[] = {{0, "midnight"}, {1, "12:01am"},   {570, "9:30am"}, {660, "11am"},
                  {720, "midday"}, {735, "12:15pm"}, {840, "2pm"},    {1439, "11:59pm"}};
    for (gsize i = 0; i < G_N_ELEMENTS(clocks); i++) {
        g_autofree char *clock = day_clock(clocks[i].minutes);
        g_assert_cmpstr(clock, ==, clocks[i].text);
    }
}

/* What the clock on the wall shows, also when summer time begins and ends. */
static void test_zone(void)
{
    static const struct {
        const char *utc, *day;
        int minutes;
    } times[] = {
        {"2027-03-28T00:59:00Z", "2027-03-28", 59}, {"2027-03-28T01:00:00Z", "2027-03-28", 120},
        {"2027-06-30T23:30:00Z", "2027-07-01", 30}, {"2027-10-31T00:30:00Z", "2027-10-31", 90},
        {"2027-10-31T01:30:00Z", "2027-10-31", 90}, {"2027-12-31T23:59:59Z", "2027-12-31", 1439},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(times[i].utc, NULL);
        int minutes;
        Day day = day_of(g_date_time_to_unix(time) * G_USEC_PER_SEC, &minutes);
        g_autofree char *iso = day_iso(day);
        g_assert_cmpstr(iso, ==, times[i].day);
        g_assert_cmpint(minutes, ==, times[i].minutes);
    }
}

int main(int argc, char **argv)
{
    setenv("TZ", "Europe/London", 1);
    tzset();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/day/cases", test_cases);
    g_test_add_func("/day/without-time", test_without_time);
    g_test_add_func("/day/words", test_words);
    g_test_add_func("/day/zone", test_zone);
    return g_test_run();
}
