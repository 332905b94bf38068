/* test-relay-open - what run() says when no letter can be begun: certificates, signing in, silence
 */
#include "fake-smtp.h"
#include "side-by-side.h"

typedef struct {
    const char *script;
    Tls tls;
    const char *auth, *user, *secret;
    int error;        /* kind, or NONE */
    const char *says; /* what its message must hold */
} Row;

enum { NONE = -1 };
enum {
    TEMPORARY = CIRCULAR_ERROR_TEMPORARY,
    LATER = CIRCULAR_ERROR_LATER,
    REMOTE = CIRCULAR_ERROR_REMOTE,
    DENIED = CIRCULAR_ERROR_DENIED
};

#define ALL "'auth':['PLAIN','LOGIN','XOAUTH2','OAUTHBEARER'],'users':{'office':'s3cret word'}"
#define ANN "office", "s3cret word"
#define NOBODY NULL, NULL

static const Row rows[] = {
    /* certificates */
    {"{'tls':'starttls'}", TLS_STARTTLS, "auto", NOBODY, NONE, ""},
    {"{'tls':'tls'}", TLS_IMPLICIT, "auto", NOBODY, NONE, ""},
    {"{'tls':'starttls','cert':'expired'}", TLS_STARTTLS, "auto", NOBODY, REMOTE, "has expired"},
    {"{'tls':'tls','cert':'expired'}", TLS_IMPLICIT, "auto", NOBODY, REMOTE, "has expired"},
    {"{'tls':'starttls','cert':'wronghost'}", TLS_STARTTLS, "auto", NOBODY, REMOTE,
     "is for another host"},
    {"{'tls':'tls','cert':'wronghost'}", TLS_IMPLICIT, "auto", NOBODY, REMOTE,
     "is for another host"},
    {"{'tls':'starttls','cert':'selfsigned'}", TLS_STARTTLS, "auto", NOBODY, REMOTE,
     "isn't signed by an authority"},
    {"{'tls':'tls','cert':'selfsigned'}", TLS_IMPLICIT, "auto", NOBODY, REMOTE,
     "isn't signed by an authority"},
    /* no TLS where there must be */
    {"{" ALL "}", TLS_STARTTLS, "auto", ANN, REMOTE, "doesn't offer STARTTLS"},
    {"{}", TLS_IMPLICIT, "auto", NOBODY, REMOTE, "TLS could not be agreed on"},
    {"{'tls':'tls'}", TLS_STARTTLS, "auto", NOBODY, TEMPORARY, "no greeting within"},
    {"{'tls':'starttls','faults':[{'stage':'starttls','do':'reply','text':'454 4.7.0 no'}]}",
     TLS_STARTTLS, "auto", NOBODY, LATER, "'454 4.7.0 no'"},
    {"{'tls':'starttls','faults':[{'stage':'starttls','do':'inject','text':'250-x\\r\\n250 AUTH "
     "PLAIN\\r\\n235 ok'}]}",
     TLS_STARTTLS, "auto", NOBODY, REMOTE, "between STARTTLS and TLS"},
    {"{'tls':'starttls','faults':[{'stage':'tls','do':'drop'}]}", TLS_STARTTLS, "auto", NOBODY,
     TEMPORARY, "while TLS began"},
    {"{'tls':'starttls','faults':[{'stage':'tls','do':'garbage'}]}", TLS_STARTTLS, "auto", NOBODY,
     REMOTE, "TLS"},
    {"{'tls':'starttls','faults':[{'stage':'tls','do':'hang'}]}", TLS_STARTTLS, "auto", NOBODY,
     TEMPORARY, " s (TLS)"},
    /* signing in */
    {"{" ALL "}", TLS_NONE, "auto", ANN, NONE, ""},
    {"{" ALL "}", TLS_NONE, "plain", ANN, NONE, ""},
    {"{" ALL "}", TLS_NONE, "login", ANN, NONE, ""},
    {"{" ALL "}", TLS_NONE, "xoauth2", ANN, NONE, ""},
    {"{" ALL "}", TLS_NONE, "oauthbearer", ANN, NONE, ""},
    {"{" ALL "}", TLS_NONE, "token", ANN, NONE, ""},
    {"{'auth':['LOGIN','XOAUTH2'],'users':{'office':'s3cret word'}}", TLS_NONE, "token", ANN, NONE,
     ""},
    {"{'auth':['LOGIN','PLAIN'],'users':{'office':'s3cret word'}}", TLS_NONE, "token", ANN, DENIED,
     "'LOGIN PLAIN'"},
    {"{" ALL ",'tls':'starttls'}", TLS_STARTTLS, "auto", ANN, NONE, ""},
    {"{" ALL ",'tls':'tls'}", TLS_IMPLICIT, "xoauth2", ANN, NONE, ""},
    {"{}", TLS_NONE, "none", ANN, NONE, ""},
    {"{" ALL "}", TLS_NONE, "none", ANN, DENIED, "530 5.7.0"},
    {"{" ALL "}", TLS_NONE, "auto", "office", "another", DENIED, "sign-in refused for 'office'"},
    {"{" ALL "}", TLS_NONE, "login", "office", "another", DENIED, "sign-in refused for 'office'"},
    {"{" ALL "}", TLS_NONE, "xoauth2", "office", "another", DENIED, "sign-in refused for 'office'"},
    {"{" ALL "}", TLS_NONE, "oauthbearer", "office", "another", DENIED,
     "sign-in refused for 'office'"},
    {"{" ALL ",'tls':'tls'}", TLS_IMPLICIT, "auto", "office", "another", DENIED, "'535 5.7.8"},
    {"{}", TLS_NONE, "auto", ANN, DENIED, "offers no sign-in"},
    {"{'tls':'starttls'}", TLS_STARTTLS, "auto", ANN, DENIED, "offers no sign-in"},
    {"{'tls':'tls'}", TLS_IMPLICIT, "xoauth2", ANN, DENIED, "offers no sign-in"},
    {"{'auth':['GSSAPI','NTLM']}", TLS_NONE, "auto", ANN, DENIED,
     "'GSSAPI NTLM' only, and circular signs in by plain"},
    {"{'auth':['NTLM','CRAM-MD5']}", TLS_NONE, "auto", ANN, DENIED, "set relay.auth to cram-md5"},
    {"{'auth':['NTLM','XOAUTH2']}", TLS_NONE, "plain", ANN, DENIED, "set relay.auth to xoauth2"},
    {"{'auth':['PLAIN','CRAM-MD5'],'users':{'office':'s3cret word'}}", TLS_NONE, "cram-md5", ANN,
     NONE, ""},
    {"{'auth':['CRAM-MD5'],'users':{'office':'s3cret word'}}", TLS_NONE, "cram-md5", "office",
     "another", DENIED, "sign-in refused for 'office'"},
    /* the fix is of the cause */
    {"{" ALL ",'faults':[{'stage':'auth','do':'reply','text':'535 5.7.139 Authentication "
     "unsuccessful, SmtpClientAuthentication is disabled for the Tenant'}]}",
     TLS_NONE, "auto", ANN, DENIED, "SMTP AUTH is switched off"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'reply','text':'534 5.7.9 Application-specific "
     "password required'}]}",
     TLS_NONE, "auto", ANN, DENIED, "make an app password"},
    {"{'faults':[{'stage':'mail','do':'reply','text':'550 authentication required'}]}", TLS_NONE,
     "none", ANN, DENIED, "set relay.user and a password"},
    {"{'faults':[{'stage':'mail','do':'reply','text':'550 5.7.1 Helo command rejected: Host not "
     "found'}]}",
     TLS_NONE, "none", NOBODY, REMOTE, "set relay.hello"},
    {"{'faults':[{'stage':'greeting','do':'reply','text':'554 5.7.1 your IP is on a blocklist'}]}",
     TLS_NONE, "none", NOBODY, REMOTE, "lift the block"},
    {"{'auth':['PLAIN'],'users':{'office':''}}", TLS_NONE, "xoauth2", ANN, DENIED, "'PLAIN'"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'reply','text':'454 4.7.0 busy'}]}", TLS_NONE, "auto",
     ANN, LATER, "'454 4.7.0 busy'"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'reply','text':'250 fine'}]}", TLS_NONE, "auto", ANN,
     DENIED, ""},
    {"{" ALL ",'faults':[{'stage':'auth','do':'drop'}]}", TLS_NONE, "auto", ANN, TEMPORARY,
     "lost at sign-in"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'rst'}]}", TLS_NONE, "auto", ANN, TEMPORARY,
     "lost at sign-in"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'hang'}]}", TLS_NONE, "auto", ANN, TEMPORARY,
     " s (sign-in)"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'garbage'}]}", TLS_NONE, "auto", ANN, REMOTE,
     "no mail server"},
    /* greeting and EHLO */
    {"{'faults':[{'stage':'greeting','do':'reply','text':'421 4.3.2 busy'}]}", TLS_NONE, "auto",
     NOBODY, LATER, "'421 4.3.2 busy'"},
    {"{'faults':[{'stage':'greeting','do':'reply','text':'554 5.7.1 go away'}]}", TLS_NONE, "auto",
     NOBODY, REMOTE, "greeting: '554 5.7.1 go away'"},
    {"{'faults':[{'stage':'greeting','do':'drop'}]}", TLS_NONE, "auto", NOBODY, TEMPORARY,
     "lost at greeting"},
    /* A reset may come before libcurl looks whether it is connected. */
    {"{'faults':[{'stage':'greeting','do':'rst'}]}", TLS_NONE, "auto", NOBODY, TEMPORARY,
     "lost at greeting|can't connect"},
    {"{'faults':[{'stage':'greeting','do':'hang'}]}", TLS_NONE, "auto", NOBODY, TEMPORARY,
     "no greeting within"},
    {"{'faults':[{'stage':'greeting','do':'drip'}]}", TLS_NONE, "auto", NOBODY, TEMPORARY,
     "within"},
    {"{'faults':[{'stage':'greeting','do':'garbage'}]}", TLS_NONE, "auto", NOBODY, REMOTE,
     "no mail server"},
    {"{'faults':[{'stage':'ehlo','do':'reply','text':'550 5.7.1 no'}]}", TLS_STARTTLS, "auto",
     NOBODY, REMOTE, "EHLO: '550 5.7.1 no'; the name that this machine gives itself"},
    {"{'faults':[{'stage':'ehlo','do':'reply','text':'421 4.3.2 no','then':'drop'}]}", TLS_STARTTLS,
     "auto", NOBODY, LATER, "EHLO: '421 4.3.2 no'"},
    {"{'faults':[{'stage':'ehlo','do':'drop'}]}", TLS_NONE, "auto", NOBODY, TEMPORARY,
     "lost at EHLO"},
    {"{'faults':[{'stage':'ehlo','do':'hang'}]}", TLS_NONE, "auto", NOBODY, TEMPORARY, " s (EHLO)"},
    {"{'faults':[{'stage':'ehlo','do':'garbage'}]}", TLS_NONE, "auto", NOBODY, REMOTE,
     "no mail server"},
    {"{'faults':[{'stage':'ehlo','first':1,'do':'reply','text':'502 5.5.1 HELO, please'}]}",
     TLS_NONE, "auto", NOBODY, NONE, ""},
    {"{'faults':[{'stage':'ehlo','first':1,'do':'reply','text':'502 5.5.1 HELO, please'}]}",
     TLS_NONE, "auto", ANN, DENIED, "offers no sign-in"},
};

