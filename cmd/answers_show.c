/* answers_show - how many answered a letter's questions, in a line each: for status and report */
#include "answers_show.h"

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
    g_autoptr(GPtrArray) questions = answers_first(ledger, mailing->number, &first, &inner)
                                         ? answers_all_questions(ledger, first, &inner)
                                         : NULL;
    if (questions && questions->len)
        return answersheet_new(ledger, first, error);
    if (inner)
        g_propagate_error(error, inner);
    return NULL;
}

static char *counts_of(const AnswerSheet *sheet, guint q)
{
    GString *said = g_string_new(NULL);
    const Question *question = g_ptr_array_index(sheet->questions, q);
    for (guint c = 0; c < question->choices->len; c++)
        g_string_append_printf(said, "%u %s; ", answersheet_count(sheet, q, c),
                               (const char *)g_ptr_array_index(question->choices, c));
    g_string_append_printf(said, "%u not yet", answersheet_silent(sheet, q));
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
