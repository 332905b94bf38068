/* test-relay - the relay's side of the seam's contract: signing in, certificates, many connections,
 * stopping */
#include "fake-smtp.h"

static GError *run_script(const char *script, RelayOptions *options, Letters *letters, guint *port)
{
    GError *error = NULL;
    *port = fake_serve(script);
    options->port = *port;
    gboolean ok = relay_run(options, letters, &error);
    g_assert_cmpint(ok, ==, error == NULL);
    g_autofree char *wrong = letters_account(letters, *port);
    if (wrong)
        g_error("%s: %s", script, wrong);
    return error;
}

/* --- before the first letter: what run() says ------------------------------------------------- */

typedef struct {
    const char *script;
    RelayTls tls;
    const char *auth, *user, *secret;
    int error;        /* kind, or NONE */
    const char *says; /* what its message must hold */
} Row;

enum { NONE = -1 };
enum {
    TEMPORARY = CIRCULAR_ERROR_TEMPORARY,
    REMOTE = CIRCULAR_ERROR_REMOTE,
    DENIED = CIRCULAR_ERROR_DENIED
};

#define ALL "'auth':['PLAIN','LOGIN','XOAUTH2','OAUTHBEARER'],'users':{'office':'s3cret word'}"
#define ANN "office", "s3cret word"
#define NOBODY NULL, NULL

