/* credential - what the relay and the inbox sign in with: a password, or an access token
 */
#ifndef WORKSPACE_CREDENTIAL_H
#define WORKSPACE_CREDENTIAL_H

#include "config/settings.h"

typedef struct Credential Credential;

/* That of "relay" or "imap". Keeps `settings`, which has to outlive it. */
Credential *credential_new(const Settings *settings, const char *group);
void credential_free(Credential *self);

/* While a token is asked for, `stop` is asked whether to give up; NULL: never. */
void credential_watch(Credential *self, gboolean (*stop)(void *user), void *user);

/* How to sign in, as RelayOptions and InboxOptions want it: "token" where the config leaves it to
 * us and there is a token in place of a password. Borrowed. */
const char *credential_auth(const Credential *self);

/* For `secret` and `renew_secret` of both; `self` is a Credential. The secret is asked for at each
 * sign-in. A refused token is got anew where it can be: TRUE when the next one won't be the same. A
 * password or what a command printed is not: the next time it says the same. */
char *credential_secret(void *self, GError **error);
gboolean credential_renew(void *self);

#endif
