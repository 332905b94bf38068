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

/* Whether somebody has a letter: one content, to one audience, over all mailings that hold it. */
typedef enum {
    HAD_NONE,       /* refused, given up, left out, withdrawn, only rehearsed, or never planned */
    HAD_IT,         /* sent, and did not come back */
    HAD_PERHAPS,    /* the answer was lost */
    HAD_ON_ITS_WAY, /* planned, put off or being sent */
    HAD_BACK        /* came back from this very address, and no other of the key's has it */
} Had;

/* Of who has this address on the list today. A key that had one address only is one recipient,
 * whatever the address was; of one with several each address is one. `mailing` is the id by which
 * it was, newly allocated, or NULL. */
gboolean versions_had(Ledger *ledger, const char *content_hash, const char *audience,
                      const char *key, const char *address, Had *had, char **mailing,
                      GError **error);

#endif
