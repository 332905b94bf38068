/* reason - why a delivery failed, from what the systems on the way said */
#include "reason/reason.h"

#include <string.h>

#include "reason/pattern.h"
#include "reason/sentence.h"

static const char *const NAMES[REASON_COUNT] = {
    [REASON_UNDEFINED] = "undefined",
    [REASON_AUTHFAILURE] = "authfailure",
    [REASON_BADREPUTATION] = "badreputation",
    [REASON_BLOCKED] = "blocked",
    [REASON_CONTENTERROR] = "contenterror",
    [REASON_EXCEEDLIMIT] = "exceedlimit",
    [REASON_EXPIRED] = "expired",
    [REASON_FAILEDSTARTTLS] = "failedstarttls",
    [REASON_FILTERED] = "filtered",
    [REASON_HASMOVED] = "hasmoved",
    [REASON_HOSTUNKNOWN] = "hostunknown",
    [REASON_MAILBOXFULL] = "mailboxfull",
    [REASON_MAILERERROR] = "mailererror",
    [REASON_MESGTOOBIG] = "mesgtoobig",
    [REASON_NETWORKERROR] = "networkerror",
    [REASON_NORELAYING] = "norelaying",
    [REASON_NOTACCEPT] = "notaccept",
    [REASON_NOTCOMPLIANTRFC] = "notcompliantrfc",
    [REASON_ONHOLD] = "onhold",
    [REASON_POLICYVIOLATION] = "policyviolation",
    [REASON_REJECTED] = "rejected",
    [REASON_REQUIREPTR] = "requireptr",
    [REASON_SECURITYERROR] = "securityerror",
    [REASON_SPAMDETECTED] = "spamdetected",
    [REASON_SPEEDING] = "speeding",
    [REASON_SUPPRESSED] = "suppressed",
    [REASON_SUSPEND] = "suspend",
    [REASON_SYNTAXERROR] = "syntaxerror",
    [REASON_SYSTEMERROR] = "systemerror",
    [REASON_SYSTEMFULL] = "systemfull",
    [REASON_TOOMANYCONN] = "toomanyconn",
    [REASON_USERUNKNOWN] = "userunknown",
    [REASON_VIRUSDETECTED] = "virusdetected",
    [REASON_DELIVERED] = "delivered",
    [REASON_FEEDBACK] = "feedback",
    [REASON_VACATION] = "vacation",
};

const char *reason_name(Reason reason)
{
    g_assert(reason < REASON_COUNT);
    return NAMES[reason];
}

Reason reason_from_name(const char *name)
{
    for (int i = 0; i < REASON_COUNT; i++)
        if (g_str_equal(NAMES[i], name))
            return (Reason)i;
    return REASON_COUNT;
}

gboolean reason_is_permanent(Reason reason)
{
    return reason == REASON_USERUNKNOWN || reason == REASON_HOSTUNKNOWN ||
           reason == REASON_HASMOVED || reason == REASON_NOTACCEPT;
}

/* ---- whom it means ---- */

RefusalAbout reason_about(Reason reason, const char *status)
{
    switch (reason) {
    case REASON_AUTHFAILURE:
    case REASON_BADREPUTATION:
    case REASON_BLOCKED:
    case REASON_FAILEDSTARTTLS:
    case REASON_NORELAYING:
    case REASON_POLICYVIOLATION:
    case REASON_REJECTED:
    case REASON_REQUIREPTR:
    case REASON_SECURITYERROR:
    case REASON_SPEEDING:
    case REASON_TOOMANYCONN:
        return REFUSAL_SENDER;
    case REASON_CONTENTERROR:
    case REASON_EXCEEDLIMIT:
    case REASON_MESGTOOBIG:
    case REASON_NOTCOMPLIANTRFC:
    case REASON_SPAMDETECTED:
    case REASON_VIRUSDETECTED:
        return REFUSAL_MESSAGE;
    case REASON_SYNTAXERROR:
        return REFUSAL_SESSION;
    case REASON_EXPIRED:
    case REASON_FILTERED:
    case REASON_HASMOVED:
    case REASON_HOSTUNKNOWN:
    case REASON_MAILBOXFULL:
    case REASON_MAILERERROR:
    case REASON_NETWORKERROR:
    case REASON_NOTACCEPT:
    case REASON_SUPPRESSED:
    case REASON_SUSPEND:
    case REASON_SYSTEMERROR:
    case REASON_SYSTEMFULL:
    case REASON_USERUNKNOWN:
        return REFUSAL_RECIPIENT;
    case REASON_UNDEFINED:
    case REASON_ONHOLD:
    case REASON_DELIVERED:
    case REASON_FEEDBACK:
    case REASON_VACATION:
    case REASON_COUNT:
        break;
    }
    return refusal_by_code(0, status);
}

