/* test-linkcheck - links tried at a server of this process: every fate, and every bound */
#include <gio/gio.h>
#include <string.h>

#include "net/linkcheck.h"

typedef struct {
    const char *path, *answer; /* to GET; HEAD too unless `head` is given */
    const char *head;
} Page;

static const Page pages[] = {
    {"/fine", "200 OK\r\nContent-Length: 2\r\n\r\nhi", NULL},
    {"/gone", "410 Gone\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/none", "404 Not Found\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/denied", "403 Forbidden\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/busy", "503 Busy\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/many", "429 Slow down\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/no-head", "200 OK\r\nContent-Length: 2\r\n\r\nhi", "405 No\r\nContent-Length: 0\r\n\r\n"},
    {"/lies", "200 OK\r\nContent-Length: 2\r\n\r\nhi", "404 No\r\nContent-Length: 0\r\n\r\n"},
    {"/cuts", "200 OK\r\nContent-Length: 2\r\n\r\nhi", ""},
    {"/moved", "301 Moved\r\nLocation: /fine\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/for-now", "302 Found\r\nLocation: /fine\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/slash", "301 Moved\r\nLocation: /slash/\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/slash/", "200 OK\r\nContent-Length: 2\r\n\r\nhi", NULL},
    {"/form", "302 Found\r\nLocation: /login?next=1\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/login?next=1", "200 OK\r\nContent-Length: 2\r\n\r\nhi", NULL},
    {"/loop", "302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/file", "302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", NULL},
    {"/nonsense", "what is this\r\n\r\n", NULL},
};

static guint16 port;
static gint requests;

static void answer(GOutputStream *out, const char *request)
{
    g_auto(GStrv) words = g_strsplit(request, " ", 3);
    gboolean head = g_str_equal(words[0], "HEAD");
    g_atomic_int_inc(&requests);
    for (gsize i = 0; words[1] && i < G_N_ELEMENTS(pages); i++) {
        if (!g_str_equal(words[1], pages[i].path))
            continue;
        const char *text = head && pages[i].head ? pages[i].head : pages[i].answer;
        if (!*text)
            return;
        g_autofree char *whole = g_strconcat("HTTP/1.1 ", text, NULL);
        if (head && strstr(whole, "\r\n\r\n"))
            strstr(whole, "\r\n\r\n")[4] = '\0';
        g_output_stream_write_all(out, whole, strlen(whole), NULL, NULL, NULL);
        return;
    }
    if (g_strcmp0(words[1], "/huge") == 0 && !head) { /* without end, until nobody listens */
        static const char block[4096] = "x";
        const char *begin = "HTTP/1.1 200 OK\r\n\r\n";
        g_output_stream_write_all(out, begin, strlen(begin), NULL, NULL, NULL);
        for (guint n = 0; n < 100000; n++)
            if (!g_output_stream_write_all(out, block, sizeof(block), NULL, NULL, NULL))
                return;
        g_error("a page without end was read to its end");
    }
    const char *none = "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n";
    g_output_stream_write_all(out, none, strlen(none), NULL, NULL, NULL);
}

static gboolean serve(GThreadedSocketService *service, GSocketConnection *connection,
                      GObject *source, gpointer user)
{
    (void)service;
    (void)source;
    (void)user;
    char request[4096];
    gssize length = g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)),
                                        request, sizeof(request) - 1, NULL, NULL);
    if (length <= 0)
        return TRUE;
    request[length] = '\0';
    if (!strstr(request, " /slow "))
        answer(g_io_stream_get_output_stream(G_IO_STREAM(connection)), request);
    else
        g_usleep(3 * G_USEC_PER_SEC);
    return TRUE;
}

static char *url(const char *path)
{
    return g_strdup_printf("http://127.0.0.1:%u%s", port, path);
}

static LinkcheckResult try_path(const char *path, gboolean allow_private)
{
    g_autofree char *one = url(path);
    const char *urls[] = {one};
    LinkcheckResult result;
    LinkcheckOptions options = {.allow_private = allow_private, .seconds = 1};
    linkcheck_run(urls, 1, &options, &result);
    return result;
}

static void fate_is(const char *path, LinkcheckFate fate)
{
    LinkcheckResult result = try_path(path, TRUE);
    if (result.fate != fate)
        g_error("%s: fate %d (%u, %s), not %d", path, result.fate, result.status,
                result.detail ? result.detail : "", fate);
    linkcheck_result_clear(&result);
}

static void test_fates(void)
{
    fate_is("/fine", LINKCHECK_FINE);
    fate_is("/gone", LINKCHECK_GONE);
    fate_is("/none", LINKCHECK_GONE);
    fate_is("/denied", LINKCHECK_DENIED);
    fate_is("/busy", LINKCHECK_BUSY);
    fate_is("/many", LINKCHECK_BUSY);
    fate_is("/no-head", LINKCHECK_FINE);
    fate_is("/lies", LINKCHECK_FINE);
    fate_is("/cuts", LINKCHECK_FINE);
    fate_is("/huge", LINKCHECK_FINE);
    fate_is("/moved", LINKCHECK_MOVED);
    fate_is("/for-now", LINKCHECK_FINE);
    fate_is("/slash", LINKCHECK_FINE);
    fate_is("/form", LINKCHECK_DENIED);
    fate_is("/loop", LINKCHECK_LOOP);
    fate_is("/file", LINKCHECK_REFUSED);
    fate_is("/nonsense", LINKCHECK_REFUSED);
    fate_is("/slow", LINKCHECK_BUSY);
}

