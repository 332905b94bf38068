/* tlsstream - a connection to an IMAP server that libetpan reads and writes */
#include "imap/tlsstream.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/trace.h"
#include "imap/tcp_connect.h"
#include "imap/tls_cert.h"
#include "imap/imapguard.h"
#include "imap/wiretrace.h"

struct TlsStream {
    int fd;
    char *place; /* host:port */
    guint timeout;
    gint64 deadline; /* clock_ticks, or 0 for none */
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    gboolean is_secure;
    ImapGuard guard;
    GError *fault;
    WireTrace trace;
};

TlsStream *tlsstream_connect(const char *host, guint port, guint timeout, GError **error)
{
    trace("imap", "* connecting to %s:%u", host, port);
    int fd = tcp_connect(host, port, timeout, error);
    if (fd < 0)
        return NULL;
    TlsStream *self = g_new0(TlsStream, 1);
    self->fd = fd;
    self->place = g_strdup_printf("%s:%u", host, port);
    self->timeout = timeout;
    imapguard_init(&self->guard);
    wiretrace_init(&self->trace);
    return self;
}

static void end_tls(TlsStream *self)
{
    if (self->session)
        gnutls_deinit(self->session);
    if (self->credentials)
        gnutls_certificate_free_credentials(self->credentials);
    self->session = NULL;
    self->credentials = NULL;
}

void tlsstream_free(TlsStream *self)
{
    if (!self)
        return;
    if (self->is_secure && !self->fault)
        gnutls_bye(self->session, GNUTLS_SHUT_WR);
    end_tls(self);
    close(self->fd);
    imapguard_clear(&self->guard);
    wiretrace_clear(&self->trace);
    g_clear_error(&self->fault);
    g_free(self->place);
    g_free(self);
}

/* --- what goes wrong, and what is shown --------------------------------------------------- */

void tlsstream_fail(TlsStream *self, int kind, const char *format, ...)
{
    if (self->fault)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(&self->fault, CIRCULAR_ERROR, kind, "%s: %s", self->place, text);
    trace("imap", "* %s", text);
}

gboolean tlsstream_fault(const TlsStream *self, GError **error)
{
    if (self->fault && error)
        *error = g_error_copy(self->fault);
    return self->fault != NULL;
}

void tlsstream_hush(TlsStream *self, const char *const *words)
{
    wiretrace_hush(&self->trace, words);
}

char *tlsstream_shown(const TlsStream *self, const char *text)
{
    return wiretrace_shown(&self->trace, text);
}

/* --- waiting ------------------------------------------------------------------------------ */

/* Waits until the socket is ready; FALSE and the fault when time is over. */
static gboolean await(TlsStream *self, short events, gint64 since)
{
    gint64 until = since + (gint64)self->timeout * G_USEC_PER_SEC;
    gboolean is_last = self->deadline && self->deadline <= until;
    if (is_last)
        until = self->deadline;
    for (;;) {
        gint64 left = until - clock_ticks();
        struct pollfd one = {.fd = self->fd, .events = events};
        if (left > 0 && poll(&one, 1, (int)MIN(left / 1000 + 1, 60000)) != 0)
            return TRUE; /* ready; EINTR is no harm: the call before tries again */
        if (left <= 0)
            break;
    }
    tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY,
                   is_last ? "the server is too slow" : "no answer within %u s", self->timeout);
    return FALSE;
}

gboolean tlsstream_wait(TlsStream *self, guint milliseconds)
{
    if (self->is_secure && gnutls_record_check_pending(self->session))
        return TRUE;
    struct pollfd one = {.fd = self->fd, .events = POLLIN};
    return clock_poll(&one, 1, milliseconds) > 0;
}

void tlsstream_begin(TlsStream *self, gint64 deadline, gsize budget)
{
    self->deadline = deadline;
    imapguard_begin(&self->guard, budget);
}

void tlsstream_expect_goodbye(TlsStream *self)
{
    self->guard.goodbye_is_fine = TRUE;
}

/* --- TLS ---------------------------------------------------------------------------------- */

static gboolean is_again(gssize code)
{
    return code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED;
}

static short wanted(TlsStream *self)
{
    return gnutls_record_get_direction(self->session) ? POLLOUT : POLLIN;
}

