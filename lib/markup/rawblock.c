/* rawblock - a block of raw HTML, replaced by the paragraphs, headings and links that it holds */
#include "markup/raw_parts.h"

#include <string.h>

typedef struct {
    cmark_node *before; /* the HTML block; what it leaves stands before it */
    guint line;         /* of the file */
    cmark_node *block;  /* the paragraph or heading being filled, or NULL */
    cmark_node *link;   /* an open <a> in it, or NULL */
    GString *text;      /* words not yet put into a node */
} Blocks;

static cmark_node *current(Blocks *in)
{
    if (!in->block) {
        in->block = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_set_user_data(in->block, GUINT_TO_POINTER(in->line));
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
        cmark_node_append_child(current(in), raw_text(folded->str));
    g_string_truncate(in->text, 0);
}

static void end_link(Blocks *in)
{
    flush_text(in);
    in->link = NULL;
}

static void trim_end(cmark_node *block)
{
    cmark_node *last = cmark_node_last_child(block);
    if (!last || cmark_node_get_type(last) != CMARK_NODE_TEXT)
        return;
    g_autofree char *text = g_strdup(cmark_node_get_literal(last));
    cmark_node_set_literal(last, g_strchomp(text));
}

static void end_block(Blocks *in)
{
    end_link(in);
    if (in->block)
        trim_end(in->block);
    if (in->block && !cmark_node_first_child(in->block))
        raw_drop(in->block);
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
    cmark_node *link = raw_link(href, NULL);
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
            add_inline(in, raw_picture(piece));
        break;
    case RAW_MEDIA:
        if (opens && !in->link)
            add_inline(in, raw_media(piece));
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

void rawblock_replace(Markdown *self, cmark_node *html, Findings *findings)
{
    Blocks in = {html, doc_line(self, html), NULL, NULL, g_string_new(NULL)};
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
        raw_warn(self, in.line, findings);
}
