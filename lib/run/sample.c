/* sample - which recipients are looked at when there are too many to look at all */
#include "run/sample.h"

#include <string.h>

typedef struct {
    const char *why;
    gint64 (*measure)(const Letter *letter, const Recipient *recipient);
    gint64 most;
    guint64 place;
    gboolean found;
} Extreme;

static gint64 name_length(const Letter *letter, const Recipient *recipient)
{
    (void)letter;
    return g_utf8_strlen(recipient->name, -1);
}

static gint64 address_length(const Letter *letter, const Recipient *recipient)
{
    (void)letter;
    return (gint64)strlen(recipient->address);
}

/* Characters in a value and all below it. */
static gint64 text_length(const Value *value)
{
    gint64 length = (gint64)value_text_length(value);
    for (guint i = 0; i < value_length(value); i++)
        length += text_length(value_at(value, i));
    return length;
}

static gint64 most_text(const Letter *letter, const Recipient *recipient)
{
    gint64 length = 0;
    for (const char *const *field = letter_fields(letter); *field; field++) {
        const Value *value = value_get(recipient->fields, *field);
        length += value ? text_length(value) : 0;
    }
    return length;
}

static gint64 least_text(const Letter *letter, const Recipient *recipient)
{
    return -most_text(letter, recipient);
}

static gint64 most_empty(const Letter *letter, const Recipient *recipient)
{
    gint64 empty = 0;
    for (const char *const *field = letter_fields(letter); *field; field++)
        empty += !value_is_true(value_get(recipient->fields, *field));
    return empty;
}

/* Letters that no keyboard of the office has: what a wrong encoding would show first. */
static gint64 most_foreign(const Letter *letter, const Recipient *recipient)
{
    gint64 foreign = 0;
    for (const char *const *field = letter_fields(letter); *field; field++) {
        const Value *value = value_get(recipient->fields, *field);
        for (const char *p = value ? value_text(value) : ""; *p; p++)
            foreign += (guchar)*p >= 0xc0;
    }
    return foreign;
}

static const Extreme extremes[] = {
    {"the most text in its fields", most_text, 0, 0, FALSE},
    {"the least text in its fields", least_text, 0, 0, FALSE},
    {"the most empty fields", most_empty, 0, 0, FALSE},
    {"the most letters beyond ASCII", most_foreign, 0, 0, FALSE},
    {"the longest name", name_length, 0, 0, FALSE},
    {"the longest address", address_length, 0, 0, FALSE},
};

static void weigh(Extreme *extreme, const Letter *letter, const Recipient *recipient, guint64 place)
{
    gint64 size = extreme->measure(letter, recipient);
    if (extreme->found && size <= extreme->most)
        return;
    extreme->most = size;
    extreme->place = place;
    extreme->found = TRUE;
}

static void add(GArray *picks, GHashTable *taken, guint64 place, const char *why)
{
    SamplePick pick = {place, why};
    if (g_hash_table_add(taken, GSIZE_TO_POINTER((gsize)place + 1)))
        g_array_append_val(picks, pick);
}

static int by_place(gconstpointer a, gconstpointer b)
{
    guint64 x = ((const SamplePick *)a)->place, y = ((const SamplePick *)b)->place;
    return (x > y) - (x < y);
}

/* The extremes first; the rest by chance, each place as likely as another. */
static GArray *pick(const Extreme *found, guint64 total, guint count)
{
    GArray *picks = g_array_new(FALSE, FALSE, sizeof(SamplePick));
    g_autoptr(GHashTable) taken = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(GRand) chance = g_rand_new_with_seed(SAMPLE_SEED);
    guint wanted = (guint)MIN(total, count);
    for (guint i = 0; i < G_N_ELEMENTS(extremes) && picks->len < wanted; i++)
        add(picks, taken, found[i].place, extremes[i].why);
    if (picks->len < wanted)
        add(picks, taken, 0, "the first of the list");
    if (picks->len < wanted)
        add(picks, taken, total - 1, "the last of the list");
    while (picks->len < wanted)
        add(picks, taken, (guint64)(g_rand_double(chance) * (double)total), "by chance");
    g_array_sort(picks, by_place);
    return picks;
}

GArray *sample_choose(const Letter *letter, Audience *audience, guint count, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    Extreme found[G_N_ELEMENTS(extremes)];
    guint64 total = 0;
    memcpy(found, extremes, sizeof extremes);
    audience_rewind(audience);
    for (; (recipient = audience_next(audience, &inner)); total++)
        for (guint i = 0; i < G_N_ELEMENTS(found); i++)
            weigh(&found[i], letter, recipient, total);
    audience_rewind(audience);
    if (inner) {
        g_propagate_error(error, inner);
        return NULL;
    }
    return pick(found, total, count);
}
