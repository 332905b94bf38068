/* hoist - a section that is all there is in a block stands around the block
 *
 * "- {{#trust}}for schools of {{trust}}{{/trust}}" leaves no bullet where there is no trust, and a
 * link or a button whose words are a section goes with them: no reader gets a block that is empty.
 */
#include <string.h>

#include "markup/doc.h"

/* --- words ----------------------------------------------------------------------------------- */

static gboolean opens(const PlaceholderTag *tag)
{
    return tag->kind == TAG_SECTION || tag->kind == TAG_INVERTED;
}

/* The section that opens before the first word in a node and closes behind its last; NULL when
 * there is none, or the node has more than text at its ends. */
static const PlaceholderTag *section_of(const Placeholders *aside, cmark_node *node)
{
    cmark_node *first = cmark_node_first_child(node), *last = cmark_node_last_child(node);
    if (!first || cmark_node_get_type(first) != CMARK_NODE_TEXT ||
        cmark_node_get_type(last) != CMARK_NODE_TEXT)
        return NULL;
    const char *head = cmark_node_get_literal(first), *start, *end;
    int opening = placeholders_find(aside, head, &start, &end), closing = -1;
    if (opening < 0 || start != head + strspn(head, " ") ||
        !opens(placeholders_tag(aside, (guint)opening)))
        return NULL;
    const char *at = cmark_node_get_literal(last);
    for (int index; (index = placeholders_find(aside, at, &start, &at)) >= 0;)
        closing = at[strspn(at, " ")] ? -1 : index;
    return closing >= 0 && placeholders_tag(aside, (guint)opening)->mate == (guint)closing
               ? placeholders_tag(aside, (guint)opening)
               : NULL;
}

static void drop_empty(cmark_node *node)
{
    if (!node || cmark_node_get_type(node) != CMARK_NODE_TEXT || *cmark_node_get_literal(node) ||
        (!cmark_node_next(node) && !cmark_node_previous(node)))
        return;
    doc_drop(node);
}

/* Takes the words of the section's two tags out of the node. */
static void take_out(const Placeholders *aside, cmark_node *node)
{
    cmark_node *first = cmark_node_first_child(node), *last = cmark_node_last_child(node);
    const char *start, *end;
    placeholders_find(aside, cmark_node_get_literal(first), &start, &end);
    g_autofree char *rest = g_strdup(end);
    cmark_node_set_literal(first, rest);
    const char *tail = cmark_node_get_literal(last);
    for (const char *at = tail; placeholders_find(aside, at, &start, &at) >= 0;)
        ;
    g_autofree char *before = g_strndup(tail, (gsize)(start - tail));
    cmark_node_set_literal(last, before);
    drop_empty(first);
    drop_empty(cmark_node_last_child(node));
}

static cmark_node *word_node(const Placeholders *aside, const PlaceholderTag *tag)
{
    g_autofree char *word = placeholders_word(aside, placeholders_index(aside, tag));
    cmark_node *text = doc_text(word);
    return text;
}

/* The pair of tags to be put around a node that a section fills, the first one's index; -1 for
 * none. A section of rows repeats what is in it: it stays, and a question whether there are any is
 * asked around the node. One that never repeats is taken out of it. */
static int pair_around(const Markdown *self, cmark_node *node)
{
    const PlaceholderTag *tag = section_of(self->aside, node);
    if (!tag || g_str_equal(tag->name, "."))
        return -1;
    guint index = placeholders_index(self->aside, tag);
    if (tag->kind == TAG_SECTION && !g_str_has_suffix(tag->name, ".any"))
        return placeholders_add_guard(self->aside, index);
    take_out(self->aside, node);
    return (int)index;
}

/* The other tag of such a pair. */
static const PlaceholderTag *mate_of(const Markdown *self, int index)
{
    return placeholders_tag(self->aside, placeholders_tag(self->aside, (guint)index)->mate);
}

/* --- within a line --------------------------------------------------------------------------- */

/* A section that fills a link or an emphasis is put around it. */
static void hoist_inline(const Markdown *self, cmark_node *node)
{
    int index = pair_around(self, node);
    if (index < 0)
        return;
    cmark_node_insert_before(node,
                             word_node(self->aside, placeholders_tag(self->aside, (guint)index)));
    cmark_node_insert_after(node, word_node(self->aside, mate_of(self, index)));
}

static gboolean is_span(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_LINK || type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG ||
           type == CMARK_NODE_CUSTOM_INLINE;
}

/* --- blocks ---------------------------------------------------------------------------------- */

static cmark_node *marker_of(const PlaceholderTag *tag, gboolean in_list)
{
    cmark_node *marker = cmark_node_new(in_list ? CMARK_NODE_ITEM : CMARK_NODE_CUSTOM_BLOCK);
    cmark_node_set_user_data(marker, (PlaceholderTag *)tag);
    return marker;
}

/* The first block within another that says something of its own: the heading of a callout, "Note",
 * says nothing alone. */
static cmark_node *first_said(cmark_node *parent)
{
    cmark_node *first = cmark_node_first_child(parent);
    gboolean made = first && cmark_node_get_type(parent) == CMARK_NODE_BLOCK_QUOTE &&
                    cmark_node_get_type(first) == CMARK_NODE_PARAGRAPH &&
                    !cmark_node_get_start_line(first) && doc_given_line(first) &&
                    !cmark_node_get_start_line(parent) && cmark_node_next(first);
    return made ? cmark_node_next(first) : first;
}

