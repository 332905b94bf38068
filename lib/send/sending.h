/* sending - the state of a run of the sender (private to lib/send)
 *
 * send/sender.c leads; send/supply.c claims deliveries and merges their letters when the transport
 * asks for one; send/outcomes.c writes down what became of them, in this run and in one that was cut
 * off.
 */
#ifndef SEND_SENDING_H
#define SEND_SENDING_H

#include "delivery/transport.h"
#include "ledger/leases.h"
#include "send/breaker.h"
#include "send/journal.h"
#include "send/sender.h"
#include "workspace/signing.h"

enum { SENDING_REPORT_MAX = 100 }; /* bytes of an ENVID (RFC 3461 section 4.4) */

/* A claimed delivery and its letter. */
typedef struct {
    Delivery *delivery;
    Splice *message;
    char sender[ADDRESS_SPEC_MAX + 1]; /* of the envelope, with the token */
    char report[SENDING_REPORT_MAX +
                1]; /* by which a report on it names it; "": none is asked for */
    GError *error;  /* why it could not be merged; told when its turn comes */
} Flight;

typedef struct {
    const Mailing *mailing;
    Via via, via_before; /* of this run, and of the one before */
    gboolean is_stopped; /* a person wished it */
    gboolean is_told;    /* somebody has stopped it, or given it another time, from elsewhere */
    gboolean is_over;    /* the hours are, and none are to come */
    gint64 open_from, open_until; /* letters may go between these times; clock_now */
    gint64 asked_at; /* clock_ticks when the ledger was last asked whether somebody has */
    const SenderOptions *options;
    Ledger *ledger;
    Journal *journal;
    Lease *lease;   /* borrowed */
    gint64 kept_at; /* clock_ticks when it was last renewed by itself */
    Bundle *bundle; /* of the letter */
    Letter *letter;
    Signing *signing;
    SenderProgress *progress;
    GHashTable
        *resent; /* numbers of those that were in doubt and that a report is asked for; or NULL */

    GPtrArray *claimed; /* of Delivery: the present batch; those from `next` on are not begun */
    guint next;
    guint put; /* those before it are merged */
    gboolean merges_ahead;
    gboolean shows_answer; /* the letter does: each has a token for it */
    guint batch;           /* how many to claim next */
    gint64 batch_started;
    guint64 left;        /* of the limit */
    GHashTable *flights; /* number -> Flight: merged ahead, or with the transport */
    GPtrArray *messages; /* of Splice: to use again */
    char *date;          /* RFC 5322, of the second `dated`: making one asks for the zone */
    gint64 dated;

    GArray *results;       /* of DeliveryResult, not yet in the ledger */
    GPtrArray *results_of; /* of Delivery, beside it; owned */
    gint64 oldest_result;  /* clock_ticks when the first of them came */

    WorkspacePace pace_wanted;
    Pace *pace;
    PaceShared *shared_pace; /* with other processes; NULL without a limit by the minute */
    gboolean day_is_spent;   /* the last claim found no room in the day's limit */
    GQueue held;             /* of Delivery: claimed, waiting for their domain's pace */
    Breaker *breaker;
    GPtrArray *suspects;  /* of Suspect: refused, and not known yet on whose account */
    char *refused_sender; /* envelope sender of the last letter that was refused, or NULL */
    gboolean is_believed; /* who hears an unclear refusal again is meant by it */
    guint asked_wait;     /* seconds for which the server wants to be left alone */
    gint64 refused_since; /* clock_now when it began to ask for patience; 0: it doesn't */

    GError *ending;     /* why no more letters are begun; those in flight are waited for */
    GError *error;      /* ledger or letter failed: no more are begun, and the run ends */
    gboolean is_broken; /* it was so, whatever has become of `error` */
} Sending;

/* Makes one ready whose mailing, via, options, ledger and progress are set: what a run that was cut
 * off has left is settled, and the mailing is on record as being sent. To be closed in any case. */
gboolean sending_open(Sending *self, const Workspace *workspace, GError **error);
void sending_close(Sending *self);

/* Sends through a transport what is planned or due. FALSE with `error` as sender_run; what is on
 * record and what was given back is so either way. */
gboolean sending_through(Sending *self, Transport *transport, GError **error);

SenderWish sending_wish(Sending *self);

/* What a sender of a mailing has; NULL with TEMPORARY when it can't be had. */
Lease *sending_lock(Ledger *ledger, const Mailing *mailing, LeaseKind kind, GError **error);

/* Renews it, when it is time, and keeps this sender's part of the pace; FALSE when the run is to end. */
gboolean sending_keep(Sending *self);

/* Whether anybody may have had a letter, by the counts of a mailing. */
gboolean sending_has_mailed(const guint64 *counts);

/* TransportCalls.supply and .idle, and the return of what was claimed and never begun. */
Supply sending_supply(void *self, Envelope *envelope, gint64 *wait);
void sending_idle(void *self);
void sending_give_back(Sending *self);

/* TransportCalls.committing and .outcome. */
void sending_committing(void *self, guint64 number);
void sending_outcome(void *self, const Outcome *outcome);

/* Nothing more is under way: what the breaker holds back is put among the results, as given back or
 * as what it says. */
void sending_settle(Sending *self);
void suspect_free(gpointer suspect);

/* Puts a result among those to be written; takes the delivery. */
void sending_push(Sending *self, Delivery *delivery, const Outcome *outcome);

/* Writes all outcomes down and tells of them; only those that have waited long enough, for
 * sending_flush_due. FALSE when the run is to end. */
gboolean sending_flush(Sending *self);
gboolean sending_flush_due(Sending *self);

/* sending_flush and deliveries_claim in one commit; NULL when the run is to end. */
GPtrArray *sending_flush_and_claim(Sending *self, guint wanted);

/* send/mailinglife.c: how the mailing stands (FALSE when it was withdrawn), that it is being sent now,
 * and where this run leaves it. */
gboolean sending_is_told(Sending *self);   /* whether somebody has stopped it from elsewhere */
gboolean sending_is_closed(Sending *self); /* whether the hours of sending are over */
gboolean sending_look_up(Sending *self, GError **error);
gboolean sending_begin(Sending *self, GError **error);
gboolean sending_leave(Sending *self, GError **error);

/* Settles what a run that was cut off left `sending`, by its journal where that can be believed.
 */
gboolean sending_recover(Sending *self, GError **error);

/* The first half of it: what the journal knows of its own run's letters, also of those that others
 * have taken for lost meanwhile. */
gboolean sending_heed_journal(Sending *self, GError **error);

#endif
