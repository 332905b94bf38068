/* when - a time as people write it, and as they read it, in a time zone with its summer time */
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

/* --- for people to read ----------------------------------------------------------------------- */

/* Not strftime's %A and %B: those speak the language of the locale. */
static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

enum { WHOLE = 20, SHORT = 3 }; /* letters of a name */

/* NULL for a time that no calendar of ours has. */
static GDateTime *local(gint64 when)
{
    gint64 seconds = when / G_USEC_PER_SEC - (when % G_USEC_PER_SEC < 0);
    return g_date_time_new_from_unix_local(seconds);
}

static char *day_of_month(GDateTime *time, int letters)
{
    return g_strdup_printf("%d %.*s", g_date_time_get_day_of_month(time), letters,
                           months[g_date_time_get_month(time) - 1]);
}

static char *date(GDateTime *time, int letters)
{
    g_autofree char *day = day_of_month(time, letters);
    return g_strdup_printf("%.*s %s %d", letters, weekdays[g_date_time_get_day_of_week(time) - 1],
                           day, g_date_time_get_year(time));
}

static char *time_of_day(GDateTime *time)
{
    return g_strdup_printf("%02d:%02d", g_date_time_get_hour(time), g_date_time_get_minute(time));
}

/* "08:00 BST"; of a zone that has no name but its offset, "08:00 UTC+03". */
static char *time_and_zone(GDateTime *time)
{
    const char *zone = g_date_time_get_timezone_abbreviation(time);
    g_autofree char *clock = time_of_day(time);
    return g_strdup_printf("%s %s%s", clock, g_ascii_isalpha(*zone) ? "" : "UTC", zone);
}

static char *date_and_time(gint64 when, int letters)
{
    g_autoptr(GDateTime) time = when ? local(when) : NULL;
    if (!time)
        return g_strdup(when ? "?" : "");
    g_autofree char *day = date(time, letters), *clock = time_and_zone(time);
    return g_strdup_printf("%s, %s", day, clock);
}

char *when_text(gint64 when)
{
    return date_and_time(when, WHOLE);
}

char *when_short(gint64 when)
{
    return date_and_time(when, SHORT);
}

char *when_day(gint64 when)
{
    g_autoptr(GDateTime) time = when ? local(when) : NULL;
    if (!time)
        return g_strdup(when ? "?" : "");
    g_autofree char *day = day_of_month(time, SHORT);
    return g_strdup_printf("%s %d", day, g_date_time_get_year(time));
}

char *when_soon(gint64 when, gint64 now)
{
    g_autoptr(GDateTime) time = when ? local(when) : NULL, here = local(now);
    if (!time || !here)
        return g_strdup(when ? "?" : "");
    g_autofree char *clock = time_and_zone(time);
    if (g_date_time_get_year(time) == g_date_time_get_year(here) &&
        g_date_time_get_day_of_year(time) == g_date_time_get_day_of_year(here))
        return g_steal_pointer(&clock);
    g_autofree char *day = date(time, WHOLE);
    return g_strdup_printf("%s on %s", clock, day);
}

char *when_label(gint64 when, WhenLabel label)
{
    g_autoptr(GDateTime) time = when ? local(when) : NULL;
    if (!time)
        return g_strdup(when ? "?" : "");
    g_autofree char *day = day_of_month(time, SHORT), *clock = time_of_day(time);
    switch (label) {
    case WHEN_LABEL_TIME:
        return g_steal_pointer(&clock);
    case WHEN_LABEL_DAY_TIME:
        return g_strdup_printf("%s %s", day, clock);
    case WHEN_LABEL_DAY:
        return g_steal_pointer(&day);
    case WHEN_LABEL_MONTH:
        return g_strdup_printf("%.*s %d", SHORT, months[g_date_time_get_month(time) - 1],
                               g_date_time_get_year(time));
    case WHEN_LABEL_YEAR:
        return g_strdup_printf("%d", g_date_time_get_year(time));
    }
    return g_strdup("");
}
