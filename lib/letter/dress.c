/* dress - what surrounds an update: theme, constants of the office and of the letter */
#include <string.h>

#include "text/day.h"
#include "base/error.h"
#include "text/langtag.h"
#include "config/tree.h"
#include "letter/compiling.h"

/* Of the length of a real one, and signed by nobody. */
static const char ANSWER_EXAMPLE[] = "the-token-of-each-reader";

const char *compiling_setting(const Compiling *c, const char *name)
{
    const Value *value = value_get(c->settings, name);
    return value ? value_text(value) : "";
}

void compiling_complain(const Compiling *c, const char *file, guint line, const char *id,
                        GError *error)
{
    findings_add(c->findings, FINDING_ERROR, file, line, id, "%s", error->message);
    g_error_free(error);
}

/* The letter's date as people write it; as it was given, when it isn't one of ours. Newly
 * allocated. */
static char *shown_date(const Compiling *c)
{
    const char *text = c->letter->front->date.text;
    g_autoptr(GError) error = NULL;
    Day day = text ? day_parse(text, &error) : 0;
    /* "11 January 2027" stays: somebody wrote it so. */
    gboolean numbers = text && strspn(text, G_CSET_DIGITS "-/.") == strlen(text);
    if (!day || !numbers)
        return g_strdup(text ? text : "");
    char *shown = langtag_day(*c->letter->lang ? c->letter->lang : "en", day);
    return shown ? shown : g_strdup(text);
}

void compiling_constants(Compiling *c)
{
    const Front *front = c->letter->front;
    Value *letter = value_new_map();
    value_set_text(letter, "lang", c->letter->lang);
    value_set_text(letter, "dir", langtag_direction(c->letter->lang));
    g_autofree char *date = shown_date(c);
    value_set_text(letter, "date", date);
    value_set_text(letter, "correction", front->correction.text ? front->correction.text : "");
    value_set_text(letter, "unsubscribe", c->letter->unsubscribe ? c->letter->unsubscribe : "");
    value_set(letter, "has_preheader", value_new_flag(front->preheader.text != NULL));
    value_set(letter, "has_title", value_new_flag(markdown_has_title(c->markdown)));
    value_set_text(letter, "answer", ANSWER_EXAMPLE);
    c->answer = value_get(letter, "answer");
    Value *office = value_new_map();
    const Value *given = value_get(c->settings, "office");
    for (guint i = 0; given && i < value_length(given); i++)
        value_set_text(office, value_name_at(given, i), value_text(value_at(given, i)));
    compiling_logo(c, office);
    c->unsubscribe = c->letter->unsubscribe ? value_get(letter, "unsubscribe") : NULL;
    c->constants = value_new_map();
    value_set(c->constants, "letter", letter);
    value_set(c->constants, "office", office);
}

static void flatten(const Tree *tree, const char *prefix, GArray *entries, GPtrArray *keys)
{
    for (guint i = 0; i < tree->items->len; i++) {
        const Tree *item = g_ptr_array_index(tree->items, i);
        const char *name = g_ptr_array_index(tree->names, i);
        char *key = *prefix ? g_strconcat(prefix, ".", name, NULL) : g_strdup(name);
        g_ptr_array_add(keys, key);
        if (item->kind == TREE_MAP) {
            flatten(item, key, entries, keys);
            continue;
        }
        ThemeEntry entry = {key, item->kind == TREE_TEXT ? item->text : "", item->line};
        g_array_append_val(entries, entry);
    }
}

gboolean compiling_theme(Compiling *c)
{
    GError *error = NULL;
    gsize length;
    const char *file = bundle_shown(c->bundle, "theme.yaml");
    g_autoptr(GBytes) bytes = bundle_get(c->bundle, "theme.yaml", TRUE, &error);
    if (!bytes) {
        compiling_complain(c, NULL, 0, "no-theme", error);
        return FALSE;
    }
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Tree) tree = tree_parse(text, length, file, 1, &error);
    if (tree && tree->kind != TREE_MAP)
        g_set_error(&error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "%s: not a list of keys", file);
    if (error) {
        compiling_complain(c, NULL, 0, "bad-theme", error);
        return FALSE;
    }
    g_autoptr(GArray) flat = g_array_new(FALSE, FALSE, sizeof(ThemeEntry));
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
    flatten(tree, "", flat, keys);
    g_autoptr(GPtrArray) entries = g_ptr_array_new();
    for (guint i = 0; i < flat->len; i++)
        g_ptr_array_add(entries, &g_array_index(flat, ThemeEntry, i));
    c->theme = theme_new(entries, file, c->findings);
    return TRUE;
}
