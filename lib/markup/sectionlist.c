/* sectionlist - a list of a letter's sections, each a link to its heading; one a language, where
 * the sections stand in blocks of different languages
 */
#include <string.h>

#include "markup/doc.h"

enum { ENTRIES_MAX = 100, SCOPES_MAX = 20 };

/* What has a list of its own: the letter, or what is in another language. */
typedef struct {
    cmark_node *parent;
    const char *lang;
    int level; /* of its sections; 0 while that isn't known */
} Scope;

/* "In this letter", where it is known. */
static const char *words_in(const char *lang)
{
    static const char *const words[][2] = {
        {"en", "In this letter"},  {"cy", "Yn y llythyr hwn"}, {"fr", "Dans cette lettre"},
        {"de", "In diesem Brief"}, {"es", "En esta carta"},    {"it", "In questa lettera"},
        {"ga", "Sa litir seo"},    {"gd", "San litir seo"},    {"nl", "In deze brief"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strncasecmp(lang, words[i][0], 2) == 0 && (!lang[2] || lang[2] == '-'))
            return words[i][1];
    return NULL;
}

static int wanted_level(cmark_node *heading)
{
    return GPOINTER_TO_INT(cmark_node_get_user_data(heading));
}

static gboolean is_heading(const Markdown *self, cmark_node *node)
{
    gboolean title =
        self->has_title && !cmark_node_previous(node) && cmark_node_parent(node) == self->root;
    return cmark_node_get_type(node) == CMARK_NODE_HEADING && !title;
}

/* The level of the sections: the highest that a heading has. A heading that stands alone above
 * the others of a language is its title. */
static int section_level(const Markdown *self, cmark_node *parent)
{
    int level = 7, next = 7;
    guint count = 0;
    for (cmark_node *at = cmark_node_first_child(parent); at; at = cmark_node_next(at)) {
        int wanted = is_heading(self, at) ? wanted_level(at) : 7;
        if (wanted < level) {
            next = level;
            level = wanted;
            count = 0;
        } else if (wanted > level) {
            next = MIN(next, wanted);
        }
        count += wanted == level;
    }
    return parent != self->root && count == 1 && next < 7 ? next : level;
}

static const Scope *scope_of(const GArray *scopes, cmark_node *parent)
{
    for (guint i = 0; i < scopes->len; i++)
        if (g_array_index(scopes, Scope, i).parent == parent)
            return &g_array_index(scopes, Scope, i);
    return NULL;
}

/* The letter itself, and the first of its language blocks. */
static GArray *find_scopes(const Markdown *self, const char *lang)
{
    GArray *scopes = g_array_new(FALSE, FALSE, sizeof(Scope));
    Scope all = {self->root, lang, section_level(self, self->root)};
    g_array_append_val(scopes, all);
    for (cmark_node *at = cmark_node_first_child(self->root); at; at = cmark_node_next(at)) {
        if (doc_box(at) != DOC_LANGUAGE || scopes->len == SCOPES_MAX)
            continue;
        Scope one = {at, doc_language(at), section_level(self, at)};
        g_array_append_val(scopes, one);
    }
    return scopes;
}

/* A name that no other heading has; with a field in it there is none to be made of its words. */
static const char *name_of(Markdown *self, cmark_node *heading, GHashTable *taken)
{
    g_autofree char *slug = NULL;
    g_autofree char *words = doc_words(heading);
    const char *name = heading_name(self, heading, &slug);
    g_autofree char *basis =
        *name && !placeholders_has(self->aside, words) ? g_strdup(name) : g_strdup("section");
    g_autofree char *unique = g_strdup(basis);
    for (guint i = 2; g_hash_table_contains(taken, unique); i++) {
        g_free(unique);
        unique = g_strdup_printf("%s-%u", basis, i);
    }
    g_hash_table_add(taken, g_strdup(unique));
    g_hash_table_insert(self->ids, heading, g_strdup(unique));
    return g_hash_table_lookup(self->ids, heading);
}

static void add_entry(cmark_node *list, const char *name, const char *words)
{
    cmark_node *item = cmark_node_new(CMARK_NODE_ITEM);
    cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
    g_autofree char *url = g_strconcat("#", name, NULL);
    cmark_node_set_url(link, url);
    cmark_node_append_child(link, doc_text(words));
    cmark_node_append_child(paragraph, link);
    cmark_node_append_child(item, paragraph);
    cmark_node_append_child(list, item);
}

/* A section's tag, around the items of the headings that stand in the section. */
static void add_marker(cmark_node *list, const PlaceholderTag *tag)
{
    cmark_node *last = cmark_node_last_child(list);
    const PlaceholderTag *before = last ? doc_marker(last) : NULL;
    if (tag->kind == TAG_CLOSE && before && before->kind != TAG_CLOSE) {
        cmark_node_unlink(last); /* no heading stands in it */
        cmark_node_free(last);
        return;
    }
    cmark_node *marker = cmark_node_new(CMARK_NODE_ITEM);
    cmark_node_set_user_data(marker, (PlaceholderTag *)tag);
    cmark_node_append_child(list, marker);
}

/* The names of the headings that are no sections. */
static GHashTable *other_names(const Markdown *self, const GArray *scopes)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) != CMARK_EVENT_ENTER ||
            cmark_node_get_type(node) != CMARK_NODE_HEADING)
            continue;
        const Scope *scope = scope_of(scopes, cmark_node_parent(node));
        if (scope && is_heading(self, node) && wanted_level(node) == scope->level)
            continue;
        g_autofree char *slug = NULL;
        g_hash_table_add(names, g_strdup(heading_name(self, node, &slug)));
    }
    cmark_iter_free(iter);
    return names;
}

