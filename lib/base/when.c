/* when - a time as people write it, in a time zone with its summer time */
#include "base/when.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

typedef struct {
    int year, month, day, hour, minute, second;
    const char *zone; /* what follows the time: "", "Z", "+01:00" */
} Written;

static gboolean fail(GError **error, const char *text, const char *why)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "not a time: '%s': %s; write '2026-12-18 08:00', 'tomorrow 08:00' or '08:00'", text,
                why);
    return FALSE;
}

/* "08:00" or "08:00:30" and what follows; NULL when it is none. */
static const char *read_clock(const char *text, Written *written)
{
    int used = 0;
    if (sscanf(text, "%2d:%2d%n", &written->hour, &written->minute, &used) != 2 || !used)
        return NULL;
    text += used;
    if (sscanf(text, ":%2d%n", &written->second, &used) == 1)
        text += used;
    return text;
}

static void take_day(GDateTime *day, Written *written)
{
    g_date_time_get_ymd(day, &written->year, &written->month, &written->day);
}

/* The moment that was written; NULL when the clock never shows it. */
static GDateTime *moment(const Written *written)
{
    g_autoptr(GTimeZone) zone =
        *written->zone ? g_time_zone_new_identifier(written->zone) : g_time_zone_new_local();
    if (!zone)
        return NULL;
    GDateTime *time = g_date_time_new(zone, written->year, written->month, written->day,
                                      written->hour, written->minute, written->second);
    /* GLib moves a time that summer time skips to one that exists: then it isn't what was written.
     */
    if (time && (g_date_time_get_hour(time) != written->hour ||
                 g_date_time_get_minute(time) != written->minute))
        g_clear_pointer(&time, g_date_time_unref);
    /* And of one that comes twice in autumn it gives the second. */
    g_autoptr(GDateTime) earlier = time ? g_date_time_add_hours(time, -1) : NULL;
    if (earlier && g_date_time_get_hour(earlier) == written->hour) {
        g_date_time_unref(time);
        return g_steal_pointer(&earlier);
    }
    return time;
}

static gboolean parse(const char *text, gint64 now, Written *written, gboolean *next)
{
    int used = 0;
    g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(now / G_USEC_PER_SEC);
    if (sscanf(text, "%4d-%2d-%2d%n", &written->year, &written->month, &written->day, &used) == 3 &&
        (text[used] == ' ' || text[used] == 'T')) {
        text += used + 1;
    } else if (g_str_has_prefix(text, "tomorrow ")) {
        g_autoptr(GDateTime) day = g_date_time_add_days(today, 1);
        take_day(day, written);
        text += strlen("tomorrow ");
    } else {
        take_day(today, written);
        *next = TRUE;
    }
    text = read_clock(text, written);
    written->zone = text;
    return text && (!*text || g_str_equal(text, "Z") || *text == '+' || *text == '-');
}

gboolean when_parse(const char *text, gint64 now, gint64 *when, GError **error)
{
    Written written = {0};
    gboolean next = FALSE;
    if (!parse(text, now, &written, &next))
        return fail(error, text, "it can't be read");
    g_autoptr(GDateTime) time = moment(&written);
    if (time && next && g_date_time_to_unix(time) * G_USEC_PER_SEC <= now) {
        g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(now / G_USEC_PER_SEC);
        g_autoptr(GDateTime) day = g_date_time_add_days(today, 1);
        take_day(day, &written);
        g_date_time_unref(time);
        time = moment(&written);
    }
    if (!time)
        return fail(error, text, "there is no such time (the clock may skip it for summer time)");
    *when = g_date_time_to_unix(time) * G_USEC_PER_SEC;
    return TRUE;
}

char *when_text(gint64 when)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when / G_USEC_PER_SEC);
    return g_date_time_format(time, "%A %-d %B %Y, %H:%M %Z");
}
