/* earlier - an earlier version of the same letter, and what it means for a new one
 *
 * A letter that was fixed is another mailing. That both go to the same people is never meant: who
 * sends the new one says what becomes of the old.
 */
#ifndef SEND_EARLIER_H
#define SEND_EARLIER_H

#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"

typedef enum {
    EARLIER_VERSION, /* of the same letter to the same audience: both are never meant to go */
    EARLIER_ASIDE,   /* of the same update, to another audience, with some of the same people in it:
                      * that one stands, and they needn't have two */
    EARLIER_LONG_AGO /* of the same update and subject, and gone to some of these people before
                      * EARLIER_DAYS: perhaps this one puts it right, perhaps it is next week's. It
                      * stands in no way, and is told; of several, the latest */
} EarlierKind;

typedef struct {
    EarlierKind kind;
    Mailing *mailing; /* the earlier one */
    guint64 open;     /* of its letters, not sent yet; 0 of one that stands */
    guint64 have;     /* of the new one's recipients, who have it */
    guint64 due;      /* of EARLIER_ASIDE: of them, who are still to get it */
} Earlier;

/* Those before `mailing`, the latest first: of the same update, or with the same subject, for an
 * audience of the same name; which are scheduled, held, stopped or being sent, or went (even if the
 * rest of it was withdrawn) to some of the same people within the last EARLIER_DAYS. Of one whose
 * file is another, and that goes on another day, only the subject is alike: it is no earlier
 * version. For another audience only the same update counts. `goes_at`: when the new one is to go.
 * Of Earlier; NULL with error. */
enum { EARLIER_DAYS = 3 };
GPtrArray *earlier_find(Ledger *ledger, const Mailing *mailing, gint64 goes_at, GError **error);

/* "letter-7c2e91 of 2 December: 5 of these have it, 5 of it are still to go"; newly allocated. */
char *earlier_said(const Earlier *self);

typedef enum {
    EARLIER_REPLACE, /* the new one goes only to who has, and gets, none of the earlier */
    EARLIER_AGAIN    /* everybody gets the new one */
} EarlierChoice;

/* Ends the earlier one (halt_withdraw) unless it stands, and leaves out of `mailing` who has it, if
 * that was chosen; how many in `left_out`. Own transactions. */
gboolean earlier_settle(Ledger *ledger, const Mailing *mailing, const Earlier *earlier,
                        EarlierChoice choice, const Actor *actor, guint64 *left_out,
                        GError **error);

#endif
