/* policy - what a school's history of notices means for the next letter
 *
 * A pure function: notices in, a verdict with its reason out. Nothing is undone here and nothing
 * done; inbound/intake and the ledger do both, and every suppression can be taken back.
 *
 * A hard bounce and a complaint suppress at once, but for what may be set right again: a domain that
 * does not resolve, and an address refused with a code of policy (5.7.x), need two letters that came
 * back POLICY_APART_DAYS days or more apart. Soft bounces when N of them came in a row, over
 * at least D days, without a letter arriving in between; a full mailbox is given longer. Delays,
 * auto-replies and refusals on grounds of policy (5.7.x: our host, our domain, our content are
 * meant, not the head) never suppress, whatever their number. A notice that no token of ours proves
 * never does: it asks for review.
 */
#ifndef BOUNCE_POLICY_H
#define BOUNCE_POLICY_H

#include <glib.h>

#include "evidence/inbound_report.h"

enum { POLICY_APART_DAYS = 3 };

typedef struct {
    guint soft_limit; /* soft bounces in a row; 0 never suppresses */
    guint soft_days;  /* between the first and the last of them, at least */
    guint full_days;  /* the same for a full mailbox */
    guint rest_days;  /* then letters rest for so long, and the next one tries anew; 0: for good */
} PolicyLimits;

/* The defaults: 3 in a row over 7 days; 56 days for a full mailbox, longer than a summer; a rest of
 * 28 days. */
extern const PolicyLimits POLICY_DEFAULTS;

/* One thing that happened to an address. */
typedef struct {
    gint64 when; /* microseconds since 1970, as clock_now() */
    InboundKind kind;
    Reason reason;
    const char *status;        /* enhanced status code, or "" */
    const char *feedback_type; /* of a complaint, or NULL */
    gboolean proven;           /* a signed token names the delivery */
} PolicyEvent;

typedef enum {
    POLICY_KEEP,     /* go on writing */
    POLICY_REVIEW,   /* go on writing, and let a person look */
    POLICY_SUPPRESS, /* write no more */
} PolicyVerdict;

/* Judges a history, oldest first. `why`, which may be NULL, gets one static phrase for people:
 * "user unknown", "3 soft bounces in a row". INBOUND_DELIVERED, and nothing else, ends a run of soft
 * bounces. */
PolicyVerdict policy_judge(const PolicyEvent *history, guint count, const PolicyLimits *limits,
                           const char **why);

/* When the suppression that an event has led to at `now` ends by itself; 0: only a person ends it. A
 * full mailbox and a server in trouble pass; an unknown or closed mailbox, a complaint don't. */
gint64 policy_until(InboundKind kind, Reason reason, const PolicyLimits *limits, gint64 now);

/* Whether a refusal is aimed at the sender and not at the recipient. */
gboolean policy_is_refusal(const PolicyEvent *event);

#endif
