/* transaction - what has become of one envelope, as a session finds it out
 *
 * A session may have two envelopes in hand, the second one's commands sent behind the first one's
 * end; each has its transaction.
 */
#ifndef DELIVERY_TRANSACTION_H
#define DELIVERY_TRANSACTION_H

#include "delivery/reply.h"
#include "delivery/transport.h"

typedef enum {
    SESSION_NOTHING,  /* no outcome to take */
    SESSION_OUTCOME,  /* the outcome of the envelope */
    SESSION_MISSED,   /* a connection that had served others ended before this envelope was
                       * answered: begin it on another one. Certainly not delivered; `outcome` says
                       * what happened */
    SESSION_UNBEGUN,  /* as SESSION_MISSED, but its turn had not come */
    SESSION_UNWANTED, /* the server takes nothing from this sender, for now (4xx) or at all, as far
                       * as this connection can tell: it said so before a recipient was named.
                       * The outcome's kind is OUTCOME_UNTRIED, code and text are the server's */
} SessionResult;

typedef struct {
    SessionResult result;
    Outcome outcome;
    gboolean has_failed; /* it stands why; what comes later is a consequence */
    GString *text;
    char enhanced[REPLY_ENHANCED_MAX + 1];
} Transaction;

void transaction_init(Transaction *self);
void transaction_finish(Transaction *self);

/* Begins with an envelope of which nothing is known. */
void transaction_begin(Transaction *self, guint64 number);

/* Notes why the envelope failed, or that it was sent; `reply` may be NULL, `stage` is a literal.
 * What was noted first stands: in a pipelined group the later commands fail because the first did.
 */
void transaction_note(Transaction *self, SessionResult result, OutcomeKind kind, const Reply *reply,
                      const char *text, const char *stage);

/* Gives it; the texts are borrowed until the next transaction_begin. */
SessionResult transaction_give(const Transaction *self, Outcome *outcome);

#endif
