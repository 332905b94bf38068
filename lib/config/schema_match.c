/* schema_match - paths against the table: which row, which group, and what was meant */
#include "config/schema.h"

#include <string.h>

#include "base/error.h"

/* The pattern's names after those that `path` matches: "join.on" of "lists.*.join.on" after
 * "lists.schools", "" after all of it; NULL when the path doesn't match. */
static const char *after(const char *pattern, const char *path)
{
    while (*path) {
        gsize name = strcspn(path, "."), star = strcspn(pattern, ".");
        if (!*pattern || !name)
            return NULL;
        if (!(star == 1 && *pattern == '*') && (star != name || memcmp(pattern, path, name) != 0))
            return NULL;
        pattern += star + (pattern[star] == '.');
        path += name;
        if (*path == '.' && !*++path)
            return NULL;
    }
    return pattern;
}

const SchemaKey *schema_match(const char *path)
{
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        const char *rest = after(row->key, path);
        if (rest && !*rest)
            return row;
    }
    return NULL;
}

gboolean schema_is_group(const char *path)
{
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        const char *rest = after(row->key, path);
        if (rest && *rest)
            return TRUE;
    }
    return FALSE;
}

gboolean schema_is_free(const char *path)
{
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        const char *rest = after(row->key, path);
        if (rest && *rest == '*')
            return TRUE;
    }
    return FALSE;
}

/* The name nearest to `name` among those that may stand below `parent`, or else one that begins so
 * ("password" of relay: password_env); newly allocated or NULL. */
static char *nearest_below(const char *parent, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        const char *rest = after(row->key, parent);
        if (rest && *rest && *rest != '*')
            g_ptr_array_add(names, g_strndup(rest, strcspn(rest, ".")));
    }
    g_ptr_array_add(names, NULL);
    const char *near = nearest_word(name, (const char *const *)names->pdata);
    for (guint i = 0; !near && names->pdata[i]; i++) {
        if (g_str_has_prefix(names->pdata[i], name))
            near = names->pdata[i];
    }
    return g_strdup(near);
}

/* The first key that ends with `name`, its free names shown as NAME; newly allocated or NULL. */
static char *same_elsewhere(const char *name)
{
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        const char *last = strrchr(row->key, '.');
        if (g_ascii_strcasecmp(last ? last + 1 : row->key, name) == 0) {
            g_autoptr(GString) shown = g_string_new(row->key);
            g_string_replace(shown, "*", "NAME", 0);
            return g_string_free(g_steal_pointer(&shown), FALSE);
        }
    }
    return NULL;
}

char *schema_suggest(const char *path)
{
    const char *dot = strrchr(path, '.');
    g_autofree char *parent = g_strndup(path, dot ? (gsize)(dot - path) : 0);
    const char *name = dot ? dot + 1 : path;
    g_autofree char *near = nearest_below(parent, name);
    if (near)
        return g_strconcat(parent, dot ? "." : "", near, NULL);
    return same_elsewhere(name);
}

/* 300 as "5m". */
static char *duration_text(gint64 seconds)
{
    static const struct {
        gint64 seconds;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    guint i = 0;
    while (seconds % units[i].seconds)
        i++;
    return g_strdup_printf("%" G_GINT64_FORMAT "%c", seconds / units[i].seconds, units[i].unit);
}

char *schema_wants(const SchemaKey *row)
{
    g_autofree char *words = row->words ? g_strjoinv("', '", (char **)row->words) : NULL;
    g_autofree char *min = duration_text(row->min), *max = duration_text(row->max);

    switch (row->kind) {
    case SCHEMA_TEXT:
        return g_strdup("a text on one line");
    case SCHEMA_LINES:
        return g_strdup("a text of one or more lines");
    case SCHEMA_PATH:
        return g_strdup("the path of a file or folder");
    case SCHEMA_NUMBER:
        return g_strdup_printf("a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, row->min,
                               row->max);
    case SCHEMA_PERCENT:
        return g_strdup_printf("a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                               ", with or without %%",
                               row->min, row->max);
    case SCHEMA_DURATION:
        return g_strdup_printf("a time such as 30s, 5m, 24h or 7d, from %s to %s", min, max);
    case SCHEMA_FLAG:
        return g_strdup("yes or no");
    case SCHEMA_CHOICE:
        return g_strdup_printf("one of '%s'", words);
    case SCHEMA_TEXTS:
        return g_strdup("a text or a list of texts");
    case SCHEMA_COMMAND:
        return g_strdup("a list of a program and its arguments, or one text of them");
    case SCHEMA_TEMPLATE:
        return g_strdup("a Mustache text");
    case SCHEMA_SQL:
        return g_strdup("an SQL expression");
    }
    g_assert_not_reached();
}
