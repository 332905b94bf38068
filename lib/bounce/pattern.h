/* pattern - many phrases looked for in one text, cheaply
 *
 * A pattern is plain text, in which '*' stands for anything between two pieces; the tables of this
 * layer hold some thousand of them. Most hold a pair of neighbouring bytes that a given text does
 * not: the pairs of a text are noted once, and only the few patterns that they allow are searched
 * for.
 */
#ifndef BOUNCE_PATTERN_H
#define BOUNCE_PATTERN_H

#include <glib.h>

enum {
    PATTERN_PIECE_MAX = 80, /* bytes of a piece between two '*' */
    PATTERN_GAP_MAX = 100,  /* bytes that '*' stands for where pieces have to be near */
};

typedef struct {
    const char *text; /* borrowed */
    guint64 pairs[64];
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

/* Both at once, for a text that is looked at once. */
gboolean folded_has(const char *folded, const char *const *patterns);

/* The same for one pattern without any preparation. */
gboolean text_matches(const char *text, const char *pattern);

#endif
