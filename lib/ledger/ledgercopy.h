/* ledgercopy - all of one ledger put into another, empty one: from a file to a server, or back
 *
 * Rows go in transactions of some thousands, in the order of their keys, so that a copy that is cut
 * off goes on where it was. Until its end nothing else opens the ledger that it goes into.
 */
#ifndef LEDGER_LEDGERCOPY_H
#define LEDGER_LEDGERCOPY_H

#include "ledger/ledger.h"

typedef struct {
    guint64 rows;     /* that there are now */
    guint64 were;     /* of these, from a copy that didn't end */
    gboolean is_anew; /* what such a copy had left was not as it is in `from` now, and went */
} LedgerCopy;

/* Copies every row of every table. What arrived is read back and compared, table by table, by count
 * and SHA-256, before the end is on record. `to` is opened with LEDGER_COPY. DATA when it has mailings,
 * suppressions or answers already, but for those of a copy that didn't end; when letters of `from` are
 * being sent, or when something arrived otherwise. A text that is no UTF-8 is mended on the way. */
gboolean ledgercopy_run(Ledger *from, Ledger *to, LedgerCopy *copy, GError **error);

#endif
