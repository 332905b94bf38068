/* emptyblock - whether a finished page has a paragraph, an item, a link … without anything in it */
#include "check/emptyblock.h"

#include <glib.h>
#include <string.h>

enum { DEPTH_MAX = 256 };

typedef struct {
    const char *name; /* of those that must not be empty, or NULL */
    gboolean filled;
    gboolean mark;           /* a footnote's number, which fills nothing */
    gboolean data;           /* a table of data: cells below its header fill it */
    gboolean cell, has_cell; /* such a cell; one that is filled is in it */
} Element;

static const char *const names[] = {"p",  "li", "a",  "blockquote", "h1", "h2", "h3", "h4",
                                    "h5", "h6", "th", "caption",    "tr", "ul", "ol"};

static const char *name_at(const char *at, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strlen(names[i]) == length && memcmp(names[i], at, length) == 0)
            return names[i];
    return NULL;
}

static gboolean is_void(const char *at, gsize length)
{
    static const char *const alone[] = {"br", "hr", "img", "meta", "wbr", "input", "link"};
    for (gsize i = 0; i < G_N_ELEMENTS(alone); i++)
        if (strlen(alone[i]) == length && memcmp(alone[i], at, length) == 0)
            return TRUE;
    return FALSE;
}

static gboolean has_text(const char *at, const char *end)
{
    for (; at < end; at++)
        if (!g_ascii_isspace(*at))
            return TRUE;
    return FALSE;
}

/* The end of the tag or comment at `at`. */
static const char *tag_end(const char *at)
{
    gboolean comment = strncmp(at, "<!--", 4) == 0;
    const char *end = strstr(at, comment ? "-->" : ">");
    return end ? end + (comment ? 3 : 1) : at + strlen(at);
}

/* What stands between a tag's "<" and its end, as an element. */
static Element element_of(const char *tag, const char *end, const char *name, gsize length)
{
    gboolean table = length == 5 && memcmp(name, "table", 5) == 0;
    gboolean cell = length == 2 && (memcmp(name, "td", 2) == 0 || memcmp(name, "th", 2) == 0);
    g_autofree char *all = table || cell ? g_strndup(tag, (gsize)(end - tag)) : NULL;
    return (Element){.name = name_at(name, length),
                     .mark = length == 3 && memcmp(name, "sup", 3) == 0,
                     .data =
                         table && (strstr(all, " class=\"data") || strstr(all, " class=\"chart\"")),
                     .cell = cell && !strstr(all, "scope=\"col\"")};
}

/* Whether a footnote's number leads to a note that a section has taken away. */
static gboolean lacks_note(const char *page)
{
    static const char link[] = "href=\"#note-";
    for (const char *at = page; (at = strstr(at, link));) {
        at += strlen(link);
        g_autofree char *id = g_strdup_printf("id=\"note-%.*s\"", (int)strcspn(at, "\""), at);
        if (!strstr(page, id))
            return TRUE;
    }
    return FALSE;
}

const char *emptyblock_find(const char *page)
{
    Element open[DEPTH_MAX] = {{.name = NULL}};
    guint depth = 0;
    const char *body = strstr(page, "<body"), *at = body ? body : page, *next;
    for (; *at; at = next) {
        const char *tag = strchr(at, '<');
        open[depth].filled |= has_text(at, tag ? tag : at + strlen(at));
        if (!tag)
            return lacks_note(page) ? "note" : NULL;
        next = tag_end(tag);
        const char *name = tag + 1 + (tag[1] == '/');
        gsize length = strcspn(name, " \t\n/>");
        if (tag[1] == '!' || is_void(name, length)) {
            open[depth].filled |= strncmp(name, "img", 3) == 0;
        } else if (tag[1] != '/') {
            if (++depth == DEPTH_MAX)
                return NULL; /* deeper than any letter */
            open[depth] = element_of(tag, next, name, length);
        } else if (depth) {
            const Element *done = &open[depth--];
            if (done->name && !done->filled)
                return done->name;
            if (done->data && !done->has_cell)
                return "table";
            open[depth].filled |= done->filled && !done->mark;
            open[depth].has_cell |= done->has_cell || (done->cell && done->filled);
        }
    }
    return NULL;
}
