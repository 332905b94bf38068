/* signs - what Markdown takes for its own marks and an author means as it stands: the asterisks in
 * "3*4 and 5*6", the backslashes of \\server\forms and C:\_new
 */
#include <string.h>

#include "markup/doc.h"

enum { PATHS_MAX = 200 }; /* of one letter */

/* --- asterisks between figures ---------------------------------------------------------------- */

static gboolean ends_with_digit(cmark_node *node)
{
    const char *text =
        node && cmark_node_get_type(node) == CMARK_NODE_TEXT ? cmark_node_get_literal(node) : "";
    return *text && g_ascii_isdigit(text[strlen(text) - 1]);
}

static gboolean begins_with_digit(cmark_node *node)
{
    return node && cmark_node_get_type(node) == CMARK_NODE_TEXT &&
           g_ascii_isdigit(*cmark_node_get_literal(node));
}

/* Whether a mark stands between two figures, where it multiplies. */
static gboolean multiplies(cmark_node *emphasis)
{
    return (ends_with_digit(cmark_node_previous(emphasis)) &&
            begins_with_digit(cmark_node_first_child(emphasis))) ||
           (ends_with_digit(cmark_node_last_child(emphasis)) &&
            begins_with_digit(cmark_node_next(emphasis)));
}

/* Puts an emphasis back to what was typed; an underscore within a word makes none. */
static void undo(cmark_node *emphasis)
{
    const char *mark = cmark_node_get_type(emphasis) == CMARK_NODE_STRONG ? "**" : "*";
    cmark_node_insert_before(emphasis, doc_text(mark));
    while (cmark_node_first_child(emphasis))
        cmark_node_insert_before(emphasis, cmark_node_first_child(emphasis));
    cmark_node_insert_before(emphasis, doc_text(mark));
    doc_drop(emphasis);
}

static gboolean undo_within(cmark_node *root)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_EXIT &&
            (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG) && multiplies(node))
            g_ptr_array_add(found, node);
    }
    cmark_iter_free(iter);
    for (guint i = 0; i < found->len; i++)
        undo(g_ptr_array_index(found, i));
    return found->len > 0;
}

/* --- paths ------------------------------------------------------------------------------------ */

/* "C:\_new\a.doc", "\\server\forms", as they stand in the source. */
static const char path_pattern[] =
    "(?<![\\w\\\\])(?:[A-Za-z]:\\\\|\\\\\\\\\\w)[^\\s`<>*|\\[\\]\"',;”’]*";

static gpointer compile_path_pattern(gpointer unused)
{
    (void)unused;
    return g_regex_new(path_pattern, G_REGEX_OPTIMIZE, 0, NULL);
}

/* What cmark makes of it: a backslash before punctuation is gone. */
static char *unescaped(const char *source)
{
    GString *out = g_string_new(NULL);
    for (const char *at = source; *at; at++) {
        at += *at == '\\' && g_ascii_ispunct(at[1]);
        g_string_append_c(out, *at);
    }
    return g_string_free(out, FALSE);
}

/* What was written, by what became of it, of all paths that lose something. */
static GHashTable *lossy_paths(const Markdown *self)
{
    static GOnce once = G_ONCE_INIT;
    GHashTable *paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const char *text = placeholders_last_text(self->aside);
    g_autoptr(GMatchInfo) match = NULL;
    if (!strchr(text, '\\'))
        return paths;
    g_regex_match(g_once(&once, compile_path_pattern, NULL), text, 0, &match);
    for (; g_match_info_matches(match) && g_hash_table_size(paths) < PATHS_MAX;
         g_match_info_next(match, NULL)) {
        char *path = g_match_info_fetch(match, 0), *read = unescaped(path);
        /* Two within it are one that was escaped, as digests do for titles. */
        if (g_str_equal(path, read) || strstr(path + 2, "\\\\")) {
            g_free(path);
            g_free(read);
        } else {
            g_hash_table_replace(paths, read, path);
        }
    }
    return paths;
}

/* Puts a path into a text wherever it begins a word. */
static void restore_path(cmark_node *node, const char *read, const char *path)
{
    const char *text = cmark_node_get_literal(node);
    g_autoptr(GString) out = g_string_new(NULL);
    const char *done = text;
    for (const char *at = text; (at = strstr(at, read)); at += strlen(read)) {
        if (at > text && (g_ascii_isalnum(at[-1]) || at[-1] == '\\'))
            continue;
        g_string_append_len(out, done, at - done);
        g_string_append(out, path);
        done = at + strlen(read);
    }
    g_string_append(out, done);
    if (done > text)
        cmark_node_set_literal(node, out->str);
}

static void restore_paths(cmark_node *root, GHashTable *paths)
{
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        GHashTableIter each;
        gpointer read, path;
        g_hash_table_iter_init(&each, paths);
        while (cmark_node_get_type(node) == CMARK_NODE_TEXT &&
               g_hash_table_iter_next(&each, &read, &path))
            restore_path(node, read, path);
    }
    cmark_iter_free(iter);
}

/* --- signs that begin a line ------------------------------------------------------------------- */

/* Whether a word has an asterisk behind it, as what a note below explains. */
static gboolean has_starred(cmark_node *root)
{
    gboolean found = FALSE;
    cmark_iter *iter = cmark_iter_new(root);
    while (!found && cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        found = cmark_node_get_type(node) == CMARK_NODE_TEXT &&
                g_regex_match_simple("[\\w)%]\\*(?![\\w*])", cmark_node_get_literal(node), 0, 0);
    }
    cmark_iter_free(iter);
    return found;
}

/* One item alone, "* subject to approval" or "+ 44 1632", whose sign is lost as a bullet. */
static void check_item(const Markdown *self, cmark_node *list, gboolean starred, Findings *findings)
{
    int line = cmark_node_get_start_line(list);
    if (cmark_node_get_list_type(list) != CMARK_BULLET_LIST || line <= 0 ||
        cmark_node_next(cmark_node_first_child(list)))
        return;
    g_autofree char *text = placeholders_text_line(self->aside, (guint)line);
    g_strstrip(text);
    gboolean lost =
        g_str_has_prefix(text, "* ") ? starred : g_regex_match_simple("^\\+ ?\\d", text, 0, 0);
    g_autofree char *shown = g_utf8_substring(text, 0, MIN(40, g_utf8_strlen(text, -1)));
    if (lost)
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, list), "stray-markup",
                     "'%s' becomes an item of a list, and its %c is gone: write \\%c for it", shown,
                     *text, *text);
}

static void check_items(const Markdown *self, Findings *findings)
{
    gboolean starred = has_starred(self->root) || has_starred(self->cells);
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            cmark_node_get_type(node) == CMARK_NODE_LIST)
            check_item(self, node, starred, findings);
    }
    cmark_iter_free(iter);
}

/* --- all -------------------------------------------------------------------------------------- */

void signs_restore(const Markdown *self, Findings *findings)
{
    GHashTable *paths = lossy_paths(self);
    cmark_node *roots[] = {self->root, self->cells};
    for (guint i = 0; i < G_N_ELEMENTS(roots); i++) {
        cmark_consolidate_text_nodes(roots[i]);
        if (undo_within(roots[i]))
            cmark_consolidate_text_nodes(roots[i]);
        if (g_hash_table_size(paths) > 0)
            restore_paths(roots[i], paths);
    }
    g_hash_table_unref(paths);
    check_items(self, findings);
}
