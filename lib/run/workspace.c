/* workspace - a folder with a config, and what the other layers need of it */
#include "run/workspace.h"

#include <string.h>

#include "base/error.h"
#include "delivery/relay.h"
#include "run/presets.h"

struct Workspace {
    Settings *settings;
    Credential *relay, *imap;
};

static Workspace *workspace_new(Settings *settings)
{
    if (!settings)
        return NULL;
    Workspace *self = g_new0(Workspace, 1);
    self->settings = settings;
    self->relay = credential_new(settings, "relay");
    self->imap = credential_new(settings, "imap");
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
    return workspace_new(settings_load(config ? config : "config", error));
}

Workspace *workspace_open_or_default(const char *config, GError **error)
{
    if (config || g_file_test("config", G_FILE_TEST_EXISTS))
        return workspace_open(config, error);
    return workspace_new(settings_default("."));
}

void workspace_free(Workspace *self)
{
    if (!self)
        return;
    credential_free(self->relay);
    credential_free(self->imap);
    settings_free(self->settings);
    g_free(self);
}

const Settings *workspace_settings(const Workspace *self)
{
    return self->settings;
}

Credential *workspace_credential(const Workspace *self, const char *group)
{
    return g_str_equal(group, "relay") ? self->relay : self->imap;
}

/* --- audiences ------------------------------------------------------------------------------- */

static char *key_of(const char *group, const char *name, const char *key)
{
    return g_strconcat(group, ".", name, ".", key, NULL);
}

static const char *text_of(const Workspace *self, const char *group, const char *name,
                           const char *key)
{
    g_autofree char *full = key_of(group, name, key);
    return settings_text(self->settings, full);
}

static const char *path_of(const Workspace *self, const char *group, const char *name,
                           const char *key)
{
    g_autofree char *full = key_of(group, name, key);
    return settings_path(self->settings, full);
}

static guint line_of(const Workspace *self, const char *name, const char *key)
{
    g_autofree char *full = key_of("audiences", name, key);
    return settings_line(self->settings, full);
}

static guint list_line(const Workspace *self, const char *list, const char *key)
{
    g_autofree char *full = key_of("lists", list, key);
    return settings_line(self->settings, full);
}

static FieldSpec *field_specs(const Workspace *self, const char *audience)
{
    g_autofree char *group = key_of("audiences", audience, "fields");
    const char *const *names = settings_names(self->settings, group);
    FieldSpec *specs = g_new0(FieldSpec, g_strv_length((char **)names) + 1);
    for (guint i = 0; names[i]; i++) {
        g_autofree char *key = g_strconcat(group, ".", names[i], NULL);
        specs[i] = (FieldSpec){names[i], settings_text(self->settings, key),
                               settings_line(self->settings, key)};
    }
    return specs;
}

static gboolean has_audience(const Workspace *self, const char *name, GError **error)
{
    const char *const *names = settings_names(self->settings, "audiences");
    if (g_strv_contains(names, name))
        return TRUE;
    g_autofree char *known = g_strjoinv(", ", (char **)names);
    const char *near = nearest_word(name, names);
    if (near)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no audience '%s' in %s: did you mean '%s'?", name,
                    settings_file(self->settings), near);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no audience '%s' in %s: it has %s", name, settings_file(self->settings),
                    *known ? known : "none");
    return FALSE;
}

Audience *workspace_audience(const Workspace *self, const char *name, Findings *findings,
                             GError **error)
{
    if (!has_audience(self, name, error))
        return NULL;
    const char *list = text_of(self, "audiences", name, "list");
    g_autofree char *email = key_of("audiences", name, "email");
    g_autofree FieldSpec *fields = field_specs(self, name);
    AudienceSpec spec = {
        .name = name,
        .sheet = {path_of(self, "lists", list, "file"), text_of(self, "lists", list, "file"),
                  text_of(self, "lists", list, "encoding"),
                  text_of(self, "lists", list, "delimiter")},
        .join = {path_of(self, "lists", list, "join.file"),
                 text_of(self, "lists", list, "join.file"),
                 text_of(self, "lists", list, "join.encoding"),
                 text_of(self, "lists", list, "join.delimiter")},
        .join_on = text_of(self, "lists", list, "join.on"),
        .key = text_of(self, "audiences", name, "key"),
        .email = settings_texts(self->settings, email),
        .to_name = text_of(self, "audiences", name, "name"),
        .where = text_of(self, "audiences", name, "where"),
        .fields = fields,
        .config_file = settings_file(self->settings),
        .where_line = line_of(self, name, "where"),
        .key_line = line_of(self, name, "key"),
        .email_line = line_of(self, name, "email"),
        .to_name_line = line_of(self, name, "name"),
        .join_line = list_line(self, list, "join.on"),
    };
    return audience_open(&spec, findings, error);
}

