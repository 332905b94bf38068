/* check - everything that would stop a plan, and what else is worth knowing, before anything is
 * frozen */
#include "base/error.h"
#include "command.h"
#include "run/plan.h"
#include "ui.h"
#include "variety.h"

static gboolean option_json;

static const GOptionEntry options[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

/* The own attachments of every recipient are there. */
static gboolean check_own_files(const Letter *letter, Bundle *bundle, Audience *audience,
                                Findings *findings, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    audience_rewind(audience);
    while ((recipient = audience_next(audience, &inner))) {
        GError *problem = NULL;
        g_auto(GStrv) names = letter_own_files(letter, recipient->fields, &problem);
        if (names && !*names)
            return TRUE; /* this letter has none, for anybody */
        for (char **name = names; name && *name && !problem; name++)
            g_bytes_unref(bundle_get(bundle, *name, FALSE, &problem));
        if (problem)
            findings_add(findings, FINDING_ERROR, recipient->file, recipient->line,
                         "missing-attachment", "%s: %s", recipient->key, problem->message);
        g_clear_error(&problem);
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

/* `variety` becomes the recipients to look at, where there is an audience and a letter. */
static gboolean check(const Workspace *workspace, const char *update, const char *audience_name,
                      Findings *findings, GPtrArray **variety, GError **error)
{
    GError *inner = NULL;
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, update);
    g_autoptr(Audience) audience = NULL;
    g_autoptr(Letter) letter =
        plan_prepare(workspace, bundle, audience_name, FALSE, &audience, findings, &inner);
    if (letter && audience && check_own_files(letter, bundle, audience, findings, &inner))
        *variety = extremes_find(audience, letter, &inner);
    /* Findings speak for themselves; only what isn't one of them is an error of this call. */
    if (inner && !findings_count(findings, FINDING_ERROR)) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    g_clear_error(&inner);
    return TRUE;
}

static gboolean run(char **words, GError **error)
{
    g_autoptr(Workspace) workspace = words[1] ? workspace_open(option_config, error)
                                              : workspace_open_or_default(option_config, error);
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GPtrArray) variety = NULL;
    if (!workspace || !check(workspace, words[0], words[1], findings, &variety, error))
        return FALSE;
    if (option_json) {
        JsonBuilder *json = json_builder_new();
        json_builder_begin_object(json);
        json_text(json, "update", words[0]);
        json_text(json, "audience", words[1]);
        json_findings(json, findings);
        variety_json(json, variety);
        json_builder_end_object(json);
        ui_json(json);
    } else {
        ui_findings(findings, FINDING_NOTE);
        if (variety)
            variety_show(variety, words[0], words[1]);
    }
    guint errors = findings_count(findings, FINDING_ERROR);
    if (!errors) {
        if (!option_json)
            ui_say("%s: nothing that would stop a plan", words[0]);
        return TRUE;
    }
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: %u error%s to mend before it can be planned", words[0], errors,
                errors == 1 ? "" : "s");
    return FALSE;
}

const Command command_check = {
    .name = "check",
    .usage = "UPDATE [AUDIENCE]",
    .summary = "everything that would stop a plan, by file and line",
    .options = options,
    .min_words = 1,
    .max_words = 2,
    .run = run,
};
