/* testsend - one recipient's copy sent to somebody else, to look at it in a real mailbox
 */
#ifndef SEND_TESTSEND_H
#define SEND_TESTSEND_H

#include "workspace/workspace.h"

/* Sends `recipient`'s letter to `address` with "[TEST]" before its subject, through the configured
 * transport. Nothing is recorded: it is no delivery. FALSE with `error` unless it was sent. */
gboolean testsend(const Workspace *workspace, const Letter *letter, const Recipient *recipient,
                  const char *address, GError **error);

#endif
