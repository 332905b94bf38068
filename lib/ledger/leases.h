/* leases - who sends a mailing, where several machines may: each under a lease by the server's clock
 *
 * Of a ledger in a file one sender has a mailing to itself, by a lock beside the file. On a server each
 * has a lease: what it claims bears the lease's number, what it records is recorded only under that
 * number, and it renews the lease with every batch and every few seconds. A lease has ended when its
 * holder says so, and it may be ended by others when its time is over or its connection is gone. Its
 * letters are `unknown` then and never sent again by themselves; what their sender still learns of
 * them (or its journal) is recorded, unless somebody has had them tried anew.
 *
 * Every step is in a transaction to write, of which a server has one at a time: so no two of them see
 * each other half done.
 */
#ifndef LEDGER_LEASES_H
#define LEDGER_LEASES_H

#include "base/lookup.h"
#include "ledger/ledger.h"

enum {
    LEASE_SECONDS = 60, /* by the server's clock, from the last renewal */
    LEASE_RENEWED_SECONDS = 5
};

typedef enum {
    LEASE_SHARED, /* of a ledger on a server: others may be at it, too, each with letters of its own */
    LEASE_ALONE
} LeaseKind;

typedef struct Lease Lease;

/* Takes one; own transaction. NULL with `holder` (newly allocated, else NULL) and TEMPORARY when
 * somebody else has the mailing to itself, or has it at all for LEASE_ALONE, or sends it from this
 * very workspace. To be ended before the ledger is closed. */
Lease *lease_take(Ledger *ledger, const Mailing *mailing, LeaseKind kind, char **holder,
                  GError **error);
void lease_end(Lease *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lease, lease_end)

/* By which the journal of its letters is known again; NULL where there is no need. Here and below a NULL
 * lease is that of a ledger in a file. */
const char *lease_name(const Lease *self);

/* Renews it; own transaction. TEMPORARY when it was ended by others. */
gboolean lease_keep(Lease *self, GError **error);

/* How many senders of any mailing there were, this one among them, when it was last renewed. */
guint lease_senders(const Lease *self);

/* Ends it on record, and counts the other senders of the mailing; within the caller's transaction. */
gboolean lease_leave(Lease *self, guint *others, GError **error);

/* How many other senders of the mailing there are, within the caller's transaction or without. */
gboolean lease_others(const Lease *self, guint *others, GError **error);

/* Who sends the mailing on a server (newly allocated), "" for nobody; NULL with error. */
char *leases_holder(Ledger *ledger, const Mailing *mailing, GError **error);

/* The number of the lease of that name; and an end to it, as its holder is known to be no more: own
 * transaction. */
Lookup leases_find(Ledger *ledger, const Mailing *mailing, const char *name, gint64 *number,
                   GError **error);
gboolean leases_end_one(Ledger *ledger, gint64 number, GError **error);

/* For ledger/claims, within its transactions: renews that of the connection (`is_held`: it wasn't
 * ended, or there is none); ends all of a mailing whose time is over or whose connection is gone. */
gboolean leases_renew(Ledger *ledger, gboolean *is_held, GError **error);
gboolean leases_end_dead(Ledger *ledger, const Mailing *mailing, GError **error);
gboolean leases_say_lost(const Ledger *ledger, const char *id, GError **error); /* FALSE */

#endif
