/* html - the tree as HTML for mail: every style inline, tables where Outlook needs them */
#include "render/html_parts.h"

#include <string.h>

#include "render/body.h"
#include "template/typeset.h"

enum {
    CALLOUTS_MAX = 3,   /* quotes within one another that still get a bar and a background */
    LETTER_WIDTH = 600, /* pixels, as the layout has it */
    INDENT = 26,        /* of a list's items */
    CALLOUT = 40,       /* bar and padding of a callout */
    INDENTS_MAX = 5     /* lists within one another that still move to the right on a phone */
};

/* --- text ------------------------------------------------------------------------------------ */

/* Braces too: a tag of Mustache must never come of literal text. */
void html_escape(Html *in, const char *text)
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
            if ((guchar)*p >= 0x20 || *p == '\n' || *p == '\t' || *p == PLACEHOLDER_EXACT)
                g_string_append_c(in->out, *p);
        }
    }
}

void html_attribute(Html *in, const char *name, const char *value)
{
    g_string_append_printf(in->out, " %s=\"", name);
    html_escape(in, value);
    g_string_append_c(in->out, '"');
}

void html_open(Html *in, const char *tag, const char *style)
{
    g_string_append_printf(in->out, "<%s", tag);
    html_attribute(in, "style", theme_style(in->theme, style));
    g_string_append_c(in->out, '>');
}

static gboolean is_handed(const char *declaration)
{
    return g_str_has_prefix(declaration, "font:") || g_str_has_prefix(declaration, "color:");
}

char *html_handed(const char *style, gboolean handed)
{
    GString *out = g_string_new(NULL);
    g_auto(GStrv) each = g_strsplit(style, ";", -1);
    for (guint i = 0; each[i]; i++) {
        const char *one = g_strstrip(each[i]);
        if (*one && is_handed(one) == handed)
            g_string_append_printf(out, "%s%s", out->len ? ";" : "", one);
    }
    return g_string_free(out, FALSE);
}

/* Outlook on Windows hands nothing down into tables, and not always into paragraphs; and it hides by
 * a word of its own, which Word itself writes into style sheets. */
static void tell_outlook(Html *in)
{
    g_autofree char *p = html_handed(theme_style(in->theme, "p"), TRUE);
    g_autofree char *li = html_handed(theme_style(in->theme, "li"), TRUE);
    g_autofree char *td = html_handed(theme_style(in->theme, "td"), TRUE);
    gboolean alike = g_str_equal(p, li);
    g_string_append_printf(in->out, "<!--[if mso]><style>.paper p%s{%s}", alike ? ",.paper li" : "",
                           p);
    if (!alike)
        g_string_append_printf(in->out, ".paper li{%s}", li);
    g_string_append_printf(in->out, ".data td,.data th,.chart td,.chart th{%s}", td);
    html_add(in, ".label{mso-hide:all}</style><![endif]-->\n");
}

/* Whether what the letter's cell hands down to its paragraphs says that, too. */
static gboolean is_inherited(const Html *in, const char *declaration)
{
    const char *paper = theme_style(in->theme, "paper");
    const char *at = strstr(paper, declaration);
    gsize length = strlen(declaration);
    return is_handed(declaration) && at && (at == paper || at[-1] == ' ' || at[-1] == ';') &&
           (!at[length] || at[length] == ';');
}

char *html_style(const Html *in, const char *key, const char *more)
{
    GString *out = g_string_new(NULL);
    g_auto(GStrv) each = g_strsplit(theme_style(in->theme, key), ";", -1);
    for (guint i = 0; each[i]; i++) {
        const char *one = g_strstrip(each[i]);
        if (*one && !is_inherited(in, one))
            g_string_append_printf(out, "%s%s", out->len ? ";" : "", one);
    }
    if (*more)
        g_string_append_printf(out, "%s%s", out->len ? ";" : "", more);
    return g_string_free(out, FALSE);
}

