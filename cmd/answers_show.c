/* answers_show - who answered a letter's questions: for answers, status and report */
#include "answers_show.h"

#include "base/clock.h"
#include "planning.h"
#include "ui.h"

Mailing *answers_asked(Ledger *ledger, const char *id, GError **error)
{
    gint64 number;
    Mailing *first;
    g_autoptr(Mailing) named = planning_find(ledger, id, error);
    if (!named || !answers_first(ledger, named->number, &number, error))
        return NULL;
    switch (mailings_find_number(ledger, number, &first, error)) {
    case LOOKUP_FAILED:
        return NULL;
    case LOOKUP_FOUND:
        return first;
    case LOOKUP_NONE:
        break;
    }
    return g_steal_pointer(&named);
}

/* The sheet of the letter that asked first; NULL with error, or where nothing is asked. */
static AnswerSheet *sheet_of(Ledger *ledger, const Mailing *mailing, GError **error)
{
    gint64 first;
    GError *inner = NULL;
    g_autoptr(AnswerSheet) sheet = answers_first(ledger, mailing->number, &first, &inner)
                                       ? answersheet_new(ledger, first, &inner)
                                       : NULL;
    if (sheet && sheet->questions->len)
        return g_steal_pointer(&sheet);
    if (inner)
        g_propagate_error(error, inner);
    return NULL;
}

static char *counts_of(const AnswerSheet *sheet, guint q)
{
    GString *said = g_string_new(NULL);
    const Question *question = g_ptr_array_index(sheet->questions, q);
    for (guint c = 0; c < question->choices->len; c++)
        g_string_append_printf(said, "%s%u %s", c ? "; " : "", answersheet_count(sheet, q, c),
                               (const char *)g_ptr_array_index(question->choices, c));
    if (!question->is_event)
        g_string_append_printf(said, "; %u not yet", answersheet_silent(sheet, q));
    return g_string_free(said, FALSE);
}

gboolean answers_say(Ledger *ledger, const Mailing *mailing, const char *lead, GError **error)
{
    GError *inner = NULL;
    g_autoptr(AnswerSheet) sheet = sheet_of(ledger, mailing, &inner);
    for (guint q = 0; sheet && q < sheet->questions->len; q++) {
        g_autofree char *counts = counts_of(sheet, q);
        const Question *question = g_ptr_array_index(sheet->questions, q);
        ui_print("%s%s: %s", lead, question->slug, counts);
    }
    if (sheet && sheet->waiting)
        ui_print("%s%u to be read by a person ('circular answers --review')", lead, sheet->waiting);
    if (inner)
        g_propagate_error(error, inner);
    return inner == NULL;
}

void answers_json_counts(JsonBuilder *json, const AnswerSheet *sheet, guint q)
{
    const Question *question = g_ptr_array_index(sheet->questions, q);
    json_builder_set_member_name(json, "counts");
    json_builder_begin_object(json);
    for (guint c = 0; c < question->choices->len; c++)
        json_number(json, g_ptr_array_index(question->choices, c), answersheet_count(sheet, q, c));
    json_builder_end_object(json);
    json_number(json, "silent", answersheet_silent(sheet, q));
}

static void json_question(JsonBuilder *json, const AnswerSheet *sheet, guint q)
{
    const Question *question = g_ptr_array_index(sheet->questions, q);
    json_builder_set_member_name(json, question->slug);
    json_builder_begin_object(json);
    answers_json_counts(json, sheet, q);
    json_builder_end_object(json);
}

gboolean answers_json(JsonBuilder *json, Ledger *ledger, const Mailing *mailing, GError **error)
{
    GError *inner = NULL;
    g_autoptr(AnswerSheet) sheet = sheet_of(ledger, mailing, &inner);
    if (sheet) {
        json_builder_set_member_name(json, "answers");
        json_builder_begin_object(json);
        for (guint q = 0; q < sheet->questions->len; q++)
            json_question(json, sheet, q);
        json_builder_end_object(json);
    }
    if (inner)
        g_propagate_error(error, inner);
    return inner == NULL;
}

/* --- all of a sheet --------------------------------------------------------------------------- */

enum { NAMED = 12 }; /* of those who said the same */

static void say_silent(const AnswerSheet *sheet, guint q)
{
    guint named = 0, silent = answersheet_silent(sheet, q);
    for (guint i = 0; i < sheet->schools->len && named < NAMED; i++) {
        const AnswerSchool *school = g_ptr_array_index(sheet->schools, i);
        if (!school->had || answersheet_holds(school, q))
            continue;
        g_autofree char *called = answersheet_called(school), *safe = ui_safe(called, 0);
        ui_print("          %s%s", safe, school->waiting ? ", whose answer waits for review" : "");
        named++;
    }
    if (silent > named)
        ui_print("          and %u more ('--csv' has them all)", silent - named);
}

