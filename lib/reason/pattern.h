/* pattern - many phrases looked for in one text, cheaply
 *
 * A pattern is plain text, in which '*' stands for anything between two pieces; the tables of this
 * layer hold some thousand of them. Most hold a pair of neighbouring bytes that a given text does
 * not: the pairs of a text are noted once, and only the few patterns that they allow are searched
 * for.
 */
#ifndef REASON_PATTERN_H
#define REASON_PATTERN_H

#include <glib.h>

enum {
    PATTERN_PIECE_MAX = 80, /* bytes of a piece between two '*' */
    PATTERN_PAIRS = 4096,
    PATTERN_GAP_MAX = 100, /* bytes that '*' stands for where pieces have to be near */
};

typedef struct {
    const char *text; /* borrowed */
    guint64 pairs[PATTERN_PAIRS / 64];
} Subject;

/* Notes the pairs of `text`, folded as by scan_fold(), which must outlive the subject. */
void subject_init(Subject *self, const char *text);

/* TRUE when the pattern's pieces occur in the text in that order. */
gboolean subject_has(const Subject *self, const char *pattern);

/* The same, each piece at most PATTERN_GAP_MAX behind the one before: "mailbox*full" in one
 * sentence. */
gboolean subject_has_near(const Subject *self, const char *pattern);

/* TRUE when one of the patterns (NULL-terminated) is in the text. */
gboolean subject_has_any(const Subject *self, const char *const *patterns);
gboolean subject_has_any_near(const Subject *self, const char *const *patterns);

/* How many of them are. */
guint subject_count_near(const Subject *self, const char *const *patterns);

/* Both at once, for a text that is looked at once. */
gboolean folded_has(const char *folded, const char *const *patterns);

/* The same for one pattern without any preparation. */
gboolean text_matches(const char *text, const char *pattern);

/* ---- patternindex.c: a thousand patterns and more, each with what it means ---- */

typedef struct PatternIndex PatternIndex;

typedef struct {
    const char *text; /* borrowed */
    guint meaning;
} Pattern;

/* An index of `count` patterns; kept for the life of the process. */
const PatternIndex *pattern_index_new(const Pattern *patterns, gsize count);

/* Sets found[meaning] for every pattern that the subject has, as subject_has_near() says. */
void pattern_index_find(const PatternIndex *self, const Subject *subject, gboolean *found);

/* The number of the pair of bytes at `at`, below PATTERN_PAIRS: its bit in Subject.pairs. */
guint pattern_pair(const char *at);

#endif
