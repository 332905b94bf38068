/* when - a time as people write it, in a time zone with its summer time
 */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <glib.h>

/* Reads "2026-12-18 08:00", "2026-12-18T08:00:30", "25/12/2026 08:00" and the other dates of
 * base/day.h, "08:00" (the next time that the clock shows it after `now`), "Friday 09:30" (the next
 * such after `now`), "today" and "tomorrow at 8am", each in the local zone (TZ), or with a zone:
 * "2026-12-18T08:00Z", "+01:00". Whether it is past is for the caller. A time that the clock skips in spring is USAGE, since nobody can mean it; one that
 * comes twice in autumn is the first. Sets `when` to microseconds since 1970 UTC. USAGE with the
 * forms for anything else. */
gboolean when_parse(const char *text, gint64 now, gint64 *when, GError **error);

/* "Friday 18 December 2026, 08:00 GMT", in the local zone; newly allocated. */
char *when_text(gint64 when);

#endif
