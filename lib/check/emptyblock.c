/* emptyblock - whether a finished page has a paragraph, an item, a link … without anything in it */
#include "check/emptyblock.h"

#include <glib.h>
#include <string.h>

enum { DEPTH_MAX = 256 };

typedef struct {
    const char *name; /* of those that must not be empty, or NULL */
    gboolean filled;
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

const char *emptyblock_find(const char *page)
{
    Element open[DEPTH_MAX] = {{NULL, FALSE}};
    guint depth = 0;
    const char *body = strstr(page, "<body"), *at = body ? body : page, *next;
    for (; *at; at = next) {
        const char *tag = strchr(at, '<');
        open[depth].filled |= has_text(at, tag ? tag : at + strlen(at));
        if (!tag)
            return NULL;
        next = tag_end(tag);
        const char *name = tag + 1 + (tag[1] == '/');
        gsize length = strcspn(name, " \t\n/>");
        if (tag[1] == '!' || is_void(name, length)) {
            open[depth].filled |= strncmp(name, "img", 3) == 0;
        } else if (tag[1] != '/') {
            if (++depth == DEPTH_MAX)
                return NULL; /* deeper than any letter */
            open[depth] = (Element){name_at(name, length), FALSE};
        } else if (depth) {
            if (open[depth].name && !open[depth].filled)
                return open[depth].name;
            depth--;
            open[depth].filled |= open[depth + 1].filled;
        }
    }
    return NULL;
}
