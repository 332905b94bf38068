/* digest_slot - when a digest's runs are, and when their letters leave
 *
 * A run outside the hours of sending is one of the time at which they begin; where another run comes
 * no later than that, it makes nothing, and what is new waits for the other.
 */
#ifndef DIGEST_DIGEST_SLOT_H
#define DIGEST_DIGEST_SLOT_H

#include "config/timetable.h"
#include "digest/digest_source.h"
#include "list/terms.h"

typedef struct {
    Timetable *timetable;   /* NULL: it has no schedule, or one that can't be read */
    Terms *terms;           /* outside of which no run makes anything; or NULL */
    const SendHours *hours; /* borrowed; NULL: at any time */
} DigestSlots;

/* By the config, as far as it can be read: what can't is told by who has to keep it. */
DigestSlots digest_slots_of(const DigestConfig *config);
void digest_slots_clear(DigestSlots *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DigestSlots, digest_slots_clear)

/* The first run at or after `from` (microseconds) whose letters leave, and when they do. FALSE when
 * none is within TIMETABLE_REACH days. */
gboolean digest_slots_next(const DigestSlots *self, gint64 from, gint64 *run, gint64 *leaves);

/* The first run at or after `from`, whatever becomes of it; 0 for none. */
gint64 digest_slots_run(const DigestSlots *self, gint64 from);

#endif
