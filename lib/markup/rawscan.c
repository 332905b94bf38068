/* rawscan - the pieces of raw HTML: text, tags, comments */
#include "markup/rawscan.h"

#include <cmark.h>
#include <string.h>

/* --- names ----------------------------------------------------------------------------------- */

static const struct {
    RawRole role;
    const char *names;
} roles[] = {
    {RAW_INLINE,
     " abbr acronym applet area b base basefont bdi bdo bgsound big blink button canvas circle "
     "cite "
     "code col colgroup data datalist defs del dfn ellipse font frame g head html image input ins "
     "kbd keygen label line link map mark marquee menuitem meta meter nobr noembed noframes "
     "noscript "
     "output param path pattern picture plaintext polygon polyline progress q rb "
     "rect "
     "rp rt rtc ruby s samp select slot small spacer span stop strike sub sup svg template text "
     "textarea time title track tspan tt u use var wbr xmp "},
    {RAW_BLOCK,
     " address article aside blockquote body caption center dd details dialog dir div dl dt "
     "fieldset "
     "figcaption figure footer form frameset header hgroup legend main menu nav ol optgroup option "
     "p pre search "
     "section summary table tbody tfoot thead tr ul "},
    {RAW_BREAK, " br "},
    {RAW_RULE, " hr "},
    {RAW_HEADING, " h1 h2 h3 h4 h5 h6 "},
    {RAW_ITEM, " li "},
    {RAW_CELL, " td th "},
    {RAW_LINK, " a "},
    {RAW_STRONG, " b strong "},
    {RAW_EMPH, " em i "},
    {RAW_IMAGE, " img "},
    {RAW_MEDIA, " audio embed iframe object source video "},
    {RAW_SKIP, " script style "},
};

RawRole rawscan_role(const char *name)
{
    g_autofree char *word = g_strdup_printf(" %s ", name);
    /* Word and Outlook paste tags such as <o:p>; custom elements have a hyphen. */
    if (strpbrk(name, ":-"))
        return RAW_INLINE; /* unless nobody closes them: raw_is_words() */
    for (gsize i = G_N_ELEMENTS(roles); i-- > 0;)
        if (strstr(roles[i].names, word))
            return roles[i].role;
    return RAW_UNKNOWN;
}

/* --- pieces ---------------------------------------------------------------------------------- */

static const char *after(const char *at, const char *mark)
{
    const char *found = strstr(at, mark);
    return found ? found + strlen(mark) : at + strlen(at);
}

/* The end of a tag whose name ends at `at`; NULL when it isn't closed. A '>' in quotes is part of
 * it.
 */
static const char *tag_end(const char *at)
{
    char quote = 0, last = 0;
    for (; *at; at++) {
        if (quote)
            quote = *at == quote ? 0 : quote;
        else if ((*at == '"' || *at == '\'') && last == '=')
            quote = *at;
        else if (*at == '>')
            return at + 1;
        if (!g_ascii_isspace(*at))
            last = *at;
    }
    return NULL;
}

static gboolean take_special(const char *at, RawPiece *piece)
{
    if (g_str_has_prefix(at, "<![CDATA[")) {
        const char *end = strstr(at, "]]>");
        piece->kind = RAW_TEXT;
        piece->start = at + strlen("<![CDATA[");
        piece->end = end ? end : at + strlen(at);
        return TRUE;
    }
    const char *end = g_str_has_prefix(at, "<!--") ? after(at + 4, "-->")
                      : g_str_has_prefix(at, "<?") ? after(at, "?>")
                      : g_str_has_prefix(at, "<!") ? after(at, ">")
                                                   : NULL;
    if (!end)
        return FALSE;
    *piece = (RawPiece){RAW_COMMENT, at, end, ""};
    return TRUE;
}

