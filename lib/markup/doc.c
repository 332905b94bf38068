/* doc - what the parts of the Markdown reader and its two writers share */
#include "markup/doc.h"

#include <string.h>

void doc_set_line(cmark_node *node, guint line)
{
    if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH)
        cmark_node_set_user_data(node, GUINT_TO_POINTER(line));
}

guint doc_given_line(cmark_node *node)
{
    while (node && cmark_node_get_type(node) > CMARK_NODE_LAST_BLOCK)
        node = cmark_node_parent(node);
    return node && cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH
               ? GPOINTER_TO_UINT(cmark_node_get_user_data(node))
               : 0;
}

guint doc_line(const Markdown *self, cmark_node *node)
{
    guint given = doc_given_line(node);
    if (given)
        return given;
    while (node) {
        int line = cmark_node_get_start_line(node);
        if (line > 0)
            return placeholders_line(self->aside, (guint)line);
        if (doc_table(node))
            return doc_table(node)->line;
        cmark_node *near =
            cmark_node_next(node) ? cmark_node_next(node) : cmark_node_previous(node);
        if (near && cmark_node_get_start_line(near) > 0)
            return placeholders_line(self->aside, (guint)cmark_node_get_start_line(near));
        node = cmark_node_parent(node);
    }
    return placeholders_line(self->aside, 1);
}

cmark_node *doc_span_new(DocSpan span)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    cmark_node_set_user_data(node, GINT_TO_POINTER(span));
    return node;
}

cmark_node *doc_box_new(DocBox box, const char *language)
{
    static const char *const names[] = {
        [DOC_NO_BOX] = "",           [DOC_LANGUAGE] = "language", [DOC_SIGNATURE] = "signature",
        [DOC_QUESTION] = "question", [DOC_EVENT] = "event",       [DOC_NOTES] = "notes"};
    cmark_node *node = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
    cmark_node_set_on_enter(node, names[box]);
    cmark_node_set_on_exit(node, language ? language : "");
    return node;
}

DocBox doc_box(cmark_node *node)
{
    if (cmark_node_get_type(node) != CMARK_NODE_CUSTOM_BLOCK || cmark_node_get_user_data(node))
        return DOC_NO_BOX;
    const char *name = cmark_node_get_on_enter(node);
    return *name == 'l'   ? DOC_LANGUAGE
           : *name == 's' ? DOC_SIGNATURE
           : *name == 'q' ? DOC_QUESTION
           : *name == 'e' ? DOC_EVENT
                          : DOC_NOTES;
}

const char *doc_language(cmark_node *box)
{
    return cmark_node_get_on_exit(box);
}

cmark_node *doc_swapped(const Markdown *self, cmark_node *node)
{
    cmark_node *next = cmark_node_next(node);
    gboolean both =
        self->swap >= 0 && next && doc_box(node) == DOC_LANGUAGE && doc_box(next) == DOC_LANGUAGE;
    return both && !g_str_equal(doc_language(node), doc_language(next)) ? next : NULL;
}

char *doc_words(cmark_node *node)
{
    GString *words = g_string_new(NULL);
    cmark_iter *iter = cmark_iter_new(node);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *at = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(at);
        if (event != CMARK_EVENT_ENTER)
            continue;
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            g_string_append(words, cmark_node_get_literal(at));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            g_string_append_c(words, ' ');
    }
    cmark_iter_free(iter);
    return g_strstrip(g_string_free(words, FALSE));
}

cmark_node *doc_text(const char *literal)
{
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(text, literal);
    return text;
}

void doc_drop(cmark_node *node)
{
    cmark_node_unlink(node);
    cmark_node_free(node);
}

gboolean doc_is_task(cmark_node *item)
{
    cmark_node *paragraph = cmark_node_first_child(item);
    cmark_node *text = paragraph ? cmark_node_first_child(paragraph) : NULL;
    const char *literal =
        text && cmark_node_get_type(text) == CMARK_NODE_TEXT ? cmark_node_get_literal(text) : "";
    return g_str_has_prefix(literal, "☐ ") || g_str_has_prefix(literal, "☑ ");
}

cmark_node *doc_button(cmark_node *paragraph)
{
    if (cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH)
        return NULL;
    cmark_node *strong = cmark_node_first_child(paragraph);
    if (!strong || cmark_node_next(strong) || cmark_node_get_type(strong) != CMARK_NODE_STRONG)
        return NULL;
    cmark_node *link = cmark_node_first_child(strong);
    if (!link || cmark_node_next(link) || cmark_node_get_type(link) != CMARK_NODE_LINK)
        return NULL;
    return link;
}

char *doc_url(const char *url)
{
    GString *out = g_string_new(NULL);
    const char *host = strstr(url, "://"), *path = host ? strpbrk(host + 3, "/?#") : NULL;
    if (host && !path)
        path = url + strlen(url);
    for (const char *p = url; *p; p++) {
        gboolean named = path && p > host && p < path && (guchar)*p >= 0x80; /* "müller.example" */
        if (g_ascii_isalnum(*p) || named || strchr("-_.+!*'(),%#@?=;:/$&~", *p))
            g_string_append_c(out, *p);
        else
            g_string_append_printf(out, "%%%02X", (guchar)*p);
    }
    return g_string_free(out, FALSE);
}
