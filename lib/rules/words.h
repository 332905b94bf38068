/* words - the words of a text, one after another, and what can be counted about them
 *
 * A word is a run of letters and digits, with the apostrophes and hyphens within it. Any UTF-8.
 */
#ifndef RULES_WORDS_H
#define RULES_WORDS_H

#include <glib.h>

typedef struct {
    const char *start, *end;
    guint letters;
    gboolean capitals; /* it has letters, and no small one */
    gboolean has_digit;
    gboolean adjoins;  /* nothing but blanks stand between the word before and this one */
    gboolean sentence; /* a sentence ended between the two */
} Word;

/* The next word from `*at`, which it moves behind it; FALSE at the end. */
gboolean words_next(const char **at, Word *word);

gboolean word_is(const Word *word, const char *text);     /* without regard to case of ASCII */
gboolean words_equal(const Word *one, const Word *other); /* without regard to case */

/* Syllables of an English word, about. At least 1. */
guint word_syllables(const Word *word);

/* Words, sentences and syllables of running text; adds to what is there. */
typedef struct {
    guint words, sentences, syllables;
} Reading;
void reading_add(Reading *self, const char *text);

/* The age at which it is read with ease in an English school: Flesch and Kincaid's grade and five.
 * 0 for less than 100 words. */
guint reading_age(const Reading *self);

#endif
