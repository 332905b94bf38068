/* linkcheck - whether the pages that a letter links to answer */
#include "net/linkcheck.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/netplace.h"
#include "base/version.h"

enum { WAIT_MS = 200 };

typedef struct {
    const char *url;
    LinkcheckResult *result;
    CURL *easy;
    gboolean asked_by_get;
    gboolean private_refused;
    gboolean guarded;   /* private addresses are refused */
    guint first_status; /* of the first answer, before redirects */
    gsize received;
    char error[CURL_ERROR_SIZE];
} Try;

typedef struct {
    const LinkcheckOptions *options;
    CURLM *multi;
    GPtrArray *waiting; /* of Try, the last one first */
    guint running, done, total;
} Checker;

void linkcheck_result_clear(LinkcheckResult *self)
{
    g_clear_pointer(&self->detail, g_free);
}

/* --- callbacks of libcurl -------------------------------------------------------------------- */

static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    Try *try = user;
    const guint8 *bytes = NULL;
    gsize length = 0;
    (void)purpose;
    if (address->family == AF_INET) {
        bytes = (const guint8 *)&((struct sockaddr_in *)(void *)&address->addr)->sin_addr;
        length = 4;
    } else if (address->family == AF_INET6) {
        bytes = (const guint8 *)&((struct sockaddr_in6 *)(void *)&address->addr)->sin6_addr;
        length = 16;
    }
    if (try->guarded && netplace_is_private(bytes, length)) {
        try->private_refused = TRUE;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    Try *try = user;
    (void)bytes;
    try->received += size * count;
    return try->received > LINKCHECK_BODY_MAX ? 0 : size * count; /* 0 ends the transfer */
}

static size_t take_header(char *bytes, size_t size, size_t count, void *user)
{
    Try *try = user;
    gsize length = size * count;
    if (!try->first_status && length > 12 && g_str_has_prefix(bytes, "HTTP/")) {
        const char *blank = memchr(bytes, ' ', length);
        try->first_status = blank ? (guint)g_ascii_strtoull(blank, NULL, 10) : 0;
        if (try->first_status < 200)
            try->first_status = 0; /* only announces the answer */
    }
    return length;
}

/* --- one link -------------------------------------------------------------------------------- */

static gboolean has_proxy(void)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_getenv(names[i]) && *g_getenv(names[i]))
            return TRUE;
    return FALSE;
}

static void start(Checker *self, Try *try)
{
    CURL *easy = try->easy = curl_easy_init();
    const LinkcheckOptions *options = self->options;
    try->guarded = !options->allow_private && !has_proxy();
    try->received = 0;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, try);
    curl_easy_setopt(easy, CURLOPT_URL, try->url);
    curl_easy_setopt(easy, CURLOPT_NOBODY, try->asked_by_get ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)LINKCHECK_REDIRECTS);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""); /* some sites go round until one is kept */
    curl_easy_setopt(easy, CURLOPT_TIMEOUT,
                     (long)(options->seconds ? options->seconds : LINKCHECK_SECONDS));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT,
                     "Mozilla/5.0 (compatible; circular/" CIRCULAR_VERSION "; link check)");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, try->error);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, try);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, try);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, try);
    curl_multi_add_handle(self->multi, easy);
    self->running++;
}

static LinkcheckFate fate_of_failure(const Try *try, CURLcode code)
{
    if (try->private_refused)
        return LINKCHECK_PRIVATE;
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return LINKCHECK_NO_HOST;
    case CURLE_OPERATION_TIMEDOUT:
        return LINKCHECK_BUSY;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return LINKCHECK_UNPROVEN;
    case CURLE_TOO_MANY_REDIRECTS:
        return LINKCHECK_LOOP;
    default:
        return LINKCHECK_REFUSED;
    }
}

