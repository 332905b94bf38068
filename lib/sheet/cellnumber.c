/* cellnumber - what a cell of a sheet says as a number */
#include "sheet/cellnumber.h"

#include <string.h>

enum {
    LENGTH_MAX = 64, /* bytes; longer is no number that anyone compares */
    DIGITS_MAX = 15, /* more than a double keeps */
    GROUP = 3
};

typedef struct {
    char text[LENGTH_MAX + 1]; /* digits and separators; every blank is ' ', apostrophes '\'' */
    gsize length;
    gboolean negative;
} Figure;

gboolean cellnumber_is_code(const char *text)
{
    return text[0] == '0' && text[1] && strspn(text, "0123456789") == strlen(text);
}

static gboolean is_currency(gunichar c)
{
    return g_unichar_type(c) == G_UNICODE_CURRENCY_SYMBOL;
}

static const char *skip_blanks(const char *at)
{
    while (*at && g_unichar_isspace(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    return at;
}

/* A sign and a currency in any order, each once. */
static const char *read_before(const char *at, Figure *figure, gboolean *money)
{
    for (gboolean sign = FALSE;; at = skip_blanks(g_utf8_next_char(at))) {
        gunichar c = g_utf8_get_char(at);
        if (!sign && (c == '-' || c == '+' || c == 0x2212)) {
            sign = TRUE;
            figure->negative = c != '+';
        } else if (!*money && is_currency(c)) {
            *money = TRUE;
        } else {
            return at;
        }
    }
}

static char separator(gunichar c)
{
    return c == ',' || c == '.'       ? (char)c
           : c == '\'' || c == 0x2019 ? '\''
           : g_unichar_isspace(c)     ? ' '
                                      : '\0';
}

/* Digits, with one separator between any two of them. */
static const char *read_figure(const char *at, Figure *figure)
{
    while (*at && figure->length < LENGTH_MAX) {
        gunichar c = g_utf8_get_char(at);
        const char *next = g_utf8_next_char(at);
        char sign = separator(c);
        if (c < 0x80 && g_ascii_isdigit((char)c))
            figure->text[figure->length++] = (char)c;
        else if (sign && g_ascii_isdigit(*next))
            figure->text[figure->length++] = sign;
        else
            break;
        at = next;
    }
    figure->text[figure->length] = '\0';
    return at;
}

static guint count(const char *text, char c)
{
    guint found = 0;
    for (; *text; text++)
        found += *text == c;
    return found;
}

/* Whether all from `text` to `end` is groups of three parted by `sign`, but for the first, which
 * may be shorter and doesn't begin with 0. */
static gboolean is_grouped(const char *text, const char *end, char sign)
{
    gsize first = strcspn(text, (char[]){sign, '\0'});
    if (first == 0 || first > GROUP || *text == '0')
        return FALSE;
    for (const char *at = text + first; at < end; at += GROUP + 1) {
        if (*at != sign || end - at < GROUP + 1)
            return FALSE;
        for (guint i = 1; i <= GROUP; i++)
            if (!g_ascii_isdigit(at[i]))
                return FALSE;
    }
    return TRUE;
}

/* The sign before the fraction, '\0' for none; FALSE when it can't be read. */
static gboolean find_fraction(const char *text, const char **fraction)
{
    const char *comma = strrchr(text, ','), *dot = strrchr(text, '.');
    guint commas = count(text, ','), dots = count(text, '.'),
          others = count(text, ' ') + count(text, '\'');
    *fraction = NULL;
    if (comma && dot) {
        *fraction = MAX(comma, dot);
        return (comma > dot ? commas : dots) == 1;
    }
    if (dots == 1)
        *fraction = dot;
    if (commas == 1 && (others || !is_grouped(text, text + strlen(text), ',')))
        *fraction = comma;
    return TRUE;
}

/* As a plain decimal, "1029.5", in place. */
static gboolean make_plain(Figure *figure)
{
    const char *fraction;
    if (!find_fraction(figure->text, &fraction))
        return FALSE;
    const char *end = fraction ? fraction : figure->text + figure->length;
    char sign = '\0';
    for (const char *at = figure->text; at < end && !sign; at++)
        sign = g_ascii_isdigit(*at) ? '\0' : *at;
    if (sign && !is_grouped(figure->text, end, sign))
        return FALSE;
    if (fraction && strspn(fraction + 1, "0123456789") != strlen(fraction + 1))
        return FALSE;
    char *to = figure->text;
    guint digits = 0;
    for (const char *at = figure->text; *at; at++) {
        if (at == fraction)
            *to++ = '.';
        else if (g_ascii_isdigit(*at)) {
            *to++ = *at;
            digits += digits || *at != '0';
        }
    }
    *to = '\0';
    return to > figure->text && digits <= DIGITS_MAX;
}

/* "(1,200)", "(£12)", "£(12)": below nought, as accountants write it; the text between the brackets
 * with what stands before them, newly allocated. NULL when there are none. */
static char *unbracket(const char *text)
{
    const char *open = strchr(text, '('), *close = open ? strchr(open, ')') : NULL;
    if (!close || strpbrk(text, "+-") || strlen(text) > 2 * LENGTH_MAX || *skip_blanks(close + 1))
        return NULL;
    return g_strdup_printf("%.*s%.*s", (int)(open - text), text, (int)(close - open - 1), open + 1);
}

gboolean cellnumber_parse(const char *text, double *number)
{
    g_autofree char *inside = *text && strchr(text, '(') ? unbracket(text) : NULL;
    if (inside && !strpbrk(inside, "()") && cellnumber_parse(inside, number)) {
        *number = -*number;
        return TRUE;
    }
    Figure figure = {.length = 0};
    gboolean money = FALSE;
    const char *at = read_before(skip_blanks(text), &figure, &money);
    if (!g_ascii_isdigit(*at) && !(*at == '.' && g_ascii_isdigit(at[1])))
        return FALSE;
    at = skip_blanks(read_figure(at, &figure));
    if (*at == '%' || (!money && *at && is_currency(g_utf8_get_char(at))))
        at = skip_blanks(g_utf8_next_char(at));
    if (*at || !make_plain(&figure))
        return FALSE;
    *number = g_ascii_strtod(figure.text, NULL) * (figure.negative ? -1 : 1);
    return TRUE;
}
