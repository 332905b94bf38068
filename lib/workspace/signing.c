/* signing - what each letter carries so that its return can be believed */
#include "workspace/signing.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "mail/address.h"
#include "workspace/signing_key.h"

struct Signing {
    TokenKey *key;
    guint64 mailing;
    char *id;
    Verp verp;
    char *local, *domain; /* of bounce.address */
    char *unsubscribe;    /* the URI up to the token, or NULL */
    GString *sender, *delivery, *uri;
    char answer[TOKEN_MAX + 1];
};

static Verp verp_of(const Settings *settings)
{
    return settings_text(settings, "bounce.address") ? settings_choice(settings, "bounce.verp")
                                                     : VERP_NONE;
}

static Address *bounce_address(const Workspace *workspace, GError **error)
{
    const Settings *settings = workspace_settings(workspace);
    GError *inner = NULL;
    Address *address = address_parse(settings_text(settings, "bounce.address"), &inner);
    gsize room = ADDRESS_LOCAL_MAX - TOKEN_MAX - 1;
    if (!address)
        settings_complain(settings, error, "bounce.address", "%s", inner->message);
    g_clear_error(&inner);
    if (!address || verp_of(settings) == VERP_NONE ||
        (strlen(address->local) <= room && strlen(address->spec) <= ADDRESS_SPEC_MAX - room))
        return address;
    settings_complain(settings, error, "bounce.address",
                      "'%s' leaves no room for the token that names a letter: at most %d "
                      "characters may stand before the @, or set bounce.verp to none",
                      address->spec, (int)room);
    address_free(address);
    return NULL;
}

gboolean signing_check(const Workspace *workspace, GError **error)
{
    if (!settings_text(workspace_settings(workspace), "bounce.address"))
        return TRUE;
    g_autoptr(Address) address = bounce_address(workspace, error);
    return address != NULL;
}

/* The sender with a token in it. */
static void write_sender(Verp verp, const char *local, const char *domain, const char *token,
                         GString *out)
{
    switch (verp) {
    case VERP_NONE:
        break;
    case VERP_PLUS:
        g_string_printf(out, "%s+%s@%s", local, token, domain);
        break;
    case VERP_CATCHALL:
        g_string_printf(out, "%s@%s", token, domain);
        break;
    }
}

char *signing_example(const Workspace *workspace, const char *plain)
{
    guint8 bytes[TOKEN_KEY];
    char token[TOKEN_MAX + 1];
    const char *at = strrchr(plain, '@');
    GString *sender = g_string_new(plain);
    g_autofree char *local = g_strndup(plain, at ? (gsize)(at - plain) : 0);
    random_bytes(bytes, sizeof bytes);
    g_autoptr(TokenKey) key = token_key_new(bytes);
    token_make(key, TOKEN_BOUNCE, G_MAXUINT32, G_MAXUINT32, token);
    if (at)
        write_sender(verp_of(workspace_settings(workspace)), local, at + 1, token, sender);
    return g_string_free(sender, FALSE);
}

/* Takes the plain sender of the mailing: an address that was changed since it was planned has its
 * effect on later plans. */
static void take_sender(Signing *self, const Workspace *workspace, const Mailing *mailing)
{
    const char *at = strrchr(mailing->envelope_sender, '@');
    self->verp = verp_of(workspace_settings(workspace));
    self->sender = g_string_new(mailing->envelope_sender);
    self->local = g_strndup(mailing->envelope_sender, (gsize)(at - mailing->envelope_sender));
    self->domain = g_strdup(at + 1);
}

Signing *signing_new(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                     GError **error)
{
    if (!signing_check(workspace, error))
        return NULL;
    TokenKey *key = signing_key_open(workspace, ledger, error);
    if (!key)
        return NULL;
    Signing *self = g_new0(Signing, 1);
    self->key = key;
    self->mailing = (guint64)mailing->number;
    self->id = g_strdup(mailing->id);
    self->delivery = g_string_new(NULL);
    self->uri = g_string_new(NULL);
    take_sender(self, workspace, mailing);
    const char *to = workspace_unsubscribe(workspace);
    if (to)
        self->unsubscribe = g_strdup_printf("mailto:%s?subject=unsubscribe%%20", to);
    return self;
}

void signing_free(Signing *self)
{
    if (!self)
        return;
    token_key_free(self->key);
    g_string_free(self->sender, TRUE);
    g_string_free(self->delivery, TRUE);
    g_string_free(self->uri, TRUE);
    g_free(self->local);
    g_free(self->domain);
    g_free(self->unsubscribe);
    g_free(self->id);
    g_free(self);
}

Signatures signing_sign(Signing *self, guint64 number, gboolean answer)
{
    char token[TOKEN_MAX + 1];
    token_make(self->key, TOKEN_BOUNCE, self->mailing, number, token);
    g_string_printf(self->delivery, "%s/%" G_GUINT64_FORMAT " %s", self->id, number, token);
    write_sender(self->verp, self->local, self->domain, token, self->sender);
    if (self->unsubscribe) {
        token_make(self->key, TOKEN_UNSUBSCRIBE, self->mailing, number, token);
        g_string_assign(self->uri, self->unsubscribe);
        g_string_append(self->uri, token);
    }
    if (answer)
        token_make(self->key, TOKEN_ANSWER, self->mailing, number, self->answer);
    return (Signatures){.sender = self->sender->str,
                        .delivery = self->delivery->str,
                        .unsubscribe = self->unsubscribe ? self->uri->str : NULL,
                        .answer = answer ? self->answer : NULL};
}
