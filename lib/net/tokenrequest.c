/* tokenrequest - an access token asked for at a token endpoint, over HTTPS */
#include "net/tokenrequest.h"

#include <string.h>

#include "base/error.h"
#include "base/netplace.h"
#include "base/trace.h"
#include "base/version.h"
#include "net/handle.h"

/* An answer as it comes in; it doesn't move, lest copies of tokens stay in freed memory. */
typedef struct {
    char *bytes; /* TOKENREPLY_MAX of them */
    gsize length;
    gboolean is_too_long;
} Answer;

/* CURLOPT_WRITEFUNCTION */
static size_t take(char *bytes, size_t size, size_t count, void *user)
{
    Answer *self = user;
    size_t length = size * count;
    if (length > TOKENREPLY_MAX - self->length) {
        self->is_too_long = TRUE;
        return 0;
    }
    memcpy(self->bytes + self->length, bytes, length);
    self->length += length;
    return length;
}

/* CURLOPT_XFERINFOFUNCTION. A refresh token that has left may be spent by now, and the only one
 * that works from here on be in the answer: that is waited for. */
static int is_stopped(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t sent)
{
    const TokenRequest *request = user;
    (void)a, (void)b, (void)c;
    if (sent && request->refresh_token)
        return FALSE;
    return request->stop && request->stop(request->stop_user);
}

/* --- the form -------------------------------------------------------------------------------- */

/* A field of application/x-www-form-urlencoded. */
static void add_field(GString *form, const char *name, const char *value)
{
    if (!value)
        return;
    char *coded = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(form, "%s%s=%s", form->len ? "&" : "", name, coded);
    explicit_bzero(coded, strlen(coded));
    g_free(coded);
}

/* Room for all from the start, for the same reason as Answer's. */
static GString *make_form(const TokenRequest *request)
{
    const char *values[] = {request->grant, request->client_id, request->client_secret,
                            request->refresh_token, request->scope};
    static const char *const names[] = {"grant_type", "client_id", "client_secret", "refresh_token",
                                        "scope"};
    gsize room = 0;
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        room += values[i] ? 3 * strlen(values[i]) + 32 : 0;
    GString *form = g_string_sized_new(room);
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        add_field(form, names[i], values[i]);
    return form;
}

static void wipe_string(GString *text)
{
    explicit_bzero(text->str, text->len);
    g_string_free(text, TRUE);
}

/* --- the request ----------------------------------------------------------------------------- */

static gboolean is_here(const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    return uri && g_uri_get_host(uri) && netplace_is_this_machine(g_uri_get_host(uri));
}

static void set_up(CURL *curl, const TokenRequest *request, const GString *form, Answer *answer)
{
    long seconds = request->seconds ? request->seconds : TOKENREQUEST_SECONDS;
    handle_set_text(curl, CURLOPT_URL, request->url);
    handle_set_text(curl, CURLOPT_PROTOCOLS_STR, request->allow_http ? "http,https" : "https");
    handle_set(curl, CURLOPT_FOLLOWLOCATION,
               0); /* a secret goes where the config says, nowhere else */
    handle_set(curl, CURLOPT_NOSIGNAL, 1);
    handle_set(curl, CURLOPT_TIMEOUT, seconds);
    handle_trust(curl, request->ca_file);
    /* A proxy elsewhere would be handed what must not leave this machine, or not find it. */
    if (is_here(request->url))
        handle_set_text(curl, CURLOPT_NOPROXY, "*");
    handle_set_text(curl, CURLOPT_USERAGENT, "circular/" CIRCULAR_VERSION);
    handle_set(curl, CURLOPT_POSTFIELDSIZE, (long)form->len);
    handle_set_text(curl, CURLOPT_POSTFIELDS, form->str);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    handle_set(curl, CURLOPT_NOPROGRESS, 0);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_stopped);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, request);
}

/* --- what became of it ----------------------------------------------------------------------- */

