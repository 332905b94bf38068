/* test-evidence - whose words are believed about why a letter failed: scope and order of evidence */
#include "reason/sentence.h"
#include "bounce/classify.h"
#include "reason/quoted.h"

#include <string.h>

/* A report of RFC 3464 about head@oak.example; a NULL is left out. */
static char *dsn(const char *words, const char *status, const char *diagnostic)
{
    g_autofree char *code =
        diagnostic ? g_strdup_printf("Diagnostic-Code: %s\n", diagnostic) : g_strdup("");
    return g_strdup_printf(
        "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nTo: news+abc@council.example\n"
        "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\n%s\n\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; head@oak.example\n"
        "Action: failed\nStatus: %s\n%s\n--b--\n",
        words, status, code);
}

typedef struct {
    const char *words, *status, *diagnostic;
    InboundKind kind;
    const char *want_status, *reason;
} Row;

static void check(const Row *row)
{
    g_autofree char *text = dsn(row->words, row->status, row->diagnostic);
    g_autoptr(InboundReport) notice = classify(text, strlen(text));
    g_test_message("%s | %s | %s", row->words, row->status, row->diagnostic ? row->diagnostic : "");
    g_assert_cmpuint(notice->recipients->len, ==, 1);
    const InboundRecipient *got = notice->recipients->pdata[0];
    g_assert_cmpstr(reason_name(got->reason), ==, row->reason);
    g_assert_cmpint(got->kind, ==, row->kind);
    g_assert_cmpstr(got->status, ==, row->want_status);
}

static void check_all(const Row *rows, gsize count)
{
    for (gsize i = 0; i < count; i++)
        check(&rows[i]);
}

#define LISTED "Delivery to the following recipient failed.\n\n   head@oak.example\n"

/* Footers, banners and greetings are about nobody. */
static void test_scope(void)
{
    static const Row ROWS[] = {
        {LISTED "\n_______________\nChecked for viruses by the trust.", "5.1.1", NULL, INBOUND_HARD,
         "5.1.1", "userunknown"},
        {LISTED "\n-- \nNo malware was found in this message.", "5.1.1", NULL, INBOUND_HARD,
         "5.1.1", "userunknown"},
        {"This report was scanned for spam.\n\n" LISTED, "5.1.1", NULL, INBOUND_HARD, "5.1.1",
         "userunknown"},
        {"Oak E-mail Security could not deliver this.\n\n" LISTED, "5.2.2", NULL, INBOUND_SOFT,
         "5.2.2", "mailboxfull"},
        {LISTED "\nThis mail is subject to our acceptable use policy.", "5.1.1", NULL, INBOUND_HARD,
         "5.1.1", "userunknown"},
        {LISTED "\n\nOur filter found a virus in the letter and rejected it.", "5.0.0", NULL,
         INBOUND_SOFT, "5.0.0", "virusdetected"},
    };
    check_all(ROWS, G_N_ELEMENTS(ROWS));
}

/* What the refusing server said wins over what others made of it. */
static void test_order(void)
{
    static const Row ROWS[] = {
        {LISTED, "5.0.0",
         "smtp; 5.1.0 - Unknown address error 550-'5.7.1 Refused: local block list'", INBOUND_SOFT,
         "5.7.1", "blocked"},
        {LISTED, "5.1.1", "smtp; 550 5.7.1 Mail from your network is refused", INBOUND_SOFT,
         "5.7.1", "blocked"},
        {LISTED, "5.0.350",
         "smtp; 550 5.0.350 Remote server returned an error -> 550 5.1.1 <head@oak.example>: user "
         "unknown",
         INBOUND_HARD, "5.1.1", "userunknown"},
        {LISTED, "5.4.300", "smtp; 550 5.4.300 Message expired -> 451 4.7.0 temporary failure",
         INBOUND_SOFT, "4.7.0", "systemerror"},
        {LISTED, "5.1.1", "smtp; 554 5.1.0 undeliverable: host inner said: \"450 4.2.1 come back\"",
         INBOUND_SOFT, "4.2.1", "suspend"},
        {LISTED, "5.7.1",
         "smtp; 550 5.7.1 sender verify failed: mx.council.example said: 550 5.1.1 user unknown",
         INBOUND_SOFT, "5.7.1", "rejected"},
    };
    check_all(ROWS, G_N_ELEMENTS(ROWS));
}

