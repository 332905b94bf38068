/* when_parse - a time as people write it, in a time zone with its summer time */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "text/when.h"

enum { WEEK = 7 };

typedef struct {
    const char *text, *at;
    gint64 now;
    Day today, day; /* the day is 0 until it is known */
    int hour, minute, second;
    int part; /* of the day, where it is named: an index of parts_of_day, or -1 */
    int step; /* days to the next such time where this one is past; 0 for a day by its date */
    const char *zone; /* what follows the time: "", "Z", "+01:00" */
    char *why;        /* what is wrong with it, or what it may mean, where that can be said */
} Reading;

/* Keeps the first reason. FALSE. */
G_GNUC_PRINTF(2, 3)
static gboolean unclear(Reading *in, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!in->why)
        in->why = g_strdup_vprintf(format, args);
    va_end(args);
    return FALSE;
}

static void skip(Reading *in)
{
    in->at += strspn(in->at, " ,\t");
}

/* Passes over a word, in whatever case, and what parts it from the next. */
static gboolean word(Reading *in, const char *word)
{
    gsize length = strlen(word);
    if (g_ascii_strncasecmp(in->at, word, length) || g_ascii_isalnum(in->at[length]))
        return FALSE;
    in->at += length;
    skip(in);
    return TRUE;
}

/* Which of the words stands here, or -1. */
static int one_of(Reading *in, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (word(in, words[i]))
            return i;
    return -1;
}

/* What was read since then; newly allocated. */
static char *since(const Reading *in, const char *began)
{
    return g_strchomp(g_strndup(began, (gsize)(in->at - began)));
}

/* --- the time of day -------------------------------------------------------------------------- */

/* The hours of a clock face that a part of the day has; of the others nobody can be sure. */
static const struct {
    const char *name;
    int first, last;
    gboolean is_late;
} parts_of_day[] = {{"morning", 1, 11, FALSE},
                    {"afternoon", 12, 18, TRUE},
                    {"evening", 17, 23, TRUE},
                    {"night", 18, 23, TRUE}};

/* Whether the hour is one of the part of the day that was named, if one was. */
static gboolean suits_part(Reading *in)
{
    if (in->part < 0 ||
        (in->hour >= parts_of_day[in->part].first && in->hour <= parts_of_day[in->part].last))
        return TRUE;
    return unclear(in, "%02d:%02d is no time of the %s: write the day and %02d:%02d or %02d:%02d",
                   in->hour, in->minute, parts_of_day[in->part].name, in->hour % 12, in->minute,
                   in->hour % 12 + 12, in->minute);
}

/* "8" of "tomorrow evening" is 20:00. */
static gboolean settle_part(Reading *in)
{
    int hour = in->hour;
    in->hour += hour < 12 && parts_of_day[in->part].is_late ? 12 : 0;
    if (in->hour >= parts_of_day[in->part].first && in->hour <= parts_of_day[in->part].last)
        return TRUE;
    in->hour = hour;
    return suits_part(in);
}

/* "am", "in the evening": 0 for the morning, 1 for the afternoon, -1 for neither. */
static int read_half(Reading *in)
{
    static const char *const halves[] = {
        "am", "a.m.", "in the morning", "pm", "p.m.", "in the afternoon", "in the evening", NULL};
    skip(in);
    int which = one_of(in, halves);
    return which < 0 ? -1 : which > 2;
}

/* What a clock face shows is in the morning or in the evening. */
static gboolean settle_half(Reading *in, const char *began)
{
    g_autofree char *said = since(in, began);
    int half = read_half(in), hour = in->hour;
    if (half >= 0 && (hour < 1 || hour > 12))
        return FALSE;
    if (half >= 0) {
        in->hour = hour % 12 + half * 12;
        return suits_part(in);
    }
    if (in->part >= 0)
        return settle_part(in);
    if (hour > 12)
        return unclear(in, "'%s' may be no time of day: write %02d:%02d", said, hour, in->minute);
    return unclear(in, "'%s' may be in the morning or in the evening: write %02d:%02d or %02d:%02d",
                   said, hour % 12, in->minute, hour % 12 + 12, in->minute);
}

