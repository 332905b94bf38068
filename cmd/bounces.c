/* bounces - what comes back: read, understood, applied */
#include <string.h>
#include <sysexits.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "bounces_classify.h"
#include "bounces_review.h"
#include "command.h"
#include "interrupt.h"
#include "inbound/collect.h"
#include "ui.h"

static gboolean option_watch, option_review, option_classify, option_stream, option_json,
    option_csv;
static int option_done;

static const GOptionEntry options[] = {
    {"watch", 'w', 0, G_OPTION_ARG_NONE, &option_watch,
     "go on: apply what comes as it comes, until stopped", NULL},
    {"review", 'r', 0, G_OPTION_ARG_NONE, &option_review,
     "list what a person should look at; read no mail", NULL},
    {"done", 'd', 0, G_OPTION_ARG_INT, &option_done, "take one off the list for review", "NUMBER"},
    {"classify", 0, 0, G_OPTION_ARG_NONE, &option_classify,
     "print what messages say as JSON and do nothing: each FILE, or standard input", NULL},
    {"stream", 0, 0, G_OPTION_ARG_NONE, &option_stream,
     "--classify: LENGTH, a newline and LENGTH octets again and again on standard input", NULL},
    {"csv", 0, 0, G_OPTION_ARG_NONE, &option_csv,
     "--review: comma-separated values, with what to put into the list", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

/* --- classify -------------------------------------------------------------------------------- */

static gboolean classify_words(char **words, GError **error)
{
    static char stream[] = "--stream";
    char *only_stream[] = {stream, NULL};
    if (option_stream && *words) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--stream reads standard input and takes no files");
        return FALSE;
    }
    int status = option_stream ? bounces_classify(1, only_stream)
                               : bounces_classify((int)g_strv_length(words), words);
    if (status == EX_OK)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR,
                status == EX_NOINPUT   ? CIRCULAR_ERROR_NOINPUT
                : status == EX_DATAERR ? CIRCULAR_ERROR_DATA
                                       : CIRCULAR_ERROR_IO,
                "not every message could be read");
    return FALSE;
}

/* --- the mailbox ----------------------------------------------------------------------------- */

/* What was done, in the order in which the office will want to know it. */
typedef struct {
    const char *name, *one, *many;
    guint count;
} Line;

enum { LINES = 15 };

static void lines_of(const CollectSummary *sum, Line lines[LINES])
{
    const Line all[LINES] = {
        {"bounced", "letter bounced", "letters bounced", sum->bounced},
        {"complained", "letter was complained about", "letters were complained about",
         sum->complained},
        {"suppressed", "address gets no more letters", "addresses get no more letters",
         sum->suppressed},
        {"unsubscribed", "recipient unsubscribed", "recipients unsubscribed", sum->unsubscribed},
        {"refused", "refusal means our server or our text, not the recipient",
         "refusals mean our server or our text, not the recipients", sum->refused},
        {"successors", "out-of-office reply names a successor",
         "out-of-office replies name a successor", sum->successors},
        {"settled", "letter in doubt was sent: what came back proves it",
         "letters in doubt were sent: what came back proves it", sum->settled},
        {"answers", "answer to a letter's question is counted",
         "answers to letters' questions are counted", sum->answers},
        {"answers_to_review", "answer waits for a person ('circular answers --review')",
         "answers wait for a person ('circular answers --review')", sum->answers_doubted},
        {"recorded", "notice changed nothing (a delay, an auto-reply, nothing of ours)",
         "notices changed nothing (delays, auto-replies, nothing of ours)", sum->recorded},
        {"to_review", "message moved to the folder for review",
         "messages moved to the folder for review", sum->reviews},
        {"repeated", "message had been applied before", "messages had been applied before",
         sum->repeated},
        {"persons", "message is no report of ours and stays where it lies",
         "messages are no reports of ours and stay where they lie", sum->persons},
        {"stuck", "message could not be read or moved", "messages could not be read or moved",
         sum->stuck},
        {"postponed", "message waits: its letter is being sent",
         "messages wait: their letters are being sent", sum->postponed},
    };
    memcpy(lines, all, sizeof all);
}