/* Whether the message holds the row's words, or one of them where "|" is between. */
static gboolean says(const Row *row, const char *message)
{
    g_auto(GStrv) words = g_strsplit(row->says, "|", -1);
    for (char **word = words; *word; word++)
        if (strstr(message, *word))
            return TRUE;
    return !*row->says;
}

static char *check_row(guint index, guint seconds)
{
    const Row *row = &rows[index];
    g_autofree char *ca = fake_file("ca.pem");
    RelayOptions options = relay_options(fake_serve(row->script));
    options.tls = row->tls;
    options.ca_file = ca;
    options.auth = row->auth;
    options.user = row->user;
    options.secret_user = (char *)row->secret;
    options.timeout = seconds;
    g_autoptr(Letters) letters = letters_new(2);
    g_autoptr(GError) error = NULL;
    relay_run(&options, letters, &error);
    int kind = error ? error->code : NONE;
    if (kind != row->error || (error && !says(row, error->message)))
        return g_strdup(error ? error->message : "no error");
    if (error && row->secret && strstr(error->message, row->secret))
        return g_strdup_printf("the secret is told: %s", error->message);
    if (error && !g_str_has_prefix(error->message, "localhost:"))
        return g_strdup_printf("without its place: %s", error->message);
    if (letters_count(letters, error ? OUTCOME_UNTRIED : OUTCOME_SENT) != letters->given)
        return g_strdup("letters have other outcomes");
    if (!error && letters->given != 2)
        return g_strdup("not all letters were asked for");
    return letters_account(letters, options.port);
}