static void explain_certificate(TlsStream *self)
{
    unsigned bits = gnutls_session_get_verify_cert_status(self->session);
    const char *what = "the certificate can't be verified";
    if (bits & GNUTLS_CERT_EXPIRED)
        what = "the certificate has expired; the server's owner must renew it (is this machine's "
               "clock right?)";
    else if (bits & GNUTLS_CERT_NOT_ACTIVATED)
        what = "the certificate isn't valid yet; is this machine's clock right?";
    else if (bits & GNUTLS_CERT_REVOKED)
        what = "the certificate has been revoked; the server's owner must replace it";
    else if (bits & GNUTLS_CERT_UNEXPECTED_OWNER)
        what = "the certificate is for another host; set the host to the name it is made out "
               "to";
    else if (bits & GNUTLS_CERT_SIGNER_NOT_FOUND)
        what = "the certificate isn't signed by an authority that this machine trusts "
               "(self-signed?); if it is your own, name its authority in ca_file";
    tlsstream_fail(self, CIRCULAR_ERROR_REMOTE, "%s", what);
}

static void explain_handshake(TlsStream *self, int code)
{
    if (code == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
        explain_certificate(self);
    else if (code == GNUTLS_E_PREMATURE_TERMINATION || code == GNUTLS_E_PUSH_ERROR ||
             code == GNUTLS_E_PULL_ERROR)
        tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY,
                       "the connection was lost while TLS began (%s)", gnutls_strerror(code));
    else
        tlsstream_fail(self, CIRCULAR_ERROR_REMOTE,
                       "TLS could not be agreed on (%s); check port and tls: tls "
                       "is usual on 993, starttls on 143",
                       gnutls_strerror(code));
}

/* FALSE with CONFIG when there is nobody to trust. */
static gboolean load_trust(TlsStream *self, const char *ca_file)
{
    if (gnutls_certificate_allocate_credentials(&self->credentials) < 0)
        g_error("GnuTLS: out of memory");
    int count = ca_file ? gnutls_certificate_set_x509_trust_file(self->credentials, ca_file,
                                                                 GNUTLS_X509_FMT_PEM)
                        : gnutls_certificate_set_x509_system_trust(self->credentials);
    if (count > 0)
        return TRUE;
    if (ca_file)
        tlsstream_fail(self, CIRCULAR_ERROR_CONFIG, "no certificates can be read from '%s'",
                       ca_file);
    else
        tlsstream_fail(self, CIRCULAR_ERROR_CONFIG,
                       "this machine trusts no certificate authority; install ca-certificates");
    return FALSE;
}

gboolean tlsstream_secure(TlsStream *self, const char *host, const char *ca_file, GError **error)
{
    g_assert(!self->session);
    if (self->fault || !load_trust(self, ca_file))
        return !tlsstream_fault(self, error);
    if (gnutls_init(&self->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
        g_error("GnuTLS: out of memory");
    int code = gnutls_priority_set_direct(self->session,
                                          "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", NULL);
    g_assert(code == GNUTLS_E_SUCCESS);
    gnutls_credentials_set(self->session, GNUTLS_CRD_CERTIFICATE, self->credentials);
    if (!tcp_connect_is_ip(host)) /* RFC 6066 section 3: an address is no name */
        gnutls_server_name_set(self->session, GNUTLS_NAME_DNS, host, strlen(host));
    gnutls_session_set_verify_cert(self->session, host, 0); /* chain, dates, name or IP address */
    gnutls_transport_set_int(self->session, self->fd);
    gint64 since = clock_ticks();
    while ((code = gnutls_handshake(self->session)) < 0 && !gnutls_error_is_fatal(code))
        if (is_again(code) && !await(self, wanted(self), since))
            break;
    if (code < 0)
        explain_handshake(self, code);
    self->is_secure = !self->fault;
    if (self->is_secure)
        trace("imap", "* %s verified",
              gnutls_protocol_get_name(gnutls_protocol_get_version(self->session)));
    return !tlsstream_fault(self, error);
}

gboolean tlsstream_is_secure(const TlsStream *self)
{
    return self->is_secure;
}

gint64 tlsstream_certificate_end(const TlsStream *self)
{
    return self->is_secure ? tls_cert_end(self->session) : 0;
}

/* --- the driver --------------------------------------------------------------------------- */

/* One try: bytes, 0 at the end, -EAGAIN with `events` to wait for, or another error after
 * tlsstream_fail. */
static gssize receive_once(TlsStream *self, void *bytes, gsize room, short *events)
{
    if (!self->is_secure) {
        gssize count = recv(self->fd, bytes, room, 0);
        *events = POLLIN;
        if (count >= 0)
            return count;
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
            return -EAGAIN;
        tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY, "%s", g_strerror(errno));
        return -EIO;
    }
    gssize count = gnutls_record_recv(self->session, bytes, room);
    *events = wanted(self);
    if (count >= 0)
        return count;
    if (is_again(count))
        return -EAGAIN;
    /* GNUTLS_E_REHANDSHAKE, too: nothing is agreed on anew. */
    tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY, "the connection was lost (%s)",
                   gnutls_strerror((int)count));
    return -EIO;
}

