/* netplace - which addresses of the internet are only of use within one network
 */
#ifndef BASE_NETPLACE_H
#define BASE_NETPLACE_H

#include <glib.h>

/* Whether an address (4 or 16 bytes in network order) is loopback, link-local, private (RFC 1918,
 * RFC 4193), a carrier's own (RFC 6598), for benches (RFC 2544), multicast or unspecified; or holds
 * such an address of IPv4 (::ffff:0:0/96, 64:ff9b::/96). TRUE for any other length. */
gboolean netplace_is_private(const guint8 *bytes, gsize length);

#endif
