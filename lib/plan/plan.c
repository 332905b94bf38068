/* plan - an update and an audience frozen under an id, before anything is sent */
#include "plan/plan.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/version.h"
#include "letter/fieldcheck.h"
#include "plan/freeze.h"
#include "plan/mailingid.h"
#include "plan/repeat.h"
#include "plan/seeds.h"
#include "workspace/signing.h"

void plan_free(Plan *self)
{
    if (!self)
        return;
    mailing_free(self->mailing);
    findings_free(self->doubts);
    g_free(self);
}

static Letter *compile(const Workspace *workspace, Bundle *bundle, const char *audience_name,
                       gboolean draft, Findings *findings, GError **error)
{
    /* An update that isn't there is no finding about it. */
    g_autoptr(GBytes) update = bundle_get(bundle, "update", TRUE, error);
    if (!update)
        return NULL;
    g_autoptr(Value) settings = workspace_letter_settings(workspace, audience_name);
    Letter *letter = letter_compile(bundle, settings, draft, findings);
    if (!letter)
        findings_pass(findings, error);
    return letter;
}

Letter *plan_prepare(const Workspace *workspace, Bundle *bundle, const char *audience_name,
                     gboolean draft, Audience **audience, Findings *findings, GError **error)
{
    g_autoptr(Letter) letter = compile(workspace, bundle, audience_name, draft, findings, error);
    if (!letter || !audience_name)
        return g_steal_pointer(&letter);
    g_autoptr(Audience) opened = workspace_audience(workspace, audience_name, findings, error);
    if (!opened || !fields_check(letter, opened, audience_name, findings, error))
        return NULL;
    if (audience)
        *audience = g_steal_pointer(&opened);
    return g_steal_pointer(&letter);
}

/* --- deciding -------------------------------------------------------------------------------- */

/* An earlier text of the same update of which nothing was sent, and that waits for nobody but us:
 * this plan takes its place. */
static gboolean heed_planned(Ledger *ledger, const PlanOptions *options, Mailing **old,
                             GError **error)
{
    gboolean sent = FALSE;
    g_autoptr(Mailing) planned = NULL;
    switch (mailings_find_planned(ledger, options->audience, options->update, &planned, error)) {
    case LOOKUP_FAILED:
        return FALSE;
    case LOOKUP_NONE:
        return TRUE;
    case LOOKUP_FOUND:
        break;
    }
    if (!repeat_is_begun(ledger, planned, &sent, error))
        return FALSE;
    if (!sent)
        *old = g_steal_pointer(&planned);
    return TRUE;
}

static gboolean nothing_sent(const PlanOptions *options, GError **error)
{
    g_set_error(
        error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
        "nothing of this very letter was sent to audience '%s' yet: plan it without "
        "--missing (if its words were changed since: 'circular correct' sends them to those "
        "who had it)",
        options->audience);
    return FALSE;
}

/* What an earlier plan of the same content for the same audience means for this one. Sets `copy` to
 * the number that this plan gets, `old` to the plan that it replaces, if any, and `follows` to the
 * number of the first that was sent, or 0. */
static gboolean heed_earlier(Ledger *ledger, const PlanOptions *options, const char *content,
                             guint *copy, Mailing **old, gint64 *follows, GError **error)
{
    gboolean sent = FALSE;
    g_autoptr(Mailing) earlier = NULL;
    *copy = 1;
    *old = NULL;
    *follows = 0;
    if (mailings_find_same(ledger, options->audience, content, &earlier, error) == LOOKUP_FAILED ||
        (earlier && !repeat_is_begun(ledger, earlier, &sent, error)))
        return FALSE;
    if (!earlier && options->missing)
        return nothing_sent(options, error);
    if (!earlier)
        return options->hook || heed_planned(ledger, options, old, error);
    sent |= options->hook && earlier->send_at; /* it is meant to go as it is */
    const char *dash = strrchr(earlier->id, '-');
    guint number = dash && strlen(dash) < 6 ? (guint)g_ascii_strtoull(dash + 1, NULL, 10) : 1;
    if (!sent && earlier->state == MAILING_WITHDRAWN) {
        *copy = number + 1; /* what was withdrawn stays on record, and is no letter that was sent */
        return TRUE;
    }
    if (!sent) {
        *copy = number;
        *follows = earlier->follows;
        if (options->missing && !earlier->follows)
            return nothing_sent(options, error);
        *old = g_steal_pointer(&earlier);
        return TRUE;
    }
    *copy = number + 1;
    *follows = earlier->follows ? earlier->follows : earlier->number;
    if (options->again || options->missing || options->hook)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "this very letter was already sent to audience '%s' as %s: 'circular status %s' "
                "shows how far, 'circular send %s' goes on with it, --missing plans it for those "
                "who have none, and --again sends everyone a second copy",
                options->audience, earlier->id, earlier->id, earlier->id);
    return FALSE;
}

