/* typo - what is wrong with a character of an address, and what somebody most likely meant */
#include "mail/typo.h"

#include <string.h>

gboolean typo_is_invisible(gunichar c)
{
    const guint kinds = 1u << G_UNICODE_CONTROL | 1u << G_UNICODE_FORMAT |
                        1u << G_UNICODE_UNASSIGNED | 1u << G_UNICODE_PRIVATE_USE |
                        1u << G_UNICODE_SURROGATE | 1u << G_UNICODE_LINE_SEPARATOR |
                        1u << G_UNICODE_PARAGRAPH_SEPARATOR;
    return kinds >> g_unichar_type(c) & 1;
}

gboolean typo_is_blank(gunichar c)
{
    return g_unichar_isspace(c) || typo_is_invisible(c);
}

char *typo_describe(gunichar c, const char *where)
{
    if (c == ' ')
        return g_strdup_printf("there is a space in %s", where);
    if (c == '<' || c == '>')
        return g_strdup("write only what stands between the angle brackets");
    if (c == ',' || c == ';')
        return g_strdup_printf("there is a '%c' in %s", (char)c, where);
    if (c == '(' || c == ')')
        return g_strdup_printf("there is a bracket in %s; comments can't stand here", where);
    if (c == '"')
        return g_strdup("addresses with quotes are not supported");
    if (c == 0xFFFD)
        return g_strdup_printf("a character was lost, or shows nothing (U+FFFD), in %s", where);
    if (typo_is_blank(c))
        return g_strdup_printf("there is an invisible character (U+%04X) in %s", c, where);
    char utf8[7] = "";
    g_unichar_to_utf8(c, utf8);
    return g_strdup_printf("'%s' can't stand in %s", utf8, where);
}

/* The text without what doesn't show, and with compatibility forms ("＠", a no-break space) as the
 * plain ones. Control characters stay: a line end inside is no slip of typing. */
static GString *plain(const char *text)
{
    g_autofree char *compatible = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    GString *out = g_string_new(NULL);
    for (const char *p = compatible; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_type(c) != G_UNICODE_FORMAT)
            g_string_append_unichar(out, c);
    }
    return out;
}

static void unwrap(GString *text)
{
    char *open = strchr(text->str, '<');
    char *close = open ? strchr(open, '>') : NULL;
    if (close) {
        g_string_truncate(text, (gsize)(close - text->str));
        g_string_erase(text, 0, open + 1 - text->str);
    }
    if (g_ascii_strncasecmp(text->str, "mailto:", 7) == 0)
        g_string_erase(text, 0, 7);
}

char *typo_mend(const char *text)
{
    /* A blank between two letters may stand for a dot, a hyphen or nothing: it is left alone. */
    static const struct {
        const char *typed, *meant;
    } slips[] = {{"‘", "'"},  {"’", "'"},  {"‐", "-"},  {"–", "-"},  {"—", "-"},
                 {",", "."},  {";", "."},  {" @", "@"}, {"@ ", "@"}, {" .", "."},
                 {". ", "."}, {"@@", "@"}, {"..", "."}, {".@", "@"}, {"@.", "@"}};

    GString *out = plain(text);
    unwrap(out);
    for (guint i = 0; i < G_N_ELEMENTS(slips); i++) {
        gsize before;
        do { /* again, for "..." has become ".." */
            before = out->len;
            g_string_replace(out, slips[i].typed, slips[i].meant, 0);
        } while (out->len != before);
    }
    while (out->len && strchr(". :", out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    g_string_erase(out, 0, (gssize)strspn(out->str, ". "));
    return g_string_free(out, FALSE);
}
