/* correct - a letter that puts right another, for exactly those who had that one */
#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "command.h"
#include "ledger/deliveries.h"
#include "plan/corrected.h"
#include "planning.h"
#include "send/halt.h"
#include "ui.h"

static char *option_at;
static gboolean option_yes, option_json, option_with_unknown, option_without_unknown,
    option_withdraw;

static const GOptionEntry options[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes,
     "send it without asking; it decides nothing else", NULL},
    {"at", 0, 0, G_OPTION_ARG_STRING, &option_at, "at this time, as with send", "TIME"},
    {"with-unknown", 0, 0, G_OPTION_ARG_NONE, &option_with_unknown,
     "also to those who may have the letter: the answer was lost", NULL},
    {"without-unknown", 0, 0, G_OPTION_ARG_NONE, &option_without_unknown, "not to those", NULL},
    {"withdraw", 0, 0, G_OPTION_ARG_NONE, &option_withdraw,
     "what of the letter hasn't gone never will", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "plan only, and print JSON for machines", NULL},
    {0},
};

static gboolean is_usable(GError **error)
{
    const char *wrong = NULL;
    if (option_with_unknown && option_without_unknown)
        wrong = "--with-unknown and --without-unknown are opposites: give one of them";
    else if (option_json && (option_yes || option_at))
        wrong = "--json only plans: not with --yes or --at";
    else if (option_at && !option_yes && !ui_is_terminal()) /* before anything is withdrawn */
        wrong = "there is no terminal to ask on: give --yes with --at";
    if (!wrong)
        return TRUE;
    g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, wrong);
    return FALSE;
}

/* --- what has to be decided first ------------------------------------------------------------- */

static gboolean stop(GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "nothing was planned or sent");
    return FALSE;
}

/* Letters that are still to go would reach their readers uncorrected, and after the correction. */
static gboolean settle_open(const Workspace *workspace, const Mailing *first,
                            const Corrected *survey, GError **error)
{
    Actor actor = actor_self("circular correct --withdraw");
    g_autofree char *letters =
        amount_of(survey->open, "letter is still to go", "letters are still to go");
    if (!option_withdraw && (!ui_is_terminal() || option_yes || option_json)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "of '%s' %s, as it was: --withdraw ends them first ('circular plan UPDATE "
                    "AUDIENCE --missing' then has the right one for who got none)",
                    first->id, letters);
        return FALSE;
    }
    if (!option_withdraw) {
        ui_heading("\nOf %s %s, as it was.", first->id, letters);
        g_autofree char *answer =
            ui_ask("Type 'withdraw' to end them, anything else to leave all as it is:");
        if (g_strcmp0(answer, "withdraw"))
            return stop(error);
    }
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    for (guint i = 0; ledger && i < survey->waiting->len; i++) {
        Halt halt;
        const Mailing *waiting = g_ptr_array_index(survey->waiting, i);
        if (!halt_withdraw(ledger, waiting, &actor, &halt, error))
            return FALSE;
        g_autofree char *ended = amount_of(halt.withdrawn, "letter", "letters");
        ui_note("%s is withdrawn: %s will not go.", waiting->id, ended);
    }
    return ledger != NULL;
}

/* Who may have it, and may not: nobody but a person can say. */
static gboolean settle_unknown(const Mailing *first, guint64 unknown, gboolean *with,
                               GError **error)
{
    *with = option_with_unknown;
    if (!unknown || option_with_unknown || option_without_unknown)
        return TRUE;
    g_autofree char *people = amount_of(unknown, "recipient", "recipients");
    if (!ui_is_terminal() || option_yes || option_json) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "of %s of '%s' the answer was lost, they may have it or not: --with-unknown "
                    "corrects it for them too, --without-unknown doesn't ('circular status %s "
                    "--recipients' lists them)",
                    people, first->id, first->id);
        return FALSE;
    }
    ui_heading("\nOf %s the answer was lost: they may have the letter or not.", people);
    g_autofree char *answer = ui_ask("Type 'with' to send them the correction too, 'without' to "
                                     "leave them out, anything else to stop:");
    *with = g_strcmp0(answer, "with") == 0;
    return *with || g_strcmp0(answer, "without") == 0 || stop(error);
}

static gboolean nobody_has_it(const Mailing *first, GError **error)
{
    guint64 written = first->via == VIA_OUTBOX || first->via == VIA_NULL;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "nobody has '%s'%s: there is nothing to correct; plan the right letter for "
                "everybody ('circular plan UPDATE AUDIENCE')",
                first->id, written ? ", which was only rehearsed" : "");
    return FALSE;
}

/* --- what is told ----------------------------------------------------------------------------- */

static void say_corrections(const Corrected *survey, const Plan *plan)
{
    for (guint i = 0; i < survey->corrections->len; i++) {
        const Mailing *other = g_ptr_array_index(survey->corrections, i);
        g_autofree char *when = when_text(other->planned_at);
        if (!g_str_equal(other->id, plan->mailing->id) && other->state != MAILING_PLANNED)
            ui_note("It was corrected before: by %s of %s, which is %s. Who has that one gets "
                    "this one too; 'circular correct %s' would correct that one.",
                    other->id, when, mailing_state_name(other->state), other->id);
    }
}

