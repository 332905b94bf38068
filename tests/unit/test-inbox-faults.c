/* test-inbox-faults - servers that drop, stall, drip, lie and attack
 *
 * Each case runs all that an inbox can do until the first error, which must be of the right kind,
 * say the right words, come in time, and never hold the secret.
 */
#include "fake-imap.h"

enum { OK = -1 };
enum { TEMPORARY = CIRCULAR_ERROR_TEMPORARY, REMOTE = CIRCULAR_ERROR_REMOTE };
enum { DENIED = CIRCULAR_ERROR_DENIED, GONE = CIRCULAR_ERROR_NOINPUT };

/* A server with one message and one fault. */
#define ONE(stage, doing, text)                                                                    \
    "{'folders': {'INBOX': ['hello']}, 'faults': [{'stage': '" stage "', 'do': '" doing            \
    "', 'text': '" text "'}]}"
#define TLS(tls, cert, stage, doing, text)                                                         \
    "{'tls': '" tls "', 'cert': '" cert                                                            \
    "', 'folders': {'INBOX': ['hello']}, 'faults': [{'stage': '" stage "', 'do': '" doing          \
    "', 'text': '" text "'}]}"
#define FETCH(head, bytes)                                                                         \
    ONE("uid fetch", "raw", "* 1 FETCH (UID 1 " head "\\r\\n" bytes ")\\r\\nTAG OK done\\r\\n")

typedef struct {
    const char *name, *script;
    Tls tls;
    int kind;
    const char *words;
    gboolean is_usable; /* after it */
} Case;

