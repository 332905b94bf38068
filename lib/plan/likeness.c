/* likeness - keys of a plan for those who missed a letter that only look like those of who has it */
#include "plan/likeness.h"

#include <string.h>

#include "ledger/deliveries.h"
#include "plan/seeds.h"

typedef struct {
    GHashTable *keys;  /* of who has it */
    GHashTable *looks; /* their looks -> one of those keys */
    guint64 alike;
    char *first, *has; /* the first key that looks like another's, and that one */
} Looks;

char *likeness_fold(const char *key)
{
    g_autofree char *lower = g_ascii_strdown(key, -1);
    gsize length = strlen(lower);
    if (length > 2 && g_str_has_suffix(lower, ".0"))
        lower[length - 2] = '\0';
    return g_strdup(lower + strspn(lower, "0"));
}

static gboolean has_it(const Delivery *delivery)
{
    return delivery->state == DELIVERY_SENT || delivery->state == DELIVERY_UNKNOWN ||
           delivery->state == DELIVERY_SENDING;
}

static gboolean note_holder(void *user, const Delivery *delivery)
{
    Looks *in = user;
    if (has_it(delivery) && !g_str_has_prefix(delivery->key, SEED_KEY)) {
        g_hash_table_add(in->keys, g_strdup(delivery->key));
        g_hash_table_insert(in->looks, likeness_fold(delivery->key), g_strdup(delivery->key));
    }
    return TRUE;
}

static gboolean compare(void *user, const Delivery *delivery)
{
    Looks *in = user;
    g_autofree char *look = likeness_fold(delivery->key);
    const char *holder = g_hash_table_lookup(in->looks, look);
    if (!holder || g_hash_table_contains(in->keys, delivery->key) || in->alike++)
        return TRUE;
    in->first = g_strdup(delivery->key);
    in->has = g_strdup(holder);
    return TRUE;
}

/* Of all mailings with these words to this audience. */
static gboolean note_holders(Ledger *ledger, const Mailing *mailing, Looks *in, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    for (guint i = 0; all && i < all->len; i++) {
        const Mailing *other = g_ptr_array_index(all, i);
        if (other->number != mailing->number &&
            g_str_equal(other->content_hash, mailing->content_hash) &&
            g_str_equal(other->audience, mailing->audience) &&
            !deliveries_each(ledger, other, DELIVERY_STATES, note_holder, in, error))
            return FALSE;
    }
    return all != NULL;
}

gboolean likeness_of_missing(Ledger *ledger, const Mailing *mailing, Findings *findings,
                             GError **error)
{
    if (mailing->follows_as != MAILING_MISSING)
        return TRUE;
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) looks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Looks in = {.keys = keys, .looks = looks};
    gboolean ok = note_holders(ledger, mailing, &in, error) &&
                  deliveries_each(ledger, mailing, DELIVERY_STATES, compare, &in, error);
    if (ok && in.alike)
        findings_add(
            findings, FINDING_WARNING, NULL, 0, "like-key",
            "%" G_GUINT64_FORMAT " who would get it %s a key that only looks like that of "
            "one who has it: the first is '%s', and '%s' has it; if that is one school, it "
            "gets a second",
            in.alike, in.alike == 1 ? "has" : "have", in.first, in.has);
    g_free(in.first);
    g_free(in.has);
    return ok;
}
