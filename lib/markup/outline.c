/* outline - an update's blocks, links and pictures as plain words with their lines */
#include "markup/outline.h"

#include <string.h>

#include "markup/doc.h"

typedef struct {
    const Markdown *doc;
    Outline *outline;
    guint guards; /* sections that are open */
    guint nested; /* list items and quotes that are open */
} Outlining;

static void block_free(gpointer data)
{
    OutlineBlock *block = data;
    g_free(block->text);
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

static OutlineBlock *add_block(Outlining *in, OutlineKind kind, guint line)
{
    OutlineBlock *block = g_new0(OutlineBlock, 1);
    block->kind = kind;
    block->nested = in->nested > 0;
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

static void end_line(Outlining *in, cmark_node *node, OutlineBlock *block, GString *text)
{
    while (node && cmark_node_get_type(node) > CMARK_NODE_LAST_BLOCK)
        node = cmark_node_parent(node);
    int first = node ? cmark_node_get_start_line(node) : 0;
    guint line = first > 0 ? placeholders_line(in->doc->aside, (guint)first + block->lines->len)
                           : g_array_index(block->lines, guint, 0);
    g_string_append_c(text, '\n');
    g_array_append_val(block->lines, line);
}

static void read_inlines(Outlining *in, cmark_node *parent, OutlineBlock *block, GString *text)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT)
            append_text(in, text, cmark_node_get_literal(node));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            end_line(in, node, block, text);
        else if (type == CMARK_NODE_LINK)
            read_link(in, node, block, text);
        else if (type == CMARK_NODE_CODE || type == CMARK_NODE_IMAGE)
            g_string_append(text, OUTLINE_FIELD);
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

static void read_words(Outlining *in, cmark_node *node, OutlineKind kind)
{
    OutlineBlock *block = add_block(in, kind, doc_line(in->doc, node));
    g_autoptr(GString) text = g_string_new(NULL);
    if (kind == OUTLINE_HEADING)
        block->level = GPOINTER_TO_INT(cmark_node_get_user_data(node));
    read_inlines(in, node, block, text);
    block->bold = is_bold(node) && !block->links;
    block->unlinked = has_own_words(node);
    block->text = g_strchomp(g_strdup(text->str));
}

/* --- tables ---------------------------------------------------------------------------------- */

static void read_table(Outlining *in, const Table *table, guint line)
{
    if (table->caption) {
        g_autoptr(GString) text = g_string_new(NULL);
        append_text(in, text, table->caption);
        add_block(in, OUTLINE_CAPTION, line)->text = g_strdup(text->str);
    }
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        g_autoptr(GString) text = g_string_new(NULL);
        if (row->tag)
            heed_section(in, row->tag);
        if (!row->cells)
            continue;
        for (char **cell = row->cells; *cell; cell++) {
            g_autofree char *folded = g_strdelimit(g_strdup(*cell), "\n\t", ' ');
            if (cell > row->cells)
                g_string_append_c(text, '\t');
            append_text(in, text, folded);
        }
        OutlineBlock *block = add_block(in, OUTLINE_ROW, row->line);
        block->text = g_strdup(text->str);
        block->unlinked = TRUE;
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

static gboolean is_nesting(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return (type == CMARK_NODE_ITEM && !doc_marker(node)) || type == CMARK_NODE_BLOCK_QUOTE;
}

static void enter(Outlining *in, cmark_node *node)
{
    if (doc_marker(node))
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
    cmark_iter *iter = cmark_iter_new(markdown->root);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER)
            enter(&in, node);
        else if (is_nesting(node))
            in.nested--;
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
