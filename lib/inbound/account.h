/* account - which mailboxes are read: whose, where, and by one reader at a time
 *
 * Bounces and answers come to one (the keys under imap); copies of what was sent are filed in one,
 * which is the same unless settle.user names another.
 */
#ifndef INBOUND_ACCOUNT_H
#define INBOUND_ACCOUNT_H

#include "imap/inbox.h"
#include "ledger/ledger.h"
#include "workspace/workspace.h"

typedef enum { ACCOUNT_OF_BOUNCES, ACCOUNT_OF_COPIES } AccountUse;

/* Whether the config names it; CONFIG with what to set if not. */
gboolean account_is_set(const Workspace *workspace, AccountUse use, GError **error);

/* What signs in to it, and how it is opened; borrows from the workspace. Of copies `folder` is NULL
 * where the server is to say it. Of one that is set. */
Credential *account_credential(const Workspace *workspace, AccountUse use);
InboxOptions account_options(const Workspace *workspace, AccountUse use);

/* Two readers would read the same message, and each see the other's gone; of two workspaces, too. One
 * lock is known to all who share the ledger, the other to all workspaces of one user. NULL with
 * TEMPORARY when another process reads it. */
typedef struct AccountLock AccountLock;
AccountLock *account_lock(const Workspace *workspace, const Ledger *ledger, AccountUse use,
                          GError **error);
void account_unlock(AccountLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccountLock, account_unlock)

#endif
