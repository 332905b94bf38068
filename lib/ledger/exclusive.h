/* exclusive - what only one may be at: a mailing to send, a mailbox to read, a digest to make
 *
 * Of a ledger in a file it is a lock on a file beside it, which the kernel lets go of whatever ends
 * the process. Of one on a server it is a lock of the session there, whichever machine it is from:
 * the server lets go of it when the connection has ended, and over that connection nothing more can
 * be put on record then. So whoever slept and was thought dead can't write over what another did.
 */
#ifndef LEDGER_EXCLUSIVE_H
#define LEDGER_EXCLUSIVE_H

#include "ledger/ledger.h"

typedef struct Exclusive Exclusive;

/* Takes `name` ("ID", "digest-week"); to be ended before the ledger is closed. NULL when it can't be: with
 * `holder` (newly allocated, else NULL) and TEMPORARY when somebody else has it, or this process by
 * another call. */
Exclusive *exclusive_take(const Ledger *ledger, const char *name, char **holder, GError **error);

/* The same on this machine alone, and beside this workspace's ledger or its name: a file's lock also
 * where the ledger is on a server. */
Exclusive *exclusive_take_here(const Ledger *ledger, const char *name, char **holder,
                               GError **error);

/* Who has it on a server (newly allocated); "" for nobody; NULL with error. */
char *exclusive_holder(const Ledger *ledger, const char *name, GError **error);
void exclusive_end(Exclusive *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exclusive, exclusive_end)

#endif
