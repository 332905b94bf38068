/* corrected - how a letter stands that is to be corrected: who has it, and what was done about it
 */
#ifndef PLAN_CORRECTED_H
#define PLAN_CORRECTED_H

#include "ledger/mailings.h"

/* Over all plans of the letter. */
typedef struct {
    guint64 had, unknown, open; /* open: not sent yet, and meant to be */
    GPtrArray *waiting;         /* of Mailing: the plans whose letters are still to go */
    GPtrArray *
        corrections; /* of Mailing: those made before that are to go or that anybody has, the latest first */
} Corrected;

void corrected_clear(Corrected *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Corrected, corrected_clear)

/* FALSE with error. A plan that nobody said a word about since (MAILING_PLANNED) is not waiting. */
gboolean corrected_survey(Ledger *ledger, const Mailing *first, Corrected *survey, GError **error);

/* The plan of the letter that came first, of which `mailing` is one for those who missed it; that
 * itself otherwise. NULL with error; newly allocated. */
Mailing *corrected_first(Ledger *ledger, const Mailing *mailing, GError **error);

#endif
