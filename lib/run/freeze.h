/* freeze - a letter, its files and its recipients written into the ledger (private to lib/run)
 *
 * A part of run/plan.c, which owns the transaction.
 */
#ifndef RUN_FREEZE_H
#define RUN_FREEZE_H

#include "run/plan.h"
#include "run/readers.h"
#include "run/seeds.h"

typedef struct {
    const PlanOptions *options;
    Bundle *bundle;
    Letter *letter;
    Readers *readers;
    Seeds *seeds;
    Value *first; /* the fields of the first letter, for copies; NULL before */
    guint64 copies;
    Ledger *ledger;
    Mailing *mailing;
    GChecksum *recipients; /* over all that is frozen of them */
} Freezing;

/* Writes all, and sets the counts and the recipients_hash of the mailing. FALSE with error. */
gboolean freeze(Freezing *f, GError **error);

#endif
