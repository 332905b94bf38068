/* leftover - what a spreadsheet or another program left in a cell in place of a value */
#include "letter/leftover.h"

#include <glib.h>
#include <string.h>

/* Words that only a program writes; letters of any case. */
static const char *const ERRORS[] = {
    "#n/a",   "#n/d",  "#n/v",   "#nv",           "#ref",   "#value", "#val",  "#name",
    "#div/0", "#null", "#num",   "#err",          "#error", "#spill", "#calc", "undefined",
    "#zahl",  "#wert", "#bezug", "#getting_data", "(null)", NULL};

/* Whole values that say that there is none: as programs write it (Null and Nan are names), */
static const char *const DOUBTS[] = {"NULL", "null", "None", "nan", "NaN", "<NA>", "<null>", NULL};

/* What forms show until somebody answers, and offices write until somebody comes, with which a value
 * begins; letters of any case. */
static const char *const PROMPTS[] = {"select...",      "select\u2026",      "please select",
                                      "choose an item", "click or tap here", "click here to enter",
                                      "-- select",      "--select",          "please choose",
                                      "vacant from",    "vacant until",      "vacant since",
                                      "vacant as of",   "vacant -",          "vacant (",
                                      "vacant, ",       "to be appointed",   "to be confirmed",
                                      "not known ",     "awaiting appoint",  "awaiting confirm"};

/* and as people do, letters of any case, without the punctuation at both ends. */
static const char *const BLANKS[] = {"n/a",
                                     "n.a",
                                     "n.n",
                                     "tbc",
                                     "tba",
                                     "tbd",
                                     "to be confirmed",
                                     "to be announced",
                                     "to be advised",
                                     "to be appointed",
                                     "to follow",
                                     "awaiting appointment",
                                     "vacant",
                                     "vacancy",
                                     "vacant post",
                                     "vacant position",
                                     "post vacant",
                                     "position vacant",
                                     "currently vacant",
                                     "unknown",
                                     "not known",
                                     "not available",
                                     "not applicable",
                                     "none given",
                                     "nil",
                                     "blank",
                                     "empty",
                                     "t.b.c",
                                     "t.b.a",
                                     "as above",
                                     "same as above",
                                     "ditto",
                                     "see above",
                                     "see below",
                                     "as below",
                                     "n/k",
                                     "not yet known",
                                     "not yet appointed",
                                     "awaiting",
                                     "awaiting confirmation",
                                     "gwag",
                                     "anhysbys",
                                     "amherthnasol",
                                     "fel uchod",
                                     "i'w gadarnhau",
                                     "i\u2019w gadarnhau",
                                     "i'w benodi",
                                     "i\u2019w benodi",
                                     NULL};

/* The days that Excel and databases have for nothing. */
static const char *const NO_DAYS[] = {"00/01/1900", "0/1/1900",   "0/0/1900",   "1/0/1900",
                                      "1900-01-00", "30/12/1899", "31/12/1899", "1899-12-30",
                                      "1899-12-31", "00/00/0000", "0000-00-00", NULL};

/* All of this is asked of every value of every recipient. What a value holds and how it begins is
 * seen once: nearly every rule needs a character that nearly no value has. */
enum {
    HAS_BRACE = 1 << 0,
    HAS_LESS = 1 << 1,
    HAS_UNDERSCORE = 1 << 2,
    HAS_AMPERSAND = 1 << 3,
    HAS_PLUS = 1 << 4,
    HAS_BLANK = 1 << 5,
    MAY_BEGIN = 1 << 6, /* a word that a program writes */
    HAS_PROGRAM_WORD = 1 << 7
};

static guint characters_of(const char *value)
{
    static const guint8 classes[256] = {
        ['{'] = HAS_BRACE,  ['<'] = HAS_LESS,  ['_'] = HAS_UNDERSCORE, ['&'] = HAS_AMPERSAND,
        ['+'] = HAS_PLUS,   [' '] = HAS_BLANK, ['\t'] = HAS_BLANK,     ['\r'] = HAS_BLANK,
        ['\n'] = HAS_BLANK, ['#'] = MAY_BEGIN, ['u'] = MAY_BEGIN,      ['U'] = MAY_BEGIN,
        ['('] = MAY_BEGIN,  ['E'] = MAY_BEGIN};
    guint has = 0;
    for (guint before = HAS_BLANK, is; *value; value++, before = is) {
        is = classes[(guchar)*value];
        has |= is;
        if (before & HAS_BLANK && is & MAY_BEGIN)
            has |= HAS_PROGRAM_WORD;
    }
    return has;
}

/* The letters with which any of the words (in lower case) begins, a bit each. */
static guint32 first_letters(const char *const *words)
{
    guint32 letters = 0;
    for (; *words; words++)
        letters |= (guint32)1 << (**words - 'a');
    return letters;
}

