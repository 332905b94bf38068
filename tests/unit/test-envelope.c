/* test-envelope - what may not become an SMTP command, and what parameters go with what does */
#include <string.h>

#include "delivery/envelope.h"
#include "delivery/session.h"

static const char message[] = "Subject: x\r\n\r\ntext\r\n";

static const struct iovec whole = {(char *)message, sizeof message - 1};

static Envelope envelope(void)
{
    return (Envelope){.number = 7,
                      .pieces = &whole,
                      .n_pieces = 1,
                      .length = sizeof message - 1,
                      .sender = "",
                      .recipient = "b@example.org"};
}

static void test_unfit(void)
{
    g_autofree char *longest = g_strnfill(ENVELOPE_ADDRESS_MAX, 'a');
    g_autofree char *longer = g_strnfill(ENVELOPE_ADDRESS_MAX + 1, 'a');
    Extensions plain = {.pipelining = TRUE, .size = TRUE, .size_max = sizeof message - 1};
    Extensions small = {.size = TRUE, .size_max = sizeof message - 2};
    Extensions utf8 = {.smtputf8 = TRUE, .eight_bit_mime = TRUE};
    const struct {
        const char *sender, *recipient;
        const Extensions *offered;
        const char *enhanced; /* NULL: goes out */
    } table[] = {
        {"a@example.org", "b@example.org", &plain, NULL},
        {"", "b@example.org", &plain, NULL},
        {"a@example.org", longest, &plain, NULL},
        {"a@example.org", longer, &plain, "5.1.3"},
        {"a@example.org", "", &plain, "5.1.3"},
        {"a@example.org", "b@example.org>\r\nRCPT TO:<c@example.org", &plain, "5.1.3"},
        {"a@example.org", "b@example.org\r\nDATA", &plain, "5.1.3"},
        {"a@example.org", "b@example.org\n", &plain, "5.1.3"},
        {"a@example.org", "b@example.org\r", &plain, "5.1.3"},
        {"a@example.org", "b@example.org NOTIFY=NEVER", &plain, "5.1.3"},
        {"a@example.org", "b@example.org>", &plain, "5.1.3"},
        {"a@example.org", "<b@example.org", &plain, "5.1.3"},
        {"a@example.org", "b\x7f@example.org", &plain, "5.1.3"},
        {"a@example.org", "b\xff@example.org", &utf8, "5.1.3"},
        {"a@example.org> SIZE=1", "b@example.org", &plain, "5.1.7"},
        {"a@example.org\r\nQUIT", "b@example.org", &plain, "5.1.7"},
        {"a@example.org", "b@example.org", &small, "5.3.4"},
        {"a@example.org", "j\xc3\xb3zef@example.org", &plain, "5.6.7"},
        {"j\xc3\xb3zef@example.org", "b@example.org", &plain, "5.6.7"},
        {"a@example.org", "j\xc3\xb3zef@example.org", &utf8, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Session) self = session_new(table[i].offered);
        Envelope one = envelope();
        Outcome outcome;
        gsize length;
        one.sender = table[i].sender;
        one.recipient = table[i].recipient;
        session_begin(self, &one);
        const char *bytes = session_output(self, &length);
        if (!table[i].enhanced) {
            g_assert_cmpuint(length, >, 0);
            g_assert_cmpint(session_take(self, &outcome), ==, SESSION_NOTHING);
            if (table[i].offered == &utf8)
                g_assert_cmpstr(bytes, ==, "MAIL FROM:<a@example.org> BODY=8BITMIME SMTPUTF8\r\n");
            continue;
        }
        g_assert_cmpuint(length, ==, 0);
        g_assert_cmpint(session_take(self, &outcome), ==, SESSION_OUTCOME);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_REFUSED);
        g_assert_cmpstr(outcome.enhanced, ==, table[i].enhanced);
        g_assert_cmpint(outcome.code, ==, 0);
        g_assert_true(session_is_ready(self)); /* and it goes on with the next */
    }
    g_autoptr(Session) self = session_new(&plain);
    Envelope empty = envelope();
    Outcome outcome;
    empty.length = 0;
    session_begin(self, &empty);
    g_assert_cmpint(session_take(self, &outcome), ==, SESSION_OUTCOME);
    g_assert_cmpint(outcome.kind, ==, OUTCOME_REFUSED);
}

/* A report is asked for only where it is wanted and the server offers it (RFC 3461). */
static void test_report(void)
{
    Extensions offered = {.dsn = TRUE, .size = TRUE}, plain = {.size = TRUE};
    const struct {
        const char *report, *recipient;
        const Extensions *offered;
        const char *mail, *rcpt;
    } table[] = {
        {NULL, "b@example.org", &offered, "", ""},
        {"m-1/5/abc", "b@example.org", &plain, "", ""},
        {"m-1/5/abc", "b+c=d@example.org", &offered, " RET=HDRS ENVID=m-1/5/abc",
         " NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;b+2Bc+3Dd@example.org"},
        {"a b+=\r\n\xc3", "j\xc3\xb3zef@example.org", &offered,
         " RET=HDRS ENVID=a+20b+2B+3D+0D+0A+C3", " NOTIFY=SUCCESS,FAILURE,DELAY"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Envelope one = envelope();
        g_autoptr(GString) mail = g_string_new(NULL), rcpt = g_string_new(NULL);
        one.recipient = table[i].recipient;
        one.report = table[i].report;
        envelope_mail(&one, table[i].offered, mail);
        envelope_rcpt(&one, table[i].offered, rcpt);
        if (!g_str_has_suffix(mail->str, table[i].mail) ||
            (strstr(mail->str, "ENVID") != NULL) != (*table[i].mail != '\0'))
            g_error("%s", mail->str);
        g_autofree char *expected =
            g_strdup_printf("RCPT TO:<%s>%s", table[i].recipient, table[i].rcpt);
        g_assert_cmpstr(rcpt->str, ==, expected);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envelope/unfit", test_unfit);
    g_test_add_func("/envelope/report", test_report);
    return g_test_run();
}
