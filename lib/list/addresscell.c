/* addresscell - the address in a cell, as address books, links and mail programs have it */
#include "list/addresscell.h"

#include <string.h>

static const char BETWEEN[] = ";,/| \t\n";

gboolean addresscell_is_several(const char *cell)
{
    const char *at = strchr(cell, '@');
    return at && strchr(at + 1, '@') && strpbrk(at, BETWEEN);
}

char *addresscell_same(const char *cell)
{
    char *first = NULL;
    g_auto(GStrv) parts = g_strsplit_set(cell, BETWEEN, -1);
    for (char **part = parts; *part; part++) {
        if (!strchr(*part, '@'))
            continue; /* a name */
        g_autofree char *bare = addresscell_bare(*part);
        if (first && g_ascii_strcasecmp(first, bare) != 0) {
            g_free(first);
            return NULL;
        }
        if (!first)
            first = g_steal_pointer(&bare);
    }
    return first;
}

/* "a@example.org (Ann)", as mail had it before there were angle brackets: without the remark. */
static void drop_remark(char *address)
{
    char *open = strstr(address, " ("), *close = open ? strchr(open, ')') : NULL;
    if (close && !close[1] && !strchr(open, '@'))
        *open = '\0';
}

/* Quotes of any kind around it, as text that was copied has them. */
static void drop_quotes(char *address)
{
    static const struct {
        const char *open, *close;
    } pairs[] = {
        {"\"", "\""}, {"'", "'"}, {"\u201c", "\u201d"}, {"\u2018", "\u2019"}, {"\u00ab", "\u00bb"}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        gsize open = strlen(pairs[i].open), close = strlen(pairs[i].close),
              length = strlen(address);
        if (length < open + close || !g_str_has_prefix(address, pairs[i].open) ||
            !g_str_has_suffix(address, pairs[i].close))
            continue;
        memmove(address, address + open, length - open - close);
        address[length - open - close] = '\0';
        return;
    }
}

char *addresscell_bare(const char *cell)
{
    const char *open = strrchr(cell, '<'), *close = open ? strchr(open, '>') : NULL;
    /* What stands before it may be an address of its own, and nobody's name: it isn't dropped. */
    if (open && memchr(cell, '@', (gsize)(open - cell)))
        close = NULL;
    char *bare = close && strspn(close + 1, " ,;.") == strlen(close + 1)
                     ? g_strndup(open + 1, (gsize)(close - open - 1))
                     : g_strdup(cell);
    gboolean is_link = g_ascii_strncasecmp(bare, "mailto:", 7) == 0;
    gsize prefix = is_link ? 7 : g_ascii_strncasecmp(bare, "smtp:", 5) == 0 ? 5 : 0;
    memmove(bare, bare + prefix, strlen(bare + prefix) + 1);
    if (is_link)
        bare[strcspn(bare, "?")] = '\0';
    drop_remark(bare);
    for (gsize length = strlen(bare); length && strchr(" ,;", bare[length - 1]);)
        bare[--length] = '\0';
    drop_quotes(bare);
    return bare;
}