gboolean reason_is_greylisting(const char *folded)
{
    static const char *const WORDS[] = {
        "greylist",    "graylist",        "grey list",   "gray list",     "grey-list",
        "gray-list",   "postgrey",        "milter-grey", "first contact", "sqlgrey",
        "new triplet", "unknown triplet", NULL};
    return folded_has(folded, WORDS);
}

/* What the one judge of refusals knows of a code or its words, as a reason. */
static Reason reason_of_cause(RefusalCause cause)
{
    switch (cause) {
    case CAUSE_SIGN_IN:
    case CAUSE_SMTP_AUTH_OFF:
        return REASON_SECURITYERROR;
    case CAUSE_HELLO:
    case CAUSE_BLOCKED:
        return REASON_BLOCKED;
    case CAUSE_ADDRESS:
        return REASON_REJECTED;
    case CAUSE_RELAYING:
        return REASON_NORELAYING;
    case CAUSE_LIMIT:
        return REASON_SPEEDING;
    case CAUSE_AUTHENTICITY:
        return REASON_AUTHFAILURE;
    case CAUSE_CONTENT:
        return REASON_SPAMDETECTED;
    case CAUSE_NONE:
    case CAUSES:
        break;
    }
    return REASON_UNDEFINED;
}

Reason reason_by_refusal(guint code, const char *status, const char *text)
{
    return reason_of_cause(refusal_cause((int)code, status, text));
}

/* ---- texts ---- */

/* All tables in one index, made when first needed. */
static const PatternIndex *text_index(void)
{
    static const PatternIndex *index;
    if (g_once_init_enter(&index)) {
        const ReasonText *const tables[] = {MAILBOX_TEXTS, RECIPIENT_TEXTS, REFUSAL_TEXTS,
                                            CONTENT_TEXTS, TROUBLE_TEXTS};
        g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Pattern));
        for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
            for (const ReasonText *rule = tables[i]; rule->text; rule++) {
                Pattern pattern = {rule->text, rule->reason};
                g_array_append_val(all, pattern);
            }
        const PatternIndex *made = pattern_index_new((const Pattern *)(void *)all->data, all->len);
        g_once_init_leave(&index, made);
    }
    return index;
}

static Reason provider_reason(const ReasonEvidence *e, const Subject *text)
{
    for (const ProviderText *rule = PROVIDER_TEXTS; rule->where; rule++)
        if (subject_has(text, rule->text) &&
            (strstr(e->remote, rule->where) || strstr(e->text, rule->where)))
            return rule->reason;
    return REASON_UNDEFINED;
}

/* ---- weighing ---- */

/* In which order reasons are believed when several are named. What is said of the mailbox goes
 * before what is said of the name, the particular before the general. User unknown and filtered are
 * told apart on the way. */
