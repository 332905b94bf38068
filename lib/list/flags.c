/* flags - fields that are a yes or no, from an SQL expression over the row */
#include "list/flags.h"

#include <string.h>

#include "base/error.h"
#include "where/where.h"

enum { NAMES_MAX = 1000 }; /* what where/where.h takes */

/* One expression, asked for all flags that have it. */
typedef struct {
    FlagSpec spec; /* of the first; its texts live in `texts` */
    Where *where;  /* NULL for one that is broken */
    gboolean answer;
} Question;

struct Flags {
    GStringChunk *texts;
    GPtrArray *names;     /* of interned char *, one a flag */
    GArray *of_address;   /* of gboolean, one a flag */
    GArray *asks;         /* of guint: each flag's question */
    GArray *questions;    /* of Question */
    GPtrArray *readable;  /* names that expressions can read; NULL-terminated */
    GArray *places;       /* of guint: each one's place among the fields */
    const char **cells;   /* a row in that order, */
    WhereColumn *columns; /* and where its cells stand; made with the first row */
    const Fieldset *fields;
    gboolean wants_derived;
    const WhereAnswers *answers;
    WherePurse purse;
};

/* --- compiling ------------------------------------------------------------------------------- */

static gboolean is_readable(const Flags *self, const char *name)
{
    for (guint i = 0; i < self->readable->len; i++)
        if (g_ascii_strcasecmp(g_ptr_array_index(self->readable, i), name) == 0)
            return TRUE;
    return FALSE;
}

/* The columns by their headings, then the derived fields that no column hides. */
static void find_readable(Flags *self, const char *const *headings)
{
    guint columns = fieldset_columns(self->fields), all = columns + fieldset_derived(self->fields);
    for (guint i = 0; i < all && self->readable->len < NAMES_MAX; i++) {
        const char *name = i < columns ? headings[i] : fieldset_names(self->fields)[i];
        if (i >= columns && is_readable(self, name))
            continue;
        g_ptr_array_add(self->readable, g_string_chunk_insert(self->texts, name));
        g_array_append_val(self->places, i);
    }
    g_ptr_array_add(self->readable, NULL);
    self->cells = g_new0(const char *, self->readable->len);
}

/* An error of where/where.h as a finding, which has a place of its own. */
static void report(const FlagSpec *spec, const GError *error, Findings *findings)
{
    g_autofree char *place = g_strdup_printf("%s:%u: ", spec->file, spec->line);
    const char *text = error->message;
    if (g_str_has_prefix(text, place))
        text += strlen(place);
    findings_add(findings, FINDING_ERROR, spec->file, spec->line, "bad-flag", "%s", text);
}

static gboolean compile(Flags *self, Question *question, Findings *findings, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autofree char *what = g_strdup_printf("flag '%s'", question->spec.name);
    WhereSpec where = {.expression = question->spec.expression,
                       .columns = (const char *const *)self->readable->pdata,
                       .file = question->spec.file,
                       .line = question->spec.line,
                       .what = what,
                       .purse = &self->purse,
                       .answers = self->answers};
    question->where = where_new(&where, &inner);
    if (inner && question->spec.soft) {
        report(&question->spec, inner, findings);
        return TRUE;
    }
    if (inner) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    for (guint i = 0; i < self->places->len; i++)
        self->wants_derived |=
            where_reads(question->where, i) &&
            g_array_index(self->places, guint, i) >= fieldset_columns(self->fields);
    return TRUE;
}

/* The question of an expression, asked already or new; FALSE with error. Broken ones aren't shared:
 * each flag has its finding. */
static gboolean find_question(Flags *self, const FlagSpec *spec, GHashTable *known, guint *index,
                              Findings *findings, GError **error)
{
    gpointer found;
    if (g_hash_table_lookup_extended(known, spec->expression, NULL, &found)) {
        *index = GPOINTER_TO_UINT(found);
        return TRUE;
    }
    Question question = {.spec = *spec};
    question.spec.name = g_string_chunk_insert(self->texts, spec->name);
    question.spec.expression = g_string_chunk_insert(self->texts, spec->expression);
    question.spec.file = g_string_chunk_insert(self->texts, spec->file);
    gboolean ok = compile(self, &question, findings, error);
    *index = self->questions->len;
    g_array_append_val(self->questions, question);
    if (question.where)
        g_hash_table_insert(known, (gpointer)question.spec.expression, GUINT_TO_POINTER(*index));
    return ok;
}

Flags *flags_new(const FlagSpec *specs, const char *const *headings, const WhereAnswers *answers,
                 Fieldset *fields, Findings *findings, GError **error)
{
    g_autoptr(Flags) self = g_new0(Flags, 1);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    self->texts = g_string_chunk_new(1024);
    self->names = g_ptr_array_new();
    self->asks = g_array_new(FALSE, FALSE, sizeof(guint));
    self->of_address = g_array_new(FALSE, FALSE, sizeof(gboolean));
    self->questions = g_array_new(FALSE, FALSE, sizeof(Question));
    self->readable = g_ptr_array_new();
    self->places = g_array_new(FALSE, FALSE, sizeof(guint));
    self->fields = fields;
    self->answers = answers;
    find_readable(self, headings);
    for (; specs && specs->name; specs++) {
        guint index;
        if (self->names->len == FLAGS_MAX) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                        "%s:%u: flag '%s': an audience can have %d flags", specs->file, specs->line,
                        specs->name, FLAGS_MAX);
            return NULL;
        }
        if (!fieldset_add(fields, specs->name, FIELD_FLAG, specs->file, specs->line, findings))
            continue;
        if (!find_question(self, specs, known, &index, findings, error))
            return NULL;
        g_ptr_array_add(self->names, (gpointer)g_intern_string(specs->name));
        g_array_append_val(self->asks, index);
        g_array_append_val(self->of_address, specs->of_address);
    }
    return g_steal_pointer(&self);
}

