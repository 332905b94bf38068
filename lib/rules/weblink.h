/* weblink - what can be said of a link's address by looking at it
 */
#ifndef RULES_WEBLINK_H
#define RULES_WEBLINK_H

#include <glib.h>

enum { WEBLINK_MAX = 2000 }; /* bytes; browsers take more, mail programs not all */

typedef enum {
    WEBLINK_FINE,
    WEBLINK_NO_ADDRESS, /* doesn't parse, has no host, is over WEBLINK_MAX */
    WEBLINK_PASSWORD,   /* carries a user name */
    WEBLINK_PRIVATE,    /* localhost, a private address, a name without a dot */
    WEBLINK_WRAPPED,    /* Safe Links and the like */
    WEBLINK_SHORTENED,  /* bit.ly and the like: nobody sees where it leads */
    WEBLINK_TRACKING,   /* utm_source and the like */
    WEBLINK_INSECURE,   /* http: */
    WEBLINK_MAILTO,     /* mailto: without a proper address */
    WEBLINK_TEL         /* tel: without a number */
} WeblinkFault;

/* The first fault of a link with http, https, mailto or tel, in the order above; what it is about
 * (a parameter, a host) in `detail`, newly allocated, or NULL. Other links are fine. */
WeblinkFault weblink_judge(const char *url, char **detail);

/* Whether an address is only of use within one network: loopback, link-local, private (RFC 1918,
 * RFC 4193, RFC 6598), or none at all. `host` may be an address or a name. */
gboolean weblink_is_private_host(const char *host);

#endif
