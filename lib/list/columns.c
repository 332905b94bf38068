/* columns - the names in the first line of a sheet */
#include "list/columns.h"

#include <string.h>

#include "base/error.h"
#include "list/cell.h"

struct Columns {
    GPtrArray *names; /* NULL-terminated */
};

/* What is wrong with a name, newly allocated, or NULL. */
static char *check_name(const char *name, guint number, guint controls)
{
    if (!name)
        return g_strdup_printf("the name of column %u is not UTF-8", number);
    if (!*name)
        return g_strdup_printf("column %u has no name", number);
    if (strlen(name) > COLUMNS_NAME_MAX)
        return g_strdup_printf("the name of column %u is over %d bytes", number, COLUMNS_NAME_MAX);
    if (controls || strpbrk(name, "\n\t"))
        return g_strdup_printf("the name of column %u holds a line end, tab or control character",
                               number);
    return NULL;
}

/* The cell as a name; NULL with what is wrong. */
static char *read_name(const char *cell, guint number, char **wrong)
{
    g_autofree char *copy = g_strdup(cell);
    g_autoptr(GString) spare = NULL;
    guint controls = 0;
    const char *clean = cell_clean(copy, &spare, &controls);
    *wrong = check_name(clean, number, controls);
    return *wrong ? NULL : g_utf8_normalize(clean, -1, G_NORMALIZE_NFC);
}

static gboolean is_empty(const char *cell)
{
    g_autofree char *copy = g_strdup(cell);
    g_autoptr(GString) spare = NULL;
    const char *clean = cell_clean(copy, &spare, NULL);
    return clean && !*clean;
}

/* The number of the column whose name `name` repeats, or 0; notes the name. */
static guint note_name(GHashTable *seen, const char *name, guint number)
{
    char *folded = g_ascii_strdown(name, -1);
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(seen, folded));
    g_hash_table_insert(seen, folded, GUINT_TO_POINTER(number));
    return before;
}

/* Adds all names; gives what is wrong, or NULL. */
static char *add_names(Columns *self, char *const *cells, guint count)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint number = 1; number <= count; number++) {
        char *wrong = NULL;
        char *name = read_name(cells[number - 1], number, &wrong);
        if (wrong)
            return wrong;
        g_ptr_array_add(self->names, name);
        guint before = note_name(seen, name, number);
        if (before)
            return g_strdup_printf("columns %u and %u are both called '%s': rename one", before,
                                   number, name);
        if (number > COLUMNS_MAX)
            return g_strdup_printf("over %d columns", COLUMNS_MAX);
    }
    return NULL;
}

Columns *columns_new(const char *file, guint line, char *const *cells, guint count, GError **error)
{
    while (count && is_empty(cells[count - 1]))
        count--;
    if (!count)
        return NULL;
    g_autoptr(Columns) self = g_new0(Columns, 1);
    self->names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *wrong = add_names(self, cells, count);
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
    g_free(self);
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
