/* lookalike - texts that the eye takes for the same, and SQL doesn't */
#include "where/lookalike.h"

#include <string.h>

#include "text/glyphs.h"

/* Blanks are one, and none stands beside a dash. */
static void append(GString *out, gunichar c)
{
    char last = out->len ? out->str[out->len - 1] : ' ';
    if (c == ' ' && (last == ' ' || last == '-'))
        return;
    if (c == '-' && last == ' ' && out->len)
        g_string_truncate(out, out->len - 1);
    g_string_append_unichar(out, c);
}

char *lookalike_fold(const char *text)
{
    g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autoptr(GString) latin = g_string_new(NULL);
    for (const char *at = apart ? apart : text; *at; at = g_utf8_next_char(at))
        g_string_append_unichar(latin, glyph_latin(g_utf8_get_char(at)));
    g_autofree char *folded = g_utf8_casefold(latin->str, -1);
    GString *out = g_string_new(NULL);
    for (const char *at = folded; *at; at = g_utf8_next_char(at))
        append(out, glyph_plain(g_utf8_get_char(at)));
    while (out->len && strchr(" .,;:", out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

int lookalike_truth(const char *text)
{
    static const char *const yes[] = {"yes",  "y",      "true",   "t",      "1",      "x",   "on",
                                      "tick", "ticked", "\u2713", "\u2714", "\u2611", "ydy", "ie"},
                             *const no[] = {"no",     "n",      "false",  "f",       "0", "off",
                                            "\u2717", "\u2718", "\u2610", "nac ydy", "na"};
    g_autofree char *look = lookalike_fold(text);
    for (guint i = 0; i < G_N_ELEMENTS(yes); i++)
        if (strcmp(look, yes[i]) == 0)
            return 1;
    for (guint i = 0; i < G_N_ELEMENTS(no); i++)
        if (strcmp(look, no[i]) == 0)
            return -1;
    return 0;
}

char *lookalike_difference(const char *text, const char *other)
{
    while (*text && *other && g_utf8_get_char(text) == g_utf8_get_char(other)) {
        text = g_utf8_next_char(text);
        other = g_utf8_next_char(other);
    }
    gunichar a = g_utf8_get_char(text), b = g_utf8_get_char(other);
    if (!a || !b || (a < 0x80 && b < 0x80) || g_unichar_tolower(a) == g_unichar_tolower(b))
        return g_strdup("");
    return g_strdup_printf(" (U+%04X, not U+%04X)", a, b);
}
