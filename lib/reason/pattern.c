/* pattern - many phrases looked for in one text, cheaply */
#include "reason/pattern.h"

#include <string.h>

static inline guint pair_hash(const char *at)
{
    return ((guchar)at[0] * 31u ^ (guchar)at[1] * 101u) & 4095u;
}

void subject_init(Subject *self, const char *text)
{
    memset(self->pairs, 0, sizeof self->pairs);
    self->text = text;
    for (; text[0] && text[1]; text++) {
        guint h = pair_hash(text);
        self->pairs[h / 64] |= G_GUINT64_CONSTANT(1) << (h % 64);
    }
}

guint pattern_pair(const char *at)
{
    return pair_hash(at);
}

static gboolean pairs_allow(const Subject *self, const char *pattern)
{
    if (!pattern[0])
        return TRUE;
    for (; pattern[1]; pattern++) {
        guint h = pair_hash(pattern);
        if (pattern[0] != '*' && pattern[1] != '*' &&
            !(self->pairs[h / 64] & G_GUINT64_CONSTANT(1) << (h % 64)))
            return FALSE;
    }
    return TRUE;
}

/* The length of the first piece. */
static gsize piece_length(const char *pattern)
{
    const char *star = strchr(pattern, '*');
    return star ? (gsize)(star - pattern) : strlen(pattern);
}

gboolean text_matches(const char *text, const char *pattern)
{
    for (;;) {
        char piece[PATTERN_PIECE_MAX + 1];
        gsize n = piece_length(pattern);
        if (!pattern[n])
            return strstr(text, pattern) != NULL;
        g_assert(n <= PATTERN_PIECE_MAX);
        memcpy(piece, pattern, n);
        piece[n] = '\0';
        text = strstr(text, piece);
        if (!text)
            return FALSE;
        text += n;
        pattern += n + 1;
    }
}

/* Whether the pieces of `pattern` follow `text`, the first within the gap. */
static gboolean follows_near(const char *text, const char *pattern)
{
    for (;;) {
        gsize n = piece_length(pattern);
        const char *found = g_strstr_len(text, PATTERN_GAP_MAX + (gssize)n, pattern);
        if (pattern[n]) {
            char piece[PATTERN_PIECE_MAX + 1];
            g_assert(n <= PATTERN_PIECE_MAX);
            memcpy(piece, pattern, n);
            piece[n] = '\0';
            found = g_strstr_len(text, PATTERN_GAP_MAX + (gssize)n, piece);
        }
        if (!found)
            return FALSE;
        if (!pattern[n])
            return TRUE;
        text = found + n;
        pattern += n + 1;
    }
}

gboolean subject_has_near(const Subject *self, const char *pattern)
{
    gsize n = piece_length(pattern);
    char first[PATTERN_PIECE_MAX + 1];
    if (!pairs_allow(self, pattern))
        return FALSE;
    if (!pattern[n])
        return strstr(self->text, pattern) != NULL;
    g_assert(n <= PATTERN_PIECE_MAX);
    memcpy(first, pattern, n);
    first[n] = '\0';
    for (const char *at = self->text; (at = strstr(at, first)); at++)
        if (follows_near(at + n, pattern + n + 1))
            return TRUE;
    return FALSE;
}

gboolean subject_has(const Subject *self, const char *pattern)
{
    return pairs_allow(self, pattern) && text_matches(self->text, pattern);
}

gboolean subject_has_any(const Subject *self, const char *const *patterns)
{
    for (; *patterns; patterns++)
        if (subject_has(self, *patterns))
            return TRUE;
    return FALSE;
}

guint subject_count_near(const Subject *self, const char *const *patterns)
{
    guint count = 0;
    for (; *patterns; patterns++)
        count += subject_has_near(self, *patterns);
    return count;
}

gboolean subject_has_any_near(const Subject *self, const char *const *patterns)
{
    for (; *patterns; patterns++)
        if (subject_has_near(self, *patterns))
            return TRUE;
    return FALSE;
}

gboolean folded_has(const char *folded, const char *const *patterns)
{
    Subject subject;
    subject_init(&subject, folded);
    return subject_has_any(&subject, patterns);
}
