/* readings - the tables of who reads a digest, and of which notices each reader was given
 *
 * A reader is known by the key, as everywhere in the ledger: the next head of a school goes on
 * where the last one left off. A notice was given to a reader when a delivery to that key holds it,
 * whatever became of the delivery: that stands beside it.
 */
#ifndef LEDGER_READINGS_H
#define LEDGER_READINGS_H

#include <glib.h>

#include "ledger/ledger.h"

typedef struct {
    guint32 since; /* the day of the oldest notices that are meant for this reader */
    gint64 seen; /* when the latest digest was planned for whose audience this reader was chosen */
} DigestReaderRow;

/* All readers of a digest, by key; of DigestReaderRow. NULL with error. */
GHashTable *digest_readers_load(Ledger *ledger, const char *digest, GError **error);

/* Sets one, within the caller's transaction. */
gboolean digest_readers_set(Ledger *ledger, const char *digest, const char *key,
                            const DigestReaderRow *reader, GError **error);

/* The highest revision of a notice that each reader of the digest was given: a table of key ->
 * GUINT_TO_POINTER(revision). What stands in a plan that is DIGESTS_PLANNED doesn't count, for the
 * next plan takes its place. NULL with error. */
GHashTable *readings_of(Ledger *ledger, const char *digest, const char *notice, GError **error);

/* Notes that a mailing gives a revision of a notice to a reader, within the caller's transaction;
 * twice (two addresses of one school) is once. */
gboolean readings_add(Ledger *ledger, const char *digest, const Mailing *mailing, const char *key,
                      const char *notice, guint revision, GError **error);

/* Calls back with each notice that was given to a key, by mailing and name of the notice; borrowed.
 * FALSE from the callback stops (no error). The callback must not write to the ledger. */
typedef gboolean (*ReadingFound)(void *user, const char *mailing, const char *key,
                                 const char *notice, guint revision, const char *title);
gboolean readings_history(Ledger *ledger, const char *key, ReadingFound found, void *user,
                          GError **error);

#endif
