/* relay - SMTP to one submission server or relay
 *
 * libcurl connects, verifies TLS and signs in (CURLOPT_CONNECT_ONLY); the mail transaction is our
 * own (delivery/session.h) over curl_easy_send and curl_easy_recv, pipelined where the server
 * offers it (RFC 2920). Secrets are never traced.
 */
#ifndef DELIVERY_RELAY_H
#define DELIVERY_RELAY_H

#include "delivery/transport.h"

typedef enum { RELAY_STARTTLS, RELAY_TLS, RELAY_PLAIN } RelayTls;

typedef struct {
    const char *host;
    guint port;
    RelayTls tls;        /* RELAY_PLAIN only where the config says so in so many words */
    const char *ca_file; /* or NULL for the system's */
    const char *hello;   /* our name in EHLO; NULL for the host's name */
    const char *auth;    /* "auto", "plain", "login", "xoauth2", "oauthbearer", "none" */
    const char *user;    /* NULL: no sign-in */
    char *(*secret)(void *user,
                    GError **error); /* asked at each connection; freed with secret_free's
                                      * rules by the relay: overwritten, then g_free */
    void *secret_user;
    guint connections;             /* at once, at least 1 */
    guint messages_per_connection; /* 0: no limit */
    guint timeout;                 /* seconds for a reply; connecting has a third of it */
} RelayOptions;

Transport *relay_new(const RelayOptions *options, GError **error);

#endif
