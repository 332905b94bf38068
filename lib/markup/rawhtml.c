/* rawhtml - raw HTML in Markdown, replaced by the words, line breaks and links that it holds */
#include "markup/doc.h"

#include <string.h>

#include "markup/rawscan.h"

enum { SPAN_MAX = 200 }; /* nodes between an inline tag and the one that closes it */

static cmark_node *new_text(const char *text)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, text);
    return node;
}

static cmark_node *new_link(const char *url, const char *text)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
    cmark_node_set_url(link, url);
    if (text)
        cmark_node_append_child(link, new_text(text));
    return link;
}

/* What an <img> or an <iframe> leaves: an image that tidy() makes a link of, a link, words, or
 * NULL. */
static cmark_node *new_picture(const RawPiece *tag)
{
    g_autofree char *src = rawscan_attribute(tag, "src");
    g_autofree char *alt = rawscan_attribute(tag, "alt");
    /* A picture that nobody described is decoration, or counts who opens the letter. */
    if (!alt || !*g_strstrip(alt))
        return NULL;
    if (!src || !g_regex_match_simple("^https?:", src, G_REGEX_CASELESS, 0))
        return new_text(alt);
    cmark_node *image = cmark_node_new(CMARK_NODE_IMAGE);
    cmark_node_set_url(image, src);
    cmark_node_append_child(image, new_text(alt));
    return image;
}

static cmark_node *new_media(const RawPiece *tag)
{
    g_autofree char *src = rawscan_attribute(tag, "src");
    g_autofree char *title = rawscan_attribute(tag, "title");
    if (!src || !*src)
        return NULL;
    return new_link(src, title && *title ? title : src);
}

static void warn(Markdown *self, guint line, Findings *findings)
{
    doc_complain(self, findings, FINDING_WARNING, line, "raw-html",
                 "raw HTML is left out; its words and links are kept: write it in Markdown");
}

/* --- within a line
 * ----------------------------------------------------------------------------------- */

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

static void drop(cmark_node *node)
{
    cmark_node_unlink(node);
    cmark_node_free(node);
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
    drop(close);
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
        return wrap(open, close, new_link(href, NULL));
    cmark_node *link = new_link(href, href);
    cmark_node_insert_before(open, link);
    cmark_node_insert_before(open, new_text(" "));
    return link;
}

static void skip_to_close(cmark_node *open, const char *name)
{
    cmark_node *close = find_close(open, name);
    while (close && cmark_node_next(open) != close)
        drop(cmark_node_next(open));
}

/* Puts before an inline tag what is to stand for it; returns that, or NULL for nothing. */
static cmark_node *replace_tag(cmark_node *node, const RawPiece *piece)
{
    cmark_node *close, *with = NULL;
    gboolean opens = piece->kind == RAW_OPEN;
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
        with = opens ? new_picture(piece) : NULL;
        break;
    case RAW_MEDIA:
        with = opens && !within_link(node) ? new_media(piece) : NULL;
        break;
    case RAW_BREAK:
        with = cmark_node_new(CMARK_NODE_LINEBREAK);
        break;
    case RAW_BLOCK:
    case RAW_RULE:
    case RAW_HEADING:
    case RAW_ITEM:
    case RAW_CELL:
        with = cmark_node_new(CMARK_NODE_SOFTBREAK); /* or two cells would run together */
        break;
    case RAW_INLINE:
        break;
    case RAW_UNKNOWN:
        with = new_text(cmark_node_get_literal(node));
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
        cmark_node_insert_before(node, new_text(text));
        return NULL;
    }
    case RAW_COMMENT:
        return NULL;
    }
    g_assert_not_reached();
}

static void replace_inlines(Markdown *self, cmark_node *parent, Findings *findings)
{
    RawPiece piece;
    guint warned = 0;
    for (cmark_node *node = cmark_node_first_child(parent), *next; node; node = next) {
        if (!is_raw(node, &piece)) {
            replace_inlines(self, node, findings);
            next = cmark_node_next(node);
            continue;
        }
        guint line = doc_line(self, node);
        if (piece.kind != RAW_COMMENT && line != warned)
            warn(self, warned = line, findings);
        cmark_node *with = replace_piece(node, &piece);
        if (with)
            replace_inlines(self, with, findings);
        next = cmark_node_next(node);
        drop(node);
    }
}

/* --- blocks of HTML
 * ------------------------------------------------------------------------------------ */

typedef struct {
    cmark_node *before; /* the HTML block; what it leaves stands before it */
    cmark_node *block;  /* the paragraph or heading being filled, or NULL */
    cmark_node *link;   /* an open <a> in it, or NULL */
    GString *text;      /* words not yet put into a node */
} Blocks;

static cmark_node *current(Blocks *in)
{
    if (!in->block) {
        in->block = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_insert_before(in->before, in->block);
    }
    return in->link ? in->link : in->block;
}

