/* confirm_show - what whoever is asked to send should know: who is left out, how long it takes
 */
#ifndef CMD_CONFIRM_SHOW_H
#define CMD_CONFIRM_SHOW_H

#include "ledger/mailings.h"
#include "workspace/sendhours.h"

/* Prints both, of `open` letters that are to go at `at` (0: now), within `hours` (NULL: at any). */
void confirm_show(const Workspace *workspace, const Mailing *mailing, guint64 open, gint64 at,
                  const SendHours *hours);

#endif
