/* github - what people know from GitHub: lists of tasks, and quotes that begin with [!NOTE]
 */
#include <string.h>

#include "markup/doc.h"

static void prepend_text(cmark_node *node, const char *with, gsize skip)
{
    g_autofree char *text = g_strconcat(with, cmark_node_get_literal(node) + skip, NULL);
    cmark_node_set_literal(node, text);
}

/* --- tasks ----------------------------------------------------------------------------------- */

/* "[ ] Book a place" in an item; an empty box has a text node of its own before its bracket. */
static void read_task(cmark_node *item)
{
    cmark_node *paragraph = cmark_node_first_child(item);
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

static void drop(cmark_node *node)
{
    cmark_node_unlink(node);
    cmark_node_free(node);
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
        drop(next);
    }
}

void github_read(Markdown *self)
{
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) != CMARK_EVENT_EXIT)
            continue;
        if (cmark_node_get_type(node) == CMARK_NODE_ITEM && !doc_marker(node))
            read_task(node);
        else if (cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE)
            read_alert(node);
    }
    cmark_iter_free(iter);
}
