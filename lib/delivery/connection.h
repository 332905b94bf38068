/* connection - one connection to the relay: opened, secured and signed in by libcurl, then bytes
 *
 * CURLOPT_CONNECT_ONLY: libcurl does greeting, EHLO, STARTTLS or TLS from the first byte, the
 * verification of certificate and host name, and SASL; then it only moves bytes. TLS 1.2 is the
 * least, no proxy is asked, and where a user is given nothing goes on without a sign-in that the
 * server confirmed. A connection is used by one thread at a time.
 */
#ifndef DELIVERY_CONNECTION_H
#define DELIVERY_CONNECTION_H

#include <sys/uio.h>

#include "delivery/extensions.h"
#include "delivery/relay.h"

enum { CONNECTION_SECONDS_MIN = 10 }; /* for connecting, unless the timeout itself is less */

typedef struct Connection Connection;

/* Whether this libcurl can sign in by SCRAM-SHA-256: it needs GNU SASL for that. */
gboolean connection_knows_scram(void);

/* Prepares, without touching the network. `secret` (NULL without sign-in) is copied by libcurl and
 * may be overwritten afterwards. */
Connection *connection_new(const RelayOptions *options, const char *secret);

/* Closes it, without a QUIT; NULL is fine. */
void connection_free(Connection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Connection, connection_free)

/* Connects, secures and signs in; blocks, at most for a third of the timeout or
 * CONNECTION_SECONDS_MIN. FALSE with TEMPORARY (no such host, no answer, 4xx), REMOTE (certificate,
 * no STARTTLS, 5xx), DENIED (sign-in refused or not offered), CONFIG, or STOPPED after
 * connection_cancel. */
gboolean connection_open(Connection *self, GError **error);

/* Makes connection_open return soon; the one function that another thread may call. */
void connection_cancel(Connection *self);

/* Of an open one. */
int connection_fd(const Connection *self);
const Extensions *connection_extensions(const Connection *self);
gboolean connection_is_tls(const Connection *self);

/* The first line that the server said, with its code; not yet fit to be shown. Borrowed. */
const char *connection_greeting(const Connection *self);

/* Until when the server's certificate is good, in microseconds since 1970; 0 when that isn't known.
 */
gint64 connection_certificate_end(const Connection *self);

/* Sends or receives without blocking: how many bytes, CONNECTION_AGAIN when none can be now, or
 * CONNECTION_GONE when it is closed or broken: see connection_fault. After CONNECTION_AGAIN the
 * same bytes must be sent next (TLS has taken some of them). */
enum { CONNECTION_AGAIN = 0, CONNECTION_GONE = -1 };
gssize connection_send(Connection *self, const char *bytes, gsize length);

/* The same of pieces, straight from where they are; only without TLS. */
gssize connection_send_pieces(Connection *self, struct iovec *pieces, guint count);
gssize connection_receive(Connection *self, char *bytes, gsize room);

/* "the server closed the connection", "connection reset by peer" ...; borrowed. */
const char *connection_fault(const Connection *self);

#endif
