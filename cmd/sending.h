/* sending - what send and digest share: a mailing sent, shown and judged
 */
#ifndef CMD_SENDING_H
#define CMD_SENDING_H

#include "ledger/mailings.h"
#include "earlier_show.h"
#include "workspace/workspace.h"

typedef struct {
    gboolean yes;        /* don't ask */
    guint64 limit;       /* letters at most; 0: all */
    const char *at;      /* not before this time, as typed; NULL or "now": now */
    gboolean now;        /* at once: neither its time nor the hours of sending are waited for */
    guint64 first;       /* so many go ahead of the others; 0: as the mailing has it on record */
    EarlierWish earlier; /* what becomes of an earlier version of the same letter */
    gboolean resend_unknown;
    const char *resend_refused; /* a code, "" for all, or NULL */
    gboolean wait;              /* for what the relay puts off */
    /* Cron will run it again: letters that were put off, or left for another day, are no trouble
     * that anybody has to hear of. (One that is put off for too long is refused in the end.) */
    gboolean goes_on;
    gboolean is_cron; /* a signal to end is the machine's, and no person's wish to stop */
} SendingOptions;

/* Asks where it has to, sends, shows how far it came, and says by `error` what is left to do:
 * TEMPORARY with letters left, REMOTE with some refused or unknown. */
gboolean sending_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                     const SendingOptions *options, GError **error);

#endif