static const Reason ORDER[] = {
    REASON_MAILBOXFULL,     REASON_EXCEEDLIMIT,   REASON_CONTENTERROR, REASON_MESGTOOBIG,
    REASON_SUSPEND,         REASON_HASMOVED,      REASON_NORELAYING,   REASON_AUTHFAILURE,
    REASON_REQUIREPTR,      REASON_REJECTED,      REASON_USERUNKNOWN,  REASON_FILTERED,
    REASON_NOTCOMPLIANTRFC, REASON_BADREPUTATION, REASON_NOTACCEPT,    REASON_HOSTUNKNOWN,
    REASON_TOOMANYCONN,     REASON_SPEEDING,      REASON_SPAMDETECTED, REASON_VIRUSDETECTED,
    REASON_BLOCKED,         REASON_SYSTEMFULL,    REASON_NETWORKERROR, REASON_POLICYVIOLATION,
    REASON_FAILEDSTARTTLS,  REASON_SUPPRESSED,    REASON_MAILERERROR,  REASON_SYNTAXERROR,
    REASON_SYSTEMERROR,     REASON_SECURITYERROR, REASON_EXPIRED,
};

/* A server that takes any name at RCPT and says "unknown" after the message was sent often means a
 * recipient's filter: such an address may well exist. Only a refusal of the name itself, or a
 * status code that means it, or the recipient's own system, is believed. */
static Reason user_or_filter(const ReasonEvidence *e)
{
    Reason by_status = status_reason(e->status);
    if (g_str_equal(e->status, "5.1.10")) /* Exchange: "recipient not found" */
        return REASON_USERUNKNOWN;
    if (e->command == SMTP_RCPT || e->own_words || by_status == REASON_USERUNKNOWN)
        return REASON_USERUNKNOWN;
    return REASON_FILTERED;
}

/* Reasons that a status code alone proves, whatever else is said. */
static gboolean status_proves(Reason reason)
{
    switch ((int)reason) {
    case REASON_MAILBOXFULL:
    case REASON_EXCEEDLIMIT:
    case REASON_MESGTOOBIG:
    case REASON_AUTHFAILURE:
    case REASON_HASMOVED:
    case REASON_REQUIREPTR:
    case REASON_REJECTED:
        return TRUE;
    }
    return FALSE;
}

/* A program that delivers locally says what it likes; only of the mailbox is it believed. */
static gboolean program_knows(Reason reason)
{
    return reason == REASON_MAILBOXFULL || reason == REASON_EXCEEDLIMIT ||
           reason == REASON_MESGTOOBIG || reason == REASON_SUSPEND ||
           reason == REASON_SPAMDETECTED || reason == REASON_VIRUSDETECTED;
}

/* Before the recipient was named nobody can have refused it: an unknown host or user is then our
 * own. */
static Reason address_index_from(SmtpCommand command, Reason reason)
{
    if (reason != REASON_HOSTUNKNOWN && reason != REASON_USERUNKNOWN && reason != REASON_FILTERED)
        return reason;
    if (command == SMTP_CONNECT || command == SMTP_HELLO)
        return REASON_BLOCKED;
    return command == SMTP_MAIL ? REASON_REJECTED : reason;
}

static Reason weigh(const ReasonEvidence *e, const gboolean found[REASON_COUNT])
{
    Reason by_status = status_reason(e->status);
    gboolean agree = found[by_status] && by_status == REASON_NETWORKERROR;
    for (gsize i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        Reason reason = agree ? by_status : ORDER[i]; /* status and words say the same */
        if (!found[reason] && !(by_status == reason && status_proves(reason)))
            continue;
        gboolean agreed = reason == REASON_USERUNKNOWN && by_status == reason &&
                          !found[REASON_MAILERERROR]; /* status and words say the same */
        if (e->unix_program && !program_knows(reason) && !agreed)
            continue;
        if (reason == REASON_USERUNKNOWN)
            reason = user_or_filter(e);
        if (reason == REASON_HOSTUNKNOWN && *e->status == '4') /* not found now */
            reason = REASON_NETWORKERROR;
        return address_index_from(e->command, reason);
    }
    if (e->unix_program && by_status == REASON_USERUNKNOWN && !found[REASON_MAILERERROR] &&
        sentence_reason(e->text) == by_status)
        return by_status;
    return e->unix_program ? REASON_MAILERERROR : REASON_UNDEFINED;
}

