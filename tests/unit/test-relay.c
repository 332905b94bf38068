/* test-relay - the relay's side of the seam's contract: many letters, many connections, waiting,
 * stopping */
#include "fake-smtp.h"

static GError *run_script(const char *script, RelayOptions *options, Letters *letters, guint *port)
{
    GError *error = NULL;
    *port = fake_serve(script);
    options->port = letters->stop_port = *port;
    gboolean ok = relay_run(options, letters, &error);
    g_assert_cmpint(ok, ==, error == NULL);
    g_autofree char *wrong = letters_account(letters, *port);
    if (wrong)
        g_error("%s: %s", script, wrong);
    return error;
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
    /* a drop before the dot costs a letter only if it was the first on its connection */
    guint deferred = letters_count(letters, OUTCOME_DEFERRED);
    g_assert_true(deferred >= 40 && deferred <= 42);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 400 - 40 - 2 - deferred);
    g_assert_cmpuint(letters->most_in_hand, <=, 8);
    g_assert_cmpint(fake_count(port, "connections"), <=, 8 + 4);
}

/* The same with the next letter's commands sent behind the end of the one before: two in hand a
 * connection, and a connection that is lost costs no letter that was not begun. */
static void test_overlap(void)
{
    static const char *const endings[] = {"drop", "rst"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        guint port;
        g_autoptr(Letters) letters = letters_new(300);
        RelayOptions options = relay_options(0);
        options.connections = 3;
        options.overlap = TRUE;
        g_autofree char *script = g_strdup_printf(
            "{'faults':[{'stage':'rcpt','match':'7@','do':'reply','text':'550 5.1.1 who'},"
            "{'stage':'rcpt','match':'3@','do':'reply','text':'450 4.2.1 later'},"
            "{'stage':'dot','match':'5@','do':'reply','text':'554 5.7.1 no'},"
            /* By its recipient: which letter is the fiftieth is for the scheduler to say. */
            "{'stage':'dot','match':'r101@','do':'%s'}]}",
            endings[i]);
        g_autoptr(GError) error = run_script(script, &options, letters, &port);
        g_assert_no_error(error);
        g_assert_cmpuint(letters->told, ==, 300);
        g_assert_cmpuint(letters_count(letters, OUTCOME_REFUSED), ==, 60);
        g_assert_cmpuint(letters_count(letters, OUTCOME_DEFERRED), ==, 30);
        g_assert_cmpuint(letters_count(letters, OUTCOME_UNKNOWN), ==, 1);
        g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 300 - 60 - 30 - 1);
        g_assert_cmpuint(letters->most_in_hand, >, 3);
        g_assert_cmpuint(letters->most_in_hand, <=, 6);
    }
}

static void test_messages_per_connection(void)
{
    static const guint limits[] = {1, 3, 0};
    for (gsize i = 0; i < G_N_ELEMENTS(limits) * 2; i++) {
        guint port;
        g_autoptr(Letters) letters = letters_new(10);
        RelayOptions options = relay_options(0);
        options.messages_per_connection = limits[i / 2];
        options.overlap = i % 2;
        g_autoptr(GError) error = run_script("{}", &options, letters, &port);
        g_assert_no_error(error);
        guint want = limits[i / 2] ? (10 + limits[i / 2] - 1) / limits[i / 2] : 1;
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
    g_assert_cmpuint(letters_count(letters, OUTCOME_DEFERRED), ==, RELAY_LOSSES);
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
                   "'text':'550 5.1.1 who'},{'stage':'rcpt','match':'r4@','do':'reply','text':'450 "
                   "4.2.1 later'}]}",
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
    options.tls = TLS_STARTTLS;
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

/* A server that takes so many letters a session and refuses the next one, whatever it says and
 * where: all are sent in one run, and from the third connection on nothing is refused any more. */
static void test_limit_of_a_session(void)
{
    static const char *const refusals[] = {
        "'stage':'mail','text':'452 4.5.3 too many messages'",
        "'stage':'mail','text':'550 5.7.0 enough for once'",
        "'stage':'mail','text':'221 2.0.0 bye','then':'drop'",
        "'stage':'rcpt','text':'452 4.5.3 too many recipients'",
        "'stage':'rcpt','text':'554 5.7.1 enough for once'",
        "'stage':'data','text':'421 4.7.0 enough','then':'drop'",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refusals) * 2; i++) {
        guint port;
        g_autofree char *script =
            g_strdup_printf("{'faults':[{'per_session':5,'do':'reply',%s}]}", refusals[i / 2]);
        g_autoptr(Letters) letters = letters_new(50);
        RelayOptions options = relay_options(0);
        options.overlap = i % 2;
        g_autoptr(GError) error = run_script(script, &options, letters, &port);
        g_assert_no_error(error);
        g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 50);
        g_assert_cmpint(fake_count(port, "connections"), ==, 10);
    }
}

