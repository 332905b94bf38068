/* earlier - an earlier version of the same letter, and what it means for a new one
 *
 * A letter that was fixed is another mailing. That both go to the same people is never meant: who
 * sends the new one says what becomes of the old.
 */
#ifndef SEND_EARLIER_H
#define SEND_EARLIER_H

#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"

typedef struct {
    Mailing *mailing; /* the earlier one */
    guint64 open;     /* of its letters, not sent yet */
    guint64 have;     /* of the new one's recipients, who have it */
} Earlier;

/* Those that stand in the way of `mailing`, the latest first: of the same update, or with the same
 * subject, for an audience of the same name; which are scheduled, held, stopped or being sent, or
 * went (even if the rest of it was withdrawn) to some of the same people within the last EARLIER_DAYS. Of one whose file is another, and
 * that goes on another day, only the subject is alike: it is no earlier version. `goes_at`: when the
 * new one is to go. Of Earlier; NULL with error. */
enum { EARLIER_DAYS = 3 };
GPtrArray *earlier_find(Ledger *ledger, const Mailing *mailing, gint64 goes_at, GError **error);

/* "letter-7c2e91 of 2 December: 5 of these have it, 5 of it are still to go"; newly allocated. */
char *earlier_said(const Earlier *self);

typedef enum {
    EARLIER_REPLACE, /* the new one goes only to who has none of the earlier */
    EARLIER_AGAIN    /* everybody gets the new one */
} EarlierChoice;

/* Ends the earlier one (halt_withdraw), and leaves out of `mailing` who has it, if that was chosen;
 * how many in `left_out`. Own transactions. */
gboolean earlier_settle(Ledger *ledger, const Mailing *mailing, const Earlier *earlier,
                        EarlierChoice choice, const Actor *actor, guint64 *left_out,
                        GError **error);

#endif