/* Class 4 is never hard, nor is a server that can't tell. */
static void test_for_now(void)
{
    static const Row ROWS[] = {
        {LISTED, "4.1.1", "smtp; 450 4.1.1 User unknown in local recipient table", INBOUND_SOFT,
         "4.1.1", "userunknown"},
        {LISTED, "5.1.1", "smtp; 450 user unknown", INBOUND_SOFT, "5.1.1", "userunknown"},
        {LISTED, "5.1.1", "smtp; 550 user unknown, verification in progress", INBOUND_SOFT, "5.1.1",
         "userunknown"},
        {LISTED, "5.0.0",
         "x-postfix; name service error for oak.example: host not found, try again", INBOUND_SOFT,
         "5.0.0", "hostunknown"},
        {LISTED, "5.0.0", "smtp; 550 Mailbox unknown or full", INBOUND_SOFT, "5.0.0", "onhold"},
        {LISTED, "5.0.0", "x-notes; User head not unique. Several matches found in the directory",
         INBOUND_SOFT, "5.0.0", "systemerror"},
        {LISTED, "5.1.1", "smtp; 550 5.1.1 no such user; please check the address and try again",
         INBOUND_HARD, "5.1.1", "userunknown"},
    };
    check_all(ROWS, G_N_ELEMENTS(ROWS));
}

/* RFC 3463 as written, and what Exchange means by its own. */
static void test_statuses(void)
{
    static const Row ROWS[] = {
        {LISTED, "5.2.1", "smtp; 550 5.2.1 cannot be accessed", INBOUND_SOFT, "5.2.1", "suspend"},
        {LISTED, "5.1.10", "smtp; 550 5.1.10 oak.example; Recipient not found by SMTP lookup",
         INBOUND_HARD, "5.1.10", "userunknown"},
        {LISTED, "5.1.10", "smtp; 556 5.1.10 recipient domain has a null MX", INBOUND_HARD,
         "5.1.10", "notaccept"},
        {LISTED, "5.1.1", "x-unix; The account that you tried to reach does not exist",
         INBOUND_HARD, "5.1.1", "userunknown"},
        {LISTED, "5.3.0", "x-unix; The account does not exist: exit status 67", INBOUND_SOFT,
         "5.3.0", "mailererror"},
        {LISTED, "5.4.6", "smtp; 554 5.4.6 refused to accept: too many hops", INBOUND_SOFT, "5.4.6",
         "networkerror"},
    };
    check_all(ROWS, G_N_ELEMENTS(ROWS));
}

/* Words that no table holds. */
static void test_claims(void)
{
    static const struct {
        Reason reason;
        const char *text;
    } CLAIMED[] = {
        {REASON_USERUNKNOWN, "550 there is no mailbox of that user on this system"},
        {REASON_USERUNKNOWN, "we have no person of that name on our staff"},
        {REASON_USERUNKNOWN, "that addressee isn't known here; user is not one of ours"},
        {REASON_MAILBOXFULL, "the storage of this user is used up"},
        {REASON_MAILBOXFULL, "no more room: quota reached"},
        {REASON_SUSPEND, "this mailbox has been archived"},
        {REASON_EXPIRED, "we tried 12 times and gave up"},
        {REASON_FAILEDSTARTTLS, "tls is not supported by the other server"},
        {REASON_HOSTUNKNOWN, "the domain isn't known; host name does not exist"},
        {REASON_NETWORKERROR, "the other side does not answer"},
        {REASON_UNDEFINED, "your sender address is not known to us"},
        {REASON_UNDEFINED, "something went wrong"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CLAIMED); i++) {
        g_test_message("%s", CLAIMED[i].text);
        g_assert_cmpstr(reason_name(sentence_reason(CLAIMED[i].text)), ==,
                        reason_name(CLAIMED[i].reason));
    }
}

static void test_quoted(void)
{
    g_assert_null(quoted_innermost("550 5.1.1 user unknown"));
    g_assert_null(quoted_innermost(""));
    g_assert_cmpstr(quoted_innermost("a said: 550 5.1.1 no"), ==, "550 5.1.1 no");
    g_assert_cmpstr(quoted_innermost("x '5.7.1 no'"), ==, "5.7.1 no'");
    g_assert_null(quoted_innermost("see rfc: 5.7"));
}

static InboundReport *read(const char *headers, const char *body)
{
    g_autofree char *text = g_strconcat(headers, "To: news+abc@council.example\n", body, NULL);
    return classify(text, strlen(text));
}

/* A gateway passes on what an inner server said; a person asks about it. */
static void test_enclosed(void)
{
    static const char BODY[] =
        "Subject: Returned mail\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\n"
        "The report is attached.\n\n--o\nContent-Type: message/rfc822\n\n"
        "Return-Path: <>\nFrom: MAILER-DAEMON@inner.example\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at inner.example.\n\n<head@oak.example>:\n"
        "550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\n"
        "Return-Path: <news+abc@council.example>\nX-Circular-Delivery: k7q2m4xw\n\n--o--\n";
    g_autoptr(InboundReport) passed =
        read("From: MAILER-DAEMON@gw.example\nReturn-Path: <>\n", BODY);
    g_assert_cmpint(passed->kind, ==, INBOUND_HARD);
    g_assert_cmpstr(passed->original_delivery, ==, "k7q2m4xw");
    g_assert_cmpstr(passed->from, ==, "MAILER-DAEMON@gw.example");
    g_autoptr(InboundReport) asked = read("From: Ann <ann@oak.example>\n", BODY);
    g_assert_cmpint(asked->kind, ==, INBOUND_NONE);
}