/* The outermost block that holds nothing else: an item's only paragraph is the item, a quote's is
 * the quote. A list's only item stays: the list has other rules (markup/section.c). */
static cmark_node *outermost(cmark_node *block)
{
    for (;;) {
        cmark_node *parent = cmark_node_parent(block);
        cmark_node_type type = cmark_node_get_type(parent);
        gboolean alone = first_said(parent) == block && !cmark_node_next(block);
        if (!alone || (type != CMARK_NODE_ITEM && type != CMARK_NODE_BLOCK_QUOTE &&
                       type != CMARK_NODE_LIST && doc_box(parent) != DOC_SIGNATURE))
            return block;
        block = parent;
    }
}

static void hoist_block(const Markdown *self, cmark_node *block)
{
    int index = pair_around(self, block);
    if (index < 0)
        return;
    cmark_node *around = outermost(block);
    gboolean in_list = cmark_node_get_type(around) == CMARK_NODE_ITEM;
    cmark_node *open = marker_of(placeholders_tag(self->aside, (guint)index), in_list);
    cmark_node *close = marker_of(mate_of(self, index), in_list);
    g_assert(cmark_node_insert_before(around, open));
    g_assert(cmark_node_insert_after(around, close));
}

/* A quote, callout or signature of which one section on lines of its own is all: the question
 * whether there is anything stands around it, too. */
static void hoist_box(const Markdown *self, cmark_node *box)
{
    cmark_node *first = first_said(box), *last = cmark_node_last_child(box);
    const PlaceholderTag *open = first ? doc_marker(first) : NULL, *close = doc_marker(last);
    if (!open || !close || !opens(open) || g_str_equal(open->name, ".") ||
        open->mate != placeholders_index(self->aside, close) ||
        cmark_node_get_type(cmark_node_parent(box)) == CMARK_NODE_LIST)
        return;
    if (open->kind == TAG_SECTION && !g_str_has_suffix(open->name, ".any")) {
        int index = placeholders_add_guard(self->aside, placeholders_index(self->aside, open));
        if (index < 0)
            return;
        first = marker_of(placeholders_tag(self->aside, (guint)index), FALSE);
        last = marker_of(mate_of(self, index), FALSE);
    }
    cmark_node_unlink(first);
    cmark_node_unlink(last);
    g_assert(cmark_node_insert_before(box, first));
    g_assert(cmark_node_insert_after(box, last));
}

/* From within outwards: a section around a link may be all there is in its paragraph. */
static void hoist_within(const Markdown *self, cmark_node *node, gboolean in_cell)
{
    for (cmark_node *child = cmark_node_first_child(node), *next; child; child = next) {
        next = cmark_node_next(child);
        if (!doc_marker(child))
            hoist_within(self, child, in_cell);
    }
    if (is_span(node)) {
        hoist_inline(self, node);
        return;
    }
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_BLOCK_QUOTE || doc_box(node) == DOC_SIGNATURE)
        hoist_box(self, node);
    if (in_cell || (type != CMARK_NODE_PARAGRAPH && type != CMARK_NODE_HEADING))
        return;
    cmark_consolidate_text_nodes(node);
    hoist_block(self, node);
}

/* The section that fills every cell of a row, by its name; NULL when there is none. */
static const PlaceholderTag *section_of_row(const Markdown *self, const TableRow *row)
{
    const PlaceholderTag *all = NULL;
    for (guint c = 0; row->cells && row->cells[c]; c++) {
        const PlaceholderTag *tag = row->nodes[c] ? section_of(self->aside, row->nodes[c]) : NULL;
        if (!tag || g_str_equal(tag->name, ".") ||
            (all && (all->kind != tag->kind || !g_str_equal(all->name, tag->name))))
            return NULL;
        all = tag;
    }
    return all;
}

static TableRow *row_of(const PlaceholderTag *tag)
{
    TableRow *row = g_new0(TableRow, 1);
    row->tag = tag;
    return row;
}

/* A row of which a section would leave nothing but empty cells goes with it. */
static void hoist_rows(const Markdown *self, Table *table)
{
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        const PlaceholderTag *tag = section_of_row(self, row);
        int index = tag ? pair_around(self, row->nodes[0]) : -1;
        if (index < 0)
            continue;
        const PlaceholderTag *open = placeholders_tag(self->aside, (guint)index);
        for (guint c = 1; open->kind == tag->kind && row->cells[c]; c++)
            if (g_str_equal(open->name, tag->name))
                take_out(self->aside, row->nodes[c]);
        g_ptr_array_insert(table->rows, (int)r, row_of(open));
        g_ptr_array_insert(table->rows, (int)r + 2, row_of(mate_of(self, index)));
        r += 2;
    }
}

void hoist(Markdown *self)
{
    cmark_consolidate_text_nodes(self->root);
    hoist_within(self, self->root, FALSE);
    cmark_consolidate_text_nodes(self->cells);
    for (guint i = 0; i < self->tables->len; i++)
        hoist_rows(self, g_ptr_array_index(self->tables, i));
    hoist_within(self, self->cells, TRUE);
}
