/* test-sendhours - when letters may go: over weekends, terms' ends, holidays and both changes of the clock in London */
#include "workspace/sendhours.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#include "text/when.h"

static Terms *sheet(const char *text, Terms *(*read)(const SheetSpec *, Findings *, GError **))
{
    g_autofree char *path = NULL;
    int file = g_file_open_tmp("days-XXXXXX.csv", &path, NULL);
    g_assert_cmpint(file, >=, 0);
    g_close(file, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    SheetSpec spec = {.file = path, .shown = "days.csv"};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    Terms *terms = read(&spec, findings, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(findings_kept(findings), ==, 0);
    g_unlink(path);
    return terms;
}

static SendHours *make(const char *hours, const char *terms, const char *holidays)
{
    GError *error = NULL;
    SendHoursParts parts = {.text = hours,
                            .hours = hours ? hours_parse(hours, &error) : NULL,
                            .terms = terms ? sheet(terms, terms_read) : NULL,
                            .holidays = holidays ? sheet(holidays, terms_read_holidays) : NULL,
                            .terms_shown = "terms.csv",
                            .holidays_shown = "holidays.csv"};
    g_assert_no_error(error);
    return sendhours_new(&parts);
}

static gint64 at(const char *iso)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);
    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

/* "" for never. */
static void assert_opens(const SendHours *hours, const char *from, const char *expected)
{
    g_autofree char *got = when_text(sendhours_opens(hours, at(from)));
    g_assert_cmpstr(got, ==, expected);
}

static void assert_closes(const SendHours *hours, const char *from, const char *expected)
{
    gint64 when = sendhours_closes(hours, at(from));
    g_autofree char *got = when == G_MAXINT64 ? g_strdup("never") : when_text(when);
    g_assert_cmpstr(got, ==, expected);
}

static void test_week(void)
{
    g_autoptr(SendHours) hours = make("Mon-Fri 07:30-18:00", NULL, NULL);
    g_assert_true(sendhours_is_open(hours, at("2026-12-01T07:30:00Z")));
    g_assert_false(sendhours_is_open(hours, at("2026-12-01T07:29:59Z")));
    g_assert_true(sendhours_is_open(hours, at("2026-12-01T17:59:59Z")));
    g_assert_false(sendhours_is_open(hours, at("2026-12-01T18:00:00Z")));
    assert_opens(hours, "2026-12-01T18:00:00Z", "Wednesday 2 December 2026, 07:30 GMT");
    assert_opens(hours, "2026-12-04T18:00:00Z", "Monday 7 December 2026, 07:30 GMT");
    assert_opens(hours, "2026-12-05T10:00:30Z", "Monday 7 December 2026, 07:30 GMT");
    assert_opens(hours, "2026-12-07T07:30:00Z", "Monday 7 December 2026, 07:30 GMT");
    assert_closes(hours, "2026-12-01T17:59:59Z", "Tuesday 1 December 2026, 18:00 GMT");
    g_autoptr(SendHours) always = make(NULL, NULL, NULL);
    g_assert_true(sendhours_is_open(always, at("2026-12-05T03:00:00Z")));
    assert_closes(always, "2026-12-05T03:00:00Z", "never");
}

static void test_clock_is_set(void)
{
    g_autoptr(SendHours) day = make("Mon-Fri 07:30-18:00", NULL, NULL);
    assert_opens(day, "2027-03-26T18:00:00Z", "Monday 29 March 2027, 07:30 BST");
    assert_opens(day, "2027-10-29T17:00:00Z", "Monday 1 November 2027, 07:30 GMT");
    /* 01:00 to 02:00 isn't there on 28 March 2027. */
    g_autoptr(SendHours) skipped = make("Sun 01:15-01:45", NULL, NULL);
    assert_opens(skipped, "2027-03-27T12:00:00Z", "Sunday 4 April 2027, 01:15 BST");
    g_autoptr(SendHours) over = make("Sun 00:30-02:30", NULL, NULL);
    assert_closes(over, "2027-03-28T00:45:00Z", "Sunday 28 March 2027, 02:30 BST");
    /* And comes twice on 31 October 2027. */
    g_autoptr(SendHours) twice = make("Sun 01:15-01:45", NULL, NULL);
    assert_opens(twice, "2027-10-30T12:00:00Z", "Sunday 31 October 2027, 01:15 BST");
    assert_opens(twice, "2027-10-31T00:45:00Z", "Sunday 31 October 2027, 01:15 GMT");
    g_autoptr(SendHours) night = make("Sat 22:00-06:00", NULL, NULL);
    assert_closes(night, "2027-10-30T21:30:00Z", "Sunday 31 October 2027, 06:00 GMT");
}

static const char TERMS[] =
    "name,from,to\nAutumn,2026-09-01,2026-12-18\nSpring,2027-01-04,2027-03-25\n";

static void test_terms(void)
{
    g_autoptr(SendHours) hours = make("Mon-Fri 07:30-18:00", TERMS, NULL);
    assert_opens(hours, "2026-12-18T18:00:00Z", "Monday 4 January 2027, 07:30 GMT");
    assert_opens(hours, "2026-12-27T08:00:00Z", "Monday 4 January 2027, 07:30 GMT");
    assert_opens(hours, "2027-03-25T18:00:00Z", "");
    g_autofree char *why = sendhours_why(hours, at("2026-12-21T10:00:00Z"));
    g_assert_cmpstr(why, ==,
                    "Monday 21 December 2026 is not in term: 'Spring' begins on Monday 4 January "
                    "2027 (terms.csv)");
    g_autofree char *evening = sendhours_why(hours, at("2026-12-18T18:00:00Z"));
    g_assert_cmpstr(
        evening, ==,
        "letters go Mon-Fri 07:30-18:00 (send.hours), and Friday 1 January 2027 is not in "
        "term: 'Spring' begins on Monday 4 January 2027 (terms.csv)");
    g_autofree char *never = sendhours_why(hours, at("2027-03-26T10:00:00Z"));
    g_assert_cmpstr(never, ==,
                    "Friday 26 March 2027 is not in term, and no term is to come (terms.csv)");
    g_autoptr(SendHours) days = make(NULL, TERMS, NULL);
    assert_closes(days, "2026-12-18T12:00:00Z", "Saturday 19 December 2026, 00:00 GMT");
    assert_opens(days, "2026-12-19T00:00:00Z", "Monday 4 January 2027, 00:00 GMT");
}

static void test_holidays(void)
{
    g_autoptr(SendHours) hours =
        make("Mon-Fri 07:30-18:00", NULL,
             "Title;Date\nChristmas Day;25/12/2026\nBoxing Day (substitute);28 December 2026\n");
    assert_opens(hours, "2026-12-24T18:00:00Z", "Tuesday 29 December 2026, 07:30 GMT");
    g_autofree char *why = sendhours_why(hours, at("2026-12-25T10:00:00Z"));
    g_assert_cmpstr(why, ==,
                    "Friday 25 December 2026 is a holiday, 'Christmas Day' (holidays.csv:2), and "
                    "Monday 28 December 2026 is a holiday, 'Boxing Day (substitute)' "
                    "(holidays.csv:3)");
    g_autofree char *evening = sendhours_why(hours, at("2026-12-24T18:00:00Z"));
    g_assert_cmpstr(evening, ==,
                    "letters go Mon-Fri 07:30-18:00 (send.hours), and Monday 28 December 2026 is a "
                    "holiday, 'Boxing Day (substitute)' (holidays.csv:3)");
    g_autofree char *plain = sendhours_why(hours, at("2026-12-22T18:00:00Z"));
    g_assert_cmpstr(plain, ==, "letters go Mon-Fri 07:30-18:00 (send.hours)");
    g_autoptr(SendHours) span =
        make(NULL, NULL, "from,to\n2026-12-24,2027-01-01\n2026-12-25,2026-12-25\n");
    assert_opens(span, "2026-12-24T00:00:00Z", "Saturday 2 January 2027, 00:00 GMT");
    /* What goes on over midnight ends where the holiday begins. */
    g_autoptr(SendHours) night = make("Thu 22:00-06:00", NULL, "day\n2026-12-25\n");
    assert_closes(night, "2026-12-24T23:00:00Z", "Friday 25 December 2026, 00:00 GMT");
}

static void test_holidays_refused(void)
{
    static const char *const wrong[] = {"name,when\nx,2026-12-25\n", "name,from\nx,2026-12-25\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *path = NULL;
        g_close(g_file_open_tmp("days-XXXXXX.csv", &path, NULL), NULL);
        g_assert_true(g_file_set_contents(path, wrong[i], -1, NULL));
        SheetSpec spec = {.file = path, .shown = "days.csv"};
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        g_assert_null(terms_read_holidays(&spec, findings, &error));
        g_assert_nonnull(strstr(error->message, "a sheet of holidays has date and name"));
        g_unlink(path);
    }
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "Europe/London", TRUE);
    tzset();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sendhours/week", test_week);
    g_test_add_func("/sendhours/clock-is-set", test_clock_is_set);
    g_test_add_func("/sendhours/terms", test_terms);
    g_test_add_func("/sendhours/holidays", test_holidays);
    g_test_add_func("/sendhours/holidays-refused", test_holidays_refused);
    return g_test_run();
}
