/* answers_review - the answers that a person should read: listed, and decided one by one */
#include "answers_review.h"

#include "answer/choice.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "ledger/answers.h"
#include "ledger/lifecycle.h"
#include "planning.h"
#include "ui.h"

typedef struct {
    JsonBuilder *json; /* or NULL */
    guint found;
} Review;

static void say_answer(const AnswerRow *row)
{
    g_autofree char *when = when_day(row->said_at);
    g_autofree char *from = *row->sender_name
                                ? g_strdup_printf("%s <%s>", row->sender_name, row->sender)
                                : g_strdup(row->sender);
    g_autofree char *school =
        g_strdup_printf("%s <%s>%s", row->key, row->address, row->verified ? "" : " (not proven)");
    ui_print("%" G_GINT64_FORMAT "  %s  %s", row->number, when, row->why);
    ui_field("from", from);
    ui_field("subject", row->subject);
    ui_field("school", *row->key ? school : "");
    ui_field("question", row->question);
    ui_field("choice", row->choice);
    ui_excerpt(row->text);
}

static void json_row(JsonBuilder *json, const AnswerRow *row)
{
    g_autofree char *when = clock_iso(row->said_at);
    json_builder_begin_object(json);
    json_number(json, "number", row->number);
    json_text(json, "said_at", when);
    json_text(json, "why", row->why);
    json_text(json, "key", row->key);
    json_text(json, "address", row->address);
    json_flag(json, "verified", row->verified);
    json_text(json, "question", row->question);
    json_text(json, "choice", row->choice);
    json_text(json, "from", row->sender);
    json_text(json, "name", row->sender_name);
    json_text(json, "subject", row->subject);
    json_text(json, "text", row->text);
    json_builder_end_object(json);
}

static gboolean add(void *user, const AnswerRow *row)
{
    Review *review = user;
    review->found++;
    if (review->json)
        json_row(review->json, row);
    else
        say_answer(row);
    return TRUE;
}

static gboolean find_letter(Ledger *ledger, const char *id, gint64 *first, GError **error)
{
    *first = 0;
    if (!id)
        return TRUE;
    g_autoptr(Mailing) mailing = planning_find(ledger, id, error);
    return mailing && answers_first(ledger, mailing->number, first, error);
}

gboolean answers_review(const Workspace *workspace, const char *id, gboolean as_json,
                        GError **error)
{
    gint64 first;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, error);
    if (!ledger || !find_letter(ledger, id, &first, error))
        return FALSE;
    Review review = {.json = as_json ? json_builder_new() : NULL};
    if (as_json)
        json_builder_begin_array(review.json);
    gboolean ok = answers_each(ledger, first, ANSWER_REVIEW, add, &review, error);
    if (as_json) {
        json_builder_end_array(review.json);
        return ui_json_if(review.json, ok);
    }
    if (ok && review.found)
        ui_hint("None of these counts. 'circular answers --take NUMBER --choice WORDS' counts one "
                "for its school, '--done NUMBER' takes one off the list.");
    else if (ok)
        ui_say("No answer waits for review.");
    return ok;
}

/* --- deciding --------------------------------------------------------------------------------- */

typedef struct {
    gint64 number, mailing;
    char *question, *school, *sender;
    gboolean found;
} Wanted;

static gboolean look(void *user, const AnswerRow *row)
{
    Wanted *wanted = user;
    if (row->number != wanted->number)
        return TRUE;
    wanted->found = TRUE;
    wanted->mailing = row->mailing;
    wanted->question = g_strdup(row->question);
    wanted->school = g_strdup(row->key);
    wanted->sender = g_strdup(row->sender);
    return FALSE;
}

static const Question *question_of(const GPtrArray *questions, const char *named,
                                   const char *guessed, GError **error)
{
    const char *slug = named ? named : guessed && *guessed ? guessed : NULL;
    const Question *question = slug                  ? questions_find(questions, slug)
                               : questions->len == 1 ? g_ptr_array_index(questions, 0)
                                                     : NULL;
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < questions->len; i++)
        g_string_append_printf(all, "%s%s", i ? ", " : "",
                               ((Question *)g_ptr_array_index(questions, i))->slug);
    if (!question)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "which question is answered? --question with one of: %s", all->str);
    g_string_free(all, TRUE);
    return question;
}

/* What the letter asks; and the event, where a calendar answered that. */
static GPtrArray *answerable(Ledger *ledger, const Wanted *wanted, GError **error)
{
    gint64 first;
    g_autoptr(GPtrArray) all = answers_questions(ledger, wanted->mailing, error);
    if (!all || !answers_first(ledger, wanted->mailing, &first, error))
        return NULL;
    if (questions_find(all, wanted->question))
        return g_steal_pointer(&all);
    g_autoptr(GPtrArray) events = answers_all_events(ledger, first, error);
    const Question *event = events ? questions_find(events, wanted->question) : NULL;
    if (event)
        g_ptr_array_add(all, question_of_event(event->slug, event->text));
    return events ? g_steal_pointer(&all) : NULL;
}

static gboolean count(Ledger *ledger, const Wanted *wanted, const char *choice, const char *named,
                      const char *who, GError **error)
{
    guint chosen;
    g_autoptr(GPtrArray) questions = answerable(ledger, wanted, error);
    const Question *question =
        questions ? question_of(questions, named, wanted->question, error) : NULL;
    if (!question)
        return FALSE;
    if (!choice_find(question, choice, &chosen)) {
        g_ptr_array_add(question->choices, NULL);
        g_autofree char *all = g_strjoinv("' or '", (char **)question->choices->pdata);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no choice of '%s': '%s'; it is '%s'", question->slug, choice, all);
        return FALSE;
    }
    const char *words = g_ptr_array_index(question->choices, chosen);
    if (!answers_count(ledger, wanted->number, question->slug, words, who, error))
        return FALSE;
    g_autofree char *school = ui_safe(wanted->school, 0), *sender = ui_safe(wanted->sender, 0);
    ui_say("Answer %" G_GINT64_FORMAT " counts: %s says '%s' to %s (by %s).", wanted->number,
           school, words, question->slug, sender);
    return TRUE;
}

static gboolean dismiss(Ledger *ledger, gint64 number, const char *who, GError **error)
{
    if (!answers_dismiss(ledger, number, who, error))
        return FALSE;
    ui_say("Answer %" G_GINT64_FORMAT " is off the list: it counts for nobody.", number);
    return TRUE;
}

gboolean answers_decide(const Workspace *workspace, gint64 number, const char *choice,
                        const char *question, GError **error)
{
    Wanted wanted = {.number = number};
    Actor actor = actor_self("circular answers");
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger || !answers_each(ledger, 0, ANSWER_REVIEW, look, &wanted, error))
        return FALSE;
    gboolean ok;
    if (wanted.found && choice && !wanted.mailing) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "answer %" G_GINT64_FORMAT " names no letter of ours and can't be counted: "
                    "'circular answers --done %" G_GINT64_FORMAT "' takes it off the list",
                    number, number);
        ok = FALSE;
    } else if (wanted.found && choice) {
        ok = count(ledger, &wanted, choice, question, actor.user, error);
    } else {
        ok = dismiss(ledger, number, actor.user, error);
    }
    g_free(wanted.question);
    g_free(wanted.school);
    g_free(wanted.sender);
    return ok;
}
