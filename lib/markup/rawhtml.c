/* rawhtml - raw HTML in Markdown, replaced by the words, line breaks and links that it holds */
#include "markup/raw_parts.h"

#include <string.h>

enum { SPAN_MAX = 200 }; /* nodes between an inline tag and the one that closes it */

/* --- within a line --------------------------------------------------------------------------- */

static gboolean is_raw(cmark_node *node, RawPiece *piece)
{
    if (cmark_node_get_type(node) != CMARK_NODE_HTML_INLINE)
        return FALSE;
    const char *at = cmark_node_get_literal(node);
    return rawscan_next(&at, piece);
}

/* The sibling that closes `open`, or NULL. */
static cmark_node *find_close(cmark_node *open, const char *name)
{
    guint depth = 1, seen = 0;
    RawPiece piece;
    for (cmark_node *node = cmark_node_next(open); node && seen++ < SPAN_MAX;
         node = cmark_node_next(node)) {
        if (!is_raw(node, &piece) || !g_str_equal(piece.name, name))
            continue;
        if (piece.kind == RAW_OPEN)
            depth++;
        else if (piece.kind == RAW_CLOSE && --depth == 0)
            return node;
    }
    return NULL;
}

static gboolean has_link(cmark_node *from, cmark_node *to)
{
    for (cmark_node *node = from; node != to; node = cmark_node_next(node)) {
        cmark_iter *iter = cmark_iter_new(node);
        gboolean found = FALSE;
        while (!found && cmark_iter_next(iter) != CMARK_EVENT_DONE)
            found = cmark_node_get_type(cmark_iter_get_node(iter)) == CMARK_NODE_LINK;
        cmark_iter_free(iter);
        if (found)
            return TRUE;
    }
    return FALSE;
}

static gboolean within_link(cmark_node *node)
{
    for (; node; node = cmark_node_parent(node))
        if (cmark_node_get_type(node) == CMARK_NODE_LINK)
            return TRUE;
    return FALSE;
}

/* Makes what stands between two tags the children of a link or emphasis before them. */
static cmark_node *wrap(cmark_node *open, cmark_node *close, cmark_node *around)
{
    cmark_node_insert_before(open, around);
    while (cmark_node_next(open) != close)
        cmark_node_append_child(around, cmark_node_next(open));
    doc_drop(close);
    return around;
}

/* An <a href>: a link around what follows, or before it when a link can't be there. */
static cmark_node *replace_link(cmark_node *open, const RawPiece *piece)
{
    g_autofree char *href = rawscan_attribute(piece, "href");
    cmark_node *close = find_close(open, "a");
    if (!href || !*href || within_link(cmark_node_parent(open)))
        return NULL;
    if (close && !has_link(cmark_node_next(open), close))
        return wrap(open, close, raw_link(href, NULL));
    cmark_node *link = raw_link(href, href);
    cmark_node_insert_before(open, link);
    cmark_node_insert_before(open, doc_text(" "));
    return link;
}

static void skip_to_close(cmark_node *open, const char *name)
{
    cmark_node *close = find_close(open, name);
    while (close && cmark_node_next(open) != close)
        doc_drop(cmark_node_next(open));
}

/* Puts before an inline tag what is to stand for it; returns that, or NULL for nothing. */
static cmark_node *replace_tag(cmark_node *node, const RawPiece *piece)
{
    cmark_node *close, *with = NULL;
    gboolean opens = piece->kind == RAW_OPEN;
    DocSpan span = opens ? raw_span(piece->name) : DOC_NO_SPAN;
    if (span && (close = find_close(node, piece->name)) && cmark_node_next(node) != close)
        return wrap(node, close, doc_span_new(span));
    switch (rawscan_role(piece->name)) {
    case RAW_LINK:
        return opens ? replace_link(node, piece) : NULL;
    case RAW_STRONG:
    case RAW_EMPH:
        close = opens ? find_close(node, piece->name) : NULL;
        if (!close || cmark_node_next(node) == close)
            return NULL;
        return wrap(node, close,
                    cmark_node_new(rawscan_role(piece->name) == RAW_STRONG ? CMARK_NODE_STRONG
                                                                           : CMARK_NODE_EMPH));
    case RAW_SKIP:
        if (opens)
            skip_to_close(node, piece->name);
        return NULL;
    case RAW_IMAGE:
        with = opens ? raw_picture(piece) : NULL;
        break;
    case RAW_MEDIA:
        with = opens && !within_link(node) ? raw_media(piece) : NULL;
        break;
    case RAW_BREAK:
        with = raw_break(CMARK_NODE_LINEBREAK);
        break;
    case RAW_BLOCK:
    case RAW_RULE:
    case RAW_HEADING:
    case RAW_ITEM:
    case RAW_CELL:
        with = raw_break(CMARK_NODE_SOFTBREAK); /* or two cells would run together */
        break;
    case RAW_INLINE:
        with = raw_quote(piece);
        break;
    case RAW_UNKNOWN:
        with = doc_text(cmark_node_get_literal(node));
        break;
    }
    if (with)
        cmark_node_insert_before(node, with);
    return with;
}

