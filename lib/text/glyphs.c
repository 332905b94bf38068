/* glyphs - characters that nobody sees, and those that the eye takes for one another */
#include "text/glyphs.h"

#include <string.h>

gboolean glyph_is_unseen(gunichar c)
{
    return c == 0xAD || c == 0x61C || c == 0x180E || c == 0x200B || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || c == 0x34F || c == 0x115F || c == 0x1160 ||
           c == 0x3164 || c == 0xFFA0 || (c >= 0x1D173 && c <= 0x1D17A);
}

gboolean glyph_is_joiner(gunichar c)
{
    return c == 0x200C || c == 0x200D;
}

gboolean glyph_is_variation(gunichar c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE01EF);
}

gunichar glyph_plain(gunichar c)
{
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
    case 0x02B9:
    case 0x02BB:
    case 0x02BC:
    case 0xB4:
    case '`':
        return '\'';
    case 0x201E:
        return '"';
    case 0x2212:
    case 0xAD:
        return '-';
    default:
        break;
    }
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_DASH_PUNCTUATION                                             ? '-'
           : type == G_UNICODE_INITIAL_PUNCTUATION || type == G_UNICODE_FINAL_PUNCTUATION ? '"'
           : g_unichar_isspace(c)                                                         ? ' '
                                                                                          : c;
}

gunichar glyph_latin(gunichar c)
{
    static const char cyrillic[] = "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝ",
                      latin[] = "ABESIJKMHOPCTYXaesijopcyxhdqw";
    static const char greek[] = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϳ", as_latin[] = "ABEZHIKMNOPTYXovj";
    GUnicodeScript script = c < 0x370 ? G_UNICODE_SCRIPT_LATIN : g_unichar_get_script(c);
    const char *letters = script == G_UNICODE_SCRIPT_CYRILLIC ? cyrillic
                          : script == G_UNICODE_SCRIPT_GREEK  ? greek
                                                              : "";
    const char *found = g_utf8_strchr(letters, -1, c);
    if (!found)
        return c;
    return (guchar)(letters == greek ? as_latin : latin)[g_utf8_pointer_to_offset(letters, found)];
}

/* What a word, or a whole text, is made of. */
typedef struct {
    gboolean has_latin, has_other; /* letters of it; of another script that don't look like one */
    const char *stray;             /* the first that does */
} Letters;

static Letters letters_of(const char *at, const char *end)
{
    Letters all = {0};
    for (; at < end; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (!g_unichar_isalpha(c))
            continue;
        gboolean is_latin = g_unichar_get_script(c) == G_UNICODE_SCRIPT_LATIN;
        gboolean is_stray = !is_latin && glyph_latin(c) != c;
        all.has_latin |= is_latin;
        all.has_other |=
            !is_latin && !is_stray && g_unichar_get_script(c) != G_UNICODE_SCRIPT_COMMON;
        all.stray = is_stray && !all.stray ? at : all.stray;
    }
    return all;
}

static gboolean is_of_word(gunichar c)
{
    return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

const char *glyph_stray(const char *text)
{
    const char *stop;
    const Letters whole = letters_of(text, text + strlen(text));
    if (!whole.stray)
        return NULL;
    for (const char *at = text; *at; at = stop) {
        for (stop = at; is_of_word(g_utf8_get_char(stop)); stop = g_utf8_next_char(stop))
            ;
        const Letters word = letters_of(at, stop);
        if (word.stray && (word.has_latin || !whole.has_other))
            return word.stray;
        stop = stop == at ? g_utf8_next_char(at) : stop;
    }
    return NULL;
}
