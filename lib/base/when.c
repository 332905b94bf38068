/* when - a time as people write it, and as they read it, in a time zone with its summer time */
#include "base/when.h"

#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "base/error.h"

typedef struct {
    int year, month, day, hour, minute, second;
    const char *zone; /* what follows the time: "", "Z", "+01:00" */
} Written;

static gboolean fail(GError **error, const char *text, const char *why)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "not a time: '%s': %s; write '2026-12-18 08:00', '25/12/2026 8am', 'Friday 09:30', "
                "'tomorrow 8am' or '08:00'",
                text, why);
    return FALSE;
}

/* "am" and "pm" turn the hour of a clock face into one of the day; NULL for 0am and 13pm. */
static const char *read_half(const char *text, Written *written)
{
    const char *half = text + strspn(text, " ");
    gboolean is_am = g_ascii_strncasecmp(half, "am", 2) == 0;
    if (!is_am && g_ascii_strncasecmp(half, "pm", 2))
        return text;
    if (written->hour < 1 || written->hour > 12)
        return NULL;
    written->hour = written->hour % 12 + (is_am ? 0 : 12);
    return half + 2;
}

/* "08:00", "08:00:30", "8am", "8.30 pm" or "noon", and what follows; NULL when it is none. */
static const char *read_clock(const char *text, Written *written)
{
    int used = 0;
    if (g_ascii_strncasecmp(text, "noon", 4) == 0) {
        written->hour = 12;
        return text + 4;
    }
    if (!g_ascii_isdigit(*text) || sscanf(text, "%2d%n", &written->hour, &used) != 1)
        return NULL;
    text += used;
    gboolean has_minutes =
        (*text == ':' || *text == '.') && g_ascii_isdigit(text[1]) && g_ascii_isdigit(text[2]);
    if (!has_minutes) {
        const char *half = read_half(text, written);
        return half == text ? NULL : half; /* "8" alone may be morning or evening */
    }
    written->minute = (text[1] - '0') * 10 + text[2] - '0';
    text += 3;
    if (sscanf(text, ":%2d%n", &written->second, &used) == 1)
        text += used;
    return read_half(text, written);
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

/* What follows the word, and "at" after it; NULL when the text doesn't begin with it. */
static const char *after(const char *text, const char *word)
{
    gsize length = strlen(word);
    if (g_ascii_strncasecmp(text, word, length) || text[length] != ' ')
        return NULL;
    text += length + strspn(text + length, " ");
    return g_ascii_strncasecmp(text, "at ", 3) ? text : text + 3;
}

/* "Friday", "Fri": 1 for Monday to 7, and what follows; NULL when it is none. */
static const char *read_weekday(const char *text, int *weekday)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    for (int i = 0; i < 7; i++) {
        g_autofree char *brief = g_strndup(days[i], 3);
        const char *rest = after(text, days[i]);
        rest = rest ? rest : after(text, brief);
        *weekday = i + 1;
        if (rest)
            return rest;
    }
    return NULL;
}

/* A time on a day that is named by a word; NULL when it isn't. `step` is how many days later it
 * would be if it is past by then. */
static const char *read_day_word(const char *text, GDateTime *today, Written *written, int *step)
{
    int weekday, days = 0;
    const char *rest = after(text, "today");
    if (!rest && (rest = after(text, "tomorrow")))
        days = 1;
    if (!rest && (rest = read_weekday(text, &weekday))) {
        days = (weekday - g_date_time_get_day_of_week(today) + 7) % 7;
        *step = 7;
    }
    if (!rest || !g_ascii_isalnum(*rest))
        return NULL;
    g_autoptr(GDateTime) day = g_date_time_add_days(today, days);
    take_day(day, written);
    return read_clock(rest, written);
}

/* "25/12/2026 08:00", "Friday 25 December 2026 at 8am", as base/day.h reads them. */
static gboolean read_date(const char *text, Written *written)
{
    int minutes;
    g_autoptr(GError) error = NULL;
    Day day = day_parse_time(text, &minutes, &error);
    if (!day || minutes == DAY_NO_TIME)
        return FALSE;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    written->year = g_date_get_year(&date);
    written->month = (int)g_date_get_month(&date);
    written->day = g_date_get_day(&date);
    written->hour = minutes / 60;
    written->minute = minutes % 60;
    written->zone = "";
    return TRUE;
}

static gboolean parse(const char *text, gint64 now, Written *written, int *step)
{
    int used = 0;
    g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(now / G_USEC_PER_SEC);
    if (sscanf(text, "%4d-%2d-%2d%n", &written->year, &written->month, &written->day, &used) == 3 &&
        (text[used] == ' ' || text[used] == 'T')) {
        text += used + 1;
        text = read_clock(text, written);
    } else {
        const char *rest = read_day_word(text, today, written, step);
        if (!rest && read_date(text, written))
            return TRUE;
        if (!rest) {
            take_day(today, written);
            *step = 1;
            rest = read_clock(text, written);
        }
        text = rest;
    }
    written->zone = text;
    return text && (!*text || g_str_equal(text, "Z") || *text == '+' || *text == '-');
}

gboolean when_parse(const char *text, gint64 now, gint64 *when, GError **error)
{
    Written written = {0};
    int step = 0;
    if (!parse(text, now, &written, &step))
        return fail(error, text, "it can't be read");
    g_autoptr(GDateTime) time = moment(&written);
    if (time && step && g_date_time_to_unix(time) * G_USEC_PER_SEC <= now) {
        g_autoptr(GDateTime) day = g_date_time_add_days(time, step);
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
