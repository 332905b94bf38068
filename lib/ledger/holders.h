/* holders - who has a letter, matched with the rows of today's list
 *
 * A list changes between two letters: addresses are put right, rows come and go, two rows have one
 * address. Each row of today is matched with the copies of the letter, over all mailings that hold
 * it, so that nobody gets it twice, and nobody who has it is forgotten:
 *
 *   own      the copy to this key at this address
 *   moved    within each mailing, the key's copies at addresses that are no row's of that key today
 *            belong to its rows that the mailing had no copy for, in order: a row whose address was
 *            changed, each to one
 *   mailbox  of a key that the letter never had, the copy to this address, whosever it was
 *   twins    rows of today with one address are one recipient: what one of them has, all have
 *
 * The best of them counts. Kept in temporary tables of the connection, within the caller's
 * transaction, from holders_begin to the next one or the end of the ledger.
 */
#ifndef LEDGER_HOLDERS_H
#define LEDGER_HOLDERS_H

#include <glib.h>

#include "ledger/deliveries.h"

/* Whether somebody has a letter. */
typedef enum {
    HAD_NONE,       /* refused, given up, left out, withdrawn, only rehearsed, or never planned */
    HAD_IT,         /* sent, and did not come back */
    HAD_PERHAPS,    /* the answer was lost */
    HAD_ON_ITS_WAY, /* planned, put off or being sent */
    HAD_BACK        /* came back from this very address, and no other of the key's has it */
} Had;

/* The letters that are asked about: one for a plan for those who missed it; of a correction that
 * which is corrected, and the correction itself. */
typedef enum { HOLDERS_LETTER, HOLDERS_CORRECTION, HOLDERS_LETTERS } HoldersWhich;

/* Begins anew, with no letter and no rows. */
gboolean holders_begin(Ledger *ledger, GError **error);

/* Adds the copies of a letter: of all mailings with this content for this audience (without those
 * for the office, whose keys begin with "seed:", and those that were left out after all), or, where `only` isn't 0, of the mailing of that
 * number alone. Before any row. */
gboolean holders_letter(Ledger *ledger, HoldersWhich which, const char *content_hash,
                        const char *audience, gint64 only, GError **error);

/* Adds a row of today's list, in order, whether it gets a letter or not; the address may be "". */
gboolean holders_row(Ledger *ledger, const char *key, const char *address, GError **error);

/* Matches all rows. To be called once, before what follows. */
gboolean holders_match(Ledger *ledger, GError **error);

/* What a row that was added has. `copy` (may be NULL) is the delivery by which it has or may have
 * it, to be freed, or NULL; `mailing` the id by which it has, is to get, or lost it, newly
 * allocated, or NULL with HAD_NONE. */
gboolean holders_find(Ledger *ledger, HoldersWhich which, const char *key, const char *address,
                      Had *had, char **mailing, Delivery **copy, GError **error);

/* Those who have HOLDERS_LETTER, or (if `perhaps`) may, and are on the list no more: of Delivery, in
 * order; to be unreffed. NULL with error. */
GPtrArray *holders_gone(Ledger *ledger, gboolean perhaps, GError **error);

#endif
