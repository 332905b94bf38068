/* sender - the planned letters of one mailing sent, and each fate written down
 *
 * Claims deliveries from the ledger, merges each letter when the transport asks for it, and records
 * what became of it. Nothing leaves that isn't `sending` on record; progress is told only of what
 * is on record. Where the hours in which letters may go are over, no more are begun, and the mailing
 * is scheduled for when they begin again. Of a ledger in a file one sender a mailing, of one on a
 * server one a workspace (ledger/leases.h).
 */
#ifndef SEND_SENDER_H
#define SEND_SENDER_H

#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"
#include "ledger/mailings.h"
#include "workspace/sendhours.h"
#include "workspace/workspace.h"

enum {
    SENDER_CLAIM_MAX = 1000,   /* deliveries that one commit makes `sending` */
    SENDER_FAILURES_MAX = 11,  /* times in a row, over a day, that a lost relay is tried again */
    SENDER_PATIENCE_HOURS = 48 /* how long a run waits for a relay that takes nothing now */
};

typedef enum {
    SENDER_GO,
    SENDER_FINISH,
    SENDER_ABORT
} SenderWish; /* ABORT: don't wait for answers */

typedef struct {
    guint64 total;                   /* deliveries that this run set out to send */
    guint64 done;                    /* of them, with an outcome on record */
    guint64 counts[DELIVERY_STATES]; /* of those done, by state */
    gint64 started;                  /* clock_ticks */
    gboolean day_is_spent;           /* the day's limit has left letters for another day */
    gint64 goes_on_at; /* the hours are over, and the mailing is scheduled for then; 0: not so */
} SenderProgress;

typedef struct {
    guint64 limit;    /* deliveries at most in this run; 0: all */
    gboolean is_wave; /* those are a first wave (send/wave.h) ... */
    gint64
        then_after;  /* ... which the others follow after this time (microseconds); 0: they wait */
    guint from_only; /* states from which it may begin, bits of 1u << MailingState; 0: any */
    gboolean resend_unknown;
    const char *resend_refused; /* those with this code; "": all; NULL: none */
    gboolean is_cron; /* a wish to stop is the machine's and no person's: it is gone on with */
    const SendHours *hours; /* within which letters may go; NULL: at any time */
    gboolean wait;          /* for what is deferred, and for a relay that was there and is gone */
    SenderWish (*wish)(void *user); /* asked often; may be NULL */
    void (*progress)(void *user, const SenderProgress *progress);
    void (*waiting)(void *user, gint64 until, const char *why); /* before a wait; may be NULL */
    void (*trouble)(void *user, const Delivery *delivery, const DeliveryResult *result);
    Actor actor; /* who sends */
    void *user;  /* `trouble` is told of each that wasn't sent, after it is on record */
} SenderOptions;

/* Sends what is planned or due. FALSE with `error` when it had to stop for all; what was done by
 * then is on record and in `progress` either way. STOPPED when the wish was to stop. */
gboolean sender_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    const SenderOptions *options, SenderProgress *progress, GError **error);

/* Of a ledger on a server: what the journal of a run from this workspace, that was cut off, knows of
 * letters which others have taken for lost since; some may be planned then. */
gboolean sender_heed_journal(Ledger *ledger, const Mailing *mailing, GError **error);

/* Of a mailing with nothing left to send: removes what a run that was killed at its very end has
 * left beside the ledger. */
void sender_tidy(const Ledger *ledger, const Mailing *mailing);

/* Whether some process is sending this mailing now. */
gboolean sender_is_at_work(Ledger *ledger, const Mailing *mailing);

/* What had not gone is left out for good, after what a run that was cut off has left in flight is
 * settled; how many in `count`. Own transactions, with the mailing's lock: TEMPORARY when it is
 * being sent. */
gboolean sender_withdraw(Ledger *ledger, const Mailing *mailing, const Actor *actor, guint64 *count,
                         GError **error);

/* How long to wait after so many attempts, in microseconds: 1, 5, 15, 30 min, then 1, 2, 4 h, and
 * up to a fifth more by chance. */
gint64 sender_pause(guint attempts);

/* Whether a delivery is given up after so many attempts, the first and the last at these times
 * (microseconds): when `retry_for` (0: never) is over, when it takes at least so long to make so
 * many attempts by sender_pause, and not on the day of the first attempt. */
gboolean sender_gives_up(gint64 retry_for, guint attempts, gint64 first, gint64 last);

/* How long to wait, in microseconds, where the relay takes nothing from us for now and has been
 * waited for so long already: as long as it `asked` (seconds; 0 if it didn't say), else a tenth of
 * the time waited, a minute at least and an hour at most. So a limit by the hour or the day costs no
 * more than a tenth over what it must, whatever its window is. */
gint64 sender_patience(gint64 waited, guint asked);

#endif
