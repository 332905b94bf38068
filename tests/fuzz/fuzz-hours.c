/* fuzz-hours - hours of the week in whatever words; what is understood is the same when read again */
#include <stdint.h>
#include <string.h>

#include "config/hours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A fixed form may be longer than what may be written: each day's hours stand in it. */
static gboolean is_short(const char *fixed)
{
    g_auto(GStrv) parts = g_strsplit(fixed, " and ", -1);
    return strlen(fixed) <= HOURS_TEXT_MAX && g_strv_length(parts) <= HOURS_RANGES_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Hours) hours = hours_parse(text, &error);
    g_assert((hours == NULL) == (error != NULL));
    if (!hours) {
        g_assert(g_utf8_validate(error->message, -1, NULL));
        g_assert(!strpbrk(error->message, "\r\n\033"));
        return 0;
    }
    g_autofree char *fixed = hours_text(hours);
    g_autoptr(Hours) again = hours_parse(fixed, NULL);
    if (!is_short(fixed))
        return 0;
    g_assert(again);
    gboolean any = FALSE;
    for (int minute = 0; minute < 7 * HOURS_DAY; minute++) {
        int day = minute / HOURS_DAY, of_day = minute % HOURS_DAY;
        g_assert(hours_has(hours, day, of_day) == hours_has(again, day, of_day));
        any |= hours_has(hours, day, of_day);
    }
    g_assert(any);
    return 0;
}
