/* place - where a new plan stands among those that were made before it (private to lib/plan)
 */
#ifndef PLAN_PLACE_H
#define PLAN_PLACE_H

#include "plan/plan.h"

typedef struct {
    guint copy;     /* the number that its id gets (plan/mailingid.h) */
    Mailing *old;   /* the plan in whose place it is made, or NULL */
    gint64 follows; /* the number of the mailing that it is about, or 0 */
    MailingTie tie; /* how */
} Place;

void place_clear(Place *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

/* Finds it; `beside` what would else be replaced. FALSE with USAGE when the letter, of content hash `content`, is not to be planned: it
 * was sent already, or nothing of it was (`missing`), or it is the very one that it is to correct.
 */
gboolean place_find(Ledger *ledger, const PlanOptions *options, const char *content,
                    gboolean beside, Place *place, GError **error);

#endif
