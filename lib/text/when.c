/* when - a time as people read it, in a time zone with its summer time */
#include "text/when.h"

#include "text/day.h"

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

Day when_date(gint64 when)
{
    g_autoptr(GDateTime) time = when ? local(when) : NULL;
    return time ? day_of(when, NULL) : 0;
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
