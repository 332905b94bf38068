/* history - what one school or person was sent, and what came of it, gathered from the ledger
 */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "ledger/ledger.h"
#include "report/history_page.h"

/* By key, or by address without regard to case. NOINPUT when the ledger knows neither. Subjects are
 * shown as this recipient got them. */
HistoryPage *history_gather(Ledger *ledger, const char *key_or_address, GError **error);

#endif
