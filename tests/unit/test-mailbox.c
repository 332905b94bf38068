/* test-mailbox - an address with a name before it */
#include <string.h>

#include "base/error.h"
#include "mail/address.h"
#include "mail/header.h"

static void test_good(void)
{
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"ann@example.org", ""},
        {"<ann@example.org>", ""},
        {" < ann@example.org > ", ""},
        {"\"\" <ann@example.org>", ""},
        {"Ann Smith <ann@example.org>", "Ann Smith"},
        {"  Ann \t Smith<ann@example.org>", "Ann Smith"},
        {"Dr. Ann O'Neill-Smith <ann@example.org>", "Dr. Ann O'Neill-Smith"},
        {"\"Smith, Ann\" <ann@example.org>", "Smith, Ann"},
        {"\"Ann \\\"Annie\\\" \\\\ Smith\" <ann@example.org>", "Ann \"Annie\" \\ Smith"},
        {"\"<bob@example.org>\" <ann@example.org>", "<bob@example.org>"},
        {"\"Ann (Head)\" <ann@example.org>", "Ann (Head)"},
        {"Siân Ŵyn <ann@example.org>", "Siân Ŵyn"},
        {"Cyngor & “Ysgol” <ann@example.org>", "Cyngor & “Ysgol”"},
        {"Ann \"The Head\" Smith <ann@example.org>", "Ann The Head Smith"},
        {"=?utf-8?Q?x?= <ann@example.org>", "=?utf-8?Q?x?="},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Address) address = address_parse_mailbox(cases[i].text, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(address->name, ==, cases[i].name);
        g_assert_cmpstr(address->spec, ==, "ann@example.org");
    }
}

static void test_bad(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "empty"},
        {"Ann", "no @"},
        {"Ann <>", "empty"},
        {"Ann <ann>", "no @"},
        {"Ann ann@example.org>", "without a '<'"},
        {"Ann <ann@example.org", "angle"},
        {"Ann <ann@example.org> x", "angle"},
        {"Smith, Ann <ann@example.org>", "quotes, as in"},
        {"Ann (Head) <ann@example.org>", "comments"},
        {"Ann: Bob <ann@example.org>", "quotes"},
        {"a@b.example <ann@example.org>", "quotes"},
        {"<a@b.example> <ann@example.org>", "quotes"},
        {"\"Ann <ann@example.org>", "isn't closed"},
        {"Ann\" <ann@example.org>", "isn't closed"},
        {"\"Ann\\\" <ann@example.org>", "isn't closed"},
        {"Ann\r\nBcc: x@y.example\r\nX: <ann@example.org>", "quotes"},
        {"\"Ann\r\nBcc x\" <ann@example.org>", "control character"},
        {"\"Ann\xe2\x80\xa8x\" <ann@example.org>", "control character"},
        {"Ann\x01 <ann@example.org>", "control character"},
        {"\xff <ann@example.org>", "UTF-8"},
        {"Ann <ann@example,org>", "did you mean 'ann@example.org'"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Address) address = address_parse_mailbox(cases[i].text, &error);
        g_assert_null(address);
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
        if (!strstr(error->message, cases[i].words))
            g_error("'%s' is refused with: %s", cases[i].text, error->message);
    }
}

static void test_name_limit(void)
{
    for (int excess = -1; excess <= 1; excess++) {
        g_autofree char *name = g_strnfill((gsize)(ADDRESS_NAME_MAX + excess), 'n');
        g_autofree char *text = g_strdup_printf("%s <ann@example.org>", name);
        g_autoptr(GError) error = NULL;
        g_autoptr(Address) address = address_parse_mailbox(text, &error);
        if (excess > 0)
            g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
        else
            g_assert_cmpstr(address->name, ==, name);
    }
}

/* What header_append_mailbox quotes, address_parse_mailbox reads. */
static void test_round_trip(void)
{
    static const char *const names[] = {"Ann", "Smith, Ann", "A \"B\" C", "back\\slash", "a@b",
                                        "(x)", "x <y>",      "Dr. X",     "\"",          "\\"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GString) header = g_string_new(NULL);
        header_append_mailbox(header, "To", names[i], "ann@example.org");
        g_autoptr(Address) address = address_parse_mailbox(header->str + strlen("To:"), NULL);
        g_assert_nonnull(address);
        g_assert_cmpstr(address->name, ==, names[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mailbox/good", test_good);
    g_test_add_func("/mailbox/bad", test_bad);
    g_test_add_func("/mailbox/name-limit", test_name_limit);
    g_test_add_func("/mailbox/round-trip", test_round_trip);
    return g_test_run();
}
