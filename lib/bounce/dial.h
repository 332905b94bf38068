/* dial - TCP to a host within a time limit
 */
#ifndef BOUNCE_DIAL_H
#define BOUNCE_DIAL_H

#include <glib.h>

/* Connects to each address of the host in turn, `timeout` seconds altogether (the resolver has
 * limits of its own). A non-blocking socket that is closed on exec, or -1 with TEMPORARY. */
int dial(const char *host, guint port, guint timeout, GError **error);

/* Whether the text is an IPv4 or IPv6 address and no name. */
gboolean dial_is_ip(const char *host);

#endif
