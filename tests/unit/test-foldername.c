/* test-foldername - folder names in modified UTF-7 */
#include "imap/foldername.h"
#include "imap/inbox.h"

static void test_encode(void)
{
    static const struct {
        const char *name;
        char separator;
        const char *encoded;
    } cases[] = {
        {"INBOX", '/', "INBOX"},
        {"a/b", '.', "a.b"},
        {"a/b", '/', "a/b"},
        {"a/b", '\0', "a/b"},
        {"A&B", '/', "A&-B"},
        {"&", '/', "&-"},
        /* RFC 3501 section 5.1.3 */
        {"~peter/mail/台北/日本語", '/', "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
        {"Entwürfe", '/', "Entw&APw-rfe"},
        {"é/é", '.', "&AOk-.&AOk-"},
        {"😀", '/', "&2D3eAA-"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *encoded = foldername_encode(cases[i].name, cases[i].separator);
        g_assert_cmpstr(encoded, ==, cases[i].encoded);
    }
}

static void test_decode(void)
{
    static const struct {
        const char *encoded;
        char separator;
        const char *name;
    } cases[] = {
        {"Sent", '/', "Sent"},
        {"INBOX.Sent", '.', "INBOX/Sent"},
        {"&AMk-l&AOk-ments envoy&AOk-s", '/', "Éléments envoyés"},
        {"~peter/mail/&U,BTFw-/&ZeVnLIqe-", '/', "~peter/mail/台北/日本語"},
        {"&2D3eAA-", '\0', "😀"},
        {"A&-B", '/', "A&B"},
        /* What is no such name stays as it is: half a surrogate, no end, odd bytes. */
        {"&2D0-", '/', "&2D0-"},
        {"a&b", '/', "a&b"},
        {"&A-", '/', "&A-"},
        {"&", '/', "&"},
        {"", '/', ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = foldername_decode(cases[i].encoded, cases[i].separator);
        g_assert_cmpstr(name, ==, cases[i].name);
    }
}

static void test_quote(void)
{
    g_autofree char *quoted = foldername_quote("a \"b\" \\c");
    g_assert_cmpstr(quoted, ==, "\"a \\\"b\\\" \\\\c\"");
    g_autofree char *empty = foldername_quote("");
    g_assert_cmpstr(empty, ==, "\"\"");
}

static void test_valid(void)
{
    static const char *const good[] = {"INBOX", "a b", "INBOX.Done", "é", "a/b/c", "\"", "\\"};
    static const char *const bad[] = {"",     "/",    "/a",        "a/",          "a//b",  "a%",
                                      "*",    "a\nb", "a\r",       "\001",        "a\177", "\303",
                                      "\xff", "a\tb", "\302\205x", "\355\240\200"};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(foldername_is_valid(good[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(foldername_is_valid(bad[i]));
    for (int more = -1; more <= 1; more++) {
        g_autofree char *name = g_strnfill((gsize)(INBOX_NAME_MAX + more), 'n');
        g_assert_cmpint(foldername_is_valid(name), ==, more <= 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/foldername/encode", test_encode);
    g_test_add_func("/foldername/decode", test_decode);
    g_test_add_func("/foldername/quote", test_quote);
    g_test_add_func("/foldername/valid", test_valid);
    return g_test_run();
}