static Mailing *describe(const Workspace *workspace, const PlanOptions *options,
                         const Letter *letter, const char *settings, const char *content,
                         guint copy)
{
    Mailing *mailing = g_new0(Mailing, 1);
    const Address *from = letter_from(letter);
    mailing->id = mailing_id(options->update, options->audience, content, copy);
    mailing->update = g_strdup(options->update);
    mailing->audience = g_strdup(options->audience);
    mailing->subject = g_strdup(letter_subject_template(letter));
    mailing->sender =
        *from->name ? g_strdup_printf("%s <%s>", from->name, from->spec) : g_strdup(from->spec);
    mailing->envelope_sender = g_strdup(workspace_envelope_sender(workspace, letter));
    mailing->content_hash = g_strdup(content);
    mailing->recipients_hash = g_strdup("");
    mailing->version = g_strdup(CIRCULAR_VERSION);
    mailing->settings = g_strdup(settings);
    mailing->planned_at = clock_now();
    return mailing;
}

/* Freezes in one transaction, in the place of `old` where there is one. */
static gboolean record(Freezing *f, const Mailing *old, Plan *plan, GError **error)
{
    if (!ledger_begin(f->ledger, error))
        return FALSE;
    if ((old && !mailings_remove(f->ledger, old->id, error)) || !freeze(f, error)) {
        ledger_rollback(f->ledger);
        return FALSE;
    }
    if ((f->options->hook || f->options->missing) && !f->mailing->planned) {
        ledger_rollback(f->ledger);
        plan->news = PLAN_EMPTY;
        return TRUE;
    }
    if (old && g_str_equal(old->content_hash, f->mailing->content_hash) &&
        g_str_equal(old->recipients_hash, f->mailing->recipients_hash)) {
        ledger_rollback(f->ledger); /* the same to the byte: the plan that stands is the plan */
        plan->news = PLAN_UNCHANGED;
        f->mailing->planned_at = old->planned_at;
        return TRUE;
    }
    plan->news = old ? PLAN_REPLACED : PLAN_NEW;
    return ledger_commit(f->ledger, error);
}

static gboolean plan_into(const Workspace *workspace, const PlanOptions *options, Bundle *bundle,
                          const LetterSettings *settings, Letter *letter, Recipients *readers,
                          Plan *plan, GError **error)
{
    guint copy;
    gint64 follows;
    g_autoptr(Mailing) old = NULL;
    g_autofree char *frozen = value_freeze(settings, NULL);
    g_autofree char *content = repeat_content_hash(bundle, frozen);
    g_autoptr(Seeds) seeds = seeds_new(workspace, options->audience, error);
    g_autoptr(Ledger) ledger = seeds ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    if (!ledger || !heed_earlier(ledger, options, content, &copy, &old, &follows, error) ||
        (!options->again && !options->missing && !options->hook &&
         !repeat_check(workspace, ledger, options->audience, bundle, error)))
        return FALSE;
    plan->mailing = describe(workspace, options, letter, frozen, content, copy);
    if (options->missing) {
        plan->mailing->follows = follows;
        plan->mailing->follows_as = MAILING_MISSING;
    }
    plan->rows = recipients_rows(readers);
    plan->chosen = recipients_chosen(readers);
    Freezing freezing = {.options = options,
                         .bundle = bundle,
                         .letter = letter,
                         .readers = readers,
                         .seeds = seeds,
                         .ledger = ledger,
                         .mailing = plan->mailing,
                         .doubts = plan->doubts};
    gboolean ok = record(&freezing, old, plan, error);
    plan->copies = freezing.copies;
    plan->have = freezing.have;
    return ok;
}

Plan *plan_letter(const Workspace *workspace, const PlanOptions *options, Bundle *bundle,
                  const LetterSettings *settings, Letter *letter, Recipients *readers,
                  GError **error)
{
    g_autoptr(Plan) plan = g_new0(Plan, 1);
    plan->doubts = findings_new();
    if (!signing_check(workspace, error) ||
        !plan_into(workspace, options, bundle, settings, letter, readers, plan, error))
        return NULL;
    return g_steal_pointer(&plan);
}

Plan *plan_make(const Workspace *workspace, const PlanOptions *options, Findings *findings,
                GError **error)
{
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, options->update);
    g_autoptr(Letter) letter =
        compile(workspace, bundle, options->audience, FALSE, findings, error);
    g_autoptr(Recipients) readers =
        letter ? recipients_open(workspace, options->audience, letter, findings, error) : NULL;
    if (!readers || !findings_pass(findings, error))
        return NULL;
    if (!recipients_most(readers)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "audience '%s' has no recipient: 'circular lists %s' shows why",
                    options->audience, options->audience);
        return NULL;
    }
    g_autoptr(Value) settings = workspace_letter_settings(workspace, options->audience);
    Plan *plan = plan_letter(workspace, options, bundle, settings, letter, readers, error);
    for (guint i = 0; plan && i < findings_kept(plan->doubts); i++) {
        const Finding *doubt = findings_get(plan->doubts, i);
        findings_add(findings, doubt->severity, doubt->file, doubt->line, doubt->id, "%s",
                     doubt->text);
    }
    return plan;
}
