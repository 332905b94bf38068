/* refused - what those whom a server refused have in common, and the way back to them */
#include "send/refused.h"

#include "mail/refusal.h"

enum { GROUPS_MAX = 1000, TEXT_SHOWN = 160 };

void refused_clear(RefusedAlike *self)
{
    g_clear_pointer(&self->enhanced, g_free);
    g_clear_pointer(&self->text, g_free);
    self->count = 0;
}

typedef struct {
    GHashTable *counts; /* fingerprint -> guint64 */
    RefusedAlike *alike;
} Grouping;

static gboolean group(void *user, const Delivery *delivery)
{
    Grouping *self = user;
    if (!delivery->code ||
        refusal_about(delivery->code, delivery->enhanced, delivery->reply) == REFUSAL_RECIPIENT)
        return TRUE;
    g_autofree char *print =
        refusal_fingerprint(delivery->code, delivery->enhanced, delivery->reply, delivery->address);
    guint64 *count = g_hash_table_lookup(self->counts, print);
    if (!count && g_hash_table_size(self->counts) < GROUPS_MAX) {
        count = g_new0(guint64, 1);
        g_hash_table_insert(self->counts, g_steal_pointer(&print), count);
    }
    if (!count || ++*count <= self->alike->count || *count < 2)
        return TRUE;
    refused_clear(self->alike);
    *self->alike = (RefusedAlike){*count, delivery->code, g_strdup(delivery->enhanced),
                                  g_strdup(delivery->reply)};
    return TRUE;
}

gboolean refused_alike(Ledger *ledger, const Mailing *mailing, RefusedAlike *alike, GError **error)
{
    *alike = (RefusedAlike){0};
    Grouping grouping = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), alike};
    gboolean ok = deliveries_each(ledger, mailing, DELIVERY_REFUSED, group, &grouping, error);
    g_hash_table_unref(grouping.counts);
    return ok;
}

char *refused_advice(const RefusedAlike *alike, const char *mailing)
{
    if (!alike->count)
        return NULL;
    g_autofree char *code =
        *alike->enhanced ? g_strdup(alike->enhanced) : g_strdup_printf("%d", alike->code);
    g_autofree char *text =
        g_utf8_substring(alike->text, 0, MIN(g_utf8_strlen(alike->text, -1), (glong)TEXT_SHOWN));
    return g_strdup_printf("%" G_GUINT64_FORMAT " were refused in the same words ('%d%s%s %s'): it "
                           "may be about us and not about them. Once that is fixed, 'circular "
                           "send %s --resend-refused --only %s' sends their letters",
                           alike->count, alike->code, *alike->enhanced ? " " : "", alike->enhanced,
                           text, mailing, code);
}
