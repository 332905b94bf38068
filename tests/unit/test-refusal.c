/* test-refusal - whom a server's refusal means, by codes first and words last */
#include "mail/refusal.h"

#include <string.h>

static void test_about(void)
{
    static const struct {
        int code;
        const char *enhanced, *text;
        RefusalAbout about;
        RefusalCause cause;
    } table[] = {
        {550, "5.1.1", "no such user", REFUSAL_RECIPIENT, CAUSE_NONE},
        /* a code for the recipient beats words that blame us */
        {554, "5.1.1", "<b@school.example>: Relay access denied", REFUSAL_RECIPIENT,
         CAUSE_RELAYING},
        {550, "5.1.2", "sender address rejected", REFUSAL_RECIPIENT, CAUSE_ADDRESS},
        {550, "5.1.10", "domain takes no mail", REFUSAL_RECIPIENT, CAUSE_NONE},
        {452, "4.2.2", "mailbox full: daily limit exceeded", REFUSAL_RECIPIENT, CAUSE_LIMIT},
        {550, "5.7.133", "sender not authenticated for group", REFUSAL_RECIPIENT, CAUSE_SIGN_IN},
        {450, "4.7.1", "Greylisted, too many new senders", REFUSAL_RECIPIENT, CAUSE_NONE},
        {552, "5.3.4", "too big", REFUSAL_MESSAGE, CAUSE_NONE},
        {552, "", "too big", REFUSAL_MESSAGE, CAUSE_NONE},
        {550, "5.2.3", "x", REFUSAL_MESSAGE, CAUSE_NONE},
        {553, "5.6.7", "x", REFUSAL_MESSAGE, CAUSE_NONE},
        {554, "5.7.1", "looks like spam", REFUSAL_MESSAGE, CAUSE_CONTENT},
        {530, "5.7.0", "Authentication required", REFUSAL_SENDER, CAUSE_SIGN_IN},
        {535, "", "x", REFUSAL_SENDER, CAUSE_SIGN_IN},
        {550, "", "authentication required", REFUSAL_SENDER, CAUSE_SIGN_IN},
        {535, "5.7.139",
         "Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
         "Tenant",
         REFUSAL_SENDER, CAUSE_SMTP_AUTH_OFF},
        {550, "5.1.8", "bad outbound sender", REFUSAL_SENDER, CAUSE_ADDRESS},
        {450, "4.1.8", "Sender address rejected: Domain not found", REFUSAL_SENDER, CAUSE_ADDRESS},
        {553, "5.7.1", "<a@example.org>: Sender address rejected: not owned by user x",
         REFUSAL_SENDER, CAUSE_ADDRESS},
        {550, "5.4.5", "Daily user sending limit exceeded", REFUSAL_SENDER, CAUSE_LIMIT},
        {550, "5.7.60", "Client does not have permissions", REFUSAL_SENDER, CAUSE_ADDRESS},
        {550, "5.1.90", "x", REFUSAL_SENDER, CAUSE_LIMIT},
        {554, "5.7.1", "<b@school.example>: Relay access denied", REFUSAL_SENDER, CAUSE_RELAYING},
        {454, "4.7.1", "<b@school.example>: Relay access denied", REFUSAL_SENDER, CAUSE_RELAYING},
        {550, "", "relay not permitted", REFUSAL_SENDER, CAUSE_RELAYING},
        {554, "5.7.1", "Service unavailable; Client host [192.0.2.7] blocked using bl.example",
         REFUSAL_SENDER, CAUSE_BLOCKED},
        {554, "5.2.0", "STOREDRV; SubmissionQuotaExceededException", REFUSAL_SENDER, CAUSE_LIMIT},
        {504, "5.5.2", "<vm>: Helo command rejected: need fully-qualified hostname", REFUSAL_SENDER,
         CAUSE_HELLO},
        {550, "", "Access denied - Invalid HELO name (See RFC2821 4.1.1.1)", REFUSAL_SENDER,
         CAUSE_HELLO},
        {550, "5.7.26", "This mail is unauthenticated", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
        {452, "", "you have sent too many messages this hour", REFUSAL_SENDER, CAUSE_LIMIT},
        {452, "4.5.3", "Too many recipients", REFUSAL_SESSION, CAUSE_LIMIT},
        {421, "4.7.0", "x", REFUSAL_SESSION, CAUSE_NONE},
        {503, "5.5.1", "need MAIL", REFUSAL_SESSION, CAUSE_NONE},
        {503, "5.1.1", "need MAIL", REFUSAL_SESSION, CAUSE_NONE},
        {500, "", "what?", REFUSAL_SESSION, CAUSE_NONE},
        {550, "5.7.1", "policy", REFUSAL_UNCLEAR, CAUSE_NONE},
        {451, "4.7.1", "try again later", REFUSAL_UNCLEAR, CAUSE_NONE},
        {550, NULL, NULL, REFUSAL_UNCLEAR, CAUSE_NONE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        RefusalAbout about = refusal_about(table[i].code, table[i].enhanced, table[i].text);
        RefusalCause cause = refusal_cause(table[i].code, table[i].enhanced, table[i].text);
        if (about != table[i].about || cause != table[i].cause)
            g_error("%d %s %s: about %d, cause %d", table[i].code, table[i].enhanced, table[i].text,
                    about, cause);
    }
}

/* What ends a run at once must not be able to be about one recipient. */
static void test_of_all(void)
{
    g_assert_true(refusal_is_of_all(530, "5.7.0"));
    g_assert_true(refusal_is_of_all(535, ""));
    g_assert_true(refusal_is_of_all(550, "5.4.5"));
    g_assert_true(refusal_is_of_all(550, "5.7.708"));
    g_assert_false(refusal_is_of_all(450, "4.4.5")); /* congestion */
    g_assert_false(refusal_is_of_all(550, "5.1.1"));
    g_assert_false(refusal_is_of_all(550, "5.7.1"));
    g_assert_false(refusal_is_of_all(550, "5.7.54"));
    g_assert_false(refusal_is_of_all(503, "5.5.1"));
    g_assert_false(refusal_is_of_all(250, "2.4.5"));
    g_assert_false(refusal_is_of_all(550, "5"));
    g_assert_false(refusal_is_of_all(550, NULL));
}

/* What time mends is not for good, whatever class the reply is of; what has no reply says nothing. */
static void test_passes(void)
{
    g_assert_true(refusal_passes(450, "4.2.1", "busy"));
    g_assert_true(refusal_passes(421, "", ""));
    g_assert_true(refusal_passes(221, "", "bye"));
    g_assert_true(refusal_passes(550, "5.4.5", "Daily user sending limit exceeded"));
    g_assert_true(refusal_passes(554, "5.7.1", "rate limit reached"));
    g_assert_true(refusal_passes(552, "5.5.3", "too many recipients"));
    g_assert_false(refusal_passes(550, "5.1.1", "rate limit reached"));
    g_assert_false(refusal_passes(552, "5.2.2", "mailbox limit exceeded"));
    g_assert_false(refusal_passes(552, "", "limit exceeded")); /* of its size */
    g_assert_false(refusal_passes(550, "5.7.1", "nope"));
    g_assert_false(refusal_passes(530, "5.7.0", "sign in"));
    g_assert_false(refusal_passes(0, "", "limit exceeded"));
}

static void test_fixes(void)
{
    for (RefusalCause cause = CAUSE_NONE; cause < CAUSES; cause++)
        g_assert_cmpint(refusal_fix(cause, NULL) == NULL, ==, cause == CAUSE_NONE);
    g_assert_nonnull(strstr(refusal_fix(CAUSE_HELLO, NULL), "relay.hello"));
    g_assert_nonnull(strstr(refusal_fix(CAUSE_SMTP_AUTH_OFF, NULL), "oauth2.preset"));
    g_assert_nonnull(strstr(refusal_fix(CAUSE_ADDRESS, "b+abc@example.org"), "bounce.verp"));
    g_assert_null(strstr(refusal_fix(CAUSE_ADDRESS, "b@example.org"), "bounce.verp"));
    g_assert_null(strstr(refusal_fix(CAUSE_ADDRESS, "b@ex+ample.org"), "bounce.verp"));
}

static gboolean same(const char *one, const char *to, const char *other, const char *to_other)
{
    g_autofree char *a = refusal_fingerprint(550, "5.7.1", one, to);
    g_autofree char *b = refusal_fingerprint(550, "5.7.1", other, to_other);
    return g_str_equal(a, b);
}

static void test_fingerprint(void)
{
    g_assert_true(same("<a@x.example>: no, id 4F2a", "a@x.example", "<B@y.example>: NO, id 77",
                       "b@y.example"));
    g_assert_true(same("nobody of x.example, please", "a@x.example", "nobody of y.example, please",
                       "b@y.example"));
    g_assert_false(same("no", "a@x.example", "never", "a@x.example"));
    g_assert_true(same("", "", NULL, NULL));
    g_autofree char *one = refusal_fingerprint(450, "4.7.1", "no", "a@x.example");
    g_autofree char *other = refusal_fingerprint(550, "5.7.1", "no", "a@x.example");
    g_assert_cmpstr(one, !=, other);
}

static void test_wait(void)
{
    static const struct {
        const char *text;
        guint seconds;
    } table[] = {
        {"rate limited, try again in 30 minutes", 1800},
        {"Please retry after 3600 seconds.", 3600},
        {"slow down; wait 90s", 90},
        {"Too many messages, try again in an hour", 3600},
        {"Retry-After: 120 s", 120},
        {"come back in 2 hours", 7200},
        {"retry in 400 days", REFUSAL_WAIT_MAX},
        {"100 messages per 60 minutes are allowed", 0},
        {"try again later", 0},
        {"try again later. 60 seconds is the greylisting time", 0},
        {"again 3 apples", 0},
        {"", 0},
        {NULL, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (refusal_wait(table[i].text) != table[i].seconds)
            g_error("'%s': %u", table[i].text, refusal_wait(table[i].text));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/refusal/passes", test_passes);
    g_test_add_func("/refusal/about", test_about);
    g_test_add_func("/refusal/of-all", test_of_all);
    g_test_add_func("/refusal/fixes", test_fixes);
    g_test_add_func("/refusal/fingerprint", test_fingerprint);
    g_test_add_func("/refusal/wait", test_wait);
    return g_test_run();
}
