/* test-reason - the tables' form, and how evidence is weighed */
#include "reason/reason.h"

#include <string.h>

#include "reason/pattern.h"

static const ReasonText *const TABLES[] = {MAILBOX_TEXTS, RECIPIENT_TEXTS, REFUSAL_TEXTS,
                                           CONTENT_TEXTS, TROUBLE_TEXTS};

static void check_pattern(const char *pattern)
{
    g_autofree char *folded = scan_fold(pattern, strlen(pattern));
    g_assert_cmpuint(strlen(pattern), >, 2);
    if (pattern[0] != ' ') /* a leading blank stands for the beginning of a word */
        g_assert_cmpstr(folded, ==, pattern);
    g_auto(GStrv) pieces = g_strsplit(pattern, "*", -1);
    for (char **piece = pieces; *piece; piece++) {
        g_assert_cmpuint(strlen(*piece), >, 0);
        g_assert_cmpuint(strlen(*piece), <=, PATTERN_PIECE_MAX);
    }
}

/* Texts are folded, of lawful length and given once. */
static void test_tables(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(TABLES); i++)
        for (const ReasonText *rule = TABLES[i]; rule->text; rule++) {
            check_pattern(rule->text);
            g_assert_cmpint(rule->reason, <, REASON_COUNT);
            if (!g_hash_table_add(seen, g_strdup_printf("%d %s", rule->reason, rule->text)))
                g_error("twice: %s", rule->text);
        }
    for (const ProviderText *rule = PROVIDER_TEXTS; rule->where; rule++) {
        g_assert_cmpint(rule->reason, !=, REASON_UNDEFINED);
        check_pattern(rule->text);
    }
}

static void test_names(void)
{
    for (int i = 0; i < REASON_COUNT; i++)
        g_assert_cmpint(reason_from_name(reason_name((Reason)i)), ==, i);
    g_assert_cmpint(reason_from_name("bogus"), ==, REASON_COUNT);
    g_assert_cmpstr(reason_status(REASON_USERUNKNOWN), ==, "5.1.1");
    g_assert_cmpstr(reason_status(REASON_ONHOLD), ==, "5.0.0");
    g_assert_true(reason_is_permanent(REASON_HASMOVED));
    g_assert_false(reason_is_permanent(REASON_FILTERED));
}

static void test_statuses(void)
{
    g_assert_cmpint(status_reason("5.1.1"), ==, REASON_USERUNKNOWN);
    g_assert_cmpint(status_reason("4.2.2"), ==, REASON_MAILBOXFULL);
    g_assert_cmpint(status_reason("5.7.606"), ==, REASON_BLOCKED);
    g_assert_cmpint(status_reason("5.7.99"), ==, REASON_SECURITYERROR);
    g_assert_cmpint(status_reason("5.6.77"), ==, REASON_CONTENTERROR);
    g_assert_cmpint(status_reason("5.0.0"), ==, REASON_UNDEFINED);
    g_assert_cmpint(status_reason("2.1.5"), ==, REASON_UNDEFINED);
    g_assert_cmpint(status_reason(""), ==, REASON_UNDEFINED);
}

