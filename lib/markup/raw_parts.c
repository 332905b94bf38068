/* raw_parts - what the replacing of raw HTML within a line and in blocks has in common */
#include "markup/raw_parts.h"

#include <string.h>

cmark_node *raw_break(cmark_node_type type)
{
    cmark_node *node = cmark_node_new(type);
    cmark_node_set_user_data(node, node);
    return node;
}

cmark_node *raw_link(const char *url, const char *text)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
    cmark_node_set_url(link, url);
    if (text)
        cmark_node_append_child(link, doc_text(text));
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
        return doc_text(alt);
    cmark_node *image = cmark_node_new(CMARK_NODE_IMAGE);
    cmark_node_set_url(image, src);
    cmark_node_append_child(image, doc_text(alt));
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

const char *raw_quote_mark(const RawPiece *tag)
{
    return !g_str_equal(tag->name, "q") ? NULL : tag->kind == RAW_OPEN ? "“" : "”";
}

cmark_node *raw_quote(const RawPiece *tag)
{
    const char *mark = raw_quote_mark(tag);
    return mark ? doc_text(mark) : NULL;
}

DocSpan raw_span(const char *name)
{
    static const struct {
        const char *name;
        DocSpan span;
    } spans[] = {{"del", DOC_DELETED},  {"s", DOC_DELETED}, {"strike", DOC_DELETED},
                 {"ins", DOC_INSERTED}, {"sub", DOC_SUB},   {"sup", DOC_SUP}};
    for (gsize i = 0; i < G_N_ELEMENTS(spans); i++)
        if (g_str_equal(spans[i].name, name))
            return spans[i].span;
    return DOC_NO_SPAN;
}

gboolean raw_is_words(const Markdown *self, const RawPiece *tag)
{
    /* What means something without an end tag. */
    static const char *const alone[] = {"br", "hr", "wbr", "p",     "li",    "dt",    "dd",
                                        "td", "th", "tr",  "thead", "tbody", "tfoot", NULL};
    if (rawscan_role(tag->name) == RAW_UNKNOWN)
        return TRUE;
    gboolean says = memchr(tag->start, '=', (gsize)(tag->end - tag->start)) != NULL;
    gboolean empty = tag->end - tag->start > 1 && tag->end[-2] == '/';
    return tag->kind == RAW_OPEN && !says && !empty && !g_strv_contains(alone, tag->name) &&
           !g_hash_table_contains(self->closed, tag->name);
}

enum { SHOWN_MAX = 40, TAGS_MAX = 3 };

/* Whether the letter has what the tag says: a list whose numbers nobody set, a span. */
static gboolean is_meant(const RawPiece *tag, const char *text)
{
    static const char *const lists[] = {"ol", "ul", "li", NULL};
    if (raw_span(tag->name) || g_str_equal(tag->name, "br") || g_str_equal(tag->name, "q"))
        return TRUE;
    return g_strv_contains(lists, tag->name) &&
           !g_regex_match_simple("\\s(?:value|reversed|type)\\b", text, G_REGEX_CASELESS, 0);
}

void raw_report(RawReport *in, guint line, const RawPiece *tag)
{
    g_autofree char *text = g_strndup(tag->start, (gsize)(tag->end - tag->start));
    if (is_meant(tag, text))
        return;
    if (line != in->line)
        raw_report_end(in);
    in->line = line;
    in->skips |= tag->kind == RAW_COMMENT || rawscan_role(tag->name) == RAW_SKIP;
    if (tag->kind == RAW_CLOSE && in->tags->len)
        return;
    if (g_utf8_strlen(text, -1) > SHOWN_MAX) {
        char *cut = g_utf8_substring(text, 0, SHOWN_MAX);
        g_free(text);
        text = g_strconcat(cut, "…", NULL);
        g_free(cut);
    }
    g_strdelimit(text, "\n\t", ' ');
    if (strstr(in->tags->str, text))
        return;
    if (in->count++ < TAGS_MAX)
        g_string_append_printf(in->tags, "%s%s", in->tags->len ? ", " : "", text);
    else if (in->count == TAGS_MAX + 1)
        g_string_append(in->tags, ", …");
}

void raw_report_end(RawReport *in)
{
    if (in->tags->len)
        doc_complain(in->self, in->findings, FINDING_WARNING, in->line, "raw-html",
                     "raw HTML is left out (%s)%s: write it in Markdown", in->tags->str,
                     in->skips ? ", and what stands in a script, a style or a declaration"
                               : "; the words and links in it are kept");
    g_string_truncate(in->tags, 0);
    in->line = in->count = 0;
    in->skips = FALSE;
}