static gboolean read_number_word(Reading *in, int *number)
{
    static const char *const words[] = {"one",    "two",    "three", "four", "five",
                                        "six",    "seven",  "eight", "nine", "ten",
                                        "eleven", "twelve", NULL};
    int used = 0, which = one_of(in, words);
    if (which >= 0) {
        *number = which + 1;
        return TRUE;
    }
    if (!g_ascii_isdigit(*in->at) || sscanf(in->at, "%4d%n", number, &used) != 1)
        return FALSE;
    in->at += used;
    return TRUE;
}

/* "half past eight", "quarter to nine", "eight o'clock", "8". */
static gboolean read_spoken(Reading *in)
{
    static const char *const parts[] = {"half past",  "quarter past", "a quarter past",
                                        "quarter to", "a quarter to", NULL};
    static const int minutes[] = {30, 15, 15, -15, -15};
    const char *began = in->at;
    int part = one_of(in, parts);
    if (!read_number_word(in, &in->hour) || g_ascii_isdigit(*in->at))
        return FALSE;
    if (part >= 0 && (in->hour < 1 || in->hour > 12))
        return FALSE;
    in->minute = part < 0 ? 0 : minutes[part];
    if (in->minute < 0) {
        in->minute += 60;
        in->hour = in->hour == 1 ? 12 : in->hour - 1;
    }
    skip(in);
    if (part < 0 && !word(in, "o'clock"))
        word(in, "oclock");
    return in->hour < 24 && settle_half(in, began);
}

/* "08:00", "8.30 pm", "08:00:30": FALSE, with nothing read, for none. */
static gboolean read_digits(Reading *in)
{
    int used = 0;
    const char *at = in->at;
    if (!g_ascii_isdigit(*at) || sscanf(at, "%2d%n", &in->hour, &used) != 1)
        return FALSE;
    at += used;
    if ((*at != ':' && *at != '.') || !g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]))
        return FALSE;
    in->minute = (at[1] - '0') * 10 + at[2] - '0';
    at += 3;
    if (sscanf(at, ":%2d%n", &in->second, &used) == 1)
        at += used;
    in->at = at;
    int half = read_half(in);
    if (half >= 0 && (in->hour < 1 || in->hour > 12))
        return FALSE;
    if (half >= 0)
        in->hour = in->hour % 12 + half * 12;
    return half >= 0 || in->part < 0 ? suits_part(in) : settle_part(in);
}

static gboolean read_clock(Reading *in)
{
    word(in, "at");
    if (word(in, "noon") || word(in, "midday") || word(in, "12 noon")) {
        in->hour = 12;
        return TRUE;
    }
    if (word(in, "midnight"))
        return unclear(in, "midnight begins one day and ends another: write 00:00 or 23:59");
    return read_digits(in) || (!in->why && read_spoken(in));
}

/* --- the day ---------------------------------------------------------------------------------- */

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday",    NULL};

/* "Friday", "Thurs": from 1 for Monday; 0 for none. */
static int read_weekday(Reading *in)
{
    gsize length = strspn(in->at, G_CSET_a_2_z G_CSET_A_2_Z);
    for (int i = 0; length >= 3 && weekdays[i]; i++) {
        if (length > strlen(weekdays[i]) || g_ascii_strncasecmp(in->at, weekdays[i], length))
            continue;
        in->at += length;
        in->at += *in->at == '.';
        skip(in);
        return i + 1;
    }
    return 0;
}

/* What people mean one or the other day by. FALSE. */
static gboolean either(Reading *in, const char *began, Day one, Day other)
{
    g_autofree char *said = since(in, began), *first = day_text(one), *second = day_text(other);
    return unclear(in, "'%s' may be %s or %s: write the date", said, first, second);
}

