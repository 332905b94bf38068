/* codepage - the encodings of "CSV (MS-DOS)" and "CSV (Macintosh)", and how to know them */
#include "sheet/codepage.h"

#include <string.h>

static const guint16 CP850[128] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF,
    0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9,
    0x00FF, 0x00D6, 0x00DC, 0x00F8, 0x00A3, 0x00D8, 0x00D7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA,
    0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x00AE, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x00C1, 0x00C2, 0x00C0, 0x00A9, 0x2563, 0x2551, 0x2557,
    0x255D, 0x00A2, 0x00A5, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x00E3, 0x00C3,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x00A4, 0x00F0, 0x00D0, 0x00CA, 0x00CB,
    0x00C8, 0x0131, 0x00CD, 0x00CE, 0x00CF, 0x2518, 0x250C, 0x2588, 0x2584, 0x00A6, 0x00CC, 0x2580,
    0x00D3, 0x00DF, 0x00D4, 0x00D2, 0x00F5, 0x00D5, 0x00B5, 0x00FE, 0x00DE, 0x00DA, 0x00DB, 0x00D9,
    0x00FD, 0x00DD, 0x00AF, 0x00B4, 0x00AD, 0x00B1, 0x2017, 0x00BE, 0x00B6, 0x00A7, 0x00F7, 0x00B8,
    0x00B0, 0x00A8, 0x00B7, 0x00B9, 0x00B3, 0x00B2, 0x25A0, 0x00A0,
};

static const guint16 MACINTOSH[128] = {
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4, 0x00E3,
    0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
    0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020, 0x00B0, 0x00A2, 0x00A3,
    0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
    0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA,
    0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
    0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D,
    0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
    0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE,
    0x00CF, 0x00CC, 0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
    0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

static gunichar decode(Codepage page, guint8 byte)
{
    if (byte < 0x80)
        return byte;
    return page == CODEPAGE_MS_DOS ? CP850[byte - 0x80] : MACINTOSH[byte - 0x80];
}

char *codepage_decode(Codepage page, const char *bytes, gsize length)
{
    GString *out = g_string_sized_new(length + length / 8);
    for (gsize i = 0; i < length; i++)
        g_string_append_unichar(out, decode(page, (guint8)bytes[i]));
    return g_string_free(out, FALSE);
}

/* A byte after a letter that is no letter in Windows-1252, nor what stands behind a word: a low
 * quote, a florin, a circumflex, a per mille sign; a dagger or a currency only within a word. */
static gboolean is_odd(guint8 before, guint8 byte, guint8 after)
{
    static const guint8 always[] = {0x82, 0x83, 0x84, 0x88, 0x89, 0x98},
                        within[] = {0x86, 0x87, 0x8B, 0x91, 0x93, 0x94, 0x95,
                                    0x99, 0x9B, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5};
    static const guint8 capitals[] = {0x8A, 0x8C, 0x8E, 0x9F};
    if (byte == 0x9C && g_ascii_isdigit((char)after)) /* oe for a pound */
        return TRUE;
    if (!g_ascii_isalpha((char)before))
        return FALSE;
    if (byte == 0xD5) /* St MaryÕs */
        return g_ascii_islower((char)before);
    if (memchr(capitals, byte, sizeof capitals)) /* RenŽe: no capital stands within a word */
        return g_ascii_islower((char)before) || g_ascii_islower((char)after);
    return memchr(always, byte, sizeof always) ||
           (g_ascii_isalpha((char)after) && memchr(within, byte, sizeof within));
}

/* 1 for a letter that goes with the one before it, an apostrophe within a word, or a pound before a
 * digit; -1 for what can't stand there: a capital behind a small letter, a line of a box. */
static int fitting(Codepage page, guint8 before, guint8 byte, guint8 after)
{
    const gunichar apostrophe = 0x2019, dotless_i = 0x131, pound = 0xA3;
    gunichar c = decode(page, byte);
    if (!g_ascii_isalpha((char)before))
        return c == pound && g_ascii_isdigit((char)after);
    if (c == apostrophe)
        return g_ascii_isalpha((char)after);
    if (c == dotless_i || (c >= 0x2500 && c < 0x2600) ||
        (g_unichar_isupper(c) && g_ascii_islower((char)before)))
        return -1;
    return g_unichar_isalpha(c);
}

/* O‘Brien and l‘eau have a quote for an apostrophe; No‘l was Noël. */
static gboolean is_apostrophe(const CodepageSurvey *self, guint8 byte, guint8 after)
{
    return byte == 0x91 && (self->length < 3 || !g_ascii_islower((char)after));
}

static gboolean is_of_word(guint8 byte)
{
    return byte >= 0x80 || g_ascii_isalpha((char)byte);
}

static void keep_word(CodepageSurvey *self)
{
    if (self->odd_in_word && !self->word[0]) {
        memcpy(self->word, self->current, self->length);
        self->word[self->length] = '\0';
        self->line = self->current_line;
    }
    self->odd_in_word = FALSE;
    self->length = 0;
}

void codepage_survey(CodepageSurvey *self, guint8 byte)
{
    guint8 before = self->last[0], middle = self->last[1];
    if (middle >= 0x80 && is_odd(before, middle, byte) && !is_apostrophe(self, middle, byte)) {
        self->odd++;
        self->odd_in_word = TRUE;
    }
    for (guint page = 0; middle >= 0x80 && page < CODEPAGES; page++)
        self->fitting[page] += fitting((Codepage)page, before, middle, byte);
    if (!is_of_word(byte))
        keep_word(self);
    else if (self->length < CODEPAGE_WORD_MAX)
        self->current[self->length++] = (char)byte;
    if (byte == '\n')
        self->current_line++;
    self->last[0] = middle;
    self->last[1] = byte;
}

gboolean codepage_found(const CodepageSurvey *self, Codepage *page)
{
    *page = self->fitting[CODEPAGE_MACINTOSH] > self->fitting[CODEPAGE_MS_DOS] ? CODEPAGE_MACINTOSH
                                                                               : CODEPAGE_MS_DOS;
    return self->odd && self->fitting[*page] > 0;
}

const char *codepage_name(Codepage page)
{
    return page == CODEPAGE_MS_DOS ? "cp850" : "macintosh";
}

const char *codepage_format(Codepage page)
{
    return page == CODEPAGE_MS_DOS ? "CSV (MS-DOS)" : "CSV (Macintosh)";
}

/* --- what was converted before it came to us ---------------------------------------------------- */

static int byte_of(Codepage page, gunichar c)
{
    if (c < 0x80)
        return (int)c;
    for (int byte = 0x80; byte < 256; byte++)
        if (decode(page, (guint8)byte) == c)
            return byte;
    return -1;
}

/* The text as bytes of a page; NULL when it has others. */
static char *encode(Codepage page, const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text; text = g_utf8_next_char(text)) {
        int byte = byte_of(page, g_utf8_get_char(text));
        if (byte < 0) {
            g_string_free(out, TRUE);
            return NULL;
        }
        g_string_append_c(out, (char)byte);
    }
    return g_string_free(out, FALSE);
}

