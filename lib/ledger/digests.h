/* digests - the tables of digests: since when, which mailings are theirs, which notices they knew
 *
 * A digest is a name ("weekly"); its mailings are mailings like all others. Who has had which
 * notice stands in ledger/readings.h. Days are numbers (text/day.h).
 */
#ifndef LEDGER_DIGESTS_H
#define LEDGER_DIGESTS_H

#include <glib.h>

#include "ledger/ledger.h"

/* The day with which the digest's first one began; 0 for a digest that never was. Setting is within
 * the caller's transaction, and only the first counts. */
gboolean digests_since(Ledger *ledger, const char *digest, guint32 *day, GError **error);
gboolean digests_begin(Ledger *ledger, const char *digest, guint32 day, GError **error);

/* Makes a mailing one of the digest's, within the caller's transaction. */
gboolean digests_add_mailing(Ledger *ledger, const char *digest, const Mailing *mailing,
                             GError **error);

/* Whether a mailing is some digest's. */
gboolean digests_has(Ledger *ledger, const Mailing *mailing, gboolean *has, GError **error);

/* When the latest of its mailings was planned of which anything was sent (sent, unknown, bounced,
 * complained); 0 if there is none. */
gboolean digests_last_sent(Ledger *ledger, const char *digest, gint64 *planned_at, GError **error);

typedef enum {
    DIGESTS_BEGUN,   /* some letters left, or were tried, some are still to go, nobody stopped it */
    DIGESTS_WAITING, /* nothing was tried, and a person set the time at which it goes */
    DIGESTS_PLANNED, /* nothing was tried, and no time is set */
} DigestsState;

/* The ids of its mailings in that state, the oldest first; NULL-terminated, g_strfreev. */
char **digests_mailings(Ledger *ledger, const char *digest, DigestsState state, GError **error);

/* A notice as a digest first gathered it. */
typedef struct {
    const char *name;
    guint revision;
    guint32 date;
    const char *title, *hash;
} DigestNotice;

/* Whether a digest gathered that revision of the notice; then its date, and whether the file had
 * that hash. */
gboolean digests_knows(Ledger *ledger, const char *digest, const DigestNotice *notice,
                       gboolean *known, guint32 *date, gboolean *same, GError **error);

/* Notes one, within the caller's transaction; one that is known stays as it is. */
gboolean digests_note(Ledger *ledger, const char *digest, const DigestNotice *notice, gint64 now,
                      GError **error);

#endif
