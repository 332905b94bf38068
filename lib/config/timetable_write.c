/* timetable_write - a timetable as words, as crontab lines and as systemd's calendar times */
#include "config/timetable_parts.h"

/* --- parts --------------------------------------------------------------------------- */

static char *joined(GPtrArray *parts, const char *between, const char *last)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < parts->len; i++) {
        if (i)
            g_string_append(text, i + 1 == parts->len ? last : between);
        g_string_append(text, g_ptr_array_index(parts, i));
    }
    g_ptr_array_unref(parts);
    return g_string_free(text, FALSE);
}

static guint count_days(const Timetable *self)
{
    guint count = 0;
    for (int day = 0; day < TIMETABLE_DAYS; day++)
        count += (guint)self->days[day];
    return count;
}

static gboolean is_weekdays(const Timetable *self)
{
    return count_days(self) == 5 && !self->days[5] && !self->days[6];
}

/* The numbers i + `base` of the flags that are set, joined by commas. */
static char *numbers(const gboolean *flags, guint count, guint base)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < count; i++)
        if (flags[i])
            g_ptr_array_add(parts, g_strdup_printf("%u", i + base));
    return joined(parts, ",", ",");
}

/* The dates on which the first, second ... weekday of a month can fall: "1-7,15-21". */
static char *week_dates(const Timetable *self, const char *range)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    for (guint week = 0; week < TIMETABLE_WEEKS; week++)
        if (self->weeks[week])
            g_ptr_array_add(parts, g_strdup_printf("%u%s%u", week * 7 + 1, range, week * 7 + 7));
    return joined(parts, ",", ",");
}

/* --- the forms -------------------------------------------------------------------------------- */

static char *days_text(const Timetable *self)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    if (!self->by_week && count_days(self) == TIMETABLE_DAYS)
        g_ptr_array_add(names, g_strdup("day"));
    else if (!self->by_week && is_weekdays(self))
        g_ptr_array_add(names, g_strdup("weekday"));
    else
        for (int day = 0; day < TIMETABLE_DAYS; day++)
            if (self->days[day])
                g_ptr_array_add(names, g_strdup(TIMETABLE_DAY_NAMES[day]));
    return joined(names, ", ", " and ");
}

static const char *ending(guint number)
{
    return number >= 11 && number <= 13 ? "th"
           : number % 10 == 1           ? "st"
           : number % 10 == 2           ? "nd"
           : number % 10 == 3           ? "rd"
                                        : "th";
}

static char *ordinals_text(const Timetable *self)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; i <= TIMETABLE_DATE_MAX; i++)
        if (self->by_week ? i <= TIMETABLE_WEEKS && self->weeks[i - 1] : self->dates[i])
            g_ptr_array_add(names, self->by_week ? g_strdup(TIMETABLE_ORDINALS[i - 1])
                                                 : g_strdup_printf("%u%s", i, ending(i)));
    return joined(names, ", ", " and ");
}

char *timetable_text(const Timetable *self)
{
    GPtrArray *times = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < self->count; i++)
        g_ptr_array_add(times,
                        g_strdup_printf("%02u:%02u", self->times[i] / 60, self->times[i] % 60));
    g_autofree char *at = joined(times, ", ", " and ");
    g_autofree char *days = days_text(self);
    g_autofree char *ordinals = ordinals_text(self);
    if (self->by_week)
        return g_strdup_printf("%s %s of the month at %s", ordinals, days, at);
    if (self->by_date)
        return g_strdup_printf("%s of the month at %s", ordinals, at);
    return g_strdup_printf("every %s at %s", days, at);
}

/* "0 7,15 * * 1": one line for all times with these minutes. */
static char *cron_line(const Timetable *self, guint minute, const char *command)
{
    gboolean hours[24] = {FALSE};
    for (guint i = 0; i < self->count; i++)
        if (self->times[i] % 60 == minute)
            hours[self->times[i] / 60] = TRUE;
    g_autofree char *hour = numbers(hours, 24, 0);
    g_autofree char *weekdays = numbers(self->days, TIMETABLE_DAYS, 1);
    if (self->by_date) {
        g_autofree char *dates = numbers(self->dates, TIMETABLE_DATE_MAX + 1, 0);
        return g_strdup_printf("%u %s %s * * %s", minute, hour, dates, command);
    }
    if (!self->by_week)
        return g_strdup_printf("%u %s * * %s %s", minute, hour,
                               count_days(self) == TIMETABLE_DAYS ? "*"
                               : is_weekdays(self)                ? "1-5"
                                                                  : weekdays,
                               command);
    g_autofree char *dates = week_dates(self, "-");
    g_auto(GStrv) each = g_strsplit(weekdays, ",", -1);
    g_autofree char *choice = g_strjoinv("|", each);
    return g_strdup_printf("%u %s %s * * case $(date +\\%%u) in %s) %s ;; esac", minute, hour,
                           dates, choice, command);
}

char **timetable_cron(const Timetable *self, const char *command)
{
    gboolean seen[60] = {FALSE};
    GPtrArray *lines = g_ptr_array_new();
    for (guint i = 0; i < self->count; i++) {
        guint minute = self->times[i] % 60;
        if (!seen[minute])
            g_ptr_array_add(lines, cron_line(self, minute, command));
        seen[minute] = TRUE;
    }
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

/* "Mon,Thu " or "" for every day. */
static char *systemd_days(const Timetable *self)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    if (count_days(self) == TIMETABLE_DAYS || self->by_date) {
        g_ptr_array_unref(names);
        return g_strdup("");
    }
    for (int day = 0; day < TIMETABLE_DAYS; day++)
        if (self->days[day])
            g_ptr_array_add(names, g_strndup(TIMETABLE_DAY_NAMES[day], 3));
    g_autofree char *text = joined(names, ",", ",");
    return g_strconcat(text, " ", NULL);
}

char **timetable_systemd(const Timetable *self)
{
    g_autofree char *days = systemd_days(self);
    g_autofree char *dates = self->by_week   ? week_dates(self, "..")
                             : self->by_date ? numbers(self->dates, TIMETABLE_DATE_MAX + 1, 0)
                                             : g_strdup("*");
    GPtrArray *all = g_ptr_array_new();
    for (guint i = 0; i < self->count; i++)
        g_ptr_array_add(all, g_strdup_printf("%s*-*-%s %02u:%02u:00", days, dates,
                                             self->times[i] / 60, self->times[i] % 60));
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(all, FALSE);
}
