/* answering - an answer to a letter's question, proven, understood and counted; or left to a person
 */
#include "inbound/answering.h"

#include <string.h>

#include "answer/choice.h"
#include "base/error.h"
#include "ledger/answers.h"
#include "ledger/mailings.h"
#include "ledger/marks.h"
#include "ledger/settlements.h"
#include "mail/address.h"

#define DAY_LENGTH (24 * 60 * 60 * (gint64)G_USEC_PER_SEC)
enum { CLOCKS_APART = 15 * 60 }; /* seconds that a writer's clock may be ahead of ours */

typedef struct {
    const Intake *intake;
    const IntakeMessage *message;
    const AnswerMail *mail;
    IntakeResult *result;
    Delivery *delivery; /* or NULL */
    gint64 mailing;     /* its number, or 0 */
    gboolean is_proven;
    gboolean is_calendars;
    gboolean is_forged;   /* what stands where a token should is none of ours */
    gboolean is_twofold;  /* tokens of two letters are both the writer's own */
    GPtrArray *questions; /* of the mailing, or NULL */
    const Question *question;
    gboolean is_chosen;
    guint choice;
    const char *why; /* not to be counted by itself; NULL: counts */
} Answering;

/* --- whose letter ----------------------------------------------------------------------------- */

static gboolean find_delivery(Answering *a, guint64 mailing, guint64 number, GError **error)
{
    Lookup found = deliveries_find(a->intake->ledger, mailing, number, &a->delivery, error);
    if (found == LOOKUP_FOUND)
        a->mailing = (gint64)mailing;
    return found != LOOKUP_FAILED;
}

/* The token that stands in the most telling place; what is quoted may be another letter. */
static gboolean find_proven(Answering *a, GError **error)
{
    const GPtrArray *tokens = a->mail->tokens;
    guint64 mailing, number, first_mailing = 0, first_number = 0;
    for (guint i = 0; i < tokens->len; i++) {
        const AnswerToken *token = g_ptr_array_index(tokens, i);
        if (!token_read(a->intake->key, token->text, TOKEN_ANSWER, &mailing, &number)) {
            a->is_forged = a->is_forged || token->place != ANSWER_IN_QUOTE;
            continue;
        }
        if (!first_mailing) {
            first_mailing = mailing;
            first_number = number;
        } else if (token->place != ANSWER_IN_QUOTE &&
                   (mailing != first_mailing || number != first_number)) {
            a->is_twofold = TRUE;
        }
    }
    if (first_mailing && !find_delivery(a, first_mailing, first_number, error))
        return FALSE;
    a->is_proven = a->delivery != NULL;
    a->is_forged = a->is_forged && !a->is_proven && (a->mail->subject_slug || a->mail->words_slug);
    return TRUE;
}

/* Whether the message answers that very letter, as far as its headers say. */
static gboolean refers_to(const AnswerMail *mail, const Delivery *delivery)
{
    g_autofree char *ours =
        g_strdup_printf("<%s.%" G_GUINT64_FORMAT "@", delivery->mailing, delivery->number);
    return strstr(mail->references, ours) ||
           (*delivery->message_id && strstr(mail->references, delivery->message_id));
}

/* Without a token: by the writer's address. In a mailbox that people write to, only what answers the
 * letter; else somebody's private letter would be on record. */
static gboolean find_by_address(Answering *a, GError **error)
{
    gint64 mailing = 0, since = a->message->received_at - ANSWERING_DAYS * DAY_LENGTH;
    guint64 number = 0;
    if (!*a->mail->from)
        return TRUE;
    switch (answers_asked_of(a->intake->ledger, a->mail->from, since, &mailing, &number, error)) {
    case LOOKUP_FAILED:
        return FALSE;
    case LOOKUP_NONE:
        return TRUE;
    case LOOKUP_FOUND:
        break;
    }
    if (!find_delivery(a, (guint64)mailing, number, error))
        return FALSE;
    if (a->delivery && a->intake->only_proven && !refers_to(a->mail, a->delivery)) {
        g_clear_pointer(&a->delivery, delivery_free);
        a->mailing = 0;
    }
    return TRUE;
}

