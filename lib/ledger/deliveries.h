/* deliveries - the table of copies: one row a recipient, and what became of each
 *
 * Nothing is sent that is not `sending` on record first, and no outcome is told before it is on
 * record (ledger/claims.h). No state is inferred from the absence of a row.
 */
#ifndef LEDGER_DELIVERIES_H
#define LEDGER_DELIVERIES_H

#include <glib.h>

#include "ledger/claims.h"
#include "ledger/delivery.h"
#include "ledger/exclusions.h"
#include "ledger/ledger.h"

/* Adds a planned one (number, key, address, name, label, phone, fields are read), within the caller's
 * transaction. DATA when the mailing has one with that key and address already: nobody twice. */
gboolean deliveries_add(Ledger *ledger, const Mailing *mailing, const Delivery *delivery,
                        GError **error);

/* The one of that number, all of it anew; NULL with error, IO when the mailing has none such. */
gboolean deliveries_get(Ledger *ledger, const Mailing *mailing, guint64 number, Delivery **found,
                        GError **error);

/* The same by key, the first if it has several; `found` is NULL when there is none. */
gboolean deliveries_of_key(Ledger *ledger, const Mailing *mailing, const char *key,
                           Delivery **found, GError **error);

/* counts[DELIVERY_STATES] by state. */
gboolean deliveries_count(Ledger *ledger, const Mailing *mailing, guint64 *counts, GError **error);

/* Whether a relay has taken any letter after `since`, of whichever mailing. */
gboolean deliveries_any_sent(Ledger *ledger, gint64 since, gboolean *any, GError **error);

/* The earliest next_at of the deferred; 0 if there are none. */
gboolean deliveries_next_due(Ledger *ledger, const Mailing *mailing, gint64 *when, GError **error);

/* Calls back with each row, by number; borrowed. FALSE from the callback stops (no error). The
 * callback must not write to the ledger, nor call this again. `state` DELIVERY_STATES means all. */
typedef gboolean (*DeliveryFound)(void *user, const Delivery *delivery);
gboolean deliveries_each(Ledger *ledger, const Mailing *mailing, DeliveryState state,
                         DeliveryFound found, void *user, GError **error);

/* Calls back with each letter of `mailing` that is planned or deferred and whose recipient has
 * `other`'s as far as is known (sent, unknown, complained), or is being sent it: of the same address
 * whatever its case, or of the same key where both are for the same audience. By number; borrowed.
 * FALSE from the callback stops (no error). The callback must not write to the ledger. */
gboolean deliveries_shared(Ledger *ledger, const Mailing *mailing, const Mailing *other,
                           DeliveryFound found, void *user, GError **error);

/* All of one school or person, over every mailing, the latest first: by key, or by address without
 * regard to case (of ASCII). */
gboolean deliveries_history(Ledger *ledger, const char *key_or_address, DeliveryFound found,
                            void *user, GError **error);

/* One that came back or was refused; texts are borrowed. */
typedef struct {
    gint64 mailing; /* its number */
    const char *key, *address;
    const char *enhanced, *reply;
    int code;
    gint64 first_at;
} Return;

/* Calls back with each of all mailings that is bounced or refused, in the order in which their mailings were planned.
 * FALSE from the callback stops (no error). */
typedef gboolean (*ReturnFound)(void *user, const Return *one);
gboolean deliveries_returned(Ledger *ledger, ReturnFound found, void *user, GError **error);

/* The keys that a label names, over every mailing: exactly, or (where none does) as a part of it,
 * without regard to case. Of "key\tlabel", sorted; NULL with error. */
GPtrArray *deliveries_labelled(Ledger *ledger, const char *label, GError **error);

#endif
