/* plan - an update and an audience frozen under an id, before anything is sent
 *
 * All or nothing: a plan is one transaction. The id comes from the content and the audience's name,
 * so the same inputs give the same plan, byte for byte. A plan of which nothing was sent yet is
 * replaced when its list has changed; once something was sent, the same content to the same
 * audience needs `again`.
 */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include "base/finding.h"
#include "ledger/mailings.h"
#include "run/workspace.h"

typedef struct {
    const char *update;
    const char *audience;
    gboolean again;
    void (*progress)(void *user, guint64 done, guint64 total); /* may be NULL */
    void *user;
} PlanOptions;

typedef enum { PLAN_NEW, PLAN_UNCHANGED, PLAN_REPLACED } PlanNews;

typedef struct {
    Mailing *mailing;
    PlanNews news;
    guint64 rows, chosen; /* of the list; by the audience's where */
    guint64 copies;       /* deliveries that go to the office (run/seeds.h) */
} Plan;

void plan_free(Plan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Plans. NULL with `error`, and with what is wrong in `findings`. Then nothing was recorded. */
Plan *plan_make(const Workspace *workspace, const PlanOptions *options, Findings *findings,
                GError **error);

/* Compiles an update from disk and checks it against an audience (NULL: against none); what plan,
 * check and preview have in common. `audience` may be NULL for "not wanted". NULL with `error`. */
Letter *plan_prepare(const Workspace *workspace, Bundle *bundle, const char *audience_name,
                     gboolean draft, Audience **audience, Findings *findings, GError **error);

/* The letter of a mailing, from what was frozen. The bundle is to be freed after the letter. */
Letter *plan_thaw_letter(Ledger *ledger, const Mailing *mailing, Bundle **bundle, GError **error);

#endif
