/* definitions - lines like "[form]: https://example.org/form", which leave nothing where they stand
 *
 * cmark keeps none of them in its tree. What each of them leads to is replaced by a word of our own
 * and the text read once more: a word that comes out as a link's target belongs to a definition
 * that is used, one that comes out as text to no definition at all, and one that doesn't come out
 * was left out of the letter.
 */
#include <string.h>

#include "markup/doc.h"

enum { DEFINITIONS_MAX = 1000, SHOWN_MAX = 60 };

/* A label at the beginning of a line, marks of quotes and items before it, and what it leads to, on
 * the same line or the next. */
static const char pattern[] = "^(?:[ \\t]*(?:>|[-*+]|\\d{1,9}[.)])(?=[ \\t]))*[ \\t]*"
                              "(\\[((?:[^\\[\\]\\\\\\n]|\\\\.){1,200})\\]:[ \\t]*(?:\\n[ \\t]*)?"
                              "(<[^<>\\n]*>|[^\\s<]\\S*)[^\\n]*)";

typedef struct {
    char *label, *whole;
    gsize target, target_end; /* bytes of the text */
    guint line;               /* of the text */
    gboolean is_used, is_text;
} Definition;

static void definition_clear(gpointer data)
{
    Definition *self = data;
    g_free(self->label);
    g_free(self->whole);
}

static GArray *find(const char *text)
{
    GArray *found = g_array_new(FALSE, TRUE, sizeof(Definition));
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    const char *counted = text;
    guint line = 1;
    g_array_set_clear_func(found, definition_clear);
    g_regex_match(regex, text, 0, &match);
    for (; g_match_info_matches(match) && found->len < DEFINITIONS_MAX;
         g_match_info_next(match, NULL)) {
        int start = 0, target = 0, end = 0;
        g_match_info_fetch_pos(match, 1, &start, NULL);
        g_match_info_fetch_pos(match, 3, &target, &end);
        for (; counted < text + start; counted++)
            line += *counted == '\n';
        Definition one = {.label = g_match_info_fetch(match, 2),
                          .whole = g_match_info_fetch(match, 1),
                          .target = (gsize)target,
                          .target_end = (gsize)end,
                          .line = line};
        g_array_append_val(found, one);
    }
    return found;
}

/* --- what became of them --------------------------------------------------------------------- */

static char *token(const Placeholders *aside, guint index)
{
    /* Stands nowhere in the source: the words of tags begin so. */
    g_autofree char *prefix = placeholders_prefix(aside);
    return g_strdup_printf("%sdef%05uz", prefix, index);
}

static char *altered(const Markdown *self, const char *text, const GArray *found)
{
    GString *out = g_string_new(NULL);
    gsize at = 0;
    for (guint i = 0; i < found->len; i++) {
        const Definition *one = &g_array_index(found, Definition, i);
        g_autofree char *word = token(self->aside, i);
        g_string_append_len(out, text + at, (gssize)(one->target - at));
        g_string_append(out, word);
        at = one->target_end;
    }
    g_string_append(out, text + at);
    return g_string_free(out, FALSE);
}

/* The next definition whose word stands in a text; -1 when there is none. */
static int next_word(const Markdown *self, const GArray *found, const char **at)
{
    g_autofree char *prefix = placeholders_prefix(self->aside);
    g_autofree char *begin = g_strconcat(prefix, "def", NULL);
    const char *word = *at ? strstr(*at, begin) : NULL;
    if (!word)
        return -1;
    *at = word + strlen(begin);
    guint64 index = g_ascii_strtoull(*at, NULL, 10);
    return index < found->len ? (int)index : -1;
}

static void look_at(const Markdown *self, GArray *found, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    gboolean leads = type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE;
    const char *text = leads ? cmark_node_get_url(node) : cmark_node_get_literal(node);
    for (int index; (index = next_word(self, found, &text)) >= 0;) {
        Definition *one = &g_array_index(found, Definition, index);
        one->is_used |= leads;
        one->is_text |= !leads;
    }
}

