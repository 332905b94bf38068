/* html_text - the words of an HTML page as plain text, good enough to look for words in */
#include "mail/html_text.h"

#include <stdlib.h>
#include <string.h>

enum {
    ENTITY_MAX = 10,  /* letters in the longest entity's name we know */
    ADDRESS_MAX = 254 /* bytes of an address in a link (RFC 5321 section 4.5.3.1) */
};

/* A link to an address, while its words are read. */
typedef struct {
    char address[ADDRESS_MAX + 1]; /* "" when there is none */
    gsize words;                   /* where they begin */
} Link;

enum { QUOTES_MAX = 20 }; /* block quotes within one another that are told apart */

static const struct {
    const char *name;
    const char *text;
} ENTITIES[] = {
    {"amp", "&"},    {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},
    {"nbsp", " "},   {"auml", "ä"},   {"ouml", "ö"},   {"uuml", "ü"},   {"Auml", "Ä"},
    {"Ouml", "Ö"},   {"Uuml", "Ü"},   {"szlig", "ß"},  {"eacute", "é"}, {"egrave", "è"},
    {"agrave", "à"}, {"ccedil", "ç"}, {"ntilde", "ñ"}, {"rsquo", "'"},  {"lsquo", "'"},
};

/* Elements that stand on lines of their own. */
static const char *const BLOCKS[] = {"p",  "br", "div", "tr",    "td",         "th",
                                     "li", "ul", "ol",  "h1",    "h2",         "h3",
                                     "h4", "hr", "pre", "table", "blockquote", NULL};

static gboolean is_element(const char *tag, gsize length, const char *name)
{
    gsize n = strlen(name);
    return length >= n && g_ascii_strncasecmp(tag, name, n) == 0 &&
           (length == n || !g_ascii_isalnum(tag[n]));
}

static gboolean breaks_line(const char *tag, gsize length)
{
    if (length && *tag == '/') {
        tag++;
        length--;
    }
    for (const char *const *name = BLOCKS; *name; name++)
        if (is_element(tag, length, *name))
            return TRUE;
    return FALSE;
}

/* Where "</name" begins at or after `at`, or the end. */
static const char *skip_element(const char *at, const char *end, const char *name)
{
    gsize n = strlen(name);
    while (at < end && (at = memchr(at, '<', end - at))) {
        if (at + 2 + n <= end && at[1] == '/' && g_ascii_strncasecmp(at + 2, name, n) == 0)
            return at;
        at++;
    }
    return end;
}

/* Appends the character of "&name;" at `at` and returns the place after it; NULL if it is none. */
static const char *append_entity(GString *out, const char *at, const char *end)
{
    const char *stop = at + 1;
    while (stop < end && stop - at <= ENTITY_MAX && (g_ascii_isalnum(*stop) || *stop == '#'))
        stop++;
    gsize n = stop - at - 1;
    if (stop == end || *stop != ';' || n < 2)
        return NULL;
    if (at[1] == '#') {
        gboolean hex = at[2] == 'x' || at[2] == 'X';
        gulong c = strtoul(at + (hex ? 3 : 2), NULL, hex ? 16 : 10);
        if (c == 0 || c > 0x10ffff || !g_unichar_validate((gunichar)c))
            return NULL;
        g_string_append_unichar(out, (gunichar)c);
        return stop + 1;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ENTITIES); i++)
        if (strlen(ENTITIES[i].name) == n && memcmp(ENTITIES[i].name, at + 1, n) == 0) {
            g_string_append(out, ENTITIES[i].text);
            return stop + 1;
        }
    return NULL;
}

/* Notes the address of a link that begins: the tag is "a href="mailto:ann@example.org?...". */
static void begin_link(Link *link, const GString *out, const char *tag, gsize length)
{
    static const char SCHEME[] = "mailto:";
    g_autofree char *text = g_strndup(tag, length);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    const char *found = strstr(lower, SCHEME);
    gsize n = found ? strcspn(found + strlen(SCHEME), "\"'?&> ") : 0;
    *link = (Link){.words = out->len};
    if (n && n <= ADDRESS_MAX)
        memcpy(link->address, text + (found - lower) + strlen(SCHEME), n);
}

