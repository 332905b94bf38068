/* netplace - which addresses and names are only of use within one network, or on this machine
 */
#ifndef BASE_NETPLACE_H
#define BASE_NETPLACE_H

#include <glib.h>

/* Whether an address (4 or 16 bytes in network order) is loopback, link-local, private (RFC 1918,
 * RFC 4193), a carrier's own (RFC 6598), for benches (RFC 2544), multicast or unspecified; or holds
 * such an address of IPv4 (::ffff:0:0/96, 64:ff9b::/96). TRUE for any other length. */
gboolean netplace_is_private(const guint8 *bytes, gsize length);

/* Whether a host of a config or URL is this machine: "localhost" and what is below it (RFC 6761
 * section 6.3), or a loopback address, an IPv6 one with or without its brackets. No name is looked
 * up. */
gboolean netplace_is_this_machine(const char *host);

#endif
