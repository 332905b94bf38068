/* tokenreply - what a token endpoint answers, read from bytes that nobody vouches for */
#include "net/tokenreply.h"

#include <string.h>

#include "base/error.h"
#include "text/jsontext.h"

static TokenReply *refuse(GError **error, const char *why)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE, "the answer %s", why);
    return NULL;
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

void tokenreply_free(TokenReply *self)
{
    if (!self)
        return;
    wipe(self->access_token);
    wipe(self->refresh_token);
    g_free(self->error);
    g_free(self->description);
    g_free(self);
}

/* --- members --------------------------------------------------------------------------------- */

static gboolean is_token(const char *text)
{
    gsize length = strlen(text);
    for (const char *p = text; *p; p++)
        if (!g_ascii_isgraph(*p))
            return FALSE;
    return length && length <= TOKENREPLY_TOKEN_MAX;
}

/* A token, or NULL when there is none; FALSE when there is something that can't be one. */
static gboolean take_token(JsonObject *object, const char *name, char **into)
{
    const char *text = jsontext_string(object, name);
    if (!json_object_has_member(object, name) || json_object_get_null_member(object, name))
        return TRUE;
    if (!text || !is_token(text))
        return FALSE;
    *into = g_strdup(text);
    return TRUE;
}

/* Seconds, as a number or, as some servers write it, as digits in quotes. */
static gint64 lifetime_of(JsonObject *object)
{
    JsonNode *node = json_object_get_member(object, "expires_in");
    const char *text = jsontext_string(object, "expires_in");
    gint64 seconds = -1;
    if (text)
        seconds = *text && strlen(text) <= 10 && strspn(text, "0123456789") == strlen(text)
                      ? g_ascii_strtoll(text, NULL, 10)
                      : -1;
    else if (node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64)
        seconds = json_node_get_int(node);
    else if (node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_DOUBLE)
        seconds = (gint64)CLAMP(json_node_get_double(node), -1.0, TOKENREPLY_SECONDS_MAX);
    return seconds < 0 ? TOKENREPLY_SECONDS_UNSAID : MIN(seconds, TOKENREPLY_SECONDS_MAX);
}

static gboolean is_word(const char *text)
{
    return text && *text && strlen(text) <= TOKENREPLY_WORD_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
               strlen(text);
}

/* A server's words on one line, cut off. They may name people and accounts, but no secret. */
static char *describe(const char *text)
{
    if (!text)
        return g_strdup("");
    const char *end =
        text + strcspn(text, "\r\n"); /* Microsoft's trace ids stand on further lines */
    g_autofree char *line = g_strndup(text, MIN((gsize)(end - text), TOKENREPLY_TEXT_MAX));
    g_autofree char *valid = g_utf8_make_valid(line, -1);
    char *shown = text_visible(g_strstrip(valid));
    if (strlen(shown) > TOKENREPLY_TEXT_MAX)
        *g_utf8_find_prev_char(shown, shown + TOKENREPLY_TEXT_MAX + 1) = '\0';
    return shown;
}

/* --- the reply ------------------------------------------------------------------------------- */

static TokenReply *read_object(JsonObject *object, GError **error)
{
    const char *word = jsontext_string(object, "error"),
               *type = jsontext_string(object, "token_type");
    g_autoptr(TokenReply) self = g_new0(TokenReply, 1);
    if (json_object_has_member(object, "error")) {
        if (!is_word(word))
            return refuse(error, "holds an error without a name");
        self->error = g_strdup(word);
        self->description = describe(jsontext_string(object, "error_description"));
        return g_steal_pointer(&self);
    }
    if (!take_token(object, "access_token", &self->access_token) ||
        !take_token(object, "refresh_token", &self->refresh_token))
        return refuse(error, "holds a token that can't be one");
    if (!self->access_token)
        return refuse(error, "holds no access token");
    if (type && g_ascii_strcasecmp(type, "bearer") != 0)
        return refuse(error, "holds a token of another type than Bearer");
    self->lifetime = lifetime_of(object);
    self->description = g_strdup("");
    return g_steal_pointer(&self);
}

TokenReply *tokenreply_parse(const char *bytes, gsize length, GError **error)
{
    if (length > TOKENREPLY_MAX)
        return refuse(error, "is too long");
    g_autoptr(JsonObject) object = jsontext_parse(bytes, length, TOKENREPLY_DEPTH_MAX);
    if (!object)
        return refuse(error, "is not that of a token server");
    return read_object(object, error);
}

/* --- errors ---------------------------------------------------------------------------------- */

gboolean tokenreply_is_passing(const TokenReply *self)
{
    static const char *const passing[] = {"temporarily_unavailable", "server_error", "slow_down",
                                          NULL};
    return self->error && g_strv_contains(passing, self->error);
}

const char *tokenreply_fix(const TokenReply *self)
{
    /* Microsoft says the same word for many things, and tells them apart by number: the errors
     * "AADSTS..." of its page "Microsoft Entra authentication and authorization error codes". Where
     * they begin alike the longer stands first. */
    static const struct {
        const char *sign, *fix;
    } mends[] = {
        {"AADSTS65001", "an administrator must consent to what the application asks for"},
        {"AADSTS7000222", "the client secret has expired: make a new one where the application is "
                          "registered, and set oauth2.client_secret"},
        {"AADSTS7000215", "the client secret is wrong: oauth2.client_secret takes its value, not "
                          "its id"},
        {"AADSTS700016", "no such application in that tenant; check oauth2.client_id and "
                         "oauth2.tenant"},
        {"AADSTS90002", "no such tenant; check oauth2.tenant"},
        {"AADSTS700082", "the refresh token lay unused for too long: sign in anew, and set "
                         "oauth2.refresh_token"},
        {"AADSTS50173", "the password was changed since: sign in anew, and set "
                        "oauth2.refresh_token"},
        {"invalid_grant", "the refresh token is expired, revoked or used up: sign in anew, and set "
                          "oauth2.refresh_token"},
        {"invalid_client", "check oauth2.client_id and oauth2.client_secret; secrets expire"},
        {"unauthorized_client", "the application may not do that: check oauth2.grant, and what it "
                                "is registered for"},
        {"consent_required", "an administrator must consent to what the application asks for"},
        {"interaction_required", "somebody must sign in anew, or an administrator consent; then "
                                 "set oauth2.refresh_token"},
        {"invalid_scope", "check oauth2.scope, and what the application is registered for"},
        {"unsupported_grant_type", "the server doesn't know this grant; check oauth2.grant"},
        {"access_denied", "the account isn't allowed that: ask who administers it"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(mends); i++) {
        const char *where = g_ascii_isupper(*mends[i].sign) ? self->description : self->error;
        const char *found = where ? strstr(where, mends[i].sign) : NULL;
        if (found && !g_ascii_isdigit(found[strlen(mends[i].sign)]))
            return mends[i].fix;
    }
    return tokenreply_is_passing(self) ? "try again later" : "check the keys under oauth2";
}
