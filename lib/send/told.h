/* told - what cron has told of a mailing, so that lasting trouble isn't told every five minutes
 *
 * A block, or a relay that doesn't answer, lasts for hours, and cron comes by every few minutes: its
 * mails bury the one that says something new. So trouble is told once, and again when it says
 * something else or TOLD_HOURS later. How many letters are left, and the numbers that a server puts
 * into each of its replies, say nothing new.
 */
#ifndef SEND_TOLD_H
#define SEND_TOLD_H

#include "ledger/mailings.h"

enum { TOLD_HOURS = 24 };

/* Whether this trouble of a mailing was told within TOLD_HOURS; else it counts as told now. What can't
 * be read or put on record was not. Own transaction. */
gboolean told_before(Ledger *ledger, const Mailing *mailing, const GError *problem);

/* The trouble is over: whatever comes next is news. Own transaction. */
void told_clear(Ledger *ledger, const Mailing *mailing);

#endif