static TokenReply *fail(const TokenRequest *request, GError **error, CircularError kind,
                        const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Always NULL. */
static TokenReply *fail(const TokenRequest *request, GError **error, CircularError kind,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s", request->url, text);
    return NULL;
}

static TokenReply *explain(const TokenRequest *request, CURLcode code, const char *detail,
                           const Answer *answer, GError **error)
{
    const char *why = *detail ? detail : curl_easy_strerror(code);
    if (answer->is_too_long)
        return fail(request, error, CIRCULAR_ERROR_REMOTE,
                    "the answer is too long for a token server; check oauth2.token_url");
    switch ((int)code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return fail(request, error, CIRCULAR_ERROR_CONFIG,
                    "tokens are asked for by https only; check oauth2.token_url");
    case CURLE_SSL_CACERT_BADFILE:
        return fail(request, error, CIRCULAR_ERROR_CONFIG,
                    "oauth2.ca_file can't be read: it must be a file of certificates in PEM");
    case CURLE_PEER_FAILED_VERIFICATION:
        return fail(request, error, CIRCULAR_ERROR_REMOTE,
                    "the certificate can't be verified (%s); if the server is your own, name its "
                    "authority in oauth2.ca_file",
                    why);
    case CURLE_SSL_CONNECT_ERROR:
        return fail(request, error, CIRCULAR_ERROR_TEMPORARY, "TLS could not be agreed on (%s)",
                    why);
    case CURLE_COULDNT_RESOLVE_HOST:
        return fail(request, error, CIRCULAR_ERROR_TEMPORARY,
                    "no such host, or no DNS; check the network, and oauth2.token_url");
    case CURLE_COULDNT_CONNECT:
        return fail(request, error, CIRCULAR_ERROR_TEMPORARY,
                    "can't connect (%s); check the network, and whether https_proxy must be set",
                    why);
    case CURLE_ABORTED_BY_CALLBACK:
        return fail(request, error, CIRCULAR_ERROR_STOPPED, "stopped while a token was asked for");
    case CURLE_OPERATION_TIMEDOUT:
        return fail(request, error, CIRCULAR_ERROR_TEMPORARY, "no answer within %u s",
                    request->seconds ? request->seconds : TOKENREQUEST_SECONDS);
    default:
        return fail(request, error, CIRCULAR_ERROR_TEMPORARY, "%s", why);
    }
}

/* The status decides where the body is no reply: a proxy's page, a server that is down. */
static TokenReply *judge(const TokenRequest *request, long status, const Answer *answer,
                         GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(TokenReply) reply = tokenreply_parse(answer->bytes, answer->length, &inner);
    gboolean is_busy = status == 429 || status >= 500;
    if (reply && reply->access_token && status / 100 == 2)
        return g_steal_pointer(&reply);
    if (is_busy || (reply && tokenreply_is_passing(reply)))
        return fail(request, error, CIRCULAR_ERROR_LATER,
                    "the token server is busy or down (%ld%s%s); try again later", status,
                    reply && reply->error ? " " : "", reply && reply->error ? reply->error : "");
    if (reply && reply->error)
        return g_steal_pointer(&reply);
    if (status / 100 == 3)
        return fail(request, error, CIRCULAR_ERROR_REMOTE,
                    "it points elsewhere (%ld), where no secret is sent; check oauth2.token_url",
                    status);
    return fail(request, error, CIRCULAR_ERROR_REMOTE, "%s (%ld); check oauth2.token_url",
                inner ? inner->message : "the answer holds no access token", status);
}

TokenReply *tokenrequest_send(const TokenRequest *request, GError **error)
{
    char detail[CURL_ERROR_SIZE] = "";
    long status = 0;
    handle_prepare();
    CURL *curl = curl_easy_init();
    if (!curl)
        g_error("curl_easy_init: out of memory");
    GString *form = make_form(request);
    Answer answer = {.bytes = g_malloc(TOKENREPLY_MAX)};
    set_up(curl, request, form, &answer);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    headers = curl_slist_append(headers, "Expect:"); /* nor a wait for a 100 that may not come */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);

    trace("oauth2", "* POST %s (%s)", request->url, request->grant);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    trace("oauth2", "* %ld %s", status, code == CURLE_OK ? "" : curl_easy_strerror(code));
    TokenReply *reply = code == CURLE_OK
                            ? judge(request, status, &answer, error)
                            : explain(request, code, g_strchomp(detail), &answer, error);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    wipe_string(form);
    explicit_bzero(answer.bytes, TOKENREPLY_MAX);
    g_free(answer.bytes);
    return reply;
}