void flags_free(Flags *self)
{
    if (!self)
        return;
    for (guint i = 0; i < self->questions->len; i++)
        where_free(g_array_index(self->questions, Question, i).where);
    g_array_unref(self->questions);
    g_array_unref(self->asks);
    g_array_unref(self->of_address);
    g_array_unref(self->places);
    g_ptr_array_unref(self->names);
    g_ptr_array_unref(self->readable);
    g_string_chunk_free(self->texts);
    g_free(self->cells);
    g_free(self->columns);
    g_free(self);
}

gboolean flags_want_derived(const Flags *self)
{
    return self->wants_derived;
}

gboolean flags_ask_answers(const Flags *self)
{
    for (guint i = 0; i < self->questions->len; i++) {
        const Where *where = g_array_index(self->questions, Question, i).where;
        if (where && where_asks_answers(where))
            return TRUE;
    }
    return FALSE;
}

gboolean flags_read(const Flags *self, guint column)
{
    for (guint i = 0; i < self->places->len; i++) {
        if (g_array_index(self->places, guint, i) != column)
            continue;
        for (guint j = 0; j < self->questions->len; j++) {
            const Where *where = g_array_index(self->questions, Question, j).where;
            if (where && where_reads(where, i))
                return TRUE;
        }
    }
    return FALSE;
}

/* --- asking ---------------------------------------------------------------------------------- */

static void find_columns(Flags *self, const WhereRow *row)
{
    self->columns = g_new0(WhereColumn, self->places->len + 1);
    for (guint i = 0; row->columns && i < self->places->len; i++) {
        guint place = g_array_index(self->places, guint, i);
        if (place < fieldset_columns(self->fields))
            self->columns[i] = row->columns[place];
    }
}

/* The row with the cells that expressions can read. */
static WhereRow gather(Flags *self, const WhereRow *row, const Value *map)
{
    WhereRow gathered = *row;
    if (!self->columns)
        find_columns(self, row);
    for (guint i = 0; i < self->places->len; i++) {
        guint place = g_array_index(self->places, guint, i);
        self->cells[i] =
            place < fieldset_columns(self->fields) ? row->cells[place]
            : map ? value_text(value_get_interned(map, fieldset_names(self->fields)[place]))
                  : "";
    }
    gathered.cells = (char *const *)self->cells;
    gathered.columns = self->columns;
    return gathered;
}

static gboolean answer(Question *question, const WhereRow *row, Findings *findings, GError **error)
{
    g_autoptr(GError) inner = NULL;
    Truth truth = TRUTH_FALSE;
    question->answer = FALSE;
    if (!question->where)
        return TRUE;
    if (where_ask(question->where, row, &truth, &inner)) {
        question->answer = truth == TRUTH_TRUE;
        return TRUE;
    }
    if (!question->spec.soft) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    report(&question->spec, inner, findings);
    g_clear_pointer(&question->where, where_free);
    return TRUE;
}

gboolean flags_ask(Flags *self, const WhereRow *row, const Value *map, Findings *findings,
                   GString *answers, GError **error)
{
    const WhereRow gathered = gather(self, row, map);
    for (guint i = 0; i < self->questions->len; i++)
        if (!answer(&g_array_index(self->questions, Question, i), &gathered, findings, error))
            return FALSE;
    for (guint i = 0; i < self->asks->len; i++) {
        guint index = g_array_index(self->asks, guint, i);
        g_string_append_c(answers,
                          g_array_index(self->questions, Question, index).answer ? '1' : '0');
    }
    return TRUE;
}

void flags_report(const Flags *self, Findings *findings)
{
    for (guint i = 0; i < self->questions->len; i++) {
        const Where *where = g_array_index(self->questions, Question, i).where;
        if (where)
            where_report(where, FALSE, findings);
    }
}

gboolean flags_are_of_address(const Flags *self)
{
    for (guint i = 0; i < self->of_address->len; i++)
        if (g_array_index(self->of_address, gboolean, i))
            return TRUE;
    return FALSE;
}

void flags_join(const Flags *self, char *answers, const char *others)
{
    for (guint i = 0; i < self->of_address->len; i++)
        if (g_array_index(self->of_address, gboolean, i) && others[i] == '1')
            answers[i] = '1';
}

void flags_set(const Flags *self, const char *answers, Value *map)
{
    for (guint i = 0; i < self->names->len; i++)
        value_set(map, g_ptr_array_index(self->names, i), value_new_flag(answers[i] == '1'));
}