/* --- what was chosen -------------------------------------------------------------------------- */

/* The question that is named, or the only one. */
static void find_question(Answering *a)
{
    const char *subject = a->mail->subject_slug, *words = a->mail->words_slug;
    const char *slug = subject ? subject : words;
    if (subject && words && g_ascii_strcasecmp(subject, words) != 0)
        a->why = "subject and text name two questions";
    else if (slug && !(a->question = questions_find(a->questions, slug)))
        a->why = "that letter doesn't ask this question: the answer is of another one, or altered";
    else if (!slug && a->questions->len == 1)
        a->question = g_ptr_array_index(a->questions, 0);
    else if (!slug)
        a->why = "doesn't say which question it answers";
}

static void choose(Answering *a, guint choice)
{
    if (a->is_chosen && a->choice != choice)
        a->why = "names two choices";
    a->is_chosen = TRUE;
    a->choice = choice;
}

/* What the form says: the subject of an answer that was just begun (a "Re:" before it is an old
 * one's), and the line in the writer's own words. */
static void read_form(Answering *a)
{
    guint choice;
    const AnswerMail *mail = a->mail;
    gboolean is_fresh = mail->subject_choice && (!mail->is_reply || mail->words_choice) &&
                        (!mail->is_forward || mail->words_choice || mail->quoted_choice);
    if (is_fresh && choice_find(a->question, mail->subject_choice, &choice))
        choose(a, choice);
    else if (is_fresh && !mail->words_choice)
        a->why = "the subject names none of the question's choices";
    if (mail->words_choice && choice_find(a->question, mail->words_choice, &choice))
        choose(a, choice);
    else if (mail->words_choice &&
             choice_read(a->question, mail->words_choice, &choice) == CHOICE_CLEAR)
        choose(a, choice);
    else if (mail->words_choice && *mail->words_choice)
        a->why = "the answer's words were changed";
    if (mail->is_forward && mail->quoted_choice && a->is_chosen &&
        choice_find(a->question, mail->quoted_choice, &choice))
        choose(a, choice);
}

static void read_words(Answering *a)
{
    guint choice;
    gboolean had_form = a->is_chosen;
    switch (choice_read(a->question, a->mail->words, &choice)) {
    case CHOICE_CLEAR:
        choose(a, choice);
        break;
    case CHOICE_SILENT:
        if (!had_form)
            a->why = "says nothing that answers the question";
        break;
    case CHOICE_UNCLEAR:
        if (!had_form)
            a->why = "what is chosen isn't clear from the words";
        else if (choice_is_qualified(a->question, a->mail->words))
            a->why = "the words beside the choice may take it back, or make it depend on something";
        break;
    }
}

static gboolean doubt_reader(Answering *a, GError **error)
{
    gboolean other;
    if (a->why || !a->delivery)
        return TRUE;
    if (g_str_has_prefix(a->delivery->key, "seed:")) {
        a->why = "answers the office's own copy of the letter";
        return TRUE;
    }
    if (!*a->mail->from)
        return TRUE;
    if (!answers_is_other_reader(a->intake->ledger, a->mailing, a->delivery->key, a->mail->from,
                                 &other, error))
        return FALSE;
    if (other)
        a->why = "the writer had a copy of another school's: either may be meant";
    return TRUE;
}

static gboolean understand(Answering *a, GError **error)
{
    a->questions = answers_questions(a->intake->ledger, a->mailing, error);
    if (!a->questions)
        return FALSE;
    if (!a->questions->len) {
        a->why = "the letter that it answers asks nothing";
        return TRUE;
    }
    find_question(a);
    if (a->question) {
        read_form(a);
        read_words(a);
    }
    if (!doubt_reader(a, error))
        return FALSE;
    if (a->is_twofold)
        a->why = "holds the tokens of two letters";
    if (!a->is_proven)
        a->why = "no token of ours: the writer's address has this letter, is it the answer to it?";
    else if (a->mail->is_generated)
        a->why = "says itself that a machine wrote it (Auto-Submitted), as a ticket system does";
    else if (a->message->notice->is_guess)
        a->why = "looks like an automatic answer, but nothing proves that it is one";
    return TRUE;
}

