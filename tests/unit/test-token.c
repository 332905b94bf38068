/* test-token - tokens: made, read, found in addresses; forged, cut and borrowed ones refused */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "mail/token.h"

static const guint8 KEY[TOKEN_KEY] = "0123456789abcdef0123456789abcdef";

/* Written by another program (Python's hmac and base64) from the description in token.h. */
#define FORM_BOUNCE "cedqdqwmfhuhqjkevw7cgla"
#define FORM_UNSUBSCRIBE "eedqdqu3rvpqxq4jojsrvdi"

static TokenKey *other_key(void)
{
    guint8 bytes[TOKEN_KEY];
    memcpy(bytes, KEY, sizeof bytes);
    bytes[31] ^= 1;
    return token_key_new(bytes);
}

static gboolean reads(const TokenKey *key, const char *token, TokenPurpose purpose)
{
    guint64 mailing = 77, delivery = 88;
    gboolean ok = token_read(key, token, purpose, &mailing, &delivery);
    if (!ok)
        g_assert_true(mailing == 77 && delivery == 88);
    return ok;
}

static void test_round_trip(void)
{
    static const guint64 numbers[] = {1,     2,        255,      256,        65535,
                                      65536, 16777215, 16777216, G_MAXUINT32};
    g_autoptr(TokenKey) key = token_key_new(KEY);
    char token[TOKEN_MAX + 1];
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(numbers); j++) {
            guint64 mailing, delivery;
            token_make(key, TOKEN_BOUNCE, numbers[i], numbers[j], token);
            g_assert_cmpuint(strlen(token), >=, TOKEN_MIN);
            g_assert_cmpuint(strlen(token), <=, TOKEN_MAX);
            g_assert_cmpuint(strspn(token, "abcdefghijklmnopqrstuvwxyz234567"), ==, strlen(token));
            g_assert_true(token_read(key, token, TOKEN_BOUNCE, &mailing, &delivery));
            g_assert_cmpuint(mailing, ==, numbers[i]);
            g_assert_cmpuint(delivery, ==, numbers[j]);
        }
    }
    token_make(key, TOKEN_BOUNCE, 1, 1, token);
    g_assert_cmpuint(strlen(token), ==, TOKEN_MIN);
    token_make(key, TOKEN_BOUNCE, G_MAXUINT32, G_MAXUINT32, token);
    g_assert_cmpuint(strlen(token), ==, TOKEN_MAX);
}

/* What stands in letters that were sent must be readable by every later version. */
static void test_form_stays(void)
{
    g_autoptr(TokenKey) key = token_key_new(KEY);
    char token[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, 7, 450, token);
    g_assert_cmpstr(token, ==, FORM_BOUNCE);
    token_make(key, TOKEN_UNSUBSCRIBE, 7, 450, token);
    g_assert_cmpstr(token, ==, FORM_UNSUBSCRIBE);
}

static void test_case_is_folded(void)
{
    g_autoptr(TokenKey) key = token_key_new(KEY);
    char token[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, 7, 450, token);
    g_autofree char *upper = g_ascii_strup(token, -1);
    g_assert_true(reads(key, upper, TOKEN_BOUNCE));
    upper[3] = g_ascii_tolower(upper[3]);
    g_assert_true(reads(key, upper, TOKEN_BOUNCE));
}

/* Each single character changed into each other one: 30 times 31 forgeries, none believed. */
static void test_tampered(void)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567018";
    g_autoptr(TokenKey) key = token_key_new(KEY);
    char token[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, 300, 70000, token);
    for (guint i = 0; token[i]; i++) {
        char right = token[i];
        for (const char *c = alphabet; *c; c++) {
            token[i] = *c;
            g_assert_true(reads(key, token, TOKEN_BOUNCE) == (*c == right));
        }
        token[i] = right;
    }
}

