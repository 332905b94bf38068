/* plan - who gets a letter, who does not and why; frozen under an id */
#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "command.h"
#include "earlier_show.h"
#include "ledger/deliveries.h"
#include "ledger/schedule.h"
#include "fact/audience_names.h"
#include "planning.h"
#include "plan/recipients.h"
#include "ui.h"

static gboolean option_json, option_again, option_replace, option_missing;

static const GOptionEntry options[] = {
    {"again", 0, 0, G_OPTION_ARG_NONE, &option_again,
     "plan a second copy of a letter that was sent already", NULL},
    {"replace", 0, 0, G_OPTION_ARG_NONE, &option_replace,
     "in the place, and at the time, of an earlier version: that one ends", NULL},
    {"missing", 0, 0, G_OPTION_ARG_NONE, &option_missing,
     "only to those of today's list who have none of this letter as far as is known", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

static gboolean print_json(Ledger *ledger, const Plan *plan, const Findings *findings,
                           GError **error)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    gboolean ok = planning_json_plan(json, ledger, plan, error) &&
                  (plan->news == PLAN_EMPTY || earlier_json(json, ledger, plan->mailing, error));
    json_findings(json, findings);
    json_builder_end_object(json);
    return ui_json_if(json, ok);
}

/* The earlier versions end, and this one goes when the one with a time was to go. */
static gboolean replace(const Workspace *workspace, const Plan *plan, GError **error)
{
    gint64 goes_at = 0;
    Actor actor = actor_self("circular plan --replace");
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger ||
        !earlier_heed(ledger, plan->mailing, EARLIER_DO_REPLACE, &actor, &goes_at, error))
        return FALSE;
    return !goes_at || schedule_set(ledger, plan->mailing, goes_at, &actor, clock_now(), error);
}

static gboolean run(char **words, GError **error)
{
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    g_autoptr(Findings) findings = findings_new();
    g_autofree char *named = words[1] ? audience_names_join((const char *const *)words + 1) : NULL;
    g_autoptr(Plan) plan =
        planning_make(workspace, words[0], named, option_again, option_missing, findings, error);
    if (plan && plan->news == PLAN_EMPTY && option_json)
        return print_json(NULL, plan, findings, error);
    if (plan && plan->news == PLAN_EMPTY) {
        g_autofree char *have = amount_of(plan->have, "recipient has", "recipients have");
        ui_say("Nobody is missing: %s it, or are still to get it.", have);
        return TRUE;
    }
    if (plan && option_replace && !replace(workspace, plan, error))
        return FALSE;
    g_autoptr(Ledger) ledger = plan ? workspace_ledger(workspace, LEDGER_READ, error) : NULL;
    if (!ledger)
        return FALSE;
    if (option_json)
        return print_json(ledger, plan, findings, error);
    if (!planning_show(workspace, ledger, plan, error))
        return FALSE;
    if (!earlier_say(ledger, plan->mailing, error))
        return FALSE;
    g_autofree char *place = workspace_transport_place(workspace);
    g_auto(GStrv) names = audience_names_split(plan->mailing->audience);
    g_autofree char *audiences = g_strjoinv(" ", names);
    ui_hint("\nNothing has been sent. Next:\n"
            "  circular preview %s %s --all    see every letter\n"
            "  circular send %s    send them to %s",
            words[0], audiences, plan->mailing->id, place);
    return TRUE;
}

const Command command_plan = {
    .name = "plan",
    .usage = "UPDATE [AUDIENCE ...]",
    .summary = "who gets it, who does not and why; freezes it under an id",
    .description = "AUDIENCE may be left out where the update's front matter names one. Of "
                   "several, whoever is in "
                   "two gets one letter, that of the first.",
    .options = options,
    .min_words = 1,
    .max_words = 1 + RECIPIENTS_MAX,
    .run = run,
};
