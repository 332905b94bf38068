/* report_csv - the report as comma-separated values (see text/rowline.h for what is safe in them)
 */
#include "base/clock.h"
#include "text/rowline.h"
#include "ledger/answers.h"
#include "ledger/tallies.h"
#include "report_out.h"
#include "report/bycolumn.h"
#include "workspace/listrows.h"
#include "ui.h"

typedef struct {
    ByColumn *column;     /* or NULL */
    ListRows *rows;       /* or NULL */
    GArray *kept;         /* of guint: the columns of `rows` that are the list's */
    AnswerSheet *answers; /* NULL: nothing is asked */
    GString *line;
    GError *error;
} Writing;

enum { OWN = 18 }; /* columns of the report itself */
static const char *const OWN_NAMES[OWN + 1] = {
    "key",      "label",      "name",   "phone",   "address", "state", "reason",
    "why",      "next",       "advice", "code",    "status",  "reply", "attempts",
    "first_at", "changed_at", "place",  "mailing", NULL};

static void write_line(GString *line, const char *const *cells)
{
    g_string_truncate(line, 0);
    rowline_write(line, cells);
    g_string_truncate(line, line->len - 1); /* ui_print ends it */
    ui_verbatim(line->str);
}

/* Nothing stands for a letter that is sent, or not tried yet. */
static const Meaning *meaning_of(const TallyTrouble *trouble)
{
    if (!trouble->is_left_out &&
        (trouble->state == DELIVERY_SENT || trouble->state == DELIVERY_PLANNED ||
         trouble->state == DELIVERY_SENDING || trouble->state == DELIVERY_WRITTEN))
        return NULL;
    return report_meaning(trouble);
}

/* Where the row stood in its list, or the cell at fault; nothing for a copy. */
static char *place_of(const TallyTrouble *trouble)
{
    return trouble->is_left_out ? location_text(&trouble->at) : g_strdup("");
}

/* How the report calls a column of its own: the list's of that name keeps it. */
static char *renamed(const char *name)
{
    return g_strconcat("letter_", name, NULL);
}

/* Whether the list is such a report that was put right, and a column of it the report's. */
static gboolean is_reports(const char *const *own, const char *column)
{
    gboolean is_ours = FALSE;
    for (guint i = 0; i < OWN; i++) {
        g_autofree char *other = renamed(OWN_NAMES[i]);
        gboolean has_other = g_strv_contains(own, other);
        if (!has_other && !g_strv_contains(own, OWN_NAMES[i]))
            return FALSE;
        is_ours |= g_str_equal(column, has_other ? other : OWN_NAMES[i]);
    }
    return is_ours;
}

/* What the school says to each question; "?" where a person has still to read it. */
static void add_answers(const Writing *w, const char *key, GPtrArray *cells)
{
    const AnswerSchool *school = w->answers ? g_hash_table_lookup(w->answers->by_key, key) : NULL;
    for (guint q = 0; w->answers && q < w->answers->questions->len; q++) {
        const SaidAnswer *said = school ? answersheet_holds(school, q) : NULL;
        g_ptr_array_add(cells,
                        said ? said->choice : (char *)(school && school->waiting ? "?" : ""));
    }
}

/* The list's own cells, then the column that was asked for. */
static void add_more(const Writing *w, const char *key, const char *value, GPtrArray *cells)
{
    const char *const *own = w->rows ? listrows_cells(w->rows, key) : NULL;
    for (guint i = 0; i < w->kept->len; i++)
        g_ptr_array_add(cells, (gpointer)own[g_array_index(w->kept, guint, i)]);
    if (w->column)
        g_ptr_array_add(cells, (gpointer)(value ? value : ""));
    g_ptr_array_add(cells, NULL);
}

static void write_trouble(const Writing *w, const TallyTrouble *trouble, const char *value)
{
    const Meaning *meaning = meaning_of(trouble);
    gboolean is_later = trouble->state == DELIVERY_DEFERRED;
    TallyTrouble bare = *trouble;
    bare.at = (Location){0}; /* it has a cell of its own */
    g_autofree char *why = meaning ? report_why(&bare, meaning)
                           : settlement_is_proof(trouble->settlement.kind)
                               ? settlement_said(&trouble->settlement)
                               : g_strdup("");
    g_autofree char *advice = meaning ? report_advice(trouble, meaning) : g_strdup("");
    g_autofree char *first = trouble->first_at ? clock_iso(trouble->first_at) : g_strdup("");
    gboolean is_tried = trouble->attempts && trouble->changed_at && !trouble->is_left_out;
    g_autofree char *changed = is_tried ? clock_iso(trouble->changed_at) : g_strdup("");
    g_autofree char *place = place_of(trouble);
    char code[16], attempts[16];
    g_snprintf(code, sizeof code, "%d", trouble->code);
    g_snprintf(attempts, sizeof attempts, "%u", trouble->attempts);
    const char *cells[OWN] = {trouble->key,
                              trouble->label,
                              trouble->name,
                              trouble->phone,
                              trouble->address,
                              trouble->is_left_out ? "left out"
                                                   : delivery_state_name(trouble->state),
                              meaning ? meaning->word : "",
                              why,
                              meaning ? next_name(is_later ? NEXT_WAIT : meaning->next) : "",
                              advice,
                              trouble->code ? code : "",
                              trouble->enhanced,
                              trouble->reply,
                              attempts,
                              first,
                              changed,
                              place,
                              trouble->mailing};
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (guint i = 0; i < OWN; i++)
        g_ptr_array_add(all, (gpointer)cells[i]);
    add_answers(w, trouble->key, all);
    add_more(w, trouble->key, value, all);
    write_line(w->line, (const char *const *)all->pdata);
}

