/* connector - a connection being opened on a thread of its own
 *
 * connection_open blocks - DNS, TCP, TLS, sign-in - and must not hold up the letters on other
 * connections. The thread touches nothing but the connection it was given.
 */
#ifndef DELIVERY_CONNECTOR_H
#define DELIVERY_CONNECTOR_H

#include "delivery/connection.h"

typedef struct Connector Connector;

/* Begins; takes `connection`. NULL with TEMPORARY when there is no thread or descriptor to be had.
 */
Connector *connector_start(Connection *connection, GError **error);

/* A descriptor that poll(2) reports POLLHUP on when it has ended. */
int connector_fd(const Connector *self);

/* Waits for the end and frees. The open connection, or NULL with what connection_open said. */
Connection *connector_finish(Connector *self, GError **error);

/* Lets go at once: the thread ends and cleans up by itself when libcurl lets it. NULL is fine. */
void connector_abandon(Connector *self);

#endif
