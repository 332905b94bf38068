/* drift - how an audience has changed since the last letter to it */
#include "plan/drift.h"

#include <string.h>

#include "ledger/deliveries.h"
#include "ledger/exclusions.h"
#include "plan/seeds.h"
#include "text/when.h"

enum {
    PER_CENT = 5,
    DRIFT_LEAST = 2 /* one school more or less is no drift, however small the audience */
};

struct Drift {
    Mailing *last;
    GHashTable *before; /* keys of the last mailing -> 1, or 2 once seen again */
    guint64 new_ones;
};

static gboolean is_of_office(const char *key)
{
    return g_str_has_prefix(key, SEED_KEY);
}

static gboolean note_key(void *user, const Delivery *delivery)
{
    if (!is_of_office(delivery->key))
        g_hash_table_insert(user, g_strdup(delivery->key), GUINT_TO_POINTER(1));
    return TRUE;
}

/* The latest mailing to the audience of which something was sent; NULL if there is none. */
static Mailing *find_last(Ledger *ledger, const char *audience, gint64 but, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    for (guint i = 0; all && i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        guint64 counts[DELIVERY_STATES];
        if (!g_str_equal(mailing->audience, audience) || !mailing->planned ||
            mailing->number == but)
            continue;
        if (!deliveries_count(ledger, mailing, counts, error))
            return NULL;
        if (counts[DELIVERY_PLANNED] != mailing->planned)
            return mailings_find(ledger, mailing->id, error);
    }
    return NULL;
}

Drift *drift_new(Ledger *ledger, const char *audience, gint64 but, GError **error)
{
    Mailing *last = find_last(ledger, audience, but, error);
    if (!last)
        return NULL;
    g_autoptr(Drift) self = g_new0(Drift, 1);
    self->last = last;
    self->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return deliveries_each(ledger, last, DELIVERY_STATES, note_key, self->before, error)
               ? g_steal_pointer(&self)
               : NULL;
}

void drift_free(Drift *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->before);
    mailing_free(self->last);
    g_free(self);
}

void drift_see(Drift *self, const char *key, gboolean is_reader)
{
    if (g_hash_table_contains(self->before, key))
        g_hash_table_insert(self->before, g_strdup(key), GUINT_TO_POINTER(2));
    else if (is_reader && !is_of_office(key))
        self->new_ones++;
}

static gboolean is_over(guint64 part, guint64 whole)
{
    return part >= DRIFT_LEAST && part * 100 > whole * PER_CENT;
}

void drift_report(const Drift *self, Findings *findings)
{
    GHashTableIter iter;
    gpointer key, seen;
    guint64 gone = 0;
    const char *first = NULL;
    g_hash_table_iter_init(&iter, self->before);
    while (g_hash_table_iter_next(&iter, &key, &seen)) {
        if (GPOINTER_TO_UINT(seen) != 1)
            continue;
        gone++;
        if (!first || strcmp(key, first) < 0)
            first = key;
    }
    guint64 had = g_hash_table_size(self->before);
    if (!is_over(gone, had) && !is_over(self->new_ones, had))
        return;
    g_autofree char *when = when_day(self->last->planned_at);
    g_autofree char *example = first ? g_strdup_printf(" (the first is %s)", first) : g_strdup("");
    findings_add(findings, FINDING_WARNING, NULL, 0, "audience-drift",
                 "audience '%s': of the %" G_GUINT64_FORMAT " written to with %s of %s, "
                 "%" G_GUINT64_FORMAT " are gone%s, and %" G_GUINT64_FORMAT " are new",
                 self->last->audience, had, self->last->id, when, gone, example, self->new_ones);
}

static gboolean see_delivery(void *user, const Delivery *delivery)
{
    drift_see(user, delivery->key, TRUE);
    return TRUE;
}

static gboolean see_left_out(void *user, const LeftOut *one)
{
    drift_see(user, one->key, FALSE);
    return TRUE;
}

gboolean drift_of_plan(Ledger *ledger, const Mailing *mailing, Findings *findings, GError **error)
{
    GError *inner = NULL;
    if (mailing->follows_as != MAILING_ALONE)
        return TRUE;
    g_autoptr(Drift) self = drift_new(ledger, mailing->audience, mailing->number, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!self)
        return TRUE;
    if (!deliveries_each(ledger, mailing, DELIVERY_STATES, see_delivery, self, error) ||
        !exclusions_each(ledger, mailing, see_left_out, self, error))
        return FALSE;
    drift_report(self, findings);
    return TRUE;
}
