/* connection - one connection to the relay: opened, secured and signed in by libcurl, then bytes */
#include "delivery/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/trace.h"
#include "delivery/diagnosis.h"
#include "net/handle.h"

struct Connection {
    CURL *curl;
    curl_socket_t fd;
    Handshake heard;
    char *place, *user;
    guint seconds, port;
    gboolean is_tls;
    gint is_cancelled; /* atomic */
    char detail[CURL_ERROR_SIZE];
    const char *fault;
};

gboolean connection_knows_scram(void)
{
    return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_GSASL) != 0;
}

/* CURLOPT_HEADERFUNCTION: every line that the server says while libcurl leads. */
static size_t hear(char *bytes, size_t size, size_t count, void *user)
{
    Connection *self = user;
    return handshake_take(&self->heard, bytes, size * count) ? size * count : 0;
}

/* CURLOPT_XFERINFOFUNCTION: asked about once a second, and on events. */
static int goes_on(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    Connection *self = user;
    (void)a, (void)b, (void)c, (void)d;
    return g_atomic_int_get(&self->is_cancelled);
}

/* Why not the defaults, each in LIBRARIES' words: see the comments. */
static void set_up(Connection *self, const RelayOptions *options)
{
    CURL *curl = self->curl;
    gboolean is_ip6 = strchr(options->host, ':') != NULL;
    g_autofree char *url =
        g_strdup_printf("%s://%s%s%s:%u%s%s", options->tls == TLS_IMPLICIT ? "smtps" : "smtp",
                        is_ip6 ? "[" : "", options->host, is_ip6 ? "]" : "", options->port,
                        options->hello ? "/" : "", options->hello ? options->hello : "");
    handle_set_text(curl, CURLOPT_URL, url); /* the path is our name in EHLO */
    handle_set(curl, CURLOPT_CONNECT_ONLY, 1);
    handle_set(curl, CURLOPT_NOSIGNAL, 1); /* no SIGALRM from a thread */
    handle_set(curl, CURLOPT_TCP_NODELAY, 1);
    handle_set_text(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    handle_set_text(curl, CURLOPT_PROXY, ""); /* ALL_PROXY would count for SMTP, too */
    handle_set(curl, CURLOPT_USE_SSL, options->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    handle_trust(curl, options->ca_file);
    handle_set(curl, CURLOPT_CERTINFO, 1); /* for connection_certificate_end */
    /* The limit for connecting holds until the sign-in is done, not only for TCP. */
    handle_set(curl, CURLOPT_CONNECTTIMEOUT, self->seconds);
    handle_set(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, self->seconds);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, self);
    handle_set(curl, CURLOPT_NOPROGRESS, 0);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, goes_on);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, self);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, self->detail);
}

static void set_up_sign_in(Connection *self, const RelayOptions *options, const char *secret)
{
    static const struct {
        const char *auth, *login_options;
        gboolean is_token;
    } kinds[] = {
        {"auto", "AUTH=PLAIN;AUTH=LOGIN", FALSE},
        {"plain", "AUTH=PLAIN", FALSE},
        {"login", "AUTH=LOGIN", FALSE},
        {"cram-md5", "AUTH=CRAM-MD5", FALSE},
        {"scram-sha-256", "AUTH=SCRAM-SHA-256", FALSE},
        {"xoauth2", "AUTH=XOAUTH2", TRUE},
        {"oauthbearer", "AUTH=OAUTHBEARER", TRUE},
        {"token", "AUTH=OAUTHBEARER;AUTH=XOAUTH2", TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!g_str_equal(kinds[i].auth, options->auth))
            continue;
        handle_set_text(self->curl, CURLOPT_USERNAME, self->user);
        handle_set_text(self->curl, kinds[i].is_token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD,
                        secret);
        /* Without it a token would fall back to PLAIN with an empty password. */
        handle_set_text(self->curl, CURLOPT_LOGIN_OPTIONS, kinds[i].login_options);
        return;
    }
    g_error("not a way to sign in: '%s'", options->auth);
}

Connection *connection_new(const RelayOptions *options, const char *secret)
{
    Connection *self = g_new0(Connection, 1);
    self->curl = curl_easy_init();
    if (!self->curl)
        g_error("curl_easy_init: out of memory");
    self->fd = CURL_SOCKET_BAD;
    self->place = g_strdup_printf("%s:%u", options->host, options->port);
    self->port = options->port;
    self->user = secret ? g_strdup(options->user) : NULL;
    self->seconds = MAX(options->timeout / 3, MIN(options->timeout, CONNECTION_SECONDS_MIN));
    self->is_tls = options->tls == TLS_IMPLICIT;
    self->fault = "";
    handshake_init(&self->heard, options->tls == TLS_STARTTLS);
    set_up(self, options);
    if (self->user)
        set_up_sign_in(self, options, secret);
    return self;
}

