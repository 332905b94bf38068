/* answersheet - a letter's questions, by school: who said what, and who hasn't answered */
#include "report/answersheet.h"

#include <string.h>

#include "text/rowline.h"
#include "text/when.h"
#include "ledger/deliveries.h"
#include "report/report_page.h"

static void said_free(gpointer data)
{
    SaidAnswer *self = data;
    g_free(self->choice);
    g_free(self->sender);
    g_free(self->sender_name);
    g_free(self->text);
    g_free(self);
}

static void school_free(gpointer data)
{
    AnswerSchool *self = data;
    for (guint i = 0; self->said[i]; i++)
        g_ptr_array_unref(self->said[i]);
    g_free(self->said);
    g_free(self->key);
    g_free(self->name);
    g_free(self->label);
    g_free(self->phone);
    g_free(self->address);
    g_free(self);
}

void answersheet_free(AnswerSheet *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->questions, g_ptr_array_unref);
    g_ptr_array_unref(self->schools);
    g_hash_table_unref(self->by_key);
    g_free(self);
}

/* --- gathering -------------------------------------------------------------------------------- */

typedef struct {
    AnswerSheet *sheet;
    gboolean is_reminder;
} Gathering;

static AnswerSchool *school_of(AnswerSheet *self, const char *key)
{
    AnswerSchool *school = g_hash_table_lookup(self->by_key, key);
    if (school)
        return school;
    school = g_new0(AnswerSchool, 1);
    school->key = g_strdup(key);
    school->said = g_new0(GPtrArray *, self->questions->len + 1);
    for (guint i = 0; i < self->questions->len; i++)
        school->said[i] = g_ptr_array_new_with_free_func(said_free);
    g_ptr_array_add(self->schools, school);
    g_hash_table_insert(self->by_key, school->key, school);
    return school;
}

static void set(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static gboolean may_be_there(DeliveryState state)
{
    return state == DELIVERY_SENT || state == DELIVERY_COMPLAINED || state == DELIVERY_UNKNOWN ||
           state == DELIVERY_SENDING;
}

static gboolean add_letter(void *user, const Delivery *letter)
{
    Gathering *in = user;
    in->sheet->written += letter->state == DELIVERY_WRITTEN;
    if (g_str_has_prefix(letter->key, "seed:") || letter->state == DELIVERY_LEFT_OUT ||
        letter->state == DELIVERY_PLANNED || letter->state == DELIVERY_WRITTEN)
        return TRUE;
    AnswerSchool *school = school_of(in->sheet, letter->key);
    set(&school->name, letter->name);
    set(&school->label, letter->label);
    set(&school->phone, letter->phone);
    set(&school->address, letter->address);
    in->sheet->had += !school->had && may_be_there(letter->state);
    school->had = school->had || may_be_there(letter->state);
    school->reminded += in->is_reminder && may_be_there(letter->state);
    return TRUE;
}

static gboolean note_question(void *user, const AnswerRow *row)
{
    g_hash_table_add(user, g_strdup(row->question));
    return TRUE;
}

/* The events that calendars have answered, behind the questions. */
static gboolean add_events(AnswerSheet *self, Ledger *ledger, gint64 first, GError **error)
{
    g_autoptr(GHashTable) answered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) events = answers_all_events(ledger, first, error);
    if (!events || !answers_each(ledger, first, ANSWER_COUNTED, note_question, answered, error))
        return FALSE;
    for (guint i = 0; i < events->len; i++) {
        const Question *event = g_ptr_array_index(events, i);
        if (g_hash_table_contains(answered, event->slug) &&
            !questions_find(self->questions, event->slug))
            g_ptr_array_add(self->questions, question_of_event(event->slug, event->text));
    }
    return TRUE;
}

static gboolean add_mailings(AnswerSheet *self, Ledger *ledger, gint64 first, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    for (guint i = all ? all->len : 0; i > 0; i--) { /* the first planned first */
        gint64 root;
        const Mailing *mailing = g_ptr_array_index(all, i - 1);
        Gathering in = {.sheet = self, .is_reminder = mailing->follows_as == MAILING_REMINDER};
        if (!answers_first(ledger, mailing->number, &root, error))
            return FALSE;
        if (root == first &&
            !deliveries_each(ledger, mailing, DELIVERY_STATES, add_letter, &in, error))
            return FALSE;
    }
    return all != NULL;
}

static gboolean add_answer(void *user, const AnswerRow *row)
{
    AnswerSheet *self = user;
    if (row->state == ANSWER_REVIEW) {
        self->waiting++;
        if (*row->key && !g_str_has_prefix(row->key, "seed:"))
            school_of(self, row->key)->waiting++;
        return TRUE;
    }
    if (row->state != ANSWER_COUNTED)
        return TRUE;
    AnswerSchool *school = school_of(self, row->key);
    for (guint i = 0; i < self->questions->len; i++) {
        const Question *question = g_ptr_array_index(self->questions, i);
        if (!g_str_equal(question->slug, row->question))
            continue;
        SaidAnswer *said = g_new0(SaidAnswer, 1);
        *said = (SaidAnswer){.number = row->number,
                             .said_at = row->said_at,
                             .choice = g_strdup(row->choice),
                             .sender = g_strdup(row->sender),
                             .sender_name = g_strdup(row->sender_name),
                             .text = g_strdup(row->text),
                             .late = row->late};
        g_ptr_array_add(school->said[i], said);
    }
    return TRUE;
}

