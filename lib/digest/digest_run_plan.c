/* digest_run_plan - an issue of a digest planned: the history decides again, within the transaction */
#include "base/clock.h"
#include "ledger/digests.h"
#include "ledger/readings.h"
#include "digest/digest_run_parts.h"

typedef struct {
    DigestRun *issue;
    Ledger *ledger; /* the plan's own */
} Planning;

/* What was planned and never tried is in the way: its notices are in this plan. */
static gboolean remove_planned(const Planning *in, GError **error)
{
    g_auto(GStrv) ids =
        digests_mailings(in->ledger, in->issue->config.name, DIGESTS_PLANNED, error);
    if (!ids)
        return FALSE;
    for (char **id = ids; *id; id++) {
        g_autoptr(Mailing) mailing = mailings_find(in->ledger, *id, error);
        if (!mailing || !mailings_remove(in->ledger, mailing, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean begin(void *user, Ledger *ledger, GError **error)
{
    Planning *in = user;
    DigestRun *issue = in->issue;
    in->ledger = ledger;
    if (!remove_planned(in, error))
        return FALSE;
    digest_history_free(issue->round);
    issue->round = digest_history_new(&issue->spec, issue->notices, ledger, error);
    return issue->round != NULL;
}

static gboolean note_reader(const Planning *in, const Mailing *mailing, const char *key,
                            GError **error)
{
    return !*key || digest_history_note_reader(in->issue->round, in->ledger, key,
                                               mailing->planned_at, error);
}

static gboolean adjust(void *user, const Mailing *mailing, const Recipient *recipient,
                       Value *fields, Why *why, GError **error)
{
    Planning *in = user;
    DigestRun *issue = in->issue;
    if (!note_reader(in, mailing, recipient->key, error))
        return FALSE;
    if (!digest_run_decide(issue, recipient, why))
        return TRUE;
    for (guint i = 0; i < issue->notices->len; i++) {
        const Notice *notice = g_ptr_array_index(issue->notices, i);
        if (issue->chosen[i] &&
            !readings_add(in->ledger, issue->config.name, mailing, recipient->key, notice->name,
                          notice->revision, error))
            return FALSE;
    }
    digest_set_fields(issue->digest, digest_run_order(issue), fields);
    return TRUE;
}

static gboolean left_out(void *user, const Mailing *mailing, const char *key, GError **error)
{
    return note_reader(user, mailing, key, error);
}

static gboolean end(void *user, const Mailing *mailing, GError **error)
{
    const Planning *in = user;
    return digests_add_mailing(in->ledger, in->issue->config.name, mailing, error) &&
           digest_history_note(in->issue->round, in->ledger, mailing->planned_at, error);
}

/* Nobody has anything new: that the digest was made is noted all the same. */
static gboolean note_empty(Planning *in, GError **error)
{
    g_autoptr(Ledger) ledger = workspace_ledger(in->issue->workspace, LEDGER_WRITE, error);
    if (!ledger || !ledger_begin(ledger, error))
        return FALSE;
    in->ledger = ledger;
    if (remove_planned(in, error) &&
        digest_history_note(in->issue->round, ledger, clock_now(), error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

Plan *digest_run_plan(DigestRun *self, void (*progress)(void *user, guint64 done, guint64 total),
                      void *user, GError **error)
{
    Planning in = {.issue = self};
    PlanHook hook = {begin, adjust, left_out, end, &in, TRUE};
    PlanOptions options = {.update = self->shown,
                           .audience = self->config.audience,
                           .hook = &hook,
                           .actor = actor_self("circular digest"),
                           .progress = progress,
                           .user = user};
    g_autoptr(Plan) plan = NULL;
    if (self->letter) {
        g_autoptr(Recipients) readers = recipients_of(self->audience, self->config.audience);
        plan = plan_letter(self->workspace, &options, self->bundle, self->settings, self->letter,
                           readers, error);
    } else {
        plan = g_new0(Plan, 1);
        plan->news = PLAN_EMPTY;
    }
    if (!plan || (plan->news == PLAN_EMPTY && !note_empty(&in, error)))
        return NULL;
    return g_steal_pointer(&plan);
}
