/* workspace_audience - an audience as the config describes it */
#include "base/error.h"
#include "workspace/answered.h"
#include "workspace/workspace.h"

static char *key_of(const char *group, const char *name, const char *key)
{
    return g_strconcat(group, ".", name, ".", key, NULL);
}

static const char *text_of(const Workspace *self, const char *group, const char *name,
                           const char *key)
{
    g_autofree char *full = key_of(group, name, key);
    return settings_text(workspace_settings(self), full);
}

static const char *path_of(const Workspace *self, const char *group, const char *name,
                           const char *key)
{
    g_autofree char *full = key_of(group, name, key);
    return settings_path(workspace_settings(self), full);
}

static guint line_of(const Workspace *self, const char *name, const char *key)
{
    g_autofree char *full = key_of("audiences", name, key);
    return settings_line(workspace_settings(self), full);
}

static guint list_line(const Workspace *self, const char *list, const char *key)
{
    g_autofree char *full = key_of("lists", list, key);
    return settings_line(workspace_settings(self), full);
}

/* `owner` is borrowed. */
static ListSpec list_spec(const Workspace *self, const char *list, const char *owner)
{
    return (ListSpec){
        .sheet = {path_of(self, "lists", list, "file"), text_of(self, "lists", list, "file"),
                  text_of(self, "lists", list, "encoding"),
                  text_of(self, "lists", list, "delimiter"), text_of(self, "lists", list, "sheet")},
        .join = {path_of(self, "lists", list, "join.file"),
                 text_of(self, "lists", list, "join.file"),
                 text_of(self, "lists", list, "join.encoding"),
                 text_of(self, "lists", list, "join.delimiter"),
                 text_of(self, "lists", list, "join.sheet")},
        .join_on = text_of(self, "lists", list, "join.on"),
        .owner = owner,
        .config_file = settings_file(workspace_settings(self)),
        .join_line = list_line(self, list, "join.on"),
    };
}

static FieldSpec *field_specs(const Workspace *self, const char *audience)
{
    g_autofree char *group = key_of("audiences", audience, "fields");
    const char *const *names = settings_names(workspace_settings(self), group);
    FieldSpec *specs = g_new0(FieldSpec, g_strv_length((char **)names) + 1);
    for (guint i = 0; names[i]; i++) {
        g_autofree char *key = g_strconcat(group, ".", names[i], NULL);
        specs[i] = (FieldSpec){names[i], settings_text(workspace_settings(self), key),
                               settings_line(workspace_settings(self), key)};
    }
    return specs;
}

/* The config's flags, then the caller's. */
static FlagSpec *flag_specs(const Workspace *self, const char *audience, const FlagSpec *extra)
{
    g_autofree char *group = key_of("audiences", audience, "flags");
    const Settings *settings = workspace_settings(self);
    GArray *specs = g_array_new(TRUE, TRUE, sizeof(FlagSpec));
    for (const char *const *name = settings_names(settings, group); *name; name++) {
        g_autofree char *key = g_strconcat(group, ".", *name, NULL);
        FlagSpec spec = {.name = *name,
                         .expression = settings_text(settings, key),
                         .file = settings_file(settings),
                         .line = settings_line(settings, key)};
        g_array_append_val(specs, spec);
    }
    for (; extra && extra->name; extra++)
        g_array_append_vals(specs, extra, 1);
    return (FlagSpec *)(void *)g_array_free(specs, FALSE);
}

