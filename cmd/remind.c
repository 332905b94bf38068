/* remind - a letter to exactly those who had another, and haven't answered its questions */
#include "answers_show.h"
#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "command.h"
#include "inbound/collect.h"
#include "interrupt.h"
#include "ledger/answers.h"
#include "plan/corrected.h"
#include "planning.h"
#include "ui.h"

static char *option_at;
static gboolean option_yes, option_json, option_with_unknown, option_recorded;

static const GOptionEntry options[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes,
     "send it without asking; it decides nothing else", NULL},
    {"at", 0, 0, G_OPTION_ARG_STRING, &option_at, "at this time, as with send", "TIME"},
    {"with-unknown", 0, 0, G_OPTION_ARG_NONE, &option_with_unknown,
     "also to those who may have the letter: the relay's answer was lost", NULL},
    {"recorded", 0, 0, G_OPTION_ARG_NONE, &option_recorded,
     "by the answers that are on record; read no mail", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "plan only, and print JSON for machines", NULL},
    {0},
};

/* Nobody is reminded whose answer lies in the mailbox: what can't be read stops it. */
static gboolean read_mailbox(const Workspace *workspace, GError **error)
{
    CollectSummary sum;
    CollectOptions how = {.stop = interrupt_stops};
    if (option_recorded)
        return TRUE;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger)
        return FALSE;
    interrupt_watch();
    if (!collect_run(workspace, ledger, &how, &sum, error)) {
        g_prefix_error(error, "who has answered isn't known (--recorded goes by what is on "
                              "record): ");
        return FALSE;
    }
    g_autofree char *answers = amount_of(sum.answers, "answer", "answers");
    if (sum.answers)
        ui_note("%s came in and counted.", answers);
    return TRUE;
}

/* The letter that asked first, and what it and those that follow it ask. */
static Mailing *find_asked(Ledger *ledger, const char *id, GPtrArray **questions, GError **error)
{
    g_autoptr(Mailing) first = answers_asked(ledger, id, error);
    *questions = first ? answers_all_questions(ledger, first->number, error) : NULL;
    if (!*questions)
        return NULL;
    if ((*questions)->len)
        return g_steal_pointer(&first);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "'%s' asks no question: nobody can be reminded to answer it", first->id);
    return NULL;
}

static Mailing *find_first(const Workspace *workspace, const char *id, Corrected *survey,
                           GPtrArray **questions, GError **error)
{
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, error);
    g_autoptr(Mailing) first = ledger ? find_asked(ledger, id, questions, error) : NULL;
    if (!first || !corrected_survey(ledger, first, survey, error))
        return NULL;
    if (survey->had || survey->unknown || survey->open)
        return g_steal_pointer(&first);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "nobody has '%s': there is nobody to remind", first->id);
    return NULL;
}

static gboolean print_json(Ledger *ledger, const Mailing *first, const Plan *plan,
                           const Findings *findings, GError **error)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-plan/1");
    if (plan->news != PLAN_EMPTY)
        planning_json(json, plan->mailing);
    json_text(json, "reminds_of", first->id);
    json_text(json, "news", planning_news(plan));
    json_number(json, "had_none", (gint64)plan->had_none);
    gboolean ok =
        plan->news == PLAN_EMPTY || planning_json_excluded(json, ledger, plan->mailing, error);
    json_findings(json, findings);
    json_builder_end_object(json);
    return ui_json_if(json, ok);
}

static gboolean go_on(const Workspace *workspace, const Mailing *first, const Plan *plan,
                      const Findings *findings, GError **error)
{
    g_autoptr(Ledger) ledger =
        workspace_ledger(workspace, option_json ? LEDGER_READ : LEDGER_WRITE, error);
    if (!ledger)
        return FALSE;
    if (option_json)
        return print_json(ledger, first, plan, findings, error);
    if (plan->news == PLAN_EMPTY) {
        ui_say("Nobody is to be reminded: all who had %s have answered, were written to lately "
               "or reminded often enough ('circular answers %s'); nothing was planned.",
               first->id, first->id);
        return TRUE;
    }
    if (!planning_show(workspace, ledger, plan, error))
        return FALSE;
    return planning_go_on(workspace, ledger, plan->mailing, option_yes, option_at, error);
}

static gboolean run(char **words, GError **error)
{
    g_auto(Corrected) survey = {0};
    g_autoptr(GPtrArray) questions = NULL;
    if (option_json && (option_yes || option_at)) {
        g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                            "--json only plans: not with --yes or --at");
        return FALSE;
    }
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace || !read_mailbox(workspace, error))
        return FALSE;
    g_autoptr(Mailing) first = find_first(workspace, words[0], &survey, &questions, error);
    if (!first)
        return FALSE;
    const Settings *settings = workspace_settings(workspace);
    Reminder reminder = {.most = (guint)settings_number(settings, "answers.reminders"),
                         .days = (guint)settings_number(settings, "answers.days"),
                         .now = clock_now(),
                         .questions = questions};
    Correction about = {.first = first, .with_unknown = option_with_unknown, .reminder = &reminder};
    PlanOptions wanted = {.update = words[1],
                          .audience = first->audience,
                          .correction = &about,
                          .actor = actor_self("circular remind")};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Plan) plan = planning_run(workspace, &wanted, findings, error);
    return plan && go_on(workspace, first, plan, findings, error);
}

const Command command_remind = {
    .name = "remind",
    .usage = "ID UPDATE",
    .summary = "remind exactly those who had a letter and haven't answered it",
    .description =
        "Reads the mailbox first. Not to those whose answer counts or waits for a person, who were "
        "reminded\nanswers.reminders times, or had a letter of it less than answers.days ago. It "
        "stands below the\nfirst letter in mail programs, and its own questions count for that "
        "one.",
    .options = options,
    .min_words = 2,
    .max_words = 2,
    .run = run,
};