static const Row rows[] = {
    /* certificates */
    {"{'tls':'starttls'}", RELAY_STARTTLS, "auto", NOBODY, NONE, ""},
    {"{'tls':'tls'}", RELAY_TLS, "auto", NOBODY, NONE, ""},
    {"{'tls':'starttls','cert':'expired'}", RELAY_STARTTLS, "auto", NOBODY, REMOTE, "has expired"},
    {"{'tls':'tls','cert':'expired'}", RELAY_TLS, "auto", NOBODY, REMOTE, "has expired"},
    {"{'tls':'starttls','cert':'wronghost'}", RELAY_STARTTLS, "auto", NOBODY, REMOTE,
     "is for another host"},
    {"{'tls':'tls','cert':'wronghost'}", RELAY_TLS, "auto", NOBODY, REMOTE, "is for another host"},
    {"{'tls':'starttls','cert':'selfsigned'}", RELAY_STARTTLS, "auto", NOBODY, REMOTE,
     "isn't signed by an authority"},
    {"{'tls':'tls','cert':'selfsigned'}", RELAY_TLS, "auto", NOBODY, REMOTE,
     "isn't signed by an authority"},
    /* no TLS where there must be */
    {"{" ALL "}", RELAY_STARTTLS, "auto", ANN, REMOTE, "doesn't offer STARTTLS"},
    {"{}", RELAY_TLS, "auto", NOBODY, REMOTE, "TLS could not be agreed on"},
    {"{'tls':'tls'}", RELAY_STARTTLS, "auto", NOBODY, TEMPORARY, "no greeting within"},
    {"{'tls':'starttls','faults':[{'stage':'starttls','do':'reply','text':'454 4.7.0 no'}]}",
     RELAY_STARTTLS, "auto", NOBODY, TEMPORARY, "'454 4.7.0 no'"},
    {"{'tls':'starttls','faults':[{'stage':'starttls','do':'inject','text':'250-x\\r\\n250 AUTH "
     "PLAIN\\r\\n235 ok'}]}",
     RELAY_STARTTLS, "auto", NOBODY, REMOTE, "between STARTTLS and TLS"},
    {"{'tls':'starttls','faults':[{'stage':'tls','do':'drop'}]}", RELAY_STARTTLS, "auto", NOBODY,
     TEMPORARY, "while TLS began"},
    {"{'tls':'starttls','faults':[{'stage':'tls','do':'garbage'}]}", RELAY_STARTTLS, "auto", NOBODY,
     REMOTE, "TLS"},
    {"{'tls':'starttls','faults':[{'stage':'tls','do':'hang'}]}", RELAY_STARTTLS, "auto", NOBODY,
     TEMPORARY, " s (TLS)"},
    /* signing in */
    {"{" ALL "}", RELAY_PLAIN, "auto", ANN, NONE, ""},
    {"{" ALL "}", RELAY_PLAIN, "plain", ANN, NONE, ""},
    {"{" ALL "}", RELAY_PLAIN, "login", ANN, NONE, ""},
    {"{" ALL "}", RELAY_PLAIN, "xoauth2", ANN, NONE, ""},
    {"{" ALL "}", RELAY_PLAIN, "oauthbearer", ANN, NONE, ""},
    {"{" ALL ",'tls':'starttls'}", RELAY_STARTTLS, "auto", ANN, NONE, ""},
    {"{" ALL ",'tls':'tls'}", RELAY_TLS, "xoauth2", ANN, NONE, ""},
    {"{}", RELAY_PLAIN, "none", ANN, NONE, ""},
    {"{" ALL "}", RELAY_PLAIN, "none", ANN, DENIED, "530 5.7.0"},
    {"{" ALL "}", RELAY_PLAIN, "auto", "office", "another", DENIED, "sign-in refused for 'office'"},
    {"{" ALL "}", RELAY_PLAIN, "login", "office", "another", DENIED,
     "sign-in refused for 'office'"},
    {"{" ALL "}", RELAY_PLAIN, "xoauth2", "office", "another", DENIED,
     "sign-in refused for 'office'"},
    {"{" ALL "}", RELAY_PLAIN, "oauthbearer", "office", "another", DENIED,
     "sign-in refused for 'office'"},
    {"{" ALL ",'tls':'tls'}", RELAY_TLS, "auto", "office", "another", DENIED, "'535 5.7.8"},
    {"{}", RELAY_PLAIN, "auto", ANN, DENIED, "offers no sign-in"},
    {"{'tls':'starttls'}", RELAY_STARTTLS, "auto", ANN, DENIED, "offers no sign-in"},
    {"{'tls':'tls'}", RELAY_TLS, "xoauth2", ANN, DENIED, "offers no sign-in"},
    {"{'auth':['GSSAPI','NTLM']}", RELAY_PLAIN, "auto", ANN, DENIED, "'GSSAPI NTLM'"},
    {"{'auth':['PLAIN'],'users':{'office':''}}", RELAY_PLAIN, "xoauth2", ANN, DENIED, "'PLAIN'"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'reply','text':'454 4.7.0 busy'}]}", RELAY_PLAIN,
     "auto", ANN, TEMPORARY, "'454 4.7.0 busy'"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'reply','text':'250 fine'}]}", RELAY_PLAIN, "auto",
     ANN, DENIED, ""},
    {"{" ALL ",'faults':[{'stage':'auth','do':'drop'}]}", RELAY_PLAIN, "auto", ANN, TEMPORARY,
     "lost at sign-in"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'rst'}]}", RELAY_PLAIN, "auto", ANN, TEMPORARY,
     "lost at sign-in"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'hang'}]}", RELAY_PLAIN, "auto", ANN, TEMPORARY,
     " s (sign-in)"},
    {"{" ALL ",'faults':[{'stage':'auth','do':'garbage'}]}", RELAY_PLAIN, "auto", ANN, REMOTE,
     "no mail server"},
    /* greeting and EHLO */
    {"{'faults':[{'stage':'greeting','do':'reply','text':'421 4.3.2 busy'}]}", RELAY_PLAIN, "auto",
     NOBODY, TEMPORARY, "'421 4.3.2 busy'"},
    {"{'faults':[{'stage':'greeting','do':'reply','text':'554 5.7.1 go away'}]}", RELAY_PLAIN,
     "auto", NOBODY, REMOTE, "greeting: '554 5.7.1 go away'"},
    {"{'faults':[{'stage':'greeting','do':'drop'}]}", RELAY_PLAIN, "auto", NOBODY, TEMPORARY,
     "lost at greeting"},
    {"{'faults':[{'stage':'greeting','do':'rst'}]}", RELAY_PLAIN, "auto", NOBODY, TEMPORARY,
     "lost at greeting"},
    {"{'faults':[{'stage':'greeting','do':'hang'}]}", RELAY_PLAIN, "auto", NOBODY, TEMPORARY,
     "no greeting within"},
    {"{'faults':[{'stage':'greeting','do':'drip'}]}", RELAY_PLAIN, "auto", NOBODY, TEMPORARY,
     "within"},
    {"{'faults':[{'stage':'greeting','do':'garbage'}]}", RELAY_PLAIN, "auto", NOBODY, REMOTE,
     "no mail server"},
    {"{'faults':[{'stage':'ehlo','do':'reply','text':'550 5.7.1 no'}]}", RELAY_STARTTLS, "auto",
     NOBODY, REMOTE, "EHLO: '550 5.7.1 no'"},
    {"{'faults':[{'stage':'ehlo','do':'reply','text':'421 4.3.2 no','then':'drop'}]}",
     RELAY_STARTTLS, "auto", NOBODY, TEMPORARY, "EHLO: '421 4.3.2 no'"},
    {"{'faults':[{'stage':'ehlo','do':'drop'}]}", RELAY_PLAIN, "auto", NOBODY, TEMPORARY,
     "lost at EHLO"},
    {"{'faults':[{'stage':'ehlo','do':'hang'}]}", RELAY_PLAIN, "auto", NOBODY, TEMPORARY,
     " s (EHLO)"},
    {"{'faults':[{'stage':'ehlo','do':'garbage'}]}", RELAY_PLAIN, "auto", NOBODY, REMOTE,
     "no mail server"},
    {"{'faults':[{'stage':'ehlo','first':1,'do':'reply','text':'502 5.5.1 HELO, please'}]}",
     RELAY_PLAIN, "auto", NOBODY, NONE, ""},
    {"{'faults':[{'stage':'ehlo','first':1,'do':'reply','text':'502 5.5.1 HELO, please'}]}",
     RELAY_PLAIN, "auto", ANN, DENIED, "offers no sign-in"},
};

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
    if (kind != row->error || (error && !strstr(error->message, row->says)))
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
    options.tls = RELAY_STARTTLS;
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