static void say_summary(const CollectSummary *sum)
{
    Line lines[LINES];
    g_autofree char *messages = amount_of(sum->messages, "message", "messages");
    lines_of(sum, lines);
    ui_say(sum->messages ? "%s read and applied." : "Nothing new has come back.", messages);
    for (guint i = 0; i < LINES; i++) {
        g_autofree char *count = amount_of(lines[i].count, lines[i].one, lines[i].many);
        if (lines[i].count)
            ui_say("  %s", count);
    }
    if (sum->reviews || sum->successors)
        ui_hint("'circular bounces --review' lists what a person should look at.");
}

static void json_summary(const CollectSummary *sum)
{
    Line lines[LINES];
    JsonBuilder *json = json_builder_new();
    lines_of(sum, lines);
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-bounces/1");
    json_number(json, "messages", sum->messages);
    for (guint i = 0; i < LINES; i++)
        json_number(json, lines[i].name, lines[i].count);
    json_builder_end_object(json);
    ui_json(json);
}

static void show(const CollectSummary *sum)
{
    if (option_json)
        json_summary(sum);
    else
        say_summary(sum);
}

static void tell_round(void *user, const CollectSummary *sum)
{
    (void)user;
    g_autofree char *now = when_short(clock_now());
    if (!option_json)
        ui_heading("%s", now);
    show(sum);
}

static void tell_lost(void *user, const GError *problem, guint seconds)
{
    (void)user;
    g_autofree char *wait = amount_duration(seconds * (gint64)G_USEC_PER_SEC);
    ui_note("%s; again in %s", problem->message, wait);
}

static void tell_stuck(void *user, const char *what)
{
    (void)user;
    ui_note("%s", what);
}

static gboolean collect(const Workspace *workspace, GError **error)
{
    CollectSummary summary;
    CollectOptions how = {.watch = option_watch,
                          .stop = interrupt_stops,
                          .round = tell_round,
                          .lost = tell_lost,
                          .stuck = tell_stuck};
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger)
        return FALSE;
    interrupt_watch();
    gboolean ok = collect_run(workspace, ledger, &how, &summary, error);
    if (!option_watch && (ok || summary.messages || summary.repeated))
        show(&summary);
    return ok;
}

/* --- the command ----------------------------------------------------------------------------- */

static gboolean fits(char **words, GError **error)
{
    int ways = !!option_watch + !!option_review + !!option_done + !!option_classify;
    const char *wrong = ways > 1 ? "give one of --watch, --review, --done and --classify"
                        : option_stream && !option_classify ? "--stream belongs to --classify"
                        : option_csv && !option_review      ? "--csv belongs to --review"
                        : option_csv && option_json         ? "give one of --csv and --json"
                        : *words && !option_classify        ? "FILE belongs to --classify"
                        : option_done < 0                   ? "--done takes a number of the list"
                                                            : NULL;
    if (wrong)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "%s", wrong);
    return !wrong;
}

static gboolean run(char **words, GError **error)
{
    if (!fits(words, error))
        return FALSE;
    if (option_classify)
        return classify_words(words, error);
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    if (option_review)
        return bounces_review(workspace,
                              option_csv    ? REVIEW_CSV
                              : option_json ? REVIEW_JSON
                                            : REVIEW_PEOPLE,
                              error);
    if (option_done)
        return bounces_done(workspace, option_done, error);
    return collect(workspace, error);
}

const Command command_bounces = {
    .name = "bounces",
    .usage = "[--classify FILE…]",
    .summary = "what came back: fetched, understood, applied",
    .options = options,
    .min_words = 0,
    .max_words = G_MAXINT,
    .run = run,
};
