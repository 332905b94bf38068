/* inbound_report - what a message that came back says
 *
 * The result of classifying, plain data: what kind of message it is, whom it concerns, why, and
 * every trace by which the letter it speaks of can be named. Whether the notice is genuine - a
 * signed token among `sent_to` - is for the reader of the ledger to say, not for the classifier.
 */
#ifndef EVIDENCE_INBOUND_REPORT_H
#define EVIDENCE_INBOUND_REPORT_H

#include <glib.h>

#include "fact/inbound_kind.h"
#include "reason/reason.h"
#include "reason/scan.h"

typedef enum {
    ACTION_NONE,
    ACTION_DELIVERED, /* RFC 3464 section 2.3.3 */
    ACTION_RELAYED,
    ACTION_EXPANDED,
    ACTION_DELAYED,
    ACTION_FAILED,
} InboundAction;

typedef struct {
    InboundKind kind;
    char *address;            /* as the reporting system knows it; "" if it didn't say */
    char *original;           /* as the sender wrote it (Original-Recipient), or NULL */
    char status[STATUS_SIZE]; /* enhanced status code */
    gboolean status_is_told;  /* the message holds it; else it is inferred from the reason */
    guint code;               /* SMTP reply code, or 0 */
    Reason reason;
    InboundAction action;
    char *diagnostic; /* what was said, on one line, UTF-8; "" if nothing */
} InboundRecipient;

enum {
    INBOUND_RECIPIENTS_MAX = 200,  /* of one message; further ones are left out */
    INBOUND_DIAGNOSTIC_MAX = 1000, /* bytes */
    INBOUND_TEXT_MAX = 4000,
    INBOUND_TRACES_MAX = 32, /* addresses in sent_to */
};

typedef struct {
    InboundKind kind;      /* the weightiest of its recipients' */
    GPtrArray *recipients; /* of InboundRecipient; empty for INBOUND_NONE */
    const char
        *system;   /* which system's format it is, for people: "postfix", "qmail", ""; static */
    char *from;    /* address of the sender, "" if none */
    char *subject; /* UTF-8, on one line */
    char *text;    /* what a person would read of it, cut at INBOUND_TEXT_MAX */
    char *feedback_type; /* of a complaint: "abuse", "opt-out", "auth-failure" ...; else NULL */
    gboolean
        is_guess;    /* of an auto-reply: no machine's mark proves it; a person may have written */
    char *successor; /* an auto-reply's writer has left and names this address, or NULL */
    char *successor_name;    /* as it stands beside the address, or NULL */
    gboolean successor_acts; /* only for a time: "acting", "interim" */

    /* Traces of the letter that this is about; each may be forged. */
    GPtrArray *sent_to;        /* of char *: addresses that this message itself was sent to */
    char *original_message_id; /* with its angle brackets, or NULL */
    char *original_delivery;   /* X-Circular-Delivery of the returned letter, or NULL */
    char *original_envelope;   /* Original-Envelope-Id of a report (RFC 3464), or NULL */
    char *original_sender;     /* envelope sender (Return-Path) of the returned letter, or NULL */
} InboundReport;

InboundReport *inbound_report_new(void);
void inbound_report_free(InboundReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InboundReport, inbound_report_free)

/* Adds a recipient and returns it; NULL beyond INBOUND_RECIPIENTS_MAX. Takes `address`. */
InboundRecipient *inbound_report_add(InboundReport *self, InboundKind kind, char *address);

/* "failed", "delayed", ... or "". */
const char *inbound_action_name(InboundAction action);

#endif