/* Read receipts, refusals in their form (RFC 5429), and answers of calendars. */
static void test_receipts(void)
{
    static const char FORM[] =
        "Subject: %s\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\n%s\n\n--b\n"
        "Content-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; head@oak.example\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n";
    g_autofree char *refused =
        g_strdup_printf(FORM, "Rejected", "Your message was rejected:\nQuota exceeded");
    g_autofree char *unread =
        g_strdup_printf(FORM, "Not read", "It was deleted without being read.");
    g_autoptr(InboundReport) one = read("From: ann@oak.example\n", refused);
    g_assert_cmpint(one->kind, ==, INBOUND_SOFT);
    g_assert_cmpint(((InboundRecipient *)one->recipients->pdata[0])->reason, ==,
                    REASON_MAILBOXFULL);
    g_autoptr(InboundReport) two = read("From: ann@oak.example\n", unread);
    g_assert_cmpint(two->kind, ==, INBOUND_RECEIPT);
    g_autoptr(InboundReport) three =
        read("From: ann@oak.example\n", "Subject: Accepted: Dates\nContent-Type: text/calendar\n\n"
                                        "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n");
    g_assert_cmpint(three->kind, ==, INBOUND_CALENDAR);
}

/* What SES says in JSON, as SNS mails it: plain, or as a string within an envelope. */
static void test_ses(void)
{
    static const char PLAIN[] =
        "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\n"
        "\"bouncedRecipients\":[{\"emailAddress\":\"head@oak.example\",\"action\":\"failed\",\n"
        "\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 user {unknown} ]\"},\n"
        "{\"emailAddress\":\"office@oak.example\"}]},\"mail\":{\"source\":\n"
        "\"news+abc@council.example\",\"headers\":[{\"name\":\"X-Circular-Delivery\",\n"
        "\"value\":\"k7q2m4xw\"}]}}\n\n--\nIf you wish to stop receiving notifications\n";
    static const char WRAPPED[] = "{\"Type\":\"Notification\",\"Message\":\"{\\\"eventType\\\":"
                                  "\\\"Complaint\\\",\\\"mail\\\":{},"
                                  "\\\"complaint\\\":{\\\"complainedRecipients\\\":[{"
                                  "\\\"emailAddress\\\":\\\"head@oak.example\\\"}]}}\"}";
    g_autoptr(InboundReport) bounced = read("From: no-reply@sns.example\nSubject: AWS\n", "\n");
    g_assert_cmpint(bounced->kind, ==, INBOUND_NONE);
    g_autofree char *plain = g_strconcat("\n", PLAIN, NULL);
    g_autofree char *wrapped = g_strconcat("\n", WRAPPED, NULL);
    g_autoptr(InboundReport) hard = read("From: no-reply@sns.example\nSubject: AWS\n", plain);
    g_assert_cmpint(hard->kind, ==, INBOUND_HARD);
    g_assert_cmpuint(hard->recipients->len, ==, 2);
    g_assert_cmpstr(hard->original_delivery, ==, "k7q2m4xw");
    g_assert_cmpstr(hard->original_sender, ==, "news+abc@council.example");
    g_autoptr(InboundReport) complaint =
        read("From: no-reply@sns.example\nSubject: AWS\n", wrapped);
    g_assert_cmpint(complaint->kind, ==, INBOUND_COMPLAINT);
    /* Passed on without a word it is still the service's; with one it is about whatever they ask. */
    g_autoptr(InboundReport) forwarded = read("From: ann@oak.example\nSubject: Fwd: AWS\n", plain);
    g_assert_cmpint(forwarded->kind, ==, INBOUND_HARD);
    g_autofree char *asked = g_strconcat("\nWhat is this?\n\nFrom: AWS\n", PLAIN, NULL);
    g_autoptr(InboundReport) question = read("From: ann@oak.example\nSubject: Fwd: AWS\n", asked);
    g_assert_cmpint(question->kind, ==, INBOUND_NONE);
    g_autoptr(InboundReport) told =
        read("From: no-reply@sns.example\nAuto-Submitted: auto-generated\nSubject: AWS\n", asked);
    g_assert_cmpint(told->kind, ==, INBOUND_HARD);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/evidence/scope", test_scope);
    g_test_add_func("/evidence/order", test_order);
    g_test_add_func("/evidence/for-now", test_for_now);
    g_test_add_func("/evidence/statuses", test_statuses);
    g_test_add_func("/evidence/claims", test_claims);
    g_test_add_func("/evidence/quoted", test_quoted);
    g_test_add_func("/evidence/enclosed", test_enclosed);
    g_test_add_func("/evidence/receipts", test_receipts);
    g_test_add_func("/evidence/ses", test_ses);
    return g_test_run();
}
