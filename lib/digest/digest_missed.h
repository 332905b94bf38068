/* digest_missed - the runs of a digest that its schedule asks for and nobody has made
 *
 * A run is on record when it has ended, well or not: what went wrong was told then. A machine that was
 * off, or a process that was killed, leaves no trace, and so the run was missed.
 */
#ifndef DIGEST_DIGEST_MISSED_H
#define DIGEST_DIGEST_MISSED_H

#include "digest/digest_source.h"
#include "ledger/ledger.h"

enum {
    DIGEST_MISSED_MINUTES = 10, /* what is later than this was missed */
    DIGEST_MISSED_MAX = 1000    /* runs that are counted */
};

typedef struct {
    guint runs;  /* that were missed; 0: none */
    gint64 last; /* when the last of them was to be (microseconds) */
} DigestMissed;

/* Which were missed by `now`; those that would have made nothing, outside of terms, weren't. A digest
 * that was never run, or has no schedule, has missed none; `is_new`
 * says that nothing is on record. */
gboolean digest_missed_find(Ledger *ledger, const DigestConfig *config, gint64 now,
                            DigestMissed *missed, gboolean *is_new, GError **error);

/* Writes down that it was run at `now`. Own transaction. */
gboolean digest_missed_note(Ledger *ledger, const DigestConfig *config, gint64 now, GError **error);

#endif
