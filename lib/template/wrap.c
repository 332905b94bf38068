/* wrap - plain text wrapped at a width, at once or when the fields are known */
#include "template/wrap.h"

#include <string.h>

#include "text/append.h"

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

static gboolean is_glue(const char *at, const char *end)
{
    return end - at >= 2 && at[0] == '\xc2' && at[1] == '\xa0';
}

/* White space; a no-break space beside another blank holds nothing together. */
static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && (is_space(*at) || is_glue(at, end)))
        at += is_space(*at) ? 1 : 2;
    return at;
}

/* What no byte of a word is, or may not be: the quick look at all the others. */
static gboolean may_end_word(char c)
{
    G_STATIC_ASSERT(FLOW_BREAK < ' ');
    return (guchar)c <= ' ' || c == '\xc2';
}

static const char *skip_word(const char *at, const char *end)
{
    for (; at < end; at++) {
        if (!may_end_word(*at))
            continue;
        if (is_space(*at) || *at == FLOW_BREAK)
            break;
        if (is_glue(at, end) && (at + 2 == end || is_space(at[2]) || is_glue(at + 2, end)))
            break;
    }
    return at;
}

/* --- within words ---------------------------------------------------------------------------- */

/* Whether a line may end between two characters of a script that is written without blanks (Unicode
 * Standard Annex 14, as far as such scripts need it). */
static gboolean may_part(gunichar before, gunichar after)
{
    if (!g_unichar_iswide(before) && !g_unichar_iswide(after))
        return FALSE;
    switch (g_unichar_break_type(before)) {
    case G_UNICODE_BREAK_OPEN_PUNCTUATION:
    case G_UNICODE_BREAK_QUOTATION:
    case G_UNICODE_BREAK_PREFIX:
    case G_UNICODE_BREAK_WORD_JOINER:
    case G_UNICODE_BREAK_NON_BREAKING_GLUE:
    case G_UNICODE_BREAK_ZERO_WIDTH_JOINER:
        return FALSE;
    default:
        break;
    }
    switch (g_unichar_break_type(after)) {
    case G_UNICODE_BREAK_CLOSE_PUNCTUATION:
    case G_UNICODE_BREAK_CLOSE_PARANTHESIS:
    case G_UNICODE_BREAK_QUOTATION:
    case G_UNICODE_BREAK_EXCLAMATION:
    case G_UNICODE_BREAK_INFIX_SEPARATOR:
    case G_UNICODE_BREAK_SYMBOL:
    case G_UNICODE_BREAK_NON_STARTER:
    case G_UNICODE_BREAK_CONDITIONAL_JAPANESE_STARTER:
    case G_UNICODE_BREAK_INSEPARABLE:
    case G_UNICODE_BREAK_POSTFIX:
    case G_UNICODE_BREAK_COMBINING_MARK:
    case G_UNICODE_BREAK_WORD_JOINER:
    case G_UNICODE_BREAK_NON_BREAKING_GLUE:
    case G_UNICODE_BREAK_ZERO_WIDTH_JOINER:
        return FALSE;
    default:
        return TRUE;
    }
}

/* Thai and Lao: a vowel that is written before its consonant begins a syllable, and most words. */
static gboolean is_leading_vowel(gunichar c)
{
    return (c >= 0xe40 && c <= 0xe44) || (c >= 0xec0 && c <= 0xec4);
}

static gboolean is_thai(gunichar c)
{
    return (c >= 0xe01 && c <= 0xe4e) || (c >= 0xe81 && c <= 0xecd);
}

static gboolean begins_syllable(gunichar before, gunichar after)
{
    return is_thai(before) && is_thai(after) && !is_leading_vowel(before) &&
           (is_leading_vowel(after) || (after >= 0xe01 && after <= 0xe2e && before >= 0xe30) ||
            (after >= 0xe81 && after <= 0xeae && before >= 0xeb0));
}

/* Whether a line that is begun here would begin with "From": see piece_end(). */
static gboolean begins_from(const char *at, const char *end)
{
    at = skip_spaces(at, end);
    return end - at >= 4 && memcmp(at, "From", 4) == 0;
}

/* Where a word that is too long for what is left of a line may end, so that `room` columns hold it;
 * NULL when it may not; `alone`, it begins the line. No-break spaces hold together only what fits into a line at all. */
