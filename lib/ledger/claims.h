/* claims - deliveries taken to be sent, and what became of them
 *
 * A sender claims a batch (on record as `sending` before a byte leaves), sends it, and records what
 * became of each (on record before anything else is said of it). Each function here is a
 * transaction of its own, committed before it returns. The caller holds the mailing's lock.
 *
 * A row still `sending` when its sender is no more may or may not have left. A sender that knows
 * that one never left records it as planned; deliveries_recover makes the others `unknown`.
 */
#ifndef LEDGER_CLAIMS_H
#define LEDGER_CLAIMS_H

#include <glib.h>

#include "ledger/delivery.h"
#include "ledger/ledger.h"

enum { CLAIMS_REPLY_MAX = 500 }; /* bytes of a reply that are kept */

/* Moves up to `limit` deliveries to `sending` and gives them: those deferred and due at `now`, the
 * longest due first, then those planned, in order of number. Whoever has been suppressed since the
 * plan was made is left out instead, with the reason (ledger/lifecycle.h). Of Delivery, to be
 * unreffed. */
GPtrArray *deliveries_claim(Ledger *ledger, const Mailing *mailing, guint limit, gint64 now,
                            GError **error);

/* What became of one that was claimed. `state` is sent, deferred, refused, unknown, written, or planned
 * for one that was claimed and never tried. */
typedef struct {
    guint64 number;
    DeliveryState state;
    gboolean tried;   /* counts as an attempt */
    gboolean is_news; /* of one given back: it heard this for the first time */
    int code;
    const char *enhanced; /* NULL is "" */
    const char *reply;    /* NULL is ""; kept as one line of UTF-8, cut at CLAIMS_REPLY_MAX */
    DeliveryStage stage;
    GivenUp given_up;
    Via via;
    const char *message_id; /* NULL is "" */
    gint64 at, next_at; /* next_at is read for a deferred one, and for a planned one: 0 for its old
                           * place, or a time to come behind all that have none */
} DeliveryResult;

/* Records a batch. A row that is not `sending` is left as it is, all others are recorded, and then
 * it is an error (IO, as two senders at once would cause it) that names the first such. After any
 * other error nothing of the batch is on record, and it can be recorded again. */
gboolean deliveries_record(Ledger *ledger, const Mailing *mailing, const DeliveryResult *results,
                           guint count, GError **error);

/* Records, of a run that is no more, what its journal knows: under the lease that it had, and also of
 * those that others have taken for lost since (`unknown`), unless they were tried anew. Any other row
 * is left as it is. */
gboolean deliveries_record_late(Ledger *ledger, const Mailing *mailing, gint64 lease,
                                const DeliveryResult *results, guint count, GError **error);

/* Each of a lease that is `sending` or `unknown`. The callback must not write to the ledger. */
typedef void (*DeliveryOfLease)(void *user, guint64 number, gboolean is_unknown);
gboolean deliveries_each_of_lease(Ledger *ledger, const Mailing *mailing, gint64 lease,
                                  DeliveryOfLease found, void *user, GError **error);

/* How many letters of all mailings may have left after a time. */
typedef struct {
    guint64 most; /* 0: no limit */
    gint64 since;
    gboolean is_spent; /* out: no more may be claimed now */
} DayLimit;

/* Records a batch as deliveries_record does and claims the next as deliveries_claim does, in one
 * transaction: one commit a batch and not two. No more are claimed than `day` (NULL: no limit) has
 * room for, those counted in that other processes have claimed: so it holds over all of them. When a
 * row was not `sending`, nothing is claimed. What a claim knows stands in the ledger's own file when
 * it returns (ledger_settle). Of Delivery, to be unreffed; NULL with error. */
GPtrArray *deliveries_turn(Ledger *ledger, const Mailing *mailing, const DeliveryResult *results,
                           guint count, guint limit, DayLimit *day, gint64 now, GError **error);

/* Rows left `sending` by a sender that is no more become `unknown`; how many in `count`. On a server
 * those of a lease that holds stay as they are (ledger/leases.h). Deferred
 * ones that a clock far ahead has put off for longer than DELIVERY_PAUSE_MAX are due now. */
gboolean deliveries_recover(Ledger *ledger, const Mailing *mailing, gint64 now, guint64 *count,
                            GError **error);

/* Unknown ones become planned again, for --resend-unknown, which is on record with each
 * (ledger/settlements.h); how many in `count`. */
gboolean deliveries_replan_unknown(Ledger *ledger, const Mailing *mailing, gint64 now,
                                   guint64 *count, GError **error);

/* How many are refused with that code, as for deliveries_replan_refused. */
gboolean deliveries_count_refused(Ledger *ledger, const Mailing *mailing, const char *only,
                                  guint64 *count, GError **error);

/* Refused ones become planned again, as if they hadn't been tried, for --resend-refused; those whose
 * reply code or enhanced status code is `only`, or all where that is NULL or "". */
gboolean deliveries_replan_refused(Ledger *ledger, const Mailing *mailing, const char *only,
                                   gint64 now, guint64 *count, GError **error);

#endif
