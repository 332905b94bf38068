/* ical - events as an iCalendar file (RFC 5545, METHOD:PUBLISH of RFC 5546)
 *
 * Times are written in UTC, computed by GLib from the system's zone data, so that no VTIMEZONE has
 * to be carried and every program shows the same moment. libical would bring its own copy of the
 * zones and a tree of components for what is a dozen lines a event: it stays out.
 */
#ifndef CALENDAR_ICAL_H
#define CALENDAR_ICAL_H

#include "calendar/event.h"

enum { ICAL_LINE_MAX = 75 }; /* octets of a line, without its end */

typedef struct {
    const char *zone;           /* of the clocks on the wall: "Europe/London" */
    const char *organiser;      /* an address: where a calendar sends what its owner says */
    const char *domain;         /* of the letter's sender, by which the events are known */
    const char *organiser_name; /* or "" */
    const char *mailing; /* what the letter is known by, through all its corrections; with the name
                          * of the event and the domain it makes the UID */
    guint sequence;      /* 0; one more for each correction */
    gint64 stamp;        /* seconds: when the letter was made (DTSTAMP) */
} IcalOptions;

/* The whole file, CRLF lines; newly allocated. NULL with DATA: no such zone, or a time of day that
 * the clocks pass over when they go forward; `wrong` (may be NULL) is the event that has it, or NULL.
 * `events`: of Event, at least one. */
char *ical_write(const GPtrArray *events, const IcalOptions *options, const Event **wrong,
                 GError **error);

/* Appends a content line, folded; `text` is escaped as TEXT (RFC 5545 section 3.3.11) where it says
 * so. For tests as well. */
void ical_line(GString *out, const char *name, const char *value, gboolean is_text);

#endif
