/* test-dsn - delivery status fields, in order and torn apart */
#include "bounce/dsn.h"

#include <string.h>

#include "evidence/fields.h"

static void test_plain(void)
{
    g_autoptr(GPtrArray) found = dsn_read(
        "Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; <ann@oak.example>\n"
        "Original-Recipient: rfc822;a@elm.example\nAction: Failed (bounced)\nStatus: 5.2.2 (Over "
        "quota)\n"
        "Remote-MTA: dns; mx.oak.example\nDiagnostic-Code: smtp; 552 5.2.2\n over quota\n\n"
        "Final-Recipient: rfc822; bob@oak.example\nAction: delayed\nStatus: 4.4.7\n");
    g_assert_cmpuint(found->len, ==, 2);
    const DsnRecipient *ann = found->pdata[0], *bob = found->pdata[1];
    g_assert_cmpstr(ann->address, ==, "ann@oak.example");
    g_assert_cmpstr(ann->original, ==, "a@elm.example");
    g_assert_cmpint(ann->action, ==, ACTION_FAILED);
    g_assert_cmpstr(ann->status, ==, "5.2.2");
    g_assert_cmpstr(ann->status_comment, ==, "(Over quota)");
    g_assert_cmpstr(ann->diagnostic, ==, "552 5.2.2 over quota");
    g_assert_cmpstr(ann->diagnostic_type, ==, "smtp");
    g_assert_nonnull(strstr(ann->remote, "mx.oak.example"));
    g_assert_nonnull(strstr(ann->remote, "relay.example"));
    g_assert_cmpint(bob->action, ==, ACTION_DELAYED);
    g_assert_cmpstr(bob->diagnostic, ==, "");
}

static void check_one(const char *text, const char *address, const char *status)
{
    g_autoptr(GPtrArray) found = dsn_read(text);
    g_assert_cmpuint(found->len, ==, 1);
    const DsnRecipient *one = found->pdata[0];
    g_assert_cmpstr(one->address, ==, address);
    g_assert_cmpstr(one->status, ==, status);
}

static void test_torn(void)
{
    check_one("Action: failed\n\nFinal-Recipient: rfc822;a@b.example\n\nStatus: 5.1.1\n",
              "a@b.example", "5.1.1");
    check_one("Status:\n\nFinal-Recipient:rfc822;a@b.example\nAction:failed\nStatus:5.2.0\n",
              "a@b.example", "5.2.0");
    check_one("Final-Recipient: LOCAL;<f.b>\nOriginal-Recipient: rfc822;<f.b@b.example>\nAction: "
              "failed\nStatus: 5.0.0\n",
              "f.b@b.example", "5.0.0");
    check_one("Final-Recipient: x-unix; |/bin/x\nX-Actual-Recipient: rfc822; a@b.example\nStatus: "
              "5.3.0\nAction: failed",
              "a@b.example", "5.3.0");
    check_one("Final-Recipient: rfc822;/var/mail/x\nAction: failed\nStatus: 5.0.0\n", NULL,
              "5.0.0");
}

static void test_joined(void)
{
    g_autoptr(GPtrArray) found =
        dsn_read("Final-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1\n"
                 "Final-Recipient: rfc822;c@b.example\nAction: failed\nStatus: 5.2.2\n");
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpstr(((DsnRecipient *)found->pdata[1])->status, ==, "5.2.2");
}

/* RFC 6533: what ASCII can't hold is escaped, for a recipient of type utf-8 alone. */
static void test_utf8(void)
{
    static const struct {
        const char *value, *address;
    } CASES[] = {
        {"utf-8; \\x{5C0F}@oak.example", "小@oak.example"},
        {"UTF-8 ; ann\\x{E9}e@oak.example", "année@oak.example"},
        {"utf-8; 小@oak.example", "小@oak.example"},
        {"utf-8; \\x{110000}a@oak.example", "x{110000}a@oak.example"}, /* no character */
        {"utf-8; \\x{0A}\\x{0}b@oak.example", "x{0}b@oak.example"},
        {"rfc822; a\\x{5C0F}@oak.example", "x{5C0F}@oak.example"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text =
            g_strdup_printf("Final-Recipient: %s\nAction: failed\n", CASES[i].value);
        g_autoptr(GPtrArray) found = dsn_read(text);
        g_assert_cmpuint(found->len, ==, 1);
        g_assert_cmpstr(((DsnRecipient *)found->pdata[0])->address, ==, CASES[i].address);
    }
}

static void test_nothing(void)
{
    static const char *const TEXTS[] = {"", "\n\n", "Reporting-MTA: dns; x\n",
                                        "Action: failed\nStatus: 5.0.0\n", "words only"};
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(GPtrArray) found = dsn_read(TEXTS[i]);
        g_assert_cmpuint(found->len, ==, 0);
    }
}

static void test_recipient_limit(void)
{
    for (guint count = INBOUND_RECIPIENTS_MAX - 1; count <= INBOUND_RECIPIENTS_MAX + 1; count++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint i = 0; i < count; i++)
            g_string_append_printf(
                text, "Final-Recipient: rfc822;a%u@b.example\nAction: failed\nStatus: 5.1.1\n\n",
                i);
        g_autoptr(GPtrArray) found = dsn_read(text->str);
        g_assert_cmpuint(found->len, ==, MIN(count, INBOUND_RECIPIENTS_MAX));
    }
}

static void test_field_limits(void)
{
    for (guint count = FIELDS_MAX - 1; count <= FIELDS_MAX + 1; count++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint i = 0; i < count; i++)
            g_string_append(text, "A: b\n");
        g_autoptr(GPtrArray) fields = fields_read(text->str);
        g_assert_cmpuint(fields->len, ==, MIN(count, FIELDS_MAX));
    }
    for (gsize length = FIELD_VALUE_MAX - 1; length <= FIELD_VALUE_MAX + 1; length++) {
        g_autofree char *value = g_strnfill(length, 'v');
        g_autofree char *text = g_strconcat("A: ", value, NULL);
        g_autoptr(GPtrArray) fields = fields_read(text);
        gsize leading = 1; /* the blank behind the colon counts */
        g_assert_cmpuint(strlen(((Field *)fields->pdata[0])->value), ==,
                         MIN(length, FIELD_VALUE_MAX - leading));
    }
    g_assert_true(field_has_type("RFC822 ; a", "rfc822"));
    g_assert_false(field_has_type("rfc8222;a", "rfc822"));
    g_assert_cmpstr(field_typed("rfc822; a"), ==, "a");
    g_assert_cmpstr(field_typed("a"), ==, "a");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dsn/plain", test_plain);
    g_test_add_func("/dsn/torn", test_torn);
    g_test_add_func("/dsn/joined", test_joined);
    g_test_add_func("/dsn/utf8", test_utf8);
    g_test_add_func("/dsn/nothing", test_nothing);
    g_test_add_func("/dsn/recipient-limit", test_recipient_limit);
    g_test_add_func("/dsn/field-limits", test_field_limits);
    return g_test_run();
}
