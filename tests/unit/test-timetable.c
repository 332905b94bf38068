/* test-timetable - schedules in words, and what cron and systemd make of them */
#include "config/timetable.h"

#include <string.h>

#include "base/error.h"

static const struct {
    const char *text, *fixed, *cron, *systemd; /* lines joined by "; " */
} FINE[] = {
    {"every Monday at 07:30", "every Monday at 07:30", "30 7 * * 1 CMD", "Mon *-*-* 07:30:00"},
    {"Mondays 7.30am", "every Monday at 07:30", "30 7 * * 1 CMD", "Mon *-*-* 07:30:00"},
    {"EVERY  weekday,\tat 4pm", "every weekday at 16:00", "0 16 * * 1-5 CMD",
     "Mon,Tue,Wed,Thu,Fri *-*-* 16:00:00"},
    {"Mondays 7:00, in term", "every Monday at 07:00", "0 7 * * 1 CMD", "Mon *-*-* 07:00:00"},
    {"daily at noon", "every day at 12:00", "0 12 * * * CMD", "*-*-* 12:00:00"},
    {"every day at 12.05am", "every day at 00:05", "5 0 * * * CMD", "*-*-* 00:05:00"},
    {"Monday and Thursday at 8:00", "every Monday and Thursday at 08:00", "0 8 * * 1,4 CMD",
     "Mon,Thu *-*-* 08:00:00"},
    {"Thu, Mon at 08:00", "every Monday and Thursday at 08:00", "0 8 * * 1,4 CMD",
     "Mon,Thu *-*-* 08:00:00"},
    {"Mon-Fri at 09:15", "every weekday at 09:15", "15 9 * * 1-5 CMD",
     "Mon,Tue,Wed,Thu,Fri *-*-* 09:15:00"},
    {"Saturday to Monday at 10:00", "every Monday, Saturday and Sunday at 10:00",
     "0 10 * * 1,6,7 CMD", "Mon,Sat,Sun *-*-* 10:00:00"},
    {"at weekends at 23:59", "every Saturday and Sunday at 23:59", "59 23 * * 6,7 CMD",
     "Sat,Sun *-*-* 23:59:00"},
    {"every day at 15:00 and 07:00 and 07:30 and 07:00", "every day at 07:00, 07:30 and 15:00",
     "0 7,15 * * * CMD; 30 7 * * * CMD", "*-*-* 07:00:00; *-*-* 07:30:00; *-*-* 15:00:00"},
    {"first Monday of the month at 09:00", "first Monday of the month at 09:00",
     "0 9 1-7 * * case $(date +\\%u) in 1) CMD ;; esac", "Mon *-*-1..7 09:00:00"},
    {"the 1st and 3rd Tuesday and Friday of each month, at 09:00",
     "first and third Tuesday and Friday of the month at 09:00",
     "0 9 1-7,15-21 * * case $(date +\\%u) in 2|5) CMD ;; esac",
     "Tue,Fri *-*-1..7,15..21 09:00:00"},
    {"on the 1st and 15th of every month at 06:00", "1st and 15th of the month at 06:00",
     "0 6 1,15 * * CMD", "*-*-1,15 06:00:00"},
    {"the 28th of the month at 06:00", "28th of the month at 06:00", "0 6 28 * * CMD",
     "*-*-28 06:00:00"},
};

static void test_fine(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(FINE); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Timetable) table = timetable_parse(FINE[i].text, &error);
        g_assert_no_error(error);
        g_autofree char *fixed = timetable_text(table);
        g_auto(GStrv) lines = timetable_cron(table, "CMD");
        g_auto(GStrv) times = timetable_systemd(table);
        g_autofree char *cron = g_strjoinv("; ", lines);
        g_autofree char *systemd = g_strjoinv("; ", times);
        g_assert_cmpstr(fixed, ==, FINE[i].fixed);
        g_assert_cmpstr(cron, ==, FINE[i].cron);
        g_assert_cmpstr(systemd, ==, FINE[i].systemd);
        g_autoptr(Timetable) again = timetable_parse(fixed, &error);
        g_assert_no_error(error);
        g_autofree char *same = timetable_text(again);
        g_assert_cmpstr(same, ==, fixed);
    }
}

static void refuse(const char *text, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_test_message("%s", text);
    g_assert_null(timetable_parse(text, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, why));
    g_assert_nonnull(strstr(error->message, "every Monday at 07:30"));
}