/* A table's cells are read later, and may use one. */
static void look_into_table(GArray *found, const char *literal)
{
    g_autofree char *folded = g_utf8_casefold(literal, -1);
    for (guint i = 0; i < found->len; i++) {
        Definition *one = &g_array_index(found, Definition, i);
        g_autofree char *label = g_utf8_casefold(one->label, -1);
        g_autofree char *use = g_strdup_printf("[%s]", label);
        one->is_used |= strstr(folded, use) != NULL;
    }
}

static void settle(const Markdown *self, const char *text, GArray *found)
{
    g_autofree char *other = altered(self, text, found);
    cmark_node *root = cmark_parse_document(other, strlen(other), CMARK_OPT_SMART);
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) != CMARK_EVENT_ENTER)
            continue;
        look_at(self, found, node);
        if (cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK &&
            table_is_asked(cmark_node_get_fence_info(node)))
            look_into_table(found, cmark_node_get_literal(node));
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
}

/* --- what is said of them -------------------------------------------------------------------- */

/* "[//]: # (…)" and "[comment]: <> (…)" are how people write comments. */
static gboolean is_comment(const Definition *self, const char *text)
{
    g_autofree char *target = g_strndup(text + self->target, self->target_end - self->target);
    return g_str_equal(target, "#") || g_str_equal(target, "<>") ||
           g_str_has_prefix(self->label, "//") || g_str_equal(self->label, "comment");
}

/* Whether it leads somewhere: then no word is lost, only a link that nobody needs. */
static gboolean is_address(const Definition *self, const char *text)
{
    g_autofree char *target = g_strndup(text + self->target, self->target_end - self->target);
    return g_regex_match_simple("^<?(?:https?://|mailto:|tel:|www\\.|[#/.])", target,
                                G_REGEX_CASELESS, 0);
}

static void report(Markdown *self, const Definition *one, const char *text, Findings *findings)
{
    guint line = placeholders_line(self->aside, one->line);
    g_autofree char *whole = placeholders_restore(self->aside, one->whole, PLACEHOLDER_PLAIN);
    g_strdelimit(whole, "\n\t", ' ');
    g_autofree char *cut = g_utf8_strlen(whole, -1) > SHOWN_MAX
                               ? g_utf8_substring(whole, 0, SHOWN_MAX)
                               : g_strdup(whole);
    if (is_address(one, text))
        doc_complain(self, findings, FINDING_NOTE, line, "unused-definition", "no link uses '%s'",
                     cut);
    else
        doc_complain(self, findings, FINDING_WARNING, line, "unused-definition",
                     "'%s' isn't in the letter: it reads as the address of a link, which nothing "
                     "uses: write \\[ for [",
                     cut);
}

/* "[^1]: Later" of one word looks like an address, and is a note: a paragraph again. */
static void keep_note(Markdown *self, const Definition *one)
{
    cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    cmark_node *text = doc_text(one->whole);
    cmark_node_append_child(paragraph, text);
    doc_set_line(paragraph, placeholders_line(self->aside, one->line));
    cmark_node *before = NULL; /* the last block above it */
    for (cmark_node *at = cmark_node_first_child(self->root); at; at = cmark_node_next(at))
        if (cmark_node_get_start_line(at) > 0 && cmark_node_get_start_line(at) < (int)one->line)
            before = at;
    if (before)
        cmark_node_insert_after(before, paragraph);
    else
        cmark_node_prepend_child(self->root, paragraph);
}

void definitions_read(Markdown *self, Findings *findings)
{
    const char *text = placeholders_text(self->aside);
    g_autoptr(GArray) found = find(text);
    if (!found->len)
        return;
    settle(self, text, found);
    for (guint i = 0; i < found->len; i++) {
        const Definition *one = &g_array_index(found, Definition, i);
        if (one->is_text)
            continue;
        if (*one->label == '^') {
            keep_note(self, one);
            continue;
        }
        g_string_append_printf(self->definitions, "\n\n%s\n", one->whole);
        if (!one->is_used && !is_comment(one, text))
            report(self, one, text, findings);
    }
}
