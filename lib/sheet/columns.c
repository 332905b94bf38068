/* columns - the names in the first line of a sheet */
#include "sheet/columns.h"

#include <string.h>

#include "base/error.h"
#include "sheet/cell.h"

enum { SHOWN_COLUMNS = 12 }; /* named in a message */

struct Columns {
    GPtrArray *names; /* NULL-terminated */
    GArray *cells;    /* of guint: which cell each is */
    GArray *passed;   /* of ColumnsPassed */
    guint count;      /* cells of the row of names */
};

/* The cell as a name, newly allocated; NULL for one that is not UTF-8. */
static char *read_name(const char *cell)
{
    g_autofree char *copy = g_strdup(cell);
    g_autoptr(GString) spare = NULL;
    const char *clean = cell_clean(copy, &spare, NULL);
    if (!clean)
        return NULL;
    g_auto(GStrv) words = g_strsplit_set(clean, "\n\t", -1);
    GString *name = g_string_new(NULL);
    for (char **word = words; *word; word++)
        if (*g_strstrip(*word))
            g_string_append_printf(name, "%s%s", name->len ? " " : "", *word);
    return g_string_free(name, FALSE);
}

static gboolean is_empty(const char *cell)
{
    g_autofree char *name = read_name(cell);
    return name && !*name;
}

static void pass_over(Columns *self, guint cell, guint first, const char *name)
{
    ColumnsPassed one = {cell, first, g_strdup(name)};
    g_array_append_val(self->passed, one);
}

/* Adds the name, or notes that it is passed over; gives what is wrong, or NULL. `seen` has each
 * name in small letters with its cell plus 1. */
static char *add_name(Columns *self, GHashTable *seen, const char *name, guint cell)
{
    g_autofree char *folded = g_ascii_strdown(name, -1);
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(seen, folded));
    if (!*name || before) {
        pass_over(self, cell, before ? before - 1 : 0, *name ? name : NULL);
        return NULL;
    }
    if (strlen(name) > COLUMNS_NAME_MAX)
        return g_strdup_printf("the name of column %u is over %d bytes", cell + 1,
                               COLUMNS_NAME_MAX);
    if (self->names->len == COLUMNS_MAX)
        return g_strdup_printf("over %d columns", COLUMNS_MAX);
    g_hash_table_insert(seen, g_steal_pointer(&folded), GUINT_TO_POINTER(cell + 1));
    g_ptr_array_add(self->names, g_strdup(name));
    g_array_append_val(self->cells, cell);
    return NULL;
}

/* The first of several of one name goes too. */
static void drop_twins(Columns *self)
{
    for (guint i = 0; i < self->passed->len; i++) {
        const ColumnsPassed *one = &g_array_index(self->passed, ColumnsPassed, i);
        for (guint j = 0; one->name && j < self->names->len; j++) {
            if (g_array_index(self->cells, guint, j) != one->first)
                continue;
            g_ptr_array_remove_index(self->names, j);
            g_array_remove_index(self->cells, j);
            break;
        }
    }
}

/* Adds all names; gives what is wrong, or NULL. */
static char *add_names(Columns *self, char *const *cells)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    char *wrong = NULL;
    for (guint cell = 0; cell < self->count && !wrong; cell++) {
        g_autofree char *name = read_name(cells[cell]);
        wrong = name ? add_name(self, seen, name, cell)
                     : g_strdup_printf("the name of column %u is not UTF-8", cell + 1);
    }
    drop_twins(self);
    return wrong;
}

static void clear_passed(gpointer data)
{
    g_free(((ColumnsPassed *)data)->name);
}

Columns *columns_new(const char *file, guint line, char *const *cells, guint count, GError **error)
{
    guint named = 0;
    for (guint cell = 0; cell < count; cell++)
        named += !is_empty(cells[cell]);
    if (!named)
        return NULL;
    g_autoptr(Columns) self = g_new0(Columns, 1);
    self->names = g_ptr_array_new_with_free_func(g_free);
    self->cells = g_array_new(FALSE, FALSE, sizeof(guint));
    self->passed = g_array_new(FALSE, FALSE, sizeof(ColumnsPassed));
    g_array_set_clear_func(self->passed, clear_passed);
    self->count = count;
    g_autofree char *wrong = add_names(self, cells);
    if (wrong) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s:%u: %s", file, line, wrong);
        return NULL;
    }
    g_ptr_array_add(self->names, NULL);
    return g_steal_pointer(&self);
}

void columns_free(Columns *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->names);
    g_array_unref(self->cells);
    g_array_unref(self->passed);
    g_free(self);
}

guint columns_cell(const Columns *self, guint column)
{
    return g_array_index(self->cells, guint, column);
}

guint columns_cells(const Columns *self)
{
    return self->count;
}

const ColumnsPassed *columns_passed(const Columns *self, guint index)
{
    return index < self->passed->len ? &g_array_index(self->passed, ColumnsPassed, index) : NULL;
}

const char *const *columns_names(const Columns *self)
{
    return (const char *const *)self->names->pdata;
}

guint columns_count(const Columns *self)
{
    return self->names->len - 1;
}

int columns_find(const Columns *self, const char *name)
{
    g_autofree char *wanted = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
    for (guint i = 0; wanted && i < columns_count(self); i++)
        if (strcmp(g_ptr_array_index(self->names, i), wanted) == 0)
            return (int)i;
    return -1;
}

gboolean columns_is(const char *cell, const char *name)
{
    g_autofree char *clean = read_name(cell);
    return clean && g_ascii_strcasecmp(clean, name) == 0;
}

char *columns_shown(char *const *names, guint count)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0, shown = 0; i < count; i++) {
        g_autofree char *quoted = g_utf8_validate(names[i], -1, NULL) ? cell_quote(names[i]) : NULL;
        if (!quoted || !*quoted)
            continue;
        if (shown++ == SHOWN_COLUMNS) {
            g_string_append(out, ", \u2026");
            break;
        }
        g_string_append_printf(out, "%s%s", out->len ? ", " : "", quoted);
    }
    return g_string_free(out, FALSE);
}
