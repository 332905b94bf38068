/* tokenrequest - an access token asked for at a token endpoint, over HTTPS
 *
 * One POST of a form (RFC 6749 sections 4.4.2 and 6) through libcurl: certificate and host name
 * verified, TLS 1.2 at least, no redirect followed, all of it within TOKENREQUEST_SECONDS. The
 * system's HTTPS proxy is used where https_proxy names one: it sees the host's name only. What is
 * sent and what comes back is never traced (topic "oauth2" tells of the URL and the status).
 */
#ifndef NET_TOKENREQUEST_H
#define NET_TOKENREQUEST_H

#include "net/tokenreply.h"

enum { TOKENREQUEST_SECONDS = 30 };

typedef struct {
    const char *url;           /* https; http only with `allow_http` */
    const char *grant;         /* "refresh_token" or "client_credentials" */
    const char *client_id;     /* or NULL */
    const char *client_secret; /* or NULL */
    const char *refresh_token; /* or NULL */
    const char *scope;         /* or NULL */
    const char *ca_file;       /* or NULL for the system's */
    gboolean allow_http;       /* the caller has seen that it is this very machine */
    guint seconds;             /* 0: TOKENREQUEST_SECONDS */
    /* Asked about once a second whether to give up, or NULL; but not once a refresh token has left:
     * what comes in its place would be lost. */
    gboolean (*stop)(void *user);
    void *stop_user;
} TokenRequest;

/* Asks, and waits for the answer. A reply that holds an error is no error here, unless it is one
 * that passes. NULL with TEMPORARY (no host, no answer, too slow), LATER (busy: 429 and 5xx, an
 * error that passes), REMOTE (certificate, redirect, no such page, not a token server), CONFIG (a
 * URL or ca_file that can't be used), or STOPPED. No message holds a secret. */
TokenReply *tokenrequest_send(const TokenRequest *request, GError **error);

#endif
