/* freeze - a letter, its files and its recipients written into the ledger (private to lib/plan)
 *
 * A part of plan/plan.c, which owns the transaction.
 */
#ifndef PLAN_FREEZE_H
#define PLAN_FREEZE_H

#include "base/sha256.h"
#include "letter/leftovers.h"
#include "plan/plan.h"
#include "plan/followup.h"
#include "plan/recipients.h"
#include "plan/seeds.h"

typedef struct {
    const PlanOptions *options;
    Bundle *bundle;
    Letter *letter;
    Recipients *readers;
    Seeds *seeds;
    Followup *followup; /* NULL for a letter that asks nobody's history */
    Value *first;       /* the fields of the first letter, for copies; NULL before */
    guint64 copies;
    guint64 gone; /* had what is corrected, and are on the list no more */
    Ledger *ledger;
    Mailing *mailing;
    Leftovers *leftovers;  /* made by freeze() */
    Findings *doubts;      /* values that are hardly meant, as warnings */
    Sha256 *recipients;    /* over all that is frozen of them */
    GHashTable *own_files; /* attachments that not everybody gets: name -> hash, once frozen */
} Freezing;

/* Writes all, and sets the counts and the recipients_hash of the mailing. FALSE with error: DATA
 * when a spreadsheet's error stands in a field that a letter shows, and the hook doesn't hold such
 * a recipient back. */
gboolean freeze(Freezing *f, GError **error);

#endif
