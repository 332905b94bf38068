/* test-tlsstream - the stream under libetpan by itself: what is verified, how long it waits, what
 * it keeps to itself */
#include "base/clock.h"
#include "imap/tlsstream.h"
#include "fake-imap.h"

static TlsStream *connected(const char *script, guint timeout)
{
    g_autoptr(GError) error = NULL;
    TlsStream *stream = tlsstream_connect("localhost", fake_serve(script), timeout, &error);
    g_assert_no_error(error);
    return stream;
}

static void test_secure(void)
{
    static const struct {
        const char *cert, *host;
        int kind;
        const char *words;
    } cases[] = {
        {"good", "localhost", -1, ""},
        {"good", "127.0.0.1", -1, ""},
        {"good", "LOCALHOST", -1, ""},
        {"good", "other.example", CIRCULAR_ERROR_REMOTE, "another host"},
        {"good", "127.0.0.2", CIRCULAR_ERROR_REMOTE, "another host"},
        {"good", "localhost.example", CIRCULAR_ERROR_REMOTE, "another host"},
        {"wronghost", "localhost", CIRCULAR_ERROR_REMOTE, "another host"},
        {"wronghost", "other.example", -1, ""},
        {"expired", "localhost", CIRCULAR_ERROR_REMOTE, "expired"},
        {"selfsigned", "localhost", CIRCULAR_ERROR_REMOTE, "signed by"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *script = g_strdup_printf("{'tls': 'tls', 'cert': '%s'}", cases[i].cert);
        g_autoptr(TlsStream) stream = connected(script, 20);
        g_autoptr(GError) error = NULL;
        g_assert_false(tlsstream_is_secure(stream));
        gboolean ok = tlsstream_secure(stream, cases[i].host, fake.ca, &error);
        g_assert_cmpint(ok, ==, cases[i].kind < 0);
        g_assert_cmpint(tlsstream_is_secure(stream), ==, ok);
        g_assert_cmpint(tlsstream_fault(stream, NULL), ==, !ok);
        if (!ok)
            g_assert_error(error, CIRCULAR_ERROR, cases[i].kind);
        if (!ok)
            g_assert_has(error->message, cases[i].words);
    }
}

/* Reads through libetpan until it fails; how many seconds that took. */
static double read_all(TlsStream *stream)
{
    char piece[4096];
    mailstream *reader = tlsstream_new_stream(stream);
    gint64 since = g_get_monotonic_time();
    while (mailstream_read(reader, piece, sizeof piece) > 0)
        ;
    mailstream_close(reader);
    return (g_get_monotonic_time() - since) / 1e6;
}

static void assert_fault(const TlsStream *stream, int kind, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(tlsstream_fault(stream, &error));
    g_assert_error(error, CIRCULAR_ERROR, kind);
    g_assert_has(error->message, words);
    g_assert_has(error->message, "localhost:");
}

static void test_silence(void)
{
    static const char *const scripts[] = {
        "{'faults': [{'stage': 'greeting', 'do': 'hang'}]}",
        "{'tls': 'tls', 'faults': [{'stage': 'greeting', 'do': 'hang'}]}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        g_autoptr(TlsStream) stream = connected(scripts[i], 1);
        if (i)
            g_assert_true(tlsstream_secure(stream, "localhost", fake.ca, NULL));
        tlsstream_begin(stream, clock_ticks() + 60 * G_USEC_PER_SEC, 1000);
        g_assert_cmpfloat(read_all(stream), >=, 0.9);
        assert_fault(stream, CIRCULAR_ERROR_TEMPORARY, "no answer within 1 s");
        /* What went wrong first is what is said. */
        tlsstream_fail(stream, CIRCULAR_ERROR_REMOTE, "something else");
        assert_fault(stream, CIRCULAR_ERROR_TEMPORARY, "no answer");
    }
}

/* Each byte comes in time; all together they don't. */
static void test_drip(void)
{
    static const char *const scripts[] = {
        "{'faults': [{'stage': 'greeting', 'do': 'drip', 'text': 'slow '}]}",
        "{'tls': 'tls', 'faults': [{'stage': 'greeting', 'do': 'drip', 'text': 'slow '}]}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        g_autoptr(TlsStream) stream = connected(scripts[i], 30);
        if (i)
            g_assert_true(tlsstream_secure(stream, "localhost", fake.ca, NULL));
        tlsstream_begin(stream, clock_ticks() + 1 * G_USEC_PER_SEC, 100000);
        g_assert_cmpfloat(read_all(stream), <, 10);
        assert_fault(stream, CIRCULAR_ERROR_TEMPORARY, "too slow");
    }
}

static void test_flood(void)
{
    g_autoptr(TlsStream) stream =
        connected("{'faults': [{'stage': 'greeting', 'do': 'flood', 'text': '* OK x\\r\\n'}]}", 20);
    tlsstream_begin(stream, clock_ticks() + 60 * G_USEC_PER_SEC, 1 << 20);
    read_all(stream);
    assert_fault(stream, CIRCULAR_ERROR_REMOTE, "more than");
}

static void test_wait(void)
{
    g_autoptr(TlsStream) stream = connected("{'tls': 'tls'}", 20);
    g_assert_false(tlsstream_wait(stream, 50)); /* the server waits for TLS */
    g_assert_true(tlsstream_secure(stream, "localhost", fake.ca, NULL));
    g_assert_true(tlsstream_wait(stream, 10000)); /* the greeting */
    tlsstream_begin(stream, 0, 1000);
    mailstream *reader = tlsstream_new_stream(stream);
    char piece[4];
    g_assert_cmpint(mailstream_read(reader, piece, sizeof piece), ==, 4);
    g_assert_cmpmem(piece, 4, "* OK", 4);
    mailstream_close(reader);
}

static void test_hush(void)
{
    g_autoptr(TlsStream) stream = connected("{}", 20);
    const char *words[] = {"hunter2", "", "aHVudGVyMg==", NULL};
    g_autofree char *before = tlsstream_shown(stream, "said hunter2\033");
    g_assert_cmpstr(before, ==, "said hunter2\\x1b");
    tlsstream_hush(stream, words);
    static const char *const hidden[] = {"hunter2", "NO hunter2 is wrong", "xaHVudGVyMg==x"};
    for (gsize i = 0; i < G_N_ELEMENTS(hidden); i++) {
        g_autofree char *shown = tlsstream_shown(stream, hidden[i]);
        g_assert_cmpstr(shown, ==, "***");
    }
    g_autofree char *other = tlsstream_shown(stream, "NO wrong");
    g_assert_cmpstr(other, ==, "NO wrong");
    tlsstream_hush(stream, NULL);
    g_autofree char *after = tlsstream_shown(stream, "hunter2");
    g_assert_cmpstr(after, ==, "hunter2");
}

/* A trace of a whole session, as it would be pasted into a ticket. */
static void test_trace(void)
{
    if (g_test_subprocess()) {
        InboxOptions options = inbox_options(
            fake_serve("{'users': {'user': 's3cret-word'}, 'capabilities': ['SASL-IR', 'AUTH=PLAIN'"
                       "], 'faults': [{'stage': 'authenticate', 'nth': 2, 'do': 'no', 'text': "
                       "'s3cret-word AHVzZXIAczNjcmV0LXdvcmQ= is wrong'}, {'stage': 'login', 'do': "
                       "'no', 'text': 's3cret-word'}]}"));
        options.secret_user = (void *)"s3cret-word";
        static const char *const ways[] = {"plain", "plain", "login"};
        for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
            options.auth = ways[i];
            g_autoptr(Inbox) inbox = inbox_open(&options, NULL);
            g_assert_cmpint(!!inbox, ==, i == 0);
        }
        return;
    }
    g_setenv("CIRCULAR_TRACE", "imap", TRUE);
    g_test_trap_subprocess(NULL, 0, 0);
    g_unsetenv("CIRCULAR_TRACE");
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("*imap: > *CAPABILITY*imap: > ???\n*SELECT*LOGOUT*");
    g_test_trap_assert_stderr_unmatched("*s3cret*");
    g_test_trap_assert_stderr_unmatched("*AHVzZXIAczNjcmV0LXdvcmQ=*");
    g_test_trap_assert_stderr_unmatched("*AUTHENTICATE PLAIN*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/tlsstream/secure", test_secure);
    g_test_add_func("/tlsstream/silence", test_silence);
    g_test_add_func("/tlsstream/drip", test_drip);
    g_test_add_func("/tlsstream/flood", test_flood);
    g_test_add_func("/tlsstream/wait", test_wait);
    g_test_add_func("/tlsstream/hush", test_hush);
    g_test_add_func("/tlsstream/trace", test_trace);
    int status = g_test_run();
    fake_stop();
    return status;
}
