/* relay - SMTP to one submission server or relay
 *
 * libcurl connects, verifies TLS and signs in (CURLOPT_CONNECT_ONLY); the mail transaction is our
 * own (delivery/session.h) over curl_easy_send and curl_easy_recv, pipelined where the server
 * offers it (RFC 2920). Secrets are never traced.
 *
 * What run() does beyond the contract of the seam:
 *   - It asks for an envelope only when one can be begun or a connection can be opened for it; so
 * no more than one a connection (with `overlap` two) is ever in hand. Connections are opened as
 * they are needed.
 *   - A connection that served others and then ended before it answered to a letter costs nothing:
 * its envelope goes to a new one, once. So does one that was refused on such a connection, unless
 * the code or the words are about the recipient or the message: it may be a limit of letters a
 * session, and when two connections end after the same number, the next ones are ended before. A
 * refusal that a new connection has answered, too, isn't tried out a second time in this run.
 *   - A connection that can't be opened while others work only means that there will be fewer.
 *   - Until a sign-in was accepted there is one connection: a mistyped password isn't tried twice.
 *   - It fails with TEMPORARY when none can be opened, or RELAY_LOSSES of them in a row were lost
 * before a letter was answered; when a new connection takes nothing from this sender, with LATER
 * (4xx or a limit to MAIL, 421), or with REMOTE or DENIED (5xx to MAIL). Letters under way
 * are then brought to their end, and those not begun, or met by that refusal, are given back as
 * OUTCOME_UNTRIED.
 *   - When `stop` says so it returns TRUE at once.
 */
#ifndef DELIVERY_RELAY_H
#define DELIVERY_RELAY_H

#include "base/tls.h"
#include "delivery/transport.h"

enum {
    RELAY_CONNECTIONS_MAX = 256,
    RELAY_FINAL_SECONDS = 600, /* RFC 5321 section 4.5.3.2.6 */
    RELAY_LOSSES = 3 /* connections lost in a row without a letter answered, and it gives up */
};

typedef struct {
    const char *host;
    guint port;
    Tls tls;
    const char *ca_file; /* or NULL for the system's */
    const char *hello;   /* our name in EHLO; NULL for the host's name */
    const char *auth;    /* "auto" (a password: by the next two), "plain", "login", "cram-md5",
                          * "scram-sha-256" (CONFIG where libcurl can't), "token" (either of the
                          * next two), "xoauth2", "oauthbearer", "none" */
    const char *user;    /* NULL: no sign-in */
    /* The password, or the access token: asked at each connection, on the thread that called run;
     * freed by the relay as by secret_free: overwritten, then g_free. NULL with an error ends the
     * run. */
    char *(*secret)(void *user, GError **error);
    void *secret_user;
    /* May be NULL. Called, with `secret_user`, when a sign-in was refused: TRUE when `secret` has
     * another one to give now. A connection that was refused with the old one is then opened again;
     * the new one, refused before it was ever accepted, ends the run. */
    gboolean (*renew_secret)(void *user);
    guint connections;             /* at once, at least 1 */
    guint messages_per_connection; /* 0: no limit */
    /* Where the server offers PIPELINING, the next letter's commands leave with the end of the one
     * before (RFC 2920 section 3.1): a round trip less, and two envelopes a connection in hand. */
    gboolean overlap;
    guint timeout; /* seconds for a reply; connecting has a third of it */
    guint final;   /* seconds for the reply to a whole message; 0: see relay_final_timeout */
} RelayOptions;

/* How many seconds the answer to a whole message is waited for: as the options say, else
 * RELAY_FINAL_SECONDS or the timeout, if that is longer. */
guint relay_final_timeout(const RelayOptions *options);

/* What a relay says when nothing is sent. */
typedef struct {
    gboolean is_open;         /* connected, secured as asked for, signed in where a user is given */
    gboolean is_tls;          /* with a verified certificate */
    gint64 certificate_end;   /* microseconds; 0: not known */
    gboolean reports;         /* it offers reports of success (DSN, RFC 3461) */
    guint64 size_max;         /* largest message in bytes; 0: no limit is told */
    char *greeting;           /* its first line, fit to be shown; or NULL */
    int sender_code;          /* its reply to MAIL FROM; 0: it gave none */
    char *sender_reply;       /* that reply with its codes, fit to be shown; or NULL */
    char sender_enhanced[12]; /* its enhanced status code, or "" */
} RelayProbe;

/* Connects as a run would, within `seconds` (or the relay's own timeout, if that is less), and says
 * MAIL FROM the sender, RSET and QUIT: no recipient, no letter. FALSE with what connection_open
 * said; a refused sender is no error. The caller frees with relay_probe_clear, in any case. */
gboolean relay_probe(Transport *relay, const char *sender, guint seconds, RelayProbe *probe,
                     GError **error);
void relay_probe_clear(RelayProbe *probe);

/* Copies the options (not `secret_user`). NULL with CONFIG when one of them can't be used. */
Transport *relay_new(const RelayOptions *options, GError **error);

#endif
