/* diagnosis - why a connection could not be opened, in words, by kind, and how to fix it */
#include "delivery/diagnosis.h"

#include <string.h>

#include "base/error.h"
#include "delivery/connection.h"
#include "mail/refusal.h"

/* Bits of gnutls_certificate_status_t, which CURLINFO_SSL_VERIFYRESULT holds in libcurl's GnuTLS
 * flavour. */
enum {
    CERT_REVOKED = 1 << 5,
    CERT_NO_SIGNER = 1 << 6,
    CERT_NOT_YET = 1 << 9,
    CERT_EXPIRED = 1 << 10
};

static void fail(const Diagnosis *self, GError **error, CircularError kind, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void fail(const Diagnosis *self, GError **error, CircularError kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s", self->place, text);
}

/* "535 5.7.8 authentication failed", newly allocated. */
static char *said(const Diagnosis *self)
{
    const Reply *reply = &self->heard->reply;
    return g_strdup_printf("'%d%s%s%s%s'", reply->code, reply->enhanced[0] ? " " : "",
                           reply->enhanced, reply->text->len ? " " : "", reply->text->str);
}

static const char *fix_of_sign_in(const Reply *reply, RefusalCause cause)
{
    /* Google: 534 5.7.9 Application-specific password required; Yahoo and others say it likewise. */
    g_autofree char *lower = g_ascii_strdown(reply->text->str, -1);
    if (strstr(lower, "application-specific") || strstr(lower, "app password") ||
        strstr(lower, "app-specific"))
        return "the account's own password isn't taken: make an app password for it, or sign in by "
               "OAuth2 (oauth2.preset)";
    if (cause == CAUSE_SMTP_AUTH_OFF || cause == CAUSE_BLOCKED || cause == CAUSE_LIMIT)
        return refusal_fix(cause, NULL);
    return "check relay.user and the password or token";
}

/* The server answered with a refusal: 4xx may pass, 5xx will not. */
static void explain_refusal(const Diagnosis *self, GError **error)
{
    g_autofree char *answer = said(self);
    const Reply *reply = &self->heard->reply;
    gboolean later = reply_is_temporary(reply);
    const char *step = handshake_step_name(self->heard);
    RefusalCause cause = refusal_cause(reply->code, reply->enhanced, reply->text->str);
    if (cause == CAUSE_NONE && self->heard->step == HANDSHAKE_EHLO)
        cause = CAUSE_HELLO; /* our name is all that we have said */
    const char *fix = refusal_fix(cause, NULL);
    if (self->heard->step != HANDSHAKE_SIGN_IN)
        fail(self, error, later ? CIRCULAR_ERROR_LATER : CIRCULAR_ERROR_REMOTE,
             "the server refuses at %s: %s; %s", step, answer,
             later ? "try again later"
             : fix ? fix
                   : "ask who runs it whether this machine may send");
    else if (later)
        fail(self, error, CIRCULAR_ERROR_LATER,
             "the server can't check the sign-in of '%s' now: %s; try again later", self->user,
             answer);
    else
        fail(self, error, CIRCULAR_ERROR_DENIED, "sign-in refused for '%s': %s; %s", self->user,
             answer, fix_of_sign_in(reply, cause));
}

static void explain_certificate(const Diagnosis *self, GError **error)
{
    gboolean is_gnutls = strstr(curl_version(), "GnuTLS") != NULL;
    long bits = is_gnutls ? self->verify : 0;
    const char *detail = self->detail;
    const char *what;
    if ((bits & CERT_EXPIRED) || strstr(detail, "expired"))
        what = "the certificate has expired; the server's owner must renew it (is this machine's "
               "clock right?)";
    else if (bits & CERT_NOT_YET)
        what = "the certificate isn't valid yet; is this machine's clock right?";
    else if (bits & CERT_REVOKED)
        what = "the certificate has been revoked; the server's owner must replace it";
    else if (strstr(detail, "does not match") || strstr(detail, "no alternative"))
        what = "the certificate is for another host; set relay.host to the name it is made out to";
    else if ((bits & CERT_NO_SIGNER) || strstr(detail, "self") || strstr(detail, "issuer"))
        what = "the certificate isn't signed by an authority that this machine trusts "
               "(self-signed?); if it is your own, name its authority in relay.ca_file";
    else
        what = "the certificate can't be verified";
    fail(self, error, CIRCULAR_ERROR_REMOTE, "%s%s%s%s", what, *detail ? " (" : "", detail,
         *detail ? ")" : "");
}

static void explain_handshake(const Diagnosis *self, GError **error)
{
    /* Cut off, it may be a server that is being restarted; anything else won't fix itself. */
    gboolean is_old = strstr(self->detail, "version") || strstr(self->detail, "alert") ||
                      strstr(self->detail, "unsupported");
    gboolean cut = strstr(self->detail, "terminated") || strstr(self->detail, "reset") ||
                   strstr(self->detail, "errno");
    if (cut)
        fail(self, error, CIRCULAR_ERROR_TEMPORARY, "the connection was lost while TLS began (%s)",
             self->detail);
    else
        fail(self, error, CIRCULAR_ERROR_REMOTE, "TLS could not be agreed on (%s); %s",
             self->detail,
             is_old ? "an old server may know no more than TLS 1.0 or 1.1, and must learn 1.2: ask "
                      "who runs it, or check relay.port and relay.tls"
                    : "check relay.port and relay.tls: starttls is usual on 587, tls on 465");
}

static void explain_silence(const Diagnosis *self, GError **error)
{
    const char *hint = "";
    if (self->heard->step == HANDSHAKE_GREETING && !self->is_tls)
        hint = "; a server that expects TLS from the first byte (port 465) waits like that: see "
               "relay.tls";
    fail(self, error, CIRCULAR_ERROR_TEMPORARY, "no answer within %u s (%s)%s", self->seconds,
         self->heard->in_tls && self->heard->step == HANDSHAKE_EHLO
             ? "TLS"
             : handshake_step_name(self->heard),
         hint);
}

/* None of those that were to be used is among those that the server offers. */
static void explain_mechanisms(const Diagnosis *self, GError **error)
{
    static const char *const ours[] = {"PLAIN",   "LOGIN",       "CRAM-MD5", "SCRAM-SHA-256",
                                       "XOAUTH2", "OAUTHBEARER", NULL};
    const char *offered = self->heard->offered.mechanisms;
    g_auto(GStrv) theirs = g_strsplit(offered, " ", -1);
    g_autoptr(GString) common = g_string_new(NULL);
    for (guint i = 0; ours[i]; i++) {
        if (!g_strv_contains((const char *const *)theirs, ours[i]) ||
            (g_str_equal(ours[i], "SCRAM-SHA-256") && !connection_knows_scram()))
            continue;
        g_autofree char *word = g_ascii_strdown(ours[i], -1);
        g_string_append_printf(common, "%s%s", common->len ? " or " : "", word);
    }
    if (common->len)
        fail(self, error, CIRCULAR_ERROR_DENIED,
             "the server offers sign-in by '%s' only; set relay.auth to %s%s", offered, common->str,
             strstr(common->str, "oauth") ? " (see oauth2.preset for a token)" : "");
    else
        fail(self, error, CIRCULAR_ERROR_DENIED,
             "the server offers sign-in by '%s' only, and circular signs in by plain, login, "
             "cram-md5, xoauth2 and oauthbearer; ask who runs it for one of these: many servers "
             "offer them once there is TLS, on port 587 (relay.tls: starttls) or 465 (tls)",
             offered);
}

/* Refused without a reply that says why. */
static void explain_no_sign_in(const Diagnosis *self, GError **error)
{
    const Handshake *heard = self->heard;
    if (heard->reply.code == 334)
        fail(self, error, CIRCULAR_ERROR_DENIED,
             "sign-in refused for '%s'; check relay.user and the password or token", self->user);
    else if (heard->offered.auth)
        explain_mechanisms(self, error);
    else
        fail(self, error, CIRCULAR_ERROR_DENIED,
             "the server offers no sign-in and relay.user is set: nothing is sent without it; "
             "check relay.port, or set relay.auth to none if none is needed");
}

static void explain_strange(const Diagnosis *self, GError **error)
{
    if (self->heard->in_tls)
        fail(self, error, CIRCULAR_ERROR_REMOTE,
             "the server sent data between STARTTLS and TLS: somebody may be interfering");
    else
        fail(self, error, CIRCULAR_ERROR_REMOTE,
             "what answers (%s) is no mail server, or not on this port; check relay.port and "
             "relay.tls",
             handshake_step_name(self->heard));
}

static void explain_ssl_missing(const Diagnosis *self, GError **error)
{
    fail(self, error, CIRCULAR_ERROR_REMOTE,
         "the server doesn't offer STARTTLS, or somebody hides that it does: nothing is sent in "
         "the clear; check relay.port, or set relay.tls to tls for port 465");
}

void diagnosis_explain(const Diagnosis *self, GError **error)
{
    const Handshake *heard = self->heard;
    if (heard->is_broken) {
        explain_strange(self, error);
        return;
    }
    switch ((int)self->code) {
    case CURLE_OK: /* libcurl is content without a sign-in that isn't offered: we are not */
        explain_no_sign_in(self, error);
        return;
    case CURLE_COULDNT_RESOLVE_HOST:
        fail(self, error, CIRCULAR_ERROR_TEMPORARY,
             "no such host, or no DNS; check relay.host and the network");
        return;
    case CURLE_COULDNT_CONNECT:
        fail(self, error, CIRCULAR_ERROR_TEMPORARY,
             "can't connect (%s): nobody listens on that port, or a firewall refuses it; check "
             "relay.host, relay.port and the network",
             self->detail);
        return;
    case CURLE_OPERATION_TIMEDOUT:
        if (heard->began)
            explain_silence(self, error);
        else if (!self->has_met)
            fail(self, error, CIRCULAR_ERROR_TEMPORARY,
                 "nothing answers within %u s (%s); a firewall on the way may swallow it: ask who "
                 "runs the network to open port %u to that host%s",
                 self->seconds, self->detail, self->port,
                 self->port == 25 ? ", or use 587: many networks keep 25 shut" : "");
        else
            fail(self, error, CIRCULAR_ERROR_TEMPORARY, "no greeting within %u s (%s)%s",
                 self->seconds, self->detail,
                 self->is_tls ? "" : "; a server on port 465 waits for TLS: see relay.tls");
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
        explain_certificate(self, error);
        return;
    case CURLE_SSL_CONNECT_ERROR:
        explain_handshake(self, error);
        return;
    case CURLE_USE_SSL_FAILED:
        if (heard->refused)
            explain_refusal(self, error);
        else
            explain_ssl_missing(self, error);
        return;
    case CURLE_REMOTE_ACCESS_DENIED:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_LOGIN_DENIED:
        if (heard->refused)
            explain_refusal(self, error);
        else if (self->code == CURLE_LOGIN_DENIED)
            explain_no_sign_in(self, error);
        else
            explain_strange(self, error);
        return;
    case CURLE_SSL_CACERT_BADFILE:
        fail(self, error, CIRCULAR_ERROR_CONFIG,
             "relay.ca_file can't be read: it must be a file of certificates in PEM");
        return;
    case CURLE_ABORTED_BY_CALLBACK:
        fail(self, error, CIRCULAR_ERROR_STOPPED, "stopped while connecting");
        return;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
        fail(self, error, CIRCULAR_ERROR_TEMPORARY, "the connection was lost at %s (%s)",
             handshake_step_name(heard), *self->detail ? self->detail : "closed by the server");
        return;
    case CURLE_URL_MALFORMAT:
        fail(self, error, CIRCULAR_ERROR_CONFIG, "not a host that can be connected to");
        return;
    default:
        fail(self, error, CIRCULAR_ERROR_TEMPORARY, "%s at %s%s%s%s",
             curl_easy_strerror(self->code), handshake_step_name(heard), *self->detail ? " (" : "",
             self->detail, *self->detail ? ")" : "");
    }
}

GError *diagnosis_unwanted(const RelayOptions *options, const char *sender, const Outcome *outcome)
{
    RefusalCause cause = refusal_cause(outcome->code, outcome->enhanced, outcome->text);
    gboolean later = refusal_passes(outcome->code, outcome->enhanced, outcome->text);
    /* Said of the sender, and nothing else is known. */
    if (cause == CAUSE_NONE && !later && g_str_equal(outcome->stage, "MAIL"))
        cause = CAUSE_ADDRESS;
    const char *fix = refusal_fix(cause, sender);
    if (!fix)
        fix = later ? "try again later" : "ask who runs it what this account may send";
    CircularError kind = later ? CIRCULAR_ERROR_LATER
                         : cause == CAUSE_SIGN_IN || cause == CAUSE_SMTP_AUTH_OFF
                             ? CIRCULAR_ERROR_DENIED
                             : CIRCULAR_ERROR_REMOTE;
    return g_error_new(CIRCULAR_ERROR, kind,
                       "%s:%u: the server takes no letters from '%s'%s: '%d%s%s %s' (%s); %s",
                       options->host, options->port, sender, later ? " now" : "", outcome->code,
                       *outcome->enhanced ? " " : "", outcome->enhanced, outcome->text,
                       outcome->stage, fix);
}