static cmark_node *replace_piece(cmark_node *node, const RawPiece *piece)
{
    switch (piece->kind) {
    case RAW_OPEN:
    case RAW_CLOSE:
        return replace_tag(node, piece);
    case RAW_TEXT: { /* CDATA */
        g_autofree char *text = g_strndup(piece->start, (gsize)(piece->end - piece->start));
        cmark_node_insert_before(node, doc_text(text));
        return NULL;
    }
    case RAW_COMMENT:
        return NULL;
    }
    g_assert_not_reached();
}

static void replace_inlines(RawReport *report, cmark_node *parent)
{
    RawPiece piece;
    for (cmark_node *node = cmark_node_first_child(parent), *next; node; node = next) {
        if (!is_raw(node, &piece)) {
            replace_inlines(report, node);
            next = cmark_node_next(node);
            continue;
        }
        gboolean is_tag = piece.kind == RAW_OPEN || piece.kind == RAW_CLOSE;
        cmark_node *with;
        if (is_tag && raw_is_words(report->self, &piece)) {
            with = doc_text(cmark_node_get_literal(node));
            cmark_node_insert_before(node, with);
        } else {
            if (is_tag || (piece.kind == RAW_COMMENT && !rawscan_is_remark(&piece)))
                raw_report(report, doc_line(report->self, node), &piece);
            with = replace_piece(node, &piece);
        }
        if (with)
            replace_inlines(report, with);
        next = cmark_node_next(node);
        doc_drop(node);
    }
}

static gboolean follows(cmark_node *one, cmark_node *other)
{
    return cmark_node_next(one) == other;
}

static void replace_blocks(RawReport *report)
{
    g_autoptr(GPtrArray) blocks = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(report->self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
            g_ptr_array_add(blocks, node);
    }
    cmark_iter_free(iter);
    for (guint i = 0, count; i < blocks->len; i += count) {
        cmark_node **from = (cmark_node **)blocks->pdata + i;
        for (count = 1; i + count < blocks->len && follows(from[count - 1], from[count]); count++)
            ;
        rawblock_replace(report, from, count);
    }
    for (guint i = 0; i < blocks->len; i++)
        doc_drop(g_ptr_array_index(blocks, i));
}

/* --- around blocks ---------------------------------------------------------------------------- */

/* The span that a block of HTML opens (or closes), if it does nothing else: "<del>" alone. */
static DocSpan lone_span(cmark_node *node, RawKind kind)
{
    RawPiece piece;
    if (!node || cmark_node_get_type(node) != CMARK_NODE_HTML_BLOCK)
        return DOC_NO_SPAN;
    const char *at = cmark_node_get_literal(node) + strspn(cmark_node_get_literal(node), " \n");
    if (!rawscan_next(&at, &piece) || piece.kind != kind || at[strspn(at, " \n")])
        return DOC_NO_SPAN;
    return raw_span(piece.name);
}

/* Puts all that stands in a paragraph or heading into a span of its own. */
static void fill_span(cmark_node *block, DocSpan span)
{
    cmark_node *around = doc_span_new(span);
    while (cmark_node_first_child(block))
        cmark_node_append_child(around, cmark_node_first_child(block));
    cmark_node_append_child(block, around);
}

static void span_within(cmark_node *block, DocSpan span)
{
    cmark_node_type type = cmark_node_get_type(block);
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING)
        fill_span(block, span);
    else if (type != CMARK_NODE_HTML_BLOCK && type != CMARK_NODE_CODE_BLOCK)
        for (cmark_node *at = cmark_node_first_child(block); at; at = cmark_node_next(at))
            span_within(at, span);
}

/* "<del>" and "</del>", each a block by itself, and whole paragraphs between them. */
static void span_blocks(cmark_node *parent)
{
    for (cmark_node *open = cmark_node_first_child(parent), *next; open; open = next) {
        DocSpan span = lone_span(open, RAW_OPEN);
        cmark_node *close = cmark_node_next(open);
        next = close;
        for (guint seen = 0; span && close && lone_span(close, RAW_CLOSE) != span; seen++)
            close = seen < SPAN_MAX ? cmark_node_next(close) : NULL;
        if (!span || !close) {
            span_blocks(open);
            continue;
        }
        for (cmark_node *at = cmark_node_next(open); at != close; at = cmark_node_next(at))
            span_within(at, span);
        next = cmark_node_next(close);
        doc_drop(open);
        doc_drop(close);
    }
}

/* The names in "</name>", wherever they stand. */
static void find_closed(Markdown *self)
{
    const char *text = placeholders_source(self->aside);
    for (const char *at = text; (at = strstr(at, "</")); at += 2) {
        gsize length = strspn(at + 2, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ":-_");
        if (length && length <= RAW_NAME_MAX)
            g_hash_table_add(self->closed, g_ascii_strdown(at + 2, (gssize)length));
    }
}

void rawhtml_replace(Markdown *self, Findings *findings)
{
    RawReport report = {.self = self, .findings = findings, .tags = g_string_new(NULL)};
    find_closed(self);
    span_blocks(self->root);
    replace_blocks(&report);
    replace_inlines(&report, self->root);
    replace_inlines(&report, self->cells);
    raw_report_end(&report);
    g_string_free(report.tags, TRUE);
}