static void test_refused(void)
{
    static const char *const cases[][2] = {
        {"", "on which days"},
        {"every Monday", "no time"},
        {"at 07:30", "on which days"},
        {"every other Monday at 07:30", "'other' isn't understood"},
        {"every Mnday at 07:30", "'mnday' isn't understood"},
        {"every Monday at 7", "'7' isn't understood"},
        {"every Monday at 24:00", "'24:00' isn't understood"},
        {"every Monday at 07:60", "'07:60' isn't understood"},
        {"every Monday at 07:3", "'07:3' isn't understood"},
        {"every Monday at 13pm", "'13pm' isn't understood"},
        {"every Monday at 0am", "'0am' isn't understood"},
        {"every Monday at 107:30", "'107:30' isn't understood"},
        {"every Monday at midnight", "'midnight' isn't understood"},
        {"Monday at 07:30 to 09:00", "'to' isn't understood"},
        {"Monday to at 07:30", "'at' isn't understood"},
        {"07:30 Monday to", "must follow 'to'"},
        {"every day and Monday at 07:30", "single days and all"},
        {"every month at 07:30", "which day of the month"},
        {"Monday of the month at 07:30", "which day of the month"},
        {"first Monday at 07:30", "of the month"},
        {"first weekday of the month at 07:30", "which weekday"},
        {"last Friday of the month at 07:30", "'last' isn't understood"},
        {"fifth Friday of the month at 07:30", "'fifth' isn't understood"},
        {"5th Friday of the month at 07:30", "a fifth"},
        {"29th of the month at 07:30", "28th"},
        {"0th of the month at 07:30", "'0th' isn't understood"},
        {"every Monday at 07:30; rm -rf", "'07:30;' isn't understood"},
        {"every Monday at 07:30 * % \n", "'*' isn't understood"},
        {"every M\xc3\xb6nday at 07:30", "isn't understood"},
        {"every Monday\033[2J at 07:30", "\\x1b"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        refuse(cases[i][0], cases[i][1]);
}

static char *with_length(gsize length)
{
    static const char words[] = "every Monday at 07:30";
    g_autofree char *fill = g_strnfill(length - strlen(words), ' ');
    return g_strconcat(words, fill, NULL);
}

static char *with_times(guint count)
{
    GString *text = g_string_new("every Monday at");
    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, " %02u:%02u", i, i);
    return g_string_free(text, FALSE);
}

static void test_limits(void)
{
    for (guint less = 0; less < 2; less++) {
        g_autofree char *text = with_length(TIMETABLE_TEXT_MAX - less);
        g_autofree char *many = with_times(TIMETABLE_TIMES_MAX - less);
        g_autoptr(Timetable) one = timetable_parse(text, NULL);
        g_autoptr(Timetable) other = timetable_parse(many, NULL);
        g_assert_true(one && other);
        g_auto(GStrv) lines = timetable_cron(other, "");
        g_assert_cmpuint(g_strv_length(lines), ==, TIMETABLE_TIMES_MAX - less);
    }
    g_autofree char *text = with_length(TIMETABLE_TEXT_MAX + 1);
    g_autofree char *many = with_times(TIMETABLE_TIMES_MAX + 1);
    refuse(text, "too long");
    refuse(many, "too many times");
}

static void test_next(void)
{
    static const struct {
        const char *text, *from;
        int minutes;
        const char *next; /* "" for none */
        int at;
    } cases[] = {
        {"every Monday at 07:00", "2027-01-12", 0, "2027-01-18", 420},
        {"every Monday at 07:00", "2027-01-11", 420, "2027-01-11", 420},
        {"every Monday at 07:00", "2027-01-11", 421, "2027-01-18", 420},
        {"every weekday at 08:00 and 15:30", "2027-01-15", 481, "2027-01-15", 930},
        {"every weekday at 08:00", "2027-01-16", 0, "2027-01-18", 480},
        {"first Monday of the month at 09:00", "2027-01-05", 0, "2027-02-01", 540},
        {"1st and 15th of each month at 07:00", "2027-01-16", 0, "2027-02-01", 420},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Day next = 0;
        int at = 0;
        g_autoptr(Timetable) timetable = timetable_parse(cases[i].text, NULL);
        g_assert_true(timetable_next(timetable, day_parse(cases[i].from, NULL), cases[i].minutes,
                                     &next, &at));
        g_autofree char *iso = day_iso(next);
        g_assert_cmpstr(iso, ==, cases[i].next);
        g_assert_cmpint(at, ==, cases[i].at);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timetable/fine", test_fine);
    g_test_add_func("/timetable/refused", test_refused);
    g_test_add_func("/timetable/limits", test_limits);
    g_test_add_func("/timetable/next", test_next);
    return g_test_run();
}