/* --- many letters ------------------------------------------------------------------------------
 */

static void test_many_connections(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(400);
    RelayOptions options = relay_options(0);
    options.connections = 8;
    g_autoptr(GError) error =
        run_script("{'faults':[{'stage':'rcpt','match':'7@','do':'reply','text':'550 5.1.1 who'},"
                   "{'stage':'rcpt','match':'3@','do':'reply','text':'450 4.2.1 later'},"
                   "{'stage':'dot','nth':50,'do':'drop'},"
                   "{'stage':'dot','nth':70,'took':true,'do':'rst'},"
                   "{'stage':'mail','nth':90,'do':'drop'},"
                   "{'stage':'data','nth':110,'do':'garbage'}]}",
                   &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters->told, ==, 400);
    g_assert_cmpuint(letters_count(letters, OUTCOME_REFUSED), ==, 40);
    g_assert_cmpuint(letters_count(letters, OUTCOME_UNKNOWN), ==, 2);
    /* the drop at MAIL costs a letter only if it was the first on its connection */
    guint deferred = letters_count(letters, OUTCOME_DEFERRED);
    g_assert_true(deferred == 41 || deferred == 42);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 400 - 40 - 2 - deferred);
    g_assert_cmpuint(letters->most_in_hand, <=, 8);
    g_assert_cmpint(fake_count(port, "connections"), <=, 8 + 4);
}

static void test_messages_per_connection(void)
{
    static const guint limits[] = {1, 3, 0};
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        guint port;
        g_autoptr(Letters) letters = letters_new(10);
        RelayOptions options = relay_options(0);
        options.messages_per_connection = limits[i];
        g_autoptr(GError) error = run_script("{}", &options, letters, &port);
        g_assert_no_error(error);
        guint want = limits[i] ? (10 + limits[i] - 1) / limits[i] : 1;
        g_assert_cmpint(fake_count(port, "connections"), ==, want);
        g_assert_cmpint(fake_count(port, "quit"), ==, want);
    }
}