AnswerSheet *answersheet_new(Ledger *ledger, gint64 first, GError **error)
{
    g_autoptr(AnswerSheet) self = g_new0(AnswerSheet, 1);
    self->schools = g_ptr_array_new_with_free_func(school_free);
    self->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    self->questions = answers_all_questions(ledger, first, error);
    if (!self->questions || !add_events(self, ledger, first, error) ||
        !add_mailings(self, ledger, first, error) ||
        !answers_each(ledger, first, ANSWER_STATES, add_answer, self, error))
        return NULL;
    return g_steal_pointer(&self);
}

/* --- asking ----------------------------------------------------------------------------------- */

const SaidAnswer *answersheet_holds(const AnswerSchool *school, guint question)
{
    const GPtrArray *said = school->said[question];
    return said->len ? g_ptr_array_index(said, said->len - 1) : NULL;
}

guint answersheet_count(const AnswerSheet *self, guint question, guint choice)
{
    guint count = 0;
    const Question *asked = g_ptr_array_index(self->questions, question);
    for (guint i = 0; i < self->schools->len; i++) {
        const SaidAnswer *said = answersheet_holds(g_ptr_array_index(self->schools, i), question);
        count += said && g_str_equal(said->choice, g_ptr_array_index(asked->choices, choice));
    }
    return count;
}

guint answersheet_silent(const AnswerSheet *self, guint question)
{
    guint count = 0;
    const Question *asked = g_ptr_array_index(self->questions, question);
    for (guint i = 0; !asked->is_event && i < self->schools->len; i++) {
        const AnswerSchool *school = g_ptr_array_index(self->schools, i);
        count += school->had && !answersheet_holds(school, question);
    }
    return count;
}

const char *answersheet_nobody(const AnswerSheet *self)
{
    return self->had       ? NULL
           : self->written ? "the letter was only rehearsed: nobody was mailed"
                           : "nobody has the letter yet";
}

char *answersheet_text(const Question *question)
{
    return report_page_subject(question->text);
}

char *answersheet_called(const AnswerSchool *school)
{
    const char *called = school->label && *school->label ? school->label : school->name;
    return called && *called ? g_strdup_printf("%s (%s)", called, school->key)
                             : g_strdup(school->key);
}

char *answersheet_sender(const SaidAnswer *said)
{
    return *said->sender_name ? g_strdup_printf("%s <%s>", said->sender_name, said->sender)
                              : g_strdup(said->sender);
}

/* --- a spreadsheet ---------------------------------------------------------------------------- */

enum { SCHOOL_COLUMNS = 7, QUESTION_COLUMNS = 6 };

char *answersheet_earlier(const GPtrArray *said)
{
    GString *all = g_string_new(NULL);
    for (guint i = 0; i + 1 < said->len; i++) {
        const SaidAnswer *one = g_ptr_array_index(said, i);
        g_autofree char *day = when_day(one->said_at);
        g_string_append_printf(all, "%s%s (%s)", i ? ", " : "", one->choice, day);
    }
    return g_string_free(all, FALSE);
}

static void add_school_cells(GPtrArray *cells, const AnswerSchool *school)
{
    g_ptr_array_add(cells, g_strdup(school->key));
    g_ptr_array_add(cells, g_strdup(school->name));
    g_ptr_array_add(cells, g_strdup(school->label));
    g_ptr_array_add(cells, g_strdup(school->address));
    g_ptr_array_add(cells, g_strdup(school->phone));
    g_ptr_array_add(cells, g_strdup_printf("%u", school->reminded));
    g_ptr_array_add(cells, g_strdup_printf("%u", school->waiting));
}

static void add_answer_cells(GPtrArray *cells, const AnswerSchool *school, guint question)
{
    const SaidAnswer *said = answersheet_holds(school, question);
    g_ptr_array_add(cells, g_strdup(said ? said->choice : ""));
    g_ptr_array_add(cells, said ? when_day(said->said_at) : g_strdup(""));
    g_ptr_array_add(cells, g_strdup(said && said->late ? "late" : ""));
    g_ptr_array_add(cells, said ? answersheet_sender(said) : g_strdup(""));
    g_ptr_array_add(cells, g_strdup(said ? said->text : ""));
    g_ptr_array_add(cells, answersheet_earlier(school->said[question]));
}

static void write_cells(GString *out, GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++)
        if (!cells->pdata[i])
            cells->pdata[i] = g_strdup("");
    g_ptr_array_add(cells, NULL);
    rowline_write(out, (const char *const *)cells->pdata);
    g_ptr_array_set_size(cells, 0);
}

void answersheet_csv(const AnswerSheet *self, GString *out)
{
    static const char *const names[SCHOOL_COLUMNS] = {"key",   "name",      "label",  "address",
                                                      "phone", "reminders", "waiting"};
    static const char *const each[QUESTION_COLUMNS] = {"",    " on",   " late",
                                                       " by", " said", " earlier"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < SCHOOL_COLUMNS; i++)
        g_ptr_array_add(cells, g_strdup(names[i]));
    for (guint q = 0; q < self->questions->len; q++)
        for (guint i = 0; i < QUESTION_COLUMNS; i++)
            g_ptr_array_add(cells,
                            g_strconcat(((Question *)g_ptr_array_index(self->questions, q))->slug,
                                        each[i], NULL));
    write_cells(out, cells);
    for (guint i = 0; i < self->schools->len; i++) {
        const AnswerSchool *school = g_ptr_array_index(self->schools, i);
        add_school_cells(cells, school);
        for (guint q = 0; q < self->questions->len; q++)
            add_answer_cells(cells, school, q);
        write_cells(out, cells);
    }
}