void html_add(Html *in, const char *html)
{
    g_string_append(in->out, html);
}

void html_marker(Html *in, const PlaceholderTag *tag)
{
    g_autofree char *word =
        placeholders_word(in->doc->aside, placeholders_index(in->doc->aside, tag));
    g_string_append_printf(in->out, "%s\n", word);
}

/* --- direction ------------------------------------------------------------------------------- */

static gboolean is_rtl(gunichar c)
{
    switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
    case G_UNICODE_SCRIPT_NKO:
    case G_UNICODE_SCRIPT_ADLAM:
        return TRUE;
    default:
        return FALSE;
    }
}

/* The first letter in a text that has a direction, words of tags aside; 0 for none. */
static gunichar first_strong(const Html *in, const char *text, gboolean *field)
{
    while (*text) {
        const char *start, *end;
        int index = placeholders_find(in->doc->aside, text, &start, &end);
        const char *stop = index >= 0 ? start : text + strlen(text);
        for (; text < stop; text = g_utf8_next_char(text))
            if (g_unichar_isalpha(g_utf8_get_char(text)))
                return g_utf8_get_char(text);
        if (index < 0)
            return 0;
        TagKind kind = placeholders_tag(in->doc->aside, (guint)index)->kind;
        *field |= kind == TAG_VARIABLE || kind == TAG_RAW;
        text = end;
    }
    return 0;
}

void html_direction(Html *in, cmark_node *block)
{
    gunichar strong = 0;
    gboolean field = FALSE;
    cmark_iter *iter = cmark_iter_new(block);
    while (!strong && cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE))
            strong = first_strong(in, cmark_node_get_literal(node), &field);
    }
    cmark_iter_free(iter);
    if (strong && is_rtl(strong) != in->rtl) {
        in->rtl = !in->rtl;
        html_attribute(in, "dir", in->rtl ? "rtl" : "ltr");
    } else if (!strong && field) {
        html_attribute(in, "dir", "auto");
    }
}

/* --- within a line --------------------------------------------------------------------------- */

static void link_open(Html *in, cmark_node *link, const char *style)
{
    g_autofree char *url = doc_url(cmark_node_get_url(link));
    html_add(in, "<a");
    html_attribute(in, "href", url);
    html_attribute(in, "style", theme_style(in->theme, style));
    if (*cmark_node_get_title(link))
        html_attribute(in, "title", cmark_node_get_title(link));
    html_add(in, ">");
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
    html_add(in, "<img");
    html_attribute(in, "src", src);
    html_attribute(in, "alt", alt);
    if (found->width) /* Outlook knows no max-width */
        g_string_append_printf(in->out, " width=\"%u\"", MIN(found->width, in->room));
    html_attribute(in, "style", theme_style(in->theme, "img"));
    if (*cmark_node_get_title(node))
        html_attribute(in, "title", cmark_node_get_title(node));
    html_add(in, ">");
}

/* The number of a footnote, which leads to it. */
static void note(Html *in, cmark_node *node)
{
    g_autofree char *number = doc_words(node);
    g_autofree char *target = g_strconcat("#note-", number, NULL);
    html_add(in, "<sup><a");
    html_attribute(in, "href", target);
    html_attribute(in, "style", theme_style(in->theme, "a"));
    html_add(in, ">");
    html_escape(in, number);
    html_add(in, "</a></sup>");
}

/* Running text: what belongs together stays on one line. */
static void text(Html *in, const char *literal)
{
    g_autofree char *prefix = placeholders_prefix(in->doc->aside);
    g_autofree char *joined = typeset_join(literal, prefix);
    html_escape(in, joined);
}

/* Code: fields stand in it as they are in the list. */
static void code(Html *in, const char *literal)
{
    g_autofree char *exact = placeholders_exact(in->doc->aside, literal);
    html_escape(in, exact);
}

