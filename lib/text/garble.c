/* garble - text whose letters were turned to garbage by a wrong conversion, and what it was */
#include "text/garble.h"

#include <string.h>

enum { TIMES_MAX = 3, SHOWN_MAX = 40, PER_LINE_MAX = 3 };

/* --- fixing --------------------------------------------------------------------------------- */

/* Whether two characters follow one another that may have been a lead byte and what continues it.
 * Spares almost every text the conversion, which is slow. */
static gboolean may_be_garbled(const char *text)
{
    for (gboolean after_lead = FALSE; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (after_lead && c >= 0x80)
            return TRUE;
        after_lead = c >= 0xC2 && c <= 0xF4;
    }
    return FALSE;
}

/* A character's byte in Windows-1252; those that it doesn't have are taken as Latin-1's, as most
 * programs do ("â€\u009d" was "”"). -1 when there is none. */
static int byte_of(gunichar c)
{
    static const gunichar high[] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};
    if (c <= 0xff) /* Latin-1's controls stand in no text: "don\u00e2\u0080\u0099t" */
        return (int)c;
    for (int i = 0; i < (int)G_N_ELEMENTS(high); i++)
        if (high[i] == c)
            return 0x80 + i;
    return -1;
}

/* Text that is whole UTF-8 when written in Windows-1252 hardly ever is what somebody wrote. */
static char *fix_once(const char *text)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (!may_be_garbled(text))
        return NULL;
    for (; *text; text = g_utf8_next_char(text)) {
        int byte = byte_of(g_utf8_get_char(text));
        if (byte < 0)
            return NULL;
        g_string_append_c(bytes, (char)byte);
    }
    if (g_str_is_ascii(bytes->str) || !g_utf8_validate_len(bytes->str, bytes->len, NULL))
        return NULL;
    return g_strndup(bytes->str, bytes->len);
}

char *garble_fix(const char *text)
{
    g_autofree char *mended = NULL;
    for (guint i = 0; i < TIMES_MAX; i++) {
        char *again = fix_once(mended ? mended : text);
        if (!again)
            break;
        g_free(mended);
        mended = again;
    }
    return g_steal_pointer(&mended);
}

/* --- looking --------------------------------------------------------------------------------- */

