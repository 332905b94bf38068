/* likeness - keys of a plan for those who missed a letter that only look like those of who has it
 *
 * Keys are compared by their characters. When a spreadsheet drops the noughts of all of them between two
 * plans, nobody on today's list has the letter, and everybody whose address has changed too would get
 * a second.
 */
#ifndef PLAN_LIKENESS_H
#define PLAN_LIKENESS_H

#include "base/finding.h"
#include "ledger/mailings.h"

/* What two keys have in common that look like one: 0012, 12 and 12.0; AB1 and ab1. Newly allocated.
 * As list/roster.c has it in SQL. */
char *likeness_fold(const char *key);

/* A warning like-key about a mailing that is for those who missed a letter (MAILING_MISSING; of any
 * other nothing is said) and was just planned. FALSE with error. */
gboolean likeness_of_missing(Ledger *ledger, const Mailing *mailing, Findings *findings,
                             GError **error);

#endif
