/* lists - audiences, counts, and what is wrong in the lists, by file and line */
#include "text/amount.h"
#include "base/error.h"
#include "command.h"
#include "list/guess.h"
#include "workspace/workspace.h"
#include "ui.h"

static gboolean option_json, option_rows, option_unchosen;
static char *option_guess;

static const GOptionEntry options[] = {
    {"rows", 'r', 0, G_OPTION_ARG_NONE, &option_rows, "list every recipient, and who is left out",
     NULL},
    {"unchosen", 'u', 0, G_OPTION_ARG_NONE, &option_unchosen,
     "list whom where doesn't choose, and why", NULL},
    {"guess", 'g', 0, G_OPTION_ARG_FILENAME, &option_guess,
     "print what to put into the config to have this sheet as a list", "FILE"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

static void say_recipient(const Recipient *recipient)
{
    g_autofree char *called = ui_pad(ui_called(recipient->label, recipient->key), 12);
    g_autofree char *address = ui_pad(g_strdup(recipient->address), 40);
    g_autofree char *phone = ui_safe(recipient->phone, 30);
    ui_print("    %s %s %s%s%s", called, address, recipient->name, *phone ? "  " : "", phone);
}

static gboolean say_rows(Audience *audience, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    while (!inner && (recipient = audience_next(audience, &inner)))
        say_recipient(recipient);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static gboolean say_excluded(Audience *audience, GError **error)
{
    GError *inner = NULL;
    const Exclusion *exclusion;
    while (!inner && (exclusion = audience_next_excluded(audience, &inner))) {
        g_autofree char *said = exclusion_said(exclusion->kind, exclusion->detail, 0);
        g_autofree char *reason = ui_safe(said, 0);
        g_autofree char *called = ui_pad(ui_called(exclusion->label, exclusion->key), 12);
        g_autofree char *phone = ui_safe(exclusion->phone, 30);
        g_autofree char *place = ui_place(&exclusion->at);
        ui_print("    %s left out: %s%s%s%s", called, reason, place, *phone ? "  " : "", phone);
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static void json_names(JsonBuilder *json, const char *member, const char *const *names)
{
    json_builder_set_member_name(json, member);
    json_builder_begin_array(json);
    for (; *names; names++)
        json_builder_add_string_value(json, *names);
    json_builder_end_array(json);
}

/* The rows of other lists that go into the letters. */
static void say_many(Audience *audience)
{
    for (const char *const *field = audience_fields(audience); *field; field++) {
        const ChildRows *many = audience_many(audience, *field);
        if (!many)
            continue;
        const ChildRowsCounts *counts = child_rows_counts(many);
        g_autofree char *rows = amount_of(counts->rows, "row", "rows");
        g_autofree char *without = amount_of(counts->without, "letter", "letters");
        g_autofree char *columns = g_strjoinv(", ", (char **)child_rows_columns(many));
        ui_print("    %s: %s of %s, up to %" G_GUINT64_FORMAT " in a letter%s%s%s", *field, rows,
                 child_rows_shown(many), counts->most, counts->without ? "; " : "",
                 counts->without ? without : "", counts->without ? " without" : "");
        ui_print("        each with %s", columns);
    }
}

static void json_many(JsonBuilder *json, Audience *audience)
{
    json_builder_set_member_name(json, "many");
    json_builder_begin_array(json);
    for (const char *const *field = audience_fields(audience); *field; field++) {
        const ChildRows *many = audience_many(audience, *field);
        if (!many)
            continue;
        json_builder_begin_object(json);
        json_text(json, "field", *field);
        json_text(json, "file", child_rows_shown(many));
        json_number(json, "rows", (gint64)child_rows_counts(many)->rows);
        json_number(json, "most", (gint64)child_rows_counts(many)->most);
        json_number(json, "without", (gint64)child_rows_counts(many)->without);
        json_names(json, "columns", child_rows_columns(many));
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static gboolean say_audience(Audience *audience, const char *name, gboolean detail, GError **error)
{
    g_autofree char *rows = amount_of(audience_rows(audience), "row", "rows");
    g_autofree char *letters = amount_of(audience_count(audience), "letter", "letters");
    g_autofree char *chosen = amount_number(audience_chosen(audience));
    g_autofree char *padded = ui_pad(g_strdup(name), 16);
    ui_print("%s %s to send: %s of %s chosen", padded, letters, chosen, rows);
    if (detail) {
        g_autofree char *fields = g_strjoinv(", ", (char **)audience_fields(audience));
        ui_print("    fields: %s", fields);
        say_many(audience);
    }
    if (option_rows && !say_rows(audience, error))
        return FALSE;
    return (!option_rows && !detail) || say_excluded(audience, error);
}

/* While the list is read: there may be more of them than memory holds. */
static void say_unchosen(void *user, const Unchosen *row)
{
    (void)user;
    g_autofree char *key = ui_pad(ui_safe(row->key, 0), 12), *why = ui_safe(row->why, 0);
    ui_print("    %s not chosen: %s (%s:%u)", key, why, row->file, row->line);
}

static void json_unchosen(void *user, const Unchosen *row)
{
    JsonBuilder *json = user;
    json_builder_begin_object(json);
    json_text(json, "key", row->key);
    json_text(json, "why", row->why);
    json_text(json, "file", row->file);
    json_number(json, "line", row->line);
    json_builder_end_object(json);
}

static gboolean json_rows(JsonBuilder *json, Audience *audience, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    json_builder_set_member_name(json, "recipients");
    json_builder_begin_array(json);
    while (!inner && (recipient = audience_next(audience, &inner))) {
        json_builder_begin_object(json);
        json_text(json, "key", recipient->key);
        json_text(json, "address", recipient->address);
        json_text(json, "name", recipient->name);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static gboolean json_excluded(JsonBuilder *json, Audience *audience, GError **error)
{
    GError *inner = NULL;
    const Exclusion *exclusion;
    json_builder_set_member_name(json, "excluded");
    json_builder_begin_array(json);
    while (!inner && (exclusion = audience_next_excluded(audience, &inner))) {
        g_autofree char *said = exclusion_said(exclusion->kind, exclusion->detail, 0);
        json_builder_begin_object(json);
        json_text(json, "key", exclusion->key);
        json_text(json, "address", exclusion->address);
        json_text(json, "kind", exclusion_name(exclusion->kind));
        json_text(json, "reason", said);
        json_place(json, &exclusion->at);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static gboolean json_audience(JsonBuilder *json, Audience *audience, const char *name,
                              const Findings *findings, GError **error)
{
    json_text(json, "audience", name);
    json_number(json, "rows", (gint64)audience_rows(audience));
    json_number(json, "chosen", (gint64)audience_chosen(audience));
    json_number(json, "letters", (gint64)audience_count(audience));
    json_names(json, "fields", audience_fields(audience));
    json_many(json, audience);
    gboolean ok =
        (!option_rows || json_rows(json, audience, error)) && json_excluded(json, audience, error);
    json_findings(json, findings);
    json_builder_end_object(json);
    return ok;
}

/* What `where` doesn't choose is told on the way: the object, or the heading, begins before. */
static Audience *open_audience(const Workspace *workspace, const char *name, JsonBuilder *json,
                               Findings *findings, GError **error)
{
    const AudienceWatch watch = {json ? json_unchosen : say_unchosen, json};
    if (json)
        json_builder_begin_object(json);
    if (json && option_unchosen) {
        json_builder_set_member_name(json, "unchosen");
        json_builder_begin_array(json);
    }
    Audience *audience = workspace_audience_watched(
        workspace, name, option_unchosen ? &watch : NULL, findings, error);
    if (json && option_unchosen)
        json_builder_end_array(json);
    return audience;
}

/* `failed` counts audiences with errors: every one is looked at before the command fails. */
static gboolean look_at(const Workspace *workspace, const char *name, gboolean detail,
                        JsonBuilder *json, guint *failed, GError **error)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Audience) audience = open_audience(workspace, name, json, findings, error);
    if (!audience) {
        ui_findings(findings, FINDING_NOTE);
        return FALSE;
    }
    *failed += findings_count(findings, FINDING_ERROR) > 0;
    if (json)
        return json_audience(json, audience, name, findings, error);
    gboolean ok = say_audience(audience, name, detail, error);
    ui_findings(findings, detail ? FINDING_NOTE : FINDING_WARNING);
    return ok;
}

/* Needs no config: it is what makes one. Paths there go from its folder. */
static gboolean guess(const char *file, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(option_config ? option_config : "config");
    gboolean is_here = g_path_is_absolute(file) || g_str_equal(folder, ".");
    g_autofree char *shown = is_here ? g_strdup(file) : g_canonicalize_filename(file, NULL);
    g_autofree char *text = guess_config(file, shown, error);
    if (text)
        ui_verbatim(text);
    return text != NULL;
}

static gboolean run(char **words, GError **error)
{
    if (option_guess)
        return guess(option_guess, error);
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    JsonBuilder *json = option_json ? json_builder_new() : NULL;
    const char *const *all = settings_names(workspace_settings(workspace), "audiences");
    const char *const one[] = {words[0], NULL};
    guint failed = 0;
    gboolean ok = TRUE;
    if (json)
        json_builder_begin_array(json);
    for (const char *const *name = words[0] ? one : all; ok && *name; name++)
        ok = look_at(workspace, *name, words[0] != NULL, json, &failed, error);
    if (!ok) {
        g_clear_object(&json);
        return FALSE;
    }
    if (json) {
        json_builder_end_array(json);
        ui_json(json);
    }
    if (!words[0] && !*all)
        ui_say("The config has no audience yet.");
    if (failed)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%u audience%s can't be planned until the errors above are fixed", failed,
                    amount_form(failed, "", "s"));
    return !failed;
}

const Command command_lists = {
    .name = "lists",
    .usage = "[AUDIENCE]",
    .summary = "audiences, counts, and problems by file and line",
    .options = options,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};