/* A server that takes two connections and no more: it goes on with two. */
static void test_too_many_connections(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(100);
    RelayOptions options = relay_options(0);
    options.connections = 6;
    g_autoptr(GError) error = run_script("{'faults':[{'stage':'greeting','after':2,'do':'reply',"
                                         "'text':'421 4.7.0 too many connections','then':'drop'},"
                                         "{'stage':'dot','do':'delay','seconds':0.01}]}",
                                         &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 100);
    g_assert_cmpint(fake_count(port, "connections"), <=, 6);
}

/* One connection that takes long to be opened doesn't hold up the letters on the others. */
static void test_slow_connect(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(30);
    RelayOptions options = relay_options(0);
    options.connections = 2;
    gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error =
        run_script("{'faults':[{'stage':'greeting','nth':1,'do':'delay','seconds':4},"
                   "{'stage':'dot','do':'delay','seconds':0.01}]}",
                   &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 30);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 3500000);
}

/* The relay is restarted: what was under way is told, and nothing is begun where nothing answers.
 */
static void test_gone_for_good(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(10);
    RelayOptions options = relay_options(0);
    g_autoptr(GError) error = run_script("{'faults':[{'stage':'dot','nth':3,'do':'drop'},"
                                         "{'stage':'greeting','after':1,'do':'rst'}]}",
                                         &options, letters, &port);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 2);
    g_assert_cmpuint(letters_count(letters, OUTCOME_UNKNOWN), ==, 1);
    g_assert_cmpuint(letters_count(letters, OUTCOME_UNTRIED), ==, 1);
    g_assert_cmpuint(letters->given, ==, 4);
}

/* Connections that are opened and die before a letter is answered: three, and no more. */
static void test_losses(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(20);
    RelayOptions options = relay_options(0);
    g_autoptr(GError) error =
        run_script("{'faults':[{'stage':'rcpt','after':2,'do':'drop'}]}", &options, letters, &port);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 2);
    g_assert_cmpuint(letters_count(letters, OUTCOME_DEFERRED), ==, 1 + RELAY_LOSSES);
    g_assert_cmpint(fake_count(port, "connections"), ==, 1 + RELAY_LOSSES);
}

/* A letter that kills each connection it comes to goes to another one only once. */
static void test_killer(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(60);
    RelayOptions options = relay_options(0);
    options.connections = 4;
    letters->size = 5001;
    letters->large = 30; /* all connections have shown that they are sound */
    g_autoptr(GError) error =
        run_script("{'faults':[{'stage':'mail','match':'SIZE=50','do':'drop'},"
                   "{'stage':'dot','do':'delay','seconds':0.02}]}",
                   &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 59);
    g_assert_cmpint(letters->letters[30].kind, ==, OUTCOME_DEFERRED);
    g_assert_cmpint(fake_count(port, "mail"), ==, 61);
}

static void test_lone_dot(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(6);
    RelayOptions options = relay_options(0);
    g_autoptr(GError) error =
        run_script("{'lone_dot':true,'faults':[{'stage':'rcpt','match':'r3@','do':'reply',"
                   "'text':'550 5.1.1 who'},{'stage':'rcpt','match':'r4@','do':'reply'}]}",
                   &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 4);
    g_assert_cmpint(letters->letters[3].kind, ==, OUTCOME_REFUSED);
    g_assert_cmpint(letters->letters[4].kind, ==, OUTCOME_DEFERRED);
    g_assert_cmpint(fake_count(port, "connections"), ==, 1);
    g_assert_cmpint(fake_count(port, "rset"), ==, 2);
}

static void test_starttls_vanishes(void)
{
    guint port;
    g_autofree char *ca = fake_file("ca.pem");
    g_autoptr(Letters) letters = letters_new(5);
    RelayOptions options = relay_options(0);
    options.tls = RELAY_STARTTLS;
    options.ca_file = ca;
    options.messages_per_connection = 2;
    g_autoptr(GError) error =
        run_script("{'tls':'starttls','starttls_until':1}", &options, letters, &port);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 2);
    g_assert_cmpuint(letters_count(letters, OUTCOME_UNTRIED), ==, 1);
}

