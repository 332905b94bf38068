/* netplace - which addresses and names are only of use within one network, or on this machine */
#include "base/netplace.h"

#include <arpa/inet.h>
#include <string.h>

static gboolean is_private_4(const guint8 *b)
{
    return b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 ||
           (b[0] == 100 && (b[1] & 0xc0) == 64) || (b[0] == 169 && b[1] == 254) ||
           (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
           (b[0] == 198 && (b[1] & 0xfe) == 18);
}

gboolean netplace_is_private(const guint8 *bytes, gsize length)
{
    static const guint8 zeros[16] = {0};
    static const guint8 mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const guint8 nat64[12] = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    if (length == 4)
        return is_private_4(bytes);
    if (length != 16)
        return TRUE;
    if (!memcmp(bytes, mapped, 12) || !memcmp(bytes, nat64, 12))
        return is_private_4(bytes + 12);
    if (!memcmp(bytes, zeros, 12)) /* ::, ::1, and the old form of an IPv4 address */
        return TRUE;
    return (bytes[0] & 0xfe) == 0xfc || bytes[0] == 0xff ||
           (bytes[0] == 0xfe && (bytes[1] & 0x80) == 0x80);
}

static gboolean is_loopback_name(const char *host)
{
    g_autofree char *name = g_ascii_strdown(host, -1);
    if (g_str_has_suffix(name, ".")) /* the root's dot */
        name[strlen(name) - 1] = '\0';
    return g_str_equal(name, "localhost") || g_str_has_suffix(name, ".localhost");
}

gboolean netplace_is_this_machine(const char *host)
{
    struct in6_addr six;
    guint8 four[4];
    gsize length = strlen(host);
    gboolean in_brackets = length > 2 && host[0] == '[' && host[length - 1] == ']';
    g_autofree char *bare = in_brackets ? g_strndup(host + 1, length - 2) : g_strdup(host);
    if (!in_brackets && inet_pton(AF_INET, bare, four) == 1)
        return four[0] == 127;
    if (inet_pton(AF_INET6, bare, &six) == 1)
        return IN6_IS_ADDR_LOOPBACK(&six) || (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127);
    return is_loopback_name(host);
}
