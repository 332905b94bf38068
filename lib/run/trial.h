/* trial - one recipient's copy sent to somebody else, to look at it in a real mailbox
 */
#ifndef RUN_TRIAL_H
#define RUN_TRIAL_H

#include "run/workspace.h"

/* Sends `recipient`'s letter to `address` with "[TEST]" before its subject, through the configured
 * transport. Nothing is recorded: it is no delivery. FALSE with `error` unless it was sent. */
gboolean trial_send(const Workspace *workspace, const Letter *letter, const Recipient *recipient,
                    const char *address, GError **error);

#endif
