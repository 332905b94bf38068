/* markdown - an update's Markdown, read once into a tree */
#include "markup/markdown.h"

#include <cmark.h>
#include <string.h>

#include "base/error.h"
#include "markup/doc.h"

enum { ROUNDS = 8 }; /* readings until every block section has found its place; two are usual */

/* --- the source ------------------------------------------------------------------------------ */

static gboolean is_sound(const char *source, gsize length, const char *file, guint first_line,
                         Findings *findings)
{
    const char *bad;
    if (length > MARKDOWN_SOURCE_MAX) {
        findings_add(findings, FINDING_ERROR, file, first_line, "too-long",
                     "an update of %" G_GSIZE_FORMAT
                     " bytes; at most %d are read: is this a letter?",
                     length, MARKDOWN_SOURCE_MAX);
        return FALSE;
    }
    if (g_utf8_validate_len(source, length, &bad))
        return TRUE;
    guint line = first_line;
    for (const char *p = source; p < bad; p++)
        line += *p == '\n';
    findings_add(findings, FINDING_ERROR, file, line, "not-utf8", "%s",
                 *bad ? "not UTF-8: save the file as UTF-8"
                      : "a NUL byte: this is no text file, or it is UTF-16: save it as UTF-8");
    return FALSE;
}

/* Line ends as "\n". Control characters become blanks: pasted from Word they are line or page
 * breaks, and none may pass for a mark of template/wrap.h. */
static char *clean(const char *source, gsize length)
{
    GString *text = g_string_sized_new(length + 1);
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)source[i];
        if (c == '\r')
            c = i + 1 < length && source[i + 1] == '\n' ? '\0' : '\n';
        else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
            c = ' ';
        if (c)
            g_string_append_c(text, (char)c);
    }
    return g_string_free(text, FALSE);
}

/* --- the tree -------------------------------------------------------------------------------- */

static gboolean is_block(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type >= CMARK_NODE_FIRST_BLOCK && type <= CMARK_NODE_LAST_BLOCK;
}

/* The writers go down the tree by recursion: it must not be deeper than people write. */
static gboolean is_shallow(const Markdown *self, Findings *findings)
{
    guint blocks = 0, spans = 0;
    gboolean fine = TRUE;
    cmark_event_type event;
    cmark_iter *iter = cmark_iter_new(self->root);
    while (fine && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        guint *depth = is_block(node) ? &blocks : &spans;
        if (!cmark_node_first_child(node))
            continue;
        if (event == CMARK_EVENT_EXIT) {
            --*depth;
            continue;
        }
        fine = ++*depth <= (is_block(node) ? MARKDOWN_DEPTH_MAX : MARKDOWN_SPANS_MAX);
        if (!fine)
            findings_add(findings, FINDING_ERROR, self->file, doc_line(self, node), "too-deep",
                         "more than %d %s within one another",
                         is_block(node) ? MARKDOWN_DEPTH_MAX : MARKDOWN_SPANS_MAX,
                         is_block(node) ? "lists and quotes" : "emphases and links");
    }
    cmark_iter_free(iter);
    return fine;
}

/* Headings of a part go down, as far as there are levels. */
static void shift_headings(cmark_node *root, int shift)
{
    if (!shift)
        return;
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            cmark_node_get_type(node) == CMARK_NODE_HEADING)
            cmark_node_set_heading_level(node, MIN(cmark_node_get_heading_level(node) + shift, 6));
    }
    cmark_iter_free(iter);
}

/* The lines `from` to `to` (not included, from 1) of the text as a tree of their own. The blank
 * lines before them leave their numbers as they are. */
static cmark_node *parse_part(const Markdown *self, const char *text, guint from, guint to)
{
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_SMART);
    for (guint line = 1; line < from; line++)
        cmark_parser_feed(parser, "\n", 1);
    gsize start = placeholders_offset(self->aside, from);
    gsize end = to ? placeholders_offset(self->aside, to) : strlen(text);
    cmark_parser_feed(parser, text + start, end - start);
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

/* Moves the blocks of a part to the end of the whole. */
static void join_part(cmark_node *root, cmark_node *part, int shift)
{
    shift_headings(part, shift);
    for (cmark_node *block; (block = cmark_node_first_child(part));)
        g_assert(cmark_node_append_child(root, block));
    cmark_node_free(part);
}

