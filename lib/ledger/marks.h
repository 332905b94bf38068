/* marks - a delivery found by what came back about it, and marked with it
 */
#ifndef LEDGER_MARKS_H
#define LEDGER_MARKS_H

#include <glib.h>

#include "ledger/delivery.h"

/* The delivery that a token names: by the mailing's number in this ledger, and its own. NULL
 * without error if there is none. */
Delivery *deliveries_find(Ledger *ledger, guint64 mailing, guint64 number, GError **error);

/* Moves a delivery that is sent or unknown to `state` (bounced, complained; or sent, for one that
 * was unknown and is known to have arrived), with what was said, within the caller's transaction.
 * One in any other state stays as it is, and `changed` (may be NULL) is FALSE. */
gboolean deliveries_mark(Ledger *ledger, const Delivery *delivery, DeliveryState state,
                         const char *enhanced, const char *reply, gint64 now, gboolean *changed,
                         GError **error);

/* When letters to this address (without regard to case) were first tried that are `sent` to this
 * day, among those tried after `since` and before `until`; of gint64, ascending. Looks at every
 * delivery of the ledger. */
GArray *deliveries_arrived(Ledger *ledger, const char *address, gint64 since, gint64 until,
                           GError **error);

#endif