static gboolean write_one(void *user, const TallyTrouble *trouble)
{
    Writing *w = user;
    const char *value = NULL;
    if (w->column && (!trouble->is_left_out || !bycolumn_is_frozen(w->column)))
        value = bycolumn_value(w->column, trouble->key, trouble->fields, trouble->fields_length,
                               &w->error);
    if (!w->error)
        write_trouble(w, trouble, value);
    return !w->error;
}

/* A column that the list has too keeps its name in the list's place. */
static void write_head(const Writing *w, const char *by)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (guint i = 0; i < w->kept->len; i++)
        g_ptr_array_add(kept,
                        (gpointer)listrows_columns(w->rows)[g_array_index(w->kept, guint, i)]);
    g_ptr_array_add(kept, NULL);
    const char *const *own = (const char *const *)kept->pdata;
    for (guint i = 0; i < OWN; i++) {
        g_autofree char *other = renamed(OWN_NAMES[i]);
        const char *name = g_strv_contains(own, OWN_NAMES[i]) ? other : OWN_NAMES[i];
        g_ptr_array_add(names, g_strconcat(i ? "" : ROWLINE_BOM, name, NULL));
    }
    for (guint q = 0; w->answers && q < w->answers->questions->len; q++) {
        const Question *question = g_ptr_array_index(w->answers->questions, q);
        g_autofree char *name = g_strconcat("answer_", question->slug, NULL);
        g_ptr_array_add(names, g_strv_contains(own, name) ? renamed(name) : g_strdup(name));
    }
    for (guint i = 0; own[i]; i++)
        g_ptr_array_add(names, g_strdup(own[i]));
    if (by)
        g_ptr_array_add(names, g_strdup(by));
    g_ptr_array_add(names, NULL);
    write_line(w->line, (const char *const *)names->pdata);
}

static void keep_columns(Writing *w)
{
    const char *const none[] = {NULL};
    const char *const *own = w->rows ? listrows_columns(w->rows) : none;
    for (guint i = 0; own[i]; i++)
        if (!is_reports(own, own[i]))
            g_array_append_val(w->kept, i);
}

/* Without the list the report is still one. */
static ListRows *open_rows(const Workspace *workspace, const Mailing *mailing)
{
    g_autoptr(GError) error = NULL;
    ListRows *rows = listrows_open(workspace, mailing->audience, &error);
    if (!rows)
        ui_note("The list's own columns are left out: %s", error->message);
    return rows;
}

gboolean report_csv(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    const char *by, GError **error)
{
    TallyScope scope = {.mailing = mailing->number};
    g_autoptr(GString) line = g_string_new(NULL);
    g_autoptr(ListRows) rows = open_rows(workspace, mailing);
    gboolean is_there = by && rows && g_strv_contains(listrows_columns(rows), by);
    g_autoptr(ByColumn) column =
        by && !is_there ? bycolumn_open(workspace, ledger, mailing, by, error) : NULL;
    if (by && !is_there && !column)
        return FALSE;
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(guint));
    gint64 first;
    g_autoptr(AnswerSheet) answers = answers_first(ledger, mailing->number, &first, error)
                                         ? answersheet_new(ledger, first, error)
                                         : NULL;
    if (!answers)
        return FALSE;
    Writing w = {.column = column, .rows = rows, .kept = kept, .answers = answers, .line = line};
    keep_columns(&w);
    write_head(&w, column ? by : NULL);
    if (!ledger_begin(ledger, error))
        return FALSE;
    gboolean ok = tallies_copies(ledger, &scope, write_one, &w, error) && !w.error;
    ledger_rollback(ledger);
    if (w.error)
        g_propagate_error(error, w.error);
    return ok;
}

void report_csv_mailings(const Figures *figures)
{
    g_autoptr(GString) line = g_string_new(NULL);
    write_line(line,
               (const char *[]){ROWLINE_BOM "id", "subject", "audience", "planned_at", "letters",
                                "planned", "sending", "sent", "deferred", "refused", "unknown",
                                "bounced", "complained", "written", "left_out", NULL});
    for (guint i = 0; i < figures->mailings->len; i++) {
        const FigureMailing *row = g_ptr_array_index(figures->mailings, i);
        g_autofree char *planned = clock_iso(row->planned_at);
        char numbers[FIGURE_STATES + 1][24];
        const char *cells[6 + FIGURE_STATES] = {row->id, row->subject, row->audience, planned};
        g_snprintf(numbers[0], sizeof numbers[0], "%" G_GUINT64_FORMAT,
                   counts_letters(&row->counts));
        for (int k = 0; k < FIGURE_STATES; k++)
            g_snprintf(numbers[k + 1], sizeof numbers[0], "%" G_GUINT64_FORMAT, row->counts.of[k]);
        for (int k = 0; k <= FIGURE_STATES; k++)
            cells[4 + k] = numbers[k];
        write_line(line, cells);
    }
}
