/* digest_calendar - the events of the notices that a reader gets, as one calendar file
 *
 * Each reader gets other notices, and so another file: its name says which of the digest's notices
 * are in it ("calendar/1/4/dates.ics"), and it is made when a letter asks for it. An event is known
 * by its notice and its digest through all issues; a revision of the notice moves the entry.
 */
#ifndef DIGEST_DIGEST_CALENDAR_H
#define DIGEST_DIGEST_CALENDAR_H

#include "digest/digest.h"
#include "mail/address.h"

typedef struct {
    const char *name; /* of the digest */
    const char *zone;
    const Address *from;
} DigestCalendar;

/* The path of the file as Mustache, which is nothing for whoever has no event; NULL when no notice
 * has one. Newly allocated. */
char *digest_calendar_path(const Digest *self);

/* Whether a file of a letter is one of these. */
gboolean digest_calendar_is(const char *name);

/* The file. NULL with DATA: no such zone, a time that the clocks pass over. */
GBytes *digest_calendar_open(const Digest *self, const DigestCalendar *calendar, const char *name,
                             GError **error);

/* What is wrong with the notices' events, by file and line, as errors "event". */
void digest_calendar_check(const Digest *self, const DigestCalendar *calendar, Findings *findings);

#endif
