/* test-signin - each way to sign in, refused and not offered, and what must never be said */
#include "fake-imap.h"

/* Ways to sign in, what the server saw of each, and each with a secret that is refused. */
static void test_sign_in(void)
{
    static const struct {
        const char *auth, *capabilities, *log;
    } cases[] = {
        {"auto", "'SASL-IR', 'AUTH=PLAIN'", "AUTHENTICATE PLAIN A"},
        {"auto", "'AUTH=PLAIN'", "AUTHENTICATE PLAIN\""},
        {"auto", "'AUTH=XOAUTH2'", "LOGIN"},
        {"plain", "'SASL-IR', 'AUTH=PLAIN'", "AUTHENTICATE PLAIN A"},
        {"login", "'SASL-IR', 'AUTH=PLAIN'", "LOGIN"},
        {"xoauth2", "'SASL-IR', 'AUTH=XOAUTH2'", "AUTHENTICATE XOAUTH2 "},
        {"xoauth2", "'AUTH=XOAUTH2'", "AUTHENTICATE XOAUTH2\""},
        {"oauthbearer", "'SASL-IR', 'AUTH=OAUTHBEARER'", "AUTHENTICATE OAUTHBEARER "},
        {"oauthbearer", "'AUTH=OAUTHBEARER'", "AUTHENTICATE OAUTHBEARER\""},
        {"token", "'AUTH=OAUTHBEARER', 'AUTH=XOAUTH2', 'AUTH=PLAIN'", "AUTHENTICATE XOAUTH2\""},
        {"token", "'SASL-IR', 'AUTH=OAUTHBEARER'", "AUTHENTICATE OAUTHBEARER "},
    };
    static const char *const secrets[] = {"s3cret", "pass \\\"word' {5}", "Gruß=,", "s"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(secrets); j++) {
            g_autofree char *quoted = g_strescape(secrets[j], "\303\237'");
            g_autofree char *script =
                g_strdup_printf("{\"users\": {\"u,=ser@example.org\": \"%s\"}, "
                                "\"capabilities\": [%s]}",
                                quoted, cases[i].capabilities);
            for (char *p = strstr(script, "capab"); *p; p++)
                *p = *p == '\'' ? '"' : *p;
            g_autofree char *answer = fake_ask(script);
            guint port = (guint)g_ascii_strtoull(answer, NULL, 10);
            g_assert_cmpuint(port, >, 0);
            InboxOptions options = inbox_options(port);
            options.auth = cases[i].auth;
            options.user = "u,=ser@example.org";
            options.secret_user = (void *)secrets[j];
            g_autoptr(GError) error = NULL;
            /* LOGIN is ASCII by RFC 3501; the fake reads what isn't as Latin-1. */
            if (g_str_equal(cases[i].log, "LOGIN") && !g_str_is_ascii(secrets[j]))
                continue;
            g_autoptr(Inbox) inbox = inbox_open(&options, &error);
            g_assert_no_error(error);
            g_assert_true(inbox_is_usable(inbox));
            g_autofree char *log = fake_tell("log", port);
            g_assert_has(log, cases[i].log);

            options.secret_user = (void *)"hunter2-is-wrong";
            g_autoptr(Inbox) refused = inbox_open(&options, &error);
            g_assert_null(refused);
            g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED);
            g_assert_has(error->message, "wrong user or password");
            g_assert_has_not(error->message, "hunter2");
        }
    }
}

static void test_way_not_offered(void)
{
    static const struct {
        const char *auth, *capabilities;
    } cases[] = {
        {"plain", "'AUTH=XOAUTH2'"},
        {"xoauth2", "'AUTH=PLAIN', 'AUTH=OAUTHBEARER'"},
        {"oauthbearer", "'AUTH=PLAIN', 'AUTH=XOAUTH2'"},
        {"token", "'AUTH=PLAIN'"}, /* nor LOGIN: a token is no password */
        {"auto", "'LOGINDISABLED', 'AUTH=XOAUTH2'"},
        {"login", "'LOGINDISABLED', 'AUTH=PLAIN'"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *script = g_strdup_printf("{'capabilities': [%s]}", cases[i].capabilities);
        guint port = fake_serve(script);
        InboxOptions options = inbox_options(port);
        options.auth = cases[i].auth;
        g_autoptr(GError) error = NULL;
        g_assert_null(inbox_open(&options, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED);
        g_assert_has(error->message, "doesn't offer");
        g_autofree char *log = fake_tell("log", port);
        g_assert_has_not(log, "AUTHENTICATE");
        g_assert_has_not(log, "LOGIN \\\"");
    }
}

/* Nothing of these reaches a server: the first word would be a second command. */
static void test_not_to_be_said(void)
{
    g_autofree char *long_user = g_strnfill(INBOX_NAME_MAX + 1, 'u');
    g_autofree char *long_secret = g_strnfill(INBOX_SECRET_MAX + 1, 's');
    const struct {
        const char *user, *secret;
    } cases[] = {
        {"user\r\nA1 DELETE INBOX", "secret"},
        {"user", "secret\r\nA1 DELETE INBOX"},
        {"user", "secret\nx"},
        {"user\001auth=Bearer x", "secret"},
        {"user", "secret\001"},
        {"", "secret"},
        {"user", ""},
        {long_user, "secret"},
        {"user", long_secret},
        {"us\303er", "secret"},
        {"user", "sec\177ret"},
    };
    guint port = fake_serve("{'capabilities': ['AUTH=PLAIN', 'AUTH=XOAUTH2', 'SASL-IR']}");
    static const char *const ways[] = {"plain", "login", "xoauth2"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(ways); i++) {
        InboxOptions options = inbox_options(port);
        options.auth = ways[i % G_N_ELEMENTS(ways)];
        options.user = cases[i / G_N_ELEMENTS(ways)].user;
        options.secret_user = (void *)cases[i / G_N_ELEMENTS(ways)].secret;
        g_autoptr(GError) error = NULL;
        g_assert_null(inbox_open(&options, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
        g_assert_has_not(error->message, "secret");
    }
    g_autofree char *log = fake_tell("log", port);
    g_assert_has_not(log, "DELETE");
    g_assert_has_not(log, "LOGIN");
    g_assert_has_not(log, "AUTHENTICATE");
}

/* The longest that may be said is said. */
static void test_longest(void)
{
    g_autofree char *user = g_strnfill(INBOX_NAME_MAX, 'u');
    g_autofree char *secret = g_strnfill(INBOX_SECRET_MAX, 's');
    g_autofree char *script = g_strdup_printf("{'users': {'%s': '%s'}}", user, secret);
    InboxOptions options = inbox_options(fake_serve(script));
    options.user = user;
    options.secret_user = secret;
    g_autoptr(GError) error = NULL;
    g_autoptr(Inbox) inbox = inbox_open(&options, &error);
    g_assert_no_error(error);
    g_assert_true(inbox_is_usable(inbox));
}

static char *no_secret(void *user, GError **error)
{
    (void)user;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "no token today");
    return NULL;
}

static void test_no_secret(void)
{
    InboxOptions options = inbox_options(fake_serve("{}"));
    options.secret = no_secret;
    g_autoptr(GError) error = NULL;
    g_assert_null(inbox_open(&options, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_has(error->message, "no token today");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/signin/ways", test_sign_in);
    g_test_add_func("/signin/way-not-offered", test_way_not_offered);
    g_test_add_func("/signin/not-to-be-said", test_not_to_be_said);
    g_test_add_func("/signin/longest", test_longest);
    g_test_add_func("/signin/no-secret", test_no_secret);
    int status = g_test_run();
    fake_stop();
    return status;
}
