/* child_rows_order - what the rows of list/child_rows.h are ordered by */
#include "list/child_rows_order.h"

#include <string.h>

#include "base/error.h"
#include "list/sortkey.h"
#include "where/where.h"

typedef struct {
    int column;   /* or -1: */
    Where *value; /* an expression's */
    gboolean descends;
    GString *key; /* of the row that was bound last */
} Term;

struct ChildRowsOrder {
    Term terms[CHILD_ROWS_ORDER_MAX];
    guint count;
    WherePurse purse;
};

static int find_column(const char *const *columns, const char *name)
{
    g_autofree char *wanted = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
    for (guint i = 0; wanted && columns[i]; i++)
        if (g_str_equal(columns[i], wanted))
            return (int)i;
    return -1;
}

/* Takes " desc" or " asc" off the end; any case. */
static char *take_direction(const char *text, gboolean *descends)
{
    static const struct {
        const char *word;
        gboolean descends;
    } words[] = {{"desc", TRUE}, {"asc", FALSE}};
    char *rest = g_strchomp(g_strdup(text));
    gsize length = strlen(rest);
    *descends = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize word = strlen(words[i].word);
        if (length <= word || !g_ascii_isspace(rest[length - word - 1]) ||
            g_ascii_strcasecmp(rest + length - word, words[i].word) != 0)
            continue;
        rest[length - word - 1] = '\0';
        *descends = words[i].descends;
        break;
    }
    return g_strchomp(rest);
}

/* "Status, Roll desc" in one text: the columns as a list of YAML, newly allocated; or NULL. */
static char *several_columns(const char *text, const char *const *columns)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    gboolean all = parts[0] && parts[1];
    for (char **part = parts; *part && all; part++) {
        gboolean descends;
        g_autofree char *name = take_direction(g_strstrip(*part), &descends);
        all = find_column(columns, name) >= 0;
    }
    g_autofree char *joined = all ? g_strjoinv(", ", parts) : NULL;
    return joined ? g_strdup_printf("[%s]", joined) : NULL;
}

static gboolean add_term(ChildRowsOrder *self, const ChildRowsSpec *spec, const char *text,
                         const char *const *columns, GError **error)
{
    Term *term = &self->terms[self->count];
    term->key = g_string_new(NULL);
    g_autofree char *what = g_strdup_printf("order of '%s'", spec->name);
    g_autofree char *wanted = take_direction(text, &term->descends);
    term->column = find_column(columns, text); /* a column may itself be called "desc" */
    if (term->column >= 0)
        term->descends = FALSE;
    else
        term->column = find_column(columns, wanted);
    self->count++;
    if (term->column >= 0)
        return TRUE;
    g_autofree char *list = several_columns(text, columns);
    if (list) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s:%u: %s: several columns are a list: write order: %s", spec->config_file,
                    spec->order_line, what, list);
        return FALSE;
    }
    WhereSpec where = {.expression = wanted,
                       .columns = columns,
                       .file = spec->config_file,
                       .line = spec->order_line,
                       .what = what,
                       .purse = &self->purse,
                       .wants_value = TRUE};
    term->value = where_new(&where, error);
    return term->value != NULL;
}

ChildRowsOrder *child_rows_order_new(const ChildRowsSpec *spec, const char *const *columns,
                                     GError **error)
{
    g_autoptr(ChildRowsOrder) self = g_new0(ChildRowsOrder, 1);
    for (const char *const *text = spec->order; text && *text; text++) {
        if (self->count == CHILD_ROWS_ORDER_MAX) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                        "%s:%u: order of '%s': at most %d columns", spec->config_file,
                        spec->order_line, spec->name, CHILD_ROWS_ORDER_MAX);
            return NULL;
        }
        if (!add_term(self, spec, *text, columns, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

void child_rows_order_free(ChildRowsOrder *self)
{
    if (!self)
        return;
    for (guint i = 0; i < self->count; i++) {
        where_free(self->terms[i].value);
        g_string_free(self->terms[i].key, TRUE);
    }
    g_free(self);
}

char *child_rows_order_clause(const ChildRowsOrder *self)
{
    GString *clause = g_string_new(NULL);
    for (guint i = 0; i < self->count; i++)
        g_string_append_printf(clause, "k%u%s, ", i, self->terms[i].descends ? " DESC" : "");
    return g_string_free(clause, FALSE);
}

gboolean child_rows_order_bind(ChildRowsOrder *self, Statement *statement, int first,
                               const char *const *cells, const char *file, guint line,
                               GError **error)
{
    for (guint i = 0; i < CHILD_ROWS_ORDER_MAX; i++)
        statement_bind_none(statement, first + (int)i);
    for (guint i = 0; i < self->count; i++) {
        Term *term = &self->terms[i];
        g_autofree char *value = NULL;
        if (term->value &&
            !(value = where_value(term->value, (char *const *)cells, file, line, error)))
            return FALSE;
        g_string_truncate(term->key, 0);
        sortkey_append(term->key, value ? value : cells[term->column]);
        statement_bind_bytes(statement, first + (int)i, term->key->str, term->key->len);
    }
    return TRUE;
}
