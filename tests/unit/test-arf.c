/* test-arf - complaints, and what only looks like one */
#include "bounce/arf.h"

#include <string.h>

#include "bounce/classify.h"

#define REPORT_HEAD                                                                                \
    "From: fbl@provider.example\nContent-Type: multipart/report; report-type=feedback-report; "    \
    "boundary=b\n\n--b\n\nwords\n"
#define LETTER                                                                                     \
    "--b\nContent-Type: message/rfc822\n\nTo: Ann <ann@oak.example>\nMessage-ID: "                 \
    "<1@council.example>\n\nx\n--b--\n"

static InboundReport *classify_text(const char *text)
{
    return classify(text, strlen(text));
}

static const char *address(const InboundReport *notice, guint index)
{
    return ((InboundRecipient *)notice->recipients->pdata[index])->address;
}

static void test_recipients(void)
{
    g_autoptr(InboundReport) notice = classify_text(
        REPORT_HEAD "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: Abuse\n"
                    "Original-Rcpt-To: <a@oak.example>\nOriginal-Rcpt-To: b@oak.example\n"
                    "Original-Rcpt-To: A@oak.example\n" LETTER);
    g_assert_cmpint(notice->kind, ==, INBOUND_COMPLAINT);
    g_assert_cmpstr(notice->feedback_type, ==, "abuse");
    g_assert_cmpuint(notice->recipients->len, ==, 2);
    g_assert_cmpstr(address(notice, 0), ==, "a@oak.example");
    g_assert_cmpstr(address(notice, 1), ==, "b@oak.example");
    g_assert_cmpstr(notice->original_message_id, ==, "<1@council.example>");
}

static void test_from_letter(void)
{
    g_autoptr(InboundReport) notice = classify_text(
        REPORT_HEAD
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: opt-out\n" LETTER);
    g_assert_cmpstr(address(notice, 0), ==, "ann@oak.example");
    g_assert_cmpstr(notice->feedback_type, ==, "opt-out");
}

static void test_nobody(void)
{
    g_autoptr(InboundReport) notice = classify_text(
        REPORT_HEAD "--b\nContent-Type: message/feedback-report\n\nVersion: 1\n--b--\n");
    g_assert_cmpint(notice->kind, ==, INBOUND_COMPLAINT);
    g_assert_cmpuint(notice->recipients->len, ==, 1);
    g_assert_cmpstr(address(notice, 0), ==, "");
    g_autoptr(InboundReport) broken = classify_text(
        "Content-Type: multipart/report; report-type=feedback-report\n\nFeedback-Type: abuse\n"
        "Original-Rcpt-To: a@oak.example\n");
    g_assert_cmpstr(address(broken, 0), ==, "a@oak.example");
}

static void test_not_one(void)
{
    g_autoptr(InboundReport) talk = classify_text(
        "From: a@oak.example\nSubject: Re: complaint about message from you\n\nNo.\n");
    g_assert_cmpint(talk->kind, ==, INBOUND_NONE);
    g_autoptr(InboundReport) forwarded = classify_text(
        "From: a@oak.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nlook\n"
        "--b\nContent-Type: message/rfc822\n\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: abuse\n--b--\n");
    g_assert_cmpint(forwarded->kind, ==, INBOUND_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/arf/recipients", test_recipients);
    g_test_add_func("/arf/from-letter", test_from_letter);
    g_test_add_func("/arf/nobody", test_nobody);
    g_test_add_func("/arf/not-one", test_not_one);
    return g_test_run();
}