static const char *part_of(const char *at, const char *end, guint room, gboolean too_long,
                           gboolean alone)
{
    const char *best = NULL, *good = NULL, *next; /* `good`: before a word, most likely */
    guint columns = 0, good_columns = 0;
    for (const char *p = at; p < end; p = next) {
        next = g_utf8_next_char(p);
        if (next >= end)
            break;
        gunichar c = g_utf8_get_char(p), after = g_utf8_get_char(next);
        columns += wrap_columns(p, (gsize)(next - p));
        if (columns > room && !(alone && too_long && !good && !best))
            break;
        if (begins_from(next, end))
            continue;
        if (columns > room && is_glue(next, end))
            return next; /* after a word that is too long by itself */
        if (columns > room)
            continue;
        gboolean syllable = begins_syllable(c, after);
        if (may_part(c, after) || (too_long && is_glue(next, end)) ||
            (syllable && is_leading_vowel(after))) {
            good = next;
            good_columns = columns;
        }
        if (syllable)
            best = next;
    }
    return good && (!best || 2 * good_columns >= room) ? good : best;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Where the next piece that stays on one line ends: a word and any "From" after it, since a line
 * that begins with "From " is changed on its way (mbox files put '>' before it). */
static const char *piece_end(const char *at, const char *end)
{
    at = skip_word(at, end);
    for (;;) {
        const char *next = skip_spaces(at, end);
        if (end - next < 4 || memcmp(next, "From", 4) != 0)
            return at;
        const char *stop = skip_word(next, end);
        if (stop - next < 4 || (stop - next > 4 && !is_glue(next + 4, stop)))
            return at;
        at = stop;
    }
}

/* Appends a word. What held it together has done its work: a blank can be looked for and copied. */
static void append_word(GString *line, const char *at, const char *end)
{
    const char *glue = at;
    while ((glue = memchr(glue, 0xc2, (gsize)(end - glue)))) {
        if (!is_glue(glue, end)) {
            glue++;
            continue;
        }
        append_bytes(line, at, (gsize)(glue - at));
        g_string_append_c(line, ' ');
        at = glue += 2;
    }
    append_bytes(line, at, (gsize)(end - at));
}

/* Appends a piece with its inner white space folded. */
static void append_words(GString *line, const char *at, const char *end)
{
    while (at < end) {
        const char *stop = skip_word(at, end);
        if (line->len)
            g_string_append_c(line, ' ');
        append_word(line, at, stop);
        at = skip_spaces(stop, end);
    }
}

/* How far words of printable ASCII with a blank between two go that fit into `width` columns: what
 * most lines are made of, taken at once. A word before a "From" is left to piece_end(). */
static const char *plain_words(const char *at, const char *end, guint width)
{
    const char *taken = at;
    for (const char *p = at;; p++) {
        const char *word = p;
        while (p < end && (guchar)*p > ' ' && (guchar)*p < 0x7f)
            p++;
        if (p == word || (gsize)(p - at) > width)
            return taken;
        if (p == end)
            return end;
        if (*p != ' ' || p + 1 == end || p[1] == 'F' || (guchar)p[1] <= ' ' || (guchar)p[1] >= 0x7f)
            return taken;
        taken = p;
    }
}

gboolean wrap_line(const char **at, const char *end, guint width, GString *line)
{
    const char *start = skip_spaces(*at, end), *next;
    g_string_truncate(line, 0);
    if (*at == end)
        return FALSE;
    next = plain_words(start, end, width);
    guint used = (guint)(next - start);
    append_bytes(line, start, (gsize)(next - start));
    next = skip_spaces(next, end);
    while (next < end && *next != FLOW_BREAK) {
        const char *stop = piece_end(next, end);
        guint columns = wrap_columns(next, (gsize)(stop - next));
        guint gap = line->len > 0; /* even after a word that takes no column */
        if (used + gap + columns > width) {
            guint room = width > used + gap ? width - used - gap : 0;
            const char *part =
                room || !gap ? part_of(next, stop, room, columns > width, !gap) : NULL;
            if (part) {
                append_words(line, next, part);
                next = skip_spaces(part, end);
            }
            if (part || gap)
                break;
        }
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
    append_bytes(out, text, length);
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
