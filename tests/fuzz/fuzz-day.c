/* fuzz-day - any text as a date: what can be read is a day of the calendar, and reads back */
#include <stdint.h>
#include <string.h>

#include "text/day.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    int minutes = 7000, none;
    Day day = day_parse_time(text, &minutes, &error);
    g_assert_true((day == 0) == (error != NULL));
    if (!day)
        return 0;
    g_assert_true(minutes == DAY_NO_TIME || (minutes >= 0 && minutes < 24 * 60));
    g_autofree char *iso = day_iso(day), *words = day_text(day), *brief = day_short(day);
    g_assert_cmpuint(day_parse(iso, NULL), ==, day);
    g_assert_cmpuint(day_parse_time(words, &none, NULL), ==, day);
    g_assert_nonnull(strstr(words, brief));
    if (minutes != DAY_NO_TIME && minutes % (12 * 60)) {
        g_autofree char *clock = day_clock(minutes), *whole = g_strconcat(iso, " ", clock, NULL);
        int again;
        g_assert_cmpuint(day_parse_time(whole, &again, NULL), ==, day);
        g_assert_cmpint(again, ==, minutes);
    }
    return 0;
}
