/* settings - the configuration of a workspace, checked against one table of keys */
#include "config/settings.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "config/crosscheck.h"
#include "config/entry.h"
#include "config/schema.h"
#include "config/tree.h"

struct Settings {
    char *file, *folder;
    GHashTable *entries;  /* path -> Entry, what the file sets */
    GHashTable *defaults; /* SchemaKey -> Entry */
    GHashTable *paths;    /* Entry -> resolved path */
    GHashTable *groups;   /* path -> line where the group is named */
    GHashTable *names; /* path of a level of free names -> GPtrArray of char *, NULL-terminated */
};

/* ---- loading ---- */

static char *below(const char *path, const char *name)
{
    return *path ? g_strconcat(path, ".", name, NULL) : g_strdup(name);
}

static gboolean wrong(const Settings *self, guint line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Always FALSE. */
static gboolean wrong(const Settings *self, guint line, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (line)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "%s:%u: %s", self->file, line,
                    text);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "%s: %s", self->file, text);
    return FALSE;
}

static gboolean unknown(const Settings *self, const char *path, const char *name, guint line,
                        GError **error)
{
    const char *dot = strrchr(name, '.');
    if (schema_match(path) && dot)
        return wrong(self, line, error, "write '%s' as '%s:', indented under '%.*s:'", name,
                     dot + 1, (int)(dot - name), name);
    g_autofree char *meant = schema_suggest(path);
    if (meant)
        return wrong(self, line, error, "unknown key '%s': did you mean '%s'?", path, meant);
    return wrong(self, line, error, "unknown key '%s': circular-config(5) lists all", path);
}

/* Free names stand in commands, in dotted paths, in Mustache and in file names. */
static gboolean is_name(const char *name)
{
    static const char fit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    gsize length = strlen(name);
    return length && length <= SETTINGS_NAME_MAX && name[0] != '-' && strspn(name, fit) == length;
}

static gboolean load_free_name(Settings *self, const char *group, const char *name, guint line,
                               GError **error)
{
    if (!is_name(name))
        return wrong(self, line, error,
                     "'%s' is no name for one of '%s': use up to %d letters (a-z), digits, _ and -",
                     name, group, SETTINGS_NAME_MAX);
    GPtrArray *names = g_hash_table_lookup(self->names, group);
    if (!names) {
        names = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(names, NULL);
        g_hash_table_insert(self->names, g_strdup(group), names);
    }
    g_ptr_array_insert(names, (int)names->len - 1, g_strdup(name));
    return TRUE;
}

/* An absolute path as it is, ~/ at home, and others from the config's folder. */
static char *resolve(const Settings *self, const char *path)
{
    if (g_str_has_prefix(path, "~/"))
        return g_build_filename(g_get_home_dir(), path + 2, NULL);
    if (g_path_is_absolute(path) || g_str_equal(self->folder, "."))
        return g_strdup(path);
    return g_build_filename(self->folder, path, NULL);
}

static void keep_path(Settings *self, const Entry *entry)
{
    if (entry->row->kind == SCHEMA_PATH)
        g_hash_table_insert(self->paths, (gpointer)entry, resolve(self, entry->text));
}

static gboolean load_map(Settings *self, const char *path, const Tree *map, guint line,
                         GError **error);

/* One name of a map: a key with its value, or a group of keys. An empty group ("relay:" with all
 * its keys commented out) is as good as none. */
