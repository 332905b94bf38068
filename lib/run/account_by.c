/* account_by - the outcomes counted by a field (a part of run/account) */
#include "run/accounting.h"
#include "run/bycolumn.h"

/* Values told apart; beyond them all others are one. A column of which every cell differs is no
 * way to group, and must not fill the memory. */
enum { BY_VALUES_MAX = 5000 };

#define NO_VALUE "(none)"
#define OTHERS "(all others)"
#define ABSENT "(no longer on the list)"

typedef struct {
    ByColumn *column;
    GPtrArray *rows;    /* of FigureGroup */
    GHashTable *groups; /* name -> one of `rows` */
    guint64 absent;     /* letters whose key isn't on the list any more */
    GError *error;
} Counting;

static FigureGroup *group_of(Counting *c, const char *name)
{
    FigureGroup *group = g_hash_table_lookup(c->groups, name);
    if (!group && g_hash_table_size(c->groups) >= BY_VALUES_MAX) {
        name = OTHERS;
        group = g_hash_table_lookup(c->groups, name);
    }
    if (!group) {
        group = g_new0(FigureGroup, 1);
        group->name = g_strdup(name);
        g_ptr_array_add(c->rows, group);
        g_hash_table_insert(c->groups, group->name, group);
    }
    return group;
}

static gboolean count_one(void *user, const char *key, DeliveryState state, const char *fields,
                          gsize length)
{
    Counting *c = user;
    const char *value = bycolumn_value(c->column, key, fields, length, &c->error);
    if (c->error)
        return FALSE;
    c->absent += value == NULL;
    group_of(c, !value ? ABSENT : *value ? value : NO_VALUE)->counts.of[state]++;
    return TRUE;
}

static gint by_size(gconstpointer a, gconstpointer b)
{
    const FigureGroup *one = *(const FigureGroup *const *)a;
    const FigureGroup *other = *(const FigureGroup *const *)b;
    guint64 more = counts_letters(&one->counts), less = counts_letters(&other->counts);
    return more != less ? (more > less ? -1 : 1) : g_strcmp0(one->name, other->name);
}

/* What is beyond FIGURES_GROUPS_MAX becomes one row. */
static void cut(Figures *figures)
{
    GPtrArray *rows = figures->by_rows;
    g_ptr_array_sort(rows, by_size);
    if (rows->len <= FIGURES_GROUPS_MAX)
        return;
    figures->by_more = rows->len - (FIGURES_GROUPS_MAX - 1);
    FigureGroup *rest = g_new0(FigureGroup, 1);
    rest->name = g_strdup(OTHERS);
    for (guint i = FIGURES_GROUPS_MAX - 1; i < rows->len; i++) {
        const FigureGroup *row = g_ptr_array_index(rows, i);
        for (int state = 0; state < FIGURE_STATES; state++)
            rest->counts.of[state] += row->counts.of[state];
    }
    g_ptr_array_set_size(rows, FIGURES_GROUPS_MAX - 1);
    g_ptr_array_add(rows, rest);
}

static char *note_of(const Counting *c, const char *field)
{
    if (bycolumn_is_frozen(c->column))
        return g_strdup("");
    GString *note = g_string_new(NULL);
    g_string_append_printf(note,
                           "The letter did not use '%s', so its values are those of the list as it "
                           "is today.",
                           field);
    if (c->absent) {
        g_autofree char *absent = figures_count(c->absent, "letter went to a recipient who is",
                                                "letters went to recipients who are");
        g_string_append_printf(note, " %s no longer on it.", absent);
    }
    return g_string_free(note, FALSE);
}

gboolean account_by(Accounting *self, GError **error)
{
    Figures *figures = self->figures;
    const char *field = self->wanted->by;
    g_autoptr(ByColumn) column =
        bycolumn_open(self->workspace, self->ledger, self->wanted->mailing, field, error);
    if (!column)
        return FALSE;
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    Counting c = {.column = column, .rows = figures->by_rows, .groups = groups};
    gboolean ok = tallies_fields(self->ledger, &self->scope, count_one, &c, error);
    if (c.error) {
        g_propagate_error(error, c.error);
        return FALSE;
    }
    figures->by = g_strdup(field);
    figures->by_note = note_of(&c, field);
    cut(figures);
    return ok;
}