/* Reads the text. Parts are read each by itself: no code, list, comment or link definition of one
 * reaches into another. */
static cmark_node *parse_text(const Markdown *self)
{
    const char *text = placeholders_text(self->aside);
    cmark_node *root = NULL;
    guint from = 1;
    int shift = 0, next;
    for (guint i = 0; i <= placeholders_count(self->aside); i++) {
        gboolean last = i == placeholders_count(self->aside);
        if (!last && !placeholders_is_break(self->aside, i, &next))
            continue;
        guint to = last ? 0 : placeholders_tag(self->aside, i)->before;
        cmark_node *part = parse_part(self, text, from, to);
        if (root)
            join_part(root, part, shift);
        else
            root = part;
        from = to;
        shift = next;
    }
    return root;
}

/* Reads until every block section has its place. */
static gboolean parse(Markdown *self, Findings *findings)
{
    guint errors = findings_count(findings, FINDING_ERROR);
    for (guint round = 1; round <= ROUNDS; round++) {
        g_clear_pointer(&self->root, cmark_node_free);
        self->root = parse_text(self);
        if (!is_shallow(self, findings))
            return FALSE;
        gboolean settled = sections_settle(self, round == ROUNDS, findings);
        if (findings_count(findings, FINDING_ERROR) > errors)
            return FALSE;
        if (settled)
            break;
    }
    sections_attach(self);
    return TRUE;
}

/* What the name of a programming language is written in. */
#define LANGUAGE G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "+#-_."

/* A fence whose word is nearly "table". */
static void check_fence(const Markdown *self, cmark_node *code, Findings *findings)
{
    static const char *const words[] = {"table", "chart", NULL};
    static const char *const drawn[] = {"mermaid", "plantuml", "dot", "graphviz", "math", NULL};
    const char *info = cmark_node_get_fence_info(code);
    g_autofree char *word = g_ascii_strdown(info, (gssize)strcspn(info, " \t:,"));
    if (g_str_equal(word, "csv") || g_str_equal(word, "tsv"))
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, code), "stray-markup",
                     "'```%s' is shown as code: for a table write ```table", word);
    else if (g_strv_contains(drawn, word))
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, code), "stray-markup",
                     "'```%s' is shown as code, and nothing is drawn of it: save a picture", word);
    else if (*word && !table_is_asked(info) && nearest_word(word, words))
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, code), "stray-markup",
                     "'```%s' is shown as code: for a table write ```table, for bars ```chart",
                     word);
    else if (!table_is_asked(info) && strspn(info, LANGUAGE) < strlen(info))
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, code), "stray-markup",
                     "'%.60s' isn't in the letter: it stands behind the marks that begin code",
                     info);
}

/* "-----  -----" below a line is a table of another dialect, and here a rule. */
static void check_rule(const Markdown *self, cmark_node *rule, Findings *findings)
{
    int number = cmark_node_get_start_line(rule);
    g_autofree char *line = number > 0 ? placeholders_text_line(self->aside, (guint)number) : NULL;
    if (line && g_regex_match_simple("^[ >]*-{3,}(?: +-{3,})+ *$", line, 0, 0))
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, rule), "pipe-table",
                     "a table drawn with hyphens alone is none: put | between its columns, or "
                     "write a block ```table with commas");
}

/* Fenced tables and drawn ones, and what stands in their cells. */
static gboolean read_tables(Markdown *self, Findings *findings)
{
    gboolean fine = TRUE;
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_THEMATIC_BREAK)
            check_rule(self, node, findings);
        if (cmark_node_get_type(node) != CMARK_NODE_CODE_BLOCK)
            continue;
        check_fence(self, node, findings);
        if (!table_is_asked(cmark_node_get_fence_info(node)))
            continue;
        Table *table = table_new(cmark_node_get_fence_info(node), cmark_node_get_literal(node),
                                 self->aside, self->file, doc_line(self, node) + 1, findings);
        fine &= table != NULL;
        if (table && table_is_chart(cmark_node_get_fence_info(node)))
            fine &= barchart_measure(self, table, findings);
        if (table)
            g_ptr_array_add(self->tables, table);
        cmark_node_set_user_data(node, table);
    }
    cmark_iter_free(iter);
    fine &= pipetables_read(self, findings);
    for (guint i = 0; i < self->tables->len; i++)
        table_read_cells(self, g_ptr_array_index(self->tables, i));
    return fine;
}

