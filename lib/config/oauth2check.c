/* oauth2check - what the keys under oauth2 ask of one another, and whom they serve */
#include "config/oauth2check.h"

#include <string.h>

#include "base/netplace.h"
#include "config/provider.h"
#include "config/secret.h"

enum { URL_MAX = 2000, TENANT_MAX = 253 }; /* bytes */

static const char *auth_of(const Settings *settings, const char *group)
{
    const char *key = g_str_equal(group, "relay")    ? "relay.auth"
                      : g_str_equal(group, "settle") ? "settle.auth"
                                                     : "imap.auth";
    return settings_text(settings, key);
}

static gboolean takes_token(const char *auth)
{
    return g_str_equal(auth, "xoauth2") || g_str_equal(auth, "oauthbearer");
}

static gboolean has_user(const Settings *settings, const char *group)
{
    g_autofree char *key = g_strconcat(group, ".user", NULL);
    return settings_has(settings, key);
}

static const char *password_of(const Settings *settings, const char *group)
{
    g_autofree char *prefix = g_strconcat(group, ".password", NULL);
    const char *key = NULL;
    return secret_key(settings, prefix, &key, NULL) ? key : "";
}

/* Whether the keys under oauth2 say anything: as config.example shows them they do not. */
static gboolean is_set_up(const Settings *settings)
{
    static const char *const keys[] = {"oauth2.client_id", "oauth2.token_command",
                                       "oauth2.token_url", "oauth2.tenant", "oauth2.scope"};
    const char *secret, *refresh;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (settings_has(settings, keys[i]))
            return TRUE;
    return !secret_key(settings, "oauth2.client_secret", &secret, NULL) || secret ||
           !secret_key(settings, "oauth2.refresh_token", &refresh, NULL) || refresh ||
           !g_str_equal(settings_text(settings, "oauth2.preset"), "none") ||
           settings_choice(settings, "oauth2.grant") != GRANT_AUTO;
}

gboolean oauth2check_serves(const Settings *settings, const char *group)
{
    const char *auth = auth_of(settings, group);
    return is_set_up(settings) && has_user(settings, group) &&
           (takes_token(auth) || g_str_equal(auth, "auto")) && !password_of(settings, group);
}

gboolean oauth2check_refreshes(const Settings *settings)
{
    const char *key = NULL;
    switch ((Oauth2Grant)settings_choice(settings, "oauth2.grant")) {
    case GRANT_REFRESH_TOKEN:
        return TRUE;
    case GRANT_CLIENT_CREDENTIALS:
        return FALSE;
    case GRANT_AUTO:
        break;
    }
    return secret_key(settings, "oauth2.refresh_token", &key, NULL) && key;
}

/* --- values ---------------------------------------------------------------------------------- */

gboolean oauth2check_is_url(const char *url)
{
    if (strlen(url) > URL_MAX)
        return FALSE;
    for (const char *p = url; *p; p++)
        if (!g_ascii_isgraph(*p))
            return FALSE;
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    if (!uri || !g_uri_get_host(uri) || !*g_uri_get_host(uri) || g_uri_get_userinfo(uri) ||
        g_uri_get_fragment(uri))
        return FALSE;
    const char *scheme = g_uri_get_scheme(uri);
    return g_str_equal(scheme, "https") ||
           (g_str_equal(scheme, "http") && netplace_is_this_machine(g_uri_get_host(uri)));
}

/* A GUID or a domain; it becomes a part of a URL. */
static gboolean is_tenant(const char *tenant)
{
    for (const char *p = tenant; *p; p++)
        if (!g_ascii_isalnum(*p) && *p != '.' && *p != '-')
            return FALSE;
    return strlen(tenant) <= TENANT_MAX && *tenant != '.' && *tenant != '-';
}

/* --- together -------------------------------------------------------------------------------- */

static gboolean complain(const Settings *settings, GError **error, const char *key,
                         const char *text)
{
    settings_complain(settings, error, key, "%s", text);
    return FALSE;
}