static void test_weighing(void)
{
    static const struct {
        const char *text, *status;
        SmtpCommand command;
        Reason reason;
    } CASES[] = {
        {"550 user unknown", "5.1.1", SMTP_UNKNOWN, REASON_USERUNKNOWN},
        {"550 user unknown", "5.0.0", SMTP_RCPT, REASON_USERUNKNOWN},
        {"550 user unknown", "5.0.0", SMTP_DATA, REASON_FILTERED},
        {"550 user unknown", "", SMTP_UNKNOWN, REASON_FILTERED},
        {"550 user unknown", "", SMTP_MAIL, REASON_REJECTED},
        {"501 invalid domain name", "5.0.0", SMTP_HELLO, REASON_BLOCKED},
        {"553 council.example does not exist", "", SMTP_MAIL, REASON_REJECTED},
        {"host not found", "5.4.4", SMTP_UNKNOWN, REASON_HOSTUNKNOWN},
        {"host not found", "4.4.4", SMTP_UNKNOWN, REASON_NETWORKERROR},
        {"552 mailbox full, user unknown", "5.1.1", SMTP_RCPT, REASON_MAILBOXFULL},
        {"", "5.2.2", SMTP_UNKNOWN, REASON_MAILBOXFULL},
        {"550 5.7.1 rejected", "5.7.1", SMTP_MAIL, REASON_REJECTED},
        {"550 rejected", "", SMTP_CONNECT, REASON_BLOCKED},
        {"554 5.7.1 access denied", "5.7.1", SMTP_UNKNOWN, REASON_SECURITYERROR},
        {"message too large", "5.3.4", SMTP_DATA, REASON_MESGTOOBIG},
        {"connection timed out", "4.4.1", SMTP_UNKNOWN, REASON_EXPIRED},
        {"qwertz", "", SMTP_UNKNOWN, REASON_ONHOLD},
        {"", "", SMTP_UNKNOWN, REASON_ONHOLD},
        {"521 qwertz", "", SMTP_UNKNOWN, REASON_ONHOLD},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        ReasonEvidence e = {.text = CASES[i].text,
                            .remote = "",
                            .status = CASES[i].status,
                            .command = CASES[i].command};
        if (reason_find(&e) != CASES[i].reason)
            g_error("%s: %s", CASES[i].text, reason_name(reason_find(&e)));
    }
}

static void test_circumstances(void)
{
    ReasonEvidence e = {.text = "550 unknown user", .remote = "", .status = ""};
    e.own_words = TRUE;
    g_assert_cmpint(reason_find(&e), ==, REASON_USERUNKNOWN);
    e.own_words = FALSE;
    e.unix_program = TRUE;
    g_assert_cmpint(reason_find(&e), ==, REASON_MAILERERROR);
    e.text = "disk quota exceeded";
    g_assert_cmpint(reason_find(&e), ==, REASON_MAILBOXFULL);
    ReasonEvidence code = {.text = "521 qwertz", .remote = "", .status = "", .code = 521};
    g_assert_cmpint(reason_find(&code), ==, REASON_NOTACCEPT);
    g_assert_cmpint(reason_told(&code), ==, REASON_UNDEFINED);
    ReasonEvidence delayed = {.text = "", .remote = "", .status = "", .delayed = TRUE};
    g_assert_cmpint(reason_find(&delayed), ==, REASON_EXPIRED);
    ReasonEvidence provider = {
        .text = "550 5.1.1 rcp-p2 refused", .remote = "mx.facebook.example", .status = "5.1.1"};
    g_assert_cmpint(reason_find(&provider), ==, REASON_FILTERED);
}

static SmtpCommand command_named(const char *name)
{
    static const struct {
        const char *name;
        SmtpCommand command;
    } COMMANDS[] = {{"CONNECT", SMTP_CONNECT},
                    {"HELO", SMTP_HELLO},
                    {"MAIL", SMTP_MAIL},
                    {"RCPT", SMTP_RCPT},
                    {"DATA", SMTP_DATA}};
    for (gsize i = 0; i < G_N_ELEMENTS(COMMANDS); i++)
        if (g_str_equal(COMMANDS[i].name, name))
            return COMMANDS[i].command;
    return SMTP_UNKNOWN;
}

/* tests/bounces/reasons.txt: what servers say, a line each. */
static void test_sayings(void)
{
    g_autofree char *all = NULL;
    g_assert_true(g_file_get_contents("tests/bounces/reasons.txt", &all, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) words = g_strsplit(*line, "|", 3);
        if (**line == '#' || g_strv_length(words) < 3)
            continue;
        g_autofree char *text = scan_fold(words[2], strlen(words[2]));
        char status[STATUS_SIZE] = "";
        scan_unwrap(text);
        scan_status(text, FALSE, status);
        ReasonEvidence e = {.text = text,
                            .remote = "",
                            .status = status,
                            .code = scan_code(text),
                            .command = command_named(words[1])};
        if (!g_str_equal(reason_name(reason_find(&e)), words[0]))
            g_error("%s: %s", *line, reason_name(reason_find(&e)));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reason/tables", test_tables);
    g_test_add_func("/reason/names", test_names);
    g_test_add_func("/reason/statuses", test_statuses);
    g_test_add_func("/reason/weighing", test_weighing);
    g_test_add_func("/reason/circumstances", test_circumstances);
    g_test_add_func("/reason/sayings", test_sayings);
    return g_test_run();
}