/* The sender is refused while others are under way: they come to their end, and the error is one.
 */
static void test_unwanted(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(100);
    RelayOptions options = relay_options(0);
    options.connections = 4;
    g_autoptr(GError) error =
        run_script("{'faults':[{'stage':'mail','after':20,'do':'reply','text':'550 5.7.1 no'},"
                   "{'stage':'dot','do':'delay','seconds':0.02}]}",
                   &options, letters, &port);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE);
    g_assert_nonnull(strstr(error->message, "'news@example.org': '550 5.7.1 no'"));
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 20);
    g_assert_cmpuint(letters_count(letters, OUTCOME_UNTRIED), ==, letters->given - 20);
    g_assert_cmpuint(letters->given, <=, 24);
}

static void test_quit(void)
{
    static const char *const faults[] = {"'do':'drop'", "'do':'rst'", "'do':'hang'",
                                         "'do':'garbage'", "'do':'reply','text':'500 what'"};
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        guint port;
        g_autofree char *script = g_strdup_printf("{'faults':[{'stage':'quit',%s}]}", faults[i]);
        g_autoptr(Letters) letters = letters_new(3);
        RelayOptions options = relay_options(0);
        gint64 start = g_get_monotonic_time();
        g_autoptr(GError) error = run_script(script, &options, letters, &port);
        g_assert_no_error(error);
        g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 3);
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5000000);
    }
}

static void test_rset(void)
{
    static const char *const faults[] = {"'do':'drop'", "'do':'rst'", "'do':'garbage'",
                                         "'do':'reply','text':'500 what'",
                                         "'do':'reply','text':'421 bye','then':'drop'"};
    for (gsize i = 0; i < G_N_ELEMENTS(faults) * 2; i++) {
        guint port;
        g_autofree char *script = g_strdup_printf(
            "{'extensions':[%s'SIZE'],'faults':[{'stage':'rset',%s},{'stage':'rcpt','nth':2,"
            "'do':'reply','text':'550 5.1.1 who'}]}",
            i % 2 ? "'PIPELINING'," : "", faults[i / 2]);
        g_autoptr(Letters) letters = letters_new(4);
        RelayOptions options = relay_options(0);
        g_autoptr(GError) error = run_script(script, &options, letters, &port);
        g_assert_no_error(error);
        g_assert_cmpint(letters->letters[2].kind, ==, OUTCOME_REFUSED);
        g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 3);
        g_assert_cmpint(fake_count(port, "connections"), ==, 2);
    }
}

static void test_size(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(3);
    RelayOptions options = relay_options(0);
    letters->size = 5001;
    g_autoptr(GError) error = run_script("{'extensions':['SIZE 5000']}", &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpint(letters->letters[2].kind, ==, OUTCOME_REFUSED);
    g_assert_cmpstr(letters->letters[2].enhanced, ==, "5.3.4");
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 2);
}

/* A 20 MB message through TLS, where a send is taken piecemeal. */
static void test_large(void)
{
    guint port;
    g_autofree char *ca = fake_file("ca.pem");
    g_autoptr(Letters) letters = letters_new(3);
    RelayOptions options = relay_options(0);
    options.tls = RELAY_STARTTLS;
    options.ca_file = ca;
    letters->size = 20 << 20;
    g_autoptr(GError) error =
        run_script("{'tls':'starttls','extensions':['SIZE']}", &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 3);
}

/* --- waiting and stopping -----------------------------------------------------------------------
 */

static void test_wait(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(4);
    RelayOptions options = relay_options(0);
    letters->pause = 150000;
    gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error = run_script("{}", &options, letters, &port);
    gint64 took = g_get_monotonic_time() - start;
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 4);
    g_assert_cmpint(took, >=, 4 * 150000);
    g_assert_cmpint(took, <, 3000000);
    g_assert_cmpint(fake_count(port, "connections"), ==, 1);
}

/* The process stands still for longer than the time limit; the answers that came meanwhile count.
 */