static const char *row_name(guint index)
{
    return rows[index].script;
}

static void test_before(void)
{
    cases_run(G_N_ELEMENTS(rows), check_row, row_name);
}

static void test_nowhere(void)
{
    RelayOptions options = relay_options(1); /* tcpmux: nobody listens */
    g_autoptr(Letters) letters = letters_new(2);
    g_autoptr(GError) error = NULL;
    g_assert_false(relay_run(&options, letters, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
    g_assert_nonnull(strstr(error->message, "can't connect"));
    g_assert_cmpuint(letters_count(letters, OUTCOME_UNTRIED), ==, letters->given);

    g_clear_error(&error);
    options.host = "nosuch.invalid";
    g_assert_false(relay_run(&options, letters, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
    g_assert_nonnull(strstr(error->message, "nosuch.invalid:1: no such host"));
}

static void test_no_authorities(void)
{
    RelayOptions options = relay_options(fake_serve("{'tls':'starttls'}"));
    g_autoptr(Letters) letters = letters_new(2);
    g_autoptr(GError) error = NULL;
    options.tls = TLS_STARTTLS;
    options.ca_file = "/nonexistent/ca.pem";
    g_assert_false(relay_run(&options, letters, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "relay.ca_file"));
}

static char *no_secret(void *user, GError **error)
{
    if (user)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "the command failed");
    return NULL;
}

static void test_no_secret(void)
{
    for (int i = 0; i < 2; i++) {
        RelayOptions options = relay_options(fake_serve("{" ALL "}"));
        g_autoptr(Letters) letters = letters_new(2);
        g_autoptr(GError) error = NULL;
        options.user = "office";
        options.secret = no_secret;
        options.secret_user = i ? &options : NULL;
        g_assert_false(relay_run(&options, letters, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
        g_assert_nonnull(strstr(error->message, i ? "the command failed" : "no password"));
        g_assert_cmpint(fake_count(options.port, "connections"), ==, 0);
    }
}

static void test_options(void)
{
    static const char *const hosts[] = {
        "", "a b", "a/b", "a@b", "a\r\nb", "m\xc3\xbcnchen.example", "a?b", "a#b", "a%0d"};
    for (gsize i = 0; i < G_N_ELEMENTS(hosts) * 2; i++) {
        RelayOptions options = relay_options(25);
        g_autoptr(GError) error = NULL;
        if (i % 2)
            options.host = hosts[i / 2];
        else
            options.hello = hosts[i / 2];
        g_assert_null(relay_new(&options, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    }
    for (int i = 0; i < 6; i++) {
        RelayOptions options = relay_options(25);
        g_autoptr(GError) error = NULL;
        if (i == 0)
            options.port = 0;
        else if (i == 1)
            options.port = 65536;
        else if (i == 2)
            options.connections = 0;
        else if (i == 3)
            options.connections = RELAY_CONNECTIONS_MAX + 1;
        else if (i == 4)
            options.timeout = 0;
        else
            options.auth = "kerberos";
        g_assert_null(relay_new(&options, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    }
}

/* What CIRCULAR_TRACE=smtp shows may be pasted into a ticket. */
static void test_trace(void)
{
    if (g_test_subprocess()) {
        static const char *const ways[] = {"plain", "login", "xoauth2", "oauthbearer"};
        for (guint i = 0; i < G_N_ELEMENTS(ways) * 2; i++) {
            RelayOptions options = relay_options(fake_serve("{" ALL "}"));
            g_autoptr(Letters) letters = letters_new(1);
            options.auth = ways[i / 2];
            options.user = "office";
            options.secret_user = (char *)(i % 2 ? "an0ther" : "s3cret word");
            relay_run(&options, letters, NULL);
        }
        return;
    }
    g_setenv("CIRCULAR_TRACE", "smtp", TRUE);
    g_test_trap_subprocess(NULL, 0, 0);
    g_unsetenv("CIRCULAR_TRACE");
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("*< 235 2.7.0 signed in*> MAIL FROM:<news@example.org>*< 535 5.7.8*");
    static const char *const secrets[] = {"s3cret", "an0ther", "office"};
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
        /* in clear, and in base64 at each of the three places in a group */
        for (gsize skip = 0; skip < 3; skip++) {
            g_autofree char *padded = g_strdup_printf("%.*s%s", (int)skip, "aa", secrets[i]);
            g_autofree char *coded =
                g_base64_encode((const guchar *)padded, strlen(padded) / 3 * 3);
            g_autofree char *pattern = g_strdup_printf("*%s*", coded + (skip ? 4 : 0));
            g_test_trap_assert_stderr_unmatched(pattern);
        }
        g_autofree char *clear = g_strdup_printf("*%s*", secrets[i]);
        if (i < 2)
            g_test_trap_assert_stderr_unmatched(clear);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/relay/open/trace", test_trace); /* sets the environment: before any thread */
    g_test_add_func("/relay/open/before", test_before);
    g_test_add_func("/relay/open/nowhere", test_nowhere);
    g_test_add_func("/relay/open/no-authorities", test_no_authorities);
    g_test_add_func("/relay/open/no-secret", test_no_secret);
    g_test_add_func("/relay/open/options", test_options);
    int status = g_test_run();
    fake_stop();
    return status;
}
