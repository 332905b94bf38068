/* raw_parts - what the replacing of raw HTML within a line and in blocks has in common */
#include "markup/raw_parts.h"

cmark_node *raw_text(const char *text)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, text);
    return node;
}

cmark_node *raw_link(const char *url, const char *text)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
    cmark_node_set_url(link, url);
    if (text)
        cmark_node_append_child(link, raw_text(text));
    return link;
}

/* What an <img> or an <iframe> leaves: an image that tidy() makes a link of, a link, words, or
 * NULL. */
cmark_node *raw_picture(const RawPiece *tag)
{
    g_autofree char *src = rawscan_attribute(tag, "src");
    g_autofree char *alt = rawscan_attribute(tag, "alt");
    /* A picture that nobody described is decoration, or counts who opens the letter. */
    if (!alt || !*g_strstrip(alt))
        return NULL;
    if (!src || !g_regex_match_simple("^https?:", src, G_REGEX_CASELESS, 0))
        return raw_text(alt);
    cmark_node *image = cmark_node_new(CMARK_NODE_IMAGE);
    cmark_node_set_url(image, src);
    cmark_node_append_child(image, raw_text(alt));
    return image;
}

cmark_node *raw_media(const RawPiece *tag)
{
    g_autofree char *src = rawscan_attribute(tag, "src");
    g_autofree char *title = rawscan_attribute(tag, "title");
    if (!src || !*src)
        return NULL;
    return raw_link(src, title && *title ? title : src);
}

void raw_drop(cmark_node *node)
{
    cmark_node_unlink(node);
    cmark_node_free(node);
}

void raw_warn(Markdown *self, guint line, Findings *findings)
{
    doc_complain(self, findings, FINDING_WARNING, line, "raw-html",
                 "raw HTML is left out; its words and links are kept: write it in Markdown");
}
