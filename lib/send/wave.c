/* wave - the first letters of a mailing sent ahead of the others, and whether those may follow */
#include "send/wave.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "text/when.h"
#include "ledger/meta.h"
#include "ledger/schedule.h"

static const char *const NAMES[] = {"none", "asked", "sent"};
G_STATIC_ASSERT(G_N_ELEMENTS(NAMES) == WAVE_STATES);

static char *name_of(const Mailing *mailing)
{
    return g_strconcat(META_WAVE, mailing->id, NULL);
}

gboolean wave_get(Ledger *ledger, const Mailing *mailing, Wave *wave, GError **error)
{
    g_autofree char *name = name_of(mailing), *value = NULL;
    *wave = (Wave){.state = WAVE_NONE};
    Lookup found = meta_get(ledger, name, &value, error);
    char *count = found == LOOKUP_FOUND ? strchr(value, ' ') : NULL;
    if (!count)
        return found != LOOKUP_FAILED;
    *count++ = '\0';
    for (guint state = 0; state < WAVE_STATES; state++)
        if (g_str_equal(NAMES[state], value))
            wave->state = (WaveState)state;
    wave->letters = g_ascii_strtoull(count, &count, 10);
    wave->left = g_ascii_strtoull(count, NULL, 10);
    return TRUE;
}

gboolean wave_set(Ledger *ledger, const Mailing *mailing, Wave wave, GError **error)
{
    g_autofree char *name = name_of(mailing);
    g_autofree char *value = g_strdup_printf("%s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                                             NAMES[wave.state], wave.letters, wave.left);
    return meta_set(ledger, name, value, error);
}

gboolean wave_end(Ledger *ledger, const Mailing *mailing, const Actor *actor, gint64 then_after,
                  gint64 *goes_on_at, GError **error)
{
    Wave wave;
    gint64 now = clock_now(), when = then_after ? now + then_after : 0;
    if (!wave_get(ledger, mailing, &wave, error))
        return FALSE;
    wave.state = when ? WAVE_SENT : WAVE_NONE;
    g_autofree char *text = when_text(when);
    g_autofree char *detail =
        g_strdup_printf("first wave of %" G_GUINT64_FORMAT "%s%s", wave.letters,
                        when ? ": the others follow on " : "", text);
    *goes_on_at = when;
    return wave_set(ledger, mailing, wave, error) &&
           (when ? schedule_put(ledger, mailing, when, actor, now, detail, error)
                 : lifecycle_move(ledger, mailing, MAILING_STOPPED, actor, now, detail, error));
}

gboolean wave_is_well(const guint64 *counts, gint64 share, char **said)
{
    guint64 bad = counts[DELIVERY_REFUSED] + counts[DELIVERY_BOUNCED] + counts[DELIVERY_COMPLAINED];
    guint64 taken = counts[DELIVERY_SENT] + counts[DELIVERY_WRITTEN];
    guint64 all = bad + taken + counts[DELIVERY_UNKNOWN];
    if (all)
        *said = g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                                " refused or bounced (%.3g %%)",
                                bad, all, 100.0 * (double)bad / (double)all);
    else
        *said = g_strdup("none of them was taken yet");
    return taken && bad * 100 <= (guint64)share * all;
}
