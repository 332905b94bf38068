/* token_refresh - a secret that was refused may be asked for anew: once, until one is accepted */
#include "delivery/token_refresh.h"

#include <string.h>

#include "base/error.h"
#include "base/trace.h"

Connection *token_refresh_connect(const RelayOptions *options, GError **error)
{
    if (!options->user)
        return connection_new(options, NULL);
    g_autoptr(GError) inner = NULL;
    char *secret = options->secret ? options->secret(options->secret_user, &inner) : NULL;
    if (!secret && inner) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return NULL;
    }
    if (!secret) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "relay.user is set and no password; set one of relay.password_env, "
                    "relay.password_file, relay.password_command");
        return NULL;
    }
    Connection *connection = connection_new(options, secret);
    explicit_bzero(secret, strlen(secret));
    g_free(secret);
    return connection;
}

void token_refresh_accepted(TokenRefresh *self, guint generation)
{
    if (generation == self->generation)
        self->is_untried = FALSE;
}

gboolean token_refresh_helps(TokenRefresh *self, const RelayOptions *options, guint generation,
                             const GError *error)
{
    if (!options->renew_secret || !g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED))
        return FALSE;
    if (generation != self->generation)
        return TRUE; /* another connection was refused with it, too, and has seen to it */
    if (self->is_untried || !options->renew_secret(options->secret_user))
        return FALSE;
    trace("smtp", "* %s; trying once more with a new one", error->message);
    self->generation++;
    self->is_untried = TRUE;
    return TRUE;
}