/* The list, and the block before which it is to stand. */
static cmark_node *make_list(Markdown *self, const Scope *scope, GHashTable *taken,
                             cmark_node **before, guint *entries)
{
    int depth = 0;
    cmark_node *list = cmark_node_new(CMARK_NODE_LIST), *outermost = NULL;
    cmark_node_set_list_type(list, CMARK_ORDERED_LIST);
    cmark_node_set_list_start(list, 1);
    cmark_node_set_list_tight(list, 1);
    for (cmark_node *at = cmark_node_first_child(scope->parent); at; at = cmark_node_next(at)) {
        if (doc_marker(at)) {
            outermost = depth ? outermost : at;
            depth += doc_marker(at)->kind == TAG_CLOSE ? -1 : 1;
            add_marker(list, doc_marker(at));
        }
        if (!is_heading(self, at) || wanted_level(at) != scope->level || *entries == ENTRIES_MAX)
            continue;
        g_autofree char *words = doc_words(at);
        add_entry(list, name_of(self, at, taken), words);
        *before = *before ? *before : depth ? outermost : at;
        ++*entries;
    }
    return list;
}

static guint add_contents(Markdown *self, const Scope *scope, GHashTable *taken)
{
    guint entries = 0;
    cmark_node *before = NULL, *list = make_list(self, scope, taken, &before, &entries);
    if (entries < 2) {
        cmark_node_free(list);
        return entries;
    }
    const char *words = words_in(scope->lang);
    if (words) {
        cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node *strong = cmark_node_new(CMARK_NODE_STRONG);
        cmark_node_append_child(strong, doc_text(words));
        cmark_node_append_child(paragraph, strong);
        cmark_node_insert_before(before, paragraph);
    }
    cmark_node_insert_before(before, list);
    return entries;
}

guint markdown_add_contents(Markdown *self, const char *lang)
{
    g_autoptr(GArray) scopes = find_scopes(self, lang);
    g_autoptr(GHashTable) taken = other_names(self, scopes);
    guint most = 0;
    for (guint i = 0; i < scopes->len; i++) {
        guint entries = add_contents(self, &g_array_index(scopes, Scope, i), taken);
        most = MAX(most, entries);
    }
    return most;
}