/* What came is within limits; else the fault. */
static gboolean is_fine(TlsStream *self, char *bytes, gsize count)
{
    wiretrace_received(&self->trace, bytes, count);
    const char *wrong = imapguard_take(&self->guard, bytes, count);
    if (wrong)
        tlsstream_fail(self, CIRCULAR_ERROR_REMOTE, "the server %s", wrong);
    if (self->guard.goodbye) {
        g_autofree char *shown = tlsstream_shown(self, self->guard.goodbye);
        tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY, "the server ends the connection: '%s'",
                       shown);
    }
    return !self->fault;
}

static ssize_t on_read(mailstream_low *low, void *bytes, size_t room)
{
    TlsStream *self = low->data;
    gint64 since = clock_ticks();
    while (!self->fault) {
        short events;
        gssize count = receive_once(self, bytes, room, &events);
        if (count > 0)
            return is_fine(self, bytes, (gsize)count) ? count : -1;
        if (count == 0)
            tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY, "the server closed the connection");
        else if (count == -EAGAIN)
            await(self, events, since);
        /* A drip keeps await() from ever being asked too late. */
        if (self->deadline && clock_ticks() > self->deadline)
            tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY, "the server is too slow");
    }
    return -1;
}

static gssize send_once(TlsStream *self, const void *bytes, gsize length, short *events)
{
    gssize count;
    if (self->is_secure) {
        count = gnutls_record_send(self->session, bytes, length);
        *events = wanted(self);
        if (count >= 0 || is_again(count))
            return count >= 0 ? count : -EAGAIN;
    } else {
        count = send(self->fd, bytes, length, MSG_NOSIGNAL);
        *events = POLLOUT;
        if (count >= 0 || errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
            return count >= 0 ? count : -EAGAIN;
    }
    tlsstream_fail(self, CIRCULAR_ERROR_TEMPORARY, "the connection was lost while writing");
    return -EIO;
}

static ssize_t on_write(mailstream_low *low, const void *bytes, size_t length)
{
    TlsStream *self = low->data;
    gint64 since = clock_ticks();
    while (!self->fault) {
        short events;
        gssize count = send_once(self, bytes, length, &events);
        if (count >= 0) {
            wiretrace_sent(&self->trace, bytes, (gsize)count);
            return count;
        }
        if (count == -EAGAIN)
            await(self, events, since);
    }
    return -1;
}

static int on_close(mailstream_low *low)
{
    (void)low;
    return 0; /* tlsstream_free does */
}

static int on_get_fd(mailstream_low *low)
{
    return ((TlsStream *)low->data)->fd;
}

static void on_free(mailstream_low *low)
{
    free(low); /* as libetpan allocated it; what it points to is the caller's */
}

static void on_cancel(mailstream_low *low)
{
    (void)low;
}

static struct mailstream_cancel *on_get_cancel(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static carray *on_get_chain(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static int on_idle(mailstream_low *low)
{
    (void)low;
    return -1; /* tlsstream_wait instead */
}

mailstream *tlsstream_new_stream(TlsStream *self)
{
    static mailstream_low_driver driver = {on_read, on_write,  on_close,      on_get_fd,
                                           on_free, on_cancel, on_get_cancel, on_get_chain,
                                           on_idle, on_idle,   on_idle};
    mailstream_low *low = mailstream_low_new(self, &driver);
    mailstream *stream = low ? mailstream_new(low, TLSSTREAM_BUFFER) : NULL;
    if (!stream)
        g_error("libetpan: out of memory");
    return stream;
}
