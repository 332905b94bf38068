/* test-policy - who is written to no more, and who always is */
#include "bounce/policy.h"

#define DAY ((gint64)24 * 60 * 60 * G_USEC_PER_SEC)

static PolicyEvent event(guint day, InboundKind kind, Reason reason, const char *status)
{
    return (PolicyEvent){
        .when = day * DAY, .kind = kind, .reason = reason, .status = status, .proven = TRUE};
}

static PolicyVerdict judge(const PolicyEvent *history, guint count)
{
    return policy_judge(history, count, &POLICY_DEFAULTS, NULL);
}

static void test_hard(void)
{
    const char *why;
    PolicyEvent hard = event(0, INBOUND_HARD, REASON_USERUNKNOWN, "5.1.1");
    g_assert_cmpint(policy_judge(&hard, 1, &POLICY_DEFAULTS, &why), ==, POLICY_SUPPRESS);
    g_assert_cmpstr(why, ==, "no such user");
    hard.proven = FALSE;
    g_assert_cmpint(policy_judge(&hard, 1, &POLICY_DEFAULTS, &why), ==, POLICY_REVIEW);
    PolicyEvent refused = event(0, INBOUND_HARD, REASON_HOSTUNKNOWN, "5.7.1");
    g_assert_cmpint(judge(&refused, 1), ==, POLICY_KEEP);
    g_assert_cmpint(judge(NULL, 0), ==, POLICY_KEEP);
}

/* A domain that doesn't resolve for an afternoon, a refusal with a code of policy: two letters, days
 * apart, and none that arrived in between. */
static void test_borne_out(void)
{
    static const struct {
        Reason reason;
        const char *status;
    } DOUBTFUL[] = {{REASON_HOSTUNKNOWN, "5.1.2"}, {REASON_USERUNKNOWN, "5.7.1"}};
    for (gsize i = 0; i < G_N_ELEMENTS(DOUBTFUL); i++)
        for (guint days = 2; days <= 4; days++) {
            PolicyEvent history[] = {
                event(9, INBOUND_HARD, DOUBTFUL[i].reason, DOUBTFUL[i].status),
                event(9 + days, INBOUND_HARD, DOUBTFUL[i].reason, DOUBTFUL[i].status)};
            g_assert_cmpint(judge(history, 1), ==, POLICY_KEEP);
            g_assert_cmpint(judge(history, 2), ==, days >= 3 ? POLICY_SUPPRESS : POLICY_KEEP);
            PolicyEvent between[] = {history[0], event(10, INBOUND_DELIVERED, REASON_DELIVERED, ""),
                                     history[1]};
            g_assert_cmpint(judge(between, 3), ==, POLICY_KEEP);
        }
}

/* What may pass is tried again; what a person must mend or has wished stays. */
static void test_until(void)
{
    PolicyLimits limits = POLICY_DEFAULTS;
    g_assert_cmpint(policy_until(INBOUND_SOFT, REASON_MAILBOXFULL, &limits, 5 * DAY), ==, 33 * DAY);
    g_assert_cmpint(policy_until(INBOUND_SOFT, REASON_EXPIRED, &limits, DAY), ==, 29 * DAY);
    g_assert_cmpint(policy_until(INBOUND_SOFT, REASON_SUSPEND, &limits, DAY), ==, 0);
    g_assert_cmpint(policy_until(INBOUND_HARD, REASON_USERUNKNOWN, &limits, DAY), ==, 0);
    g_assert_cmpint(policy_until(INBOUND_COMPLAINT, REASON_FEEDBACK, &limits, DAY), ==, 0);
    limits.rest_days = 0;
    g_assert_cmpint(policy_until(INBOUND_SOFT, REASON_MAILBOXFULL, &limits, DAY), ==, 0);
}

