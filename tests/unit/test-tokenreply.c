/* test-tokenreply - tokens, errors, garbage and limits of a token endpoint's answers */
#include <string.h>

#include "base/error.h"
#include "net/tokenreply.h"

static TokenReply *parse(const char *json)
{
    g_autoptr(GError) error = NULL;
    TokenReply *reply = tokenreply_parse(json, strlen(json), &error);
    g_assert_no_error(error);
    return reply;
}

static void refused(const char *bytes, gsize length, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(tokenreply_parse(bytes, length, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE);
    g_assert_nonnull(strstr(error->message, words));
    g_assert_null(strstr(error->message, "s3cret"));
}

static void test_tokens(void)
{
    g_autoptr(TokenReply) reply =
        parse("{\"token_type\":\"bearer\",\"expires_in\":3599,\"ext_expires_in\":3599,"
              "\"access_token\":\"ya29.a0_-~+/=\",\"refresh_token\":\"1//0g\",\"scope\":[1,{}]}");
    g_assert_cmpstr(reply->access_token, ==, "ya29.a0_-~+/=");
    g_assert_cmpstr(reply->refresh_token, ==, "1//0g");
    g_assert_cmpint(reply->lifetime, ==, 3599);
    g_assert_null(reply->error);
    g_autoptr(TokenReply) least = parse(" {\"access_token\":\"a\", \"refresh_token\":null} ");
    g_assert_cmpstr(least->access_token, ==, "a");
    g_assert_null(least->refresh_token);
    g_assert_cmpint(least->lifetime, ==, TOKENREPLY_SECONDS_UNSAID);
}

static void test_lifetimes(void)
{
    static const struct {
        const char *said;
        gint64 seconds;
    } rows[] = {
        {"0", 0},
        {"3600", 3600},
        {"\"3600\"", 3600}, /* Azure's older endpoints */
        {"59.9", 59},
        {"31622400", TOKENREPLY_SECONDS_MAX},
        {"31622401", TOKENREPLY_SECONDS_MAX},
        {"9223372036854775807", TOKENREPLY_SECONDS_MAX},
        {"1e300", TOKENREPLY_SECONDS_MAX},
        {"\"99999999999\"", TOKENREPLY_SECONDS_UNSAID},
        {"-1", TOKENREPLY_SECONDS_UNSAID},
        {"-1e300", TOKENREPLY_SECONDS_UNSAID},
        {"\"\"", TOKENREPLY_SECONDS_UNSAID},
        {"\"-5\"", TOKENREPLY_SECONDS_UNSAID},
        {"\"1h\"", TOKENREPLY_SECONDS_UNSAID},
        {"true", TOKENREPLY_SECONDS_UNSAID},
        {"null", TOKENREPLY_SECONDS_UNSAID},
        {"[3600]", TOKENREPLY_SECONDS_UNSAID},
        {"{}", TOKENREPLY_SECONDS_UNSAID},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *json =
            g_strdup_printf("{\"access_token\":\"a\",\"expires_in\":%s}", rows[i].said);
        g_autoptr(TokenReply) reply = parse(json);
        g_assert_cmpint(reply->lifetime, ==, rows[i].seconds);
    }
}

static void test_errors(void)
{
    g_autoptr(TokenReply) reply =
        parse("{\"error\":\"invalid_grant\",\"access_token\":\"s3cret\",\"error_description\":"
              "\"AADSTS700082: too \\u001b[31m long \\nTrace ID: 4\\r\\nTimestamp\"}");
    g_assert_cmpstr(reply->error, ==, "invalid_grant");
    g_assert_cmpstr(reply->description, ==, "AADSTS700082: too \\x1b[31m long");
    g_assert_null(reply->access_token);
    g_assert_nonnull(strstr(tokenreply_fix(reply), "unused for too long"));
    g_assert_false(tokenreply_is_passing(reply));
    g_autoptr(TokenReply) busy = parse("{\"error\":\"server_error\",\"error_description\":7}");
    g_assert_true(tokenreply_is_passing(busy));
    g_assert_cmpstr(busy->description, ==, "");
    g_assert_cmpstr(tokenreply_fix(busy), ==, "try again later");
}

/* A longer number is another error, and a server's words don't choose by an error's name. */
static void test_fixes(void)
{
    static const struct {
        const char *error, *text, *fix;
    } rows[] = {
        {"invalid_client", "AADSTS7000215: no", "the client secret is wrong"},
        {"invalid_client", "AADSTS70002159: no", "check oauth2.client_id"},
        {"unauthorized_client", "AADSTS700016: no", "no such application"},
        {"invalid_request", "AADSTS90002: no", "no such tenant"},
        {"invalid_grant", "AADSTS50173: no", "the password was changed"},
        {"invalid_grant", "", "expired, revoked or used up"},
        {"odd", "the error was invalid_grant", "check the keys under oauth2"},
        {"AADSTS65001", "", "check the keys under oauth2"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *json = g_strdup_printf("{\"error\":\"%s\",\"error_description\":\"%s\"}",
                                                rows[i].error, rows[i].text);
        g_autoptr(TokenReply) reply = parse(json);
        g_assert_nonnull(strstr(tokenreply_fix(reply), rows[i].fix));
    }
}

static void test_garbage(void)
{
    static const struct {
        const char *bytes, *words;
    } rows[] = {
        {"", "not that of a token server"},
        {"null", "not that of a token server"},
        {"[]", "not that of a token server"},
        {"\"s3cret\"", "not that of a token server"},
        {"{\"access_token\":\"s3cret\"", "not that of a token server"},
        {"{\"access_token\":\"s3cret\xff\"}", "not that of a token server"},
        {"/*\"*/{\"access_token\":\"s3cret\"}", "not that of a token server"},
        {"{\"access_token\":\"s3cret\"} // \"", "not that of a token server"},
        {"{'access_token':'s3cret'}", "not that of a token server"},
        {"<html>s3cret</html>", "not that of a token server"},
        {"{}", "no access token"},
        {"{\"access_token\":null}", "no access token"},
        {"{\"access_token\":\"\"}", "a token that can't be one"},
        {"{\"access_token\":5}", "a token that can't be one"},
        {"{\"access_token\":[\"s3cret\"]}", "a token that can't be one"},
        {"{\"access_token\":\"s3cret\\r\\nAUTH\"}", "a token that can't be one"},
        {"{\"access_token\":\"s3 cret\"}", "a token that can't be one"},
        {"{\"access_token\":\"s3cret\\u0001\"}", "a token that can't be one"},
        {"{\"access_token\":\"s3cr\xc3\xa9t\"}", "a token that can't be one"},
        {"{\"access_token\":\"s3cret\",\"refresh_token\":\"a b\"}", "a token that can't be one"},
        {"{\"access_token\":\"s3cret\",\"token_type\":\"DPoP\"}", "another type than Bearer"},
        {"{\"error\":\"\"}", "an error without a name"},
        {"{\"error\":null}", "an error without a name"},
        {"{\"error\":{\"code\":1}}", "an error without a name"},
        {"{\"error\":\"s3cret words\"}", "an error without a name"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        refused(rows[i].bytes, strlen(rows[i].bytes), rows[i].words);
    refused("{\"access_token\":\"a\"}\0x", 22, "not that of a token server");
}

/* {"access_token":"aaa..."} with so many of them, and blanks up to `whole` bytes. */
static char *sized(gsize letters, gsize whole)
{
    g_autofree char *token = g_strnfill(letters, 'a');
    g_autofree char *json = g_strdup_printf("{\"access_token\":\"%s\"}", token);
    gsize length = strlen(json);
    g_autofree char *blanks = g_strnfill(whole > length ? whole - length : 0, ' ');
    return g_strconcat(json, blanks, NULL);
}

static void test_sizes(void)
{
    for (int more = -1; more <= 1; more++) {
        g_autofree char *token = sized((gsize)(TOKENREPLY_TOKEN_MAX + more), 0);
        g_autofree char *reply = sized(10, (gsize)(TOKENREPLY_MAX + more));
        if (more > 0) {
            refused(token, strlen(token), "a token that can't be one");
            refused(reply, strlen(reply), "too long");
            continue;
        }
        g_autoptr(TokenReply) a = parse(token);
        g_autoptr(TokenReply) b = parse(reply);
        g_assert_cmpuint(strlen(a->access_token), ==, (gsize)(TOKENREPLY_TOKEN_MAX + more));
        g_assert_cmpuint(strlen(b->access_token), ==, 10);
    }
}

static void test_depth(void)
{
    for (int more = -1; more <= 1; more++) { /* the object itself is the first */
        gsize deep = (gsize)(TOKENREPLY_DEPTH_MAX - 1 + more);
        g_autofree char *open = g_strnfill(deep, '['), *close = g_strnfill(deep, ']');
        g_autofree char *json =
            g_strdup_printf("{\"access_token\":\"[[[[[[[[[[[\\\"[[[[[[\",\"x\":%s%s}", open, close);
        if (more > 0) {
            refused(json, strlen(json), "not that of a token server");
        } else {
            g_autoptr(GError) error = NULL;
            g_autofree char *plain =
                g_strdup_printf("{\"access_token\":\"[[[[[[[[[[[\",\"x\":%s%s}", open, close);
            G_GNUC_UNUSED g_autoptr(TokenReply) reply =
                tokenreply_parse(plain, strlen(plain), &error);
            g_assert_no_error(error);
        }
    }
    g_autofree char *brackets = g_strnfill(TOKENREPLY_MAX, '[');
    refused(brackets, TOKENREPLY_MAX, "not that of a token server");
}

static void test_words(void)
{
    for (int more = -1; more <= 1; more++) {
        g_autofree char *word = g_strnfill((gsize)(TOKENREPLY_WORD_MAX + more), 'w');
        g_autofree char *text = g_strnfill((gsize)(TOKENREPLY_TEXT_MAX + more), 't');
        g_autofree char *json =
            g_strdup_printf("{\"error\":\"%s\",\"error_description\":\"%s\"}", word, text);
        if (more > 0) {
            refused(json, strlen(json), "an error without a name");
            g_free(json);
            json = g_strdup_printf("{\"error\":\"w\",\"error_description\":\"%s\"}", text);
        }
        g_autoptr(TokenReply) reply = parse(json);
        g_assert_cmpuint(strlen(reply->description), ==,
                         (gsize)(TOKENREPLY_TEXT_MAX + MIN(more, 0)));
    }
    /* Control characters grow when they are shown: the limit holds for what is shown, whole. */
    GString *json = g_string_new("{\"error\":\"w\",\"error_description\":\"");
    for (int i = 0; i < 200; i++)
        g_string_append(json, "\\u0007\xc3\xa9");
    g_string_append(json, "\"}");
    g_autoptr(TokenReply) reply = parse(json->str);
    g_assert_cmpuint(strlen(reply->description), <=, TOKENREPLY_TEXT_MAX);
    g_assert_true(g_utf8_validate(reply->description, -1, NULL));
    g_string_free(json, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tokenreply/tokens", test_tokens);
    g_test_add_func("/tokenreply/lifetimes", test_lifetimes);
    g_test_add_func("/tokenreply/errors", test_errors);
    g_test_add_func("/tokenreply/fixes", test_fixes);
    g_test_add_func("/tokenreply/garbage", test_garbage);
    g_test_add_func("/tokenreply/sizes", test_sizes);
    g_test_add_func("/tokenreply/depth", test_depth);
    g_test_add_func("/tokenreply/words", test_words);
    return g_test_run();
}