/* "%N(" in a script stands for N times "(". */
static const Case cases[] = {
    {"nothing wrong", ONE("x", "no", ""), TLS_NONE, OK, "", TRUE},
    {"greeting: drop", ONE("greeting", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"greeting: silence", ONE("greeting", "hang", ""), TLS_NONE, TEMPORARY, "no answer within",
     FALSE},
    {"greeting: web server", ONE("greeting", "raw", "HTTP/1.1 400 Bad Request\\r\\n\\r\\n"),
     TLS_NONE, REMOTE, "no IMAP", FALSE},
    {"greeting: garbage", ONE("greeting", "raw", "\\u0000\\u00ff(((\\r\\n"), TLS_NONE, REMOTE, "",
     FALSE},
    {"greeting: BYE", ONE("greeting", "raw", "* BYE too busy\\r\\n"), TLS_NONE, TEMPORARY,
     "too busy", FALSE},
    {"greeting: PREAUTH", ONE("greeting", "raw", "* PREAUTH welcome\\r\\n"), TLS_NONE, REMOTE,
     "PREAUTH", FALSE},
    {"greeting: endless", ONE("greeting", "flood", "* OK AAAAAAAAAAAAAAAAAAAAAAAAAA"), TLS_NONE,
     REMOTE, "more than", FALSE},
    {"greeting: drip", ONE("greeting", "drip", "* OK slow"), TLS_NONE, TEMPORARY, "too slow",
     FALSE},
    {"capability: BAD", ONE("capability", "bad", "what"), TLS_NONE, REMOTE, "what", FALSE},
    {"capability: none", ONE("capability", "raw", "TAG OK done\\r\\n"), TLS_NONE, OK, "", TRUE},
    {"capability: other tag", ONE("capability", "raw", "999 OK done\\r\\n"), TLS_NONE, REMOTE, "",
     FALSE},
    {"sign-in: NO", ONE("authenticate", "no", "not you"), TLS_NONE, DENIED, "not you", FALSE},
    {"sign-in: later", ONE("authenticate", "no", "[UNAVAILABLE] database is down"), TLS_NONE,
     TEMPORARY, "database", FALSE},
    {"sign-in: echo", ONE("authenticate", "no", "password s3cret-word is wrong"), TLS_NONE, DENIED,
     "refused", FALSE},
    {"sign-in: echo in BAD", ONE("authenticate", "bad", "AHVzZXIAczNjcmV0LXdvcmQ= is wrong"),
     TLS_NONE, REMOTE, "***", FALSE},
    {"sign-in: echo in BYE", ONE("authenticate", "raw", "* BYE s3cret-word\\r\\n"), TLS_NONE,
     TEMPORARY, "***", FALSE},
    {"sign-in: endless challenges",
     ONE("authenticate", "raw", "+ \\r\\n+ \\r\\n+ \\r\\n+ \\r\\n+ \\r\\n+ \\r\\n"), TLS_NONE,
     REMOTE, "", FALSE},
    {"sign-in: drop", ONE("authenticate", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"sign-in: silence", ONE("authenticate", "hang", ""), TLS_NONE, TEMPORARY, "no answer within",
     FALSE},
    {"list: nested", ONE("list", "raw", "* LIST (%100000( \\\"/\\\" INBOX\\r\\nTAG OK done\\r\\n"),
     TLS_NONE, REMOTE, "", FALSE},
    {"list: control character as separator",
     ONE("list", "raw", "* LIST () \\\"\\u0001\\\" \\\"\\\"\\r\\nTAG OK done\\r\\n"), TLS_NONE,
     REMOTE, "", FALSE},
    {"create: NO", ONE("create", "no", "not here"), TLS_NONE, DENIED, "not here", FALSE},
    {"create: drop", ONE("create", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"subscribe: NO", ONE("subscribe", "no", "no such thing"), TLS_NONE, OK, "", TRUE},
    {"subscribe: drop", ONE("subscribe", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"select: NO", ONE("select", "no", "[NONEXISTENT] no such folder"), TLS_NONE, DENIED,
     "no such folder", FALSE},
    {"select: no UIDVALIDITY",
     ONE("select", "raw", "* 1 EXISTS\\r\\nTAG OK [READ-WRITE] done\\r\\n"), TLS_NONE, REMOTE,
     "UIDVALIDITY", FALSE},
    {"select: read-only",
     ONE("select", "raw", "* OK [UIDVALIDITY 7] x\\r\\nTAG OK [READ-ONLY] done\\r\\n"), TLS_NONE,
     DENIED, "only be read", FALSE},
    {"select: strange status",
     ONE("select", "raw", "* STATUS INBOX ()\\r\\n* STATUS INBOX\\r\\nTAG OK x\\r\\n"), TLS_NONE,
     REMOTE, "", FALSE},
    {"noop: BYE", ONE("noop", "raw", "* BYE going down\\r\\n"), TLS_NONE, TEMPORARY, "going down",
     FALSE},
    {"noop: BYE with the answer", ONE("noop", "raw", "* BYE going down\\r\\nTAG OK done\\r\\n"),
     TLS_NONE, TEMPORARY, "going down", FALSE},
    {"search: drop", ONE("uid search", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"search: half a line and drop", ONE("uid search", "raw", "* SEARCH 1 2"), TLS_NONE, TEMPORARY,
     "no answer within", FALSE},
    {"search: endless", ONE("uid search", "flood", "* SEARCH 1 2 3 4 5 6 7 8 9\\r\\n"), TLS_NONE,
     REMOTE, "more than", FALSE},
    {"search: garbage", ONE("uid search", "raw", "\\u00ff\\u00fe\\r\\n"), TLS_NONE, REMOTE, "",
     FALSE},
    {"search: number too large",
     ONE("uid search", "raw", "* SEARCH 99999999999999999999\\r\\nTAG OK done\\r\\n"), TLS_NONE, OK,
     "", TRUE},
    {"search: NO", ONE("uid search", "no", "not now"), TLS_NONE, DENIED, "not now", TRUE},
    {"search: UIDVALIDITY changes",
     ONE("uid search", "before", "* OK [UIDVALIDITY 8] made anew\\r\\n"), TLS_NONE, TEMPORARY,
     "UIDVALIDITY", FALSE},
    {"search: literal where none belongs",
     ONE("uid search", "raw", "* OK see {60000}\\r\\nTAG OK done\\r\\n"), TLS_NONE, OK, "", TRUE},
    {"search: BODYSTRUCTURE that nobody asked for",
     ONE("uid search", "raw", "* 1 FETCH (BODYSTRUCTURE (%200000("), TLS_NONE, REMOTE, "deep",
     FALSE},
    {"fetch: 4 GB", FETCH("BODY[]<0> {4294967295}", "x"), TLS_NONE, REMOTE, "announces", FALSE},
    {"fetch: 2 GB", FETCH("BODY[] {2000000000}", "x"), TLS_NONE, REMOTE, "announces", FALSE},
    {"fetch: size beyond 64 bits", FETCH("BODY[] {99999999999999999999999}", "x"), TLS_NONE, REMOTE,
     "announces", FALSE},
    {"fetch: negative size", FETCH("BODY[] {-5}", "x"), TLS_NONE, REMOTE, "", FALSE},
    {"fetch: longer than asked for", FETCH("RFC822.SIZE 5 BODY[]<0> {70000}", "%70000x"), TLS_NONE,
     REMOTE, "another part", FALSE},
    {"fetch: more in a literal than said", FETCH("BODY[]<0> {5}", "hello and more"), TLS_NONE,
     REMOTE, "", FALSE},
    {"fetch: less in a literal than said", FETCH("BODY[]<0> {500}", "hello"), TLS_NONE, TEMPORARY,
     "no answer within", FALSE},
    {"fetch: no literal", FETCH("BODY[]<0> \\\"hello\\\"", ""), TLS_NONE, REMOTE, "", FALSE},
    {"fetch: other message",
     ONE("uid fetch", "raw", "* 2 FETCH (UID 2 BODY[]<0> {5}\\r\\nhello)\\r\\nTAG OK done\\r\\n"),
     TLS_NONE, REMOTE, "another message", FALSE},
    {"fetch: without UID",
     ONE("uid fetch", "raw", "* 1 FETCH (BODY[]<0> {5}\\r\\nhello)\\r\\nTAG OK done\\r\\n"),
     TLS_NONE, REMOTE, "another message", FALSE},
    {"fetch: twice",
     ONE("uid fetch", "raw",
         "* 1 FETCH (UID 1 BODY[]<0> {5}\\r\\nhello)\\r\\n"
         "* 1 FETCH (UID 1 BODY[]<0> {5}\\r\\nother)\\r\\nTAG OK done\\r\\n"),
     TLS_NONE, REMOTE, "another message", FALSE},
    {"fetch: others' flags between",
     ONE("uid fetch", "before",
         "* 7 EXISTS\\r\\n* 2 FETCH (FLAGS (\\\\Seen) UID 2)\\r\\n* 1 FETCH (FLAGS ())\\r\\n"),
     TLS_NONE, OK, "", TRUE},
    {"fetch: gone", ONE("uid fetch", "raw", "TAG OK done\\r\\n"), TLS_NONE, GONE, "gone", TRUE},
    {"fetch: NO", ONE("uid fetch", "no", "damaged"), TLS_NONE, DENIED, "damaged", TRUE},
    {"fetch: drop within", ONE("uid fetch", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"fetch: drip", ONE("uid fetch", "drip", "* 1 FETCH (UID 1 BODY[]<0> {60000}\\r\\nhello hello"),
     TLS_NONE, TEMPORARY, "too slow", FALSE},
    {"fetch: nested", FETCH("BODYSTRUCTURE (%200000(", ""), TLS_NONE, REMOTE, "deep", FALSE},
    {"fetch: nested, hidden in what looks like a body",
     ONE("uid fetch", "raw",
         "* 1 FETCH (nonsense BODY[] {60000}\\r\\n* 1 FETCH (UID 1 BODYSTRUCTURE (%59000("),
     TLS_NONE, REMOTE, "", FALSE},
    {"fetch: nested, hidden in a text",
     ONE("uid fetch", "raw", "* OK BODY[] {60000}\\r\\n* 1 FETCH (UID 1 BODYSTRUCTURE (%59000("),
     TLS_NONE, REMOTE, "deep", FALSE},
    {"fetch: nested, as deep as may be", FETCH("BODYSTRUCTURE %998(", "%998)"), TLS_NONE, REMOTE,
     "", FALSE},
    {"move: NO", ONE("uid move", "no", "[OVERQUOTA] full"), TLS_NONE, DENIED, "full", TRUE},
    {"move: NO that passes", ONE("uid move", "no", "[INUSE] locked"), TLS_NONE, TEMPORARY, "locked",
     TRUE},
    {"move: drop", ONE("uid move", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"move: done, and drop", ONE("uid move", "after", ""), TLS_NONE, TEMPORARY, "", FALSE},
    {"idle: NO", ONE("idle", "no", "not today"), TLS_NONE, REMOTE, "", FALSE},
    {"idle: silence", ONE("idle", "hang", ""), TLS_NONE, TEMPORARY, "no answer within", FALSE},
    {"idle: drop", ONE("idle", "drop", ""), TLS_NONE, TEMPORARY, "closed", FALSE},
    {"idle: BYE", ONE("idle", "raw", "+ idling\\r\\n* BYE autologout\\r\\n"), TLS_NONE, TEMPORARY,
     "autologout", FALSE},
    {"idle: garbage", ONE("idle", "raw", "+ idling\\r\\n\\u00ff((\\r\\n"), TLS_NONE, REMOTE, "",
     FALSE},
    {"idle: endless", ONE("idle", "flood", "+ idling\\r\\n* OK here\\r\\n"), TLS_NONE, REMOTE,
     "more than", FALSE},
    {"idle: DONE unheard", ONE("done", "hang", ""), TLS_NONE, TEMPORARY, "no answer within", FALSE},
    {"logout: silence", ONE("logout", "hang", ""), TLS_NONE, OK, "", TRUE},

    {"tls", TLS("tls", "good", "x", "no", ""), TLS_IMPLICIT, OK, "", TRUE},
    {"starttls", TLS("starttls", "good", "x", "no", ""), TLS_STARTTLS, OK, "", TRUE},
    {"tls: expired", TLS("tls", "expired", "x", "no", ""), TLS_IMPLICIT, REMOTE, "expired", FALSE},
    {"tls: other host", TLS("tls", "wronghost", "x", "no", ""), TLS_IMPLICIT, REMOTE,
     "another host", FALSE},
    {"tls: self-signed", TLS("tls", "selfsigned", "x", "no", ""), TLS_IMPLICIT, REMOTE, "signed by",
     FALSE},
    {"starttls: expired", TLS("starttls", "expired", "x", "no", ""), TLS_STARTTLS, REMOTE,
     "expired", FALSE},
    {"starttls: other host", TLS("starttls", "wronghost", "x", "no", ""), TLS_STARTTLS, REMOTE,
     "another host", FALSE},
    {"starttls: self-signed", TLS("starttls", "selfsigned", "x", "no", ""), TLS_STARTTLS, REMOTE,
     "signed by", FALSE},
    {"tls: old", "{'tls': 'tls', 'old_tls': true}", TLS_IMPLICIT, REMOTE, "TLS", FALSE},
    {"tls: silence", TLS("tls", "good", "tls", "hang", ""), TLS_IMPLICIT, TEMPORARY,
     "no answer within", FALSE},
    {"tls: drop", TLS("tls", "good", "tls", "drop", ""), TLS_IMPLICIT, TEMPORARY, "lost", FALSE},
    {"tls: garbage", TLS("tls", "good", "tls", "raw", "* OK I speak no TLS\\r\\n"), TLS_IMPLICIT,
     REMOTE, "TLS", FALSE},
    {"tls at a server without", ONE("x", "no", ""), TLS_IMPLICIT, REMOTE, "TLS", FALSE},
    {"no TLS at a server with", TLS("tls", "good", "x", "no", ""), TLS_NONE, TEMPORARY,
     "no answer within", FALSE},
    {"starttls: at a server without", ONE("x", "no", ""), TLS_STARTTLS, REMOTE, "STARTTLS", FALSE},
    {"starttls: NO", TLS("starttls", "good", "starttls", "no", "not today"), TLS_STARTTLS, REMOTE,
     "not today", FALSE},
    {"starttls: PREAUTH", TLS("starttls", "good", "greeting", "raw", "* PREAUTH hello\\r\\n"),
     TLS_STARTTLS, REMOTE, "PREAUTH", FALSE},
    {"starttls: injected answers",
     TLS("starttls", "good", "starttls", "raw",
         "TAG OK begin\\r\\n2 OK [CAPABILITY IMAP4rev1] injected\\r\\n"),
     TLS_STARTTLS, REMOTE, "interfering", FALSE},
    {"starttls: half a line injected",
     TLS("starttls", "good", "starttls", "raw", "TAG OK begin\\r\\n2 OK"), TLS_STARTTLS, REMOTE,
     "interfering", FALSE},
    {"starttls: drop", TLS("starttls", "good", "starttls", "drop", ""), TLS_STARTTLS, TEMPORARY,
     "closed", FALSE},
    {"starttls: silence instead of TLS",
     TLS("starttls", "good", "starttls", "raw", "TAG OK begin\\r\\n"), TLS_STARTTLS, TEMPORARY,
     "no answer within", FALSE},
    {"starttls: BYE within", TLS("starttls", "good", "noop", "raw", "* BYE later\\r\\n"),
     TLS_STARTTLS, TEMPORARY, "later", FALSE},
};

static char case_secret[] = "s3cret-word";

/* The script with what it stands for, and the secret that is right. */
static char *expanded(const char *script)
{
    GString *text = g_string_new("{'users': {'user': 's3cret-word'}, ");
    for (const char *p = script + 1; *p; p++) {
        if (*p != '%') {
            g_string_append_c(text, *p);
            continue;
        }
        char *what;
        guint64 count = g_ascii_strtoull(p + 1, &what, 10);
        while (count--)
            g_string_append_c(text, *what);
        p = what;
    }
    return g_string_free(text, FALSE);
}

/* All that an inbox does, until the first error. */
static gboolean use(Inbox *inbox, GError **error)
{
    g_autoptr(GArray) uids = inbox_list(inbox, 0, error);
    if (!uids)
        return FALSE;
    g_autoptr(GBytes) bytes = inbox_fetch(inbox, 1, NULL, error);
    if (!bytes || !inbox_move(inbox, 1, INBOX_PROCESSED, error))
        return FALSE;
    return inbox_wait(inbox, 1, NULL, NULL, error) != INBOX_FAILED;
}

static char *wrong_with(const Case *one, const GError *error, gboolean is_usable, double limits)
{
    if (!error)
        return one->kind == OK ? NULL : g_strdup("no error");
    if (one->kind != (int)error->code || !strstr(error->message, one->words) ||
        strstr(error->message, case_secret) || strchr(error->message, '\n'))
        return g_strdup_printf("%d: %s", error->code, error->message);
    if (is_usable != one->is_usable)
        return g_strdup_printf("usable: %d", is_usable);
    return limits > 10 ? g_strdup_printf("it took %.1f of its time limits", limits) : NULL;
}

static char *check(const Case *one, guint timeout)
{
    g_autofree char *script = expanded(one->script);
    InboxOptions options = inbox_options(fake_serve(script));
    options.tls = one->tls;
    options.timeout = timeout;
    options.secret_user = case_secret;
    g_autoptr(GError) error = NULL, again = NULL;
    gint64 since = g_get_monotonic_time();
    Inbox *inbox = inbox_open(&options, &error);
    gboolean is_usable = FALSE;
    if (inbox) {
        use(inbox, &error);
        is_usable = inbox_is_usable(inbox);
        /* A broken one says the same again. */
        g_autoptr(GArray) uids = is_usable ? NULL : inbox_list(inbox, 0, &again);
        if (!is_usable &&
            (uids || !again || !error || !g_str_equal(again->message, error->message)))
            return g_strdup("it doesn't say the same again");
    }
    inbox_close(inbox);
    return wrong_with(one, error, is_usable, (g_get_monotonic_time() - since) / 1e6 / timeout);
}

/* --- side by side: most of them wait for a time limit ---------------------------------------- */

static gint next_case;
static char *wrong[G_N_ELEMENTS(cases)];

static gpointer work(gpointer data)
{
    for (;;) {
        guint i = (guint)g_atomic_int_add(&next_case, 1);
        if (i >= G_N_ELEMENTS(cases))
            return data;
        wrong[i] = check(&cases[i], 1);
    }
}

static void test_cases(void)
{
    GThread *threads[8];
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("case", work, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *said = wrong[i];
        /* On a busy machine a time limit of a second may only have been too short. */
        for (guint timeout = 5; said && timeout <= 45; timeout *= 3) {
            g_free(said);
            said = check(&cases[i], timeout);
        }
        if (said) {
            g_test_message("%s: %s", cases[i].name, said);
            g_test_fail();
        }
        g_free(said);
    }
}

/* --- nobody there ---------------------------------------------------------------------------- */

static void test_unreachable(void)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "nowhere.invalid", "a..b"};
    for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
        InboxOptions options = inbox_options(1);
        options.host = hosts[i];
        options.timeout = 2;
        g_autoptr(GError) error = NULL;
        g_assert_null(inbox_open(&options, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
        g_assert_has(error->message, hosts[i]);
    }
}

static void test_trust(void)
{
    guint port = fake_serve("{'tls': 'tls'}");
    InboxOptions options = inbox_options(port);
    options.tls = TLS_IMPLICIT;
    options.host = "127.0.0.1"; /* an address that stands in the certificate */
    g_autoptr(GError) error = NULL;
    g_autoptr(Inbox) inbox = inbox_open(&options, &error);
    g_assert_no_error(error);
    g_assert_true(inbox_is_usable(inbox));

    options.ca_file = "no-such-file";
    g_assert_null(inbox_open(&options, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_clear_error(&error);

    options.ca_file = NULL; /* this machine doesn't trust the test's authority */
    g_assert_null(inbox_open(&options, &error));
    g_assert_true(error->code == CIRCULAR_ERROR_REMOTE || error->code == CIRCULAR_ERROR_CONFIG);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/inbox-faults/cases", test_cases);
    g_test_add_func("/inbox-faults/unreachable", test_unreachable);
    g_test_add_func("/inbox-faults/trust", test_trust);
    int status = g_test_run();
    fake_stop();
    return status;
}