static void test_frozen(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(6);
    RelayOptions options = relay_options(0);
    options.connections = 3;
    options.timeout = 3;
    letters->freeze_at = 5;
    letters->freeze = 3500000;
    g_autoptr(GError) error = run_script("{'faults':[{'stage':'dot','do':'delay','seconds':0.3}]}",
                                         &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 6);
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

/* Breaks off at once wherever it is, and the one under way has the outcome that is true. */
static void test_stop(void)
{
    static const struct {
        const char *stage;
        int kind; /* of the first letter */
    } table[] = {{"greeting", OUTCOME_UNTRIED}, {"auth", OUTCOME_UNTRIED},
                 {"mail", OUTCOME_DEFERRED},    {"rcpt", OUTCOME_DEFERRED},
                 {"data", OUTCOME_DEFERRED},    {"dot", OUTCOME_UNKNOWN}};
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *script =
            g_strdup_printf("{" ALL ",'faults':[{'stage':'%s','do':'hang'}]}", table[i].stage);
        guint port;
        g_autoptr(Letters) letters = letters_new(5);
        RelayOptions options = relay_options(0);
        options.user = "office";
        options.secret_user = (char *)"s3cret word";
        letters->stop_time = g_get_monotonic_time() + 400000;
        g_autoptr(GError) error = run_script(script, &options, letters, &port);
        g_assert_no_error(error);
        g_assert_cmpint(g_get_monotonic_time() - letters->stop_time, <, 1000000);
        g_assert_cmpuint(letters->given, ==, 1);
        g_assert_cmpint(letters->letters[1].kind, ==, table[i].kind);
    }
}

static void test_stop_between(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(50);
    RelayOptions options = relay_options(0);
    letters->stop_at = 7;
    g_autoptr(GError) error = run_script("{}", &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters->told, ==, letters->given);
    g_assert_cmpuint(letters->told, <=, 8);
}

static void test_nothing_to_do(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(0);
    RelayOptions options = relay_options(0);
    g_autoptr(GError) error = run_script("{}", &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpint(fake_count(port, "connections"), ==, 0);
}

static void test_injection(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(2);
    RelayOptions options = relay_options(0);
    letters->sender = "a@example.org>\r\nRCPT TO:<victim@example.org";
    g_autoptr(GError) error = run_script("{}", &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_REFUSED), ==, 2);
    g_assert_cmpint(fake_count(port, "mail"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/relay/trace", test_trace); /* sets the environment: before any thread */
    g_test_add_func("/relay/before", test_before);
    g_test_add_func("/relay/nowhere", test_nowhere);
    g_test_add_func("/relay/no-authorities", test_no_authorities);
    g_test_add_func("/relay/no-secret", test_no_secret);
    g_test_add_func("/relay/options", test_options);
    g_test_add_func("/relay/many-connections", test_many_connections);
    g_test_add_func("/relay/messages-per-connection", test_messages_per_connection);
    g_test_add_func("/relay/too-many-connections", test_too_many_connections);
    g_test_add_func("/relay/slow-connect", test_slow_connect);
    g_test_add_func("/relay/gone-for-good", test_gone_for_good);
    g_test_add_func("/relay/losses", test_losses);
    g_test_add_func("/relay/killer", test_killer);
    g_test_add_func("/relay/lone-dot", test_lone_dot);
    g_test_add_func("/relay/starttls-vanishes", test_starttls_vanishes);
    g_test_add_func("/relay/unwanted", test_unwanted);
    g_test_add_func("/relay/quit", test_quit);
    g_test_add_func("/relay/rset", test_rset);
    g_test_add_func("/relay/size", test_size);
    g_test_add_func("/relay/large", test_large);
    g_test_add_func("/relay/wait", test_wait);
    g_test_add_func("/relay/frozen", test_frozen);
    g_test_add_func("/relay/stop", test_stop);
    g_test_add_func("/relay/stop-between", test_stop_between);
    g_test_add_func("/relay/nothing-to-do", test_nothing_to_do);
    g_test_add_func("/relay/injection", test_injection);
    int status = g_test_run();
    fake_stop();
    return status;
}
