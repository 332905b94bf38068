/* check_ledger - the suppressed, and how an audience has changed since the last mailing to it
 */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "ledger/deliveries.h"
#include "ledger/mailings.h"
#include "ledger/suppressions.h"
#include "check/check_parts.h"

enum {
    PER_CENT = 5,
    DRIFT_LEAST = 2 /* one school more or less is no drift, however small the audience */
};

typedef struct {
    Check *preflight;
    Ledger *ledger;
    GHashTable *before; /* keys of the last mailing -> 1, or 2 once seen again */
    guint64 suppressed, new_ones;
    char *file; /* the first who is suppressed */
    guint line;
    char *key;
} Comparing;

/* --- the last mailing ------------------------------------------------------------------------ */

static gboolean note_key(void *user, const Delivery *delivery)
{
    g_hash_table_insert(user, g_strdup(delivery->key), GUINT_TO_POINTER(1));
    return TRUE;
}

/* The latest mailing to the audience of which something was sent; NULL if there is none. */
static Mailing *last_mailing(Ledger *ledger, const char *audience, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    for (guint i = 0; all && i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        guint64 counts[DELIVERY_STATES];
        if (!g_str_equal(mailing->audience, audience) || !mailing->planned)
            continue;
        if (!deliveries_count(ledger, mailing, counts, error))
            return NULL;
        if (counts[DELIVERY_PLANNED] != mailing->planned)
            return mailings_find(ledger, mailing->id, error);
    }
    return NULL;
}

static gboolean is_over(guint64 part, guint64 whole)
{
    return part >= DRIFT_LEAST && part * 100 > whole * PER_CENT;
}

static void report_drift(const Comparing *in, const Mailing *last)
{
    GHashTableIter iter;
    gpointer key, seen;
    guint64 gone = 0;
    const char *first = NULL;
    g_hash_table_iter_init(&iter, in->before);
    while (g_hash_table_iter_next(&iter, &key, &seen)) {
        if (GPOINTER_TO_UINT(seen) != 1)
            continue;
        gone++;
        if (!first || strcmp(key, first) < 0)
            first = key;
    }
    guint64 had = g_hash_table_size(in->before);
    if (!is_over(gone, had) && !is_over(in->new_ones, had))
        return;
    g_autofree char *when = when_day(last->planned_at);
    g_autofree char *example = first ? g_strdup_printf(" (the first is %s)", first) : g_strdup("");
    rule_report(in->preflight->findings, "audience-drift", NULL, 0,
                "audience '%s': of the %" G_GUINT64_FORMAT " written to with %s of %s, "
                "%" G_GUINT64_FORMAT " are gone%s, and %" G_GUINT64_FORMAT " are new",
                last->audience, had, last->id, when, gone, example, in->new_ones);
}

/* --- everyone of now ------------------------------------------------------------------------- */

static gboolean look_up(Comparing *in, const Recipient *recipient, GError **error)
{
    g_autoptr(Suppression) found = NULL;
    if (suppressions_find(in->ledger, recipient->address, in->preflight->audience_name, clock_now(),
                          &found, error) == LOOKUP_FAILED)
        return FALSE;
    if (found && !in->suppressed++) {
        in->file = g_strdup(recipient->file);
        in->line = recipient->line;
        in->key = g_strdup(recipient->key);
    }
    /* Who is suppressed is still of the audience: no drift. */
    if (g_hash_table_contains(in->before, recipient->key))
        g_hash_table_insert(in->before, g_strdup(recipient->key), GUINT_TO_POINTER(2));
    else if (!found)
        in->new_ones++;
    return TRUE;
}

static gboolean look_up_all(Comparing *in, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    audience_rewind(in->preflight->audience);
    while (!inner && (recipient = audience_next(in->preflight->audience, &inner)))
        look_up(in, recipient, &inner);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static void report_suppressed(const Comparing *in)
{
    guint64 all = audience_count(in->preflight->audience);
    if (!in->suppressed)
        return;
    rule_report(in->preflight->findings,
                is_over(in->suppressed, all) ? "suppressed-many" : "suppressed", in->file, in->line,
                "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                " get no more letters, the first is %s: 'circular suppress list' says why",
                in->suppressed, all, in->key);
}

static gboolean compare(Comparing *in, GError **error)
{
    GError *inner = NULL;
    g_autoptr(Mailing) last = last_mailing(in->ledger, in->preflight->audience_name, &inner);
    if (inner || (last && !deliveries_each(in->ledger, last, DELIVERY_STATES, note_key, in->before,
                                           &inner))) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!look_up_all(in, error))
        return FALSE;
    report_suppressed(in);
    if (last && !in->preflight->seen) /* several together are no mailing to one of them */
        report_drift(in, last);
    in->preflight->letters -= MIN(in->suppressed, in->preflight->letters);
    return TRUE;
}

gboolean check_ledger(Check *self, GError **error)
{
    GError *inner = NULL;
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, &inner);
    if (!ledger) {
        if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT)) {
            g_error_free(inner);
            return TRUE; /* nothing was ever planned */
        }
        g_propagate_error(error, inner);
        return FALSE;
    }
    Comparing in = {.preflight = self,
                    .ledger = ledger,
                    .before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    gboolean ok = compare(&in, error);
    self->ran[RULE_WITH_LEDGER] = ok;
    g_hash_table_unref(in.before);
    g_free(in.file);
    g_free(in.key);
    return ok;
}
