/* halt - a mailing stopped or withdrawn, whoever is sending it
 */
#ifndef SEND_HALT_H
#define SEND_HALT_H

#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"

typedef struct {
    MailingState was;    /* before */
    gboolean is_at_work; /* a process was told, and had not ended when we stopped waiting */
    guint64 withdrawn;   /* letters that never will go */
    guint64 counts[DELIVERY_STATES]; /* of all deliveries, now */
} Halt;

/* What is scheduled, held or being sent is stopped: only a person's 'send' goes on with it. A process
 * that is sending it ends after the letters in flight, which is waited for. USAGE when there is
 * nothing to stop. */
gboolean halt_stop(Ledger *ledger, const Mailing *mailing, const Actor *actor, Halt *halt,
                   GError **error);

/* The same, and what had not gone is left out for good. TEMPORARY when a process that sends it does
 * not end: then it is stopped. USAGE when it is done or withdrawn already. */
gboolean halt_withdraw(Ledger *ledger, const Mailing *mailing, const Actor *actor, Halt *halt,
                       GError **error);

#endif
