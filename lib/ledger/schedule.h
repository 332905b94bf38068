/* schedule - when mailings are to go, and how much went in a day
 */
#ifndef LEDGER_SCHEDULE_H
#define LEDGER_SCHEDULE_H

#include <glib.h>

#include "ledger/ledger.h"
#include "ledger/lifecycle.h"

/* The mailing is not to go, or to go on, before `when` (microseconds): it is scheduled; or (0) it has
 * no time any more. Own transaction. */
gboolean schedule_set(Ledger *ledger, const Mailing *mailing, gint64 when, const Actor *actor,
                      gint64 now, GError **error);

/* The same within the caller's transaction, with words of its own for people (may be NULL). */
gboolean schedule_put(Ledger *ledger, const Mailing *mailing, gint64 when, const Actor *actor,
                      gint64 now, const char *detail, GError **error);

/* The mailing is held until `until`, within the caller's transaction. */
gboolean schedule_hold(Ledger *ledger, const Mailing *mailing, gint64 until, const Actor *actor,
                       gint64 now, const char *detail, GError **error);

/* What is sent before its time has none any more. Within the caller's transaction. */
gboolean schedule_begin(Ledger *ledger, const Mailing *mailing, gint64 now, GError **error);

/* Before when the mailing is not to go; 0 if there is no such time. */
gboolean schedule_get(Ledger *ledger, const Mailing *mailing, gint64 *when, GError **error);

/* The ids of mailings that are to go on at `now`, the oldest first: those that are scheduled and
 * whose time has come, and those that are sending, that have letters planned, cut off or due again.
 * What a person stopped, and a plan without a time, waits for a person. NULL-terminated;
 * g_strfreev. */
char **schedule_due(Ledger *ledger, gint64 now, GError **error);

/* How many letters left after `since`, over all mailings: sent, unknown, bounced or complained; and
 * those that some process has claimed. */
gboolean schedule_sent_since(Ledger *ledger, gint64 since, guint64 *count, GError **error);

#endif
