/* inbound_reports - the table of what came back, each message applied once
 *
 * One row for each recipient that a message speaks of, or one for a message that speaks of none. A
 * message is known by the SHA-256 of its bytes: read again after a crash, from another folder or
 * under another UID, it is the same message. What was done about it stands in the row, in the same
 * transaction as the doing.
 */
#ifndef LEDGER_INBOUND_REPORTS_H
#define LEDGER_INBOUND_REPORTS_H

#include <glib.h>

#include "fact/inbound_kind.h"
#include "ledger/ledger.h"

/* Its texts are borrowed. */
typedef struct {
    gint64 number;            /* from 1; the ledger gives it */
    const char *message;      /* SHA-256 of the bytes, in hexadecimal */
    guint part;               /* which of its recipients, from 0 */
    guint32 uidvalidity, uid; /* where it was read; 0 if not over IMAP */
    gint64 received_at;
    InboundKind kind;
    InboundKind judged;    /* what the policy counts it as; INBOUND_NONE: not at all */
    const char *status;    /* enhanced status code */
    const char *reason;    /* a word: "userunknown" */
    const char *feedback;  /* feedback type of a complaint, or "" */
    const char *recipient; /* as the report has it */
    const char *diagnostic;
    const char *sender; /* whose message it is */
    const char *subject;
    const char *text;          /* what a person would read of it */
    const char *successor;     /* an address that an auto-reply names, or "" */
    const char *mailing;       /* id; "" when no delivery is named */
    guint64 delivery;          /* or 0 */
    const char *key, *address; /* of that delivery, or "" */
    gboolean verified; /* a token of ours names the delivery; else it is only said to be that */
    InboundDone action;
    const char *why;    /* in words */
    gboolean review;    /* a person should look at it */
    gint64 reviewed_at; /* when one had, or 0 */
    guint times; /* of those for review: how many such have come of the same failed address */
} InboundRow;

/* Adds one (reviewed_at is not read), within the caller's transaction, and sets `number`. A NULL
 * text is "". DATA if this part of this message is there already. */
gboolean inbound_reports_add(Ledger *ledger, InboundRow *row, GError **error);

/* The number that the next one will get, within the caller's transaction. */
gboolean inbound_reports_next(Ledger *ledger, gint64 *number, GError **error);

/* Whether anything of that message is on record, and whether any of it went to review. */
gboolean inbound_reports_find(Ledger *ledger, const char *message, gboolean *found,
                              gboolean *to_review, GError **error);

/* Calls back with each, the oldest first; borrowed. FALSE from the callback stops (no error). The
 * callback must not write to the ledger, nor call this again. */
typedef gboolean (*InboundFound)(void *user, const InboundRow *row);

/* Those that ask for review and have not had it. */
gboolean inbound_reports_each_review(Ledger *ledger, InboundFound found, void *user,
                                     GError **error);

/* Those about a school or person: by the delivery's key, or its address without regard to case. */
gboolean inbound_reports_history(Ledger *ledger, const char *key_or_address, InboundFound found,
                                 void *user, GError **error);

/* Those that are verified, were judged, and are about letters to this address first tried after
 * `since`; in the order of those letters. */
typedef gboolean (*InboundJudged)(void *user, const InboundRow *row, gint64 letter_at);
gboolean inbound_reports_judged(Ledger *ledger, const char *address, gint64 since,
                                InboundJudged found, void *user, GError **error);

/* A person has looked at it: it leaves the list. Own transaction. NOINPUT when no such notice waits
 * for review. */
gboolean inbound_reports_reviewed(Ledger *ledger, gint64 number, gint64 now, GError **error);

/* How far a mailbox is read: all its UIDs up to `uid` are done, under this UIDVALIDITY (both 0 for
 * one that was never read). `inbox` names server, user and folder. Setting is an own transaction.
 */
gboolean inbound_reports_bookmark(Ledger *ledger, const char *inbox, guint32 *uidvalidity,
                                  guint32 *uid, GError **error);
gboolean inbound_reports_set_bookmark(Ledger *ledger, const char *inbox, guint32 uidvalidity,
                                      guint32 uid, GError **error);

#endif
