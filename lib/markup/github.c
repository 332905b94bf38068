/* github - what people know from GitHub: lists of tasks, quotes that begin with [!NOTE], and words
 * between two tildes, ~~so~~, struck out
 */
#include <string.h>

#include "markup/doc.h"

enum { SIBLINGS_MAX = 200 }; /* between the two marks of what is struck out */

static void prepend_text(cmark_node *node, const char *with, gsize skip)
{
    g_autofree char *text = g_strconcat(with, cmark_node_get_literal(node) + skip, NULL);
    cmark_node_set_literal(node, text);
}

/* --- tasks ----------------------------------------------------------------------------------- */

/* "[ ] Book a place" in an item; an empty box has a text node of its own before its bracket. */
static void read_task(cmark_node *paragraph)
{
    cmark_node *text = paragraph ? cmark_node_first_child(paragraph) : NULL;
    if (!text || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH ||
        cmark_node_get_type(text) != CMARK_NODE_TEXT)
        return;
    const char *literal = cmark_node_get_literal(text);
    if (g_str_has_prefix(literal, "[ ] "))
        prepend_text(text, "☐ ", 4);
    else if (g_str_has_prefix(literal, "[x] ") || g_str_has_prefix(literal, "[X] "))
        prepend_text(text, "☑ ", 4);
}

/* --- alerts ---------------------------------------------------------------------------------- */

/* "Note" of a text that is nothing but "[!NOTE]". */
static const char *alert_of(const char *text)
{
    static const char *const alerts[][2] = {{"[!NOTE]", "Note"},
                                            {"[!TIP]", "Tip"},
                                            {"[!IMPORTANT]", "Important"},
                                            {"[!WARNING]", "Warning"},
                                            {"[!CAUTION]", "Caution"}};
    for (gsize i = 0; i < G_N_ELEMENTS(alerts); i++)
        if (g_ascii_strcasecmp(text, alerts[i][0]) == 0)
            return alerts[i][1];
    return NULL;
}

static void read_alert(cmark_node *quote)
{
    cmark_node *paragraph = cmark_node_first_child(quote);
    cmark_node *text = paragraph ? cmark_node_first_child(paragraph) : NULL;
    if (!text || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH ||
        cmark_node_get_type(text) != CMARK_NODE_TEXT)
        return;
    cmark_node *next = cmark_node_next(text);
    const char *name = alert_of(cmark_node_get_literal(text));
    if (!name || (next && cmark_node_get_type(next) != CMARK_NODE_SOFTBREAK &&
                  cmark_node_get_type(next) != CMARK_NODE_LINEBREAK))
        return;
    cmark_node *strong = cmark_node_new(CMARK_NODE_STRONG);
    cmark_node_set_literal(text, name);
    cmark_node_insert_before(text, strong);
    cmark_node_append_child(strong, text);
    if (next) { /* the line end is meant */
        cmark_node_insert_before(next, cmark_node_new(CMARK_NODE_LINEBREAK));
        doc_drop(next);
    }
}

/* A cell that is nothing but a box; one with words is a task, as in a list. */
static void read_cell(cmark_node *cell)
{
    cmark_node *text = cmark_node_first_child(cell);
    const char *literal =
        text && cmark_node_get_type(text) == CMARK_NODE_TEXT && !cmark_node_next(text)
            ? cmark_node_get_literal(text)
            : "";
    if (g_str_equal(literal, "[ ]"))
        cmark_node_set_literal(text, "☐");
    else if (g_ascii_strcasecmp(literal, "[x]") == 0)
        cmark_node_set_literal(text, "☑");
    else
        read_task(cell);
}

void github_read(Markdown *self)
{
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) != CMARK_EVENT_EXIT)
            continue;
        if (cmark_node_get_type(node) == CMARK_NODE_ITEM && !doc_marker(node))
            read_task(cmark_node_first_child(node));
        else if (cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE)
            read_alert(node);
    }
    cmark_iter_free(iter);
    for (cmark_node *cell = cmark_node_first_child(self->cells); cell; cell = cmark_node_next(cell))
        read_cell(cell);
}

/* --- struck out ------------------------------------------------------------------------------- */

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
    cmark_node *made = doc_text(literal);
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
    doc_drop(open);
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