static void span(Html *in, cmark_node *node)
{
    if (doc_span(node) == DOC_NOTE) {
        note(in, node);
        return;
    }
    static const char *const tags[] = {
        [DOC_NO_SPAN] = "span", [DOC_DELETED] = "del", [DOC_INSERTED] = "ins",
        [DOC_SUB] = "sub",      [DOC_SUP] = "sup",     [DOC_NOTE] = "sup"};
    g_string_append_printf(in->out, "<%s>", tags[doc_span(node)]);
    html_inlines(in, node);
    g_string_append_printf(in->out, "</%s>", tags[doc_span(node)]);
}

static void inline_node(Html *in, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        text(in, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        html_add(in, "\n");
        break;
    case CMARK_NODE_LINEBREAK:
        html_add(in, "<br>\n");
        break;
    case CMARK_NODE_CODE:
        html_open(in, "code", "code");
        code(in, cmark_node_get_literal(node));
        html_add(in, "</code>");
        break;
    case CMARK_NODE_EMPH:
        html_add(in, "<em>");
        html_inlines(in, node);
        html_add(in, "</em>");
        break;
    case CMARK_NODE_STRONG:
        html_add(in, "<strong>");
        html_inlines(in, node);
        html_add(in, "</strong>");
        break;
    case CMARK_NODE_LINK:
        link_open(in, node, "a");
        html_inlines(in, node);
        html_add(in, "</a>");
        break;
    case CMARK_NODE_IMAGE:
        image(in, node);
        break;
    case CMARK_NODE_CUSTOM_INLINE:
        span(in, node);
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

void html_inlines(Html *in, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        inline_node(in, node);
}

/* --- blocks ---------------------------------------------------------------------------------- */

static gboolean in_tight_list(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    return cmark_node_get_type(item) == CMARK_NODE_ITEM &&
           cmark_node_get_list_tight(cmark_node_parent(item));
}

/* The padding in a style, "padding: 12px 26px; " with all its declarations, or the style without. */
static char *paddings(const char *style, gboolean wanted)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(GStrv) each = g_strsplit(style, ";", -1);
    for (guint i = 0; each[i]; i++) {
        const char *one = g_strstrip(each[i]);
        if (*one && g_str_has_prefix(one, "padding") == wanted)
            g_string_append_printf(out, "%s%s", out->len ? ";" : "", one);
    }
    return g_strdup(out->str);
}

/* The link itself is as large as the button, so that all of it reacts. Outlook on Windows knows no
 * padding on links: there, blanks within the link make it as large. */
static void button(Html *in, cmark_node *link)
{
    const char *style = theme_style(in->theme, "button");
    g_autofree char *cell = paddings(style, FALSE), *space = paddings(style, TRUE);
    g_autofree char *look = g_strdup_printf("display:inline-block%s%s;%s", *space ? ";" : "", space,
                                            theme_style(in->theme, "button_link"));
    g_autofree char *url = doc_url(cmark_node_get_url(link));
    gboolean rtl = in->rtl;
    html_add(in, "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
                 "style=\"margin:4px 0 20px\"><tr><td class=\"button\"");
    html_attribute(in, "bgcolor", theme_style(in->theme, "colours.accent"));
    html_attribute(in, "style", cell);
    html_add(in, "><a");
    html_attribute(in, "href", url);
    html_direction(in, link);
    html_attribute(in, "style", look);
    if (*cmark_node_get_title(link))
        html_attribute(in, "title", cmark_node_get_title(link));
    html_add(in, "><!--[if mso]><i style=\"mso-font-width:300%;mso-text-raise:24px\" hidden>&emsp;"
                 "</i><span style=\"mso-text-raise:12px\"><![endif]-->");
    html_inlines(in, link);
    html_add(in, "<!--[if mso]></span><i style=\"mso-font-width:300%\" hidden>&emsp;&#8203;</i>"
                 "<![endif]--></a></td></tr></table>\n");
    in->rtl = rtl;
}

/* Whether the space below a block would add to that of the callout it ends. */
static gboolean ends_callout(const Html *in, cmark_node *node)
{
    return !cmark_node_next(node) && in->quotes && in->quotes <= CALLOUTS_MAX &&
           cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_BLOCK_QUOTE;
}

static void paragraph(Html *in, cmark_node *node)
{
    if (doc_button(node)) {
        button(in, doc_button(node));
        return;
    }
    if (in_tight_list(node)) {
        html_inlines(in, node);
        if (cmark_node_next(node))
            html_add(in, "\n");
        return;
    }
    gboolean last = !cmark_node_next(node) && in->quotes && in->quotes <= CALLOUTS_MAX &&
                    cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_BLOCK_QUOTE;
    g_autofree char *style = html_style(in, "p", last ? "margin-bottom:0" : "");
    gboolean rtl = in->rtl;
    html_add(in, "<p");
    html_direction(in, node);
    html_attribute(in, "style", style);
    html_add(in, ">");
    html_inlines(in, node);
    html_add(in, "</p>\n");
    in->rtl = rtl;
}

static GHashTable *find_targets(const Markdown *self)
{
    GHashTable *targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_LINK && *cmark_node_get_url(node) == '#') {
            char *target = g_uri_unescape_string(cmark_node_get_url(node) + 1, NULL);
            if (target)
                g_hash_table_add(targets, target);
        }
    }
    cmark_iter_free(iter);
    return targets;
}

