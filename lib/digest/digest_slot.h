/* digest_slot - when a digest's runs are, and when their letters leave
 *
 * A run outside the hours of sending is one of the time at which they begin; where another run comes
 * no later than that, it makes nothing, and what is new waits for the other.
 */
#ifndef DIGEST_DIGEST_SLOT_H
#define DIGEST_DIGEST_SLOT_H

#include "config/timetable.h"
#include "list/terms.h"
#include "workspace/sendhours.h"

/* The first run at or after `from` (microseconds) whose letters leave, and when they do; `hours` and
 * `terms` (outside of which no run makes anything) may be NULL. FALSE when none is within
 * TIMETABLE_REACH days. */
gboolean digest_slot_next(const Timetable *timetable, const SendHours *hours, const Terms *terms,
                          gint64 from, gint64 *run, gint64 *leaves);

/* The last run at or before `until`; 0 for none. */
gint64 digest_slot_last(const Timetable *timetable, gint64 until);

/* How many runs there were after `since` up to `until`, DIGEST_SLOTS_MAX at most. */
enum { DIGEST_SLOTS_MAX = 1000 };
guint digest_slot_count(const Timetable *timetable, gint64 since, gint64 until);

/* The first run at or after `from`, whatever becomes of it; 0 for none. */
gint64 digest_slot_run(const Timetable *timetable, gint64 from);

#endif
