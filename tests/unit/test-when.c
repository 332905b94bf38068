/* Tests of text/when: the zone of London, whose summer time began on 28 March 2027 at 01:00 UTC. */
#include "text/when.h"

#include <locale.h>
#include <string.h>
#include <time.h>

#include "base/error.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static gint64 utc(int year, int month, int day, int hour, int minute)
{
    g_autoptr(GDateTime) time = g_date_time_new_utc(year, month, day, hour, minute, 0);
    return g_date_time_to_unix(time) * SECOND;
}

static void assert_time(const char *text, gint64 expected)
{
    GError *error = NULL;
    gint64 when = 0;
    gboolean ok = when_parse(text, utc(2027, 3, 1, 9, 0), &when, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpint(when, ==, expected);
}

static void assert_none(const char *text)
{
    g_autoptr(GError) error = NULL;
    gint64 when;
    g_assert_false(when_parse(text, utc(2027, 3, 1, 9, 0), &when, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE);
}

static void test_forms(void)
{
    assert_time("2027-01-05 08:00", utc(2027, 1, 5, 8, 0));
    assert_time("2027-01-05T08:00", utc(2027, 1, 5, 8, 0));
    assert_time("2027-01-05T08:00:30", utc(2027, 1, 5, 8, 0) + 30 * SECOND);
    assert_time("2027-06-01 08:00", utc(2027, 6, 1, 7, 0));
    assert_time("2027-06-01T08:00Z", utc(2027, 6, 1, 8, 0));
    assert_time("2027-06-01T08:00+02:00", utc(2027, 6, 1, 6, 0));
    assert_time("tomorrow 08:00", utc(2027, 3, 2, 8, 0));
    assert_time("10:00", utc(2027, 3, 1, 10, 0));
    assert_time("08:00", utc(2027, 3, 2, 8, 0));
    assert_time("09:00", utc(2027, 3, 2, 9, 0));
}

/* As people say it, at a moment that is a Monday, 1 March 2027, 09:00. */
static void test_said(void)
{
    static const struct {
        const char *text;
        int month, day, hour, minute;
    } times[] = {
        {"Friday 9am", 3, 5, 9, 0},
        {"fri 9 a.m.", 3, 5, 9, 0},
        {"Thurs. at 9.30", 3, 4, 9, 30},
        {"this Friday 9am", 3, 5, 9, 0},
        {"coming Friday, 9am", 3, 5, 9, 0},
        {"Monday 8am", 3, 8, 8, 0},
        {"Monday 10am", 3, 1, 10, 0},
        {"next Monday 10am", 3, 8, 10, 0},
        {"9am on Friday", 3, 5, 9, 0},
        {"at 9am tomorrow", 3, 2, 9, 0},
        {"today at 5pm", 3, 1, 17, 0},
        {"tomorrow noon", 3, 2, 12, 0},
        {"midday on Friday", 3, 5, 12, 0},
        {"the day after tomorrow 8am", 3, 3, 8, 0},
        {"tomorrow at half past eight in the morning", 3, 2, 8, 30},
        {"quarter to one pm tomorrow", 3, 2, 12, 45},
        {"tomorrow, nine o'clock in the evening", 3, 2, 21, 0},
        {"12 March 8:00", 3, 12, 8, 0},
        {"12 Mar 8am", 3, 12, 8, 0},
        {"8am 12th of March", 3, 12, 8, 0},
        {"March 12 8am", 3, 12, 8, 0},
        {"March 12, 2027, 8am", 3, 12, 8, 0},
        {"12/3 9am", 3, 12, 9, 0},
        {"Friday 12 March at 9am", 3, 12, 9, 0},
        {"12/03/2027   8 am", 3, 12, 8, 0},
        {"1 March 8am", 3, 1, 8, 0}, /* past today: whoever asks tells it */
        {"in 2 hours", 3, 1, 11, 0},
        {"in an hour and 30 minutes", 3, 1, 10, 30},
        {"in 1 hour 30 minutes", 3, 1, 10, 30},
        {"in half an hour", 3, 1, 9, 30},
        {"in 120 minutes", 3, 1, 11, 0},
        {"in two days", 3, 3, 9, 0},
        {"in 2 days at 8am", 3, 3, 8, 0},
        {"in a week", 3, 8, 9, 0},
        {"in two fortnights", 3, 29, 8, 0},
        {"Friday week 9am", 3, 12, 9, 0},
        {"9am on Friday week", 3, 12, 9, 0},
        {"a week on Friday at 9am", 3, 12, 9, 0},
        {"a week tomorrow, 8am", 3, 9, 8, 0},
        {"today week at noon", 3, 8, 12, 0},
        {"a fortnight on Wednesday 8am", 3, 17, 8, 0},
        {"tonight at 8", 3, 1, 20, 0},
        {"tonight 8:30", 3, 1, 20, 30},
        {"this afternoon at half past two", 3, 1, 14, 30},
        {"this evening 19:00", 3, 1, 19, 0},
        {"tomorrow morning at 8", 3, 2, 8, 0},
        {"tomorrow morning, 08:00", 3, 2, 8, 0},
        {"Friday afternoon at 12:30", 3, 5, 12, 30},
        {"8am tomorrow morning", 3, 2, 8, 0},
        {"Friday night at nine", 3, 5, 21, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++)
        assert_time(times[i].text,
                    utc(2027, times[i].month, times[i].day, times[i].hour, times[i].minute));
    assert_time("25 Dec 8:00", utc(2027, 12, 25, 8, 0));
    assert_time("in 30 days",
                utc(2027, 3, 31, 8, 0)); /* 09:00 as the wall has it, in summer time */
    assert_time("in 30 days 8am", utc(2027, 3, 31, 7, 0));
}

static void assert_said(gint64 now, const char *text, const char *expected)
{
    g_autoptr(GError) error = NULL;
    gint64 when = 0;
    g_autofree char *got =
        when_parse(text, now, &when, &error) ? when_text(when) : g_strdup(error->message);
    if (!strstr(got, expected))
        g_error("'%s': %s, not %s", text, got, expected);
}

/* What may mean two times, and what there isn't, with a word on it. */
static void test_unclear(void)
{
    static const char *const refused[][2] = {
        {"next Friday 9am", "'next Friday' may be Friday 5 March 2027 or Friday 12 March 2027"},
        {"Friday at 9", "'9' may be in the morning or in the evening: write 09:00 or 21:00"},
        {"8", "write 08:00 or 20:00"},
        {"at 9 on Friday", "write 09:00 or 21:00"},
        {"tomorrow at half past eight",
         "'half past eight' may be in the morning or in the evening: "
         "write 08:30 or 20:30"},
        {"tomorrow quarter to one", "write 00:45 or 12:45"},
        {"tomorrow at 14", "'14' may be no time of day: write 14:00"},
        {"Friday 14", "'14' may be no time of day"},
        {"Friday midnight", "write 00:00 or 23:59"},
        {"tomorrow", "it has no time of day: write 'tomorrow 8am'"},
        {"12 March", "it has no time of day"},
        {"this Sunday", "no time of day"},
        {"28 Feb 8am", "it isn't ahead in this year: write the year, too"},
        {"31 April 8am", "there is no such day in that month"},
        {"30/2 8am", "there is no such day in that month"},
        {"12/25 8am", "there is no month 25"},
        {"Friday 13 March 8am", "that day is a Saturday"},
        {"12/3/27 8am", "four digits"},
        {"tomorrow 13pm", "can't be read"},
        {"tomorrow 0am", "can't be read"},
        {"tomorrow 8am x", "can't be read"},
        {"in 2 months", "can't be read"},
        {"Monday week 9am", "'Monday week' may be Monday 8 March 2027 or Monday 15 March 2027"},
        {"a week on Monday 9am", "may be Monday 8 March 2027 or Monday 15 March 2027"},
        {"tomorrow morning at 8pm", "20:00 is no time of the morning"},
        {"8am tomorrow evening",
         "08:00 is no time of the evening: write the day and 08:00 or 20:00"},
        {"tonight at 1", "is no time of the night"},
        {"Friday night at 12", "is no time of the night"},
        {"tomorrow morning at 12", "12:00 is no time of the morning"},
        {"tonight", "it has no time of day: write 'tonight 6pm'"},
        {"tomorrow morning", "it has no time of day"},
        {"yesterday 9am", "'yesterday' is past"},
        {"9am yesterday", "'yesterday' is past"},
        {"last Friday at 9am", "'last Friday' is past"},
        {"first thing Monday", "'first thing' is no time that a clock shows"},
        {"Friday lunchtime", "'lunch' is no time that a clock shows"},
        {"end of term", "'end of' is no time that a clock shows"},
        {"in 2 hours 8am", "can't be read"},
        {"tomorrow 25:00", "no such time"},
    };
    gint64 monday = utc(2027, 3, 1, 9, 0), saturday = utc(2027, 3, 6, 9, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        assert_none(refused[i][0]);
        assert_said(monday, refused[i][0], refused[i][1]);
    }
    assert_said(saturday, "next Friday 9am", "Friday 12 March 2027, 09:00 GMT");
    assert_said(saturday, "this Friday 9am", "the Friday of this week is past");
    assert_said(utc(2027, 3, 5, 9, 0), "next Friday 9am", "Friday 12 March 2027, 09:00 GMT");
    assert_said(utc(2027, 12, 1, 9, 0), "3 Jan 9am", "Monday 3 January 2028, 09:00 GMT");
    assert_said(utc(2027, 12, 1, 9, 0), "1 June 9am", "Thursday 1 June 2028, 09:00 BST");
    assert_said(utc(2027, 12, 1, 9, 0), "2 June 9am", "write the year");
    assert_said(utc(2027, 12, 1, 9, 0), "29 Feb 9am", "Tuesday 29 February 2028, 09:00 GMT");
}

static void test_summer_time(void)
{
    assert_time("2027-03-28 00:59", utc(2027, 3, 28, 0, 59));
    assert_none("2027-03-28 01:30"); /* the clock goes from 01:00 to 02:00 */
    assert_time("2027-03-28 02:00", utc(2027, 3, 28, 1, 0));
    assert_time("2027-10-31 01:30", utc(2027, 10, 31, 0, 30)); /* twice: the first */
    assert_time("2027-10-31 02:00", utc(2027, 10, 31, 2, 0));
}

static void test_refused(void)
{
    assert_none("");
    assert_none("soon");
    assert_none("2027-02-30 08:00");
    assert_none("2027-01-05");
    assert_none("2027-01-05 25:00");
    assert_none("2027-01-05 08:61");
    assert_none("2027-01-05 08:00 x");
    assert_none("2027-01-05 08:00+99:99");
}

static void assert_shown(const char *zone, gint64 when, const char *in_text, const char *in_table)
{
    g_setenv("TZ", zone, TRUE);
    g_autofree char *text = when_text(when), *table = when_short(when);
    g_assert_cmpstr(text, ==, in_text);
    g_assert_cmpstr(table, ==, in_table);
}

/* English, with the zone named; also in a locale with other names for days and other digits. */
static void test_shown(void)
{
    gint64 summer = utc(2027, 6, 2, 7, 1), leap = utc(2028, 2, 28, 23, 30);
    for (int i = 0; i < 2; i++) {
        setlocale(LC_ALL, i ? "" : "C");
        assert_shown("Europe/London", summer, "Wednesday 2 June 2027, 08:01 BST",
                     "Wed 2 Jun 2027, 08:01 BST");
        assert_shown("Europe/London", leap, "Monday 28 February 2028, 23:30 GMT",
                     "Mon 28 Feb 2028, 23:30 GMT");
        assert_shown("Pacific/Auckland", leap, "Tuesday 29 February 2028, 12:30 NZDT",
                     "Tue 29 Feb 2028, 12:30 NZDT");
        assert_shown("UTC", leap, "Monday 28 February 2028, 23:30 UTC",
                     "Mon 28 Feb 2028, 23:30 UTC");
        assert_shown("Europe/Istanbul", summer, "Wednesday 2 June 2027, 10:01 UTC+03",
                     "Wed 2 Jun 2027, 10:01 UTC+03");
        assert_shown("UTC", 0, "", "");
        assert_shown("UTC", -1, "Wednesday 31 December 1969, 23:59 UTC",
                     "Wed 31 Dec 1969, 23:59 UTC");
        assert_shown("UTC", G_MAXINT64, "?", "?");
    }
    g_setenv("TZ", "Europe/London", TRUE);
}

static void test_soon(void)
{
    gint64 now = utc(2027, 3, 28, 0, 30);
    g_autofree char *same = when_soon(utc(2027, 3, 28, 1, 0), now);
    g_autofree char *next = when_soon(utc(2027, 3, 28, 23, 0), now);
    g_autofree char *year = when_soon(utc(2028, 3, 28, 0, 30), now);
    g_assert_cmpstr(same, ==, "02:00 BST");
    g_assert_cmpstr(next, ==, "00:00 BST on Monday 29 March 2027");
    g_assert_cmpstr(year, ==, "01:30 BST on Tuesday 28 March 2028");
}

static void test_labels(void)
{
    static const char *const labels[] = {"00:30", "7 Sep 00:30", "7 Sep", "Sep 2026", "2026"};
    gint64 when = utc(2026, 9, 6, 23, 30);
    for (WhenLabel label = WHEN_LABEL_TIME; label <= WHEN_LABEL_YEAR; label++) {
        g_autofree char *text = when_label(when, label);
        g_assert_cmpstr(text, ==, labels[label]);
    }
    g_autofree char *day = when_day(when), *none = when_day(0);
    g_assert_cmpstr(day, ==, "7 Sep 2026");
    g_assert_cmpstr(none, ==, "");
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "Europe/London", TRUE);
    tzset();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/when/forms", test_forms);
    g_test_add_func("/when/said", test_said);
    g_test_add_func("/when/unclear", test_unclear);
    g_test_add_func("/when/summer-time", test_summer_time);
    g_test_add_func("/when/refused", test_refused);
    g_test_add_func("/when/shown", test_shown);
    g_test_add_func("/when/soon", test_soon);
    g_test_add_func("/when/labels", test_labels);
    return g_test_run();
}
