/* patternindex - a thousand patterns and more looked for in one text
 *
 * Each pattern is filed under the one of its pairs of bytes that the fewest patterns hold. A text
 * lacks most of those pairs, and with a pair all that is filed under it.
 */
#include "reason/pattern.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    guint pair;
    Pattern pattern;
} Filed;

typedef struct {
    guint pair, first, end; /* places in `filed` */
} Drawer;

struct PatternIndex {
    Filed *filed; /* by pair */
    GArray *drawers;
};

static gboolean is_pair(const char *at)
{
    return at[0] != '*' && at[1] != '*';
}

static void count_pairs(const char *text, guint counts[PATTERN_PAIRS])
{
    for (; text[0] && text[1]; text++)
        if (is_pair(text))
            counts[pattern_pair(text)]++;
}

/* A pattern without any pair would have to be looked for in every text. */
static guint rarest_pair(const char *text, const guint counts[PATTERN_PAIRS])
{
    guint rarest = PATTERN_PAIRS;
    for (const char *at = text; at[0] && at[1]; at++)
        if (is_pair(at) && (rarest == PATTERN_PAIRS || counts[pattern_pair(at)] < counts[rarest]))
            rarest = pattern_pair(at);
    g_assert(rarest < PATTERN_PAIRS);
    return rarest;
}

static int compare_filed(const void *a, const void *b)
{
    return (int)((const Filed *)a)->pair - (int)((const Filed *)b)->pair;
}

const PatternIndex *pattern_index_new(const Pattern *patterns, gsize count)
{
    PatternIndex *self = g_new0(PatternIndex, 1);
    guint counts[PATTERN_PAIRS] = {0};
    self->filed = g_new0(Filed, count);
    self->drawers = g_array_new(FALSE, FALSE, sizeof(Drawer));
    for (gsize i = 0; i < count; i++)
        count_pairs(patterns[i].text, counts);
    for (gsize i = 0; i < count; i++)
        self->filed[i] = (Filed){rarest_pair(patterns[i].text, counts), patterns[i]};
    qsort(self->filed, count, sizeof *self->filed, compare_filed);
    for (guint i = 0; i < count; i++) {
        Drawer *last = self->drawers->len
                           ? &g_array_index(self->drawers, Drawer, self->drawers->len - 1)
                           : NULL;
        Drawer next = {self->filed[i].pair, i, i + 1};
        if (last && last->pair == next.pair)
            last->end = i + 1;
        else
            g_array_append_val(self->drawers, next);
    }
    return self;
}

void pattern_index_find(const PatternIndex *self, const Subject *subject, gboolean *found)
{
    for (guint d = 0; d < self->drawers->len; d++) {
        const Drawer *drawer = &g_array_index(self->drawers, Drawer, d);
        if (!(subject->pairs[drawer->pair / 64] & G_GUINT64_CONSTANT(1) << (drawer->pair % 64)))
            continue;
        for (guint i = drawer->first; i < drawer->end; i++) {
            const Pattern *pattern = &self->filed[i].pattern;
            if (!found[pattern->meaning] && subject_has_near(subject, pattern->text))
                found[pattern->meaning] = TRUE;
        }
    }
}
