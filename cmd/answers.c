/* answers - what readers answered to a letter's questions: read, counted, shown by school */
#include "answers_review.h"
#include "answers_show.h"
#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "inbound/collect.h"
#include "interrupt.h"
#include "report/report_page.h"
#include "ui.h"

static gboolean option_csv, option_json, option_review, option_recorded;
static char *option_html, *option_choice, *option_question;
static int option_take, option_done;

static const GOptionEntry options[] = {
    {"csv", 0, 0, G_OPTION_ARG_NONE, &option_csv, "print a line a school for a spreadsheet", NULL},
    {"html", 'o', 0, G_OPTION_ARG_FILENAME, &option_html,
     "write a page for a browser that holds all it needs", "FILE"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {"recorded", 0, 0, G_OPTION_ARG_NONE, &option_recorded, "show what is on record; read no mail",
     NULL},
    {"review", 'r', 0, G_OPTION_ARG_NONE, &option_review,
     "list the answers that a person should read; read no mail", NULL},
    {"take", 't', 0, G_OPTION_ARG_INT, &option_take,
     "count one of that list, as the choice that --choice gives", "NUMBER"},
    {"choice", 0, 0, G_OPTION_ARG_STRING, &option_choice, "--take: the choice, in its own words",
     "WORDS"},
    {"question", 0, 0, G_OPTION_ARG_STRING, &option_question,
     "--take: the question's name, where the letter asks several", "NAME"},
    {"done", 'd', 0, G_OPTION_ARG_INT, &option_done, "take one off the list: it counts for nobody",
     "NUMBER"},
    {0},
};

static gboolean fits(const char *id, GError **error)
{
    int forms = !!option_csv + !!option_json + !!option_html;
    int ways = !!option_review + !!option_take + !!option_done;
    const char *wrong =
        forms > 1  ? "--html, --csv and --json are three forms: give one of them"
        : ways > 1 ? "give one of --review, --take and --done"
        : option_take && !option_choice ? "--take wants --choice 'WORDS' of the question's choices"
        : !option_take && (option_choice || option_question) ? "--choice and --question belong to "
                                                               "--take"
        : option_take < 0 || option_done < 0                 ? "a number of the list is wanted"
        : (option_take || option_done) && (id || forms)      ? "--take and --done stand alone"
        : option_review && (option_csv || option_html)       ? "--review prints text or --json"
        : !id && (option_csv || option_html) ? "of which letter? 'circular answers' lists the ids"
        : option_html && g_str_equal(option_html, "-")
            ? "--html wants the name of a file: the page holds names and addresses"
            : NULL;
    if (wrong)
        g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, wrong);
    return !wrong;
}

/* --- the mailbox ------------------------------------------------------------------------------ */

/* Reads what there is, as 'circular bounces' does: bounces are applied, too. */
static gboolean read_mailbox(const Workspace *workspace, GError **error)
{
    CollectSummary sum;
    CollectOptions how = {.stop = interrupt_stops};
    if (!settings_text(workspace_settings(workspace), "imap.host")) {
        ui_note("no mailbox is read: imap.host isn't set; this is what is on record");
        return TRUE;
    }
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger)
        return FALSE;
    interrupt_watch();
    gboolean ok = collect_run(workspace, ledger, &how, &sum, error);
    g_autofree char *messages = amount_of(sum.messages, "message", "messages");
    g_autofree char *answers = amount_of(sum.answers, "answer", "answers");
    g_autofree char *doubted =
        amount_of(sum.answers_doubted, "waits for a person", "wait for a person");
    if (sum.messages)
        ui_note("%s read: %s counted, %s.", messages, answers, doubted);
    return ok;
}

/* --- one letter ------------------------------------------------------------------------------- */

static void say_sheet(const AnswerSheet *sheet, const Mailing *first)
{
    g_autofree char *subject = report_page_subject(first->subject);
    ui_heading("%s  %s", first->id, subject);
    answers_say_sheet(sheet);
    g_autofree char *waiting = amount_of(sheet->waiting, "answer waits", "answers wait");
    if (sheet->waiting)
        ui_hint("\n%s for a person: 'circular answers --review' lists them.", waiting);
}

static void json_sheet(const AnswerSheet *sheet, const Mailing *first)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-answers/1");
    json_text(json, "id", first->id);
    json_number(json, "letters", sheet->had);
    json_number(json, "waiting", sheet->waiting);
    answers_json_sheet(json, sheet);
    json_builder_end_object(json);
    ui_json(json);
}

static gboolean write_page(const AnswerSheet *sheet, const Mailing *first, GError **error)
{
    g_autofree char *subject = report_page_subject(first->subject);
    g_autoptr(GString) page = g_string_new(NULL);
    answersheet_page(sheet, subject, page);
    if (!file_write(option_html, page->str, page->len, 0600, error))
        return FALSE;
    ui_say("%s holds the answers. Only you can read it: it holds names and addresses.",
           option_html);
    return TRUE;
}

