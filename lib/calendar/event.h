/* event - something that takes place: its name, when and where
 *
 * In an update it stands between lines of colons:
 *
 *     ::: event heads-briefing
 *     title: Briefing for headteachers
 *     start: 14 January 2027 09:30
 *     end: 12:00
 *     place: Guildhall, Northmere
 *     Coffee from nine.
 *     :::
 *
 * The word behind "event" names it for good: a correction that has the same one moves the entry in
 * the readers' calendars. Without a time of day it takes whole days, the last one included.
 */
#ifndef CALENDAR_EVENT_H
#define CALENDAR_EVENT_H

#include "text/day.h"

enum {
    EVENT_SLUG_MAX = 40,   /* bytes */
    EVENT_TEXT_MAX = 1000, /* bytes of title, place or what else is said */
    EVENTS_MAX = 20        /* of one letter */
};

typedef struct {
    char *slug, *title;
    char *place, *about; /* "" for none */
    Day start, end;      /* the same day where none was given */
    int start_minutes;   /* since midnight on the wall; DAY_NO_TIME: whole days */
    int end_minutes;     /* DAY_NO_TIME: whole days, or no end was given */
    guint sequence;      /* how often it was moved, beside the corrections of its letter */
    guint line;          /* of the update, on which its block begins; 0 where that isn't known */
} Event;

void event_free(Event *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Event, event_free)

/* Reads a block. `info` is what stands behind the colons ("event heads-briefing"), `body` the lines
 * between. NULL with DATA, and the number of the wrong line of the body, from 1, or 0 for the first
 * line of colons, in `line`: no title or start, a date that is none, an end before the start, a
 * field. */
Event *event_parse(const char *info, const char *body, guint *line, GError **error);

/* Whether a line of the body says something by its name ("start: …"), and is no words about it. */
gboolean event_is_fact(const char *line);

/* Whether what stands behind the colons begins an event. */
gboolean event_is_info(const char *info);

/* When it is, for people: "Thursday 14 January 2027, 9:30am to midday"; in a language other than
 * English the day as it writes it, and hours by the 24-hour clock. Newly allocated. */
char *event_when(const Event *self, const char *lang);

#endif
