/* rawblock - blocks of raw HTML, replaced by the paragraphs, headings, lists and links in them */
#include "markup/raw_parts.h"

#include <string.h>

enum { LISTS_MAX = 10 }; /* within one another; deeper ones are one list */

typedef struct {
    RawReport *report;
    const Markdown *self;
    cmark_node *before;           /* the HTML block; what it leaves stands before it */
    const char *counted;          /* up to here the lines of the block are in `line` */
    guint line;                   /* of the text that cmark read */
    guint reported;               /* the line of the first tag that was reported */
    cmark_node *block;            /* the paragraph or heading being filled, or NULL */
    cmark_node *span;             /* an open link or emphasis in it, or NULL */
    cmark_node *lists[LISTS_MAX]; /* those that are open, each with its last item open, too */
    guint depth;
    GString *text;  /* words not yet put into a node */
    DocSpan across; /* a span that began before the block: <del><p>…</p><p>…</p></del> */
} Blocks;

/* --- where things go ------------------------------------------------------------------------- */

/* Puts a block into the open item, or before the HTML. */
static void put_block(Blocks *in, cmark_node *block)
{
    cmark_node *list = in->depth ? in->lists[in->depth - 1] : NULL;
    if (list && !cmark_node_last_child(list))
        cmark_node_append_child(list, cmark_node_new(CMARK_NODE_ITEM));
    if (!list || !cmark_node_append_child(cmark_node_last_child(list), block))
        cmark_node_insert_before(in->before, block);
}

static cmark_node *current(Blocks *in)
{
    if (!in->block) {
        in->block = cmark_node_new(CMARK_NODE_PARAGRAPH);
        doc_set_line(in->block, placeholders_line(in->self->aside, in->line));
        put_block(in, in->block);
    }
    if (in->across && !in->span && !cmark_node_first_child(in->block)) {
        in->span = doc_span_new(in->across);
        cmark_node_append_child(in->block, in->span);
    }
    return in->span ? in->span : in->block;
}

/* Puts the collected words, white space folded, into the block. */
static void flush_text(Blocks *in)
{
    g_autoptr(GString) folded = g_string_new(NULL);
    gboolean at_start = !in->block || !cmark_node_first_child(in->block);
    for (const char *p = in->text->str; *p; p++) {
        if (!g_ascii_isspace(*p))
            g_string_append_c(folded, *p);
        else if (folded->len ? folded->str[folded->len - 1] != ' ' : !at_start)
            g_string_append_c(folded, ' ');
    }
    if (folded->len && !(at_start && g_str_equal(folded->str, " ")))
        cmark_node_append_child(current(in), doc_text(folded->str));
    g_string_truncate(in->text, 0);
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
    flush_text(in);
    if (in->span && in->across && !cmark_node_first_child(in->span))
        doc_drop(in->span); /* it is for the block to come */
    in->span = NULL;
    if (in->block)
        trim_end(in->block);
    if (in->block && !cmark_node_first_child(in->block))
        doc_drop(in->block);
    in->block = NULL;
}

static void add_inline(Blocks *in, cmark_node *node)
{
    flush_text(in);
    if (node)
        cmark_node_append_child(current(in), node);
}

/* --- links and emphasis ---------------------------------------------------------------------- */

/* A span around the words to come, if it may stand within the one that is open. */
static void open_span(Blocks *in, cmark_node *node)
{
    flush_text(in);
    if (node && cmark_node_append_child(current(in), node))
        in->span = node;
    else if (node)
        cmark_node_free(node);
}

/* Leaves the innermost span of that type, and those within it. */
static void close_span(Blocks *in, cmark_node_type type)
{
    flush_text(in);
    for (cmark_node *span = in->span; span && span != in->block; span = cmark_node_parent(span)) {
        if (cmark_node_get_type(span) != type)
            continue;
        cmark_node *outer = cmark_node_parent(span);
        in->span = outer == in->block ? NULL : outer;
        return;
    }
}

static void open_link(Blocks *in, const RawPiece *piece)
{
    g_autofree char *href = rawscan_attribute(piece, "href");
    close_span(in, CMARK_NODE_LINK);
    if (href && *href)
        open_span(in, raw_link(href, NULL));
}

static void take_span(Blocks *in, gboolean opens, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (opens) {
        open_span(in, node);
    } else {
        cmark_node_free(node);
        close_span(in, type);
    }
}

/* --- blocks ---------------------------------------------------------------------------------- */

static void open_heading(Blocks *in, const RawPiece *piece)
{
    cmark_node *heading = cmark_node_new(CMARK_NODE_HEADING);
    cmark_node_set_heading_level(heading, piece->name[1] - '0');
    put_block(in, heading);
    in->block = heading;
}

static void open_list(Blocks *in, const RawPiece *piece)
{
    if (in->depth == LISTS_MAX)
        return;
    gboolean ordered = g_str_equal(piece->name, "ol");
    g_autofree char *start = rawscan_attribute(piece, "start");
    guint64 number = 1;
    cmark_node *list = cmark_node_new(CMARK_NODE_LIST);
    cmark_node_set_list_type(list, ordered ? CMARK_ORDERED_LIST : CMARK_BULLET_LIST);
    cmark_node_set_list_tight(list, 1);
    if (ordered && start)
        g_ascii_string_to_unsigned(start, 10, 0, 999999999, &number, NULL);
    if (ordered)
        cmark_node_set_list_start(list, (int)number);
    put_block(in, list);
    in->lists[in->depth++] = list;
}

