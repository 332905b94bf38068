/* Tests of base/when: the zone of London, whose summer time began on 28 March 2027 at 01:00 UTC. */
#include "base/when.h"

#include <locale.h>
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
    g_test_add_func("/when/summer-time", test_summer_time);
    g_test_add_func("/when/refused", test_refused);
    g_test_add_func("/when/shown", test_shown);
    g_test_add_func("/when/soon", test_soon);
    g_test_add_func("/when/labels", test_labels);
    return g_test_run();
}
