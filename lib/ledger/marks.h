/* marks - a delivery found by what came back about it, and marked with it
 */
#ifndef LEDGER_MARKS_H
#define LEDGER_MARKS_H

#include <glib.h>

#include "ledger/delivery.h"

/* The delivery that a token names: by the mailing's number in this ledger, and its own. */
Lookup deliveries_find(Ledger *ledger, guint64 mailing, guint64 number, Delivery **found,
                       GError **error);

/* The delivery that its reader has under a Message-ID which the server gave it (with its angle
 * brackets). */
Lookup deliveries_find_message(Ledger *ledger, const char *message_id, Delivery **found,
                               GError **error);

/* Moves a delivery that is sent, unknown, or written (somebody has mailed it from the folder, or
 * nothing could have come back) to `state` (bounced, complained), with what was said, within the
 * caller's transaction. That one in doubt was sent is ledger/settlements.h's to say.
 * One in any other state stays as it is, and `changed` (may be NULL) is FALSE. */
gboolean deliveries_mark(Ledger *ledger, const Delivery *delivery, DeliveryState state,
                         const char *enhanced, const char *reply, gint64 now, gboolean *changed,
                         GError **error);

/* When letters to this address (without regard to case) were first tried that are `sent` to this
 * day, among those tried after `since` and before `until`; of gint64, ascending. A letter that was
 * only written counts where another such to the address has come back: the folder is mailed then.
 * Looks at every delivery of the ledger. */
GArray *deliveries_arrived(Ledger *ledger, const char *address, gint64 since, gint64 until,
                           GError **error);

#endif
