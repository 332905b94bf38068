/* opening - a connection being opened on a thread of its own
 *
 * connection_open blocks - DNS, TCP, TLS, sign-in - and must not hold up the letters on other
 * connections. The thread touches nothing but the connection it was given.
 */
#ifndef DELIVERY_OPENING_H
#define DELIVERY_OPENING_H

#include "delivery/connection.h"

typedef struct Opening Opening;

/* Begins; takes `connection`. NULL with TEMPORARY when there is no thread or descriptor to be had.
 */
Opening *opening_start(Connection *connection, GError **error);

/* A descriptor that poll(2) reports POLLHUP on when it has ended. */
int opening_fd(const Opening *self);

/* Waits for the end and frees. The open connection, or NULL with what connection_open said. */
Connection *opening_finish(Opening *self, GError **error);

/* Lets go at once: the thread ends and cleans up by itself when libcurl lets it. NULL is fine. */
void opening_abandon(Opening *self);

#endif
