/* repeat - whether the same letter has gone to some of its readers before */
#include "plan/repeat.h"

#include <string.h>

#include "base/error.h"
#include "base/sha256.h"
#include "ledger/deliveries.h"
#include "fact/audience_names.h"
#include "plan/recipients.h"

char *repeat_content_hash(Bundle *bundle, const char *frozen_settings)
{
    g_autofree char *files = bundle_hash(bundle);
    g_autofree char *all = g_strconcat(files, "\n", frozen_settings, NULL);
    return bytes_sha256(all, strlen(all));
}

gboolean repeat_is_begun(Ledger *ledger, const Mailing *mailing, gboolean *sent, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, mailing, counts, error))
        return FALSE;
    *sent = counts[DELIVERY_PLANNED] + counts[DELIVERY_WRITTEN] + counts[DELIVERY_LEFT_OUT] !=
            mailing->planned;
    return TRUE;
}

gboolean repeat_overlaps(const char *names, const char *others)
{
    g_auto(GStrv) mine = audience_names_split(names);
    g_auto(GStrv) theirs = audience_names_split(others);
    for (char **name = mine; *name; name++)
        if (g_strv_contains((const char *const *)theirs, *name))
            return TRUE;
    return FALSE;
}

gboolean repeat_check(const Workspace *workspace, Ledger *ledger, const char *audience,
                      Bundle *bundle, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    for (guint i = 0; all && i < all->len; i++) {
        const Mailing *other = g_ptr_array_index(all, i);
        gboolean sent = FALSE;
        if (g_str_equal(other->audience, audience) || !repeat_overlaps(other->audience, audience))
            continue;
        g_autoptr(Value) settings = workspace_letter_settings(workspace, other->audience);
        g_autofree char *frozen = value_freeze(settings, NULL);
        g_autofree char *content = repeat_content_hash(bundle, frozen);
        if (!g_str_equal(content, other->content_hash))
            continue;
        if (!repeat_is_begun(ledger, other, &sent, error))
            return FALSE;
        if (!sent)
            continue;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "this very letter was already sent to audience '%s' as %s: name only those "
                    "who haven't had it, or --again sends everyone a copy",
                    other->audience, other->id);
        return FALSE;
    }
    return all != NULL;
}
