/* holdback - a sign-in that was refused isn't tried again by itself until something has changed
 *
 * An account is locked after a handful of wrong passwords, and cron would give one every five
 * minutes. So a refused sign-in is noted beside the ledger, with a mark of the config and the
 * secrets that it was made with, from which none of them can be guessed with ease: salted, and
 * hashed HOLDBACK_ROUNDS times. A person who gives 'circular send ID' is never held back.
 */
#ifndef WORKSPACE_HOLDBACK_H
#define WORKSPACE_HOLDBACK_H

#include "ledger/ledger.h"
#include "workspace/workspace.h"

enum {
    HOLDBACK_ROUNDS = 200000,
    HOLDBACK_TOLD_HOURS = 24 /* how long nobody is told again */
};

typedef enum {
    HOLDBACK_NO,
    HOLDBACK_QUIETLY, /* somebody has been told within HOLDBACK_TOLD_HOURS */
    HOLDBACK_TELL     /* `error` is DENIED and says why */
} Holdback;

/* Whether the relay has refused a sign-in with these very settings and secrets. */
Holdback holdback_ask(const Workspace *workspace, const Ledger *ledger, GError **error);

/* It has refused one now; what can't be noted isn't held back. */
void holdback_note(const Workspace *workspace, const Ledger *ledger);

/* It has accepted one. */
void holdback_clear(const Ledger *ledger);

#endif
