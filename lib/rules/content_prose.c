/* content_prose - the rules about how an update is written: capitals, repetition, length */
#include <string.h>

#include "rules/content.h"
#include "rules/rule.h"
#include "rules/words.h"

enum {
    LONG_WORD = 4,  /* letters; shorter ones in capitals are abbreviations or go along */
    LOUD_WORDS = 3, /* so many long ones in a row are a cry */
    LOUD_RUN = 4,   /* or so many of any length, two of them long */
    PARAGRAPH_WORDS = 150,
    READING_AGE_MAX = 18,
    SHOWN_MAX = 60 /* characters of a text that a finding quotes */
};

/* The words from one to another, on one line, cut to what a finding can quote; newly allocated. */
static char *quote(const char *start, const char *end)
{
    g_autofree char *text = g_strndup(start, (gsize)(end - start));
    g_strdelimit(text, "\n\t", ' ');
    if (g_utf8_strlen(text, -1) <= SHOWN_MAX)
        return g_steal_pointer(&text);
    g_autofree char *cut = g_utf8_substring(text, 0, SHOWN_MAX - 1);
    return g_strconcat(cut, "…", NULL);
}

/* --- capitals -------------------------------------------------------------------------------- */

typedef struct {
    const char *start, *end;
    guint words, longs;
} Run;

static void end_run(const Content *self, const OutlineBlock *block, Run *run)
{
    if (run->longs >= LOUD_WORDS || (run->words >= LOUD_RUN && run->longs >= 2)) {
        g_autofree char *shown = quote(run->start, run->end);
        rule_report(self->findings, "capitals", self->file,
                    outline_line(block, (gsize)(run->start - block->text)),
                    "'%s': words in capitals are hard to read", shown);
    }
    *run = (Run){0};
}

static void check_capitals(const Content *self, const OutlineBlock *block)
{
    const char *at = block->text;
    Run run = {0};
    Word word;
    while (words_next(&at, &word)) {
        if (!word.capitals || word.has_digit || !word.adjoins)
            end_run(self, block, &run);
        if (!word.capitals || word.has_digit)
            continue;
        run.start = run.start ? run.start : word.start;
        run.end = word.end;
        run.words++;
        run.longs += word.letters >= LONG_WORD;
    }
    end_run(self, block, &run);
}

/* --- the same word twice --------------------------------------------------------------------- */

/* "had had", "told her her son", "very very", "New York, New York", "Duran Duran". */
static gboolean may_repeat(const Word *one, const Word *other)
{
    static const char *const fine[] = {
        "that", "had",  "her",   "you",   "very", "so",    "no",    "bye",  "well", "now", "there",
        "hear", "long", "many",  "much",  "far",  "again", "knock", "ha",   "ho",   "do",  "really",
        "too",  "way",  "never", "night", "tut",  "yes",   "hey",   "more", "one",  NULL};
    for (const char *const *word = fine; *word; word++)
        if (word_is(one, *word))
            return TRUE;
    gunichar a = g_utf8_get_char(one->start), b = g_utf8_get_char(other->start);
    return g_unichar_isupper(a) && g_unichar_isupper(b); /* a name, or an abbreviation */
}

static void check_repeats(const Content *self, const OutlineBlock *block)
{
    const char *at = block->text;
    Word before = {0}, word;
    while (words_next(&at, &word)) {
        if (before.start && word.adjoins && word.letters && !word.has_digit &&
            words_equal(&before, &word) && !may_repeat(&before, &word)) {
            g_autofree char *shown = quote(before.start, word.end);
            rule_report(self->findings, "repeated-word", self->file,
                        outline_line(block, (gsize)(word.start - block->text)),
                        "'%s': the same word twice", shown);
        }
        before = word;
    }
}

/* --- length ---------------------------------------------------------------------------------- */

static void check_paragraph(const Content *self, const OutlineBlock *block, Reading *all)
{
    Reading reading = {0};
    reading_add(&reading, block->text);
    if (reading.words > PARAGRAPH_WORDS) {
        g_autofree char *shown = quote(block->text, block->text + strlen(block->text));
        rule_report(self->findings, "long-paragraph", self->file, outline_line(block, 0),
                    "a paragraph of %u words: '%s'", reading.words, shown);
    }
    if (!content_is_english(self, block))
        return;
    all->words += reading.words;
    all->sentences += reading.sentences;
    all->syllables += reading.syllables;
}

typedef struct {
    guint words;
    guint line;
} Longest;

static void find_longest(const OutlineBlock *block, Longest *longest)
{
    const char *at = block->text;
    guint words = 0;
    gsize start = 0;
    Word word;
    while (words_next(&at, &word)) {
        if (word.sentence)
            words = 0;
        if (!words++)
            start = (gsize)(word.start - block->text);
        if (words > longest->words)
            *longest = (Longest){words, outline_line(block, start)};
    }
}

/* What holds for the subject and preheader, too. */
static void check_words(const Content *self, const OutlineBlock *block)
{
    check_capitals(self, block);
    if (content_is_english(self, block))
        check_repeats(self, block);
}

static void check_front(const Content *self, const FrontText *text)
{
    OutlineBlock block;
    if (!content_front(text, &block))
        return;
    check_words(self, &block);
    content_front_free(&block);
}

void content_prose(const Content *self)
{
    const GPtrArray *blocks = self->outline->blocks;
    Reading all = {0};
    Longest longest = {0};
    check_front(self, &self->front->subject);
    check_front(self, &self->front->preheader);
    for (guint i = 0; i < blocks->len; i++) {
        const OutlineBlock *block = g_ptr_array_index(blocks, i);
        check_words(self, block);
        if (block->kind != OUTLINE_PARAGRAPH)
            continue;
        check_paragraph(self, block, &all);
        if (content_is_english(self, block))
            find_longest(block, &longest);
    }
    guint age = all.words ? reading_age(&all) : 0;
    if (age > READING_AGE_MAX)
        rule_report(self->findings, "reading-age", self->file, longest.line,
                    "the text asks for a reading age of %u (%.0f words a sentence); this sentence "
                    "has %u",
                    age, (double)all.words / all.sentences, longest.words);
}
