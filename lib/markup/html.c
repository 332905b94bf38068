/* html - the tree as HTML for mail: every style inline, tables where Outlook needs them */
#include <string.h>

#include "markup/doc.h"

enum {
    CALLOUTS_MAX = 3, /* quotes within one another that still get a bar and a background */
    INDENTS_MAX = 5   /* lists within one another that still move to the right on a phone */
};

typedef struct {
    const Markdown *doc;
    const Theme *theme;
    GString *out;
    guint quotes, lists;
} Html;

/* --- text
 * ------------------------------------------------------------------------------------------ */

/* Braces too: a tag of Mustache must never come of literal text. */
static void escape(Html *in, const char *text)
{
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '&':
            g_string_append(in->out, "&amp;");
            break;
        case '<':
            g_string_append(in->out, "&lt;");
            break;
        case '>':
            g_string_append(in->out, "&gt;");
            break;
        case '"':
            g_string_append(in->out, "&quot;");
            break;
        case '{':
            g_string_append(in->out, "&#123;");
            break;
        default:
            if ((guchar)*p >= 0x20 || *p == '\n' || *p == '\t')
                g_string_append_c(in->out, *p);
        }
    }
}

static void attribute(Html *in, const char *name, const char *value)
{
    g_string_append_printf(in->out, " %s=\"", name);
    escape(in, value);
    g_string_append_c(in->out, '"');
}

static void open_tag(Html *in, const char *tag, const char *style)
{
    g_string_append_printf(in->out, "<%s", tag);
    attribute(in, "style", theme_style(in->theme, style));
    g_string_append_c(in->out, '>');
}

static void add(Html *in, const char *html)
{
    g_string_append(in->out, html);
}

/* --- within a line
 * ------------------------------------------------------------------------------------ */

static void inlines(Html *in, cmark_node *parent);

static void link_open(Html *in, cmark_node *link, const char *style)
{
    g_autofree char *url = doc_url(cmark_node_get_url(link));
    add(in, "<a");
    attribute(in, "href", url);
    attribute(in, "style", theme_style(in->theme, style));
    if (*cmark_node_get_title(link))
        attribute(in, "title", cmark_node_get_title(link));
    add(in, ">");
}

static void image(Html *in, cmark_node *node)
{
    g_autofree char *alt = doc_words(node);
    g_autofree char *path = g_uri_unescape_string(cmark_node_get_url(node), NULL);
    const MarkdownImage *found = NULL;
    for (guint i = 0; i < in->doc->images->len && !found; i++) {
        const MarkdownImage *one = g_ptr_array_index(in->doc->images, i);
        if (g_str_equal(one->path, path ? path : cmark_node_get_url(node)))
            found = one;
    }
    g_return_if_fail(found);
    g_autofree char *src = g_strdup_printf("cid:%s", found->cid);
    add(in, "<img");
    attribute(in, "src", src);
    attribute(in, "alt", alt);
    if (found->width)
        g_string_append_printf(in->out, " width=\"%u\"", found->width);
    attribute(in, "style", theme_style(in->theme, "img"));
    if (*cmark_node_get_title(node))
        attribute(in, "title", cmark_node_get_title(node));
    add(in, ">");
}

