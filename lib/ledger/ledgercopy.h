/* ledgercopy - all of one ledger put into another, empty one: from a file to a server, or back
 */
#ifndef LEDGER_LEDGERCOPY_H
#define LEDGER_LEDGERCOPY_H

#include "ledger/ledger.h"

/* Copies every row of every table, in one transaction: all of it or nothing. What arrived is then read
 * back and compared, table by table, by count and SHA-256, before it is committed. DATA when `to` has
 * mailings, suppressions or answers already, when letters of `from` are being sent, or when something
 * arrived otherwise. `rows` is how many there were. A text that is no UTF-8 is mended on the way. */
gboolean ledgercopy_run(Ledger *from, Ledger *to, guint64 *rows, GError **error);

#endif