/* --- letters --------------------------------------------------------------------------------- */

static void freeze_text(const Workspace *self, Value *map, const char *name, const char *key)
{
    const char *text = settings_text(self->settings, key);
    value_set_text(map, name, text ? text : "");
}

LetterSettings *workspace_letter_settings(const Workspace *self, const char *audience)
{
    static const char *const plain[] = {"from", "reply_to", "lang", "list_id", NULL};
    Value *map = value_new_map();
    for (guint i = 0; plain[i]; i++)
        freeze_text(self, map, plain[i], plain[i]);
    const char *unsubscribe = workspace_unsubscribe(self);
    value_set_text(map, "unsubscribe", unsubscribe ? unsubscribe : "");
    value_set_text(map, "audience", audience ? audience : "");
    const char *title = audience ? text_of(self, "audiences", audience, "title") : NULL;
    value_set_text(map, "list_name", title ? title : audience ? audience : "");
    Value *office = value_new_map();
    freeze_text(self, office, "name", "office.name");
    freeze_text(self, office, "address", "office.address");
    freeze_text(self, office, "contact", "office.contact");
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

TokenKey *workspace_token_key(const Workspace *self, GError **error)
{
    g_autofree char *path = g_strconcat(settings_path(self->settings, "ledger"), ".key", NULL);
    return token_key_open(path, error);
}

Ledger *workspace_ledger(const Workspace *self, LedgerMode mode, GError **error)
{
    return ledger_open(settings_path(self->settings, "ledger"), mode, error);
}

/* --- transports ------------------------------------------------------------------------------ */

static RelayTls relay_tls(const Settings *settings)
{
    const char *word = settings_text(settings, "relay.tls");
    return g_str_equal(word, "none")  ? RELAY_PLAIN
           : g_str_equal(word, "tls") ? RELAY_TLS
                                      : RELAY_STARTTLS;
}

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
            .tls = relay_tls(settings),
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
        },
        error);
}

WorkspacePace workspace_pace(const Workspace *self)
{
    WorkspacePace pace = {0};
    if (!g_str_equal(workspace_transport_name(self), "relay"))
        return pace;
    pace.limits = preset_of(self->settings).limits;
    pace.retry_for = settings_number(self->settings, "relay.retry_for") * G_USEC_PER_SEC;
    pace.stop_after = (guint)settings_number(self->settings, "relay.stop_after");
    return pace;
}

const char *workspace_transport_name(const Workspace *self)
{
    return settings_text(self->settings, "transport");
}

Transport *workspace_transport(const Workspace *self, const char *name, const char *mailing,
                               GError **error)
{
    if (!name)
        name = workspace_transport_name(self);
    if (g_str_equal(name, "null"))
        return null_new();
    if (g_str_equal(name, "relay"))
        return make_relay(self, error);
    return outbox_new(settings_path(self->settings, "outbox.folder"), mailing, error);
}

char *workspace_transport_place(const Workspace *self)
{
    const char *name = workspace_transport_name(self);
    const char *host = settings_text(self->settings, "relay.host");
    if (g_str_equal(name, "null"))
        return g_strdup("nowhere (transport 'null')");
    if (g_str_equal(name, "outbox"))
        return g_strdup_printf("the Maildir folder %s",
                               settings_path(self->settings, "outbox.folder"));
    return g_strdup_printf("%s:%d", host ? host : "(no relay.host)",
                           (int)settings_number(self->settings, "relay.port"));
}
