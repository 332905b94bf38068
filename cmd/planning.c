/* planning - what plan and send share: making a plan and showing it */
#include "planning.h"

#include "allowed.h"
#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "ledger/deliveries.h"
#include "fact/audience_names.h"
#include "plan/drift.h"
#include "plan/likeness.h"
#include "plan/recipients.h"
#include "sending.h"
#include "ui.h"

enum { EXCLUDED_SHOWN = 20 };

static void progress(void *user, guint64 done, guint64 total)
{
    ui_progress("Planning", done, total, *(const gint64 *)user);
}

char *planning_audience(const Workspace *workspace, const char *update, GError **error)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, update);
    g_autoptr(Letter) letter = plan_prepare(workspace, bundle, NULL, TRUE, NULL, findings, error);
    if (!letter)
        return NULL;
    if (!letter_audience(letter))
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "to whom? Name an audience, or put 'audience: …' into the front matter of %s",
                    update);
    return g_strdup(letter_audience(letter));
}

/* Who is left out of a plan is named there with the reason and the place: a second word on it would
 * be taken for a second fault. */
static void show_findings(const Findings *findings, const Plan *plan)
{
    static const char *const said[] = {"no-address", "bad-address", "same-address", NULL};
    gboolean are_named = plan && !ui_is_quiet() && plan->mailing->excluded <= EXCLUDED_SHOWN;
    g_autoptr(Findings) rest = findings_new();
    for (guint i = 0; are_named && i < findings_kept(findings); i++) {
        const Finding *one = findings_get(findings, i);
        if (!g_strv_contains(said, one->id))
            findings_copy(rest, one);
    }
    ui_findings(are_named ? rest : findings, FINDING_WARNING);
}

/* How the audience has changed since the last letter, or since the first plan of this one. What can't
 * be read is told by whoever reads it next. */
static void look_at_drift(const Workspace *workspace, const Plan *plan, Findings *findings)
{
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, NULL);
    g_autoptr(Mailing) mailing = ledger ? mailings_find(ledger, plan->mailing->id, NULL) : NULL;
    if (mailing)
        (void)(drift_of_plan(ledger, mailing, findings, NULL) &&
               likeness_of_missing(ledger, mailing, findings, NULL));
}

Plan *planning_run(const Workspace *workspace, const PlanOptions *wanted, Findings *findings,
                   GError **error)
{
    gint64 started = clock_ticks();
    PlanOptions options = *wanted;
    options.progress = progress;
    options.user = &started;
    Allow *allow = allowed_by(workspace, options.update, findings);
    Plan *plan = plan_make(workspace, &options, findings, error);
    if (plan && plan->news != PLAN_EMPTY)
        look_at_drift(workspace, plan, findings);
    findings_silence(findings, NULL, NULL);
    allow_free(allow);
    ui_progress_end();
    show_findings(findings, plan);
    return plan;
}

const char *planning_news(const Plan *plan)
{
    switch (plan->news) {
    case PLAN_NEW:
        return "new";
    case PLAN_UNCHANGED:
        return "unchanged";
    case PLAN_REPLACED:
        return "replaced";
    case PLAN_EMPTY:
        return "empty";
    }
    g_assert_not_reached();
}

Plan *planning_make(const Workspace *workspace, const char *update, const char *audience,
                    gboolean again, gboolean missing, Findings *findings, GError **error)
{
    g_autofree char *named =
        audience ? g_strdup(audience) : planning_audience(workspace, update, error);
    if (!named)
        return NULL;
    g_auto(GStrv) names = audience_names_split(named);
    g_autofree char *audiences = audience_names_join((const char *const *)names);
    PlanOptions options = {.update = update,
                           .audience = audiences,
                           .again = again,
                           .missing = missing,
                           .actor = actor_self("circular plan")};
    return planning_run(workspace, &options, findings, error);
}

typedef struct {
    guint64 shown;
    gboolean is_followup; /* who has the letter, or had none to correct, is counted only */
} Excluded;

static gboolean say_missing(void *user, const Delivery *delivery)
{
    (void)user;
    g_autofree char *called = ui_called(delivery->label, delivery->key);
    ui_say("    to %s <%s>", called, delivery->address);
    return delivery->number < EXCLUDED_SHOWN;
}

