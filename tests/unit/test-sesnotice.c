/* test-sesnotice - notifications of Amazon SES, as RFC 3464 would say them */
#include "evidence/sesnotice.h"

#include <string.h>

#define MAIL                                                                                       \
    "\"mail\":{\"source\":\"news+abc@council.example\",\"headers\":[{\"name\":\"Subject\","        \
    "\"value\":\"x\"},{\"name\":\"x-circular-delivery\",\"value\":\"token\"}]}"
#define HEAD "Return-Path: <news+abc@council.example>\nX-Circular-Delivery: token\n"

static void expect(const char *words, const char *fields, const char *head, gboolean complaint)
{
    g_autoptr(SesNotice) notice = sesnotice_read(words);
    if (!fields) {
        g_assert_null(notice);
        return;
    }
    g_assert_nonnull(notice);
    g_assert_cmpstr(notice->fields, ==, fields);
    g_assert_cmpstr(notice->letter_head, ==, head);
    g_assert_cmpint(notice->is_complaint, ==, complaint);
}

static void test_bounce(void)
{
    expect("{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":["
           "{\"emailAddress\":\"head@oak.example\",\"action\":\"failed\",\"status\":\"5.1.1\","
           "\"diagnosticCode\":\"smtp; 550 5.1.1 no\n such [user] }\"},"
           "{\"emailAddress\":\"office@oak.example\"},{},7]}," MAIL "}\n\n--\nIf you wish to stop",
           "Final-Recipient: rfc822; head@oak.example\nAction: failed\nStatus: 5.1.1\n"
           "Diagnostic-Code: smtp; 550 5.1.1 no  such [user] }\n\n"
           "Final-Recipient: rfc822; office@oak.example\nAction: failed\n\n",
           HEAD, FALSE);
}

static void test_others(void)
{
    expect("{\"eventType\":\"DeliveryDelay\",\"deliveryDelay\":{\"delayedRecipients\":["
           "{\"emailAddress\":\"head@oak.example\"}]}," MAIL "}",
           "Final-Recipient: rfc822; head@oak.example\nAction: delayed\n\n", HEAD, FALSE);
    expect("{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":["
           "{\"emailAddress\":\"head@oak.example\"}]}," MAIL "}",
           "Feedback-Type: abuse\nOriginal-Rcpt-To: head@oak.example\n", HEAD, TRUE);
}

/* SNS puts the notification into an envelope, as a string. */
static void test_wrapped(void)
{
    expect("{\"Type\":\"Notification\",\"Message\":\"{\\\"notificationType\\\":\\\"Bounce\\\","
           "\\\"bounce\\\":{\\\"bouncedRecipients\\\":[{\\\"emailAddress\\\":"
           "\\\"head@oak.example\\\",\\\"status\\\":\\\"5.1.1\\\"}]},\\\"mail\\\":{}}\"}",
           "Final-Recipient: rfc822; head@oak.example\nAction: failed\nStatus: 5.1.1\n\n", "",
           FALSE);
}

/* A value can't begin a field of its own. */
static void test_injection(void)
{
    expect("{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":["
           "{\"emailAddress\":\"head@oak.example\\nStatus: 5.1.1\"}]},\"mail\":{}}",
           "Final-Recipient: rfc822; head@oak.example Status: 5.1.1\nAction: failed\n\n", "",
           FALSE);
}

static void test_none(void)
{
    expect("Our bouncedRecipients are { many", NULL, NULL, FALSE);
    expect("{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[]}," MAIL "}", NULL,
           NULL, FALSE);
    expect("{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{]},{" MAIL "}",
           NULL, NULL, FALSE);
    expect("{\"notificationType\":\"Delivery\",\"x\":\"edRecipients\"," MAIL "}", NULL, NULL,
           FALSE);
}

static void test_limits(void)
{
    g_autoptr(GString) words = g_string_new("{\"notificationType\":\"Bounce\",\"mail\":{},"
                                            "\"bounce\":{\"bouncedRecipients\":[");
    for (int i = 0; i <= SESNOTICE_RECIPIENTS_MAX; i++)
        g_string_append_printf(words, "%s{\"emailAddress\":\"%d@oak.example\"}", i ? "," : "", i);
    g_string_append(words, "]}}");
    g_autoptr(SesNotice) notice = sesnotice_read(words->str);
    g_assert_nonnull(strstr(notice->fields, " 99@oak.example"));
    g_assert_null(strstr(notice->fields, " 100@oak.example"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sesnotice/bounce", test_bounce);
    g_test_add_func("/sesnotice/others", test_others);
    g_test_add_func("/sesnotice/wrapped", test_wrapped);
    g_test_add_func("/sesnotice/injection", test_injection);
    g_test_add_func("/sesnotice/none", test_none);
    g_test_add_func("/sesnotice/limits", test_limits);
    return g_test_run();
}