/* "next Friday" is that of the next week; where that isn't the next one, too, people mean either. */
static gboolean settle_next(Reading *in, const char *began, int ahead)
{
    Day soon = in->today + (Day)(ahead ? ahead : WEEK);
    if (day_monday(soon) <= day_monday(in->today))
        return either(in, began, soon, soon + WEEK);
    in->day = soon;
    return TRUE;
}

/* "Friday week" is a week after the coming one: said on a Friday, that may be today. */
static gboolean settle_week(Reading *in, const char *began, int ahead)
{
    if (!ahead)
        return either(in, began, in->today + WEEK, in->today + 2 * WEEK);
    in->day = in->today + (Day)(ahead + WEEK);
    return TRUE;
}

static gboolean read_weekday_of(Reading *in)
{
    const char *began = in->at;
    gboolean is_next = word(in, "next"), is_this = !is_next && word(in, "this");
    if (!is_next && !is_this)
        word(in, "coming");
    int weekday = read_weekday(in);
    int today = (int)(in->today - day_monday(in->today)) + 1;
    if (!weekday)
        return FALSE;
    int ahead = (weekday - today + WEEK) % WEEK;
    if (!is_next && !is_this && word(in, "week"))
        return settle_week(in, began, ahead);
    if (is_next)
        return settle_next(in, began, ahead);
    if (is_this && weekday < today)
        return unclear(in, "the %s of this week is past: write the date", weekdays[weekday - 1]);
    in->day = in->today + (Day)ahead;
    in->step = is_this ? 0 : WEEK;
    return TRUE;
}

/* A date as text/day.h reads it. FALSE for none, and with the reason for one that there isn't. */
static gboolean read_date(Reading *in)
{
    g_autoptr(GError) error = NULL;
    const char *began = in->at;
    in->day = day_read(&in->at, in->today, &error);
    skip(in);
    return in->day || (in->at > began && unclear(in, "%s", error->message));
}

/* "yesterday", "last Friday": FALSE for neither. */
static gboolean is_gone(Reading *in)
{
    const char *began = in->at;
    if (!word(in, "yesterday") && !word(in, "the day before yesterday") &&
        !(word(in, "last") && (read_weekday(in) || word(in, "night")))) {
        in->at = began;
        return FALSE;
    }
    g_autofree char *said = since(in, began);
    unclear(in, "'%s' is past: nothing can be sent then", said);
    return TRUE;
}

/* "week" in "a week on Friday", "a fortnight today": how many days after that day, or 0. */
static Day read_weeks_after(Reading *in)
{
    static const char *const words[] = {"a week on", "a week", "a fortnight on", "a fortnight",
                                        NULL};
    int which = one_of(in, words);
    return which < 0 ? 0 : which < 2 ? WEEK : 2 * WEEK;
}

/* "today", "tomorrow week", "tonight"; FALSE for none. */
static gboolean read_day_word(Reading *in)
{
    static const char *const words[] = {"today", "tomorrow", "the day after tomorrow",
                                        "day after tomorrow", NULL};
    static const Day days[] = {0, 1, 2, 2};
    enum { NIGHT = G_N_ELEMENTS(parts_of_day) - 1 };
    int which = one_of(in, words);
    if (which >= 0) {
        in->day = in->today + days[which] + (word(in, "week") ? WEEK : 0);
        return TRUE;
    }
    if (word(in, "tonight")) {
        in->day = in->today;
        in->part = NIGHT;
        return TRUE;
    }
    for (int i = 0; i < NIGHT; i++) {
        g_autofree char *said = g_strconcat("this ", parts_of_day[i].name, NULL);
        if (word(in, said)) {
            in->day = in->today;
            in->part = i;
            return TRUE;
        }
    }
    return FALSE;
}

/* A day that is named by a word, or by its date, and a part of it; FALSE with nothing read. */
static gboolean read_day(Reading *in)
{
    const char *began = in->at;
    word(in, "on");
    if (is_gone(in))
        return FALSE;
    const char *day = in->at;
    Day more = read_weeks_after(in);
    gboolean found = read_day_word(in);
    if (!found && !more)
        word(in, "the");
    found = found || (!more && read_date(in)) || (!in->why && read_weekday_of(in));
    if (found && more && in->step && in->day == in->today)
        found = either(in, day, in->today + more, in->today + more + WEEK);
    if (!found) {
        in->at = began;
        return FALSE;
    }
    in->day += more;
    in->step = more ? 0 : in->step;
    for (int i = 0; in->part < 0 && i < (int)G_N_ELEMENTS(parts_of_day); i++)
        in->part = word(in, parts_of_day[i].name) ? i : -1;
    return TRUE;
}

