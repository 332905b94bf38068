/* reason - why a delivery failed, from what the systems on the way said
 *
 * The names are those of Sisimai, the most widely used vocabulary for this. A reason is found from
 * texts (recipients.c and its kind), from texts that only one provider uses (providers.c), from the
 * status code (RFC 3463, RFC 5248: statuses.c) and from the place in the SMTP dialogue, in that
 * order; the engine here weighs them.
 */
#ifndef REASON_REASON_H
#define REASON_REASON_H

#include <glib.h>

#include "mail/refusal.h"
#include "reason/scan.h"

typedef enum {
    REASON_UNDEFINED,   /* nothing known */
    REASON_AUTHFAILURE, /* SPF, DKIM or DMARC of the sender's domain */
    REASON_BADREPUTATION,
    REASON_BLOCKED, /* the sending host or its address is not welcome */
    REASON_CONTENTERROR,
    REASON_EXCEEDLIMIT, /* larger than this recipient may get */
    REASON_EXPIRED,
    REASON_FAILEDSTARTTLS,
    REASON_FILTERED, /* refused after the address was taken, or by the recipient's own choice */
    REASON_HASMOVED,
    REASON_HOSTUNKNOWN,
    REASON_MAILBOXFULL,
    REASON_MAILERERROR, /* a program at the recipient's failed */
    REASON_MESGTOOBIG,
    REASON_NETWORKERROR,
    REASON_NORELAYING,
    REASON_NOTACCEPT, /* the host or domain takes no mail at all */
    REASON_NOTCOMPLIANTRFC,
    REASON_ONHOLD, /* a failure without a word why */
    REASON_POLICYVIOLATION,
    REASON_REJECTED, /* the envelope or header sender */
    REASON_REQUIREPTR,
    REASON_SECURITYERROR,
    REASON_SPAMDETECTED,
    REASON_SPEEDING,
    REASON_SUPPRESSED,
    REASON_SUSPEND,
    REASON_SYNTAXERROR,
    REASON_SYSTEMERROR,
    REASON_SYSTEMFULL,
    REASON_TOOMANYCONN,
    REASON_USERUNKNOWN,
    REASON_VIRUSDETECTED,
    /* no failures */
    REASON_DELIVERED,
    REASON_FEEDBACK,
    REASON_VACATION,
    REASON_COUNT
} Reason;

/* "userunknown"; never NULL. */
const char *reason_name(Reason reason);

/* REASON_COUNT for a word that is no reason. */
Reason reason_from_name(const char *name);

/* Whether no later letter to this address can arrive: user or host unknown, moved, takes no mail.
 */
gboolean reason_is_permanent(Reason reason);

/* The enhanced status code that says the same, "5.1.1", for reports that hold none. Static. */
const char *reason_status(Reason reason);

/* What is known of one failed delivery. All texts as scan_fold() gives them, none NULL. */
typedef struct {
    const char *text;   /* the diagnostic */
    const char *remote; /* names of the remote host and the system that reports */
    const char *status; /* "5.1.1", or "" */
    guint code;         /* SMTP reply code, or 0 */
    SmtpCommand command;
    gboolean own_words;    /* the reporting system speaks of its own users, not of a remote reply */
    gboolean unix_program; /* the diagnostic is a program's (type x-unix) */
    gboolean delayed;      /* more attempts follow, or the last of many failed */
} ReasonEvidence;

/* The reason; REASON_ONHOLD when nothing at all was said. */
Reason reason_find(const ReasonEvidence *evidence);

/* What the text, or a status code that proves it, tells by itself; else REASON_UNDEFINED. */
Reason reason_told(const ReasonEvidence *evidence);

/* What the place in the dialogue, or else the status code, tells; else REASON_UNDEFINED. */
Reason reason_placed(const ReasonEvidence *evidence);

/* What a claim (sentence.h) comes to, given where in the dialogue it was made. */
Reason reason_of_claim(const ReasonEvidence *evidence, Reason claimed);

/* ---- the tables, for reason.c and the tests ---- */

/* A pattern (pattern.h) and what it means. The tables end with a NULL text; the order within a
 * table means nothing, reason.c holds that of the reasons. */
typedef struct {
    Reason reason;
    const char *text;
} ReasonText;

extern const ReasonText MAILBOX_TEXTS[];   /* mailboxes.c */
extern const ReasonText RECIPIENT_TEXTS[]; /* recipients.c */
extern const ReasonText REFUSAL_TEXTS[];   /* refusals.c */
extern const ReasonText CONTENT_TEXTS[];   /* contents.c */
extern const ReasonText TROUBLE_TEXTS[];   /* troubles.c */

/* What only one provider says; looked at first. */
typedef struct {
    const char *where; /* in the remote's name or the text; "" is anywhere */
    const char *text;  /* in the text */
    Reason reason;
} ProviderText;

extern const ProviderText PROVIDER_TEXTS[]; /* ends with a NULL where */

/* Whom a failure means: the recipient (the mailbox, its domain, or the way there), the letter, us, or
 * only the session. By the reason; where that says nothing by the status code, as mail/refusal.h
 * judges it. */
RefusalAbout reason_about(Reason reason, const char *status);

/* What mail/refusal.h knows of a reply that the tables of this room don't: the last that is asked. */
Reason reason_by_refusal(guint code, const char *status, const char *text);

/* Whether a reply, folded, puts off whoever it does not know yet (RFC 6647): nobody is at fault. */
gboolean reason_is_greylisting(const char *folded);

/* What a status code means by itself, REASON_UNDEFINED for general ones such as 5.0.0. */
Reason status_reason(const char *status);

#endif