static void test_cut_and_lengthened(void)
{
    g_autoptr(TokenKey) key = token_key_new(KEY);
    char token[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, 300, 70000, token);
    for (gsize length = 0; length < strlen(token); length++) {
        g_autofree char *cut = g_strndup(token, length);
        g_assert_false(reads(key, cut, TOKEN_BOUNCE));
    }
    for (const char *more = "aA27= "; *more; more++) {
        g_autofree char *longer = g_strdup_printf("%s%c", token, *more);
        g_assert_false(reads(key, longer, TOKEN_BOUNCE));
    }
    g_autofree char *padded = g_strconcat(token, "======", NULL);
    g_assert_false(reads(key, padded, TOKEN_BOUNCE));
}

static void test_purposes_are_apart(void)
{
    g_autoptr(TokenKey) key = token_key_new(KEY);
    g_autoptr(TokenKey) other = other_key();
    char bounce[TOKEN_MAX + 1], unsubscribe[TOKEN_MAX + 1], theirs[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, 1, 2, bounce);
    token_make(key, TOKEN_UNSUBSCRIBE, 1, 2, unsubscribe);
    token_make(other, TOKEN_BOUNCE, 1, 2, theirs);
    g_assert_true(reads(key, bounce, TOKEN_BOUNCE));
    g_assert_false(reads(key, bounce, TOKEN_UNSUBSCRIBE));
    g_assert_true(reads(key, unsubscribe, TOKEN_UNSUBSCRIBE));
    g_assert_false(reads(key, unsubscribe, TOKEN_BOUNCE));
    g_assert_false(reads(key, theirs, TOKEN_BOUNCE));
    char answer[TOKEN_MAX + 1];
    token_make(key, TOKEN_ANSWER, 1, 2, answer);
    g_assert_true(reads(key, answer, TOKEN_ANSWER));
    g_assert_false(reads(key, answer, TOKEN_BOUNCE));
    g_assert_false(reads(key, answer, TOKEN_UNSUBSCRIBE));
    g_assert_false(reads(key, unsubscribe, TOKEN_ANSWER));
    /* The MAC of one purpose under the tag of the other. */
    bounce[0] = unsubscribe[0];
    bounce[1] = unsubscribe[1];
    g_assert_false(reads(key, bounce, TOKEN_UNSUBSCRIBE));
}

static void test_found_in_addresses(void)
{
    static const char *const forms[] = {
        "bounces+%s@example.org",       "%s@bounces.example.org",
        "<BOUNCES+%s@EXAMPLE.ORG>",     "prvs=1234abcdef=bounces+%s@example.org",
        "btv1==0123456789==bounces+%s", "SRS0=abcd=XY=example.org=bounces+%s@forwarder.example",
        "autumn-7c2e91/12 %s",          "unsubscribe %s",
        "bounces-%s@example.org",       "Unsubscribe %s\xc3\xa9"};
    g_autoptr(TokenKey) key = token_key_new(KEY);
    guint64 mailing, delivery;
    char token[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, 5, 6, token);
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        const char *hole = strstr(forms[i], "%s");
        g_autofree char *text =
            g_strdup_printf("%.*s%s%s", (int)(hole - forms[i]), forms[i], token, hole + 2);
        g_assert_true(token_find(key, text, TOKEN_BOUNCE, &mailing, &delivery));
        g_assert_true(mailing == 5 && delivery == 6);
        g_assert_false(token_find(key, text, TOKEN_UNSUBSCRIBE, &mailing, &delivery));
    }
    g_autofree char *grown = g_strdup_printf("xbounces%s@example.org", token);
    g_assert_false(token_find(key, grown, TOKEN_BOUNCE, &mailing, &delivery));
    g_assert_false(token_find(key, "", TOKEN_BOUNCE, &mailing, &delivery));
}

/* The token that ends at the limit is found; one beyond it isn't. */
static void test_find_limit(void)
{
    g_autoptr(TokenKey) key = token_key_new(KEY);
    guint64 mailing, delivery;
    char token[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, 5, 6, token);
    for (int over = -1; over <= 1; over++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len + strlen(token) < (gsize)(TOKEN_TEXT_MAX + over))
            g_string_append_c(text, '.');
        g_string_append(text, token);
        g_assert_cmpuint(text->len, ==, (gsize)(TOKEN_TEXT_MAX + over));
        g_assert_true(token_find(key, text->str, TOKEN_BOUNCE, &mailing, &delivery) == (over <= 0));
    }
}

