/* intake - what came back, applied to the ledger: once, in one transaction, and only if it is ours
 *
 * - A report that a token proves marks its delivery bounced or complained, and suppresses the
 *   address where the policy (bounce/policy.h, inbound/verdict.h) says so.
 * - A request to unsubscribe that a token proves suppresses the address for the audience of that
 *   letter, or for all if it asks for that.
 * - Delays, successes, auto-replies are recorded. One that names a successor is listed for review.
 * - What no token proves, and what isn't understood, is recorded for review and changes nothing.
 * - A failure of another address than the letter went to (an alias, a forward) counts against
 *   neither; it is listed for review, once.
 * - A bounce of an answer to a letter changes nothing.
 * - An answer to a letter's question is counted, or waits for a person (inbound/answering.h).
 */
#ifndef INBOUND_INTAKE_H
#define INBOUND_INTAKE_H

#include "answer/answermail.h"
#include "bounce/policy.h"
#include "ledger/ledger.h"
#include "mail/token.h"

typedef struct {
    Ledger *ledger;
    const TokenKey *key;
    PolicyLimits limits;
    const char *bounces;  /* the plain bounce address, or NULL */
    gboolean only_proven; /* people write to this mailbox, too: what no token proves is not ours */
} Intake;

typedef struct {
    const InboundReport *notice;
    const AnswerMail *answer; /* of what a person may have written; or NULL */
    const char *hash;         /* SHA-256 of the message */
    guint32 uidvalidity, uid; /* or 0 */
    gint64 received_at;       /* clock_now() */
} IntakeMessage;

typedef enum {
    INTAKE_APPLIED,
    INTAKE_REPEATED, /* it was applied before: nothing is done */
    INTAKE_NOT_OURS, /* Intake.only_proven: somebody's letter; nothing is on record */
    INTAKE_LATER,    /* its letter is being sent this moment: nothing is on record, ask again */
} IntakeNews;

typedef struct {
    IntakeNews news;
    gboolean to_review;        /* the message belongs with those that a person should read */
    guint bounced, complained; /* deliveries marked */
    guint settled;             /* deliveries in doubt that what came back proves sent */
    guint suppressed;          /* addresses, by bounces and complaints */
    guint unsubscribed;
    guint refused;                  /* failures that mean us and not the recipient (5.7.x) */
    guint recorded;                 /* notices that changed nothing */
    guint successors;               /* out-of-office replies that name one */
    guint answers, answers_doubted; /* counted; left to a person */
    gboolean stays; /* applied, and not to be moved: people look for it where it lies */
} IntakeResult;

/* Applies one message; own transaction. FALSE with an error of the ledger's: then nothing of it is
 * on record. */
gboolean intake_apply(const Intake *self, const IntakeMessage *message, IntakeResult *result,
                      GError **error);

#endif
