/* hold_show - the time in which a letter that was confirmed can be taken back, counted down
 */
#ifndef CMD_HOLD_SHOW_H
#define CMD_HOLD_SHOW_H

#include "sending.h"

/* Holds a mailing for so many seconds. TRUE when it may be sent then; else `error` says what has
 * become of it: STOPPED, or TEMPORARY when it stays held. */
gboolean hold_show(Ledger *ledger, const Mailing *mailing, gint64 seconds, GError **error);

#endif