static ChildRowsSpec many_spec(const Workspace *self, const char *group, const char *name,
                               const char *owner)
{
    const Settings *settings = workspace_settings(self);
    g_autofree char *here = g_strconcat(group, ".", name, NULL);
    g_autofree char *on = g_strconcat(here, ".on", NULL);
    g_autofree char *match = g_strconcat(here, ".match", NULL);
    g_autofree char *where = g_strconcat(here, ".where", NULL);
    g_autofree char *order = g_strconcat(here, ".order", NULL);
    return (ChildRowsSpec){
        .name = name,
        .list = list_spec(self, text_of(self, group, name, "list"), owner),
        .on = settings_text(settings, on),
        .match = settings_text(settings, match),
        .where = settings_text(settings, where),
        .order = settings_texts(settings, order),
        .config_file = settings_file(settings),
        .line = settings_line(settings, here),
        .on_line = settings_line(settings, on),
        .match_line = settings_line(settings, match),
        .where_line = settings_line(settings, where),
        .order_line = settings_line(settings, order),
    };
}

static ChildRowsSpec *many_specs(const Workspace *self, const char *audience, const char *owner)
{
    g_autofree char *group = key_of("audiences", audience, "many");
    const char *const *names = settings_names(workspace_settings(self), group);
    ChildRowsSpec *specs = g_new0(ChildRowsSpec, g_strv_length((char **)names) + 1);
    for (guint i = 0; names[i]; i++)
        specs[i] = many_spec(self, group, names[i], owner);
    return specs;
}

static Audience *open_audience(const Workspace *self, const char *name, const FlagSpec *extra,
                               const AudienceWatch *watch, Findings *findings, GError **error)
{
    if (!workspace_has(self, "audience", name, "none", error))
        return NULL;
    g_autofree char *owner = g_strdup_printf("audience '%s'", name);
    g_autofree char *email = key_of("audiences", name, "email");
    g_autofree FieldSpec *fields = field_specs(self, name);
    g_autofree FlagSpec *flags = flag_specs(self, name, extra);
    g_autofree ChildRowsSpec *many = many_specs(self, name, owner);
    ListSpec list = list_spec(self, text_of(self, "audiences", name, "list"), owner);
    g_autoptr(Answered) answered = answered_new(self, name);
    AudienceSpec spec = {
        .name = name,
        .sheet = list.sheet,
        .join = list.join,
        .join_on = list.join_on,
        .key = text_of(self, "audiences", name, "key"),
        .email = settings_texts(workspace_settings(self), email),
        .to_name = text_of(self, "audiences", name, "name"),
        .label = text_of(self, "audiences", name, "label"),
        .phone = text_of(self, "audiences", name, "phone"),
        .where = text_of(self, "audiences", name, "where"),
        .fields = fields,
        .flags = flags,
        .many = many,
        .groups = text_of(self, "audiences", name, "group") != NULL,
        .config_file = settings_file(workspace_settings(self)),
        .where_line = line_of(self, name, "where"),
        .key_line = line_of(self, name, "key"),
        .email_line = line_of(self, name, "email"),
        .to_name_line = line_of(self, name, "name"),
        .label_line = line_of(self, name, "label"),
        .phone_line = line_of(self, name, "phone"),
        .group_line = line_of(self, name, "group"),
        .join_line = list.join_line,
        .watch = watch,
        .answers = answered_asked(answered),
    };
    return audience_open(&spec, findings, error);
}

Audience *workspace_audience(const Workspace *self, const char *name, Findings *findings,
                             GError **error)
{
    return open_audience(self, name, NULL, NULL, findings, error);
}

Audience *workspace_audience_watched(const Workspace *self, const char *name,
                                     const AudienceWatch *watch, Findings *findings, GError **error)
{
    return open_audience(self, name, NULL, watch, findings, error);
}

Audience *workspace_audience_flags(const Workspace *self, const char *name, const FlagSpec *extra,
                                   Findings *findings, GError **error)
{
    return open_audience(self, name, extra, NULL, findings, error);
}

Sheet *workspace_audience_sheet(const Workspace *self, const char *name, GError **error)
{
    if (!workspace_has(self, "audience", name, "none", error))
        return NULL;
    ListSpec list = list_spec(self, text_of(self, "audiences", name, "list"), name);
    return sheet_open(&list.sheet, error);
}
