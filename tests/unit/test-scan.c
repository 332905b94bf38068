/* test-scan - addresses, codes and commands in running text */
#include "reason/scan.h"

#include <string.h>

#include "reason/pattern.h"

static void test_fold(void)
{
    static const struct {
        const char *text, *folded;
    } CASES[] = {
        {"", ""},
        {"  A\t\n B  ", "a b"},
        {"Can’t", "can't"},
        {"a\xc2\xa0 b", "a b"},
        {"ÄB ЯЩ Ωİ", "äb ящ ωi"},
        {"メール　箱", "メール 箱"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *folded = scan_fold(CASES[i].text, strlen(CASES[i].text));
        g_assert_cmpstr(folded, ==, CASES[i].folded);
    }
}

static void test_fold_limit(void)
{
    for (gsize length = FOLD_MAX - 1; length <= FOLD_MAX + 1; length++) {
        g_autofree char *text = g_strnfill(length, 'x');
        g_autofree char *folded = scan_fold(text, length);
        g_assert_cmpuint(strlen(folded), ==, MIN(length, FOLD_MAX));
    }
    for (gsize before = FOLD_MAX - 4; before <= FOLD_MAX;
         before++) { /* a character over the border */
        g_autofree char *x = g_strnfill(before, 'x');
        g_autofree char *text = g_strconcat(x, "漢字", NULL);
        g_autofree char *folded = scan_fold(text, strlen(text));
        g_assert_true(g_utf8_validate(folded, -1, NULL));
        g_assert_cmpuint(strlen(folded), <=, FOLD_MAX);
    }
}

static void test_addresses(void)
{
    static const struct {
        const char *text, *address;
    } CASES[] = {
        {"<ann@oak.example>:", "ann@oak.example"},
        {"to 'ann@oak.example'.", "ann@oak.example"},
        {"rfc822; ann+tag@oak.example>", "ann+tag@oak.example"},
        {"\"ann smith\"@oak.example x", "\"ann smith\"@oak.example"},
        {"ann@[192.0.2.1] x", "ann@[192.0.2.1]"},
        {"o=x;dda:SMTP=ann@OAK.example; on", "ann@OAK.example"},
        {"宛先：ann@oak.example、", "ann@oak.example"},
        {"björn@skola.example", "björn@skola.example"},
        {"ann%elm@oak.example", "ann%elm@oak.example"},
        {"@ a@ @b x@y", "x@y"},
        {"mailto:ann@oak.example?x", "ann@oak.example"},
        {"nothing", NULL},
        {"@", NULL},
        {"a@-", NULL},
        {"\"@x", "\"@x"},
    };
    for (gsize i = 0; i + 1 < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *address = scan_address_dup(CASES[i].text);
        g_assert_cmpstr(address, ==, CASES[i].address);
    }
    g_assert_null(scan_address_dup(NULL));
    for (gsize length = 255; length <= 257; length++) { /* a part of 256 bytes is the longest */
        g_autofree char *part = g_strnfill(length, 'x');
        g_autofree char *text = g_strdup_printf("%s@%s", part, part);
        g_autofree char *address = scan_address_dup(text);
        g_assert_cmpuint(strlen(address), ==, 2 * MIN(length, 256) + 1);
    }
}

static void test_statuses(void)
{
    static const struct {
        const char *text, *status;
    } CASES[] = {
        {"550 5.1.1 unknown", "5.1.1"},
        {"550-5.7.26 x", "5.7.26"},
        {"full (#5.2.2)", "5.2.2"},
        {"5.1.1 <a@b>", "5.1.1"},
        {"mx 192.5.1.1 said", NULL},
        {"Exim 4.80.1.2", NULL},
        {"version 5.0.3 said 550 5.1.1 no", "5.1.1"},
        {"4.0.994.63", NULL},
        {"5.1.1234", NULL},
        {"2.1.5 ok", NULL},
        {"x5.1.1", NULL},
        {"5.7.1a", NULL},
        {"ERROR_CODE :5.1.1 x", "5.1.1"},
        {"", NULL},
        {"5.0.0 then 550 5.2.2 x", "5.0.0"},
        {"a 5.0.0 then 550 5.2.2 x", "5.2.2"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char status[STATUS_SIZE] = "";
        gboolean found = scan_status(CASES[i].text, FALSE, status);
        g_assert_cmpint(found, ==, CASES[i].status != NULL);
        g_assert_cmpstr(status, ==, CASES[i].status ? CASES[i].status : "");
    }
    char status[STATUS_SIZE];
    g_assert_true(scan_status("2.1.5 ok", TRUE, status));
    g_assert_true(scan_status("5.999.999", FALSE, status));
}

static void test_codes(void)
{
    static const struct {
        const char *text;
        guint code;
    } CASES[] = {
        {"550 no", 550},
        {"said: 450-4.2.2 x", 450},
        {"ERROR_CODE :550, x", 550},
        {"192.0.2.550 x", 0},
        {"5501", 0},
        {"250 ok", 0},
        {"(550)", 550},
        {"580 x", 0},
        {"at 12:450 x", 450},
        {"x 421", 421},
        {"", 0},
        {"4", 0},
        {"45", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_assert_cmpuint(scan_code(CASES[i].text), ==, CASES[i].code);
}

static void test_unwrap(void)
{
    static const struct {
        const char *text, *joined;
    } CASES[] = {
        {"550-5.7.1 a mail 550 5.7.1 box 550-5.7.1 is", "550-5.7.1 a mail box is"},
        {"550-one 550-two 550 three", "550-one two 550 three"},
        {"550 5.1.1 one 550 5.1.1 two", "550 5.1.1 one 550 5.1.1 two"},
        {"", ""},
        {"550-", "550-"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = g_strdup(CASES[i].text);
        scan_unwrap(text);
        g_assert_cmpstr(text, ==, CASES[i].joined);
    }
}

static void test_commands(void)
{
    g_assert_cmpint(scan_command("said: 550 no (in reply to rcpt to command)"), ==, SMTP_RCPT);
    g_assert_cmpint(scan_command("(in reply to end of data command)"), ==, SMTP_DATA);
    g_assert_cmpint(scan_command("error after mail from:<a@b> size=1:"), ==, SMTP_MAIL);
    g_assert_cmpint(scan_command(">>> mail from:<a> <<< 250 ok >>> data <<< 550 no"), ==,
                    SMTP_DATA);
    g_assert_cmpint(scan_command("after initial connection: 554"), ==, SMTP_CONNECT);
    g_assert_cmpint(scan_command("no such user"), ==, SMTP_UNKNOWN);
    g_assert_cmpint(scan_command(""), ==, SMTP_UNKNOWN);
}

static void test_patterns(void)
{
    static const char *const ANY[] = {"absent", "mailbox*full", NULL};
    Subject subject;
    subject_init(&subject, "the mailbox of ann is full");
    g_assert_true(subject_has(&subject, "mailbox"));
    g_assert_true(subject_has(&subject, "mailbox*full"));
    g_assert_true(subject_has(&subject, "the*ann*is"));
    g_assert_false(subject_has(&subject, "full*mailbox"));
    g_assert_false(subject_has(&subject, "mailbox full"));
    g_assert_true(subject_has(&subject, ""));
    g_assert_true(subject_has_any(&subject, ANY));
    g_assert_false(folded_has("", ANY));
    for (guint gap = PATTERN_GAP_MAX - 1; gap <= PATTERN_GAP_MAX + 1; gap++) {
        g_autofree char *between = g_strnfill(gap, '.');
        g_autofree char *text = g_strdup_printf("one one%stwo", between);
        subject_init(&subject, text);
        g_assert_true(subject_has(&subject, "one*two"));
        g_assert_cmpint(subject_has_near(&subject, "one*two"), ==, gap <= PATTERN_GAP_MAX);
        g_assert_cmpint(subject_has_near(&subject, "one*.*two"), ==, TRUE);
        g_assert_true(subject_has_near(&subject, "two"));
    }
    g_assert_true(text_matches("aab", "a*b"));
    g_assert_false(text_matches("a", "a*a"));
}

/* The index finds what looking for each pattern finds. */
static void test_index(void)
{
    static const Pattern PATTERNS[] = {{"mailbox*full", 0}, {"user unknown", 1},
                                       {"unknown user", 2}, {"ab", 3},
                                       {"*full", 4},        {"mailbox*full", 5}};
    static const char *const TEXTS[] = {"the mailbox is full", "user unknown", "ab", "",
                                        "unknown user; mailbox full"};
    static const PatternIndex *index; /* lives as long as the process */
    index = pattern_index_new(PATTERNS, G_N_ELEMENTS(PATTERNS));
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        gboolean found[G_N_ELEMENTS(PATTERNS)] = {FALSE};
        Subject subject;
        subject_init(&subject, TEXTS[i]);
        pattern_index_find(index, &subject, found);
        for (gsize p = 0; p < G_N_ELEMENTS(PATTERNS); p++)
            g_assert_cmpint(found[p], ==, subject_has_near(&subject, PATTERNS[p].text));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scan/fold", test_fold);
    g_test_add_func("/scan/fold-limit", test_fold_limit);
    g_test_add_func("/scan/addresses", test_addresses);
    g_test_add_func("/scan/statuses", test_statuses);
    g_test_add_func("/scan/codes", test_codes);
    g_test_add_func("/scan/unwrap", test_unwrap);
    g_test_add_func("/scan/commands", test_commands);
    g_test_add_func("/scan/patterns", test_patterns);
    g_test_add_func("/scan/index", test_index);
    return g_test_run();
}
