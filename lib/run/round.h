/* round - what one run of a digest knows of its readers: since when, and what each was given
 *
 * Read from the ledger at once; within the transaction of a plan it is what the plan may rely on.
 */
#ifndef RUN_ROUND_H
#define RUN_ROUND_H

#include "ledger/ledger.h"
#include "run/newness.h"

typedef struct {
    const char *digest;
    NewnessNow now;
    Day since;      /* --since: for all readers, instead of their own; 0: their own */
    Day first_days; /* how far back the first digest of all reaches */
} RoundSpec;

typedef struct Round Round;

/* Reads; `ledger` NULL means that nothing is on record. `notices` (of Bulletin) are borrowed. NULL
 * with error. */
Round *round_new(const RoundSpec *spec, const GPtrArray *notices, Ledger *ledger, GError **error);
void round_free(Round *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Round, round_free)

/* The day of the oldest notices meant for a reader of that key. Whoever was no reader at the last
 * digest that was sent begins with what is new since that one, as everybody does; before the first,
 * with the day on which the digest began. */
Day round_since(const Round *self, const char *key);

/* The same of somebody who is no reader yet. */
Day round_begin(const Round *self);

/* Whether the notice with that index is new to a reader. */
Newness round_judge(const Round *self, guint notice, const char *key, gboolean is_for);

/* Writes the reader down as one who was chosen now, within the caller's transaction. */
gboolean round_note_reader(const Round *self, Ledger *ledger, const char *key, gint64 now,
                           GError **error);

/* Writes down that the digest has begun, and the notices that it gathered, within the caller's
 * transaction. */
gboolean round_note(const Round *self, Ledger *ledger, gint64 now, GError **error);

#endif