/* A token command is all there is. */
static gboolean check_command(const Settings *settings, const char *secret, const char *refresh,
                              GError **error)
{
    const char *keys[] = {"oauth2.client_id",
                          "oauth2.tenant",
                          "oauth2.token_url",
                          "oauth2.scope",
                          "oauth2.grant",
                          secret,
                          refresh};
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!keys[i] || !settings_has(settings, keys[i]))
            continue;
        settings_complain(settings, error, keys[i],
                          "'%s' means nothing beside 'oauth2.token_command': delete one", keys[i]);
        return FALSE;
    }
    return TRUE;
}

static gboolean check_place(const Settings *settings, GError **error)
{
    const char *preset = settings_text(settings, "oauth2.preset");
    const char *url = settings_text(settings, "oauth2.token_url");
    const char *tenant = settings_text(settings, "oauth2.tenant");
    const Provider *provider = provider_find(preset);

    if (url && !oauth2check_is_url(url))
        return complain(settings, error, "oauth2.token_url",
                        "'oauth2.token_url' must be an https:// URL (http:// only for localhost)");
    if (tenant && !is_tenant(tenant))
        return complain(settings, error, "oauth2.tenant",
                        "'oauth2.tenant' must be the directory's id or a domain of it");
    if (provider && !tenant && !url && strstr(provider->token_url, "%s")) {
        settings_complain(settings, error, "oauth2.preset", "the preset '%s' needs 'oauth2.tenant'",
                          preset);
        return FALSE;
    }
    if (g_str_equal(preset, "none") && !url)
        return complain(settings, error, "oauth2.client_id",
                        "'oauth2' needs 'oauth2.preset' or 'oauth2.token_url'");
    return TRUE;
}

static gboolean check_grant(const Settings *settings, const char *secret, const char *refresh,
                            GError **error)
{
    const Provider *provider = provider_find(settings_text(settings, "oauth2.preset"));
    if (oauth2check_refreshes(settings)) {
        if (refresh)
            return TRUE;
        settings_complain(settings, error, "oauth2.grant",
                          "the grant 'refresh_token' needs 'oauth2.refresh_token_file' (or _env, "
                          "or _command)");
    } else if (provider && !provider->is_application) {
        settings_complain(settings, error, "oauth2.preset",
                          "the preset '%s' needs 'oauth2.refresh_token_file' (or _env, or "
                          "_command): %s has no client credentials",
                          provider->name, provider->title);
    } else if (refresh) {
        settings_complain(settings, error, refresh,
                          "'%s' means nothing to the grant 'client_credentials': delete one",
                          refresh);
    } else if (!secret) {
        settings_complain(settings, error, "oauth2.client_id",
                          "'oauth2' needs 'oauth2.client_secret_file' or "
                          "'oauth2.refresh_token_file' (or _env, or _command)");
    } else {
        return TRUE;
    }
    return FALSE;
}

/* A password beside it would be sent as a token, and refused without a word why. */
static gboolean check_served(const Settings *settings, const char *group, GError **error)
{
    const char *password = password_of(settings, group);
    if (!password || !*password || !takes_token(auth_of(settings, group)))
        return TRUE;
    settings_complain(settings, error, password,
                      "'%s' and 'oauth2' would both give the token: delete one", password);
    return FALSE;
}

gboolean oauth2check(const Settings *settings, GError **error)
{
    const char *secret, *refresh;
    if (!is_set_up(settings))
        return TRUE;
    if (!secret_key(settings, "oauth2.client_secret", &secret, error) ||
        !secret_key(settings, "oauth2.refresh_token", &refresh, error) ||
        !check_served(settings, "relay", error) || !check_served(settings, "imap", error) ||
        !check_served(settings, "settle", error))
        return FALSE;
    if (settings_has(settings, "oauth2.token_command"))
        return check_command(settings, secret, refresh, error);
    if (!settings_has(settings, "oauth2.client_id"))
        return complain(settings, error, "oauth2",
                        "'oauth2' needs 'oauth2.client_id', or 'oauth2.token_command'");
    return check_place(settings, error) && check_grant(settings, secret, refresh, error);
}
