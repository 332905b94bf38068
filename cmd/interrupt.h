/* interrupt - Ctrl-C: the first finishes what is in flight, the second stops at once
 */
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

#include "send/sender.h"

/* Catches SIGINT, SIGTERM and SIGHUP from now on. */
void interrupt_watch(void);

/* What the user wishes by now; says so on standard error the first time it changes. */
SenderWish interrupt_wish(void);

/* Whether that is to stop, as the callback of what goes on until then (inbound/collect.h). */
gboolean interrupt_stops(void *unused);

/* The first signal that came since then, for who does nothing that would have to be finished; 0 if
 * none did. */
int interrupt_signal(void);

#endif