/* Puts the collected words, white space folded, into the block. */
static void flush_text(Blocks *in)
{
    g_autoptr(GString) folded = g_string_new(NULL);
    gboolean at_start = !in->block || !cmark_node_first_child(current(in));
    for (const char *p = in->text->str; *p; p++) {
        if (!g_ascii_isspace(*p))
            g_string_append_c(folded, *p);
        else if (folded->len ? folded->str[folded->len - 1] != ' ' : !at_start)
            g_string_append_c(folded, ' ');
    }
    if (folded->len && !(at_start && g_str_equal(folded->str, " ")))
        cmark_node_append_child(current(in), new_text(folded->str));
    g_string_truncate(in->text, 0);
}

static void end_link(Blocks *in)
{
    flush_text(in);
    in->link = NULL;
}

static void end_block(Blocks *in)
{
    end_link(in);
    if (in->block && !cmark_node_first_child(in->block))
        drop(in->block);
    in->block = NULL;
}

static void add_inline(Blocks *in, cmark_node *node)
{
    flush_text(in);
    if (node)
        cmark_node_append_child(current(in), node);
}

static void open_link(Blocks *in, const RawPiece *piece)
{
    g_autofree char *href = rawscan_attribute(piece, "href");
    end_link(in);
    if (!href || !*href)
        return;
    cmark_node *link = new_link(href, NULL);
    cmark_node_append_child(current(in), link);
    in->link = link;
}

static void open_heading(Blocks *in, const RawPiece *piece)
{
    in->block = cmark_node_new(CMARK_NODE_HEADING);
    cmark_node_set_heading_level(in->block, piece->name[1] - '0');
    cmark_node_insert_before(in->before, in->block);
}

static void take_block_tag(Blocks *in, const RawPiece *piece)
{
    gboolean opens = piece->kind == RAW_OPEN;
    RawRole role = rawscan_role(piece->name);
    switch (role) {
    case RAW_RULE:
    case RAW_BLOCK:
    case RAW_HEADING:
    case RAW_ITEM:
        end_block(in);
        if (role == RAW_HEADING && opens)
            open_heading(in, piece);
        else if (role == RAW_ITEM && opens)
            g_string_append(in->text, "• ");
        else if (role == RAW_RULE)
            cmark_node_insert_before(in->before, cmark_node_new(CMARK_NODE_THEMATIC_BREAK));
        break;
    case RAW_CELL:
        end_link(in);
        if (opens && in->block)
            g_string_append(in->text, " · ");
        break;
    case RAW_BREAK:
        flush_text(in);
        if (in->block)
            cmark_node_append_child(current(in), cmark_node_new(CMARK_NODE_LINEBREAK));
        break;
    case RAW_LINK:
        if (opens)
            open_link(in, piece);
        else
            end_link(in);
        break;
    case RAW_IMAGE:
        if (opens)
            add_inline(in, new_picture(piece));
        break;
    case RAW_MEDIA:
        if (opens && !in->link)
            add_inline(in, new_media(piece));
        break;
    case RAW_UNKNOWN:
        g_string_append_len(in->text, piece->start, piece->end - piece->start);
        break;
    case RAW_INLINE:
    case RAW_STRONG:
    case RAW_EMPH:
    case RAW_SKIP:
        break;
    }
}

static void skip_content(const char **at, const char *name)
{
    RawPiece piece;
    while (rawscan_next(at, &piece))
        if (piece.kind == RAW_CLOSE && g_str_equal(piece.name, name))
            return;
}

static void replace_block(Markdown *self, cmark_node *html, Findings *findings)
{
    Blocks in = {html, NULL, NULL, g_string_new(NULL)};
    const char *at = cmark_node_get_literal(html);
    gboolean tags = FALSE;
    RawPiece piece;
    while (rawscan_next(&at, &piece)) {
        if (piece.kind == RAW_TEXT) {
            g_autofree char *text = rawscan_decode(piece.start, (gsize)(piece.end - piece.start));
            g_string_append(in.text, text);
        } else if (piece.kind != RAW_COMMENT) {
            tags = TRUE;
            if (piece.kind == RAW_OPEN && rawscan_role(piece.name) == RAW_SKIP)
                skip_content(&at, piece.name);
            else
                take_block_tag(&in, &piece);
        }
    }
    end_block(&in);
    g_string_free(in.text, TRUE);
    if (tags)
        warn(self, doc_line(self, html), findings);
}

void rawhtml_replace(Markdown *self, Findings *findings)
{
    g_autoptr(GPtrArray) blocks = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
            g_ptr_array_add(blocks, node);
    }
    cmark_iter_free(iter);
    for (guint i = 0; i < blocks->len; i++) {
        replace_block(self, g_ptr_array_index(blocks, i), findings);
        drop(g_ptr_array_index(blocks, i));
    }
    replace_inlines(self, self->root, findings);
}
