/* check - everything that is wrong with a letter, or worth knowing, before anything is frozen */
#include <string.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "command.h"
#include "rules/rule.h"
#include "check/check.h"
#include "plan/recipients.h"
#include "ui.h"
#include "variety.h"

static gboolean option_json, option_strict, option_links, option_dns;

static const GOptionEntry options[] = {
    {"strict", 's', 0, G_OPTION_ARG_NONE, &option_strict, "a warning fails the check, too", NULL},
    {"links", 'l', 0, G_OPTION_ARG_NONE, &option_links, "try every link", NULL},
    {"dns", 0, 0, G_OPTION_ARG_NONE, &option_dns, "look up the domains of sender and recipients",
     NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

static void progress(void *user, const char *what, guint64 done, guint64 total)
{
    ui_progress(what, done, total, *(const gint64 *)user);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void add_finding(JsonBuilder *json, const Finding *finding)
{
    const Rule *rule = rule_find(finding->id);
    const Location at = finding_location(finding);
    g_autofree char *cell = location_cell(&at);
    json_builder_begin_object(json);
    json_text(json, "file", finding->file);
    json_number(json, "line", finding->line);
    json_text(json, "cell", cell);
    json_text(json, "severity", severity_name(finding->severity));
    json_text(json, "id", finding->id);
    json_text(json, "text", finding->text);
    json_text(json, "fix", rule ? rule->fix : NULL);
    json_builder_end_object(json);
}

static void print_json(const char *update, const CheckResult *result, const Findings *findings)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-check/1");
    json_text(json, "update", update);
    json_text(json, "audience", result->audience);
    json_number(json, "letters", (gint64)result->letters);
    json_builder_set_member_name(json, "counts");
    json_builder_begin_object(json);
    for (int severity = FINDING_ERROR; severity >= FINDING_NOTE; severity--)
        json_number(json, severity_name((Severity)severity),
                    findings_count(findings, (Severity)severity));
    json_builder_end_object(json);
    json_number(json, "silenced", (gint64)result->silenced);
    json_builder_set_member_name(json, "findings");
    json_builder_begin_array(json);
    for (guint i = 0; i < findings_kept(findings); i++)
        add_finding(json, findings_get(findings, i));
    json_builder_end_array(json);
    variety_json(json, result->variety);
    json_builder_end_object(json);
    ui_json(json);
}

/* --- running --------------------------------------------------------------------------------- */

/* The verdict: an error is what would stop a plan, and with --strict a warning is as good. */
static gboolean judge(const char *update, const CheckResult *result, const Findings *findings,
                      GError **error)
{
    guint errors = findings_count(findings, FINDING_ERROR);
    guint warnings = findings_count(findings, FINDING_WARNING);
    if (errors) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: %u error%s to fix before it can be planned", update, errors,
                    amount_form(errors, "", "s"));
        return FALSE;
    }
    if (result->audience && !result->letters) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: a plan for '%s' would have no letter: 'circular lists' shows why", update,
                    result->audience);
        return FALSE;
    }
    if (option_strict && warnings) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: %u warning%s to fix or to allow (--strict)", update, warnings,
                    amount_form(warnings, "", "s"));
        return FALSE;
    }
    if (!option_json) {
        g_autofree char *letters = amount_of(result->letters, "letter", "letters");
        if (result->audience)
            ui_say("%s: nothing that would stop a plan of %s to '%s'", update, letters,
                   result->audience);
        else
            ui_say("%s: nothing that would stop a plan", update);
        if (result->silenced)
            ui_hint("%u finding%s silenced by 'allow'", (guint)result->silenced,
                    amount_form(result->silenced, " is", "s are"));
    }
    return TRUE;
}

static void show(const char *update, const CheckResult *result, const Findings *findings)
{
    ui_findings(findings, ui_is_quiet() ? FINDING_WARNING : FINDING_NOTE);
    if (result->variety)
        variety_show(result->variety, update);
}

static gboolean run(char **words, GError **error)
{
    gint64 started = clock_ticks();
    CheckResult result = {0};
    g_autoptr(Workspace) workspace = words[1] ? workspace_open(option_config, error)
                                              : workspace_open_or_default(option_config, error);
    g_autoptr(Findings) findings = findings_new();
    g_autofree char *audiences = g_strjoinv(", ", words + 1);
    CheckOptions wanted = {.update = words[0],
                           .audience = words[1] ? audiences : NULL,
                           .links = option_links,
                           .dns = option_dns,
                           .progress = progress,
                           .user = &started};
    if (!workspace)
        return FALSE;
    gboolean ok = check_run(workspace, &wanted, findings, &result, error);
    ui_progress_end();
    if (ok && option_json)
        print_json(words[0], &result, findings);
    else if (!option_json)
        show(words[0], &result, findings);
    ok = ok && judge(words[0], &result, findings, error);
    check_result_clear(&result);
    return ok;
}

const Command command_check = {
    .name = "check",
    .usage = "UPDATE [AUDIENCE ...]",
    .summary = "what is wrong with a letter, by file and line, before anything is planned",
    .description =
        "Each finding ends with the name of its rule in brackets; circular-check(7) says "
        "why it is looked for, how to fix it, and how to silence it.",
    .options = options,
    .min_words = 1,
    .max_words = 1 + RECIPIENTS_MAX,
    .run = run,
};
