/* sending_time - when a mailing goes: the time that was typed, the hours of sending, and the wait for
 * them
 */
#ifndef CMD_SENDING_TIME_H
#define CMD_SENDING_TIME_H

#include "sending.h"
#include "workspace/sendhours.h"

/* The time that was typed: 0 for "now" and for none. USAGE for one that is past: that is a slip of
 * the finger, and must not mail everybody at once. */
gboolean sending_time_typed(const SendingOptions *options, gint64 *when, GError **error);

/* FALSE with TEMPORARY for a mailing that has a time to come, unless another one was typed. */
gboolean sending_time_is_due(Ledger *ledger, const Mailing *mailing, const SendingOptions *options,
                             GError **error);

/* Moves a time (0: now) on to when letters may go; `why` (newly allocated) says why, NULL when it
 * stays. FALSE with CONFIG when they never may again. */
gboolean sending_time_open(const SendHours *hours, const Mailing *mailing, gint64 *when, char **why,
                           GError **error);

/* Stops a mailing under --due, for `why`; what goes wrong then is told by the next run. */
void sending_time_stop(Ledger *ledger, const Mailing *mailing, const char *why);

/* The time is on record, and cron does the rest. `why` as above. */
gboolean sending_time_schedule(Ledger *ledger, const Mailing *mailing,
                               const SendingOptions *options, gint64 when, const char *why,
                               GError **error);

typedef enum {
    AWAITED,         /* it is time, and the mailing is still ours to go on with */
    AWAIT_STOPPED,   /* Ctrl-C: it is stopped, on record */
    AWAIT_ENDED,     /* the process is to end; the mailing goes on by itself */
    AWAIT_ELSEWHERE, /* somebody has stopped it, goes on with it, or gave it another time */
    AWAIT_FAILED
} Await;

/* Waits for the time that a mailing was paused until, with nothing in hand: whatever ends this
 * process, 'send --due' goes on then. */
Await sending_time_await(Ledger *ledger, const Mailing *mailing, gint64 until, guint64 letters,
                         GError **error);

#endif
