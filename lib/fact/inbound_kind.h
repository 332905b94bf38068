/* inbound_kind - what comes back, and what was done about it, as facts
 *
 * One word for each, kept in one table: in the ledger, for machines, and the coarser one that
 * --classify prints.
 */
#ifndef FACT_INBOUND_KIND_H
#define FACT_INBOUND_KIND_H

#include <glib.h>

typedef enum {
    INBOUND_NONE,        /* no report: a person wrote, or a machine about something else */
    INBOUND_UNSUBSCRIBE, /* asks for no more letters (RFC 2369) */
    INBOUND_AUTO_REPLY,  /* out of office, acknowledgement */
    INBOUND_CHALLENGE,   /* wants the sender to prove being human */
    INBOUND_RECEIPT,     /* read, or deleted unread (RFC 8098): it arrived */
    INBOUND_CALENDAR,    /* an invitation accepted or declined (RFC 5546) */
    INBOUND_DELIVERED,   /* a success report */
    INBOUND_COMPLAINT,   /* ARF, RFC 5965 */
    INBOUND_DELAYED,     /* still being tried */
    INBOUND_SOFT,        /* failed; a later letter may arrive */
    INBOUND_HARD,        /* failed; none will */
    INBOUND_KINDS
} InboundKind; /* in order of weight */

/* "reply", "unsubscribe", "auto-reply", "challenge", "receipt", "calendar", "delivered", "complaint",
 * "delayed", "bounce-soft", "bounce-hard": the word in the ledger and in reports for machines. */
const char *inbound_kind_name(InboundKind kind);

/* The kind of that name; INBOUND_NONE for "" and for one that we don't know. */
InboundKind inbound_kind_from_name(const char *name);

/* The class that --classify prints, as collections of bounces are labelled: a delay is
 * "bounce-soft", a challenge "auto-reply", what is no report "none". */
const char *inbound_kind_class(InboundKind kind);

/* Whether it says that a letter failed or is late. */
gboolean inbound_kind_is_failure(InboundKind kind);

/* What was done about one. */
typedef enum {
    INBOUND_RECORDED, /* nothing else */
    INBOUND_REVIEW,   /* left to a person */
    INBOUND_BOUNCED,  /* the delivery is marked so */
    INBOUND_COMPLAINED,
    INBOUND_SUPPRESSED, /* and the address gets no more letters */
    INBOUND_UNSUBSCRIBED,
    INBOUND_DONE_KINDS
} InboundDone;

/* "recorded", "review", "bounced", "complained", "suppressed", "unsubscribed". */
const char *inbound_done_name(InboundDone done);

/* The one of that name; INBOUND_RECORDED for one that we don't know. */
InboundDone inbound_done_from_name(const char *name);

#endif
