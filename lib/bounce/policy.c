/* policy - what a school's history of notices means for the next letter */
#include "bounce/policy.h"

#include <string.h>

#define DAY ((gint64)24 * 60 * 60 * G_USEC_PER_SEC)

const PolicyLimits POLICY_DEFAULTS = {
    .soft_limit = 3, .soft_days = 7, .full_days = 56, .rest_days = 28};

/* A run of soft bounces that no delivery has interrupted. */
typedef struct {
    guint count;
    gint64 first, last;
    gboolean only_full; /* each said that the mailbox is full */
    gint64 doubtful; /* when the first hard one came that a second has to bear out; 0: none did */
} Run;

gboolean policy_is_refusal(const PolicyEvent *event)
{
    if (strncmp(event->status, "5.7.", 4) == 0 || strncmp(event->status, "4.7.", 4) == 0)
        return event->reason != REASON_USERUNKNOWN && event->reason != REASON_HASMOVED;
    RefusalAbout about = reason_about(event->reason, event->status);
    return about == REFUSAL_SENDER || about == REFUSAL_MESSAGE || about == REFUSAL_SESSION;
}

/* Reports on authentication and "not spam" come from machines and wish nothing of the list. */
static gboolean is_wish_to_stop(const PolicyEvent *event)
{
    const char *type = event->feedback_type;
    return !type || g_str_equal(type, "abuse") || g_str_has_prefix(type, "opt-out") ||
           g_str_equal(type, "fraud") || g_str_equal(type, "other");
}

static void note_soft(Run *run, const PolicyEvent *event)
{
    if (run->count++ == 0) {
        run->first = event->when;
        run->only_full = TRUE;
    }
    run->last = MAX(run->last, event->when);
    run->only_full = run->only_full && event->reason == REASON_MAILBOXFULL;
}

static gboolean run_is_enough(const Run *run, const PolicyLimits *limits)
{
    guint days = run->only_full ? limits->full_days : limits->soft_days;
    return limits->soft_limit && run->count >= limits->soft_limit &&
           run->last - run->first >= days * DAY;
}

static const char *hard_words(Reason reason)
{
    switch ((int)reason) {
    case REASON_HOSTUNKNOWN:
        return "the domain does not exist";
    case REASON_HASMOVED:
        return "the recipient has moved";
    case REASON_NOTACCEPT:
        return "the domain takes no mail";
    }
    return "no such user";
}

/* A lapsed domain comes back, a refusal by policy is lifted: one letter is no proof. */
static gboolean needs_second(const PolicyEvent *event)
{
    return event->reason == REASON_HOSTUNKNOWN || strncmp(event->status, "5.7.", 4) == 0;
}

static gboolean is_borne_out(Run *run, const PolicyEvent *event)
{
    if (!run->doubtful)
        run->doubtful = event->when ? event->when : 1;
    return event->when - run->doubtful >= POLICY_APART_DAYS * DAY;
}

/* What one proven event, with the run before it, comes to. */
static PolicyVerdict judge_event(const PolicyEvent *event, Run *run, const PolicyLimits *limits,
                                 const char **why)
{
    switch (event->kind) {
    case INBOUND_HARD:
        if (policy_is_refusal(event))
            return POLICY_KEEP;
        if (needs_second(event) && !is_borne_out(run, event))
            return POLICY_KEEP;
        *why = hard_words(event->reason);
        return POLICY_SUPPRESS;
    case INBOUND_COMPLAINT:
        if (!is_wish_to_stop(event))
            return POLICY_KEEP;
        *why = "complained";
        return POLICY_SUPPRESS;
    case INBOUND_SOFT:
        if (policy_is_refusal(event))
            return POLICY_KEEP;
        note_soft(run, event);
        if (!run_is_enough(run, limits))
            return POLICY_KEEP;
        *why = run->only_full ? "mailbox full for too long" : "too many soft bounces in a row";
        return POLICY_SUPPRESS;
    case INBOUND_DELIVERED:
        *run = (Run){0};
        return POLICY_KEEP;
    case INBOUND_NONE:
    case INBOUND_UNSUBSCRIBE:
    case INBOUND_KINDS:
    case INBOUND_AUTO_REPLY:
    case INBOUND_CHALLENGE:
    case INBOUND_RECEIPT:
    case INBOUND_CALENDAR:
    case INBOUND_DELAYED:
        return POLICY_KEEP;
    }
    g_assert_not_reached();
}

PolicyVerdict policy_judge(const PolicyEvent *history, guint count, const PolicyLimits *limits,
                           const char **why)
{
    Run run = {0};
    PolicyVerdict verdict = POLICY_KEEP;
    const char *ignored = NULL;
    why = why ? why : &ignored;
    *why = "";
    for (guint i = 0; i < count; i++) {
        const PolicyEvent *event = &history[i];
        if (!event->proven) {
            if (event->kind >= INBOUND_COMPLAINT && event->kind != INBOUND_DELAYED &&
                verdict == POLICY_KEEP) {
                verdict = POLICY_REVIEW;
                *why = "a notice without a valid token";
            }
            continue;
        }
        if (judge_event(event, &run, limits, why) == POLICY_SUPPRESS)
            return POLICY_SUPPRESS;
    }
    return verdict;
}

gint64 policy_until(InboundKind kind, Reason reason, const PolicyLimits *limits, gint64 now)
{
    gboolean passes = kind == INBOUND_SOFT && reason != REASON_SUSPEND;
    return passes && limits->rest_days ? now + limits->rest_days * DAY : 0;
}
