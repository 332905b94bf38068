/* versions - which letters of one mailing go to people who have another mailing's
 */
#ifndef LEDGER_VERSIONS_H
#define LEDGER_VERSIONS_H

#include <glib.h>

#include "ledger/delivery.h"
#include "ledger/ledger.h"

/* Calls back with each letter of `mailing` that is planned or deferred and whose recipient has
 * `other`'s as far as is known (sent, unknown, complained), or is being sent it: of the same address
 * whatever its case, or of the same key where both are for the same audience. By number; borrowed.
 * FALSE from the callback stops (no error). The callback must not write to the ledger. */
typedef gboolean (*VersionFound)(void *user, const Delivery *delivery);
gboolean versions_shared(Ledger *ledger, const char *mailing, const char *other, VersionFound found,
                         void *user, GError **error);

#endif
