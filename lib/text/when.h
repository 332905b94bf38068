/* when - a time as people write it, and as they read it, in a time zone with its summer time
 *
 * The one place that writes times for people: in the local zone (TZ), with the zone's name where a
 * time of day is told, and in English words and the digits 0-9 whatever the locale. Machines read
 * base/clock.h's clock_iso.
 */
#ifndef TEXT_WHEN_H
#define TEXT_WHEN_H

#include <glib.h>

#include "text/day.h"

/* Reads a day and a time of day, in either order, in the local zone (TZ): "2026-12-18 08:00",
 * "25/12/2026 8am", "Friday 18 December 2026 at noon" and the other dates of text/day.h, without the
 * year too as day_read takes it ("31/12 9am"); "today", "tomorrow", "Friday 09:30" (the next such
 * after `now`), "this Friday", "Friday week", "a fortnight on Friday", "08:00" (the next time that the
 * clock shows it); "half past eight in the morning", "tomorrow morning at 8", "tonight at 8"; from now
 * on "in 2 hours", "in 3 days" (as the calendar has them), "in 3 days at 9am"; with a zone
 * "2026-12-18T08:00Z", "+01:00". Whether it is past is for the caller.
 *
 * What may mean two times is refused with both: an hour of the clock face without am or pm, "next
 * Friday" while the coming one is in this week, "Friday week" on a Friday, midnight, one at night; and
 * for what it is: "yesterday", "first thing Monday". A time that the clock skips in spring is
 * refused, since nobody can mean it; one that comes twice in autumn is the first. Sets `when` to
 * microseconds since 1970 UTC. USAGE, which says what is wrong or what can be written, for anything
 * else. */
gboolean when_parse(const char *text, gint64 now, gint64 *when, GError **error);

/* All of these are newly allocated, in the local zone, and "" for 0, which is no time. A zone without
 * a name of letters is "UTC+03". */

/* In a sentence: "Friday 18 December 2026, 08:00 GMT". */
char *when_text(gint64 when);

/* In a table or a line of facts: "Fri 18 Dec 2026, 08:00 GMT". */
char *when_short(gint64 when);

/* The day alone: "18 Dec 2026". */
char *when_day(gint64 when);

/* The day in the local zone; 0 for no time, or none that there is. */
Day when_date(gint64 when);

/* Of a time after `now`: "16:40 GMT" on the same day, else "16:40 GMT on Friday 18 December 2026". */
char *when_soon(gint64 when, gint64 now);

/* What stands below a bar of a chart; "08:00", "18 Dec 08:00", "18 Dec", "Dec 2026", "2026". */
typedef enum {
    WHEN_LABEL_TIME,
    WHEN_LABEL_DAY_TIME,
    WHEN_LABEL_DAY,
    WHEN_LABEL_MONTH,
    WHEN_LABEL_YEAR
} WhenLabel;

char *when_label(gint64 when, WhenLabel label);

#endif
