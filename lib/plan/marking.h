/* marking - what a correction says to each reader, before it is planned
 *
 * For who looks at it: the same question and the same marks as plan/followup.h has them for the plan,
 * asked of a ledger that is only read.
 */
#ifndef PLAN_MARKING_H
#define PLAN_MARKING_H

#include "list/audience.h"
#include "plan/plan.h"

typedef struct Marking Marking;

/* Of `letter`, which corrects the mailing `first` for those of `audience`, an audience of it by its
 * name. Keeps all but `audience`, which it reads and rewinds. NULL with error. */
Marking *marking_open(const Workspace *workspace, const Mailing *first, const Letter *letter,
                      Audience *audience, const char *name, GError **error);
void marking_free(Marking *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Marking, marking_free)

/* Marks `fields` with what the recipient had and when; or sets `why` it had nothing that could be
 * corrected. Who may have it is marked; who has this correction already is, too. */
gboolean marking_ask(Marking *self, const Recipient *recipient, Value *fields, Why *why,
                     GError **error);

#endif
