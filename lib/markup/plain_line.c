/* plain_line - what stands within a line, as plain text; links as numbered footnotes */
#include "markup/plain_parts.h"

#include <string.h>

#include "template/wrap.h"

/* Literal text without control characters, which are marks here. */
void plain_literal(GString *out, const char *text)
{
    for (const char *p = text; *p; p++)
        if ((guchar)*p >= 0x20 && *p != 0x7f)
            g_string_append_c(out, *p);
        else if (*p == '\n' || *p == '\t')
            g_string_append_c(out, ' ');
}

char *plain_word(const Plain *in, const PlaceholderTag *tag)
{
    return placeholders_word(in->doc->aside, placeholders_index(in->doc->aside, tag));
}

/* --- links ----------------------------------------------------------------------------------- */

/* The number of a link in the list at the end; the same target has the same number. */
static guint link_number(Plain *in, char *line)
{
    for (guint i = 0; i < in->links->len; i++) {
        if (g_str_equal(g_ptr_array_index(in->links, i), line)) {
            g_free(line);
            return i + 1;
        }
    }
    g_ptr_array_add(in->links, line);
    return in->links->len;
}

static char *marked_url(const Plain *in, cmark_node *link)
{
    g_autofree char *url = doc_url(cmark_node_get_url(link));
    if (!placeholders_has(in->doc->aside, url))
        return g_steal_pointer(&url);
    return g_strdup_printf("%c%s%c", FLOW_URL_BEGIN, url, FLOW_URL_END);
}

/* Whether the text of a link says where it leads. */
static gboolean says_target(const char *text, const char *url)
{
    const char *mailto = "mailto:";
    return g_str_equal(text, url) ||
           (g_str_has_prefix(url, mailto) && g_str_equal(text, url + strlen(mailto)));
}

/* Appends what the text after a link adds to its last word, so that "[pupil](...)s" reads "pupils
 * [1]". */
static void word_rest(Plain *in, cmark_node *link, GString *text)
{
    cmark_node *next = cmark_node_next(link);
    if (!next || cmark_node_get_type(next) != CMARK_NODE_TEXT)
        return;
    const char *rest = cmark_node_get_literal(next), *end = rest, *tag, *after;
    if (placeholders_find(in->doc->aside, rest, &tag, &after) < 0)
        tag = rest + strlen(rest);
    while (end < tag && g_unichar_isalnum(g_utf8_get_char(end)))
        end = g_utf8_next_char(end);
    g_string_append_len(text, rest, end - rest);
    in->skip = (gsize)(end - rest);
}

/* In a section the target stands beside the text: a list of links must not show what the section
 * doesn't, nor one number with the target of many rows. */
static void link(Plain *in, cmark_node *node, GString *text)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autofree char *plain_url = doc_url(cmark_node_get_url(node));
    g_autofree char *url = marked_url(in, node);
    g_autoptr(GString) title = g_string_new(NULL);
    plain_inlines(in, node, words);
    plain_literal(title, cmark_node_get_title(node));
    if (*plain_url == '#') { /* a place in this very letter, which only a page can go to */
        g_string_append(text, words->str);
        return;
    }
    gboolean says = says_target(words->str, plain_url);
    g_string_append(text,
                    says ? (g_str_equal(words->str, plain_url) ? url : words->str) : words->str);
    if (!says)
        word_rest(in, node, text);
    gboolean beside =
        in->sections || doc_button(cmark_node_parent(cmark_node_parent(node))) == node;
    if (title->len) {
        g_string_prepend(title, " (");
        g_string_append_c(title, ')');
    }
    if (says)
        g_string_append(text, title->str);
    else if (beside)
        g_string_append_printf(text, in->sections ? " (%s)%s" : ": %s%s", url, title->str);
    else
        g_string_append_printf(text, " [%u]", link_number(in, g_strconcat(url, title->str, NULL)));
}

/* --- within a line --------------------------------------------------------------------------- */

static void follow_sections(Plain *in, const char *text)
{
    const char *start, *end = text;
    int index;
    while ((index = placeholders_find(in->doc->aside, end, &start, &end)) >= 0) {
        TagKind kind = placeholders_tag(in->doc->aside, (guint)index)->kind;
        if (kind == TAG_SECTION || kind == TAG_INVERTED)
            in->sections++;
        else if (kind == TAG_CLOSE)
            in->sections--;
    }
}

static void image(cmark_node *node, GString *text)
{
    g_autofree char *alt = doc_words(node);
    g_string_append(text, "[Image: ");
    plain_literal(text, alt);
    g_string_append_c(text, ']');
    if (*cmark_node_get_title(node)) {
        g_string_append(text, " (");
        plain_literal(text, cmark_node_get_title(node));
        g_string_append_c(text, ')');
    }
}

static void inline_node(Plain *in, cmark_node *node, GString *text)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        follow_sections(in, cmark_node_get_literal(node));
        plain_literal(text, cmark_node_get_literal(node) + in->skip);
        in->skip = 0;
        break;
    case CMARK_NODE_CODE:
        plain_literal(text, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        g_string_append_c(text, ' ');
        break;
    case CMARK_NODE_LINEBREAK:
        g_string_append_c(text, FLOW_BREAK);
        break;
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG:
        plain_inlines(in, node, text);
        break;
    case CMARK_NODE_LINK:
        link(in, node, text);
        break;
    case CMARK_NODE_IMAGE:
        image(node, text);
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

void plain_inlines(Plain *in, cmark_node *parent, GString *text)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        inline_node(in, node, text);
}