Reason reason_of_claim(const ReasonEvidence *e, Reason claimed)
{
    gboolean found[REASON_COUNT] = {FALSE};
    found[claimed] = TRUE;
    Reason reason = weigh(e, found);
    return reason != REASON_UNDEFINED ? reason : claimed;
}

/* What a reply code means when nothing else is known (RFC 5321 section 4.2.3, RFC 7504). */
static Reason code_reason(guint code)
{
    switch (code) {
    case 421:
        return REASON_SYSTEMERROR;
    case 500:
    case 501:
    case 502:
    case 503:
    case 504:
        return REASON_SYNTAXERROR;
    case 521:
    case 556:
        return REASON_NOTACCEPT;
    case 525:
        return REASON_SUSPEND;
    case 535:
        return REASON_SECURITYERROR;
    case 551:
        return REASON_HASMOVED;
    case 552:
        return REASON_MAILBOXFULL;
    case 555:
        return REASON_SYNTAXERROR;
    }
    return REASON_UNDEFINED;
}

static gboolean is_refusal(const char *text)
{
    return strstr(text, "denied") || strstr(text, "reject") || strstr(text, "refuse") ||
           strstr(text, "not allowed") || strstr(text, "not accepted");
}

/* The place in the dialogue tells what was refused: the host, the sender, the message. */
static Reason place_reason(const ReasonEvidence *e)
{
    if (!is_refusal(e->text))
        return REASON_UNDEFINED;
    if (e->command == SMTP_CONNECT || e->command == SMTP_HELLO)
        return REASON_BLOCKED;
    if (e->command == SMTP_MAIL)
        return REASON_REJECTED;
    return REASON_UNDEFINED;
}

Reason reason_placed(const ReasonEvidence *e)
{
    Reason reason = place_reason(e);
    return reason != REASON_UNDEFINED ? reason : status_reason(e->status);
}

static Reason fallback(const ReasonEvidence *e)
{
    Reason reason = reason_placed(e);
    if (reason == REASON_UNDEFINED && (e->code || *e->status)) /* a server's words, not prose */
        reason = reason_by_refusal(e->code, e->status, e->text);
    if (reason == REASON_UNDEFINED && e->delayed)
        reason = REASON_EXPIRED;
    if (reason == REASON_UNDEFINED)
        reason = code_reason(e->code);
    if (reason == REASON_UNDEFINED && (e->command == SMTP_CONNECT || e->command == SMTP_HELLO))
        reason = REASON_BLOCKED;
    if (reason == REASON_UNDEFINED && is_refusal(e->text))
        reason = e->command == SMTP_RCPT ? REASON_FILTERED : REASON_REJECTED;
    if (reason == REASON_UNDEFINED)
        reason = REASON_ONHOLD;
    return reason;
}

/* A local program's own verdict stands before what it printed: "user unknown. Command output: ..." is
 * EX_NOUSER of sysexits(3), which Postfix turns into 5.1.1. */
static gboolean program_knows_nobody(const ReasonEvidence *e)
{
    const char *output = strstr(e->text, "command output");
    if (!e->unix_program || !output || status_reason(e->status) != REASON_USERUNKNOWN)
        return FALSE;
    g_autofree char *verdict = g_strndup(e->text, output - e->text);
    return sentence_reason(verdict) == REASON_USERUNKNOWN;
}

Reason reason_told(const ReasonEvidence *e)
{
    gboolean found[REASON_COUNT] = {FALSE};
    Subject text;
    if (program_knows_nobody(e))
        return REASON_USERUNKNOWN;
    subject_init(&text, e->text);
    Reason reason = provider_reason(e, &text);
    if (reason != REASON_UNDEFINED)
        return reason;
    pattern_index_find(text_index(), &text, found);
    return weigh(e, found);
}

Reason reason_find(const ReasonEvidence *e)
{
    Reason reason = reason_told(e);
    return reason != REASON_UNDEFINED ? reason : fallback(e);
}
