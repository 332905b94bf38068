/* earlier_show - what an earlier version of a letter means for a new one, said and asked
 */
#ifndef CMD_EARLIER_SHOW_H
#define CMD_EARLIER_SHOW_H

#include <json-glib/json-glib.h>

#include "send/earlier.h"

/* Says which earlier versions there are of a mailing that is planned. */
gboolean earlier_say(Ledger *ledger, const Mailing *mailing, GError **error);

/* The same as a member `earlier` of an open JSON object, an array of objects. */
gboolean earlier_json(JsonBuilder *json, Ledger *ledger, const Mailing *mailing, GError **error);

typedef enum {
    EARLIER_ASK,        /* on a terminal; without one it is USAGE */
    EARLIER_DO_REPLACE, /* --replace */
    EARLIER_DO_AGAIN    /* --again */
} EarlierWish;

/* Before a mailing is sent or given a time: settles with each earlier version. `goes_at` is when
 * this one is to go, 0 for now; where the one that it replaces had a time and this one has none, it
 * is set to that. FALSE with error when nobody said what is to become of them. */
gboolean earlier_heed(Ledger *ledger, const Mailing *mailing, EarlierWish wish, const Actor *actor,
                      gint64 *goes_at, GError **error);

#endif
