/* test-hours - hours of the week in words: as people write them, and what can't be meant */
#include "config/hours.h"

#include <string.h>

#include "base/error.h"

static const struct {
    const char *text, *fixed;
} FINE[] = {
    {"Mon-Fri 07:30-18:00", "Mon-Fri 07:30-18:00"},
    {"Mon-Fri 7.30am-6pm", "Mon-Fri 07:30-18:00"},
    {"Monday to Friday from 7:30 to 18:00", "Mon-Fri 07:30-18:00"},
    {"Mon\u2013Fri, 7:30 am \u2013 6:00 pm", "Mon-Fri 07:30-18:00"},
    {"MON-FRI: 0730-1800", "Mon-Fri 07:30-18:00"},
    {"weekdays between 7.30 and 18.00", "Mon-Fri 07:30-18:00"},
    {"07:30 until 18:00 on weekdays", "Mon-Fri 07:30-18:00"},
    {"on weekdays, 8 a.m. to 6 p.m.", "Mon-Fri 08:00-18:00"},
    {"weekdays", "Mon-Fri 00:00-24:00"},
    {"every day", "every day 00:00-24:00"},
    {"Mon, Wed 9-17", "Mon, Wed 09:00-17:00"},
    {"Mondays and Tuesdays 9-12 and 13-17", "Mon, Tue 09:00-12:00 and 13:00-17:00"},
    {"Mon-Thu 08:00-17:00, Fri 8am-3pm", "Mon-Thu 08:00-17:00; Fri 08:00-15:00"},
    {"8-17 Mon-Thu; 8-15 Fri", "Mon-Thu 08:00-17:00; Fri 08:00-15:00"},
    {"Fri-Mon 9am-5pm", "Mon, Fri-Sun 09:00-17:00"},
    {"weekend 10-noon", "Sat, Sun 10:00-12:00"},
    {"daily 9-5pm", "every day 09:00-17:00"},
    {"daily 0:00-24:00", "every day 00:00-24:00"},
    {"Tue 6pm-midnight", "Tue 18:00-24:00"},
    {"Tue midnight-6am", "Tue 00:00-06:00"},
    {"Fri 22:00-06:00", "Fri 22:00-24:00; Sat 00:00-06:00"},
    {"Sun 10pm-2am", "Mon 00:00-02:00; Sun 22:00-24:00"},
    {"every night 22-6", NULL},
    {"Mon-Fri 8-18 in term time", "Mon-Fri 08:00-18:00 in term time"},
    {"Mon-Fri 8-18 during term-time, except bank holidays",
     "Mon-Fri 08:00-18:00 in term time except bank holidays"},
    {"weekdays 8-18 (not public holidays)", "Mon-Fri 08:00-18:00 except bank holidays"},
};

static void test_fine(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(FINE); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Hours) hours = hours_parse(FINE[i].text, &error);
        if (!FINE[i].fixed) {
            g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
            continue;
        }
        g_assert_no_error(error);
        g_autofree char *fixed = hours_text(hours);
        g_assert_cmpstr(fixed, ==, FINE[i].fixed);
        g_autoptr(Hours) again = hours_parse(fixed, &error);
        g_assert_no_error(error);
        for (int day = 0; day < 7; day++)
            for (int minute = 0; minute < HOURS_DAY; minute++)
                g_assert_true(hours_has(hours, day, minute) == hours_has(again, day, minute));
    }
}

