/* html_box - what holds other blocks and is none of Markdown's: languages, signatures, footnotes */
#include "render/html_parts.h"

#include "text/langtag.h"

enum { PORTRAIT = 96 }; /* pixels of the picture in a signature */

static void language(Html *in, cmark_node *node)
{
    gboolean rtl = in->rtl;
    const char *direction = langtag_direction(doc_language(node));
    html_add(in, "<div");
    html_attribute(in, "lang", doc_language(node));
    in->rtl = g_str_equal(direction, "rtl");
    if (in->rtl != rtl)
        html_attribute(in, "dir", direction);
    html_add(in, ">\n");
    html_blocks(in, node);
    html_add(in, "</div>\n");
    in->rtl = rtl;
}

/* The picture beside what is written, where a signature begins with one. */
static void signature(Html *in, cmark_node *node)
{
    cmark_node *first = cmark_node_first_child(node);
    cmark_node *picture = first ? cmark_node_first_child(first) : NULL;
    gboolean beside = picture && !cmark_node_next(picture) && cmark_node_next(first) &&
                      cmark_node_get_type(picture) == CMARK_NODE_IMAGE;
    guint room = in->room;
    html_add(in, "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
                 "style=\"margin:24px 0 4px\"><tr>");
    if (beside) {
        in->room = PORTRAIT;
        html_add(in, "<td valign=\"top\" style=\"padding:2px 0 16px\">");
        html_inlines(in, first);
        html_add(in, "</td><td width=\"16\">&nbsp;</td>");
        in->room = room - MIN(room / 2, PORTRAIT + 16);
    }
    html_add(in, "<td valign=\"top\">\n");
    for (cmark_node *at = beside ? cmark_node_next(first) : first; at; at = cmark_node_next(at))
        html_block(in, at);
    html_add(in, "</td></tr></table>\n");
    in->room = room;
}

/* The footnotes, below a rule. */
static void notes(Html *in, cmark_node *node)
{
    guint number = 0;
    html_add(in, "<hr");
    html_attribute(in, "style", theme_style(in->theme, "hr"));
    html_add(in, ">\n");
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at)) {
        if (doc_marker(at)) {
            html_marker(in, doc_marker(at));
            continue;
        }
        gboolean rtl = in->rtl;
        g_string_append_printf(in->out, "<p id=\"note-%u\" class=\"quiet\"", ++number);
        html_direction(in, at);
        html_attribute(in, "style", theme_style(in->theme, "date"));
        g_string_append_printf(in->out, "><sup>%u</sup> ", number);
        html_inlines(in, at);
        html_add(in, "</p>\n");
        in->rtl = rtl;
    }
}

void html_box(Html *in, cmark_node *node)
{
    switch (doc_box(node)) {
    case DOC_LANGUAGE:
        language(in, node);
        break;
    case DOC_SIGNATURE:
        signature(in, node);
        break;
    case DOC_QUESTION:
    case DOC_EVENT:
        html_blocks(in, node);
        break;
    case DOC_NOTES:
        notes(in, node);
        break;
    case DOC_NO_BOX:
        break;
    }
}

static GHashTable *copy_of(GHashTable *set)
{
    GHashTable *copy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_hash_table_add(copy, g_strdup(key));
    return copy;
}

/* Two languages, for some readers the other way round. */
void html_either_way(Html *in, cmark_node *one, cmark_node *other)
{
    const PlaceholderTag *tags = placeholders_tag(in->doc->aside, (guint)in->doc->swap);
    GHashTable *targets = copy_of(in->targets);
    html_marker(in, &tags[0]);
    html_block(in, one);
    html_block(in, other);
    html_marker(in, &tags[1]);
    g_hash_table_unref(in->targets); /* each reader has every heading once */
    in->targets = targets;
    html_marker(in, &tags[2]);
    html_block(in, other);
    html_block(in, one);
    html_marker(in, &tags[3]);
}