static gboolean say_excluded(void *user, const LeftOut *one)
{
    Excluded *excluded = user;
    if (excluded->is_followup &&
        (one->kind == EXCLUSION_HAS_IT || one->kind == EXCLUSION_ON_ITS_WAY ||
         one->kind == EXCLUSION_HAD_NONE))
        return TRUE;
    g_autofree char *said = exclusion_said(one->kind, one->detail, one->since);
    g_autofree char *safe = ui_safe(said, 0);
    g_autofree char *called = ui_pad(ui_called(one->label, one->key), 12);
    g_autofree char *phone = ui_safe(one->phone, 30);
    g_autofree char *place = ui_place(&one->at);
    ui_say("    %s %s%s%s%s", called, phone, *phone ? "  " : "", safe, place);
    return ++excluded->shown < EXCLUDED_SHOWN;
}

Mailing *planning_find(Ledger *ledger, const char *id, GError **error)
{
    GError *inner = NULL;
    Mailing *mailing = mailings_find(ledger, id, &inner);
    if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "%s: 'circular status' lists all", inner->message);
        g_error_free(inner);
    } else if (inner) {
        g_propagate_error(error, inner);
    }
    return mailing;
}

Mailing *planning_find_in(const Workspace *workspace, const char *id, GError **error)
{
    g_autoptr(Ledger) look = workspace_ledger(workspace, LEDGER_READ, error);
    return look ? planning_find(look, id, error) : NULL;
}

gboolean planning_show(const Workspace *workspace, Ledger *ledger, const Plan *plan, GError **error)
{
    const Mailing *mailing = plan->mailing;
    g_autofree char *subject = ui_safe(mailing->subject, 0);
    g_autofree char *letters = amount_number(mailing->planned - plan->copies);
    g_autofree char *copies = amount_of(plan->copies, "copy", "copies");
    g_autofree char *chosen = amount_number(plan->chosen);
    g_autofree char *rows = amount_of(plan->rows, "row", "rows");
    g_autofree char *place = workspace_transport_place(workspace);
    ui_heading("%s", subject);
    ui_say("  from      %s", mailing->sender);
    ui_say("  to        %s: %s of %s chosen", mailing->audience, chosen, rows);
    ui_say("  letters   %s%s%s%s", letters, plan->copies ? " and " : "", plan->copies ? copies : "",
           plan->copies ? " for the office" : "");
    guint64 counted = plan->have + plan->had_none;
    if (plan->have)
        ui_say("  have it   %" G_GUINT64_FORMAT ", or are still to get it", plan->have);
    if (plan->had_none)
        ui_say("  had none  %" G_GUINT64_FORMAT ", so that %s", plan->had_none,
               mailing->follows_as == MAILING_REMINDER ? "there is nothing to remind them of"
                                                       : "nothing is to be put right for them");
    ui_say("  left out  %" G_GUINT64_FORMAT, mailing->excluded - counted);
    Excluded excluded = {.is_followup = mailing->follows_as != MAILING_ALONE};
    if (mailing->follows_as == MAILING_MISSING &&
        !deliveries_each(ledger, mailing, DELIVERY_STATES, say_missing, NULL, error))
        return FALSE;
    if (!exclusions_each(ledger, mailing, say_excluded, &excluded, error))
        return FALSE;
    if (mailing->excluded > excluded.shown + counted)
        ui_say("    … and %" G_GUINT64_FORMAT " more: circular status %s --recipients",
               mailing->excluded - excluded.shown - counted, mailing->id);
    ui_say("  through   %s", place);
    ui_say("  plan      %s%s", mailing->id,
           plan->news == PLAN_UNCHANGED ? " (unchanged)"
           : plan->news == PLAN_REPLACED
               ? " (in the place of an earlier plan of which nothing was sent)"
               : "");
    return TRUE;
}

