/* wave - the first letters of a mailing sent ahead of the others, and whether those may follow
 *
 * On record with the mailing: that only so many are to go first, and that they have gone. What became
 * of them is in the deliveries; bounces are known as far as they were read by then.
 */
#ifndef SEND_WAVE_H
#define SEND_WAVE_H

#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"

typedef enum {
    WAVE_NONE,
    WAVE_ASKED, /* a person wants so many to go first */
    WAVE_SENT,  /* they went, and nobody has judged yet what became of them */
    WAVE_STATES
} WaveState;

typedef struct {
    WaveState state;
    guint64 letters; /* that were asked for */
    guint64 left;    /* how many letters are open when they have gone */
} Wave;

gboolean wave_get(Ledger *ledger, const Mailing *mailing, Wave *wave, GError **error);

/* Within the caller's transaction. */
gboolean wave_set(Ledger *ledger, const Mailing *mailing, Wave wave, GError **error);

/* Those have gone: the mailing is scheduled for so much later (microseconds), then in `goes_on_at`; or
 * (0) it is stopped. Within the caller's transaction. */
gboolean wave_end(Ledger *ledger, const Mailing *mailing, const Actor *actor, gint64 then_after,
                  gint64 *goes_on_at, GError **error);

/* Whether the others may follow by what became of those sent (`counts` of the whole mailing): some
 * were taken, and no more than `share` percent were refused, bounced or complained about. `said`
 * (newly allocated) is what became of them: "3 of 20 refused or bounced (15 %)". */
gboolean wave_is_well(const guint64 *counts, gint64 share, char **said);

#endif
