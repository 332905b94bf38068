/* ical - events as an iCalendar file (RFC 5545, METHOD:PUBLISH of RFC 5546) */
#include "calendar/ical.h"

#include <string.h>

#include "base/error.h"
#include "base/version.h"

/* --- lines ------------------------------------------------------------------------------------ */

static void append_text(GString *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        if (strchr("\\;,", *at))
            g_string_append_c(out, '\\');
        if (*at == '\n')
            g_string_append(out, "\\n");
        else if ((guchar)*at >= 0x20 && *at != 0x7f)
            g_string_append_c(out, *at);
    }
}

/* Section 3.1: a line goes on below behind a blank. No character is torn apart. */
static void append_folded(GString *out, const char *line)
{
    gsize room = ICAL_LINE_MAX;
    for (const char *at = line; *at;) {
        gsize length = (gsize)(g_utf8_next_char(at) - at);
        if (length > room) {
            g_string_append(out, "\r\n ");
            room = ICAL_LINE_MAX - 1;
        }
        g_string_append_len(out, at, (gssize)length);
        room -= length;
        at += length;
    }
    g_string_append(out, "\r\n");
}

void ical_line(GString *out, const char *name, const char *value, gboolean is_text)
{
    g_autoptr(GString) line = g_string_new(name);
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    g_string_append_c(line, ':');
    if (is_text)
        append_text(line, valid);
    else
        g_string_append(line, valid);
    append_folded(out, line->str);
}

/* --- times ------------------------------------------------------------------------------------ */

static void add_moment(GString *out, const char *name, GDateTime *moment)
{
    g_autoptr(GDateTime) utc = g_date_time_to_utc(moment);
    g_autofree char *text = g_date_time_format(utc, "%Y%m%dT%H%M%SZ");
    ical_line(out, name, text, FALSE);
}

static void add_date(GString *out, const char *name, Day day)
{
    GDate date;
    g_autofree char *with = g_strconcat(name, ";VALUE=DATE", NULL);
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    g_autofree char *text =
        g_strdup_printf("%04u%02u%02u", (guint)g_date_get_year(&date),
                        (guint)g_date_get_month(&date), (guint)g_date_get_day(&date));
    ical_line(out, with, text, FALSE);
}

/* Of a time that there is twice, when the clocks go back, the first. */
static gboolean add_time(GString *out, const char *name, GTimeZone *zone, Day day, int minutes,
                         GError **error)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    g_autoptr(GDateTime) at =
        g_date_time_new(zone, g_date_get_year(&date), (gint)g_date_get_month(&date),
                        g_date_get_day(&date), minutes / 60, minutes % 60, 0);
    if (!at || g_date_time_get_hour(at) * 60 + g_date_time_get_minute(at) != minutes) {
        g_autofree char *text = day_text(day);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "there is no %02d:%02d on %s: the clocks go forward", minutes / 60,
                    minutes % 60, text);
        return FALSE;
    }
    g_autoptr(GDateTime) before = g_date_time_add_hours(at, -1);
    gboolean twice = g_date_time_get_hour(before) * 60 + g_date_time_get_minute(before) == minutes;
    add_moment(out, name, twice ? before : at);
    return TRUE;
}

static gboolean add_times(GString *out, const Event *event, GTimeZone *zone, GError **error)
{
    if (event->start_minutes == DAY_NO_TIME) {
        add_date(out, "DTSTART", event->start);
        add_date(out, "DTEND", event->end + 1); /* the first day after it */
        ical_line(out, "TRANSP", "TRANSPARENT", FALSE);
        return TRUE;
    }
    return add_time(out, "DTSTART", zone, event->start, event->start_minutes, error) &&
           (event->end_minutes == DAY_NO_TIME ||
            (event->end == event->start && event->end_minutes == event->start_minutes) ||
            add_time(out, "DTEND", zone, event->end, event->end_minutes, error));
}

/* --- the file --------------------------------------------------------------------------------- */

/* A parameter's value in quotes, which can hold neither quotes nor control characters. */
static void add_organiser(GString *out, const IcalOptions *options)
{
    g_autoptr(GString) name = g_string_new("ORGANIZER");
    g_autofree char *escaped = g_uri_escape_string(options->organiser, "@", FALSE);
    g_autofree char *value = g_strconcat("mailto:", escaped, NULL);
    if (*options->organiser_name) {
        g_string_append(name, ";CN=\"");
        for (const char *at = options->organiser_name; *at; at++)
            if ((guchar)*at >= 0x20 && *at != 0x7f)
                g_string_append_c(name, *at == '"' ? '\'' : *at);
        g_string_append_c(name, '"');
    }
    ical_line(out, name->str, value, FALSE);
}

static gboolean add_event(GString *out, const Event *event, const IcalOptions *options,
                          GTimeZone *zone, GError **error)
{
    g_autofree char *uid =
        g_strdup_printf("%s.%s@%s", event->slug, options->mailing, options->domain);
    g_autofree char *sequence = g_strdup_printf("%u", options->sequence + event->sequence);
    g_autoptr(GDateTime) stamp = g_date_time_new_from_unix_utc(options->stamp);
    ical_line(out, "BEGIN", "VEVENT", FALSE);
    ical_line(out, "UID", uid, FALSE);
    add_moment(out, "DTSTAMP", stamp);
    ical_line(out, "SEQUENCE", sequence, FALSE);
    if (!add_times(out, event, zone, error))
        return FALSE;
    ical_line(out, "SUMMARY", event->title, TRUE);
    if (*event->place)
        ical_line(out, "LOCATION", event->place, TRUE);
    if (*event->about)
        ical_line(out, "DESCRIPTION", event->about, TRUE);
    add_organiser(out, options);
    ical_line(out, "END", "VEVENT", FALSE);
    return TRUE;
}

char *ical_write(const GPtrArray *events, const IcalOptions *options, const Event **wrong,
                 GError **error)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(options->zone);
    g_autoptr(GString) out = g_string_new(NULL);
    if (wrong)
        *wrong = NULL;
    if (!zone) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "no time zone '%s' on this machine: write one such as Europe/London",
                    options->zone);
        return NULL;
    }
    ical_line(out, "BEGIN", "VCALENDAR", FALSE);
    ical_line(out, "VERSION", "2.0", FALSE);
    ical_line(out, "PRODID", "-//circular//circular " CIRCULAR_VERSION "//EN", FALSE);
    ical_line(out, "CALSCALE", "GREGORIAN", FALSE);
    ical_line(out, "METHOD", "PUBLISH", FALSE);
    for (guint i = 0; i < events->len; i++)
        if (!add_event(out, g_ptr_array_index(events, i), options, zone, error)) {
            if (wrong)
                *wrong = g_ptr_array_index(events, i);
            return NULL;
        }
    ical_line(out, "END", "VCALENDAR", FALSE);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