gboolean planning_go_on(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                        gboolean yes, const char *at, GError **error)
{
    if (yes || at || ui_is_terminal()) {
        SendingOptions asked = {.yes = yes, .at = at, .wait = TRUE};
        return sending_run(workspace, ledger, mailing, &asked, error);
    }
    g_autofree char *place = workspace_transport_place(workspace);
    ui_hint("\nNothing has been sent. Next:\n  circular send %s    send them to %s", mailing->id,
            place);
    return TRUE;
}

const char *planning_nothing_left(const Mailing *mailing)
{
    return mailing->state == MAILING_WITHDRAWN
               ? "It was withdrawn: what hadn't gone never will. 'circular plan UPDATE AUDIENCE "
                 "--missing' plans it anew for who has none."
               : "Nothing is left to send.";
}

char *planning_counts(const guint64 *counts)
{
    GString *line = g_string_new(NULL);
    for (int state = 0; state < DELIVERY_LEFT_OUT; state++)
        if (counts[state])
            g_string_append_printf(line, "%s%" G_GUINT64_FORMAT " %s", line->len ? ", " : "",
                                   counts[state], delivery_state_name(state));
    return g_string_free(line, FALSE);
}

void planning_json(JsonBuilder *json, const Mailing *mailing)
{
    g_autofree char *when = clock_iso(mailing->planned_at);
    g_autofree char *send_at = clock_iso(mailing->send_at);
    json_text(json, "id", mailing->id);
    json_text(json, "update", mailing->update);
    json_text(json, "audience", mailing->audience);
    json_text(json, "subject", mailing->subject);
    json_text(json, "from", mailing->sender);
    json_text(json, "planned_at", when);
    json_text(json, "state", mailing_state_name(mailing->state));
    json_text(json, "send_at", mailing->send_at ? send_at : NULL);
    json_text(json, "through", via_name(mailing->via));
    json_number(json, "letters", (gint64)mailing->planned);
    json_number(json, "left_out", (gint64)mailing->excluded);
}

static gboolean add_event(void *user, const LifeEvent *event)
{
    JsonBuilder *json = user;
    g_autofree char *when = clock_iso(event->at);
    json_builder_begin_object(json);
    json_text(json, "event", event->event);
    json_text(json, "at", when);
    json_text(json, "user", event->actor.user);
    json_text(json, "host", event->actor.host);
    json_text(json, "command", event->actor.command);
    json_text(json, "detail", event->detail);
    json_builder_end_object(json);
    return TRUE;
}

gboolean planning_json_events(JsonBuilder *json, Ledger *ledger, const Mailing *mailing,
                              GError **error)
{
    json_builder_set_member_name(json, "events");
    json_builder_begin_array(json);
    gboolean ok = lifecycle_each(ledger, mailing, add_event, json, error);
    json_builder_end_array(json);
    return ok;
}

static gboolean add_excluded(void *user, const LeftOut *one)
{
    JsonBuilder *json = user;
    g_autofree char *said = exclusion_said(one->kind, one->detail, one->since);
    json_builder_begin_object(json);
    json_text(json, "key", one->key);
    json_text(json, "label", one->label);
    json_text(json, "name", one->name);
    json_text(json, "phone", one->phone);
    json_text(json, "address", one->address);
    json_text(json, "kind", exclusion_name(one->kind));
    json_text(json, "reason", said);
    json_place(json, &one->at);
    json_builder_end_object(json);
    return TRUE;
}

gboolean planning_json_excluded(JsonBuilder *json, Ledger *ledger, const Mailing *mailing,
                                GError **error)
{
    json_builder_set_member_name(json, "excluded");
    json_builder_begin_array(json);
    gboolean ok = exclusions_each(ledger, mailing, add_excluded, json, error);
    json_builder_end_array(json);
    return ok;
}

gboolean planning_json_plan(JsonBuilder *json, Ledger *ledger, const Plan *plan, GError **error)
{
    gboolean is_empty = plan->news == PLAN_EMPTY; /* no plan was made, and so there is no id */
    json_text(json, "schema", "circular-plan/1");
    json_text(json, "news", planning_news(plan));
    json_number(json, "have", (gint64)plan->have);
    if (is_empty)
        json_number(json, "letters", 0);
    else
        planning_json(json, plan->mailing);
    return is_empty || planning_json_excluded(json, ledger, plan->mailing, error);
}