/* A refusal that a new connection has answered, too, costs no further ones. */
static void test_moved_once_a_refusal(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(60);
    RelayOptions options = relay_options(0);
    g_autoptr(GError) error =
        run_script("{'faults':[{'stage':'rcpt','match':'7@','do':'reply','text':'550 relay not "
                   "permitted'}]}",
                   &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpuint(letters_count(letters, OUTCOME_REFUSED), ==, 6);
    g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 54);
    g_assert_cmpint(fake_count(port, "connections"), ==, 2);
}

/* Commands out of step are the conversation's fault, on a new connection as well. */
static void test_out_of_step(void)
{
    static const char *const texts[] = {"503 5.5.1 need MAIL", "500 what?"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        guint port;
        g_autoptr(Letters) letters = letters_new(3);
        RelayOptions options = relay_options(0);
        g_autofree char *script = g_strdup_printf(
            "{'faults':[{'stage':'rcpt','match':'r1@','do':'reply','text':'%s'}]}", texts[i]);
        g_autoptr(GError) error = run_script(script, &options, letters, &port);
        g_assert_no_error(error);
        g_assert_cmpint(letters->letters[1].kind, ==, OUTCOME_DEFERRED);
        g_assert_cmpuint(letters_count(letters, OUTCOME_SENT), ==, 2);
        g_assert_cmpint(fake_count(port, "connections"), ==, 2);
    }
}

/* A mistyped password and many connections: one sign-in. */
static void test_one_sign_in(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(40);
    RelayOptions options = relay_options(0);
    options.connections = 12;
    options.user = "office";
    options.secret_user = (char *)"mistyped";
    g_autoptr(GError) error =
        run_script("{'auth':['PLAIN'],'users':{'office':'s3cret word'}}", &options, letters, &port);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED);
    g_assert_cmpint(fake_count(port, "auth"), ==, 1);
    g_assert_cmpuint(letters_count(letters, OUTCOME_UNTRIED), ==, letters->given);
}

/* The answer to a whole letter has a time limit of its own. */
static void test_final_timeout(void)
{
    guint port;
    g_autoptr(Letters) letters = letters_new(2);
    RelayOptions options = relay_options(0);
    options.timeout = 1;
    options.final = 4;
    g_autoptr(GError) error = run_script("{'faults':[{'stage':'dot','nth':1,'do':'delay',"
                                         "'seconds':2},{'stage':'dot','do':'hang'}]}",
                                         &options, letters, &port);
    g_assert_no_error(error);
    g_assert_cmpint(letters->letters[1].kind, ==, OUTCOME_SENT);
    g_assert_cmpint(letters->letters[2].kind, ==, OUTCOME_UNKNOWN);
    g_assert_nonnull(strstr(letters->letters[2].text, "no answer within 4 s"));
    g_assert_cmpuint(relay_final_timeout(&(RelayOptions){.timeout = 3}), ==, 600);
    g_assert_cmpuint(relay_final_timeout(&(RelayOptions){.timeout = 900}), ==, 900);
    g_assert_cmpuint(relay_final_timeout(&(RelayOptions){.timeout = 900, .final = 20}), ==, 20);
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
    options.tls = TLS_STARTTLS;
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
            g_strdup_printf("{'auth':['PLAIN'],'users':{'office':'s3cret word'},"
                            "'faults':[{'stage':'%s','do':'hang'}]}",
                            table[i].stage);
        guint port;
        g_autoptr(Letters) letters = letters_new(5);
        RelayOptions options = relay_options(0);
        options.user = "office";
        options.secret_user = (char *)"s3cret word";
        letters->stop_stage = table[i].stage;
        g_autoptr(GError) error = run_script(script, &options, letters, &port);
        g_assert_no_error(error);
        /* At once: far within the 60 s that a silent server is waited for. */
        g_assert_cmpint(letters->stopped, !=, 0);
        g_assert_cmpint(g_get_monotonic_time() - letters->stopped, <, 20 * G_USEC_PER_SEC);
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
    g_test_add_func("/relay/many-connections", test_many_connections);
    g_test_add_func("/relay/overlap", test_overlap);
    g_test_add_func("/relay/messages-per-connection", test_messages_per_connection);
    g_test_add_func("/relay/too-many-connections", test_too_many_connections);
    g_test_add_func("/relay/slow-connect", test_slow_connect);
    g_test_add_func("/relay/gone-for-good", test_gone_for_good);
    g_test_add_func("/relay/losses", test_losses);
    g_test_add_func("/relay/killer", test_killer);
    g_test_add_func("/relay/lone-dot", test_lone_dot);
    g_test_add_func("/relay/starttls-vanishes", test_starttls_vanishes);
    g_test_add_func("/relay/unwanted", test_unwanted);
    g_test_add_func("/relay/limit-of-a-session", test_limit_of_a_session);
    g_test_add_func("/relay/moved-once-a-refusal", test_moved_once_a_refusal);
    g_test_add_func("/relay/out-of-step", test_out_of_step);
    g_test_add_func("/relay/one-sign-in", test_one_sign_in);
    g_test_add_func("/relay/final-timeout", test_final_timeout);
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
