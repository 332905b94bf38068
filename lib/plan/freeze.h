/* freeze - a letter, its files and its recipients written into the ledger (private to lib/plan)
 *
 * A part of plan/plan.c, which owns the transaction.
 */
#ifndef PLAN_FREEZE_H
#define PLAN_FREEZE_H

#include "letter/leftovers.h"
#include "plan/plan.h"
#include "plan/recipients.h"
#include "plan/seeds.h"

typedef struct {
    const PlanOptions *options;
    Bundle *bundle;
    Letter *letter;
    Recipients *readers;
    Seeds *seeds;
    guint64 have; /* left out for having it, or being still to get it */
    Value *first; /* the fields of the first letter, for copies; NULL before */
    guint64 copies;
    Ledger *ledger;
    Mailing *mailing;
    Leftovers *leftovers;  /* made by freeze() */
    Findings *doubts;      /* values that are hardly meant, as warnings */
    GChecksum *recipients; /* over all that is frozen of them */
} Freezing;

/* Writes all, and sets the counts and the recipients_hash of the mailing. FALSE with error: DATA
 * when a spreadsheet's error stands in a field that a letter shows, and the hook doesn't hold such
 * a recipient back. */
gboolean freeze(Freezing *f, GError **error);

#endif