static gboolean is_one_of(const char *const *words, const char *value)
{
    for (; *words; words++)
        if (**words == *value && g_str_equal(*words, value))
            return TRUE;
    return FALSE;
}

static inline char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether a value begins with a word (in lower case) in letters of any case. */
static gboolean begins_with(const char *value, const char *word)
{
    return lower_of(*value) == *word && g_ascii_strncasecmp(value, word, strlen(word)) == 0;
}

static gboolean is_all(const char *value, const char *of, gsize least)
{
    gsize length = strlen(value);
    return length >= least && strspn(value, of) == length;
}

/* "#¡VALOR!", "#NOMBRE?", in whatever language. */
static gboolean is_shouted(const char *word)
{
    gunichar c = 0;
    guint letters = 0;
    for (const char *at = word + 1; *at; at = g_utf8_next_char(at)) {
        c = g_utf8_get_char(at);
        if (g_unichar_islower(c))
            return FALSE;
        letters += g_unichar_isalpha(c) ? 1 : 0;
    }
    return letters > 1 && (c == '!' || c == '?');
}

static gboolean is_error_word(const char *word)
{
    enum { LONGEST = 20 };
    gsize length = strlen(word);
    if (*word == '#' && (is_all(word, "#", 3) || is_shouted(word)))
        return TRUE;
    if (g_str_has_prefix(word, "Err:"))
        return is_all(word + 4, "0123456789", 3);
    if (length > LONGEST || !strchr("#uU(", *word))
        return FALSE;
    g_autofree char *lower = g_ascii_strdown(word, -1);
    while (length > 1 && strchr("!?,;:", lower[length - 1]))
        lower[--length] = '\0';
    return is_one_of(ERRORS, lower);
}

/* "Err:502" of LibreOffice, "Fehler:502", "Erreur:504" of its other languages, "Error 2042" of
 * Excel's macros: the whole value. */
static gboolean is_numbered_error(const char *value)
{
    static const char *const words[] = {"err",  "error", "erreur", "fehler", "errore",
                                        "fout", "feil",  "fel",    "virhe",  "erro"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize length = strlen(words[i]);
        if (!begins_with(value, words[i]) || !strchr(": ", value[length]))
            continue;
        const char *number = value + length + strspn(value + length, ": ");
        if (is_all(number, "0123456789", 3) && strlen(number) <= 4)
            return TRUE;
    }
    return FALSE;
}

/* "_x000D_", which Excel writes for characters that XML can't hold. */
static gboolean has_escape(const char *value)
{
    for (const char *at = value; (at = strstr(at, "_x")); at += 2)
        if (strspn(at + 2, "0123456789ABCDEFabcdef") == 4 && at[6] == '_')
            return TRUE;
    return FALSE;
}

/* "Loading...", "Loading data..." */
static gboolean is_loading(const char *value)
{
    return begins_with(value, "loading") && strlen(value) < 30 &&
           (g_str_has_suffix(value, "...") || g_str_has_suffix(value, "\u2026"));
}

static gboolean is_formula(const char *value)
{
    return *value == '=' && (g_ascii_isalnum(value[1]) || value[1] == '(');
}

static gboolean is_error(const char *value, guint has)
{
    if ((has & HAS_BRACE && strstr(value, "{{")) || (has & HAS_LESS && strstr(value, "<<")) ||
        (has & HAS_UNDERSCORE && has_escape(value)) || g_str_has_prefix(value, "=\"") ||
        is_loading(value) || is_numbered_error(value) ||
        (*value == '[' && g_ascii_strcasecmp(value, "[object object]") == 0))
        return TRUE;
    if (!(has & HAS_PROGRAM_WORD))
        return FALSE;
    g_auto(GStrv) words = g_strsplit_set(value, " \t\r\n", -1);
    guint count = 0, undefined = 0, found = 0;
    for (char **word = words; *word; word++) {
        gboolean plain = g_ascii_strcasecmp(*word, "undefined") == 0;
        count += **word != '\0';
        undefined += plain;
        found += !plain && is_error_word(*word);
    }
    return found || (undefined && undefined == count); /* an undefined number is English */
}

/* "&amp;", "&#39;" */
static gboolean has_entity(const char *value)
{
    for (const char *at = value; (at = strchr(at, '&')); at++) {
        const char *name = at + 1 + (at[1] == '#');
        gsize length =
            strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        if (length >= 2 && length <= 8 && name[length] == ';')
            return TRUE;
    }
    return FALSE;
}

