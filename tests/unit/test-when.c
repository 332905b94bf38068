/* Tests of base/when: the zone of London, whose summer time began on 28 March 2027 at 01:00 UTC. */
#include "base/when.h"

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

int main(int argc, char **argv)
{
    g_setenv("TZ", "Europe/London", TRUE);
    tzset();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/when/forms", test_forms);
    g_test_add_func("/when/summer-time", test_summer_time);
    g_test_add_func("/when/refused", test_refused);
    return g_test_run();
}
