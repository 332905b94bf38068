/* issue - one issue of a digest: gathered, decided, composed, and planned
 *
 * Reads the notices and the ledger, decides for each recipient of the audience what is new
 * (run/newness.h), and composes what anybody gets into one letter, checked as any update is. A
 * notice with a mistake stops it, or is left out where the config says so.
 *
 * Planning decides again within the plan's transaction, and takes the place of an earlier plan of
 * this digest of which nothing was tried and for which no time was set.
 */
#ifndef RUN_ISSUE_H
#define RUN_ISSUE_H

#include "run/gather.h"
#include "run/plan.h"
#include "run/round.h"

typedef struct Issue Issue;

/* Makes one, without writing anything. `since` as --since, or 0. `ledger` NULL: nothing is on
 * record. NULL with `error`, and with what is wrong in `findings`; mistakes in notices that are
 * left out are warnings "skipped". Finds beside those of notices and of letters:
 *
 *   error   bad-flag        a notice's expression (list/flags.h)
 *   error   unknown-field, missing-value   as for updates; only who gets a notice needs its fields
 *   error   event-past      a notice's event was over before the notice could go out
 *   warning notice-changed  one that went out has another date now, and isn't sent again
 *   note    notice-changed  it has other words now
 */
Issue *issue_new(const Workspace *workspace, const DigestConfig *config, Day since, Ledger *ledger,
                 Findings *findings, GError **error);
void issue_free(Issue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Issue, issue_free)

/* How many would get a letter, and how many notices are in it for somebody. */
guint64 issue_letters(const Issue *self);
guint issue_length(const Issue *self);

/* Each notice of the folder, with how many recipients stand in which relation to it, and how many
 * of those that it is new to have to wait for more (digests.*.min_items). */
typedef struct {
    const Bulletin *notice;
    guint64 count[NEWNESS_KINDS];
    guint64 waiting;
} IssueNotice;
guint issue_notices(const Issue *self);
const IssueNotice *issue_notice(const Issue *self, guint index);

/* Each recipient in the list's order: the notices (of Bulletin) that would come, in their order, or
 * none and why. Borrowed until it returns; FALSE stops. */
typedef gboolean (*IssueFound)(void *user, const Recipient *recipient, const GPtrArray *notices,
                               const Why *why);
gboolean issue_each(Issue *self, IssueFound found, void *user, GError **error);

/* The composed letter, and the fields with which a recipient (of issue_each) gets it; to be freed.
 * NULL when nobody has anything new. */
const Letter *issue_letter(const Issue *self);
Value *issue_fields(const Issue *self, const Recipient *recipient);

/* Plans. Nobody gets anything: PLAN_EMPTY. NULL with error. */
Plan *issue_plan(Issue *self, void (*progress)(void *user, guint64 done, guint64 total), void *user,
                 GError **error);

#endif