static void heading(Html *in, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node);
    g_autofree char *look = g_strdup_printf("h%d", GPOINTER_TO_INT(cmark_node_get_user_data(node)));
    g_autofree char *tag = g_strdup_printf("h%d", level);
    g_autofree char *slug = NULL;
    const char *id = heading_name(in->doc, node, &slug);
    gboolean is_target = g_hash_table_remove(in->targets, id);
    g_string_append_printf(in->out, "<%s", tag);
    if (is_target)
        html_attribute(in, "id", id);
    gboolean rtl = in->rtl;
    html_direction(in, node);
    html_attribute(in, "style", theme_style(in->theme, look));
    html_add(in, ">");
    html_inlines(in, node);
    g_string_append_printf(in->out, "</h%d>\n", level);
    in->rtl = rtl;
}

/* The bar is a cell of its own: it stands on the right side in either direction of writing, and in
 * Outlook, which draws no border on one side of a quote. */
static void quote(Html *in, cmark_node *node)
{
    gboolean rtl = in->rtl;
    guint room = in->room;
    in->room -= MIN(in->room / 2, CALLOUT);
    if (in->quotes++ >= CALLOUTS_MAX) {
        html_add(in, "<blockquote style=\"margin:0\">\n");
        html_blocks(in, node);
        html_add(in, "</blockquote>\n");
    } else {
        html_add(in, "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
                     "width=\"100%\"");
        html_direction(in, node);
        html_add(in, " style=\"margin:0 0 20px;table-layout:fixed\"><tr>"
                     "<td class=\"bar\" width=\"4\"");
        html_attribute(in, "bgcolor", theme_style(in->theme, "colours.accent"));
        html_attribute(in, "style", theme_style(in->theme, "callout_bar"));
        html_add(in, ">&nbsp;</td><td class=\"callout\"");
        html_attribute(in, "bgcolor", theme_style(in->theme, "colours.callout"));
        html_attribute(in, "style", theme_style(in->theme, "callout"));
        html_add(in, "><blockquote style=\"margin:0\">\n");
        html_blocks(in, node);
        html_add(in, "</blockquote></td></tr></table>\n");
    }
    in->quotes--;
    in->room = room;
    in->rtl = rtl;
}

