/* digest_run - one issue of a digest: gathered, decided, composed, and planned
 *
 * Reads the notices and the ledger, decides for each recipient of the audience what is new
 * (digest/newness.h), and composes what anybody gets into one letter, checked as any update is. A
 * notice with a mistake stops it, or is left out where the config says so.
 *
 * Planning decides again within the plan's transaction, and takes the place of an earlier plan of
 * this digest of which nothing was tried and for which no time was set.
 */
#ifndef DIGEST_DIGEST_RUN_H
#define DIGEST_DIGEST_RUN_H

#include "digest/digest_source.h"
#include "plan/plan.h"
#include "digest/digest_history.h"

typedef struct DigestRun DigestRun;

/* Makes one, without writing anything. `since` as --since, or 0. `ledger` NULL: nothing is on
 * record. NULL with `error`, and with what is wrong in `findings`; mistakes in notices that are
 * left out are warnings "skipped". Finds beside those of notices and of letters:
 *
 *   error   bad-flag        a notice's expression (list/flags.h)
 *   error   unknown-field, missing-value   as for updates; only who gets a notice needs its fields
 *   error   event-past      a notice's event was over before the notice could go out
 *   warning notice-late     it is over before the letters may leave (send.hours)
 *   warning notice-changed  one that went out has another date now, and isn't sent again
 *   note    notice-changed  it has other words now
 */
DigestRun *digest_run_new(const Workspace *workspace, const DigestConfig *config, Day since,
                          Ledger *ledger, Findings *findings, GError **error);
void digest_run_free(DigestRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DigestRun, digest_run_free)

/* How many would get a letter, and how many notices are in it for somebody. */
guint64 digest_run_letters(const DigestRun *self);
guint digest_run_length(const DigestRun *self);

/* Each notice of the folder, with how many recipients stand in which relation to it, and how many
 * of those that it is new to have to wait for more (digests.*.min_items). */
typedef struct {
    const Notice *notice;
    guint64 count[NEWNESS_KINDS];
    guint64 waiting;
} DigestRunNotice;
guint digest_run_notices(const DigestRun *self);
const DigestRunNotice *digest_run_notice(const DigestRun *self, guint index);

/* Each recipient in the list's order: the notices (of Bulletin) that would come, in their order, or
 * none and why. Borrowed until it returns; FALSE stops. */
typedef gboolean (*DigestRunFound)(void *user, const Recipient *recipient, const GPtrArray *notices,
                                   const Why *why);
gboolean digest_run_each(DigestRun *self, DigestRunFound found, void *user, GError **error);

/* The composed letter, and the fields with which a recipient (of digest_run_each) gets it; to be freed.
 * NULL when nobody has anything new. */
const Letter *digest_run_letter(const DigestRun *self);
Value *digest_run_fields(const DigestRun *self, const Recipient *recipient);

/* Plans. Nobody gets anything: PLAN_EMPTY. NULL with error. */
Plan *digest_run_plan(DigestRun *self, void (*progress)(void *user, guint64 done, guint64 total),
                      void *user, GError **error);

#endif
