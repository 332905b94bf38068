/* outline - an update's blocks, links and pictures as plain words with their lines */
#include "render/outline.h"

#include <string.h>

#include "markup/doc.h"

typedef struct {
    const Markdown *doc;
    Outline *outline;
    guint guards;     /* sections that are open */
    guint nested;     /* list items and quotes that are open */
    const char *lang; /* of the language box that is open, or NULL */
} Outlining;

static void block_free(gpointer data)
{
    OutlineBlock *block = data;
    g_free(block->text);
    g_free(block->ends);
    g_array_unref(block->lines);
    g_free(block);
}

static void link_free(gpointer data)
{
    OutlineLink *link = data;
    g_free(link->text);
    g_free(link->url);
    g_free(link);
}

static void deleted_free(gpointer data)
{
    OutlineDeleted *deleted = data;
    g_free(deleted->text);
    g_free(deleted);
}

static OutlineBlock *add_block(Outlining *in, OutlineKind kind, guint line)
{
    OutlineBlock *block = g_new0(OutlineBlock, 1);
    block->kind = kind;
    block->nested = in->nested > 0;
    block->lang = in->lang;
    block->lines = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(block->lines, line);
    g_ptr_array_add(in->outline->blocks, block);
    return block;
}

static void heed_section(Outlining *in, const PlaceholderTag *tag)
{
    if (tag->kind == TAG_SECTION || tag->kind == TAG_INVERTED)
        in->guards++;
    else if (tag->kind == TAG_CLOSE && in->guards)
        in->guards--;
}

/* Appends the text with a mark in the place of each tag; TRUE when one of them was a field. */
static gboolean append_text(Outlining *in, GString *out, const char *text)
{
    const Placeholders *aside = in->doc->aside;
    const char *start, *end;
    gboolean field = FALSE;
    int index;
    while ((index = placeholders_find(aside, text, &start, &end)) >= 0) {
        const PlaceholderTag *tag = placeholders_tag(aside, (guint)index);
        gboolean is_value = tag->kind == TAG_VARIABLE || tag->kind == TAG_RAW;
        g_string_append_len(out, text, start - text);
        g_string_append(out, is_value ? OUTLINE_FIELD : OUTLINE_GUARD);
        heed_section(in, tag);
        field |= is_value;
        text = end;
    }
    g_string_append(out, text);
    return field;
}

/* --- what stands within a block -------------------------------------------------------------- */

static void read_inlines(Outlining *in, cmark_node *parent, OutlineBlock *block, GString *text);

static void read_link(Outlining *in, cmark_node *node, OutlineBlock *block, GString *text)
{
    OutlineLink *link = g_new0(OutlineLink, 1);
    g_autoptr(GString) url = g_string_new(NULL);
    gsize start = text->len;
    link->line = g_array_index(block->lines, guint, block->lines->len - 1);
    link->guarded = in->guards > 0;
    read_inlines(in, node, block, text);
    guint open = in->guards; /* what the target's own tags open is no matter of the words */
    link->has_field = append_text(in, url, cmark_node_get_url(node));
    in->guards = open;
    link->text = g_strstrip(g_strdup(text->str + start));
    link->url = g_strdup(url->str);
    block->links++;
    g_ptr_array_add(in->outline->links, link);
}

/* What is struck out is no part of what the letter says. */
static void read_deleted(Outlining *in, cmark_node *node, const OutlineBlock *block, GString *text)
{
    OutlineDeleted *deleted = g_new0(OutlineDeleted, 1);
    g_autofree char *words = doc_words(node);
    g_autoptr(GString) shown = g_string_new(NULL);
    guint open = in->guards;
    append_text(in, shown, words);
    in->guards = open;
    deleted->text = g_strdup(shown->str);
    deleted->line = g_array_index(block->lines, guint, block->lines->len - 1);
    g_ptr_array_add(in->outline->deleted, deleted);
    g_string_append(text, OUTLINE_GUARD);
}