static void list(Html *in, cmark_node *node)
{
    gboolean ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    gboolean inner = in->lists > 0 && cmark_node_get_list_tight(node);
    g_autofree char *style =
        g_strdup_printf("%s%s%s%s", theme_style(in->theme, "list"), inner ? ";margin:6px 0 0" : "",
                        ends_callout(in, node) ? ";margin-bottom:0" : "",
                        in->lists >= INDENTS_MAX ? ";padding-inline-start:14px" : "");
    html_add(in, ordered ? "<ol" : "<ul");
    if (ordered && cmark_node_get_list_start(node) != 1)
        g_string_append_printf(in->out, " start=\"%d\"", cmark_node_get_list_start(node));
    gboolean rtl = in->rtl;
    guint room = in->room;
    html_direction(in, node);
    html_attribute(in, "style", style);
    html_add(in, ">\n");
    in->lists++;
    in->room -= MIN(in->room / 2, INDENT);
    html_blocks(in, node);
    in->lists--;
    in->room = room;
    in->rtl = rtl;
    html_add(in, ordered ? "</ol>\n" : "</ul>\n");
}

static void code_block(Html *in, cmark_node *node)
{
    const Table *table = doc_table(node);
    if (table && table->is_chart)
        html_chart(in, table);
    else if (table)
        html_table(in, table);
    if (table)
        return;
    html_open(in, "pre", "pre");
    html_add(in, *cmark_node_get_literal(node) == '\n' ? "\n" : ""); /* the first one is dropped */
    code(in, cmark_node_get_literal(node));
    html_add(in, "</pre>\n");
}

static void item(Html *in, cmark_node *node)
{
    gboolean rtl = in->rtl;
    gboolean boxed =
        doc_is_task(node) && cmark_node_get_list_type(cmark_node_parent(node)) == CMARK_BULLET_LIST;
    g_autofree char *style = html_style(in, "li", boxed ? "list-style-type:none" : "");
    html_add(in, "<li");
    html_direction(in, node);
    html_attribute(in, "style", style);
    html_add(in, ">");
    html_blocks(in, node);
    html_add(in, "</li>\n");
    in->rtl = rtl;
}

void html_block(Html *in, cmark_node *node)
{
    if (doc_marker(node)) {
        html_marker(in, doc_marker(node));
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
        item(in, node);
        break;
    case CMARK_NODE_CODE_BLOCK:
        code_block(in, node);
        break;
    case CMARK_NODE_CUSTOM_BLOCK:
        html_box(in, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        html_add(in, "<hr");
        html_attribute(in, "style", theme_style(in->theme, "hr"));
        html_add(in, ">\n");
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

void html_blocks(Html *in, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        cmark_node *other = doc_swapped(in->doc, node);
        if (other)
            html_either_way(in, node, other);
        else
            html_block(in, node);
        node = other ? other : node;
    }
}

/* The padding of the paper on both sides, in pixels. */
static guint side_padding(const Theme *theme)
{
    g_autofree char *all = paddings(theme_style(theme, "paper"), TRUE);
    guint sides[4] = {0}, count = 0;
    for (const char *p = g_str_has_prefix(all, "padding:") ? all + strlen("padding:") : "";
         *p && *p != ';' && count < 4;) {
        char *end;
        p += strspn(p, " ");
        sides[count] = (guint)g_ascii_strtoull(p, &end, 10);
        if (end == p)
            break;
        count++;
        p = end + strcspn(end, " ;");
    }
    return count == 4 ? sides[1] + sides[3] : count > 1 ? 2 * sides[1] : 2 * sides[0];
}

char *body_html(const Markdown *self, const Theme *theme)
{
    guint padding = MIN(side_padding(theme), LETTER_WIDTH / 2);
    Html in = {.doc = self,
               .theme = theme,
               .out = g_string_new(NULL),
               .room = LETTER_WIDTH - padding,
               .rtl = self->rtl,
               .targets = find_targets(self)};
    tell_outlook(&in);
    html_blocks(&in, self->root);
    char *source = placeholders_restore(self->aside, in.out->str, PLACEHOLDER_HTML);
    g_string_free(in.out, TRUE);
    g_hash_table_unref(in.targets);
    return source;
}