static gboolean load_item(Settings *self, const char *path, const Tree *node, guint line,
                          GError **error)
{
    const SchemaKey *row = schema_match(path);
    if (row) {
        Entry *entry = entry_parse(row, path, node, self->file, error);
        if (!entry)
            return FALSE;
        entry->line = line;
        g_hash_table_insert(self->entries, g_strdup(path), entry);
        keep_path(self, entry);
        return TRUE;
    }
    if (node->kind == TREE_TEXT && !*node->text && !node->quoted) {
        g_autoptr(Tree) none = tree_parse("", 0, self->file, line, NULL);
        return load_map(self, path, none, line, error);
    }
    if (node->kind == TREE_TEXT &&
        g_str_equal(path, "ledger")) /* what it was before it had a group */
        return load_item(self, strstr(node->text, "://") ? "ledger.server" : "ledger.file", node,
                         line, error);
    if (node->kind != TREE_MAP)
        return wrong(self, line, error, "'%s' is a group of keys: indent them under it, one a line",
                     path);
    return load_map(self, path, node, line, error);
}

/* What the schema requires among the keys of this group. */
static gboolean has_required(const Settings *self, const char *group, const Tree *map, guint line,
                             GError **error)
{
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        const char *name = strrchr(row->key, '.');
        if (!row->required || !name || tree_get(map, name + 1))
            continue;
        g_autofree char *path = below(group, name + 1);
        if (schema_match(path) == row)
            return wrong(self, line, error, "'%s' lacks '%s:'", group, name + 1);
    }
    return TRUE;
}

static gboolean load_map(Settings *self, const char *path, const Tree *map, guint line,
                         GError **error)
{
    gboolean is_free = schema_is_free(path);
    if (*path)
        g_hash_table_insert(self->groups, g_strdup(path), GUINT_TO_POINTER(line));
    for (guint i = 0; i < map->items->len; i++) {
        const char *name = g_ptr_array_index(map->names, i);
        guint name_line = g_array_index(map->name_lines, guint, i);
        g_autofree char *child = below(path, name);
        if (is_free) {
            if (!load_free_name(self, path, name, name_line, error))
                return FALSE;
        } else if (strchr(name, '.') || (!schema_match(child) && !schema_is_group(child))) {
            return unknown(self, child, name, name_line, error);
        }
        if (!load_item(self, child, g_ptr_array_index(map->items, i), name_line, error))
            return FALSE;
    }
    return has_required(self, path, map, line, error);
}

/* ---- life ---- */

static Settings *settings_new(const char *file)
{
    Settings *self = g_new0(Settings, 1);
    self->file = g_strdup(file);
    self->folder = g_path_get_dirname(file);
    self->entries =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)entry_free);
    self->defaults = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)entry_free);
    self->paths = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    self->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        Entry *entry = entry_default(row);
        if (!entry)
            continue;
        g_hash_table_insert(self->defaults, (gpointer)row, entry);
        keep_path(self, entry);
    }
    return self;
}

void settings_free(Settings *self)
{
    if (!self)
        return;
    g_free(self->file);
    g_free(self->folder);
    g_hash_table_unref(self->entries);
    g_hash_table_unref(self->defaults);
    g_hash_table_unref(self->paths);
    g_hash_table_unref(self->groups);
    g_hash_table_unref(self->names);
    g_free(self);
}

Settings *settings_default(const char *folder)
{
    g_autofree char *file =
        g_str_equal(folder, ".") ? g_strdup("config") : g_build_filename(folder, "config", NULL);
    return settings_new(file);
}

Settings *settings_parse(const char *bytes, gsize length, const char *path, GError **error)
{
    g_autoptr(Tree) root = tree_parse(bytes, length, path, 1, error);
    if (!root)
        return NULL;
    g_autoptr(Settings) self = settings_new(path);
    if (root->kind != TREE_MAP) {
        wrong(self, root->line, error, "not a configuration: it must hold lines of 'key: value'");
        return NULL;
    }
    if (!load_map(self, "", root, 0, error) || !crosscheck(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

Settings *settings_load(const char *path, GError **error)
{
    gsize length;
    g_autoptr(GError) inner = NULL;
    g_autofree char *bytes = file_read(path, TREE_BYTES_MAX, &length, &inner);
    if (bytes)
        return settings_parse(bytes, length, path, error);
    if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA)) /* too large, or a folder */
        g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, inner->message);
    else
        g_propagate_error(error, g_steal_pointer(&inner));
    return NULL;
}

