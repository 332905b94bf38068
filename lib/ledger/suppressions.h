/* suppressions - the table of addresses that get nothing more, why, and since when
 *
 * A suppression holds for one audience or for all. None is ever deleted: one that is removed says
 * when and why, and stays as history. Addresses are compared without regard to case.
 */
#ifndef LEDGER_SUPPRESSIONS_H
#define LEDGER_SUPPRESSIONS_H

#include <glib.h>

#include "ledger/ledger.h"

#define SUPPRESSIONS_ALL "" /* as `audience`: whatever the audience */

typedef struct {
    char *address;  /* folded */
    char *audience; /* a name, or SUPPRESSIONS_ALL */
    char *reason;   /* a word: "bounce-hard", "complaint", "unsubscribe", "by-hand" ... */
    char *source;   /* what is behind it: a notice's id, a mailing's, who typed it; may be "" */
    gint64 since;
    gint64 removed_at; /* 0 while it holds */
    char *removed_why; /* "" while it holds */
} Suppression;

void suppression_free(Suppression *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Suppression, suppression_free)

/* Adds one (removed_at and removed_why are not read), within the caller's transaction. If one for
 * this address and audience holds already it stays as it is, and `added` (may be NULL) is FALSE. */
gboolean suppressions_add(Ledger *ledger, const Suppression *suppression, gboolean *added,
                          GError **error);

/* Ends the one that holds for this address and exactly this audience, within the caller's
 * transaction; `removed` (may be NULL) is FALSE when there was none. */
gboolean suppressions_remove(Ledger *ledger, const char *address, const char *audience,
                             const char *why, gint64 now, gboolean *removed, GError **error);

/* The one that holds for this address in this audience: that for all comes before that for the
 * audience. NULL without error if there is none. */
Suppression *suppressions_find(Ledger *ledger, const char *address, const char *audience,
                               GError **error);

/* Calls back with each, the oldest first; borrowed. `address` NULL means all; those that were
 * removed come too if `removed`. FALSE from the callback stops (no error). The callback must not
 * write to the ledger, nor call this again. */
typedef gboolean (*SuppressionFound)(void *user, const Suppression *suppression);
gboolean suppressions_each(Ledger *ledger, const char *address, gboolean removed,
                           SuppressionFound found, void *user, GError **error);

#endif
