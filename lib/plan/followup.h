/* followup - who gets a letter by who had it before: those who missed it, or those whom it corrects
 *
 * A part of plan/freeze.c. It asks the ledger (ledger/holders.h) about each row of today's list, and
 * marks a correction with what it corrects.
 */
#ifndef PLAN_FOLLOWUP_H
#define PLAN_FOLLOWUP_H

#include "plan/plan.h"

typedef struct Followup Followup;

/* Matches all of `readers` with who had the letter that `mailing` is a plan of, within the caller's
 * transaction; they have to be rewound after it. NULL with error. */
Followup *followup_open(Ledger *ledger, const PlanOptions *options, const Mailing *mailing,
                        const Letter *letter, Recipients *readers, GError **error);
void followup_free(Followup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Followup, followup_free)

/* Sets `why` for a row that isn't to get the letter by what it had. Of a correction, and where
 * `fields` isn't NULL, it marks them with what their reader had. */
gboolean followup_ask(Followup *self, const char *key, const char *address, Why *why, Value *fields,
                      GError **error);

/* The same marks for the office's copy: those of the first reader stand in `fields`. */
gboolean followup_mark_seed(Followup *self, const char *key, Value *fields, GError **error);

/* Those who had what is corrected and are on the list no more; of Delivery, to be unreffed. NULL
 * with error; none where nothing is corrected. */
GPtrArray *followup_gone(Followup *self, GError **error);

/* How many were left out for having it, or being still to get it; and for having nothing that is
 * corrected. */
guint64 followup_have(const Followup *self);
guint64 followup_had_none(const Followup *self);

#endif
