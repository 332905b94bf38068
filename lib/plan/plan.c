/* plan - an update and an audience frozen under an id, before anything is sent */
#include "plan/plan.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "fact/question.h"
#include "base/version.h"
#include "letter/fieldcheck.h"
#include "plan/corrected.h"
#include "plan/freeze.h"
#include "plan/mailingid.h"
#include "plan/place.h"
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

/* --- freezing -------------------------------------------------------------------------------- */

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

/* What stands there already, to the byte. */
static gboolean is_unchanged(const Mailing *old, const Mailing *mailing)
{
    return g_str_equal(old->content_hash, mailing->content_hash) &&
           g_str_equal(old->recipients_hash, mailing->recipients_hash);
}

static void swap_mailings(Mailing *one, Mailing *other)
{
    Mailing held = *one;
    *one = *other;
    *other = held;
}

/* Freezes in one transaction, in the place of `old` where there is one. One that has a time, or that
 * somebody stopped, is nobody's place to take: then `old` is cleared, and nothing was recorded. */
static gboolean record(Freezing *f, Place *place, Plan *plan, GError **error)
{
    const Mailing *old = place->old;
    gboolean may_be_nobody = f->options->hook || f->options->missing || f->options->correction;
    if (!ledger_begin(f->ledger, error))
        return FALSE;
    if ((old && !mailings_remove(f->ledger, old, error)) || !freeze(f, error)) {
        ledger_rollback(f->ledger);
        return FALSE;
    }
    if (may_be_nobody && !f->mailing->planned) {
        ledger_rollback(f->ledger);
        plan->news = PLAN_EMPTY;
        return TRUE;
    }
    if (old && is_unchanged(old, f->mailing)) {
        ledger_rollback(f->ledger);
        plan->news = PLAN_UNCHANGED;
        swap_mailings(f->mailing, place->old); /* the plan that stands is the plan */
        return TRUE;
    }
    if (old && old->state != MAILING_PLANNED) {
        ledger_rollback(f->ledger);
        place_clear(place);
        return TRUE;
    }
    plan->news = old ? PLAN_REPLACED : PLAN_NEW;
    return ledger_commit(f->ledger, error);
}

/* What is to be planned, and where it stands. */
typedef struct {
    const Workspace *workspace;
    const PlanOptions *options;
    Bundle *bundle;
    Letter *letter;
    Recipients *readers;
    const char *settings, *content; /* frozen; the hash of all that makes the letter */
} Making;

/* What the calendars of its readers know the events of a planned letter by. NULL with error. */
static char *calendar_of(const Mailing *mailing, const char *name)
{
    g_autoptr(Value) settings = value_thaw(mailing->settings, strlen(mailing->settings), NULL);
    const Value *calendar = settings ? value_get(settings, LETTER_CALENDAR) : NULL;
    const Value *text = calendar ? value_get(calendar, name) : NULL;
    return g_strdup(text ? value_text(text) : "");
}

/* The plan whose events this one's are, too: those of who missed it are its own, a correction's
 * replace them. NULL for none, or with error. */
static Mailing *calendar_before(const PlanOptions *options, Ledger *ledger, const Mailing *mailing,
                                guint *corrections, GError **error)
{
    *corrections = 0;
    if (options->correction) {
        g_auto(Corrected) survey = {0};
        Mailing *first = corrected_first(ledger, options->correction->first, error);
        if (!first || !corrected_survey(ledger, first, &survey, error)) {
            mailing_free(first);
            return NULL;
        }
        for (guint i = 0; i < survey.corrections->len; i++) {
            const Mailing *other = g_ptr_array_index(survey.corrections, i);
            *corrections += !g_str_equal(other->id, mailing->id);
        }
        ++*corrections;
        return first;
    }
    return mailing->follows_as == MAILING_MISSING ? corrected_first(ledger, mailing, error) : NULL;
}

