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

/* What forms show until somebody answers, with which a value begins; letters of any case. */
static const char *const PROMPTS[] = {"select...",      "select\u2026",      "please select",
                                      "choose an item", "click or tap here", "click here to enter",
                                      "-- select",      "--select",          "please choose"};

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
                                     NULL};

/* The days that Excel and databases have for nothing. */
static const char *const NO_DAYS[] = {"00/01/1900", "0/1/1900",   "0/0/1900",   "1/0/1900",
                                      "1900-01-00", "30/12/1899", "31/12/1899", "1899-12-30",
                                      "1899-12-31", "00/00/0000", "0000-00-00", NULL};

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
    return g_strv_contains(ERRORS, lower);
}

/* "Err:502" of LibreOffice, "Fehler:502", "Erreur:504" of its other languages, "Error 2042" of
 * Excel's macros: the whole value. */
static gboolean is_numbered_error(const char *value)
{
    static const char *const words[] = {"err",  "error", "erreur", "fehler", "errore",
                                        "fout", "feil",  "fel",    "virhe",  "erro"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize length = strlen(words[i]);
        if (g_ascii_strncasecmp(value, words[i], length) != 0 || !strchr(": ", value[length]))
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
    return g_ascii_strncasecmp(value, "loading", 7) == 0 && strlen(value) < 30 &&
           (g_str_has_suffix(value, "...") || g_str_has_suffix(value, "\u2026"));
}

static gboolean is_formula(const char *value)
{
    return *value == '=' && (g_ascii_isalnum(value[1]) || value[1] == '(');
}

static gboolean is_error(const char *value)
{
    if (strstr(value, "{{") || strstr(value, "<<") || g_str_has_prefix(value, "=\"") ||
        has_escape(value) || is_loading(value) || is_numbered_error(value) ||
        g_ascii_strcasecmp(value, "[object object]") == 0)
        return TRUE;
    if (!strpbrk(value, "#:(uU"))
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
        if (g_strv_contains(tags, tag))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_prompt(const char *value)
{
    for (guint i = 0; i < G_N_ELEMENTS(PROMPTS); i++)
        if (g_ascii_strncasecmp(value, PROMPTS[i], strlen(PROMPTS[i])) == 0)
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

/* Nothing but dashes, dots or question marks. */
static gboolean is_mark(const char *value)
{
    if (!*value)
        return FALSE;
    for (; *value; value = g_utf8_next_char(value)) {
        gunichar c = g_utf8_get_char(value);
        if (g_unichar_type(c) != G_UNICODE_DASH_PUNCTUATION && !strchr("?.*/_ ", (int)MIN(c, 0x7f)))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_blank_word(const char *value)
{
    static const char edges[] = " .,;:?!()[]*-";
    const char *begin = value + strspn(value, edges);
    gsize length = strlen(begin);
    while (length && strchr(edges, begin[length - 1]))
        length--;
    g_autofree char *bare = g_ascii_strdown(begin, (gssize)length);
    return g_strv_contains(BLANKS, bare) || is_all(bare, "x", 2);
}

/* "TBC", "N/A N/A", "Mr TBC": a word in capitals that stands for one to come. */
static gboolean is_blank(const char *value)
{
    enum { LONGEST = 60 };
    static const char *const to_come[] = {"TBC", "TBA", "TBD", NULL};
    if (is_mark(value))
        return TRUE;
    if (strlen(value) > LONGEST)
        return FALSE;
    if (is_blank_word(value))
        return TRUE;
    g_auto(GStrv) words = g_strsplit_set(value, " \n", -1);
    gboolean all = TRUE;
    for (char **word = words; *word; word++) {
        if (g_strv_contains(to_come, *word))
            return TRUE;
        all = all && (!**word || is_blank_word(*word));
    }
    return all && *value;
}

Leftover leftover_find(const char *value)
{
    if (!*value)
        return LEFTOVER_NONE;
    if (is_error(value))
        return LEFTOVER_ERROR;
    if (g_strv_contains(DOUBTS, value) || g_strv_contains(NO_DAYS, value) || has_entity(value) ||
        has_tag(value) || is_prompt(value) || is_formula(value) || is_shortened(value) ||
        is_placeholder(value))
        return LEFTOVER_DOUBT;
    return is_blank(value) ? LEFTOVER_BLANK : LEFTOVER_NONE;
}