static gboolean take_tag(const char *at, RawPiece *piece)
{
    gboolean closes = at[1] == '/';
    const char *name = at + 1 + closes;
    if (!g_ascii_isalpha(*name))
        return FALSE;
    gsize length = 0;
    while (g_ascii_isalnum(name[length]) || (name[length] && strchr(":-_", name[length])))
        length++;
    const char *end = tag_end(name + length);
    if (!end) { /* the rest is text, all of it: to look again at every '<' would take forever */
        *piece = (RawPiece){RAW_TEXT, at, at + strlen(at), ""};
        return TRUE;
    }
    piece->kind = closes ? RAW_CLOSE : RAW_OPEN;
    piece->start = at;
    piece->end = end;
    g_strlcpy(piece->name, name, MIN(length, RAW_NAME_MAX) + 1);
    for (char *p = piece->name; *p; p++)
        *p = g_ascii_tolower(*p);
    return TRUE;
}

gboolean rawscan_next(const char **at, RawPiece *piece)
{
    const char *from = *at, *p = from;
    if (!*from)
        return FALSE;
    if (*from == '<' && (take_special(from, piece) || take_tag(from, piece))) {
        *at = piece->end;
        if (piece->kind == RAW_TEXT && g_str_has_prefix(piece->end, "]]>"))
            *at += 3;
        return TRUE;
    }
    for (p++; *p && *p != '<'; p++)
        ;
    *piece = (RawPiece){RAW_TEXT, from, p, ""};
    *at = p;
    return TRUE;
}

gboolean rawscan_is_remark(const RawPiece *piece)
{
    return piece->kind == RAW_COMMENT && g_str_has_prefix(piece->start, "<!--");
}

/* --- attributes and entities ----------------------------------------------------------------- */

char *rawscan_attribute(const RawPiece *piece, const char *name)
{
    const char *at = piece->start + 1 + strlen(piece->name);
    while (at < piece->end) {
        at += strspn(at, " \t\r\n/");
        gsize length = strcspn(at, " \t\r\n=/>");
        gboolean wanted = length == strlen(name) && g_ascii_strncasecmp(at, name, length) == 0;
        if (!length && *at != '=')
            return NULL;
        at += length;
        const char *equals = at + strspn(at, " \t\r\n");
        if (*equals != '=') {
            if (wanted)
                return g_strdup("");
            continue;
        }
        at = equals + 1 + strspn(equals + 1, " \t\r\n");
        char quote = *at == '"' || *at == '\'' ? *at++ : 0;
        char stops[] = {quote, '\0'};
        length = strcspn(at, quote ? stops : " \t\r\n>");
        length = MIN(length, (gsize)(piece->end - at));
        if (wanted)
            return rawscan_decode(at, length);
        at += length + (quote != 0);
    }
    return NULL;
}

/* cmark knows all names of HTML's entities but exports no function for them: it reads each as a
 * document. */
static char *decode_entity(const char *entity, gsize length)
{
    char *text = NULL;
    cmark_node *root = cmark_parse_document(entity, length, CMARK_OPT_DEFAULT);
    cmark_node *paragraph = cmark_node_first_child(root);
    cmark_node *word = paragraph ? cmark_node_first_child(paragraph) : NULL;
    if (word && !cmark_node_next(word) && cmark_node_get_type(word) == CMARK_NODE_TEXT)
        text = g_strdup(cmark_node_get_literal(word));
    cmark_node_free(root);
    return text ? text : g_strndup(entity, length);
}

static gsize entity_length(const char *at, const char *end)
{
    const char *p = at + 1;
    while (p < end && p - at < 34 && (g_ascii_isalnum(*p) || *p == '#'))
        p++;
    return p < end && *p == ';' && p > at + 1 ? (gsize)(p + 1 - at) : 0;
}

char *rawscan_decode(const char *text, gsize length)
{
    GString *out = g_string_new(NULL);
    const char *end = text + length;
    for (const char *p = text; p < end;) {
        gsize entity = *p == '&' ? entity_length(p, end) : 0;
        if (entity) {
            g_autofree char *decoded = decode_entity(p, entity);
            g_string_append(out, decoded);
            p += entity;
        } else {
            g_string_append_c(out, *p++);
        }
    }
    return g_string_free(out, FALSE);
}