/* A link whose words hold no address is followed by the one that it leads to. */
static void end_link(Link *link, GString *out)
{
    if (strchr(link->address, '@') && !strchr(out->str + link->words, '@'))
        g_string_append_printf(out, " <%s>", link->address);
    link->address[0] = '\0';
}

/* Handles a tag at `at` ("<...") and returns the place after it. */
static const char *pass_tag(GString *out, Link *link, const char *at, const char *end)
{
    if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
        const char *close = g_strstr_len(at + 4, end - at - 4, "-->");
        return close ? close + 3 : end;
    }
    const char *close = memchr(at, '>', end - at);
    gsize length = (close ? close : end) - at - 1;
    if (is_element(at + 1, length, "style"))
        return skip_element(at + 1, end, "style");
    if (is_element(at + 1, length, "script"))
        return skip_element(at + 1, end, "script");
    if (is_element(at + 1, length, "a"))
        begin_link(link, out, at + 1, length);
    else if (is_element(at + 1, length, "/a"))
        end_link(link, out);
    if (breaks_line(at + 1, length))
        g_string_append_c(out, '\n');
    return close ? close + 1 : end;
}

static gboolean starts_tag(const char *at, const char *end)
{
    return at + 1 < end && (g_ascii_isalpha(at[1]) || at[1] == '/' || at[1] == '!');
}

/* "<ann@example.org>" unescaped in a page is no tag but what we look for. */
static gboolean is_address(const char *at, const char *end)
{
    for (at++; at < end && *at != '>' && *at != '<' && !g_ascii_isspace(*at); at++)
        if (*at == '@')
            return TRUE;
    return FALSE;
}

/* Follows block quotes, and begins each line within one with a mark. */
static void mark_quote(GString *out, guint *quotes, const char *tag, gsize length)
{
    if (is_element(tag, length, "blockquote"))
        *quotes = MIN(*quotes + 1, QUOTES_MAX);
    else if (*quotes && is_element(tag, length, "/blockquote"))
        (*quotes)--;
    else
        return;
    g_string_append(out, *quotes ? "\n> " : "\n");
}

char *html_quoted_text(const char *html, gsize length)
{
    const char *at = html, *end = html + length;
    GString *out = g_string_sized_new(length / 2 + 16);
    Link link = {0};
    guint quotes = 0;
    while (at < end) {
        const char *after = NULL;
        gsize before = out->len;
        if (*at == '<' && starts_tag(at, end) && !is_address(at, end)) {
            const char *tag = at + 1;
            at = pass_tag(out, &link, at, end);
            mark_quote(out, &quotes, tag, (gsize)(at - tag));
        } else if (*at == '&' && (after = append_entity(out, at, end))) {
            at = after;
        } else { /* lines of the source are none of the page */
            g_string_append_c(out, g_ascii_isspace(*at) ? ' ' : *at);
            at++;
        }
        if (quotes && out->len > before && out->str[out->len - 1] == '\n')
            g_string_append(out, "> ");
    }
    return g_string_free(out, FALSE);
}

char *html_text(const char *html, gsize length)
{
    const char *at = html, *end = html + length;
    GString *out = g_string_sized_new(length / 2 + 16);
    Link link = {0};
    while (at < end) {
        const char *after = NULL;
        if (*at == '<' && starts_tag(at, end) && !is_address(at, end)) {
            at = pass_tag(out, &link, at, end);
            continue;
        }
        if (*at == '&')
            after = append_entity(out, at, end);
        if (after) {
            at = after;
            continue;
        }
        g_string_append_c(out, *at++);
    }
    return g_string_free(out, FALSE);
}
