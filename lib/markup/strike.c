/* strike - words between two tildes, ~~so~~, struck out as on GitHub */
#include <string.h>

#include "markup/doc.h"

enum { SIBLINGS_MAX = 200 }; /* between the two marks */

static gboolean is_blank(gunichar c)
{
    return c == 0 || g_unichar_isspace(c);
}

/* Where the text has a mark that may open (or close) a run, or NULL: two tildes, no more, with a
 * word beside them on the inner side. */
static const char *find_mark(const char *text, gboolean opens)
{
    for (const char *at = text; (at = strstr(at, "~~")); at += strspn(at, "~")) {
        const char *after = at + strspn(at, "~");
        gunichar left = at > text ? g_utf8_get_char(g_utf8_prev_char(at)) : 0;
        gunichar right = g_utf8_get_char(after);
        /* At the end of a text another node follows: emphasis, a link. */
        gboolean inner = opens ? !*after || !is_blank(right) : at == text || !is_blank(left);
        if (after == at + 2 && inner)
            return at;
    }
    return NULL;
}

static cmark_node *text_before(cmark_node *node, const char *text, gsize length)
{
    g_autofree char *literal = g_strndup(text, length);
    cmark_node *made = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(made, literal);
    cmark_node_insert_before(node, made);
    return made;
}

/* The text that closes what opens before `open` in its node, and where; NULL when there is none. */
static cmark_node *find_close(cmark_node *open, gsize from, gsize *at)
{
    guint seen = 0;
    for (cmark_node *node = open; node && seen++ < SIBLINGS_MAX; node = cmark_node_next(node)) {
        if (cmark_node_get_type(node) != CMARK_NODE_TEXT)
            continue;
        const char *text = cmark_node_get_literal(node) + (node == open ? from : 0);
        const char *mark = find_mark(text, FALSE);
        if (node == open && mark == text)
            mark = NULL; /* four tildes and nothing between them */
        if (!mark)
            continue;
        *at = (gsize)(mark - cmark_node_get_literal(node));
        return node;
    }
    return NULL;
}

/* Puts what stands between the two marks into a span; returns the node after it. */
static cmark_node *wrap(cmark_node *open, gsize from, cmark_node *close, gsize to)
{
    cmark_node *span = doc_span_new(DOC_DELETED);
    g_autofree char *head = g_strdup(cmark_node_get_literal(open));
    g_autofree char *tail = g_strdup(cmark_node_get_literal(close));
    text_before(open, head, from);
    cmark_node_insert_before(open, span);
    if (open == close) {
        cmark_node_append_child(span, text_before(open, head + from + 2, to - from - 2));
        cmark_node_set_literal(open, tail + to + 2);
        return open;
    }
    cmark_node_append_child(span, text_before(open, head + from + 2, strlen(head + from + 2)));
    while (cmark_node_next(open) != close)
        cmark_node_append_child(span, cmark_node_next(open));
    cmark_node_append_child(span, text_before(close, tail, to));
    cmark_node_set_literal(close, tail + to + 2);
    cmark_node_unlink(open);
    cmark_node_free(open);
    return close;
}

static void strike_within(cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node;) {
        gboolean is_text = cmark_node_get_type(node) == CMARK_NODE_TEXT;
        const char *literal = is_text ? cmark_node_get_literal(node) : NULL;
        const char *mark = literal ? find_mark(literal, TRUE) : NULL;
        gsize from = mark ? (gsize)(mark - literal) : 0, to;
        cmark_node *close = mark ? find_close(node, from + 2, &to) : NULL;
        if (close) {
            node = wrap(node, from, close, to);
            continue;
        }
        if (!is_text)
            strike_within(node);
        node = cmark_node_next(node);
    }
}

void strike(Markdown *self)
{
    strike_within(self->root);
    strike_within(self->cells);
}
