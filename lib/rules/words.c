/* words - the words of a text, one after another, and what can be counted about them */
#include "rules/words.h"

#include <string.h>

enum { READING_WORDS_MIN = 100 };

static gboolean is_inner(const char *p)
{
    gunichar c = g_utf8_get_char(p);
    return c == '\'' || c == 0x2019 || c == '-' || c == 0x2011;
}

static gboolean is_letter(const char *p)
{
    return g_unichar_isalnum(g_utf8_get_char(p));
}

static gboolean ends_sentence(gunichar c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026;
}

/* Moves to the next letter or digit, noting what is passed. */
static const char *pass_gap(const char *p, Word *word)
{
    gboolean stop = FALSE;
    word->adjoins = TRUE;
    for (; *p && !is_letter(p); p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\t' || !g_unichar_isspace(c))
            word->adjoins = FALSE;
        else if (stop)
            word->sentence = TRUE; /* a full stop within a word or number ends nothing */
        stop = ends_sentence(c) || (stop && !g_unichar_isspace(c));
    }
    return p;
}

gboolean words_next(const char **at, Word *word)
{
    *word = (Word){0};
    const char *p = pass_gap(*at, word);
    word->start = p;
    word->capitals = TRUE;
    while (*p && (is_letter(p) || (is_inner(p) && is_letter(g_utf8_next_char(p))))) {
        gunichar c = g_utf8_get_char(p);
        word->letters += g_unichar_isalpha(c);
        word->has_digit |= g_unichar_isdigit(c);
        if (g_unichar_isalpha(c) && !g_unichar_isupper(c))
            word->capitals = FALSE;
        p = g_utf8_next_char(p);
    }
    word->capitals &= word->letters > 0;
    word->end = *at = p;
    return p > word->start;
}

gboolean word_is(const Word *word, const char *text)
{
    gsize length = strlen(text);
    return (gsize)(word->end - word->start) == length &&
           g_ascii_strncasecmp(word->start, text, length) == 0;
}

gboolean words_equal(const Word *one, const Word *other)
{
    gsize length = (gsize)(one->end - one->start);
    if (length == (gsize)(other->end - other->start) && !memcmp(one->start, other->start, length))
        return TRUE;
    g_autofree char *a = g_utf8_casefold(one->start, (gssize)length);
    g_autofree char *b = g_utf8_casefold(other->start, (gssize)(other->end - other->start));
    return g_str_equal(a, b);
}

guint word_syllables(const Word *word)
{
    guint groups = 0;
    gboolean before = FALSE;
    gsize length = (gsize)(word->end - word->start);
    for (gsize i = 0; i < length; i++) {
        gboolean vowel = strchr("aeiouy", g_ascii_tolower(word->start[i])) != NULL;
        groups += vowel && !before;
        before = vowel;
    }
    const char *end = word->end;
    gboolean silent = length > 2 && g_ascii_tolower(end[-1]) == 'e' &&
                      !strchr("aeiouy", g_ascii_tolower(end[-2])) &&
                      g_ascii_tolower(end[-2]) != 'l';
    gboolean past = length > 3 && g_ascii_strncasecmp(end - 2, "ed", 2) == 0 &&
                    !strchr("dt", g_ascii_tolower(end[-3]));
    if (groups > 1 && (silent || past))
        groups--;
    return MAX(groups, 1);
}

/* Words in a run of letters of a script that parts them by no blanks: about two characters each in
 * Chinese and Japanese, four in Thai. */
static guint words_in(const Word *word)
{
    guint wide = 0, thai = 0;
    for (const char *p = word->start; p < word->end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        wide += g_unichar_iswide(c);
        thai += c >= 0xe01 && c <= 0xeff;
    }
    return MAX(wide / 2 + thai / 4, 1);
}

void reading_add(Reading *self, const char *text)
{
    Word word;
    gboolean any = FALSE;
    while (words_next(&text, &word)) {
        self->sentences += any && word.sentence;
        self->words += words_in(&word);
        self->syllables += word_syllables(&word);
        any = TRUE;
    }
    self->sentences += any;
}

guint reading_age(const Reading *self)
{
    if (self->words < READING_WORDS_MIN)
        return 0;
    double grade =
        0.39 * self->words / self->sentences + 11.8 * self->syllables / self->words - 15.59 + 5;
    return grade < 5 ? 5 : (guint)(grade + 0.5);
}