static void close_list(Blocks *in)
{
    cmark_node *list = in->depth ? in->lists[--in->depth] : NULL;
    if (list && !cmark_node_first_child(list))
        doc_drop(list);
}

/* A new item; of a list of its own, where none is open. */
static void open_item(Blocks *in)
{
    if (!in->depth) {
        const char *at = "<ul>";
        RawPiece bullets;
        rawscan_next(&at, &bullets);
        open_list(in, &bullets);
    }
    cmark_node_append_child(in->lists[in->depth - 1], cmark_node_new(CMARK_NODE_ITEM));
}

static void take_block(Blocks *in, const RawPiece *piece, RawRole role)
{
    gboolean opens = piece->kind == RAW_OPEN;
    gboolean is_list = g_str_equal(piece->name, "ol") || g_str_equal(piece->name, "ul");
    end_block(in);
    if (role == RAW_HEADING && opens)
        open_heading(in, piece);
    else if (role == RAW_ITEM && opens)
        open_item(in);
    else if (role == RAW_RULE)
        put_block(in, cmark_node_new(CMARK_NODE_THEMATIC_BREAK));
    else if (is_list && opens)
        open_list(in, piece);
    else if (is_list)
        close_list(in);
}

static void take_tag(Blocks *in, const RawPiece *piece)
{
    gboolean opens = piece->kind == RAW_OPEN;
    RawRole role = rawscan_role(piece->name);
    if (raw_span(piece->name)) {
        take_span(in, opens, doc_span_new(raw_span(piece->name)));
        in->across = opens ? raw_span(piece->name) : DOC_NO_SPAN;
        return;
    }
    switch (role) {
    case RAW_RULE:
    case RAW_BLOCK:
    case RAW_HEADING:
    case RAW_ITEM:
        take_block(in, piece, role);
        break;
    case RAW_CELL:
        close_span(in, CMARK_NODE_LINK);
        if (opens && in->block)
            g_string_append(in->text, " · ");
        break;
    case RAW_BREAK:
        flush_text(in);
        if (in->block)
            cmark_node_append_child(current(in), raw_break(CMARK_NODE_LINEBREAK));
        break;
    case RAW_LINK:
        if (opens)
            open_link(in, piece);
        else
            close_span(in, CMARK_NODE_LINK);
        break;
    case RAW_STRONG:
        take_span(in, opens, cmark_node_new(CMARK_NODE_STRONG));
        break;
    case RAW_EMPH:
        take_span(in, opens, cmark_node_new(CMARK_NODE_EMPH));
        break;
    case RAW_IMAGE:
        if (opens)
            add_inline(in, raw_picture(piece));
        break;
    case RAW_MEDIA:
        if (opens)
            add_inline(in, raw_media(piece));
        break;
    case RAW_INLINE:
        if (raw_quote_mark(piece))
            g_string_append(in->text, raw_quote_mark(piece));
        break;
    case RAW_UNKNOWN:
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

/* --- all of it ------------------------------------------------------------------------------- */

static void count_lines(Blocks *in, const char *to)
{
    for (; in->counted < to; in->counted++)
        in->line += *in->counted == '\n';
}

static void take_text(Blocks *in, const RawPiece *piece)
{
    const char *at = piece->start;
    g_autofree char *text = rawscan_decode(piece->start, (gsize)(piece->end - piece->start));
    while (at < piece->end && g_ascii_isspace(*at))
        at++;
    count_lines(in, at);
    g_string_append(in->text, text);
}

static void take_html(Blocks *in, const char *literal)
{
    const char *at = literal;
    RawPiece piece;
    in->counted = literal;
    while (rawscan_next(&at, &piece)) {
        if (rawscan_is_remark(&piece))
            continue;
        if (piece.kind == RAW_TEXT) {
            take_text(in, &piece);
            continue;
        }
        count_lines(in, piece.start);
        if (piece.kind != RAW_COMMENT && raw_is_words(in->self, &piece)) {
            g_string_append_len(in->text, piece.start, piece.end - piece.start);
            continue;
        }
        if (!in->reported)
            in->reported = placeholders_line(in->self->aside, in->line);
        raw_report(in->report, in->reported, &piece);
        if (piece.kind == RAW_COMMENT)
            continue;
        if (piece.kind == RAW_OPEN && rawscan_role(piece.name) == RAW_SKIP)
            skip_content(&at, piece.name);
        else
            take_tag(in, &piece);
    }
}

void rawblock_replace(RawReport *report, cmark_node *const *blocks, guint count)
{
    Blocks in = {.report = report, .self = report->self, .text = g_string_new(NULL)};
    for (guint i = 0; i < count; i++) {
        in.before = blocks[i];
        in.line = (guint)cmark_node_get_start_line(blocks[i]);
        take_html(&in, cmark_node_get_literal(blocks[i]));
        end_block(&in); /* a blank line stands between two of them */
    }
    while (in.depth)
        close_list(&in);
    g_string_free(in.text, TRUE);
}
