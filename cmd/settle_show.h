/* settle_show - what was found of letters in doubt, told; and looked for beside a run of 'send'
 */
#ifndef CMD_SETTLE_SHOW_H
#define CMD_SETTLE_SHOW_H

#include "inbound/settle.h"
#include "ui.h"

/* Tells of a run; each letter, the first few of many. Nothing with --quiet. */
void settle_show(const SettleSummary *summary);

/* A settlement as the member `name`, an object; null where nobody has looked. */
void settle_json_one(JsonBuilder *json, const char *name, const Settlement *one);

/* The same of one delivery as it is on record. */
gboolean settle_json_of(JsonBuilder *json, Ledger *ledger, const char *mailing, guint64 number,
                        GError **error);

/* "; its copy is in ...", of one delivery as it is on record, or ""; newly allocated, NULL with
 * error. */
char *settle_said_of(Ledger *ledger, const char *mailing, guint64 number, GError **error);

/* After a run of 'send' (settle.after_send): looks for what it has left in doubt. What keeps it from
 * looking is told and is no error of the run's. */
void settle_after_send(const Workspace *workspace, Ledger *ledger, const Mailing *mailing);

/* Before those in doubt are sent again by a person's choice: who is proven to have the letter gets no
 * second one. FALSE with error when that can't be looked up. */
gboolean settle_before_resend(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                              GError **error);

#endif
