/* credential - what the relay and the inbox sign in with: a password, or an access token */
#include "workspace/credential.h"

#include <string.h>

#include "base/error.h"
#include "base/sha256.h"
#include "config/oauth2check.h"
#include "config/secret.h"
#include "workspace/accesstoken.h"

struct Credential {
    const Settings *settings;
    char *group;
    char *last;    /* SHA-256 of the token that was given last, or NULL */
    char *refused; /* of the one that was refused, or NULL */
    gboolean (*stop)(void *user);
    void *stop_user;
};

Credential *credential_new(const Settings *settings, const char *group)
{
    Credential *self = g_new0(Credential, 1);
    self->settings = settings;
    self->group = g_strdup(group);
    return self;
}

void credential_free(Credential *self)
{
    if (!self)
        return;
    g_free(self->group);
    g_free(self->last);
    g_free(self->refused);
    g_free(self);
}

void credential_watch(Credential *self, gboolean (*stop)(void *user), void *user)
{
    self->stop = stop;
    self->stop_user = user;
}

const char *credential_auth(const Credential *self)
{
    g_autofree char *key = g_strconcat(self->group, ".auth", NULL);
    const char *auth = settings_text(self->settings, key);
    gboolean is_open = g_str_equal(auth, "auto");
    return is_open && oauth2check_serves(self->settings, self->group) ? "token" : auth;
}

static char *password(const Credential *self, GError **error)
{
    GError *inner = NULL;
    g_autofree char *key = g_strconcat(self->group, ".password", NULL);
    char *secret = secret_load(self->settings, key, &inner);
    if (inner)
        g_propagate_error(error, inner);
    else if (!secret)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s: %s.user is set but no password; set %s.password_env, %s.password_file or "
                    "%s.password_command, or see oauth2",
                    settings_file(self->settings), self->group, self->group, self->group,
                    self->group);
    return secret;
}

char *credential_secret(void *user, GError **error)
{
    Credential *self = user;
    if (!oauth2check_serves(self->settings, self->group))
        return password(self, error);
    char *token = accesstoken_get(self->settings, self->group, self->refused, self->stop,
                                  self->stop_user, error);
    g_free(self->last);
    self->last = token ? bytes_sha256(token, strlen(token)) : NULL;
    return token;
}

gboolean credential_renew(void *user)
{
    Credential *self = user;
    if (!self->last || settings_has(self->settings, "oauth2.token_command") ||
        !oauth2check_serves(self->settings, self->group))
        return FALSE;
    g_free(self->refused);
    self->refused = g_strdup(self->last);
    return TRUE;
}
