/* test-tokenrequest - one request to a scripted token endpoint: answers, silence, floods,
 * certificates */
#include <gio/gio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "net/tokenrequest.h"

static char *folder, *ca;

typedef struct {
    GPid pid;
    int lifeline;
    char *url;
} Endpoint;

static gboolean make_certificates(void)
{
    int status = 1;
    const char *certs[] = {"sh", "tests/fake/certs.sh", folder, NULL};
    return g_spawn_sync(NULL, (char **)certs, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL |
                            G_SPAWN_STDOUT_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) &&
           status == 0;
}

static Endpoint begin(const char *script)
{
    int out;
    char port[16] = "";
    Endpoint self;
    g_autofree char *json = g_strdelimit(g_strdup(script), "'", '"');
    const char *server[] = {
        "python3", "tests/fake/token_server.py", "--certs", folder, "--script", json, NULL};
    g_assert_true(g_spawn_async_with_pipes(NULL, (char **)server, NULL,
                                           G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                           NULL, &self.pid, &self.lifeline, &out, NULL, NULL));
    for (gsize n = 0; n < sizeof port - 1 && read(out, port + n, 1) == 1 && port[n] != '\n'; n++)
        ;
    close(out);
    g_strchomp(port);
    self.url = g_strdup_printf("%s://localhost:%s/token",
                               strstr(json, "\"tls\": false") ? "http" : "https", port);
    return self;
}

static void end(Endpoint *self)
{
    close(self->lifeline);
    waitpid(self->pid, NULL, 0);
    g_free(self->url);
}

static TokenRequest request_to(const Endpoint *endpoint)
{
    return (TokenRequest){.url = endpoint->url,
                          .grant = "refresh_token",
                          .client_id = "client",
                          .refresh_token = "refresh-0",
                          .ca_file = ca,
                          .seconds = 20};
}

