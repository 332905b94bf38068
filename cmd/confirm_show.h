/* confirm_show - what whoever is asked to send should know: who is left out, how long it takes
 */
#ifndef CMD_CONFIRM_SHOW_H
#define CMD_CONFIRM_SHOW_H

#include "ledger/mailings.h"
#include "workspace/workspace.h"

/* Prints both, of `open` letters that are to go at `at` (0: now). */
void confirm_show(const Workspace *workspace, const Mailing *mailing, guint64 open, gint64 at);

#endif