/* Gives a letter with events what its calendar file says of the letter itself. */
static gboolean set_calendar(const Making *m, Ledger *ledger, Mailing *mailing, GError **error)
{
    guint corrections;
    GError *inner = NULL;
    if (!letter_events(m->letter) || !letter_events(m->letter)->len)
        return TRUE;
    g_autoptr(Mailing) first = calendar_before(m->options, ledger, mailing, &corrections, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    g_autoptr(Value) settings = value_thaw(m->settings, strlen(m->settings), error);
    if (!settings)
        return FALSE;
    g_autofree char *known = first ? calendar_of(first, LETTER_CALENDAR_MAILING) : g_strdup("");
    g_autofree char *before = first ? calendar_of(first, LETTER_CALENDAR_SEQUENCE) : g_strdup("");
    g_autofree char *sequence =
        g_strdup_printf("%" G_GUINT64_FORMAT, g_ascii_strtoull(before, NULL, 10) + corrections);
    g_autofree char *stamp =
        g_strdup_printf("%" G_GINT64_FORMAT, mailing->planned_at / G_USEC_PER_SEC);
    Value *calendar = value_new_map();
    value_set_text(calendar, LETTER_CALENDAR_MAILING,
                   *known  ? known
                   : first ? first->id
                           : mailing->id);
    value_set_text(calendar, LETTER_CALENDAR_SEQUENCE, sequence);
    value_set_text(calendar, LETTER_CALENDAR_STAMP, stamp);
    value_set(settings, LETTER_CALENDAR, calendar);
    g_free(mailing->settings);
    mailing->settings = value_freeze(settings, NULL);
    return TRUE;
}

static gboolean make(const Making *m, Ledger *ledger, Place *place, Plan *plan, GError **error)
{
    g_autoptr(Seeds) seeds = seeds_new(m->workspace, m->options->audience, error);
    if (!seeds)
        return FALSE;
    mailing_free(plan->mailing);
    findings_free(plan->doubts);
    plan->doubts = findings_new();
    plan->mailing =
        describe(m->workspace, m->options, m->letter, m->settings, m->content, place->copy);
    plan->mailing->follows = place->follows;
    plan->mailing->follows_as = place->tie;
    if (!set_calendar(m, ledger, plan->mailing, error))
        return FALSE;
    Freezing freezing = {.options = m->options,
                         .bundle = m->bundle,
                         .letter = m->letter,
                         .readers = m->readers,
                         .seeds = seeds,
                         .ledger = ledger,
                         .mailing = plan->mailing,
                         .doubts = plan->doubts};
    gboolean ok = record(&freezing, place, plan, error);
    plan->copies = freezing.copies;
    plan->gone = freezing.gone;
    plan->have = freezing.followup ? followup_have(freezing.followup) : 0;
    plan->had_none = freezing.followup ? followup_had_none(freezing.followup) : 0;
    followup_free(freezing.followup);
    return ok;
}

/* Beside what stands in its place and is not to be replaced. */
static gboolean make_beside(const Making *m, Ledger *ledger, Plan *plan, GError **error)
{
    g_auto(Place) place = {0};
    return place_find(ledger, m->options, m->content, TRUE, &place, error) &&
           make(m, ledger, &place, plan, error);
}

static gboolean plan_into(const Workspace *workspace, const PlanOptions *options, Bundle *bundle,
                          const LetterSettings *settings, Letter *letter, Recipients *readers,
                          Plan *plan, GError **error)
{
    g_auto(Place) place = {0};
    g_autofree char *frozen = value_freeze(settings, NULL);
    g_autofree char *content = repeat_content_hash(bundle, frozen);
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    gboolean may_repeat =
        options->again || options->missing || options->hook || options->correction;
    if (!ledger || !place_find(ledger, options, content, FALSE, &place, error) ||
        (!may_repeat && !repeat_check(workspace, ledger, options->audience, bundle, error)))
        return FALSE;
    plan->rows = recipients_rows(readers);
    plan->chosen = recipients_chosen(readers);
    const Making making = {workspace, options, bundle, letter, readers, frozen, content};
    gboolean had_place = place.old != NULL;
    if (!make(&making, ledger, &place, plan, error))
        return FALSE;
    return !had_place || place.old || make_beside(&making, ledger, plan, error);
}

Plan *plan_letter(const Workspace *workspace, const PlanOptions *options, Bundle *bundle,
                  const LetterSettings *settings, Letter *letter, Recipients *readers,
                  GError **error)
{
    g_autoptr(Plan) plan = g_new0(Plan, 1);
    if (!signing_check(workspace, error) ||
        !plan_into(workspace, options, bundle, settings, letter, readers, plan, error))
        return NULL;
    return g_steal_pointer(&plan);
}

/* A slip in the update's name would be a wrong letter to all the silent: it is told before there is a
 * plan that somebody could send. */
static gboolean asks_again(const PlanOptions *options, const Letter *letter, GError **error)
{
    const Reminder *reminder = options->correction ? options->correction->reminder : NULL;
    const GPtrArray *questions = letter_questions(letter);
    for (guint i = 0; reminder && i < questions->len; i++)
        if (questions_find(reminder->questions,
                           ((const Question *)g_ptr_array_index(questions, i))->slug))
            return TRUE;
    if (!reminder)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "%s asks none of the questions of %s: is it the right update? Nothing was planned "
                "or sent",
                options->update, options->correction->first->id);
    return FALSE;
}

Plan *plan_make(const Workspace *workspace, const PlanOptions *options, Findings *findings,
                GError **error)
{
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, options->update);
    g_autoptr(Letter) letter =
        compile(workspace, bundle, options->audience, FALSE, findings, error);
    g_autoptr(Recipients) readers =
        letter && asks_again(options, letter, error)
            ? recipients_open(workspace, options->audience, letter, findings, error)
            : NULL;
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
    if (plan)
        findings_copy_all(findings, plan->doubts);
    return plan;
}
