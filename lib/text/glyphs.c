/* glyphs - characters that nobody sees, and those that the eye takes for one another */
#include "text/glyphs.h"

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
