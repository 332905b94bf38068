/* sortkey - cells put in the order that people expect, the same on every machine */
#include "list/sortkey.h"

#include <string.h>

#include "where/functions.h"

enum { KIND_EMPTY = 1, KIND_NUMBER, KIND_DAY, KIND_TEXT };
enum { DIGITS_MAX = 200 }; /* of a number within a text; longer ones count as so long */

/* A double's bits in an order of bytes: the sign turned round, and a negative one's rest too. */
static void append_number(GString *out, double number)
{
    guint64 bits;
    if (number == 0)
        number = 0; /* -0 */
    memcpy(&bits, &number, sizeof bits);
    bits ^= bits >> 63 ? G_MAXUINT64 : G_GUINT64_CONSTANT(1) << 63;
    for (int shift = 56; shift >= 0; shift -= 8)
        g_string_append_c(out, (char)(bits >> shift & 0xFF));
}

/* A run of digits: how many there are without leading zeros, then they. */
static const char *append_digits(GString *out, const char *text)
{
    while (*text == '0' && g_ascii_isdigit(text[1]))
        text++;
    gsize length = strspn(text, "0123456789");
    g_string_append_c(out, '0');
    g_string_append_c(out, (char)MIN(length, DIGITS_MAX));
    g_string_append_len(out, text, (gssize)length);
    return text + length;
}

static gboolean is_passed_over(gunichar c)
{
    return g_unichar_ismark(c) || c == '\'' || c == 0x2018 || c == 0x2019 || c == '.';
}

/* A letter without its accent also where Unicode knows no parts of it, as in l with stroke. */
static void append_letter(GString *out, gunichar c)
{
    char bytes[7] = {0};
    g_unichar_to_utf8(c, bytes);
    g_autofree char *plain = c < 0x80 ? NULL : g_str_to_ascii(bytes, "C");
    const char *letter = plain && !strchr(plain, '?') ? plain : bytes;
    g_autofree char *folded = g_utf8_casefold(letter, -1);
    g_string_append(out, folded);
}

static void append_text(GString *out, const char *text)
{
    g_autofree char *parts = g_utf8_normalize(text, -1, G_NORMALIZE_NFKD);
    const char *at = parts ? parts : "";
    while (*at) {
        gunichar c = g_utf8_get_char(at);
        if (c < 0x80 && g_ascii_isdigit((char)c)) {
            at = append_digits(out, at);
            continue;
        }
        if (g_unichar_isspace(c))
            g_string_append_c(out, ' ');
        else if (!is_passed_over(c))
            append_letter(out, c);
        at = g_utf8_next_char(at);
    }
}

void sortkey_append(GString *out, const char *text)
{
    double number;
    if (!*text) {
        g_string_append_c(out, KIND_EMPTY);
        return;
    }
    if (function_number(text, strlen(text), &number)) {
        g_string_append_c(out, KIND_NUMBER);
        append_number(out, number);
        return;
    }
    g_autofree char *day = function_day(text);
    g_string_append_c(out, day ? KIND_DAY : KIND_TEXT);
    if (day)
        g_string_append(out, day);
    else
        append_text(out, text);
}