static gboolean show(Ledger *ledger, const Mailing *first, GError **error)
{
    g_autoptr(AnswerSheet) sheet = answersheet_new(ledger, first->number, error);
    if (!sheet)
        return FALSE;
    if (!sheet->questions->len) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "'%s' asks no question",
                    first->id);
        return FALSE;
    }
    if (option_html)
        return write_page(sheet, first, error);
    if (option_csv) {
        g_autoptr(GString) csv = g_string_new(NULL);
        answersheet_csv(sheet, csv);
        g_string_truncate(csv, csv->len - 1); /* ui_verbatim ends it */
        ui_verbatim(csv->str);
    } else if (option_json) {
        json_sheet(sheet, first);
    } else {
        say_sheet(sheet, first);
    }
    return TRUE;
}

/* The letter that a reminder or a plan for those who missed it belongs to. */
static gboolean is_first(Ledger *ledger, const Mailing *mailing, gboolean *first, GError **error)
{
    gint64 number;
    if (!answers_first(ledger, mailing->number, &number, error))
        return FALSE;
    *first = number == mailing->number;
    return TRUE;
}

/* --- all letters that ask --------------------------------------------------------------------- */

static void say_letter(const AnswerSheet *sheet, const Mailing *mailing)
{
    const char *nobody = answersheet_nobody(sheet);
    g_autofree char *subject = report_page_subject(mailing->subject);
    ui_print("%s  %s", mailing->id, subject);
    if (nobody)
        ui_print("    %s", nobody);
    for (guint q = 0; !nobody && q < sheet->questions->len; q++) {
        guint silent = answersheet_silent(sheet, q), answered = 0;
        const Question *question = g_ptr_array_index(sheet->questions, q);
        for (guint c = 0; c < question->choices->len; c++)
            answered += answersheet_count(sheet, q, c);
        if (question->is_event)
            ui_print("    %s: %u answered by calendars", question->slug, answered);
        else
            ui_print("    %s: %u answered, %u not yet", question->slug, answered, silent);
    }
}

static void json_letter(JsonBuilder *json, const AnswerSheet *sheet, const Mailing *mailing)
{
    json_builder_begin_object(json);
    json_text(json, "id", mailing->id);
    json_text(json, "subject", mailing->subject);
    json_number(json, "letters", sheet->had);
    json_number(json, "waiting", sheet->waiting);
    json_builder_set_member_name(json, "questions");
    json_builder_begin_array(json);
    for (guint q = 0; q < sheet->questions->len; q++)
        answers_json_question(json, sheet, q);
    json_builder_end_array(json);
    json_builder_end_object(json);
}

/* Each letter that asks something; what reminds of one is told with it. */
static gboolean show_all(Ledger *ledger, JsonBuilder *json, GError **error)
{
    guint said = 0;
    gboolean first;
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    for (guint i = 0; all && i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        if (!is_first(ledger, mailing, &first, error))
            return FALSE;
        g_autoptr(AnswerSheet) sheet =
            first ? answersheet_new(ledger, mailing->number, error) : NULL;
        if (first && !sheet)
            return FALSE;
        if (!sheet || !sheet->questions->len)
            continue;
        said++;
        if (json)
            json_letter(json, sheet, mailing);
        else
            say_letter(sheet, mailing);
    }
    if (all && !said && !json)
        ui_say("No letter has asked a question. An update asks one between '::: answer NAME' and "
               "':::'.");
    return all != NULL;
}

static gboolean say_all(Ledger *ledger, GError **error)
{
    if (!option_json)
        return show_all(ledger, NULL, error);
    JsonBuilder *json = json_builder_new();
    json_builder_begin_array(json);
    gboolean ok = show_all(ledger, json, error);
    json_builder_end_array(json);
    return ui_json_if(json, ok);
}

static gboolean run(char **words, GError **error)
{
    GError *problem = NULL, *other = NULL;
    if (!fits(words[0], error))
        return FALSE;
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    if (option_review)
        return answers_review(workspace, words[0], option_json, error);
    if (option_take || option_done)
        return answers_decide(workspace, option_take ? option_take : option_done,
                              option_take ? option_choice : NULL, option_question, error);
    if (!option_recorded)
        read_mailbox(workspace, &problem);
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, &other);
    g_autoptr(Mailing) first = ledger && words[0] ? answers_asked(ledger, words[0], &other) : NULL;
    if (first)
        show(ledger, first, &other);
    else if (ledger && !words[0])
        say_all(ledger, &other);
    ui_keep_first(&problem, other);
    if (problem)
        g_propagate_error(error, problem);
    return problem == NULL;
}

const Command command_answers = {
    .name = "answers",
    .usage = "[ID]",
    .summary = "who answered a letter's questions, and what",
    .description =
        "Reads the mailbox first, as 'circular bounces' does. Counted is what a token of ours "
        "proves and\nwhat says clearly which choice is meant; the last answer of a school holds. "
        "All "
        "else waits for a\nperson: --review lists it, with the reason.",
    .options = options,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};
