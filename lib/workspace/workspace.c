/* workspace - a folder with a config, and what the other layers need of it */
#include "workspace/workspace.h"

#include <string.h>

#include "base/error.h"
#include "base/sharing.h"
#include "config/secret.h"
#include "delivery/relay.h"
#include "fact/audience_names.h"
#include "workspace/presets.h"

struct Workspace {
    Settings *settings;
    Credential *relay, *imap, *settle;
};

static Workspace *workspace_new(Settings *settings, GError **error)
{
    const char *group = settings ? settings_text(settings, "ledger.group") : NULL;
    if (!settings)
        return NULL;
    if (!sharing_begin(group)) {
        settings_complain(settings, error, "ledger.group",
                          "no group '%s' on this machine: 'getent group' lists them", group);
        settings_free(settings);
        return NULL;
    }
    Workspace *self = g_new0(Workspace, 1);
    self->settings = settings;
    self->relay = credential_new(settings, "relay");
    self->imap = credential_new(settings, "imap");
    self->settle = credential_new(settings, "settle");
    return self;
}

Workspace *workspace_open(const char *config, GError **error)
{
    if (!config && !g_file_test("config", G_FILE_TEST_EXISTS)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "no config in this folder: go to your workspace, name one with --config FILE, "
                    "or make one with 'circular init FOLDER'");
        return NULL;
    }
    return workspace_new(settings_load(config ? config : "config", error), error);
}

Workspace *workspace_open_or_default(const char *config, GError **error)
{
    if (config || g_file_test("config", G_FILE_TEST_EXISTS))
        return workspace_open(config, error);
    return workspace_new(settings_default("."), error);
}

void workspace_free(Workspace *self)
{
    if (!self)
        return;
    credential_free(self->relay);
    credential_free(self->imap);
    credential_free(self->settle);
    settings_free(self->settings);
    g_free(self);
}

const Settings *workspace_settings(const Workspace *self)
{
    return self->settings;
}

Credential *workspace_credential(const Workspace *self, const char *group)
{
    return g_str_equal(group, "relay")    ? self->relay
           : g_str_equal(group, "settle") ? self->settle
                                          : self->imap;
}

gboolean workspace_has(const Workspace *self, const char *what, const char *name, const char *none,
                       GError **error)
{
    g_autofree char *group = g_strconcat(what, "s", NULL);
    const char *const *names = settings_names(self->settings, group);
    if (g_strv_contains(names, name))
        return TRUE;
    g_autofree char *known = g_strjoinv(", ", (char **)names);
    const char *near = nearest_word(name, names), *file = settings_file(self->settings);
    if (near)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no %s '%s' in %s: did you mean '%s'?", what, name, file, near);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "no %s '%s' in %s: it has %s",
                    what, name, file, *known ? known : none);
    return FALSE;
}

/* --- letters --------------------------------------------------------------------------------- */

static void freeze_text(const Workspace *self, Value *map, const char *name, const char *key)
{
    const char *text = settings_text(self->settings, key);
    value_set_text(map, name, text ? text : "");
}

/* What people call an audience, or several of them. */
static char *titles(const Workspace *self, const char *audiences)
{
    g_auto(GStrv) names = audience_names_split(audiences);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (char **name = names; *name; name++) {
        g_autofree char *key = g_strconcat("audiences.", *name, ".title", NULL);
        const char *title = settings_text(self->settings, key);
        g_ptr_array_add(all, (gpointer)(title ? title : *name));
    }
    g_ptr_array_add(all, NULL);
    return g_strjoinv(", ", (char **)all->pdata);
}

LetterSettings *workspace_letter_settings(const Workspace *self, const char *audience)
{
    static const char *const plain[] = {"from", "reply_to", "lang", "list_id", NULL};
    Value *map = value_new_map();
    for (guint i = 0; plain[i]; i++)
        freeze_text(self, map, plain[i], plain[i]);
    const char *unsubscribe = workspace_unsubscribe(self);
    value_set_text(map, "unsubscribe", unsubscribe ? unsubscribe : "");
    if (workspace_answers(self))
        value_set_text(map, "answers", workspace_answers(self));
    value_set_text(map, "audience", audience ? audience : "");
    if (!g_str_equal(settings_text(self->settings, "office.zone"), LETTER_ZONE))
        freeze_text(self, map, "zone", "office.zone");
    if (!settings_flag(self->settings, "pictures.strip"))
        value_set_text(map, "pictures", "keep");
    g_autofree char *title = audience ? titles(self, audience) : g_strdup("");
    value_set_text(map, "list_name", title);
    Value *office = value_new_map();
    freeze_text(self, office, "name", "office.name");
    freeze_text(self, office, "address", "office.address");
    freeze_text(self, office, "contact", "office.contact");
    freeze_text(self, office, "logo", "office.logo");
    freeze_text(self, office, "logo_text", "office.logo_text");
    freeze_text(self, office, "logo_dark", "office.logo_dark");
    value_set(map, "office", office);
    return map;
}

