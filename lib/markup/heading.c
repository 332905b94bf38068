/* heading - headings as a letter has them: named, not empty, on levels that skip none */
#include "markup/doc.h"

#include <string.h>

/* --- names ----------------------------------------------------------------------------------- */

/* "Dates {#dates}": a name for links to the heading, as in many other tools. */
static void take_id(Markdown *self, cmark_node *heading)
{
    cmark_node *last = cmark_node_last_child(heading);
    if (!last || cmark_node_get_type(last) != CMARK_NODE_TEXT)
        return;
    const char *text = cmark_node_get_literal(last), *open = g_strrstr(text, " {#");
    if (!open || !g_ascii_isalpha(open[3]))
        return;
    gsize length = strspn(open + 3, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_");
    if (strcmp(open + 3 + length, "}") != 0 || placeholders_has(self->aside, open))
        return;
    g_autofree char *words = g_strndup(text, (gsize)(open - text));
    g_hash_table_insert(self->ids, heading, g_strndup(open + 3, length));
    cmark_node_set_literal(last, words);
}

/* The name of a heading in links, as most tools make it: "What's next?" is #whats-next. */
char *heading_slug(cmark_node *heading)
{
    GString *name = g_string_new(NULL);
    g_autofree char *words = doc_words(heading);
    for (const char *p = words; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == ' ')
            g_string_append_c(name, '-');
        else if (g_unichar_isalnum(c) || c == '-' || c == '_')
            g_string_append_unichar(name, g_unichar_tolower(c));
    }
    return g_string_free(name, FALSE);
}

const char *heading_name(const Markdown *self, cmark_node *heading, char **slug)
{
    const char *given = g_hash_table_lookup(self->ids, heading);
    *slug = given ? NULL : heading_slug(heading);
    return given ? given : *slug;
}

/* --- levels ---------------------------------------------------------------------------------- */

typedef struct {
    int wanted, given; /* a heading's level in the source and on the page */
} Level;

/* Levels never skip one, whichever sections a recipient has: a heading is at most one below the
 * highest that can come just before it. Without a heading 1 at the head the layout shows one. */
typedef struct {
    Markdown *self;
    GArray *above;   /* of Level: the headings that this one stands under */
    GArray *at_open; /* of int: `lowest` where each open section began */
    int lowest;
    gboolean any;
} Levels;

static void give_level(Levels *in, cmark_node *heading)
{
    int wanted = cmark_node_get_heading_level(heading);
    if (!in->any) {
        g_autofree char *words = doc_words(heading);
        in->any = TRUE;
        in->self->title = placeholders_restore(in->self->aside, words, PLACEHOLDER_PLAIN);
        in->self->has_title = wanted == 1 && in->at_open->len == 0;
        in->lowest = in->self->has_title ? 0 : 1;
    }
    while (in->above->len && g_array_index(in->above, Level, in->above->len - 1).wanted >= wanted)
        g_array_set_size(in->above, in->above->len - 1);
    int given = in->above->len ? g_array_index(in->above, Level, in->above->len - 1).given + 1
                : in->self->has_title ? 1
                                      : 2;
    Level level = {wanted, MIN(MIN(given, in->lowest + 1), 6)};
    g_array_append_val(in->above, level);
    in->lowest = level.given;
    cmark_node_set_user_data(heading, GINT_TO_POINTER(wanted));
    cmark_node_set_heading_level(heading, level.given);
}

static void pass_marker(Levels *in, const PlaceholderTag *tag)
{
    if (tag->kind != TAG_CLOSE) {
        g_array_append_val(in->at_open, in->lowest);
    } else if (in->at_open->len) {
        in->lowest = MIN(in->lowest, g_array_index(in->at_open, int, in->at_open->len - 1));
        g_array_set_size(in->at_open, in->at_open->len - 1);
    }
}

static void give_levels(Markdown *self)
{
    Levels in = {self, g_array_new(FALSE, FALSE, sizeof(Level)),
                 g_array_new(FALSE, FALSE, sizeof(int)), 1, FALSE};
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) != CMARK_EVENT_ENTER)
            continue;
        if (doc_marker(node))
            pass_marker(&in, doc_marker(node));
        else if (cmark_node_get_type(node) == CMARK_NODE_HEADING)
            give_level(&in, node);
    }
    cmark_iter_free(iter);
    g_array_unref(in.above);
    g_array_unref(in.at_open);
}

/* --- all ------------------------------------------------------------------------------------- */

/* Links within the letter lead to a heading of it. */
static void check_targets(const Markdown *self, const GPtrArray *headings, Findings *findings)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < headings->len; i++) {
        g_autofree char *slug = NULL;
        g_hash_table_add(names,
                         g_strdup(heading_name(self, g_ptr_array_index(headings, i), &slug)));
    }
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) != CMARK_EVENT_ENTER ||
            cmark_node_get_type(node) != CMARK_NODE_LINK || *cmark_node_get_url(node) != '#')
            continue;
        g_autofree char *target = g_uri_unescape_string(cmark_node_get_url(node) + 1, NULL);
        if (!target || !g_hash_table_contains(names, target))
            doc_complain(self, findings, FINDING_WARNING, doc_line(self, node), "relative-link",
                         "a link to '%.60s' leads nowhere: no heading of the letter has that name",
                         cmark_node_get_url(node));
    }
    cmark_iter_free(iter);
}

void headings_settle(Markdown *self, Findings *findings)
{
    g_autoptr(GPtrArray) headings = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            cmark_node_get_type(node) == CMARK_NODE_HEADING)
            g_ptr_array_add(headings, node);
    }
    cmark_iter_free(iter);
    for (guint i = 0; i < headings->len; i++) {
        cmark_node *heading = g_ptr_array_index(headings, i);
        take_id(self, heading);
        g_autofree char *words = doc_words(heading);
        if (*words)
            continue;
        g_hash_table_remove(self->ids, heading);
        g_ptr_array_remove_index(headings, i--);
        doc_drop(heading);
    }
    check_targets(self, headings, findings);
    give_levels(self);
}