/* The bytes that begin the letters of Western and Central Europe, and typographic punctuation: in
 * either page they are signs that stand beside no letter. */
static gboolean has_usual_leads(const char *bytes)
{
    for (; *bytes; bytes++)
        if ((guint8)*bytes >= 0xC0 && !strchr("\xC2\xC3\xC4\xC5\xE2", *bytes))
            return FALSE;
    return TRUE;
}

/* Whole UTF-8 in the bytes of a page is hardly ever what somebody wrote. */
static char *mend_utf8(const char *text)
{
    for (guint page = 0; page < CODEPAGES; page++) {
        char *bytes = encode((Codepage)page, text);
        if (bytes && !g_str_is_ascii(bytes) && has_usual_leads(bytes) &&
            g_utf8_validate(bytes, -1, NULL))
            return bytes;
        g_free(bytes);
    }
    return NULL;
}

char *codepage_mend(const char *text)
{
    CodepageSurvey survey = {.current_line = 1};
    Codepage page;
    if (g_str_is_ascii(text))
        return NULL;
    char *utf8 = mend_utf8(text);
    if (utf8)
        return utf8;
    g_autofree char *bytes = g_convert(text, -1, "WINDOWS-1252", "UTF-8", NULL, NULL, NULL);
    if (!bytes)
        return NULL;
    for (const char *at = bytes; *at; at++)
        codepage_survey(&survey, (guint8)*at);
    codepage_survey(&survey, '\n');
    codepage_survey(&survey, '\n');
    if (!codepage_found(&survey, &page))
        return NULL;
    char *mended = codepage_decode(page, bytes, strlen(bytes));
    g_autofree char *other = codepage_decode(CODEPAGE_MACINTOSH, bytes, strlen(bytes));
    if (survey.fitting[CODEPAGE_MS_DOS] != survey.fitting[CODEPAGE_MACINTOSH] ||
        strcmp(mended, other) == 0)
        return mended;
    char *either = g_strconcat(mended, "' or '", other, NULL);
    g_free(mended);
    return either;
}