/* --- the key's file -------------------------------------------------------------------------- */

typedef struct {
    char *folder, *path;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    (void)data;
    place->folder = g_dir_make_tmp("circular-token-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "ledger.db.key", NULL);
}

static void tear_down(Place *place, gconstpointer data)
{
    (void)data;
    g_unlink(place->path);
    g_assert_cmpint(g_rmdir(place->folder), ==, 0); /* and nothing else is left in it */
    g_free(place->folder);
    g_free(place->path);
}

static void test_key_is_made_once(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    char one[TOKEN_MAX + 1], two[TOKEN_MAX + 1];
    struct stat st;
    g_autoptr(TokenKey) first = token_key_open(place->path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(stat(place->path, &st), ==, 0);
    g_assert_cmpuint(st.st_mode & 07777, ==, 0600);
    g_autoptr(TokenKey) second = token_key_open(place->path, &error);
    g_assert_no_error(error);
    token_make(first, TOKEN_BOUNCE, 1, 1, one);
    token_make(second, TOKEN_BOUNCE, 1, 1, two);
    g_assert_cmpstr(one, ==, two);
}

static gpointer open_key(gpointer path)
{
    TokenKey *key = token_key_open(path, NULL);
    g_assert_nonnull(key);
    char *token = g_malloc(TOKEN_MAX + 1);
    token_make(key, TOKEN_BOUNCE, 1, 1, token);
    token_key_free(key);
    return token;
}

static void test_key_made_by_many_at_once(Place *place, gconstpointer data)
{
    (void)data;
    GThread *threads[8];
    char *first = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("key", open_key, place->path);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree char *token = g_thread_join(threads[i]);
        if (first)
            g_assert_cmpstr(token, ==, first);
        else
            first = g_steal_pointer(&token);
    }
    g_free(first);
}

static void refused(Place *place, const char *text, int mode, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(place->path, text, -1, NULL));
    g_assert_cmpint(g_chmod(place->path, mode), ==, 0);
    TokenKey *key = token_key_open(place->path, &error);
    if (!*says) {
        g_assert_no_error(error);
        token_key_free(key);
        return;
    }
    g_assert_null(key);
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, says));
    g_assert_nonnull(strstr(error->message, place->path));
}

static void test_bad_keys(Place *place, gconstpointer data)
{
    (void)data;
#define HEX "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEF"
    refused(place, HEX "0\n", 0600, "");
    refused(place, HEX "0", 0400, "");
    refused(place, HEX "0\n", 0640, "chmod 600");
    refused(place, HEX "0\n", 0604, "chmod 600");
    refused(place, HEX "\n", 0600, "no key");
    refused(place, HEX "00\n", 0600, "no key");
    refused(place, HEX "x\n", 0600, "no key");
    refused(place, "", 0600, "no key");
}

static void test_no_place_for_a_key(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(token_key_open("/nonexistent/folder/key", &error));
    g_assert_nonnull(error);
    g_assert_cmpint(error->code, !=, CIRCULAR_ERROR_CONFIG);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/token/round-trip", test_round_trip);
    g_test_add_func("/token/form-stays", test_form_stays);
    g_test_add_func("/token/case-is-folded", test_case_is_folded);
    g_test_add_func("/token/tampered", test_tampered);
    g_test_add_func("/token/cut-and-lengthened", test_cut_and_lengthened);
    g_test_add_func("/token/purposes-are-apart", test_purposes_are_apart);
    g_test_add_func("/token/found-in-addresses", test_found_in_addresses);
    g_test_add_func("/token/find-limit", test_find_limit);
    g_test_add("/token/key/made-once", Place, NULL, set_up, test_key_is_made_once, tear_down);
    g_test_add("/token/key/made-by-many", Place, NULL, set_up, test_key_made_by_many_at_once,
               tear_down);
    g_test_add("/token/key/bad", Place, NULL, set_up, test_bad_keys, tear_down);
    g_test_add_func("/token/key/no-place", test_no_place_for_a_key);
    return g_test_run();
}