static void inline_node(Html *in, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        escape(in, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        add(in, "\n");
        break;
    case CMARK_NODE_LINEBREAK:
        add(in, "<br>\n");
        break;
    case CMARK_NODE_CODE:
        open_tag(in, "code", "code");
        escape(in, cmark_node_get_literal(node));
        add(in, "</code>");
        break;
    case CMARK_NODE_EMPH:
        add(in, "<em>");
        inlines(in, node);
        add(in, "</em>");
        break;
    case CMARK_NODE_STRONG:
        add(in, "<strong>");
        inlines(in, node);
        add(in, "</strong>");
        break;
    case CMARK_NODE_LINK:
        link_open(in, node, "a");
        inlines(in, node);
        add(in, "</a>");
        break;
    case CMARK_NODE_IMAGE:
        image(in, node);
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

static void inlines(Html *in, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        inline_node(in, node);
}

/* --- tables
 * -------------------------------------------------------------------------------------------- */

/* A cell's text: lines kept, a bare URL made a link. */
static void cell_text(Html *in, const char *text)
{
    gsize length;
    const char *at;
    while ((at = doc_find_url(text, &length))) {
        g_autofree char *before = g_strndup(text, (gsize)(at - text));
        g_autofree char *url = g_strndup(at, length);
        g_autofree char *href = doc_url(url);
        escape(in, before);
        add(in, "<a");
        attribute(in, "href", href);
        attribute(in, "style", theme_style(in->theme, "a"));
        add(in, ">");
        escape(in, url);
        add(in, "</a>");
        text = at + length;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        add(in, i ? "<br>" : "");
        escape(in, lines[i]);
    }
}

static void table_row(Html *in, const Table *table, const TableRow *row, gboolean header)
{
    add(in, "<tr>");
    for (guint c = 0; row->cells[c]; c++) {
        /* An empty header cell would be announced as a header of nothing. */
        gboolean th = header && *row->cells[c];
        g_autofree char *style =
            g_strdup_printf("%s; text-align: %s", theme_style(in->theme, header ? "th" : "td"),
                            table->numeric[c] ? "end" : "start");
        add(in, th ? "<th scope=\"col\"" : "<td");
        attribute(in, "align", table->numeric[c] ? "right" : "left"); /* Outlook knows no "end" */
        add(in, " valign=\"top\"");
        attribute(in, "style", style);
        add(in, ">");
        cell_text(in, row->cells[c]);
        add(in, th ? "</th>" : "</td>");
    }
    add(in, "</tr>\n");
}

static void marker(Html *in, const AsideTag *tag)
{
    g_autofree char *word = aside_word(in->doc->aside, aside_index(in->doc->aside, tag));
    g_string_append_printf(in->out, "%s\n", word);
}

static void table(Html *in, const Table *self)
{
    gboolean header = TRUE;
    add(in,
        "<table class=\"data\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" width=\"100%\"");
    attribute(in, "style", theme_style(in->theme, "table"));
    add(in, ">\n");
    if (self->caption) {
        open_tag(in, "caption", "caption");
        escape(in, self->caption);
        add(in, "</caption>\n");
    }
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        if (row->tag) {
            marker(in, row->tag);
            continue;
        }
        table_row(in, self, row, header);
        header = FALSE;
    }
    add(in, "</table>\n");
}

/* --- blocks
 * -------------------------------------------------------------------------------------------- */

static void blocks(Html *in, cmark_node *parent);

static gboolean in_tight_list(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    return cmark_node_get_type(item) == CMARK_NODE_ITEM &&
           cmark_node_get_list_tight(cmark_node_parent(item));
}

/* Padding stands on the cell, since Outlook knows none on links. */
static void button(Html *in, cmark_node *link)
{
    add(in, "<table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" "
            "style=\"margin: 4px 0 20px\"><tr><td class=\"button\"");
    attribute(in, "bgcolor", theme_style(in->theme, "colours.accent"));
    attribute(in, "style", theme_style(in->theme, "button"));
    add(in, ">");
    link_open(in, link, "button_link");
    inlines(in, link);
    add(in, "</a></td></tr></table>\n");
}

static void paragraph(Html *in, cmark_node *node)
{
    if (doc_button(node)) {
        button(in, doc_button(node));
        return;
    }
    if (in_tight_list(node)) {
        inlines(in, node);
        if (cmark_node_next(node))
            add(in, "\n");
        return;
    }
    gboolean last = !cmark_node_next(node) && in->quotes && in->quotes <= CALLOUTS_MAX &&
                    cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_BLOCK_QUOTE;
    g_autofree char *style =
        g_strdup_printf("%s%s", theme_style(in->theme, "p"), last ? "; margin-bottom: 0" : "");
    add(in, "<p");
    attribute(in, "style", style);
    add(in, ">");
    inlines(in, node);
    add(in, "</p>\n");
}

static void heading(Html *in, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node);
    g_autofree char *look = g_strdup_printf("h%d", GPOINTER_TO_INT(cmark_node_get_user_data(node)));
    g_autofree char *tag = g_strdup_printf("h%d", level);
    open_tag(in, tag, look);
    inlines(in, node);
    g_string_append_printf(in->out, "</h%d>\n", level);
}