/* Who made a choice, the first of them; late ones as such. */
static void say_who(const AnswerSheet *sheet, guint q, const char *choice)
{
    guint named = 0, more = 0;
    for (guint i = 0; i < sheet->schools->len; i++) {
        const AnswerSchool *school = g_ptr_array_index(sheet->schools, i);
        const SaidAnswer *said = answersheet_holds(school, q);
        if (!said || !g_str_equal(said->choice, choice))
            continue;
        if (named == NAMED) {
            more++;
            continue;
        }
        g_autofree char *called = answersheet_called(school), *safe = ui_safe(called, 0);
        ui_print("          %s%s%s", safe, said->late ? ", late" : "",
                 school->waiting ? ", of whom another answer waits for review" : "");
        named++;
    }
    if (more)
        ui_print("          and %u more ('--csv' has them all)", more);
}

static void say_question(const AnswerSheet *sheet, guint q)
{
    const Question *question = g_ptr_array_index(sheet->questions, q);
    g_autofree char *words = answersheet_text(question), *text = ui_safe(words, 0);
    g_autofree char *until = question->until ? day_text(question->until) : NULL;
    ui_heading("\n%s: %s", question->slug, text);
    if (until)
        ui_print("  until %s", until);
    for (guint c = 0; c < question->choices->len; c++) {
        const char *choice = g_ptr_array_index(question->choices, c);
        ui_print("  %6u  %s", answersheet_count(sheet, q, c), choice);
        say_who(sheet, q, choice);
    }
    if (question->is_event)
        return;
    ui_print("  %6u  no answer", answersheet_silent(sheet, q));
    say_silent(sheet, q);
}

void answers_say_sheet(const AnswerSheet *sheet)
{
    const char *nobody = answersheet_nobody(sheet);
    if (nobody)
        ui_print("No answer can be there: %s.", nobody);
    for (guint q = 0; q < sheet->questions->len; q++)
        say_question(sheet, q);
}

static void json_answer(JsonBuilder *json, const SaidAnswer *said)
{
    g_autofree char *when = clock_iso(said->said_at);
    json_builder_begin_object(json);
    json_text(json, "choice", said->choice);
    json_text(json, "said_at", when);
    json_text(json, "from", said->sender);
    json_text(json, "name", said->sender_name);
    json_flag(json, "late", said->late);
    json_text(json, "text", said->text);
    json_builder_end_object(json);
}

static void json_school(JsonBuilder *json, const AnswerSheet *sheet, const AnswerSchool *school)
{
    json_builder_begin_object(json);
    json_text(json, "key", school->key);
    json_text(json, "name", school->name ? school->name : "");
    json_text(json, "label", school->label ? school->label : "");
    json_text(json, "address", school->address ? school->address : "");
    json_flag(json, "had", school->had);
    json_number(json, "reminders", school->reminded);
    json_number(json, "waiting", school->waiting);
    json_builder_set_member_name(json, "answers");
    json_builder_begin_object(json);
    for (guint q = 0; q < sheet->questions->len; q++) {
        const Question *question = g_ptr_array_index(sheet->questions, q);
        json_builder_set_member_name(json, question->slug);
        json_builder_begin_array(json);
        for (guint i = 0; i < school->said[q]->len; i++)
            json_answer(json, g_ptr_array_index(school->said[q], i));
        json_builder_end_array(json);
    }
    json_builder_end_object(json);
    json_builder_end_object(json);
}

void answers_json_question(JsonBuilder *json, const AnswerSheet *sheet, guint q)
{
    const Question *question = g_ptr_array_index(sheet->questions, q);
    g_autofree char *until = question->until ? day_iso(question->until) : g_strdup("");
    json_builder_begin_object(json);
    json_text(json, "question", question->slug);
    json_text(json, "text", question->text);
    json_flag(json, "acknowledgement", question->is_acknowledgement);
    json_flag(json, "event", question->is_event);
    json_text(json, "until", until);
    answers_json_counts(json, sheet, q);
    json_builder_end_object(json);
}

void answers_json_sheet(JsonBuilder *json, const AnswerSheet *sheet)
{
    json_builder_set_member_name(json, "questions");
    json_builder_begin_array(json);
    for (guint q = 0; q < sheet->questions->len; q++)
        answers_json_question(json, sheet, q);
    json_builder_end_array(json);
    json_builder_set_member_name(json, "schools");
    json_builder_begin_array(json);
    for (guint i = 0; i < sheet->schools->len; i++)
        json_school(json, sheet, g_ptr_array_index(sheet->schools, i));
    json_builder_end_array(json);
}