void connection_free(Connection *self)
{
    if (!self)
        return;
    curl_easy_cleanup(self->curl);
    handshake_finish(&self->heard);
    g_free(self->place);
    g_free(self->user);
    g_free(self);
}

gboolean connection_open(Connection *self, GError **error)
{
    trace("smtp", "* connecting to %s", self->place);
    CURLcode code = curl_easy_perform(self->curl);
    if (code == CURLE_OK)
        curl_easy_getinfo(self->curl, CURLINFO_ACTIVESOCKET, &self->fd);
    gboolean signed_in = !self->user || self->heard.step == HANDSHAKE_DONE;
    if (code == CURLE_OK && signed_in && self->fd != CURL_SOCKET_BAD)
        return TRUE;

    Diagnosis diagnosis = {.code = code,
                           .detail = g_strchomp(self->detail),
                           .heard = &self->heard,
                           .place = self->place,
                           .user = self->user,
                           .seconds = self->seconds,
                           .is_tls = self->is_tls,
                           .port = self->port};
    curl_easy_getinfo(self->curl, CURLINFO_SSL_VERIFYRESULT, &diagnosis.verify);
    curl_off_t met = 0;
    curl_easy_getinfo(self->curl, CURLINFO_CONNECT_TIME_T, &met);
    diagnosis.has_met = met > 0;
    diagnosis_explain(&diagnosis, error);
    return FALSE;
}

void connection_cancel(Connection *self)
{
    g_atomic_int_set(&self->is_cancelled, TRUE);
}

int connection_fd(const Connection *self)
{
    return self->fd;
}

const Extensions *connection_extensions(const Connection *self)
{
    return &self->heard.offered;
}

gboolean connection_is_tls(const Connection *self)
{
    return self->is_tls || self->heard.in_tls;
}

const char *connection_greeting(const Connection *self)
{
    return self->heard.greeting;
}

/* libcurl tells "Expire date:2027-01-31 12:00:00 GMT" of each certificate of the chain, the
 * server's own first; GnuTLS's flavour and OpenSSL's write the date in different ways. */
static gint64 read_date(const char *text)
{
    gint64 seconds = (gint64)curl_getdate(text, NULL);
    if (seconds > 0)
        return seconds * G_USEC_PER_SEC;
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autofree char *plain = g_strndup(text, MIN(strlen(text), strlen("2027-01-31 12:00:00")));
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(plain, utc);
    return time ? g_date_time_to_unix(time) * G_USEC_PER_SEC : 0;
}

gint64 connection_certificate_end(const Connection *self)
{
    static const char label[] = "Expire date:";
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(self->curl, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
        chain->num_of_certs < 1)
        return 0;
    for (struct curl_slist *one = chain->certinfo[0]; one; one = one->next)
        if (g_str_has_prefix(one->data, label))
            return read_date(one->data + strlen(label));
    return 0;
}

gssize connection_send(Connection *self, const char *bytes, gsize length)
{
    size_t count = 0;
    CURLcode code = curl_easy_send(self->curl, bytes, length, &count);
    if (code == CURLE_OK)
        return (gssize)count;
    if (code == CURLE_AGAIN)
        return CONNECTION_AGAIN;
    self->fault = self->detail[0] ? g_strchomp(self->detail) : "the connection was lost";
    return CONNECTION_GONE;
}

gssize connection_send_pieces(Connection *self, struct iovec *pieces, guint count)
{
    gssize sent;
    const struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
    g_assert(!connection_is_tls(self));
    do
        sent = sendmsg(self->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent > 0)
        return sent;
    if (sent == 0 || errno == EAGAIN || errno == EWOULDBLOCK)
        return CONNECTION_AGAIN;
    /* As libcurl says it. */
    g_snprintf(self->detail, sizeof self->detail, "Send failure: %s", g_strerror(errno));
    self->fault = self->detail;
    return CONNECTION_GONE;
}

gssize connection_receive(Connection *self, char *bytes, gsize room)
{
    size_t count = 0;
    CURLcode code = curl_easy_recv(self->curl, bytes, room, &count);
    if (code == CURLE_OK && count)
        return (gssize)count;
    if (code == CURLE_AGAIN)
        return CONNECTION_AGAIN;
    if (code == CURLE_OK)
        self->fault = "the server closed the connection";
    else
        self->fault = self->detail[0] ? g_strchomp(self->detail) : "the connection was lost";
    return CONNECTION_GONE;
}

const char *connection_fault(const Connection *self)
{
    return self->fault;
}
