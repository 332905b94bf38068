/* test-judges - one judge of refusals: what the relay says and what a report says mean the same
 *
 * mail/refusal judges a reply while letters go, the room `reason` what came back. Whom a code or a
 * sentence means has to be the same wherever it is met.
 */
#include "mail/refusal.h"
#include "reason/reason.h"

#include <string.h>

static const char *const NAMES[] = {"unclear", "recipient", "message", "sender", "session"};

/* Where both are right: a group or a mailbox that takes letters of its own people only refuses our
 * address, and it is its owner who can let it in; a disabled account (RFC 5248) is ours at the sign-in
 * and theirs behind RCPT; a null MX (RFC 7505) is said of either side. */
static gboolean may_differ(const char *status)
{
    static const char *const GROUPS[] = {"5.7.124", "5.7.129", "5.7.133", "5.7.134", "5.7.135",
                                         "5.7.136", "5.7.193", "5.7.13",  "5.7.27",  NULL};
    return g_strv_contains(GROUPS, status);
}

static void compare_status(const char *status)
{
    RefusalAbout known = refusal_by_code(550, status);
    Reason reason = status_reason(status);
    RefusalAbout told = reason_about(reason, "");
    if (known == REFUSAL_UNCLEAR || told == REFUSAL_UNCLEAR || may_differ(status))
        return;
    if (known == REFUSAL_SESSION || told == REFUSAL_SESSION) /* of no letter in particular */
        return;
    gboolean is_ours = known != REFUSAL_RECIPIENT; /* whether our account or our letter */
    if (is_ours != (told != REFUSAL_RECIPIENT))
        g_error("%s: the relay's means the %s, a report's (%s) the %s", status, NAMES[known],
                reason_name(reason), NAMES[told]);
}

static void test_codes(void)
{
    for (guint subject = 0; subject <= 7; subject++)
        for (guint detail = 0; detail <= 760; detail++) {
            g_autofree char *status = g_strdup_printf("5.%u.%u", subject, detail);
            compare_status(status);
        }
}

/* Replies as servers and relays give them. */
static void test_words(void)
{
    static const struct {
        guint code;
        const char *status, *text;
        RefusalAbout about;
    } TABLE[] = {
        {550, "5.1.1", "<a@x.example>: user unknown", REFUSAL_RECIPIENT},
        {550, "", "no such recipient here", REFUSAL_RECIPIENT},
        {552, "5.2.2", "mailbox full", REFUSAL_RECIPIENT},
        {550, "5.2.252", "sendasdenied", REFUSAL_SENDER},
        {550, "5.1.8", "access denied, bad outbound sender", REFUSAL_SENDER},
        {550, "5.7.54", "unable to relay recipient in non-accepted domain", REFUSAL_SENDER},
        {550, "5.7.232",
         "your message can't be sent because your trial tenant has exceeded its "
         "daily limit",
         REFUSAL_SENDER},
        {550, "5.7.233", "your message can't be sent because your tenant exceeded its limit",
         REFUSAL_SENDER},
        {550, "5.7.508", "access denied, [192.0.2.10] has exceeded permitted limits within range",
         REFUSAL_SENDER},
        {554, "5.7.1", "service unavailable; client host [192.0.2.10] blocked using bl.example",
         REFUSAL_SENDER},
        {554, "5.7.1", "<a@x.example>: relay access denied", REFUSAL_SENDER},
        {550, "5.7.26", "unauthenticated email is not accepted due to dmarc policy",
         REFUSAL_SENDER},
        {504, "5.5.2", "<vm>: helo command rejected: need fully-qualified hostname",
         REFUSAL_SENDER},
        {550, "", "you have been restricted from sending", REFUSAL_SENDER},
        {554, "", "message rejected as spam", REFUSAL_MESSAGE},
        {552, "5.3.4", "message size exceeds fixed limit", REFUSAL_MESSAGE},
        {554, "5.7.1", "virus found in message", REFUSAL_MESSAGE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(TABLE); i++) {
        ReasonEvidence evidence = {.text = TABLE[i].text,
                                   .remote = "",
                                   .status = TABLE[i].status,
                                   .code = TABLE[i].code,
                                   .command = SMTP_RCPT};
        Reason reason = reason_find(&evidence);
        RefusalAbout met = refusal_about((int)TABLE[i].code, TABLE[i].status, TABLE[i].text);
        RefusalAbout told = reason_about(reason, TABLE[i].status);
        if (met != TABLE[i].about || told != TABLE[i].about)
            g_error(
                "%u %s %s: should mean the %s; met at the relay the %s, in a report (%s) the %s",
                TABLE[i].code, TABLE[i].status, TABLE[i].text, NAMES[TABLE[i].about], NAMES[met],
                reason_name(reason), NAMES[told]);
    }
}

/* What only mail/refusal knows is asked there, before a report says that nothing was said. */
static void test_asks(void)
{
    g_assert_cmpint(status_reason("5.7.232"), ==, REASON_SPEEDING);
    g_assert_cmpint(status_reason("5.2.252"), ==, REASON_REJECTED);
    g_assert_cmpint(status_reason("5.7.57"), ==, REASON_SECURITYERROR);
    ReasonEvidence evidence = {.text = "your account is sending too fast, slow down",
                               .remote = "",
                               .status = "",
                               .code = 550,
                               .command = SMTP_RCPT};
    g_assert_cmpint(reason_about(reason_find(&evidence), ""), ==, REFUSAL_SENDER);
}

static void test_greylisting(void)
{
    g_assert_true(reason_is_greylisting("450 4.2.0 greylisted, see http://postgrey.example"));
    g_assert_true(reason_is_greylisting("deferred: first contact from your server"));
    g_assert_false(reason_is_greylisting("451 4.7.1 too many letters, try again later"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/judges/codes", test_codes);
    g_test_add_func("/judges/words", test_words);
    g_test_add_func("/judges/asks", test_asks);
    g_test_add_func("/judges/greylisting", test_greylisting);
    return g_test_run();
}