static void test_no_server(void)
{
    g_autoptr(GSocketListener) listener = g_socket_listener_new();
    guint16 closed = g_socket_listener_add_any_inet_port(listener, NULL, NULL);
    g_socket_listener_close(listener);
    g_autofree char *one = g_strdup_printf("http://127.0.0.1:%u/", closed);
    const char *urls[] = {one, "http://no-such-host.invalid/"};
    LinkcheckResult results[2];
    linkcheck_run(urls, 2, &(LinkcheckOptions){.allow_private = TRUE, .seconds = 5}, results);
    g_assert_cmpint(results[0].fate, ==, LINKCHECK_REFUSED);
    g_assert_true(results[1].fate == LINKCHECK_NO_HOST || results[1].fate == LINKCHECK_BUSY);
    linkcheck_result_clear(&results[0]);
    linkcheck_result_clear(&results[1]);
}

/* Nothing is asked of this network unless that is allowed, by whatever name. */
static void test_private(void)
{
    gint before = g_atomic_int_get(&requests);
    LinkcheckResult result = try_path("/fine", FALSE);
    g_assert_cmpint(result.fate, ==, LINKCHECK_PRIVATE);
    linkcheck_result_clear(&result);
    g_autofree char *named = g_strdup_printf("http://localhost:%u/fine", port);
    const char *urls[] = {named};
    linkcheck_run(urls, 1, &(LinkcheckOptions){.seconds = 2}, &result);
    g_assert_cmpint(result.fate, ==, LINKCHECK_PRIVATE);
    linkcheck_result_clear(&result);
    g_assert_cmpint(g_atomic_int_get(&requests), ==, before);
}

static void run_many(guint count, guint tried)
{
    g_autofree char *one = url("/fine");
    g_autofree const char **urls = g_new0(const char *, count);
    g_autofree LinkcheckResult *results = g_new0(LinkcheckResult, count);
    guint fine = 0;
    for (guint i = 0; i < count; i++)
        urls[i] = one;
    linkcheck_run(urls, count, &(LinkcheckOptions){.allow_private = TRUE}, results);
    for (guint i = 0; i < count; i++) {
        fine += results[i].fate == LINKCHECK_FINE;
        g_assert_true(results[i].fate == LINKCHECK_FINE || i >= LINKCHECK_MAX);
        linkcheck_result_clear(&results[i]);
    }
    g_assert_cmpuint(fine, ==, tried);
}

static void test_bounds(void)
{
    run_many(LINKCHECK_MAX - 1, LINKCHECK_MAX - 1);
    run_many(LINKCHECK_MAX, LINKCHECK_MAX);
    run_many(LINKCHECK_MAX + 1, LINKCHECK_MAX);
}

static gboolean stop(void *user)
{
    (void)user;
    return TRUE;
}

static void test_stopped(void)
{
    g_autofree char *one = url("/slow");
    const char *urls[] = {one};
    LinkcheckResult result;
    linkcheck_run(urls, 1, &(LinkcheckOptions){.allow_private = TRUE, .stopped = stop}, &result);
    g_assert_cmpint(result.fate, ==, LINKCHECK_UNTRIED);
    linkcheck_run(urls, 1, &(LinkcheckOptions){.allow_private = TRUE, .seconds_all = 1}, &result);
    g_assert_cmpint(result.fate, ==, LINKCHECK_UNTRIED);
    linkcheck_run(NULL, 0, &(LinkcheckOptions){.seconds = 1}, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const char *const proxies[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                          "ALL_PROXY"};
    for (gsize i = 0; i < G_N_ELEMENTS(proxies); i++)
        g_unsetenv(proxies[i]);
    GSocketService *service = g_threaded_socket_service_new(16);
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) any = g_inet_socket_address_new(loopback, 0), bound = NULL;
    g_assert_true(g_socket_listener_add_address(G_SOCKET_LISTENER(service), any,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &bound, NULL));
    port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    g_signal_connect(service, "run", G_CALLBACK(serve), NULL);
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(GThread) thread =
        g_thread_ref(g_thread_new("server", (GThreadFunc)(void (*)(void))g_main_loop_run, loop));
    (void)thread;
    g_test_add_func("/linkcheck/fates", test_fates);
    g_test_add_func("/linkcheck/no-server", test_no_server);
    g_test_add_func("/linkcheck/private", test_private);
    g_test_add_func("/linkcheck/bounds", test_bounds);
    g_test_add_func("/linkcheck/stopped", test_stopped);
    return g_test_run();
}
