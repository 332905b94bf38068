/* digest_missed - the runs of a digest that its schedule asks for and nobody has made */
#include "digest/digest_missed.h"

#include "digest/digest_slot.h"
#include "ledger/meta.h"

#define GRACE (DIGEST_MISSED_MINUTES * 60 * (gint64)G_USEC_PER_SEC)

gboolean digest_missed_find(Ledger *ledger, const DigestConfig *config, gint64 now,
                            DigestMissed *missed, gboolean *is_new, GError **error)
{
    g_autofree char *name = g_strconcat(META_DIGEST_RUN, config->name, NULL), *value = NULL;
    *missed = (DigestMissed){0};
    Lookup found = meta_get(ledger, name, &value, error);
    *is_new = found == LOOKUP_NONE;
    if (found != LOOKUP_FOUND)
        return found != LOOKUP_FAILED;
    gint64 run, leaves, from = g_ascii_strtoll(value, NULL, 10) + 1;
    g_auto(DigestSlots) slots = digest_slots_of(config);
    while (missed->runs < DIGEST_MISSED_MAX && digest_slots_next(&slots, from, &run, &leaves) &&
           run <= now - GRACE) {
        missed->runs++;
        missed->last = run;
        from = run + G_USEC_PER_SEC;
    }
    return TRUE;
}

gboolean digest_missed_note(Ledger *ledger, const DigestConfig *config, gint64 now, GError **error)
{
    g_autofree char *name = g_strconcat(META_DIGEST_RUN, config->name, NULL);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, now);
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (meta_set(ledger, name, value, error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}
