/* sample - which recipients are looked at when there are too many to look at all */
#include "gallery/sample.h"

#include "letter/variety.h"

static void clear_pick(gpointer pick)
{
    g_free(((SamplePick *)pick)->why);
}

/* Adds a place once. */
static void add(GArray *picks, GHashTable *taken, guint64 place, const char *why)
{
    if (!g_hash_table_add(taken, GSIZE_TO_POINTER((gsize)place)))
        return;
    SamplePick pick = {place, g_strdup(why)};
    g_array_append_val(picks, pick);
}

static int by_place(gconstpointer a, gconstpointer b)
{
    guint64 x = ((const SamplePick *)a)->place, y = ((const SamplePick *)b)->place;
    return (x > y) - (x < y);
}

GArray *sample_choose(const Letter *letter, Audience *audience, guint count, GError **error)
{
    guint64 total = audience_count(audience);
    audience_rewind(audience);
    g_autoptr(GPtrArray) extremes = variety_find(audience, letter, error);
    audience_rewind(audience);
    if (!extremes)
        return NULL;
    GArray *picks = g_array_new(FALSE, FALSE, sizeof(SamplePick));
    g_array_set_clear_func(picks, clear_pick);
    g_autoptr(GHashTable) taken = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(GRand) chance = g_rand_new_with_seed(SAMPLE_SEED);
    for (guint i = 0; i < extremes->len; i++) {
        const VarietyPick *extreme = g_ptr_array_index(extremes, i);
        add(picks, taken, extreme->place, extreme->why);
    }
    while (picks->len < MIN(total, count))
        add(picks, taken, (guint64)(g_rand_double(chance) * (double)total), "by chance");
    g_array_sort(picks, by_place);
    return picks;
}