static gboolean turns(gunichar c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

gboolean garble_turns(const char *text, gsize length)
{
    /* All of them begin with these two bytes. */
    for (const char *at = text, *end = text + length; at + 2 < end; at++) {
        at = memchr(at, 0xe2, (gsize)(end - at));
        if (!at || end - at < 3)
            return FALSE;
        if ((at[1] == '\x80' || at[1] == '\x81') && turns(g_utf8_get_char_validated(at, 3)))
            return TRUE;
    }
    return FALSE;
}

gboolean garble_reverses(const char *text)
{
    gboolean turned = FALSE;
    if (!garble_turns(text, strlen(text)) || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (c == 0x202e)
            return TRUE;
        if ((c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfefc))
            return strstr(text, "\u202e") != NULL;
        turned |= c == 0x202b || c == 0x2067;
    }
    return turned;
}

/* In an update an isolate (U+2066 to U+2069) may be meant: it ends with its paragraph. */
static gboolean turns_outside(const char *line)
{
    for (; *line; line = g_utf8_next_char(line))
        if (g_utf8_get_char(line) >= 0x202a && g_utf8_get_char(line) <= 0x202e)
            return TRUE;
    return FALSE;
}

/* "£200 and 50Â %": what is left of a no-break space; and characters of Windows-1252 that were taken
 * for Latin-1's controls. */
static gboolean is_left_over(const char *word)
{
    const char *end = word + strlen(word), *last = end > word ? g_utf8_prev_char(end) : word;
    if (last > word && g_str_equal(last, "Â")) {
        gunichar before = g_utf8_get_char(g_utf8_prev_char(last));
        if (g_unichar_isdigit(before) || g_unichar_islower(before))
            return TRUE;
    }
    for (const char *p = word; *p; p = g_utf8_next_char(p))
        if (g_utf8_get_char(p) >= 0x80 && g_utf8_get_char(p) < 0xa0)
            return TRUE;
    return FALSE;
}

/* The word as it was meant, where it can be known; newly allocated. */
static char *without_left_overs(const char *word)
{
    GString *out = g_string_new(NULL);
    for (const char *p = word; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        char byte[] = {(char)c, '\0'};
        g_autofree char *read = c >= 0x80 && c < 0xa0
                                    ? g_convert(byte, 1, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL)
                                    : NULL;
        if (read)
            g_string_append(out, read);
        else if (!(c == 0xc2 && !*g_utf8_next_char(p)) && !(c >= 0x80 && c < 0xa0))
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static char *shown(const char *word)
{
    if (g_utf8_strlen(word, -1) <= SHOWN_MAX)
        return g_strdup(word);
    g_autofree char *cut = g_utf8_substring(word, 0, SHOWN_MAX);
    return g_strconcat(cut, "…", NULL);
}

/* Whether a word holds a character that only one font of one program knows, such as a bullet of Word's
 * (U+F0B7), or that stands for an object that wasn't pasted with it (U+FFFC). */
static gunichar unknown_in(const char *word)
{
    for (const char *p = word; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if ((c >= 0xe000 && c <= 0xf8ff) || c == 0xfffc || c >= 0xf0000)
            return c;
    }
    return 0;
}

static void check_words(const char *line, const char *file, guint number, Findings *findings)
{
    guint found = 0;
    g_auto(GStrv) words = g_strsplit_set(line, " \t\r", -1);
    for (char **word = words; *word && found < PER_LINE_MAX; word++) {
        if (g_str_is_ascii(*word))
            continue;
        g_autofree char *mended = garble_fix(*word);
        if (!mended && is_left_over(*word))
            mended = without_left_overs(*word);
        gboolean lost = !mended && strstr(*word, "\uFFFD");
        gunichar unknown = mended || lost ? 0 : unknown_in(*word);
        if (!mended && !lost && !unknown)
            continue;
        g_autofree char *is = shown(*word), *was = mended ? shown(mended) : NULL;
        if (mended)
            findings_add(findings, FINDING_WARNING, file, number, "garbled",
                         "'%s' is '%s', saved in one encoding and read in another", is, was);
        else if (unknown)
            findings_add(findings, FINDING_WARNING, file, number, "garbled",
                         "'%s': readers see an empty box for U+%04X, which only one program's font "
                         "has: take it out",
                         is, unknown);
        else
            findings_add(findings, FINDING_WARNING, file, number, "garbled",
                         "'%s': a letter was lost where '\uFFFD' stands", is);
        found++;
    }
}

void garble_check(const char *text, gsize length, const char *file, guint first_line,
                  Findings *findings)
{
    guint number = first_line;
    for (const char *at = text, *end = text + length; at < end; number++) {
        const char *feed = memchr(at, '\n', (gsize)(end - at)), *stop = feed ? feed : end;
        g_autofree char *line = g_strndup(at, (gsize)(stop - at));
        at = feed ? feed + 1 : end;
        if (g_str_is_ascii(line) || !g_utf8_validate(line, -1, NULL))
            continue;
        check_words(line, file, number, findings);
        if (turns_outside(line))
            findings_add(findings, FINDING_WARNING, file, number, "hidden-direction",
                         "a character that shows nothing turns round the order of what stands "
                         "beside it");
    }
}

gboolean garble_has_lost(const char *text)
{
    const char *at = strchr(text, '?');
    if (!at || strpbrk(text, "/=@"))
        return FALSE;
    for (; at; at = strchr(at + 1, '?'))
        if (at > text && g_ascii_isalpha(at[-1]) && g_ascii_isalpha(at[1]))
            return TRUE;
    return FALSE;
}

/* A superscript, a currency, a paragraph's sign: none is part of a word. Not the degree and the
 * middle dot, which may be ("n°de", "col·legi"). */
static gboolean is_sign(gunichar c)
{
    static const gunichar signs[] = {0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xAC, 0xAB, 0xB1,
                                     0xB2, 0xB3, 0xB6, 0xB8, 0xB9, 0xBB, 0xBC, 0xBD, 0xBE, 0xBF};
    for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
        if (c == signs[i])
            return TRUE;
    return FALSE;
}

/* "£ukasz", but not "£m" and "£bn". */
static gboolean begins_word(const char *at)
{
    enum { SHORT = 3 };
    guint letters = 0;
    while (letters < SHORT && g_unichar_islower(g_utf8_get_char(at))) {
        at = g_utf8_next_char(at);
        letters++;
    }
    return letters == SHORT;
}

gboolean garble_has_sign(const char *text)
{
    gunichar before = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        const char *next = g_utf8_next_char(at);
        if (is_sign(c) && g_unichar_isalpha(before) && g_unichar_isalpha(g_utf8_get_char(next)))
            return TRUE;
        if (c == 0xA3 && !g_unichar_isalnum(before) && begins_word(next))
            return TRUE;
        before = c;
    }
    return FALSE;
}