/* --- from now on ------------------------------------------------------------------------------ */

/* "2 hours", "an hour and 30 minutes" after now: minutes, and days of the calendar. */
static gboolean read_ahead(Reading *in, int *days, int *minutes)
{
    static const char *const units[] = {
        "minutes", "minute", "mins", "min",   "m",    "hours",      "hour",      "hrs", "hr",
        "h",       "days",   "day",  "weeks", "week", "fortnights", "fortnight", NULL};
    static const int of_minutes[] = {1, 1, 1, 1, 1, 60, 60, 60, 60, 60, 0, 0, 0, 0, 0, 0};
    static const int of_days[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 7, 7, 14, 14};
    *days = *minutes = 0;
    if (word(in, "half an hour")) {
        *minutes = 30;
        return TRUE;
    }
    do {
        int number = 1;
        if (!word(in, "a") && !word(in, "an") && !read_number_word(in, &number))
            return FALSE;
        skip(in);
        int unit = one_of(in, units);
        if (unit < 0)
            return FALSE;
        *days += number * of_days[unit];
        *minutes += number * of_minutes[unit];
    } while (word(in, "and") || (*minutes && g_ascii_isdigit(*in->at)));
    return TRUE;
}

/* "in 2 hours", which sets `when`; "in 3 days at 9am". */
static gboolean read_from_now(Reading *in, gint64 *when)
{
    int days, minutes;
    if (!word(in, "in") || !read_ahead(in, &days, &minutes))
        return FALSE;
    if (*in->at) { /* a time on that day */
        in->day = in->today + (Day)days;
        in->zone = "";
        return days && !minutes && read_clock(in) && !*in->at;
    }
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(in->now / G_USEC_PER_SEC);
    g_autoptr(GDateTime) day = g_date_time_add_days(now, days);
    g_autoptr(GDateTime) time = day ? g_date_time_add_minutes(day, minutes) : NULL;
    if (!time)
        return FALSE;
    *when = g_date_time_to_unix(time) * G_USEC_PER_SEC;
    return TRUE;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The moment that was written; NULL when the clock never shows it. */
static GDateTime *moment(const Reading *in, Day day)
{
    GDate date;
    g_autoptr(GTimeZone) zone =
        *in->zone ? g_time_zone_new_identifier(in->zone) : g_time_zone_new_local();
    if (!zone)
        return NULL;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    GDateTime *time = g_date_time_new(zone, g_date_get_year(&date), (int)g_date_get_month(&date),
                                      g_date_get_day(&date), in->hour, in->minute, in->second);
    /* GLib moves a time that summer time skips to one that exists: then it isn't what was written.
     */
    if (time &&
        (g_date_time_get_hour(time) != in->hour || g_date_time_get_minute(time) != in->minute))
        g_clear_pointer(&time, g_date_time_unref);
    /* And of one that comes twice in autumn it gives the second. */
    g_autoptr(GDateTime) earlier = time ? g_date_time_add_hours(time, -1) : NULL;
    if (earlier && g_date_time_get_hour(earlier) == in->hour) {
        g_date_time_unref(time);
        return g_steal_pointer(&earlier);
    }
    return time;
}

/* Nothing, or a zone, is all that may follow. */
static gboolean read_zone(Reading *in)
{
    in->zone = in->at;
    return !*in->at || g_str_equal(in->at, "Z") || *in->at == '+' || *in->at == '-';
}

/* "2026-12-18T08:00" as machines write it. */
static gboolean read_iso(Reading *in)
{
    const char *mark = in->at + strspn(in->at, "0123456789-");
    if (mark - in->at != 10 || *mark != 'T')
        return FALSE;
    g_autofree char *text = g_strndup(in->at, 10);
    in->day = day_parse(text, NULL);
    in->at = mark + 1;
    return in->day && read_digits(in) && read_zone(in);
}

static gboolean read_day_and_clock(Reading *in)
{
    if (!read_day(in))
        return FALSE;
    word(in, "at");
    if (!*in->at)
        return unclear(in, "it has no time of day: write '%s %s'", in->text,
                       in->part >= 0 && parts_of_day[in->part].is_late ? "6pm" : "8am");
    return read_clock(in) && read_zone(in);
}

/* "8am tomorrow", "8am" (the next time that the clock shows it). */
static gboolean read_clock_and_day(Reading *in)
{
    if (!read_clock(in))
        return FALSE;
    skip(in);
    if (!read_zone(in))
        return read_day(in) && suits_part(in) && read_zone(in);
    in->day = in->today;
    in->step = 1;
    return TRUE;
}

static void begin(Reading *in, const char *text)
{
    in->at = text;
    in->day = 0;
    in->hour = in->minute = in->second = in->step = 0;
    in->part = -1;
    in->zone = "";
}

/* What people say for a time that no clock shows. */
static gboolean is_vague(Reading *in, const char *text)
{
    static const char *const phrases[] = {
        "first thing", "last thing",   "lunch",         "end of",     "start of",
        "close of",    "after school", "before school", "after work", "as soon as",
        "asap",        "some time",    "later"};
    g_autofree char *lower = g_ascii_strdown(text, -1);
    for (guint i = 0; i < G_N_ELEMENTS(phrases); i++)
        if (strstr(lower, phrases[i]))
            return !unclear(in,
                            "'%s' is no time that a clock shows: write a day and a time, as in "
                            "'Monday 08:30'",
                            phrases[i]);
    return FALSE;
}

/* `when` stays 0 where there is a day and a time of day. */
static gboolean parse(Reading *in, const char *text, gint64 *when)
{
    static gboolean (*const forms[])(Reading *) = {read_iso, read_day_and_clock,
                                                   read_clock_and_day};
    begin(in, text);
    *when = 0;
    if (read_from_now(in, when))
        return TRUE;
    if (is_vague(in, text))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(forms) && !in->why; i++) {
        begin(in, text);
        if (forms[i](in))
            return TRUE;
    }
    return FALSE;
}

