/* signing_key - the key that proves what comes back, and whether it is this ledger's
 *
 * It stands beside the ledger, in a file whose name ends in .key. A fingerprint of it is in the
 * ledger: once letters went out, a missing key isn't replaced in silence and another one isn't
 * used, for then no bounce and no request to unsubscribe of those letters could be proven.
 */
#ifndef WORKSPACE_SIGNING_KEY_H
#define WORKSPACE_SIGNING_KEY_H

#include "ledger/ledger.h"
#include "mail/token.h"
#include "workspace/workspace.h"

/* The key of a ledger that can be written to. It is made where it is missing and nothing was ever
 * mailed, and its fingerprint is put on record where none is. CONFIG when it is missing, or another
 * one, and letters went out. */
TokenKey *signing_key_open(const Workspace *workspace, Ledger *ledger, GError **error);

/* Looks only: FALSE with what signing_key_open would say. `is_there` says whether there is a file. */
gboolean signing_key_check(const Workspace *workspace, Ledger *ledger, gboolean *is_there,
                           GError **error);

/* The key as it stands in its file, to look with and nothing else; NULL where there is none, or it
 * can't be used. */
TokenKey *signing_key_peek(const Workspace *workspace);

/* A person has decided that the old key is lost for good: makes a new one, puts its fingerprint on
 * record, and keeps an old file under another name. */
gboolean signing_key_renew(const Workspace *workspace, Ledger *ledger, GError **error);

#endif