static void say_nobody(const Corrected *survey, const Plan *plan)
{
    g_autofree char *have = amount_of(plan->have, "recipient has", "recipients have");
    if (plan->have)
        ui_say("%s the correction already, or are still to get it.", have);
    if (plan->gone)
        ui_say("%" G_GUINT64_FORMAT " who had the letter %s on the list no more.", plan->gone,
               amount_form(plan->gone, "is", "are"));
    for (guint i = 0; i < survey->corrections->len; i++) {
        const Mailing *other = g_ptr_array_index(survey->corrections, i);
        if (other->state != MAILING_DONE)
            ui_say("%s is %s: 'circular status %s' shows how far.", other->id,
                   mailing_state_name(other->state), other->id);
    }
    ui_say("Nobody is left to be sent this correction; nothing was planned.");
}

static void say_hints(const Workspace *workspace, const Mailing *first, const char *update,
                      const Plan *plan)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, update);
    g_autoptr(Letter) letter = plan_prepare(workspace, bundle, NULL, TRUE, NULL, findings, NULL);
    if (letter && !letter_correction(letter))
        ui_hint("The letter says that it corrects the one before; 'correction: ...' in the front "
                "matter of %s says in a sentence what.",
                update);
    if (g_str_equal(first->subject, plan->mailing->subject))
        ui_hint("Its subject is that of the letter before: one that begins with 'Correction:' is "
                "told from it in an inbox.");
}

static gboolean print_json(Ledger *ledger, const Mailing *first, const Plan *plan,
                           const Findings *findings, GError **error)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    gboolean ok = planning_json_plan(json, ledger, plan, error);
    json_text(json, "corrects", first->id);
    json_number(json, "had_none", (gint64)plan->had_none);
    json_number(json, "gone", (gint64)plan->gone);
    json_findings(json, findings);
    json_builder_end_object(json);
    return ui_json_if(json, ok);
}

/* --- all of it -------------------------------------------------------------------------------- */

static gboolean go_on(const Workspace *workspace, const Mailing *first, const char *update,
                      const Corrected *survey, const Plan *plan, const Findings *findings,
                      GError **error)
{
    g_autoptr(Ledger) ledger =
        workspace_ledger(workspace, option_json ? LEDGER_READ : LEDGER_WRITE, error);
    if (!ledger)
        return FALSE;
    if (option_json)
        return print_json(ledger, first, plan, findings, error);
    if (plan->news == PLAN_EMPTY) {
        say_nobody(survey, plan);
        return TRUE;
    }
    if (!planning_show(workspace, ledger, plan, error))
        return FALSE;
    say_corrections(survey, plan);
    say_hints(workspace, first, update, plan);
    return planning_go_on(workspace, ledger, plan->mailing, option_yes, option_at, error);
}

static Mailing *find_first(const Workspace *workspace, const char *id, Corrected *survey,
                           GError **error)
{
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, error);
    g_autoptr(Mailing) named = ledger ? planning_find(ledger, id, error) : NULL;
    g_autoptr(Mailing) first = named ? corrected_first(ledger, named, error) : NULL;
    return first && corrected_survey(ledger, first, survey, error) ? g_steal_pointer(&first) : NULL;
}

static gboolean run(char **words, GError **error)
{
    gboolean with_unknown;
    g_auto(Corrected) survey = {0};
    g_autoptr(Workspace) workspace = is_usable(error) ? workspace_open(option_config, error) : NULL;
    g_autoptr(Mailing) first = workspace ? find_first(workspace, words[0], &survey, error) : NULL;
    if (!first)
        return FALSE;
    if (!survey.had && !survey.unknown && !survey.open)
        return nobody_has_it(first, error);
    if ((survey.open && !settle_open(workspace, first, &survey, error)) ||
        !settle_unknown(first, survey.unknown, &with_unknown, error))
        return FALSE;
    if (!survey.had && !survey.unknown)
        return nobody_has_it(first, error);
    Correction correction = {.first = first, .with_unknown = with_unknown};
    PlanOptions wanted = {.update = words[1],
                          .audience = first->audience,
                          .correction = &correction,
                          .actor = actor_self("circular correct")};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Plan) plan = planning_run(workspace, &wanted, findings, error);
    return plan && go_on(workspace, first, words[1], &survey, plan, findings, error);
}

const Command command_correct = {
    .name = "correct",
    .usage = "ID UPDATE",
    .summary = "send a correction to exactly those who had a letter",
    .description =
        "At the address that today's list has for each, without who is suppressed or left the "
        "list.\nThe correction says which letter of which day it puts right, and follows it in the "
        "reader's\nmail program. On a terminal it asks for the number of letters to be typed, as "
        "send does;\nwithout one it only plans, unless --yes is given.",
    .options = options,
    .min_words = 2,
    .max_words = 2,
    .run = run,
};
