/* listrows - the rows of an audience's list as they stand in it today, by key */
#include "workspace/listrows.h"

#include "fact/audience_names.h"
#include "sheet/cell.h"

/* One row: its cells packed, and which of the lists it is of. */
typedef struct {
    char *packed;
    guint list;
    gboolean is_told;
} Row;

typedef struct {
    GArray *places; /* of guint: where each of its columns stands among all */
    int key;        /* the place of the key's column among all, or -1 */
} Columns;

struct ListRows {
    GPtrArray *names;   /* NULL-terminated */
    GPtrArray *lists;   /* of Columns */
    GHashTable *rows;   /* key -> Row */
    const char **cells; /* of the last one asked for */
    const char **own;
};

static void row_free(gpointer data)
{
    Row *row = data;
    g_free(row->packed);
    g_free(row);
}

static void columns_free(gpointer data)
{
    Columns *columns = data;
    g_array_unref(columns->places);
    g_free(columns);
}

void listrows_free(ListRows *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->names);
    g_ptr_array_unref(self->lists);
    g_hash_table_unref(self->rows);
    g_free(self->cells);
    g_free(self->own);
    g_free(self);
}

/* --- reading ---------------------------------------------------------------------------------- */

static guint place_of(ListRows *self, const char *name)
{
    guint place;
    if (g_ptr_array_find_with_equal_func(self->names, name, g_str_equal, &place))
        return place;
    g_ptr_array_add(self->names, g_strdup(name));
    return self->names->len - 1;
}

static void add_columns(ListRows *self, const Sheet *sheet, const char *key)
{
    Columns *columns = g_new0(Columns, 1);
    columns->places = g_array_new(FALSE, FALSE, sizeof(guint));
    columns->key = -1;
    for (const char *const *name = sheet_columns(sheet); *name; name++) {
        guint place = place_of(self, *name);
        g_array_append_val(columns->places, place);
        if (g_strcmp0(*name, key) == 0)
            columns->key = (int)place;
    }
    g_ptr_array_add(self->lists, columns);
}

/* The keys of an audience by the line of their row. */
static gboolean read_keys(const Workspace *workspace, const char *name, GHashTable *keys,
                          GError **error)
{
    GError *inner = NULL;
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Audience) audience = workspace_audience(workspace, name, findings, error);
    if (!audience)
        return FALSE;
    for (const Recipient *one; (one = audience_next(audience, &inner));)
        g_hash_table_insert(keys, GUINT_TO_POINTER(one->line), g_strdup(one->key));
    for (const Exclusion *one; !inner && (one = audience_next_excluded(audience, &inner));)
        g_hash_table_insert(keys, GUINT_TO_POINTER(one->row), g_strdup(one->key));
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

typedef struct {
    ListRows *self;
    GHashTable *keys;
    guint width, list;
} Reading;

static gboolean take_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    const Reading *in = user;
    const char *key = g_hash_table_lookup(in->keys, GUINT_TO_POINTER(at->line));
    (void)error;
    if (!key || !*key || g_hash_table_contains(in->self->rows, key))
        return TRUE;
    g_autoptr(GString) packed = g_string_new(NULL);
    cells_pack(packed, (const char *const *)cells, in->width);
    Row *row = g_new0(Row, 1);
    row->packed = g_memdup2(packed->str, packed->len);
    row->list = in->list;
    g_hash_table_insert(in->self->rows, g_strdup(key), row);
    return TRUE;
}

static gboolean read_list(ListRows *self, const Workspace *workspace, const char *name,
                          GError **error)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GHashTable) keys = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_autofree char *setting = g_strconcat("audiences.", name, ".key", NULL);
    if (!read_keys(workspace, name, keys, error))
        return FALSE;
    g_autoptr(Sheet) sheet = workspace_audience_sheet(workspace, name, error);
    if (!sheet)
        return FALSE;
    add_columns(self, sheet, settings_text(workspace_settings(workspace), setting));
    Reading in = {self, keys, sheet_width(sheet), self->lists->len - 1};
    return sheet_read(sheet, findings, take_row, &in, error);
}

ListRows *listrows_open(const Workspace *workspace, const char *audiences, GError **error)
{
    g_auto(GStrv) names = audience_names_split(audiences);
    g_autoptr(ListRows) self = g_new0(ListRows, 1);
    self->names = g_ptr_array_new_with_free_func(g_free);
    self->lists = g_ptr_array_new_with_free_func(columns_free);
    self->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
    for (char **name = names; *name; name++)
        if (!read_list(self, workspace, *name, error))
            return NULL;
    self->cells = g_new0(const char *, self->names->len + 1);
    self->own = g_new0(const char *, self->names->len + 1);
    g_ptr_array_add(self->names, NULL);
    return g_steal_pointer(&self);
}

/* --- asking ----------------------------------------------------------------------------------- */

const char *const *listrows_columns(const ListRows *self)
{
    return (const char *const *)self->names->pdata;
}

const char *const *listrows_cells(ListRows *self, const char *key)
{
    Row *row = g_hash_table_lookup(self->rows, key);
    const Columns *columns = g_ptr_array_index(self->lists, row ? row->list : 0);
    for (guint i = 0; i + 1 < self->names->len; i++)
        self->cells[i] = "";
    if (!row || row->is_told) {
        if (columns->key >= 0)
            self->cells[columns->key] = key;
        return self->cells;
    }
    row->is_told = TRUE;
    cells_unpack(row->packed, self->own, columns->places->len);
    for (guint i = 0; i < columns->places->len; i++)
        self->cells[g_array_index(columns->places, guint, i)] = self->own[i];
    return self->cells;
}
