/* wrap - plain text wrapped at a width, at once or when the fields are known */
#include "template/wrap.h"

#include <string.h>

/* How many bytes from `text` on are printable ASCII, a column each. */
static gsize count_plain(const char *text, const char *end)
{
    const char *at = text;
    while (at < end && (guchar)*at >= 0x20 && (guchar)*at < 0x7f)
        at++;
    return (gsize)(at - text);
}

guint wrap_columns(const char *text, gsize length)
{
    const char *end = text + length;
    gsize plain = count_plain(text, end); /* nearly always all of it */
    guint columns = (guint)plain;
    text += plain;
    while (text < end) {
        if ((guchar)*text < 0x80) {
            columns += (guchar)*text >= 0x20 && *text != 0x7f;
            text++;
            continue;
        }
        gunichar c = g_utf8_get_char_validated(text, end - text);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            columns++;
            text++;
            continue;
        }
        columns += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
        text = g_utf8_next_char(text);
    }
    return columns;
}

static gboolean is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

static const char *skip_word(const char *at, const char *end)
{
    while (at < end && !is_space(*at) && *at != FLOW_BREAK)
        at++;
    return at;
}

/* Where the next piece that stays on one line ends: a word and any "From" after it, since a line
 * that begins with "From " is changed on its way (mbox files put '>' before it). */
static const char *piece_end(const char *at, const char *end)
{
    at = skip_word(at, end);
    for (;;) {
        const char *next = skip_spaces(at, end);
        if (end - next < 4 || memcmp(next, "From", 4) != 0 || skip_word(next, end) != next + 4)
            return at;
        at = next + 4;
    }
}

/* Appends a piece with its inner white space folded. */
static void append_words(GString *line, const char *at, const char *end)
{
    while (at < end) {
        const char *stop = skip_word(at, end);
        if (line->len)
            g_string_append_c(line, ' ');
        g_string_append_len(line, at, stop - at);
        at = skip_spaces(stop, end);
    }
}

gboolean wrap_line(const char **at, const char *end, guint width, GString *line)
{
    const char *next = skip_spaces(*at, end);
    guint used = 0;
    g_string_truncate(line, 0);
    if (*at == end)
        return FALSE;
    while (next < end && *next != FLOW_BREAK) {
        const char *stop = piece_end(next, end);
        guint columns = wrap_columns(next, (gsize)(stop - next));
        guint gap = line->len > 0; /* even after a word that takes no column */
        if (gap && used + gap + columns > width)
            break;
        used += gap + columns;
        append_words(line, next, stop);
        next = skip_spaces(stop, end);
    }
    if (next < end && *next == FLOW_BREAK)
        next = skip_spaces(next + 1, end);
    *at = next;
    return TRUE;
}

static void trim_line(GString *out, gsize from)
{
    gsize length = out->len;
    while (length > from && is_space(out->str[length - 1]))
        length--;
    g_string_truncate(out, length);
}

/* Appends a line and its end without trailing blanks; notes the columns after the prefix, where
 * they are wanted and no line so far has more. */
static void append_line(GString *out, const char *prefix, const char *text, gsize length,
                        guint *widest)
{
    gsize from = out->len;
    g_string_append(out, prefix);
    gsize start = out->len;
    g_string_append_len(out, text, (gssize)length);
    trim_line(out, from);
    if (widest && out->len > start)
        *widest = MAX(*widest, wrap_columns(out->str + start, out->len - start));
    g_string_append_c(out, '\n');
}

static guint width_after(const char *prefix)
{
    guint columns = wrap_columns(prefix, strlen(prefix));
    return columns < WRAP_WIDTH ? WRAP_WIDTH - columns : 1;
}

/* Appends the lines; `widest` (may be NULL) is as for append_line. */
static void append_wrapped(GString *out, const char *at, const char *end, const char *first,
                           const char *rest, guint *widest)
{
    g_autoptr(GString) line = g_string_sized_new(2 * WRAP_WIDTH);
    const char *prefix = first;
    if (skip_spaces(at, end) == end)
        append_line(out, prefix, "", 0, widest);
    else
        for (; wrap_line(&at, end, width_after(prefix), line); prefix = rest)
            append_line(out, prefix, line->str, line->len, widest);
}

static void append_verbatim(GString *out, const char *at, const char *end, const char *first,
                            const char *rest, guint *widest)
{
    const char *prefix = first;
    do {
        const char *stop = memchr(at, '\n', (gsize)(end - at));
        if (!stop)
            stop = end;
        append_line(out, prefix, at, (gsize)(stop - at), widest);
        prefix = rest;
        at = stop + 1;
    } while (at < end);
}

void wrap_append(GString *out, const char *text, gsize length, const char *first_prefix,
                 const char *rest_prefix)
{
    append_wrapped(out, text, text + length, first_prefix, rest_prefix, NULL);
}

void wrap_paragraph(GString *out, const char *text, gsize length, const char *first_prefix,
                    const char *rest_prefix, char rule)
{
    guint widest = 0, *wanted = rule ? &widest : NULL;
    if (length && *text == FLOW_VERBATIM)
        append_verbatim(out, text + 1, text + length, first_prefix, rest_prefix, wanted);
    else
        append_wrapped(out, text, text + length, first_prefix, rest_prefix, wanted);
    if (!widest)
        return;
    g_autofree char *line = g_strnfill(widest, rule);
    append_line(out, rest_prefix, line, widest, NULL);
}

static guint count_digits(guint number)
{
    guint digits = 1;
    for (; number > 9; number /= 10)
        digits++;
    return digits;
}

void wrap_list_begin(WrapLists *lists, guint number, gboolean kept)
{
    g_assert(lists->depth < WRAP_LISTS_MAX);
    lists->next[lists->depth] = number;
    lists->digits[lists->depth] = count_digits(number);
    lists->kept[lists->depth++] = kept;
}

void wrap_list_end(WrapLists *lists)
{
    g_assert(lists->depth > 0);
    lists->depth--;
}

/* The next number of a list; stays where it is once it can't be counted further. */
static guint next_number(WrapLists *lists, guint level)
{
    guint number = lists->next[level];
    lists->digits[level] = count_digits(number);
    if (number < G_MAXUINT)
        lists->next[level]++;
    return number;
}

void wrap_prefix(WrapLists *lists, const char *prefix, GString *out)
{
    guint level = 0;
    g_string_truncate(out, 0);
    for (const char *p = prefix; *p; p++) {
        gboolean is_mark = *p == FLOW_NUMBER || *p == FLOW_PAD;
        if (is_mark && level < lists->depth && lists->kept[level])
            g_string_append_c(out, *p);
        else if (is_mark && level < lists->depth && *p == FLOW_NUMBER)
            g_string_append_printf(out, "%u", next_number(lists, level));
        else if (is_mark && level < lists->depth)
            for (guint i = 0; i < lists->digits[level]; i++)
                g_string_append_c(out, ' ');
        else if (!is_mark)
            g_string_append_c(out, *p);
        level += is_mark;
    }
}