static const struct {
    const char *text, *said;
} REFUSED[] = {
    {"Mon-Fri 9-5", "'9-5' would go on over midnight; write 'Mon-Fri 09:00-17:00'"},
    {"Mon-Fri 7:30-6:00", "write 'Mon-Fri 07:30-18:00'"},
    {"Mon-Fri 9am-5", "write 'Mon-Fri 09:00-17:00'"},
    {"Tue noon-5", "write 'Tue 12:00-17:00'"},
    {"Tue 1-5pm", "'1-5pm' may begin in the morning or in the afternoon; write '01:00-17:00' or "
                  "'13:00-17:00'"},
    {"Tue 7-11pm", "'07:00-23:00' or '19:00-23:00'"},
    {"Tue 1-5", "write 'Tue 13:00-17:00'"},
    {"Tue 8:00-8:00", "no time at all, or the whole day; write 'Tue 00:00-24:00'"},
    {"Mon-Fri 9-17, Fri 9-15",
     "Friday stands twice, with hours that overlap; write 'Mon-Thu 09:00-17:00; Fri 09:00-15:00'"},
    {"07:30-18:00", "it doesn't say on which days"},
    {"Mon 9-17, Tue", "some of its days have no hours"},
    {"Mon-Fri 07:30", "a time stands alone"},
    {"Mon-Fri from 8am", "a time stands alone"},
    {"Mon-Fri 24:00-06:00", "write 00:00"},
    {"Mon-Fri 8-25", "'25' isn't understood"},
    {"Mon-Fri 8:60-9", "'8:60-9' isn't understood"},
    {"Mon-Fri 13pm-15", "'13pm-15' isn't understood"},
    {"Mon-Fri 8h-18h", "'8h-18h' isn't understood"},
    {"24/7", "'24/7' isn't understood"},
    {"office hours", "'office' isn't understood"},
    {"Mon-Fri except Wed 9-17", "'wed' isn't understood"},
    {"Mon-9 9-17", "a day must follow 'to'"},
    {"", "it names neither days nor hours"},
    {"every", "it names neither days nor hours"},
    {"Mon-Fri 9-17 not", "it doesn't say what is excepted"},
    {"Mon\n9-17", "isn't understood"},
};

static void test_refused(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Hours) hours = hours_parse(REFUSED[i].text, &error);
        g_assert_null(hours);
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
        if (!strstr(error->message, REFUSED[i].said))
            g_error("'%s': %s", REFUSED[i].text, error->message);
        if (i < 9 && strstr(REFUSED[i].said, "write 'M")) { /* what is told to write can be read */
            g_autofree char *line = g_strdup(strstr(error->message, "write '") + 7);
            *strrchr(line, '\'') = '\0';
            g_autoptr(Hours) meant = hours_parse(line, NULL);
            g_assert_nonnull(meant);
        }
    }
}

static char *repeated(const char *part, guint times)
{
    GString *out = g_string_new("Mon ");
    for (guint i = 0; i < times; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", part);
    return g_string_free(out, FALSE);
}

static void assert_limit(char *text, gboolean fine)
{
    g_autofree char *owned = text;
    g_autoptr(Hours) hours = hours_parse(owned, NULL);
    g_assert_true((hours != NULL) == fine);
}

static void test_limits(void)
{
    assert_limit(repeated("9-12", HOURS_RANGES_MAX), TRUE);
    assert_limit(repeated("9-12", HOURS_RANGES_MAX + 1), FALSE);
    g_autoptr(GString) groups = g_string_new("Mon 0:00-0:01");
    for (int i = 1; i < HOURS_GROUPS_MAX; i++)
        g_string_append_printf(groups, ",Mon 0:%02d-0:%02d", i, i + 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Hours) most = groups->len <= HOURS_TEXT_MAX ? hours_parse(groups->str, &error) : NULL;
    g_assert_true(most != NULL || groups->len > HOURS_TEXT_MAX);
    g_autofree char *blanks = g_strnfill(HOURS_TEXT_MAX - strlen("Mon 9-17"), ' ');
    assert_limit(g_strconcat("Mon 9-17", blanks, NULL), TRUE);
    assert_limit(g_strconcat("Mon 9-17 ", blanks, NULL), FALSE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hours/fine", test_fine);
    g_test_add_func("/hours/refused", test_refused);
    g_test_add_func("/hours/limits", test_limits);
    return g_test_run();
}