static gboolean fail(const Reading *in, GError **error)
{
    if (in->why)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "not a time: '%s': %s", in->text,
                    in->why);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "not a time: '%s': it can't be read; write '2026-12-18 08:00', "
                    "'25/12/2026 8am', '25 Dec 8am', 'Friday 09:30', 'tomorrow 8am', "
                    "'in 2 hours' or '08:00'",
                    in->text);
    return FALSE;
}

/* The moment of a day and a time of day: the next one, where the day wasn't given by its date. */
static gboolean settle(Reading *in, gint64 *when)
{
    g_autoptr(GDateTime) time = moment(in, in->day);
    if (time && in->step && g_date_time_to_unix(time) * G_USEC_PER_SEC <= in->now) {
        g_date_time_unref(time);
        time = moment(in, in->day + (Day)in->step);
    }
    if (!time)
        return unclear(in, "there is no such time (the clock may skip it for summer time)");
    *when = g_date_time_to_unix(time) * G_USEC_PER_SEC;
    return TRUE;
}

gboolean when_parse(const char *text, gint64 now, gint64 *when, GError **error)
{
    Reading in = {.text = text, .now = now, .today = day_of(now, NULL)};
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
    g_autofree char *plain = g_strjoinv(" ", words); /* one blank between two words */
    for (char *twice; (twice = strstr(plain, "  "));)
        memmove(twice, twice + 1, strlen(twice));
    gboolean ok = parse(&in, g_strstrip(plain), when) && (*when || settle(&in, when));
    if (!ok)
        fail(&in, error);
    g_free(in.why);
    return ok;
}