static gboolean read_all(Markdown *self, Findings *findings)
{
    guint errors = findings_count(findings, FINDING_ERROR);
    if (!parse(self, findings))
        return FALSE;
    definitions_read(self, findings);
    if (!read_tables(self, findings))
        return FALSE;
    containers_read(self, findings);
    rawhtml_replace(self, findings);
    strike(self);
    footnotes_read(self, findings);
    indented_check(self, findings);
    signs_restore(self, findings);
    quotes_settle(self);
    hoist(self);
    if (!is_shallow(self, findings))
        return FALSE;
    tidy(self, findings);
    github_read(self);
    for (guint i = 0; i < self->tables->len; i++)
        table_settle(g_ptr_array_index(self->tables, i));
    sections_check(self, findings);
    return findings_count(findings, FINDING_ERROR) == errors;
}

/* --- the Markdown ---------------------------------------------------------------------------- */

static void image_free(gpointer data)
{
    MarkdownImage *image = data;
    g_free(image->path);
    g_free(image->cid);
    g_free(image->alt);
    g_free(image);
}

static void any_table_free(gpointer table)
{
    table_free(table);
}

Markdown *markdown_new(const char *source, gsize length, const char *file, guint first_line,
                       Findings *findings)
{
    if (!is_sound(source, length, file, first_line, findings))
        return NULL;
    g_autofree char *text = clean(source, length);
    g_autoptr(Placeholders) aside =
        placeholders_new(text, strlen(text), file, first_line, findings);
    if (!aside)
        return NULL;
    Markdown *self = g_new0(Markdown, 1);
    self->file = g_strdup(file);
    self->aside = g_steal_pointer(&aside);
    self->swap = -1;
    self->definitions = g_string_new(NULL);
    self->questions = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    self->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    self->facts = g_hash_table_new(NULL, NULL);
    self->cells = cmark_node_new(CMARK_NODE_DOCUMENT);
    self->images = g_ptr_array_new_with_free_func(image_free);
    self->tables = g_ptr_array_new_with_free_func(any_table_free);
    self->ids = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    self->closed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (read_all(self, findings))
        return self;
    markdown_free(self);
    return NULL;
}

void markdown_free(Markdown *self)
{
    if (!self)
        return;
    if (self->root)
        cmark_node_free(self->root);
    cmark_node_free(self->cells);
    g_string_free(self->definitions, TRUE);
    g_ptr_array_unref(self->images);
    g_ptr_array_unref(self->tables);
    g_hash_table_unref(self->ids);
    g_hash_table_unref(self->closed);
    placeholders_free(self->aside);
    g_ptr_array_unref(self->questions);
    g_ptr_array_unref(self->events);
    g_hash_table_unref(self->facts);
    g_free(self->answers);
    g_free(self->lang);
    g_free(self->title);
    g_free(self->file);
    g_free(self);
}

void markdown_set_direction(Markdown *self, gboolean rtl)
{
    self->rtl = rtl;
}

gboolean markdown_set_swap(Markdown *self, const char *field, guint line)
{
    cmark_node *pair = NULL;
    self->swap = placeholders_add_choice(self->aside, field, line);
    cmark_iter *iter = cmark_iter_new(self->root);
    while (!pair && cmark_iter_next(iter) != CMARK_EVENT_DONE)
        pair = doc_swapped(self, cmark_iter_get_node(iter));
    cmark_iter_free(iter);
    return pair != NULL;
}

const GPtrArray *markdown_images(const Markdown *self)
{
    return self->images;
}

const char *markdown_title(const Markdown *self)
{
    return self->title;
}

gboolean markdown_has_title(const Markdown *self)
{
    return self->has_title;
}

char *markdown_library(void)
{
    return g_strconcat("cmark ", cmark_version_string(), NULL);
}