/* A line ends: the next one is that of the words to come, where cmark knows it (begin_words). */
static void end_line(Outlining *in, cmark_node *node, OutlineBlock *block, GString *text)
{
    gboolean made = cmark_node_get_user_data(node) != NULL; /* no line of the source ends here */
    gboolean soft = cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK;
    while (node && cmark_node_get_type(node) > CMARK_NODE_LAST_BLOCK)
        node = cmark_node_parent(node);
    int first = node ? cmark_node_get_start_line(node) : 0;
    guint line = g_array_index(block->lines, guint, block->lines->len - 1);
    if (!made && doc_given_line(node))
        line++;
    else if (!made && first > 0)
        line = placeholders_line(in->doc->aside, (guint)first + block->lines->len);
    g_string_append_c(text, '\n');
    g_array_append_val(block->lines, line);
    char *ends = g_strconcat(block->ends ? block->ends : "", soft ? "s" : "h", NULL);
    g_free(block->ends);
    block->ends = ends;
}

/* cmark knows on which line a run of words stands: breaks that were made of tags, and code that
 * runs over several lines, don't shift what comes after them. */
static void begin_words(Outlining *in, cmark_node *node, OutlineBlock *block, const GString *text)
{
    int line = cmark_node_get_start_line(node);
    guint *last = &g_array_index(block->lines, guint, block->lines->len - 1);
    if (line > 0 && !doc_given_line(node) && text->len && text->str[text->len - 1] == '\n')
        *last = placeholders_line(in->doc->aside, (guint)line);
}

static void read_inlines(Outlining *in, cmark_node *parent, OutlineBlock *block, GString *text)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            begin_words(in, node, block, text);
        if (type == CMARK_NODE_TEXT)
            append_text(in, text, cmark_node_get_literal(node));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            end_line(in, node, block, text);
        else if (type == CMARK_NODE_LINK)
            read_link(in, node, block, text);
        else if (type == CMARK_NODE_CODE || type == CMARK_NODE_IMAGE)
            g_string_append(text, OUTLINE_FIELD);
        else if (doc_span(node) == DOC_NOTE)
            g_string_append(text, OUTLINE_GUARD);
        else if (doc_span(node) == DOC_DELETED)
            read_deleted(in, node, block, text);
        else
            read_inlines(in, node, block, text);
    }
}

static gboolean is_bold(cmark_node *paragraph)
{
    cmark_node *strong = cmark_node_first_child(paragraph);
    return strong && !cmark_node_next(strong) && cmark_node_get_type(strong) == CMARK_NODE_STRONG &&
           !doc_button(paragraph);
}

/* Whether words stand in the block that are no link's. */
static gboolean has_own_words(cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_LINK)
            continue;
        const char *literal = type == CMARK_NODE_TEXT ? cmark_node_get_literal(node) : NULL;
        for (const char *p = literal; p && *p; p = g_utf8_next_char(p))
            if (g_unichar_isalnum(g_utf8_get_char(p)))
                return TRUE;
        if (type == CMARK_NODE_CODE || type == CMARK_NODE_IMAGE || has_own_words(node))
            return TRUE;
    }
    return FALSE;
}

/* Whether a heading is one by the line of = or - below it. */
static gboolean is_underlined(const Outlining *in, cmark_node *heading)
{
    int first = cmark_node_get_start_line(heading);
    if (first <= 0 || cmark_node_get_end_line(heading) <= first)
        return FALSE;
    g_autofree char *line = placeholders_text_line(in->doc->aside, (guint)first);
    return line[strspn(line, " >\t")] != '#';
}