/* The bar is a cell of its own: it stands on the right side in either direction of writing, and in
 * Outlook, which draws no border on one side of a quote. */
static void quote(Html *in, cmark_node *node)
{
    if (in->quotes++ >= CALLOUTS_MAX) {
        add(in, "<blockquote style=\"margin: 0\">\n");
        blocks(in, node);
        add(in, "</blockquote>\n");
    } else {
        add(in, "<table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" "
                "width=\"100%\" style=\"margin: 0 0 20px; table-layout: fixed\"><tr>"
                "<td class=\"bar\" width=\"4\"");
        attribute(in, "bgcolor", theme_style(in->theme, "colours.accent"));
        attribute(in, "style", theme_style(in->theme, "callout_bar"));
        add(in, ">&nbsp;</td><td class=\"callout\"");
        attribute(in, "bgcolor", theme_style(in->theme, "colours.callout"));
        attribute(in, "style", theme_style(in->theme, "callout"));
        add(in, "><blockquote style=\"margin: 0\">\n");
        blocks(in, node);
        add(in, "</blockquote></td></tr></table>\n");
    }
    in->quotes--;
}

static void list(Html *in, cmark_node *node)
{
    gboolean ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    gboolean inner = in->lists > 0 && cmark_node_get_list_tight(node);
    g_autofree char *style =
        g_strdup_printf("%s%s%s", theme_style(in->theme, "list"), inner ? "; margin: 6px 0 0" : "",
                        in->lists >= INDENTS_MAX ? "; padding: 0 0 0 1em" : "");
    add(in, ordered ? "<ol" : "<ul");
    if (ordered && cmark_node_get_list_start(node) != 1)
        g_string_append_printf(in->out, " start=\"%d\"", cmark_node_get_list_start(node));
    attribute(in, "style", style);
    add(in, ">\n");
    in->lists++;
    blocks(in, node);
    in->lists--;
    add(in, ordered ? "</ol>\n" : "</ul>\n");
}

static void code_block(Html *in, cmark_node *node)
{
    if (doc_table(node)) {
        table(in, doc_table(node));
        return;
    }
    open_tag(in, "pre", "pre");
    add(in, *cmark_node_get_literal(node) == '\n' ? "\n" : ""); /* the first one is dropped */
    escape(in, cmark_node_get_literal(node));
    add(in, "</pre>\n");
}

static void block(Html *in, cmark_node *node)
{
    if (doc_marker(node)) {
        marker(in, doc_marker(node));
        return;
    }
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
        paragraph(in, node);
        break;
    case CMARK_NODE_HEADING:
        heading(in, node);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        quote(in, node);
        break;
    case CMARK_NODE_LIST:
        list(in, node);
        break;
    case CMARK_NODE_ITEM:
        open_tag(in, "li", "li");
        blocks(in, node);
        add(in, "</li>\n");
        break;
    case CMARK_NODE_CODE_BLOCK:
        code_block(in, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        add(in, "<hr");
        attribute(in, "style", theme_style(in->theme, "hr"));
        add(in, ">\n");
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

static void blocks(Html *in, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        block(in, node);
}

char *markdown_html(const Markdown *self, const Theme *theme)
{
    Html in = {self, theme, g_string_new(NULL), 0, 0};
    blocks(&in, self->root);
    char *source = aside_restore(self->aside, in.out->str, ASIDE_HTML);
    g_string_free(in.out, TRUE);
    return source;
}
