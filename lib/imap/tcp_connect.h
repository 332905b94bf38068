/* tcp_connect - TCP to a host within a time limit
 */
#ifndef IMAP_TCP_CONNECT_H
#define IMAP_TCP_CONNECT_H

#include <glib.h>

/* Connects to each address of the host in turn, `timeout` seconds altogether (the resolver has
 * limits of its own). A non-blocking socket that is closed on exec, or -1 with TEMPORARY. */
int tcp_connect(const char *host, guint port, guint timeout, GError **error);

/* Whether the text is an IPv4 or IPv6 address and no name. */
gboolean tcp_connect_is_ip(const char *host);

#endif
