/* test-dates - days that a text names */
#include <string.h>

#include "rules/dates.h"

/* Every date of the text as "weekday day/month/year@start", joined by blanks. */
static char *dates_of(const char *text, gboolean month_first)
{
    GString *out = g_string_new(NULL);
    DateFound found;
    gsize at = 0;
    while (dates_next(text, &at, month_first, &found)) {
        g_assert_cmpuint(found.start, <, found.end);
        g_assert_cmpuint(found.end, <=, strlen(text));
        g_assert_cmpuint(at, ==, found.end);
        g_string_append_printf(out, "%s%u %u/%u/%u%s", out->len ? "; " : "", found.weekday,
                               found.day, found.month, found.year, found.possible ? "" : "!");
    }
    return g_string_free(out, FALSE);
}

static void is(const char *text, const char *expected)
{
    g_autofree char *found = dates_of(text, FALSE);
    g_assert_cmpstr(found, ==, expected);
}

static void test_forms(void)
{
    is("Tuesday 7 January 2025", "2 7/1/2025");
    is("Tues 7 Jan", "2 7/1/0");
    is("on Tuesday, 7th January, 2025.", "2 7/1/2025");
    is("Tuesday the 7th of January", "2 7/1/0");
    is("Tue. 7 Sept. 2025", "2 7/9/2025");
    is("TUESDAY 7 JANUARY 2025", "2 7/1/2025");
    is("January 7, 2025", "0 7/1/2025");
    is("Tuesday, January 7", "2 7/1/0");
    is("7/1/2025", "0 7/1/2025");
    is("Tuesday 7/1/25", "2 7/1/2025");
    is("07.01.2025 and 2025-01-07", "0 7/1/2025; 0 7/1/2025");
    is("Tuesday\n7\nJanuary\n2025", "2 7/1/2025");
    is("Tuesday\t7 January 2025", "2 7/1/2025");
    is("Tuesday\xc2\xa0"
       "7\xc2\xa0January",
       "2 7/1/0");
    is("Monday 6 and Tuesday 7 January 2025", "1 6/1/2025; 2 7/1/2025");
    is("Monday 6 – Tuesday 7 January", "1 6/1/0; 2 7/1/0");
    is("Monday 30 to Wednesday 1 July", "3 1/7/0"); /* of two months: the first isn't known */
    is("1 May 2025, 2 May 2025", "0 1/5/2025; 0 2/5/2025");
    g_autofree char *us = dates_of("7/1/2025", TRUE);
    g_assert_cmpstr(us, ==, "0 1/7/2025");
}

static void test_impossible(void)
{
    is("31 November", "0 31/11/0!");
    is("30 February 2027", "0 30/2/2027!");
    is("29 February 2027", "0 29/2/2027!");
    is("29 February 2028", "0 29/2/2028");
    is("29 February", "0 29/2/0");
    is("31/11/2026", "0 31/11/2026!");
    is("1/13/2026", "0 1/13/2026!");
}

/* What looks like a date and may be none. */
static void test_none(void)
{
    static const char *const texts[] = {
        "",
        "You may 4 times",
        "may 4",
        "March 7",
        "Monday at 9",
        "Monday 9.30am",
        "7:30 March",
        "24/7",
        "24/7/365",
        "1/2",
        "7/1/25",
        "version 1.2.3",
        "10.20.30.40",
        "https://example.org/2024-12-31/x",
        "a2025-01-07",
        "2025-01-07T08:00",
        "32 January",
        "0 January",
        "45/1/2025",
        "Year 7",
        "Saturn 7 January",
        "Monday",
        "Monday 7",
        "7",
        "7 Januarys",
        "7/1/",
        "2025-",
        "2025-01",
        "7.1.",
        "1/2/1066",
        "Tuesday 7/1/2",
        "ref 01-02-2025/7",
        "file_7/1/2025",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *found = dates_of(texts[i], FALSE);
        if (*found && !strstr(texts[i], "Saturn"))
            g_error("'%s' gives %s", texts[i], found);
    }
    is("Saturn 7 January", "0 7/1/0");
}

static void test_years(void)
{
    is("7 January 1989", "0 7/1/0");
    is("7 January 1990", "0 7/1/1990");
    is("7 January 2099", "0 7/1/2099");
    is("7 January 2100", "0 7/1/0");
    is("7 January 20255", "0 7/1/0");
    is("7 January 2027/28", "0 7/1/0");
}

static void test_calendar(void)
{
    g_assert_cmpuint(dates_weekday(7, 1, 2025), ==, 2);
    g_assert_cmpuint(dates_weekday(23, 11, 2026), ==, 1);
    g_assert_cmpuint(dates_weekday(29, 2, 2028), ==, 2);
    g_assert_cmpuint(dates_number(1, 1, 2026) - dates_number(1, 1, 2025), ==, 365);
    g_assert_cmpstr(dates_weekday_name(1), ==, "Monday");
    g_assert_cmpstr(dates_weekday_name(7), ==, "Sunday");
}

static void years_are(const char *text, const char *expected)
{
    g_autoptr(GArray) years = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GString) out = g_string_new(NULL);
    dates_years(text, years);
    for (guint i = 0; i < years->len; i++)
        g_string_append_printf(out, "%s%u", i ? " " : "", g_array_index(years, guint, i));
    g_assert_cmpstr(out->str, ==, expected);
}

static void test_named_years(void)
{
    years_are("Dates 2027/28", "2027 2028");
    years_are("2027-28 and 2030–31", "2027 2028 2030 2031");
    years_are("2027/2028", "2027 2028 2028");
    years_are("2027/29", "2027");
    years_are("12027 2027a 1850 20271", "2027"); /* a letter behind it is taken as one: "2027a" */
    years_are("", "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dates/forms", test_forms);
    g_test_add_func("/dates/impossible", test_impossible);
    g_test_add_func("/dates/none", test_none);
    g_test_add_func("/dates/years", test_years);
    g_test_add_func("/dates/calendar", test_calendar);
    g_test_add_func("/dates/named-years", test_named_years);
    return g_test_run();
}