/* --- on record -------------------------------------------------------------------------------- */

/* When it was written, as far as that can be: not after it came, nor before the letter went. */
static gint64 said_at(const Answering *a)
{
    gint64 date = a->mail->date, came = a->message->received_at;
    gint64 least = a->delivery ? a->delivery->first_at : came - ANSWERING_DAYS * DAY_LENGTH;
    if (!date || date < least || date > came + CLOCKS_APART * (gint64)G_USEC_PER_SEC)
        return came;
    return MIN(date, came);
}

static gboolean is_late(const Answering *a, gint64 said)
{
    int minutes;
    return a->question && a->question->until && day_of(said, &minutes) > a->question->until;
}

static gboolean record(Answering *a, GError **error)
{
    gint64 said = said_at(a);
    const AnswerMail *mail = a->mail;
    gboolean counts = !a->why && (a->is_proven || a->is_calendars) && a->is_chosen;
    AnswerRow row = {.message = a->message->hash,
                     .uidvalidity = a->message->uidvalidity,
                     .uid = a->message->uid,
                     .received_at = a->message->received_at,
                     .said_at = said,
                     .mailing = a->mailing,
                     .delivery = a->delivery ? a->delivery->number : 0,
                     .key = a->delivery ? a->delivery->key : "",
                     .address = a->delivery ? a->delivery->address : "",
                     .question = a->question ? a->question->slug : "",
                     .choice = a->question && a->is_chosen
                                   ? g_ptr_array_index(a->question->choices, a->choice)
                                   : "",
                     .state = counts ? ANSWER_COUNTED : ANSWER_REVIEW,
                     .late = is_late(a, said),
                     .verified = a->is_proven,
                     .why = a->why ? a->why : "",
                     .sender = mail->from,
                     .sender_name = mail->from_name,
                     .subject = mail->subject,
                     .text = mail->calendar ? mail->calendar->comment : mail->words};
    a->result->answers += counts;
    a->result->answers_doubted += !counts;
    a->result->to_review = !counts;
    /* A person's letter stays where persons look for it. */
    a->result->stays = !counts && a->intake->only_proven;
    if (!answers_add(a->intake->ledger, &row, error))
        return FALSE;
    /* Nobody answers a letter that never came. */
    gboolean changed = FALSE;
    Settlement proof = {.kind = SETTLEMENT_ANSWER, .at = a->message->received_at};
    gboolean ok =
        !a->is_proven || settlements_prove(a->intake->ledger, a->mailing, a->delivery->number,
                                           &proof, "", "answered by its reader", &changed, error);
    a->result->settled += changed;
    return ok;
}

/* --- calendars -------------------------------------------------------------------------------- */

/* "briefing.spring-1a2b3c@example.org": the event's name, and the letter that had it first. */
static gboolean read_uid(const char *uid, char **slug, char **mailing)
{
    const char *dot = strchr(uid, '.'), *at = strrchr(uid, '@');
    if (!dot || !at || at < dot || dot == uid)
        return FALSE;
    *slug = g_strndup(uid, (gsize)(dot - uid));
    *mailing = g_strndup(dot + 1, (gsize)(at - dot - 1));
    return TRUE;
}

/* The event of ours that a calendar answers; NULL for none, or with error. `first` is its letter. */
static const Question *find_event(Answering *a, gint64 *first, GError **error)
{
    GError *inner = NULL;
    gint64 number;
    g_autofree char *slug = NULL, *mailing = NULL;
    if (!read_uid(a->mail->calendar->uid, &slug, &mailing))
        return NULL;
    if (!mailings_number(a->intake->ledger, mailing, &number, &inner)) {
        if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT))
            g_error_free(inner);
        else
            g_propagate_error(error, inner);
        return NULL;
    }
    if (!answers_first(a->intake->ledger, number, first, error))
        return NULL;
    a->mailing = *first;
    a->questions = answers_all_events(a->intake->ledger, *first, error);
    return a->questions ? questions_find(a->questions, slug) : NULL;
}

