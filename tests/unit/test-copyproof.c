/* test-copyproof - which headers of a filed copy prove that a delivery was sent */
#include <string.h>

#include "inbound/copyproof.h"

static TokenKey *key_of(guint8 first)
{
    guint8 bytes[TOKEN_KEY] = {first, 2, 3};
    return token_key_new(bytes);
}

/* What the fields say of delivery 5 of mailing 3, "m-1/5", to ann@school.example: "copy", "other" for
 * another address, "named" where they name or sign it without proof, or "". */
static const char *judged(const char *format, const char *token)
{
    g_auto(CopyClaim) claim = {0};
    g_autoptr(TokenKey) key = key_of(1);
    g_auto(GStrv) parts = g_strsplit(format, "$", -1);
    g_autofree char *fields = g_strjoinv(token, parts);
    copyproof_read(key, fields, &claim);
    if (copyproof_is_of(&claim, "m-1/5", 3, 5))
        return copyproof_went_to(&claim, "ann@school.example") ? "copy" : "other";
    gboolean is_named = g_strcmp0(claim.name, "m-1/5") == 0;
    return is_named || (claim.mailing == 3 && claim.number == 5) ? "named" : "";
}

#define TO "To: \"=?utf-8?Q?Ann?=\" <Ann@School.Example>\r\n"

static void test_what_proves(void)
{
    char good[TOKEN_MAX + 1], other[TOKEN_MAX + 1], foreign[TOKEN_MAX + 1], answer[TOKEN_MAX + 1];
    g_autoptr(TokenKey) key = key_of(1), stranger = key_of(9);
    token_make(key, TOKEN_BOUNCE, 3, 5, good);
    token_make(key, TOKEN_BOUNCE, 3, 6, other);
    token_make(stranger, TOKEN_BOUNCE, 3, 5, foreign);
    token_make(key, TOKEN_ANSWER, 3, 5, answer);
    const struct {
        const char *fields, *token, *expected;
    } cases[] = {
        {"X-Circular-Delivery: m-1/5 $\r\n" TO "\r\n", good, "copy"},
        {"x-circular-delivery:\r\n m-1/5\r\n\t$\r\n" TO, good, "copy"},
        {TO "Message-ID: <a@b>\nX-Circular-Delivery: m-1/5 $\n", good, "copy"},
        {"X-Circular-Delivery: m-1/5 $\r\nTo: ann@mail.school.example\r\n", good, "copy"},
        {"X-Circular-Delivery: m-1/5 $\r\nTo: bob@school.example\r\n", good, "other"},
        {"X-Circular-Delivery: m-1/5 $\r\nTo: ann@school.example, bob@school.example\r\n", good,
         "other"},
        {"X-Circular-Delivery: m-1/5 $\r\nTo: undisclosed-recipients:;\r\n", good, "other"},
        {"X-Circular-Delivery: m-1/5 $\r\n", good, "other"},
        /* Forged, cut, of another letter, for another purpose. */
        {"X-Circular-Delivery: m-1/5\r\n" TO, good, "named"},
        {"X-Circular-Delivery: m-1/5 $\r\n" TO, other, "named"},
        {"X-Circular-Delivery: m-1/5 $\r\n" TO, foreign, "named"},
        {"X-Circular-Delivery: m-1/5 $\r\n" TO, answer, "named"},
        {"X-Circular-Delivery: m-1/5 $a\r\n" TO, good, "named"},
        {"X-Circular-Delivery: m-1/5 $ $\r\n" TO, good, "named"},
        {"X-Circular-Delivery: m-1/5 x $\r\n" TO, good, "named"},
        {"X-Circular-Delivery: m-2/5 $\r\n" TO, good, "named"},
        {"X-Circular-Delivery: m-1/50 $\r\n" TO, good, "named"},
        {"X-Circular-Delivery: $ m-1/5\r\n" TO, good, "named"},
        {"X-Circular-Delivery: m-1/5 $\r\nX-Circular-Delivery: m-1/6 x\r\n" TO, good, "named"},
        {"X-Circular-Delivery: m-1/6 $\r\n" TO, other, ""},
        {"Subject: X-Circular-Delivery: m-1/5 $\r\n" TO, good, ""},
        {"X-Circular-Delivery:\r\n" TO, good, ""},
        {TO, good, ""},
        {"", good, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *found = judged(cases[i].fields, cases[i].token);
        if (!g_str_equal(found, cases[i].expected))
            g_error("%s: '%s', not '%s'", cases[i].fields, found, cases[i].expected);
    }
}

static void test_message_id(void)
{
    static const struct {
        const char *header, *id;
    } cases[] = {
        {"Message-ID: <A1@prod.example>", "<A1@prod.example>"},
        {"message-id:\r\n <A1@prod.example>", "<A1@prod.example>"},
        {"Message-ID: A1@prod.example", NULL},
        {"Message-ID: <A1>", NULL},
        {"Message-ID: <A1@x> <B2@x>", NULL},
        {"Message-ID: <A 1@x>", NULL},
        {"Message-ID: <\303\2441@x>", NULL},
        {"Subject: x", NULL},
    };
    g_autoptr(TokenKey) key = key_of(1);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(CopyClaim) claim = {0};
        g_autofree char *fields =
            g_strconcat("X-Circular-Delivery: a b\r\n", cases[i].header, "\r\n\r\n", NULL);
        copyproof_read(key, fields, &claim);
        g_assert_cmpstr(claim.message_id, ==, cases[i].id);
    }
    for (int more = -1; more <= 1; more++) {
        g_auto(CopyClaim) claim = {0};
        g_autofree char *name = g_strnfill((gsize)(246 + more), 'n');
        g_autofree char *fields =
            g_strdup_printf("X-Circular-Delivery: a b\r\nMessage-ID: <%s@x>\r\n", name);
        copyproof_read(key, fields, &claim);
        g_assert_cmpint(claim.message_id != NULL, ==, more <= 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/copyproof/what-proves", test_what_proves);
    g_test_add_func("/copyproof/message-id", test_message_id);
    return g_test_run();
}