Bundle *workspace_bundle(const Workspace *self, const char *update)
{
    return bundle_from_disk(update, settings_path(self->settings, "templates"));
}

const char *workspace_envelope_sender(const Workspace *self, const Letter *letter)
{
    const char *bounces = settings_text(self->settings, "bounce.address");
    return bounces ? bounces : letter_from(letter)->spec;
}

const char *workspace_unsubscribe(const Workspace *self)
{
    const char *address = settings_text(self->settings, "unsubscribe");
    return address ? address : settings_text(self->settings, "bounce.address");
}

const char *workspace_answers(const Workspace *self)
{
    return settings_text(self->settings, "answers.address");
}

static Ledger *open_server(const Workspace *self, const char *url, LedgerMode mode, GError **error)
{
    GError *inner = NULL;
    char *password = secret_load(self->settings, "ledger.password", &inner);
    const LedgerServer server = {.url = url,
                                 .schema = settings_text(self->settings, "ledger.schema"),
                                 .password = password,
                                 .beside = settings_path(self->settings, "ledger.file")};
    Ledger *ledger = inner ? NULL : ledger_open_server(&server, mode, error);
    secret_free(password);
    if (inner)
        g_propagate_error(error, inner);
    return ledger;
}

Ledger *workspace_ledger_at(const Workspace *self, const char *place, LedgerMode mode,
                            GError **error)
{
    return strstr(place, "://") ? open_server(self, place, mode, error)
                                : ledger_open(place, mode, error);
}

Ledger *workspace_ledger(const Workspace *self, LedgerMode mode, GError **error)
{
    const char *url = settings_text(self->settings, "ledger.server");
    return url ? open_server(self, url, mode, error)
               : ledger_open(settings_path(self->settings, "ledger.file"), mode, error);
}

/* --- transports ------------------------------------------------------------------------------ */

static Transport *make_relay(const Workspace *self, GError **error)
{
    const Settings *settings = self->settings;
    if (!settings_text(settings, "relay.host")) {
        settings_complain(settings, error, "transport",
                          "the transport is 'relay' but relay.host is not set");
        return NULL;
    }
    return relay_new(
        &(RelayOptions){
            .host = settings_text(settings, "relay.host"),
            .port = (guint)settings_number(settings, "relay.port"),
            .tls = settings_choice(settings, "relay.tls"),
            .ca_file = settings_path(settings, "relay.ca_file"),
            .hello = settings_text(settings, "relay.hello"),
            .auth = credential_auth(self->relay),
            .user = settings_text(settings, "relay.user"),
            .secret = credential_secret,
            .secret_user = self->relay,
            .renew_secret = credential_renew,
            .connections = preset_of(settings).connections,
            .messages_per_connection =
                (guint)settings_number(settings, "relay.messages_per_connection"),
            .overlap = preset_of(settings).overlap,
            .timeout = (guint)settings_number(settings, "relay.timeout"),
            .final = settings_has(settings, "relay.final_timeout")
                         ? (guint)settings_number(settings, "relay.final_timeout")
                         : 0,
        },
        error);
}

WorkspacePace workspace_pace(const Workspace *self)
{
    WorkspacePace pace = {0};
    if (workspace_via(self) != VIA_RELAY)
        return pace;
    pace.limits = preset_of(self->settings).limits;
    pace.retry_for = settings_number(self->settings, "relay.retry_for") * G_USEC_PER_SEC;
    pace.asks_reports = settings_choice(self->settings, "relay.dsn") == DSN_FOR_DOUBT;
    pace.stop_after = (guint)settings_number(self->settings, "relay.stop_after");
    return pace;
}

Via workspace_via(const Workspace *self)
{
    return via_from_name(settings_text(self->settings, "transport"));
}

Transport *workspace_transport(const Workspace *self, Via via, const char *mailing, GError **error)
{
    switch (via) {
    case VIA_NULL:
        return null_new();
    case VIA_RELAY:
        return make_relay(self, error);
    case VIA_OUTBOX:
        return outbox_new(settings_path(self->settings, "outbox.folder"), mailing, error);
    case VIA_NOTHING:
    case VIAS:
        break;
    }
    g_assert_not_reached(); /* the schema has no such word */
}

char *workspace_transport_place(const Workspace *self)
{
    const char *host = settings_text(self->settings, "relay.host");
    switch (workspace_via(self)) {
    case VIA_NULL:
        return g_strdup("nowhere (transport 'null')");
    case VIA_OUTBOX:
        return g_strdup_printf("the Maildir folder %s",
                               settings_path(self->settings, "outbox.folder"));
    case VIA_RELAY:
        return g_strdup_printf("%s:%d", host ? host : "(no relay.host)",
                               (int)settings_number(self->settings, "relay.port"));
    case VIA_NOTHING:
    case VIAS:
        break;
    }
    g_assert_not_reached();
}
