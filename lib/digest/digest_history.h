/* digest_history - what one run of a digest knows of its readers: since when, and what each was given
 *
 * Read from the ledger at once; within the transaction of a plan it is what the plan may rely on.
 */
#ifndef DIGEST_DIGEST_HISTORY_H
#define DIGEST_DIGEST_HISTORY_H

#include "ledger/ledger.h"
#include "digest/newness.h"

typedef struct {
    const char *digest;
    NewnessNow now;
    Day since;      /* --since: for all readers, instead of their own; 0: their own */
    Day first_days; /* how far back the first digest of all reaches */
} DigestHistorySpec;

typedef struct DigestHistory DigestHistory;

/* Reads; `ledger` NULL means that nothing is on record. `notices` (of Bulletin) are borrowed. NULL
 * with error. */
DigestHistory *digest_history_new(const DigestHistorySpec *spec, const GPtrArray *notices,
                                  Ledger *ledger, GError **error);
void digest_history_free(DigestHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DigestHistory, digest_history_free)

/* The day of the oldest notices meant for a reader of that key. Whoever was no reader at the last
 * digest that was sent begins with what is new since that one, as everybody does; before the first,
 * with the day on which the digest began. */
Day digest_history_since(const DigestHistory *self, const char *key);

/* The same of somebody who is no reader yet. */
Day digest_history_begin(const DigestHistory *self);

/* Whether the notice with that index is new to a reader. */
Newness digest_history_judge(const DigestHistory *self, guint notice, const char *key,
                             gboolean is_for);

/* Writes the reader down as one who was chosen now, within the caller's transaction. */
gboolean digest_history_note_reader(const DigestHistory *self, Ledger *ledger, const char *key,
                                    gint64 now, GError **error);

/* Writes down that the digest has begun, and the notices that it gathered, within the caller's
 * transaction. */
gboolean digest_history_note(const DigestHistory *self, Ledger *ledger, gint64 now, GError **error);

#endif
