/* plan - an update and an audience frozen under an id, before anything is sent
 *
 * All or nothing: a plan is one transaction. The id comes from the content and the audience's name,
 * so the same inputs give the same plan, byte for byte. A plan of which nothing was sent yet, and
 * which waits for nothing (it has no time, and nobody stopped it), is replaced when its list or its
 * update has changed; beside one that has a time the new one stands, and who sends it says what
 * becomes of the other (send/earlier.h). Once something was sent, the same content to the same
 * audience needs `again`.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "fact/exclusion.h"
#include "base/finding.h"
#include "ledger/lifecycle.h"
#include "ledger/mailings.h"
#include "plan/recipients.h"

/* What a letter has of its own in being planned: who gets it by their history too. All within the
 * plan's transaction; FALSE with error undoes it. */
typedef struct {
    /* Before anything is frozen. */
    gboolean (*begin)(void *user, Ledger *ledger, GError **error);
    /* Of each who would get the letter: sets further `fields`, or `why` to leave the recipient out.
     */
    gboolean (*adjust)(void *user, const Mailing *mailing, const Recipient *recipient,
                       Value *fields, Why *why, GError **error);
    /* Of each who is left out otherwise. */
    gboolean (*left_out)(void *user, const Mailing *mailing, const char *key, GError **error);
    /* When all is frozen. */
    gboolean (*end)(void *user, const Mailing *mailing, GError **error);
    void *user;
    /* Whoever has a spreadsheet's error in a value is held back, and told of; or else it stops the
     * plan. For what nobody watches: the others have their letter. */
    gboolean holds_back;
} PlanHook;

/* When a letter only reminds of another: to those whose questions of it aren't all answered. */
typedef struct {
    guint most; /* reminders that one gets at most */
    guint days; /* since the last letter of it, at least */
    gint64 now;
    const GPtrArray *questions; /* of Question: what the letter asks. A reminder that asks none of
                                 * them is a wrong letter to all the silent: USAGE */
} Reminder;

/* A letter that puts right another, or reminds of it, for those who had that one. */
typedef struct {
    const Mailing *first;     /* that is corrected; as the ledger has it */
    const Reminder *reminder; /* NULL: it corrects */
    gboolean with_unknown;    /* also to those who may have it: the answer was lost */
} Correction;

typedef struct {
    const char *update;
    const char *audience;
    gboolean again;
    gboolean missing;             /* only to those who have none of it as far as is known */
    const Correction *correction; /* only to those who had another; NULL for none */
    Actor actor;                  /* who plans */
    const PlanHook *hook;         /* NULL for a letter that goes to all of its audience */
    void (*progress)(void *user, guint64 done, guint64 total); /* may be NULL */
    void *user;
} PlanOptions;

typedef enum {
    PLAN_NEW,
    PLAN_UNCHANGED,
    PLAN_REPLACED,
    PLAN_EMPTY /* nobody gets it: nothing was recorded. Only with a hook, `missing` or a correction */
} PlanNews;

typedef struct {
    Mailing *mailing;
    PlanNews news;
    guint64 rows, chosen; /* of the list; by the audience's where */
    guint64 have;     /* with `missing`: who was left out for having it, or being still to get it */
    guint64 had_none; /* of a correction: who was left out for having nothing to correct */
    guint64 gone;     /* of a correction: who had the letter and is on the list no more */
    Findings *doubts; /* values of the letters that are hardly meant, as warnings */
    guint64 copies;   /* deliveries that go to the office (plan/seeds.h) */
} Plan;

void plan_free(Plan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Plans. NULL with `error`, and with what is wrong in `findings`. Then nothing was recorded. */
Plan *plan_make(const Workspace *workspace, const PlanOptions *options, Findings *findings,
                GError **error);

/* The same for a letter that is compiled and checked, from `bundle`, with `settings`. */
Plan *plan_letter(const Workspace *workspace, const PlanOptions *options, Bundle *bundle,
                  const LetterSettings *settings, Letter *letter, Recipients *readers,
                  GError **error);

/* Compiles an update from disk and checks it against an audience (NULL: against none); what plan,
 * check and preview have in common. `audience` may be NULL for "not wanted". NULL with `error`. */
Letter *plan_prepare(const Workspace *workspace, Bundle *bundle, const char *audience_name,
                     gboolean draft, Audience **audience, Findings *findings, GError **error);

/* The letter of a mailing, from what was frozen. The bundle is to be freed after the letter. */
Letter *plan_thaw_letter(Ledger *ledger, const Mailing *mailing, Bundle **bundle, GError **error);

#endif
