/* corrected - how a letter stands that is to be corrected: who has it, and what was done about it */
#include "plan/corrected.h"

#include "ledger/deliveries.h"
#include "ledger/digests.h"

void corrected_clear(Corrected *self)
{
    g_clear_pointer(&self->waiting, g_ptr_array_unref);
    g_clear_pointer(&self->corrections, g_ptr_array_unref);
}

Mailing *corrected_first(Ledger *ledger, const Mailing *mailing, GError **error)
{
    Mailing *first;
    if (mailing->follows_as == MAILING_MISSING)
        switch (mailings_find_number(ledger, mailing->follows, &first, error)) {
        case LOOKUP_FAILED:
            return NULL;
        case LOOKUP_FOUND:
            return first;
        case LOOKUP_NONE:
            break;
        }
    return mailings_find(ledger, mailing->id, error);
}

static gboolean add_plan(Ledger *ledger, const Mailing *plan, Corrected *survey, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, plan, counts, error))
        return FALSE;
    guint64 open = counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    if (plan->state != MAILING_PLANNED)
        open += counts[DELIVERY_PLANNED];
    survey->had += counts[DELIVERY_SENT] + counts[DELIVERY_COMPLAINED];
    survey->unknown += counts[DELIVERY_UNKNOWN];
    survey->open += open;
    if (!open)
        return TRUE;
    Mailing *own = mailings_find(ledger, plan->id, error);
    if (own)
        g_ptr_array_add(survey->waiting, own);
    return own != NULL;
}

static gboolean add_correction(Ledger *ledger, const Mailing *other, Corrected *survey,
                               GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, other, counts, error))
        return FALSE;
    if (other->state == MAILING_WITHDRAWN &&
        !(counts[DELIVERY_SENT] + counts[DELIVERY_COMPLAINED] + counts[DELIVERY_UNKNOWN]))
        return TRUE;
    Mailing *own = mailings_find(ledger, other->id, error);
    if (own)
        g_ptr_array_add(survey->corrections, own);
    return own != NULL;
}

gboolean corrected_survey(Ledger *ledger, const Mailing *first, Corrected *survey, GError **error)
{
    gboolean is_digest;
    *survey =
        (Corrected){.waiting = g_ptr_array_new_with_free_func((GDestroyNotify)mailing_free),
                    .corrections = g_ptr_array_new_with_free_func((GDestroyNotify)mailing_free)};
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    if (!all || !digests_has(ledger, first, &is_digest, error))
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *other = g_ptr_array_index(all, i);
        gboolean is_same = g_str_equal(other->content_hash, first->content_hash) &&
                           g_str_equal(other->audience, first->audience);
        gboolean is_plan = other->number == first->number || (is_same && !is_digest);
        gboolean is_correction =
            other->follows == first->number && other->follows_as == MAILING_CORRECTION;
        if ((is_plan && !add_plan(ledger, other, survey, error)) ||
            (is_correction && !add_correction(ledger, other, survey, error)))
            return FALSE;
    }
    return TRUE;
}