/* ---- asking ---- */

/* The value of a key as set or by default; NULL when it has neither. */
static const Entry *find(const Settings *self, const char *key)
{
    const SchemaKey *row = schema_match(key);
    if (!row)
        g_error("settings: no key '%s' in the schema", key);
    const Entry *entry = g_hash_table_lookup(self->entries, key);
    return entry ? entry : g_hash_table_lookup(self->defaults, row);
}

/* The same for a key that must be of one of the kinds in the mask. */
static const Entry *find_kind(const Settings *self, const char *key, guint kinds)
{
    const Entry *entry = find(self, key);
    if (!(kinds >> schema_match(key)->kind & 1))
        g_error("settings: '%s' is asked for by the wrong kind", key);
    return entry;
}

const char *settings_text(const Settings *self, const char *key)
{
    const Entry *entry = find_kind(self, key,
                                   1 << SCHEMA_TEXT | 1 << SCHEMA_LINES | 1 << SCHEMA_PATH |
                                       1 << SCHEMA_CHOICE | 1 << SCHEMA_TEMPLATE | 1 << SCHEMA_SQL);
    return entry ? entry->text : NULL;
}

gint64 settings_number(const Settings *self, const char *key)
{
    const Entry *entry =
        find_kind(self, key, 1 << SCHEMA_NUMBER | 1 << SCHEMA_PERCENT | 1 << SCHEMA_DURATION);
    return entry ? entry->number : 0;
}

gboolean settings_flag(const Settings *self, const char *key)
{
    const Entry *entry = find_kind(self, key, 1 << SCHEMA_FLAG);
    return entry && entry->number;
}

int settings_choice(const Settings *self, const char *key)
{
    const Entry *entry = find_kind(self, key, 1 << SCHEMA_CHOICE);
    const char *const *words = schema_match(key)->words;
    int which = 0;
    while (entry && words[which] && !g_str_equal(words[which], entry->text))
        which++;
    if (!entry || !words[which])
        g_error("settings: '%s' is none of its words", key);
    return which;
}

const char *const *settings_texts(const Settings *self, const char *key)
{
    const Entry *entry = find_kind(self, key, 1 << SCHEMA_TEXTS | 1 << SCHEMA_COMMAND);
    return entry ? (const char *const *)entry->texts : NULL;
}

const char *settings_path(const Settings *self, const char *key)
{
    const Entry *entry = find_kind(self, key, 1 << SCHEMA_PATH);
    return entry ? g_hash_table_lookup(self->paths, entry) : NULL;
}

const char *const *settings_names(const Settings *self, const char *key)
{
    static const char *const none[] = {NULL};
    if (!schema_is_free(key))
        g_error("settings: no free names below '%s' in the schema", key);
    const GPtrArray *names = g_hash_table_lookup(self->names, key);
    return names ? (const char *const *)names->pdata : none;
}

guint settings_line(const Settings *self, const char *key)
{
    const Entry *entry = g_hash_table_lookup(self->entries, key);
    if (!schema_match(key) && !schema_is_group(key))
        g_error("settings: no key '%s' in the schema", key);
    return entry ? entry->line : GPOINTER_TO_UINT(g_hash_table_lookup(self->groups, key));
}

gboolean settings_has(const Settings *self, const char *key)
{
    return settings_line(self, key) != 0;
}

const char *settings_file(const Settings *self)
{
    return self->file;
}

const char *settings_folder(const Settings *self)
{
    return self->folder;
}

void settings_complain(const Settings *self, GError **error, const char *key, const char *format,
                       ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *at = g_strdup(key);
    guint line = settings_line(self, at);
    for (char *dot; !line && (dot = strrchr(at, '.'));) {
        *dot = '\0'; /* an unset key is missed where its group stands */
        line = settings_line(self, at);
    }
    wrong(self, line, error, "%s", text);
}
