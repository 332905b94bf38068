/* accesstoken - what a sign-in by OAuth2 is done with, from a command or from a token endpoint */
#include "workspace/accesstoken.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/trace.h"
#include "config/oauth2check.h"
#include "config/provider.h"
#include "config/secret.h"
#include "net/tokenrequest.h"
#include "workspace/tokencache.h"

/* Another process may be asking, twice, with a refresh token that is refused and with another. */
enum { PATIENCE = 2 * TOKENREQUEST_SECONDS + 10 };

typedef struct {
    const Settings *settings;
    gboolean (*stop)(void *user);
    void *user;
    char *url, *scope, *path;
    gboolean refreshes;
    char *refresh_token; /* that of the config, or NULL */
    char *identity;      /* what a refresh token in the cache belongs to */
    char *name;          /* what an access token there belongs to */
} Grant;

/* --- what is asked for ----------------------------------------------------------------------- */

static char *url_of(const Settings *settings)
{
    const char *url = settings_text(settings, "oauth2.token_url");
    return url ? g_strdup(url) : provider_token_url(settings);
}

static char *scope_of(const Settings *settings, const char *group)
{
    const char *scope = settings_text(settings, "oauth2.scope");
    return g_strdup(scope ? scope
                          : provider_scope(settings, group, oauth2check_refreshes(settings)));
}

static char *path_of(const Settings *settings)
{
    const char *path = settings_path(settings, "oauth2.cache");
    return path ? g_strdup(path)
                : g_strconcat(settings_path(settings, "ledger.file"), ".oauth2", NULL);
}

static void grant_clear(Grant *self)
{
    g_free(self->url);
    g_free(self->scope);
    g_free(self->path);
    secret_free(self->refresh_token);
    g_free(self->identity);
    g_free(self->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Grant, grant_clear)

static gboolean grant_init(Grant *self, const Settings *settings, const char *group, GError **error)
{
    GError *inner = NULL;
    self->settings = settings;
    self->url = url_of(settings);
    self->scope = scope_of(settings, group);
    self->path = path_of(settings);
    self->refreshes = oauth2check_refreshes(settings);
    if (self->refreshes)
        self->refresh_token = secret_load(settings, "oauth2.refresh_token", &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    /* Another refresh token in the config is another identity: what came in place of the old one
     * counts no more. */
    const char *seed = self->refresh_token ? self->refresh_token : "";
    g_autofree char *hash = bytes_sha256(seed, strlen(seed));
    self->identity =
        g_strdup_printf("%s\n%s\n%s\n%s", self->url, settings_text(settings, "oauth2.client_id"),
                        self->refreshes ? "refresh_token" : "client_credentials", hash);
    self->name = g_strdup_printf("%s\n%s", self->identity, self->scope ? self->scope : "");
    return TRUE;
}

/* --- asking ---------------------------------------------------------------------------------- */

/* A reply that may hold a refusal; NULL with an error. */
static TokenReply *ask_with(const Grant *self, const char *refresh_token, GError **error)
{
    GError *inner = NULL;
    char *secret = secret_load(self->settings, "oauth2.client_secret", &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return NULL;
    }
    TokenRequest request = {
        .url = self->url,
        .grant = self->refreshes ? "refresh_token" : "client_credentials",
        .client_id = settings_text(self->settings, "oauth2.client_id"),
        .client_secret = secret,
        .refresh_token = refresh_token,
        .scope = self->scope,
        .ca_file = settings_path(self->settings, "oauth2.ca_file"),
        .stop = self->stop,
        .stop_user = self->user,
        .allow_http = g_ascii_strncasecmp(self->url, "http:", strlen("http:")) == 0,
    };
    TokenReply *reply = tokenrequest_send(&request, error);
    secret_free(secret);
    return reply;
}

/* The newest refresh token first; where it is refused, the one of the config once, which some
 * servers go on taking. */
static TokenReply *ask(const Grant *self, const TokenCache *cache, GError **error)
{
    char *newest = self->refreshes ? tokencache_refresh(cache, self->identity) : NULL;
    TokenReply *reply = ask_with(self, newest ? newest : self->refresh_token, error);
    if (newest && reply && g_strcmp0(reply->error, "invalid_grant") == 0 &&
        !g_str_equal(newest, self->refresh_token)) {
        tokenreply_free(reply);
        reply = ask_with(self, self->refresh_token, error);
    }
    secret_free(newest);
    return reply;
}

/* Puts down what was granted before it is used: a refresh token that was spent is of no more use.
 */
static char *keep(const Grant *self, TokenCache *cache, const TokenReply *reply, GError **error)
{
    gint64 now = clock_now();
    if (reply->error) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED,
                    "%s: no access token is granted: '%s'%s%s%s; %s", self->url, reply->error,
                    *reply->description ? " (" : "", reply->description,
                    *reply->description ? ")" : "", tokenreply_fix(reply));
        return NULL;
    }
    tokencache_set_access(cache, self->name, reply->access_token, now, reply->lifetime);
    if (self->refreshes && reply->refresh_token)
        tokencache_set_refresh(cache, self->identity, reply->refresh_token);
    if (!tokencache_save(cache, self->path, now, error))
        return NULL;
    trace("oauth2", "* a token for %" G_GINT64_FORMAT " s%s", reply->lifetime,
          reply->refresh_token ? ", and a new refresh token" : "");
    return g_strdup(reply->access_token);
}

static char *from_command(const Settings *settings, GError **error)
{
    static const char key[] = "oauth2.token_command";
    g_autoptr(GError) inner = NULL;
    char *token = secret_command(settings_texts(settings, key), settings_folder(settings),
                                 SECRET_COMMAND_SECONDS, &inner);
    if (!token)
        settings_complain(settings, error, key, "%s", inner->message);
    return token;
}

/* --- all of it ------------------------------------------------------------------------------- */

/* The token in the cache, unless it is the refused one. */
static char *find(const Grant *self, const TokenCache *cache, const char *refused)
{
    char *token = tokencache_access(cache, self->name, clock_now());
    g_autofree char *hash = token && refused ? bytes_sha256(token, strlen(token)) : NULL;
    if (!hash || !g_str_equal(hash, refused))
        return token;
    secret_free(token);
    return NULL;
}

/* With the lock held: another process may have been faster. */
static char *renew(const Grant *self, const char *refused, GError **error)
{
    g_autoptr(TokenCache) cache = tokencache_load(self->path, error);
    if (!cache)
        return NULL;
    char *token = find(self, cache, refused);
    if (token)
        return token;
    g_autoptr(TokenReply) reply = ask(self, cache, error);
    return reply ? keep(self, cache, reply, error) : NULL;
}

char *accesstoken_get(const Settings *settings, const char *group, const char *refused,
                      gboolean (*stop)(void *user), void *user, GError **error)
{
    g_auto(Grant) self = {.stop = stop, .user = user};
    if (settings_has(settings, "oauth2.token_command"))
        return from_command(settings, error);
    if (!grant_init(&self, settings, group, error))
        return NULL;
    g_autoptr(TokenCache) cache = tokencache_load(self.path, error);
    if (!cache)
        return NULL;
    char *token = find(&self, cache, refused);
    if (token)
        return token;
    int lock = tokencache_lock(self.path, PATIENCE, stop, user, error);
    if (lock < 0)
        return NULL;
    token = renew(&self, refused, error);
    tokencache_unlock(lock);
    return token;
}
