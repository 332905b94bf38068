/* sending_result - what became of a mailing when a run of it is over: told, and judged
 */
#ifndef CMD_SENDING_RESULT_H
#define CMD_SENDING_RESULT_H

#include "sending.h"

/* Tells how many letters are in each state, which are in `counts` then. */
gboolean sending_result_say(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                            guint64 *counts, GError **error);

/* What is left makes the exit status: to go on with (TEMPORARY), or to look at (REMOTE). `is_first`:
 * it was a first wave, and nothing follows by itself. */
gboolean sending_result_judge(Ledger *ledger, const Mailing *mailing, const SendingOptions *options,
                              const guint64 *counts, gboolean is_first, GError **error);

#endif
