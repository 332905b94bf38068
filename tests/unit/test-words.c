/* test-words - words, sentences, syllables */
#include <string.h>

#include "rules/words.h"

static char *words_of(const char *text)
{
    GString *out = g_string_new(NULL);
    Word word;
    while (words_next(&text, &word))
        g_string_append_printf(out, "%s%s%s%.*s%s", out->len ? " " : "", word.sentence ? "|" : "",
                               word.adjoins ? "" : "-", (int)(word.end - word.start), word.start,
                               word.capitals ? "^" : "");
    return g_string_free(out, FALSE);
}

static void are(const char *text, const char *expected)
{
    g_autofree char *found = words_of(text);
    g_assert_cmpstr(found, ==, expected);
}

static void test_words(void)
{
    are("", "");
    are(" . ", "");
    are("one two", "one two");
    are("one, two", "one -two");
    are("One. Two! Three", "One |-Two |-Three");
    are("e.g. this", "e -g |-this"); /* an abbreviation ends a sentence here: nobody is hurt */
    are("94.1 per", "94 -1 per");
    are("don’t o'Neill well-known", "don’t o'Neill well-known");
    are("PLEASE KS2 a", "PLEASE^ KS2^ a");
    are("'quoted' word-", "-quoted -word");
    are("Żółć ŻÓŁĆ", "Żółć ŻÓŁĆ^");
    are("a\tb", "a -b");
    are("a\nb", "a b");
    are("one \xef\xbf\xbc two", "one -two");
}

static guint syllables(const char *text)
{
    Word word;
    g_assert_true(words_next(&text, &word));
    return word_syllables(&word);
}

static void test_syllables(void)
{
    g_assert_cmpuint(syllables("the"), ==, 1);
    g_assert_cmpuint(syllables("school"), ==, 1);
    g_assert_cmpuint(syllables("make"), ==, 1);
    g_assert_cmpuint(syllables("table"), ==, 2);
    g_assert_cmpuint(syllables("attendance"), ==, 3);
    g_assert_cmpuint(syllables("walked"), ==, 1);
    g_assert_cmpuint(syllables("wanted"), ==, 2);
    g_assert_cmpuint(syllables("2024"), ==, 1);
}

static void test_age(void)
{
    Reading plain = {0}, hard = {0}, little = {0};
    for (int i = 0; i < 20; i++) {
        reading_add(&plain, "The cat sat on the mat. It was a big red mat.");
        reading_add(&hard,
                    "Organisational transformation necessitates extraordinarily comprehensive "
                    "multidisciplinary collaboration between participating educational "
                    "establishments and accountable governing authorities.");
    }
    reading_add(&little, "A few words.");
    g_assert_cmpuint(reading_age(&plain), ==, 5);
    g_assert_cmpuint(reading_age(&hard), >, 25);
    g_assert_cmpuint(reading_age(&little), ==, 0);
}

static void test_equal(void)
{
    const char *text = "The the THE Élan élan then";
    Word words[6];
    for (int i = 0; i < 6; i++)
        g_assert_true(words_next(&text, &words[i]));
    g_assert_true(words_equal(&words[0], &words[1]));
    g_assert_true(words_equal(&words[1], &words[2]));
    g_assert_true(words_equal(&words[3], &words[4]));
    g_assert_false(words_equal(&words[0], &words[5]));
    g_assert_true(word_is(&words[2], "the"));
    g_assert_false(word_is(&words[5], "the"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/words", test_words);
    g_test_add_func("/words/syllables", test_syllables);
    g_test_add_func("/words/age", test_age);
    g_test_add_func("/words/equal", test_equal);
    return g_test_run();
}
