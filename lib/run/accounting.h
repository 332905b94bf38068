/* accounting - what the parts of run/account share (private to lib/run)
 */
#ifndef RUN_ACCOUNTING_H
#define RUN_ACCOUNTING_H

#include "run/account.h"

typedef struct {
    const Workspace *workspace;
    Ledger *ledger;
    const AccountWanted *wanted;
    TallyScope scope;
    Figures *figures;
} Accounting;

/* outcomes, returns and their steps. */
gboolean account_times(Accounting *self, GError **error);

/* reasons, calls, others, slowest, most tried, and the count of those left out. */
gboolean account_people(Accounting *self, GError **error);

/* by, by_note, by_rows. */
gboolean account_by(Accounting *self, GError **error);

#endif