/* The letter of whoever attends; where that isn't who wrote, a person says whose answer it is. */
static gboolean find_attendee(Answering *a, gint64 first, GError **error)
{
    const CalendarReply *calendar = a->mail->calendar;
    const char *attendee = *calendar->attendee ? calendar->attendee : a->mail->from;
    gint64 mailing;
    guint64 number;
    guint keys = 0;
    switch (
        answers_letter_to(a->intake->ledger, first, attendee, &mailing, &number, &keys, error)) {
    case LOOKUP_FAILED:
        return FALSE;
    case LOOKUP_NONE:
        a->why = "a calendar answers for an address that had no letter with this event";
        return TRUE;
    case LOOKUP_FOUND:
        break;
    }
    if (keys > 1)
        a->why = "a calendar answers, and its address had the letter for several schools";
    else if (g_ascii_strcasecmp(attendee, a->mail->from) != 0)
        a->why = "a calendar answers for another address than the one it was sent from";
    return find_delivery(a, (guint64)mailing, number, error);
}

static gboolean doubt_name(Answering *a, gint64 first, GError **error)
{
    g_autoptr(GPtrArray) asked = answers_all_questions(a->intake->ledger, first, error);
    if (asked && !a->why && questions_find(asked, a->question->slug))
        a->why = "a calendar answers the event, and a question of that name has choices of its own";
    return asked != NULL;
}

static gboolean take_calendar(Answering *a, gboolean *taken, GError **error)
{
    gint64 first;
    GError *inner = NULL;
    a->question = find_event(a, &first, &inner);
    if (!a->question) {
        a->mailing = 0;
        if (inner)
            g_propagate_error(error, inner);
        return inner == NULL;
    }
    if (!find_attendee(a, first, error) || !doubt_name(a, first, error))
        return FALSE;
    Attendance said = a->mail->calendar->attendance;
    a->is_calendars = a->is_chosen = said != ATTENDS_NOT_SAID;
    a->choice = said == ATTENDS_ACCEPTED ? 0 : said == ATTENDS_TENTATIVE ? 1 : 2;
    if (!a->is_chosen && !a->why)
        a->why = "a calendar answers, and says neither yes nor no";
    *taken = TRUE;
    return record(a, error);
}

/* --- one message ------------------------------------------------------------------------------ */

static gboolean take(Answering *a, gboolean *taken, GError **error)
{
    if (a->message->notice->kind == INBOUND_CALENDAR)
        return !a->mail->calendar || take_calendar(a, taken, error);
    if (!find_proven(a, error))
        return FALSE;
    if (!a->delivery && !a->is_forged && !find_by_address(a, error))
        return FALSE;
    if (!a->delivery && !a->is_forged)
        return TRUE;
    if (a->is_proven && a->delivery->state == DELIVERY_SENDING) {
        a->result->news = INTAKE_LATER;
        return TRUE;
    }
    if (a->is_forged)
        a->why = "the token is none of ours: altered, cut or made up; it counts for nobody";
    *taken = TRUE;
    return (!a->delivery || understand(a, error)) && record(a, error);
}

gboolean answering_take(const Intake *intake, const IntakeMessage *message, IntakeResult *result,
                        gboolean *taken, GError **error)
{
    gboolean any;
    Answering answering = {
        .intake = intake, .message = message, .mail = message->answer, .result = result};
    *taken = FALSE;
    if (!message->answer)
        return TRUE;
    if (!answers_are_asked(intake->ledger, &any, error))
        return FALSE;
    gboolean ok = !any || take(&answering, taken, error);
    delivery_free(answering.delivery);
    if (answering.questions)
        g_ptr_array_unref(answering.questions);
    return ok;
}