static void read_words(Outlining *in, cmark_node *node, OutlineKind kind)
{
    OutlineBlock *block = add_block(in, kind, doc_line(in->doc, node));
    g_autoptr(GString) text = g_string_new(NULL);
    if (kind == OUTLINE_HEADING)
        block->level = GPOINTER_TO_INT(cmark_node_get_user_data(node));
    block->underlined = kind == OUTLINE_HEADING && is_underlined(in, node);
    read_inlines(in, node, block, text);
    block->bold = is_bold(node) && !block->links;
    block->unlinked = has_own_words(node);
    block->text = g_strchomp(g_strdup(text->str));
    if (!block->ends)
        block->ends = g_strdup("");
}

/* --- tables ---------------------------------------------------------------------------------- */

/* A row's cells with their links, on one line. */
static void read_row(Outlining *in, const TableRow *row)
{
    OutlineBlock *block = add_block(in, OUTLINE_ROW, row->line);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint c = 0; row->cells[c]; c++) {
        if (c)
            g_string_append_c(text, '\t');
        gsize start = text->len;
        if (row->nodes[c])
            read_inlines(in, row->nodes[c], block, text);
        g_strdelimit(text->str + start, "\n\t", ' ');
    }
    g_array_set_size(block->lines, 1);
    g_array_index(block->lines, guint, 0) = row->line;
    block->text = g_strdup(text->str);
    block->unlinked = TRUE;
}

static void read_table(Outlining *in, const Table *table, guint line)
{
    if (table->caption) {
        g_autoptr(GString) text = g_string_new(NULL);
        append_text(in, text, table->caption);
        add_block(in, OUTLINE_CAPTION, line)->text = g_strdup(text->str);
    }
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        if (row->tag)
            heed_section(in, row->tag);
        else
            read_row(in, row);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

static gboolean is_nesting(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return (type == CMARK_NODE_ITEM && !doc_marker(node)) || type == CMARK_NODE_BLOCK_QUOTE;
}

/* The language that holds within the block around a node, or NULL. */
static const char *language_around(cmark_node *node)
{
    for (node = cmark_node_parent(node); node; node = cmark_node_parent(node))
        if (doc_box(node) == DOC_LANGUAGE)
            return g_intern_string(doc_language(node));
    return NULL;
}

static void enter(Outlining *in, cmark_node *node)
{
    if (doc_box(node) == DOC_LANGUAGE)
        in->lang = g_intern_string(doc_language(node));
    else if (doc_marker(node))
        heed_section(in, doc_marker(node));
    else if (is_nesting(node))
        in->nested++;
    else if (cmark_node_get_type(node) == CMARK_NODE_HEADING)
        read_words(in, node, OUTLINE_HEADING);
    else if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH)
        read_words(in, node, OUTLINE_PARAGRAPH);
    else if (doc_table(node))
        read_table(in, doc_table(node), doc_line(in->doc, node));
}

Outline *outline_new(const Markdown *markdown)
{
    Outlining in = {.doc = markdown, .outline = g_new0(Outline, 1)};
    in.outline->blocks = g_ptr_array_new_with_free_func(block_free);
    in.outline->links = g_ptr_array_new_with_free_func(link_free);
    in.outline->deleted = g_ptr_array_new_with_free_func(deleted_free);
    cmark_iter *iter = cmark_iter_new(markdown->root);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER)
            enter(&in, node);
        else if (is_nesting(node))
            in.nested--;
        else if (doc_box(node) == DOC_LANGUAGE)
            in.lang = language_around(node);
    }
    cmark_iter_free(iter);
    return in.outline;
}

void outline_free(Outline *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->blocks);
    g_ptr_array_unref(self->links);
    g_ptr_array_unref(self->deleted);
    g_free(self);
}

guint outline_line(const OutlineBlock *block, gsize offset)
{
    guint n = 0;
    for (gsize i = 0; i < offset && block->text[i]; i++)
        n += block->text[i] == '\n';
    return g_array_index(block->lines, guint, MIN(n, block->lines->len - 1));
}

guint outline_first_line(const Outline *self, guint otherwise)
{
    return self->blocks->len ? outline_line(g_ptr_array_index(self->blocks, 0), 0) : otherwise;
}
