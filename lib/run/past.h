/* past - what one school or person was sent, and what came of it, gathered from the ledger
 */
#ifndef RUN_PAST_H
#define RUN_PAST_H

#include "ledger/ledger.h"
#include "page/dossier.h"

/* By key, or by address without regard to case. NOINPUT when the ledger knows neither. Subjects are
 * shown as this recipient got them. */
Dossier *past_gather(Ledger *ledger, const char *key_or_address, GError **error);

#endif
