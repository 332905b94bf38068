/* hold - a mailing that was confirmed, held back for a while in which it can be taken back
 *
 * Whatever ends the process that holds it leaves it held: nothing of it goes until a person sends it
 * anew.
 */
#ifndef SEND_HOLD_H
#define SEND_HOLD_H

#include "ledger/lifecycle.h"

typedef enum {
    HOLD_ON,        /* no wish */
    HOLD_TAKE_BACK, /* a person's */
    HOLD_LEAVE      /* the process is to end */
} HoldWish;

typedef struct {
    gint64 until; /* clock_now */
    Actor actor;
    HoldWish (*wish)(void *user);
    void (*tick)(void *user, gint64 left); /* about once a second; microseconds */
    void *user;
} HoldOptions;

typedef enum {
    HOLD_OVER,      /* it may be sent: by a sender that begins from `held` only */
    HOLD_WITHDRAWN, /* taken back, and nothing of it had ever gone */
    HOLD_STOPPED,   /* taken back: no more of it goes */
    HOLD_LEFT,      /* held still, and nobody waits */
    HOLD_ELSEWHERE, /* stopped or withdrawn by another process */
    HOLD_FAILED
} HoldEnd;

/* Whether a mailing in that state can be held: one that is being sent, or is done, can't. */
gboolean hold_can(MailingState state);

/* Holds it, with the mailing's lock. HOLD_FAILED with error: TEMPORARY when another process has it. */
HoldEnd hold_run(Ledger *ledger, const Mailing *mailing, const HoldOptions *options,
                 GError **error);

#endif