/* "<b>Ann</b>", "Ann<br>Lee": HTML, which a letter would show as it stands. */
static gboolean has_tag(const char *value)
{
    static const char *const tags[] = {"a", "b",    "br",     "div", "em", "font", "i",  "li",
                                       "p", "span", "strong", "td",  "tr", "u",    "ul", NULL};
    for (const char *at = value; (at = strchr(at, '<')); at++) {
        const char *name = at + 1 + (at[1] == '/');
        gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (!length || !strchr(" />", name[length]) || !name[length] || !strchr(name, '>'))
            continue;
        g_autofree char *tag = g_ascii_strdown(name, (gssize)length);
        if (is_one_of(tags, tag))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_prompt(const char *value)
{
    for (guint i = 0; i < G_N_ELEMENTS(PROMPTS); i++)
        if (begins_with(value, PROMPTS[i]))
            return TRUE;
    return FALSE;
}

/* "4.47912E+11": a number that lost its digits when it was saved as it was shown. */
static gboolean is_shortened(const char *value)
{
    const char *power = strstr(value, "E+");
    return power && g_ascii_isdigit(*value) && power - value < 20 &&
           strspn(value, "0123456789.,") == (gsize)(power - value) &&
           is_all(power + 2, "0123456789", 2);
}

/* A field of another mail merge: «Name», ${name}, *|NAME|*, %NAME%, {name}. */
static gboolean is_placeholder(const char *value)
{
    static const struct {
        const char *open, *close;
    } marks[] = {{"\u00ab", "\u00bb"}, {"${", "}"}, {"*|", "|*"},
                 {"%%", "%%"},         {"%", "%"},  {"{", "}"}};
    for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (*marks[i].open != *value)
            continue;
        gsize open = strlen(marks[i].open), close = strlen(marks[i].close), length = strlen(value);
        if (length > open + close && g_str_has_prefix(value, marks[i].open) &&
            g_str_has_suffix(value, marks[i].close)) {
            g_autofree char *name = g_strndup(value + open, length - open - close);
            return is_all(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.",
                          2);
        }
    }
    return FALSE;
}

/* Nothing but dashes, dots or question marks, or the marks for what stands above. */
static gboolean is_mark(const char *value)
{
    if (!*value)
        return FALSE;
    for (; *value; value = g_utf8_next_char(value)) {
        gunichar c = g_utf8_get_char(value);
        gboolean is_ditto = c == 0x201D || c == 0x2033 || c == 0x3003 || c == 0x2026;
        if (c < 0x80 ? !strchr("-?.*/_ \",;:'", (int)c)
                     : !is_ditto && g_unichar_type(c) != G_UNICODE_DASH_PUNCTUATION)
            return FALSE;
    }
    return TRUE;
}

static gboolean is_edge(char c)
{
    return !g_ascii_isalnum(c) && strchr(" .,;:?!()[]*-", c);
}

static gboolean is_blank_word(const char *value, gsize length)
{
    static guint32 letters; /* with which such a word begins */
    gsize crosses = 0;
    letters = letters ? letters : first_letters(BLANKS) | (guint32)1 << ('x' - 'a');
    while (length && is_edge(*value)) {
        value++;
        length--;
    }
    while (length && is_edge(value[length - 1]))
        length--;
    const char first = length ? lower_of(*value) : '\0';
    if (first < 'a' || first > 'z' || !(letters & (guint32)1 << (first - 'a')))
        return FALSE;
    for (const char *const *word = BLANKS; *word; word++)
        if (**word == first && strlen(*word) == length &&
            g_ascii_strncasecmp(*word, value, length) == 0)
            return TRUE;
    while (crosses < length && lower_of(value[crosses]) == 'x')
        crosses++;
    return crosses >= 2 && crosses == length;
}

/* "TBC", "TBA", "TBD" */
static gboolean is_to_come(const char *word, gsize length)
{
    return length == 3 && word[0] == 'T' && word[1] == 'B' && strchr("CAD", word[2]);
}

/* "TBC", "N/A N/A", "Mr TBC": a word in capitals that stands for one to come. */
static gboolean is_blank(const char *value)
{
    enum { LONGEST = 60 };
    gboolean all = TRUE;
    if (is_mark(value))
        return TRUE;
    if (strlen(value) > LONGEST)
        return FALSE;
    if (is_blank_word(value, strlen(value)))
        return TRUE;
    for (const char *at = value, *stop; *at; at = stop + (*stop != '\0')) {
        stop = at + strcspn(at, " \n");
        if (is_to_come(at, (gsize)(stop - at)))
            return TRUE;
        all = all && (stop == at || is_blank_word(at, (gsize)(stop - at)));
    }
    return all && *value;
}

Leftover leftover_find(const char *value)
{
    if (!*value)
        return LEFTOVER_NONE;
    const guint has = characters_of(value);
    if (is_error(value, has))
        return LEFTOVER_ERROR;
    if (is_one_of(DOUBTS, value) || (g_ascii_isdigit(*value) && is_one_of(NO_DAYS, value)) ||
        (has & HAS_AMPERSAND && has_entity(value)) || (has & HAS_LESS && has_tag(value)) ||
        is_prompt(value) || is_formula(value) || (has & HAS_PLUS && is_shortened(value)) ||
        is_placeholder(value))
        return LEFTOVER_DOUBT;
    return is_blank(value) ? LEFTOVER_BLANK : LEFTOVER_NONE;
}