static void test_granted(void)
{
    Endpoint endpoint = begin("{'rotate': true, 'expires_in': 60}");
    TokenRequest request = request_to(&endpoint);
    g_autoptr(GError) error = NULL;
    g_autoptr(TokenReply) reply = tokenrequest_send(&request, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(reply->access_token, ==, "access-1");
    g_assert_cmpstr(reply->refresh_token, ==, "rotated-1");
    g_assert_cmpint(reply->lifetime, ==, 60);
    end(&endpoint);
}

/* What has a meaning in a form arrives as it was. */
static void test_form(void)
{
    static const char secret[] = "a&b=c d+e%26\xc3\xa9\"\\/~";
    g_autofree char *script =
        g_strdup_printf("{'client_secret': 'a&b=c d+e%%26\\u00e9\\\"\\\\/~'}");
    Endpoint endpoint = begin(script);
    TokenRequest request = request_to(&endpoint);
    request.client_secret = secret;
    g_autoptr(GError) error = NULL;
    g_autoptr(TokenReply) reply = tokenrequest_send(&request, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(reply->error, ==, NULL);
    end(&endpoint);
}

static void test_refused(void)
{
    Endpoint endpoint = begin("{'refresh_tokens': []}");
    TokenRequest request = request_to(&endpoint);
    g_autoptr(GError) error = NULL;
    g_autoptr(TokenReply) reply = tokenrequest_send(&request, &error);
    g_assert_no_error(error);
    g_assert_null(reply->access_token);
    g_assert_cmpstr(reply->error, ==, "invalid_grant");
    end(&endpoint);
}

static void fails(TokenRequest *request, CircularError kind, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(tokenrequest_send(request, &error));
    g_assert_error(error, CIRCULAR_ERROR, (gint)kind);
    g_assert_true(g_str_has_prefix(error->message, request->url));
    if (!strstr(error->message, words))
        g_error("'%s' is not in: %s", words, error->message);
    g_assert_null(strstr(error->message, "refresh-0"));
}

static void test_slow(void)
{
    static const char *const scripts[] = {"{'faults': [{'do': 'hang'}]}",
                                          "{'faults': [{'do': 'drip'}]}"};
    for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
        Endpoint endpoint = begin(scripts[i]);
        TokenRequest request = request_to(&endpoint);
        request.seconds = 2;
        fails(&request, CIRCULAR_ERROR_TEMPORARY, "no answer within 2 s");
        end(&endpoint);
    }
}

static void test_strange(void)
{
    static const struct {
        const char *script;
        CircularError kind;
        const char *words;
    } rows[] = {
        {"{'faults': [{'do': 'flood'}]}", CIRCULAR_ERROR_REMOTE, "too long"},
        {"{'faults': [{'do': 'drop'}]}", CIRCULAR_ERROR_TEMPORARY, ""},
        {"{'faults': [{'do': 'redirect', 'url': 'https://localhost/'}]}", CIRCULAR_ERROR_REMOTE,
         "points elsewhere (307)"},
        {"{'faults': [{'do': 'reply', 'status': 503, 'body': 'x'}]}", CIRCULAR_ERROR_LATER, "503"},
        {"{'cert': 'expired'}", CIRCULAR_ERROR_REMOTE, "certificate"},
        {"{'cert': 'wronghost'}", CIRCULAR_ERROR_REMOTE, "certificate"},
        {"{'cert': 'selfsigned'}", CIRCULAR_ERROR_REMOTE, "certificate"},
        {"{'tls': false}", CIRCULAR_ERROR_CONFIG, "by https only"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Endpoint endpoint = begin(rows[i].script);
        TokenRequest request = request_to(&endpoint);
        fails(&request, rows[i].kind, rows[i].words);
        end(&endpoint);
    }
}

static void test_places(void)
{
    Endpoint endpoint = begin("{'tls': false}");
    TokenRequest request = request_to(&endpoint);
    request.allow_http = TRUE;
    /* A proxy elsewhere isn't asked for what must stay on this machine. */
    g_setenv("http_proxy", "http://localhost:1/", TRUE);
    g_setenv("https_proxy", "http://localhost:1/", TRUE);
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(TokenReply) reply = tokenrequest_send(&request, &error);
    g_assert_no_error(error);
    end(&endpoint);

    Endpoint secure = begin("{}");
    TokenRequest other = request_to(&secure);
    G_GNUC_UNUSED g_autoptr(TokenReply) safe = tokenrequest_send(&other, &error);
    g_assert_no_error(error);
    end(&secure);
    /* Elsewhere is asked for through it. */
    other.url = (char *)"https://tokens.example/token";
    fails(&other, CIRCULAR_ERROR_TEMPORARY, "https_proxy");
    g_unsetenv("http_proxy");
    g_unsetenv("https_proxy");

    request.url = (char *)"https://localhost:1/token";
    fails(&request, CIRCULAR_ERROR_TEMPORARY, "can't connect");
    request.url = (char *)"file:///etc/passwd";
    fails(&request, CIRCULAR_ERROR_CONFIG, "by https only");
}

static void test_ca_file(void)
{
    Endpoint endpoint = begin("{}");
    TokenRequest request = request_to(&endpoint);
    request.ca_file = "/nowhere/ca.pem";
    fails(&request, CIRCULAR_ERROR_CONFIG, "oauth2.ca_file can't be read");
    end(&endpoint);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("circular-endpoint-XXXXXX", NULL);
    ca = g_build_filename(folder, "ca.pem", NULL);
    if (!make_certificates()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/tokenrequest/granted", test_granted);
    g_test_add_func("/tokenrequest/form", test_form);
    g_test_add_func("/tokenrequest/refused", test_refused);
    g_test_add_func("/tokenrequest/slow", test_slow);
    g_test_add_func("/tokenrequest/strange", test_strange);
    g_test_add_func("/tokenrequest/places", test_places);
    g_test_add_func("/tokenrequest/ca-file", test_ca_file);
    int status = g_test_run();
    const char *away[] = {"rm", "-r", folder, NULL};
    g_spawn_sync(NULL, (char **)away, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(folder);
    g_free(ca);
    return status;
}
