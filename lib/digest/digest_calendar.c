/* digest_calendar - the events of the notices that a reader gets, as one calendar file */
#include "digest/digest_calendar.h"

#include <string.h>

#include "base/error.h"
#include "calendar/ical.h"

#define FOLDER "file:calendar/"
#define FILE_NAME "dates.ics"

enum { EPOCH = 719163, DAY_SECONDS = 24 * 60 * 60 }; /* 1 January 1970 */

char *digest_calendar_path(const Digest *self)
{
    GString *path = g_string_new("{{#digest_dates}}" FOLDER);
    gboolean any = FALSE;
    g_string_erase(path, strlen("{{#digest_dates}}"), strlen("file:"));
    for (guint i = 0; i < digest_length(self); i++) {
        const DigestItem *item = digest_item(self, i);
        if (!item->notice->event)
            continue;
        g_string_append_printf(path, "{{#%s}}%u/{{/%s}}", item->flag, i + 1, item->flag);
        any = TRUE;
    }
    g_string_append(path, FILE_NAME "{{/digest_dates}}");
    char *text = g_string_free(path, FALSE);
    if (!any)
        g_clear_pointer(&text, g_free);
    return text;
}

gboolean digest_calendar_is(const char *name)
{
    return g_str_has_prefix(name, FOLDER) && g_str_has_suffix(name, "/" FILE_NAME);
}

/* The name of the notice, "summer-fair.md", as an event has one. */
static char *slug_of(const Notice *notice)
{
    gsize length = strlen(notice->name) - (g_str_has_suffix(notice->name, ".md") ? 3 : 0);
    g_autofree char *bare = g_strndup(notice->name, length);
    g_autofree char *lower = g_ascii_strdown(bare, -1);
    return g_strcanon(g_steal_pointer(&lower), G_CSET_a_2_z G_CSET_DIGITS "-", '-');
}

static Event *event_of(const Notice *notice)
{
    Event *event = g_new0(Event, 1);
    event->slug = slug_of(notice);
    event->title = notice_title(notice);
    event->place = g_strdup("");
    event->about = g_strdup("");
    event->start = event->end = notice->event;
    event->start_minutes = notice->event_minutes;
    event->end_minutes = DAY_NO_TIME;
    event->sequence = notice->revision - 1;
    event->line = notice->event_line;
    return event;
}

static char *write_events(const GPtrArray *events, const Digest *self,
                          const DigestCalendar *calendar, GError **error)
{
    g_autofree char *known = g_strconcat("digest-", calendar->name, NULL);
    IcalOptions options = {.zone = calendar->zone,
                           .organiser = calendar->from->spec,
                           .organiser_name = calendar->from->name,
                           .domain = calendar->from->domain,
                           .mailing = known,
                           .stamp = ((gint64)digest_today(self) - EPOCH) * DAY_SECONDS};
    return ical_write(events, &options, NULL, error);
}

GBytes *digest_calendar_open(const Digest *self, const DigestCalendar *calendar, const char *name,
                             GError **error)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    g_auto(GStrv) parts = g_strsplit(name + strlen(FOLDER), "/", -1);
    for (char **part = parts; *part; part++) {
        guint64 number = g_ascii_strtoull(*part, NULL, 10);
        if (number && number <= digest_length(self))
            g_ptr_array_add(events, event_of(digest_item(self, (guint)number - 1)->notice));
    }
    char *text = write_events(events, self, calendar, error);
    return text ? g_bytes_new_take(text, strlen(text)) : NULL;
}

void digest_calendar_check(const Digest *self, const DigestCalendar *calendar, Findings *findings)
{
    for (guint i = 0; i < digest_length(self); i++) {
        const Notice *notice = digest_item(self, i)->notice;
        g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
        g_autoptr(GError) error = NULL;
        if (!notice->event)
            continue;
        g_ptr_array_add(events, event_of(notice));
        g_autofree char *text = write_events(events, self, calendar, &error);
        if (!text)
            findings_add(findings, FINDING_ERROR, notice->file, notice->event_line, "event", "%s",
                         error->message);
    }
}