/* Whether a redirect led to a page that wants to know who is there. */
static gboolean is_sign_in(const char *url, const char *final)
{
    static const char *const marks[] = {
        "://login.", "://accounts.google.",       "/login", "/signin",
        "/sign-in",  "/_layouts/15/authenticate", "/adfs/", "/sso/"};
    g_autofree char *lower = g_ascii_strdown(final, (gssize)strcspn(final, "?#"));
    g_autofree char *before = g_ascii_strdown(url, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (strstr(lower, marks[i]) && !strstr(before, marks[i]))
            return TRUE;
    return FALSE;
}

/* The address without what no reader minds: scheme, www., a slash at the end. */
static char *essence(const char *url)
{
    g_autofree char *lower = g_ascii_strdown(url, (gssize)strcspn(url, "#"));
    const char *at = strstr(lower, "://");
    at = at ? at + 3 : lower;
    at += g_str_has_prefix(at, "www.") ? 4 : 0;
    gsize length = strlen(at);
    while (length && at[length - 1] == '/')
        length--;
    return g_strndup(at, length);
}

static LinkcheckFate fate_of_answer(Try *try)
{
    char *final = NULL;
    LinkcheckResult *result = try->result;
    curl_easy_getinfo(try->easy, CURLINFO_EFFECTIVE_URL, &final);
    g_autofree char *asked = essence(try->url), *came = essence(final ? final : try->url);
    gboolean elsewhere = !g_str_equal(asked, came);
    if (result->status == 401 || result->status == 403 || result->status == 407 ||
        (elsewhere && is_sign_in(try->url, final)))
        return LINKCHECK_DENIED;
    if (result->status == 429 || result->status >= 500)
        return LINKCHECK_BUSY;
    if (result->status >= 400)
        return LINKCHECK_GONE;
    if (elsewhere && (try->first_status == 301 || try->first_status == 308)) {
        result->detail = g_strdup(final);
        return LINKCHECK_MOVED;
    }
    return LINKCHECK_FINE;
}

/* What became of it; TRUE when it is to be asked again, by GET. */
static gboolean finish(Try *try, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(try->easy, CURLINFO_RESPONSE_CODE, &status);
    try->result->status = (guint)status;
    gboolean cut = code == CURLE_WRITE_ERROR && try->received > LINKCHECK_BODY_MAX;
    gboolean failed = code != CURLE_OK && !cut;
    gboolean answered = status >= 400 && status != 410 && status != 429;
    gboolean broke = code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_HTTP2 ||
                     code == CURLE_HTTP2_STREAM;
    if (!try->asked_by_get && !try->private_refused && (failed ? broke : answered)) {
        try->asked_by_get = TRUE;
        try->first_status = 0;
        return TRUE;
    }
    try->result->fate = failed ? fate_of_failure(try, code) : fate_of_answer(try);
    if (failed && !try->result->detail)
        try->result->detail = g_strdup(*try->error ? try->error : curl_easy_strerror(code));
    return FALSE;
}

/* --- all of them ----------------------------------------------------------------------------- */

static void collect(Checker *self)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(self->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *private = NULL;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
        Try *try = (Try *)(void *)private;
        gboolean again = finish(try, code);
        curl_multi_remove_handle(self->multi, easy);
        curl_easy_cleanup(easy);
        try->easy = NULL;
        self->running--;
        if (again)
            g_ptr_array_add(self->waiting, try);
        else
            self->done++;
        if (!again && self->options->progress)
            self->options->progress(self->options->user, self->done, self->total);
    }
}

static void run_all(Checker *self)
{
    const LinkcheckOptions *options = self->options;
    guint seconds = options->seconds_all ? options->seconds_all : LINKCHECK_SECONDS_ALL;
    gint64 end = clock_ticks() + (gint64)seconds * G_USEC_PER_SEC;
    int active = 0;
    while (self->waiting->len || self->running) {
        if (clock_ticks() >= end || (options->stopped && options->stopped(options->user)))
            return;
        while (self->waiting->len && self->running < LINKCHECK_PARALLEL)
            start(self, g_ptr_array_steal_index(self->waiting, self->waiting->len - 1));
        if (curl_multi_perform(self->multi, &active) != CURLM_OK)
            return;
        collect(self);
        if (self->running)
            curl_multi_poll(self->multi, NULL, 0, WAIT_MS, NULL);
    }
}

void linkcheck_run(const char *const *urls, guint count, const LinkcheckOptions *options,
                   LinkcheckResult *results)
{
    g_autofree Try *tries = g_new0(Try, count + 1);
    Checker self = {.options = options,
                    .multi = curl_multi_init(),
                    .waiting = g_ptr_array_new(),
                    .total = MIN(count, LINKCHECK_MAX)};
    for (guint i = 0; i < count; i++)
        results[i] = (LinkcheckResult){.fate = LINKCHECK_UNTRIED};
    for (guint i = self.total; i-- > 0;) {
        tries[i].url = urls[i];
        tries[i].result = &results[i];
        g_ptr_array_add(self.waiting, &tries[i]);
    }
    curl_multi_setopt(self.multi, CURLMOPT_MAX_HOST_CONNECTIONS, 2L);
    run_all(&self);
    for (guint i = 0; i < count; i++) {
        if (!tries[i].easy)
            continue;
        curl_multi_remove_handle(self.multi, tries[i].easy);
        curl_easy_cleanup(tries[i].easy);
    }
    curl_multi_cleanup(self.multi);
    g_ptr_array_unref(self.waiting);
}
