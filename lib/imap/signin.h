/* signin - how we say to an IMAP server who we are
 *
 * LOGIN through libetpan; AUTHENTICATE PLAIN (RFC 4616), XOAUTH2 and OAUTHBEARER (RFC 7628) by
 * hand: libetpan has no OAUTHBEARER, and for PLAIN it wants Cyrus SASL and its plug-ins.
 */
#ifndef IMAP_SIGNIN_H
#define IMAP_SIGNIN_H

#include "imap/imaplink.h"

/* "auto", "plain", "login", "token", "xoauth2", "oauthbearer". */
gboolean signin_is_known(const char *auth);

/* Whether user and secret can be said at all: not empty, within limits, UTF-8, no control
 * characters. CONFIG otherwise; never names the secret. */
gboolean signin_check(const char *user, const char *secret, GError **error);

/* Signs in. DENIED when the server refuses, or doesn't offer the way that `auth` names. What was
 * said is neither traced nor ever quoted. */
gboolean signin_do(ImapLink *link, const char *host, guint port, const char *auth, const char *user,
                   const char *secret, GError **error);

#endif
