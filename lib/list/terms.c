/* terms - a sheet of school terms or of holidays, and whether a day lies in one */
#include "list/terms.h"

#include "base/error.h"

struct Terms {
    GArray *all; /* of Term, by their first day */
};

typedef struct {
    Terms *terms;
    Sheet *sheet;
    Findings *findings;
    int name;       /* a column; -1: none */
    guint from, to; /* columns */
} Parser;

static void term_clear(gpointer data)
{
    g_free(((Term *)data)->name);
}

/* The place of a column without regard to case; -1 for none. */
static int seek_column(const Parser *in, const char *name)
{
    const char *const *columns = sheet_columns(in->sheet);
    for (int i = 0; columns[i]; i++)
        if (g_ascii_strcasecmp(columns[i], name) == 0)
            return i;
    return -1;
}

static gboolean find_column(const Parser *in, const char *name, guint *column, GError **error)
{
    int found = seek_column(in, name);
    *column = (guint)found;
    if (found >= 0)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s:%u: no column '%s': a sheet of terms has name, from and to",
                sheet_shown(in->sheet), sheet_header_line(in->sheet), name);
    return FALSE;
}

static Day read_day(const Parser *in, guint line, guint index, const char *cell)
{
    const char *column = sheet_columns(in->sheet)[index];
    g_autoptr(GError) error = NULL;
    const Location at = sheet_location(in->sheet, line, index);
    Day day = day_parse(cell, &error);
    if (!day)
        findings_add_at(in->findings, FINDING_ERROR, &at, "bad-date", "%s (column %s)",
                        error->message, column);
    return day;
}

static gboolean take_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    Parser *in = user;
    const char *file = sheet_shown(in->sheet);
    const char *name = in->name >= 0 ? cells[in->name] : "";
    Day from = read_day(in, at->line, in->from, cells[in->from]);
    Day to = in->to == in->from ? from : read_day(in, at->line, in->to, cells[in->to]);
    if (!from || !to)
        return TRUE;
    if (to < from) {
        findings_add(in->findings, FINDING_ERROR, file, at->line, "term-backwards",
                     "'%s' ends before it begins", name);
        return TRUE;
    }
    if (in->terms->all->len == TERMS_MAX) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s:%u: over %d rows", file,
                    at->line, TERMS_MAX);
        return FALSE;
    }
    Term term = {g_strdup(name), from, to, at->line};
    g_array_append_val(in->terms->all, term);
    return TRUE;
}

static int by_day(gconstpointer a, gconstpointer b)
{
    const Term *first = a, *second = b;
    if (first->from != second->from)
        return first->from < second->from ? -1 : 1;
    return first->line < second->line ? -1 : 1;
}

static void check(const Parser *in)
{
    GArray *all = in->terms->all;
    for (guint i = 1; i < all->len; i++) {
        const Term *before = &g_array_index(all, Term, i - 1), *term = before + 1;
        if (term->from <= before->to)
            findings_add(in->findings, FINDING_ERROR, sheet_shown(in->sheet), term->line,
                         "term-overlap", "'%s' begins before '%s' (line %u) has ended", term->name,
                         before->name, before->line);
    }
    if (!all->len)
        findings_add(in->findings, FINDING_ERROR, sheet_shown(in->sheet), 0, "no-terms",
                     "the sheet holds no term");
}

/* Reads with the columns that `find` finds. */
static Terms *read_sheet(const SheetSpec *spec, Findings *findings,
                         gboolean (*find)(Parser *in, GError **error),
                         void (*look)(const Parser *in), GError **error)
{
    g_autoptr(Terms) self = g_new0(Terms, 1);
    self->all = g_array_new(FALSE, FALSE, sizeof(Term));
    g_array_set_clear_func(self->all, term_clear);
    g_autoptr(Sheet) sheet = sheet_open(spec, error);
    if (!sheet)
        return NULL;
    Parser in = {.terms = self, .sheet = sheet, .findings = findings};
    if (!find(&in, error) || !sheet_read(sheet, findings, take_row, &in, error))
        return NULL;
    g_array_sort(self->all, by_day);
    if (look)
        look(&in);
    return g_steal_pointer(&self);
}

static gboolean find_terms(Parser *in, GError **error)
{
    guint name;
    gboolean ok = find_column(in, "name", &name, error) &&
                  find_column(in, "from", &in->from, error) &&
                  find_column(in, "to", &in->to, error);
    in->name = (int)name;
    return ok;
}

static gboolean find_holidays(Parser *in, GError **error)
{
    int date = seek_column(in, "date"), from = seek_column(in, "from"), to = seek_column(in, "to");
    date = date >= 0 ? date : seek_column(in, "day");
    in->name = seek_column(in, "name");
    if (in->name < 0)
        in->name = seek_column(in, "title");
    in->from = (guint)(date >= 0 ? date : from);
    in->to = (guint)(date >= 0 ? date : to);
    if (date >= 0 || (from >= 0 && to >= 0))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s:%u: no column 'date': a sheet of holidays has date and name, or name, from and "
                "to",
                sheet_shown(in->sheet), sheet_header_line(in->sheet));
    return FALSE;
}

Terms *terms_read(const SheetSpec *spec, Findings *findings, GError **error)
{
    return read_sheet(spec, findings, find_terms, check, error);
}

Terms *terms_read_holidays(const SheetSpec *spec, Findings *findings, GError **error)
{
    return read_sheet(spec, findings, find_holidays, NULL, error);
}

void terms_free(Terms *self)
{
    if (!self)
        return;
    g_array_unref(self->all);
    g_free(self);
}

const Term *terms_at(const Terms *self, Day day)
{
    for (guint i = 0; i < self->all->len; i++) {
        const Term *term = &g_array_index(self->all, Term, i);
        if (term->from <= day && day <= term->to)
            return term;
    }
    return NULL;
}

const Term *terms_after(const Terms *self, Day day)
{
    for (guint i = 0; i < self->all->len; i++) {
        const Term *term = &g_array_index(self->all, Term, i);
        if (term->from > day)
            return term;
    }
    return NULL;
}
