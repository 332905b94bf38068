/* fuzz-timetable - schedules in whatever words; what is understood is the same when read again */
#include <stdint.h>
#include <string.h>

#include "config/timetable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Timetable) table = timetable_parse(text, &error);
    g_assert((table == NULL) == (error != NULL));
    if (!table) {
        g_assert(g_utf8_validate(error->message, -1, NULL));
        g_assert(!strpbrk(error->message, "\r\n\033"));
        return 0;
    }
    g_autofree char *fixed = timetable_text(table);
    g_autoptr(Timetable) again = timetable_parse(fixed, NULL);
    g_assert(again);
    g_auto(GStrv) lines = timetable_cron(table, "x"), same = timetable_cron(again, "x");
    g_auto(GStrv) times = timetable_systemd(table);
    g_assert(g_strv_equal((const char *const *)lines, (const char *const *)same));
    g_assert(lines[0] && times[0] && g_strv_length(times) <= TIMETABLE_TIMES_MAX);
    return 0;
}
