/* accesstoken - what a sign-in by OAuth2 is done with, from a command or from a token endpoint
 *
 * The keys under oauth2 say how (config/oauth2check.h). A token is kept (workspace/tokencache.h) until
 * shortly before its end and then got anew; two processes never ask at the same time. Where
 * Microsoft wants one token for SMTP and another for IMAP, there are two.
 */
#ifndef WORKSPACE_ACCESSTOKEN_H
#define WORKSPACE_ACCESSTOKEN_H

#include "config/settings.h"

/* A token for `group` ("relay", "imap") that is good now, newly allocated, for secret_free.
 * While a server is waited for, `stop` (which may be NULL) is asked whether to give up: STOPPED.
 * `refused`, if not NULL, is the SHA-256 of one that was refused: that one isn't given again.
 *
 * NULL with DENIED when the server grants none (the message names the cause and how to fix it),
 * TEMPORARY when it can't be reached, LATER when it is busy, REMOTE when it can't be trusted or is
 * no token server, CONFIG for keys and files that can't be used, IO for the cache. */
char *accesstoken_get(const Settings *settings, const char *group, const char *refused,
                      gboolean (*stop)(void *user), void *user, GError **error);

#endif