/* N in a row and D days, each one below, at and above. */
static void test_soft_run(void)
{
    for (guint count = 2; count <= 4; count++)
        for (guint days = 6; days <= 8; days++) {
            PolicyEvent history[4];
            for (guint i = 0; i < count; i++)
                history[i] =
                    event(i + 1 == count ? days : 0, INBOUND_SOFT, REASON_SYSTEMERROR, "4.3.0");
            g_assert_cmpint(judge(history, count), ==,
                            count >= 3 && days >= 7 ? POLICY_SUPPRESS : POLICY_KEEP);
        }
}

static void test_full_mailbox(void)
{
    for (guint days = 55; days <= 57; days++) {
        PolicyEvent history[3];
        for (guint i = 0; i < 3; i++)
            history[i] = event(i * days / 2, INBOUND_SOFT, REASON_MAILBOXFULL, "5.2.2");
        history[2].when = days * DAY;
        g_assert_cmpint(judge(history, 3), ==, days >= 56 ? POLICY_SUPPRESS : POLICY_KEEP);
    }
}

static void test_interrupted(void)
{
    PolicyEvent history[] = {
        event(0, INBOUND_SOFT, REASON_EXPIRED, "4.4.7"),
        event(5, INBOUND_SOFT, REASON_EXPIRED, "4.4.7"),
        event(9, INBOUND_DELIVERED, REASON_DELIVERED, "2.0.0"),
        event(10, INBOUND_SOFT, REASON_EXPIRED, "4.4.7"),
    };
    g_assert_cmpint(judge(history, G_N_ELEMENTS(history)), ==, POLICY_KEEP);
}

/* However many of these there are. */
static void test_never(void)
{
    static const struct {
        InboundKind kind;
        Reason reason;
        const char *status;
    } NEVER[] = {
        {INBOUND_DELAYED, REASON_EXPIRED, "4.4.7"},
        {INBOUND_AUTO_REPLY, REASON_VACATION, ""},
        {INBOUND_CHALLENGE, REASON_VACATION, ""},
        {INBOUND_SOFT, REASON_SPAMDETECTED, "5.7.1"},
        {INBOUND_SOFT, REASON_BLOCKED, "5.0.0"},
        {INBOUND_SOFT, REASON_AUTHFAILURE, "5.7.26"},
        {INBOUND_SOFT, REASON_SECURITYERROR, "5.7.999"},
        {INBOUND_SOFT, REASON_MESGTOOBIG, "5.3.4"},
        {INBOUND_NONE, REASON_UNDEFINED, ""},
    };
    for (gsize n = 0; n < G_N_ELEMENTS(NEVER); n++) {
        PolicyEvent history[50];
        for (guint i = 0; i < G_N_ELEMENTS(history); i++)
            history[i] = event(i, NEVER[n].kind, NEVER[n].reason, NEVER[n].status);
        g_assert_cmpint(judge(history, G_N_ELEMENTS(history)), ==, POLICY_KEEP);
    }
}

static void test_complaints(void)
{
    static const struct {
        const char *type;
        PolicyVerdict verdict;
    } CASES[] = {{NULL, POLICY_SUPPRESS},       {"abuse", POLICY_SUPPRESS},
                 {"opt-out", POLICY_SUPPRESS},  {"not-spam", POLICY_KEEP},
                 {"auth-failure", POLICY_KEEP}, {"virus", POLICY_KEEP}};
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        PolicyEvent complaint = event(0, INBOUND_COMPLAINT, REASON_FEEDBACK, "");
        complaint.feedback_type = CASES[i].type;
        g_assert_cmpint(judge(&complaint, 1), ==, CASES[i].verdict);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/hard", test_hard);
    g_test_add_func("/policy/borne-out", test_borne_out);
    g_test_add_func("/policy/until", test_until);
    g_test_add_func("/policy/soft-run", test_soft_run);
    g_test_add_func("/policy/full-mailbox", test_full_mailbox);
    g_test_add_func("/policy/interrupted", test_interrupted);
    g_test_add_func("/policy/never", test_never);
    g_test_add_func("/policy/complaints", test_complaints);
    return g_test_run();
}
