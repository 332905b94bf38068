/* status - what became of the mailings, or of each recipient of one */
#include <string.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "answers_show.h"
#include "command.h"
#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"
#include "planning.h"
#include "settle_show.h"
#include "send/refused.h"
#include "send/sender.h"
#include "ui.h"

static gboolean option_json, option_recipients;

static const GOptionEntry options[] = {
    {"recipients", 'r', 0, G_OPTION_ARG_NONE, &option_recipients,
     "a line for each recipient, and for each who was left out", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

/* Where a mailing stands, and what is to happen with it next; newly allocated. */
static char *standing(Ledger *ledger, const Mailing *mailing, const guint64 *counts)
{
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    g_autofree char *letters = amount_of(open, "letter", "letters");
    g_autofree char *when = when_text(mailing->send_at);
    switch (mailing->state) {
    case MAILING_PLANNED:
        return counts[DELIVERY_WRITTEN] ? g_strdup("planned; rehearsed, nobody was mailed")
                                        : g_strdup("planned, waits for 'circular send'");
    case MAILING_SCHEDULED:
        return g_strdup_printf("goes on %s: %s", when, letters);
    case MAILING_HELD:
        return sender_is_at_work(ledger, mailing)
                   ? g_strdup_printf("held until %s: %s; Ctrl-C there, or 'circular withdraw', "
                                     "takes it back",
                                     when, letters)
                   : g_strdup_printf("held, and whoever held it is gone: %s, which go only when "
                                     "'circular send' asks again; 'circular withdraw' ends it",
                                     letters);
    case MAILING_SENDING:
        return g_strdup_printf("being sent: %s to go", letters);
    case MAILING_STOPPED:
        return g_strdup_printf("stopped: %s not sent; 'circular send' goes on, 'circular withdraw' "
                               "ends it",
                               letters);
    case MAILING_DONE:
        return g_strdup("done");
    case MAILING_WITHDRAWN:
        return g_strdup("withdrawn");
    case MAILING_STATES:
        break;
    }
    g_assert_not_reached();
}

/* --- for people ------------------------------------------------------------------------------ */

static void say_counts(const guint64 *counts)
{
    for (int state = 0; state < DELIVERY_LEFT_OUT; state++) {
        g_autofree char *number = amount_number(counts[state]);
        if (counts[state])
            ui_print("  %-10s %s", delivery_state_name(state), number);
    }
}

/* Rows are told one after another; the first trouble ends that. */
typedef struct {
    Ledger *ledger;
    JsonBuilder *json; /* NULL for people */
    GError *error;
} Telling;

static gboolean say_delivery(void *user, const Delivery *delivery)
{
    Telling *self = user;
    if (delivery->state == DELIVERY_LEFT_OUT)
        return TRUE; /* it comes among those left out, with the reason */
    g_autofree char *said = delivery_said(delivery->stage, delivery->given_up, delivery->reply);
    g_autofree char *when = when_short(delivery->changed_at);
    g_autofree char *known =
        settle_said_of(self->ledger, delivery->mailing, delivery->number, &self->error);
    if (!known)
        return FALSE;
    g_autofree char *reply = ui_safe(said, 200), *more = ui_safe(known, 0);
    g_autofree char *called = ui_pad(ui_called(delivery->label, delivery->key), 12);
    g_autofree char *address = ui_pad(g_strdup(delivery->address), 36);
    ui_print("%s %-10s %s %s %s%s%s%s", called, delivery_state_name(delivery->state), address,
             *when ? when : "-", delivery->enhanced, *delivery->enhanced ? " " : "", reply,
             *reply || !*more ? more : more + strlen("; "));
    return TRUE;
}

static gboolean say_exclusion(void *user, const LeftOut *one)
{
    (void)user;
    g_autofree char *said = exclusion_said(one->kind, one->detail, one->since);
    g_autofree char *safe = ui_safe(said, 0);
    g_autofree char *shown = ui_pad(ui_safe(one->address, 40), 36);
    g_autofree char *called = ui_pad(ui_called(one->label, one->key), 12);
    g_autofree char *place = ui_place(&one->at);
    g_autofree char *phone = ui_safe(one->phone, 30);
    ui_print("%s %-10s %s %s%s%s%s", called, "left out", shown, phone, *phone ? "  " : "", safe,
             place);
    return TRUE;
}

static gboolean say_event(void *user, const LifeEvent *event)
{
    (void)user;
    g_autofree char *when = when_text(event->at);
    gboolean is_known = *event->actor.user != '\0';
    g_autofree char *by = is_known ? g_strdup_printf(", by %s at %s (%s)", event->actor.user,
                                                     event->actor.host, event->actor.command)
                                   : g_strdup("");
    g_autofree char *detail = ui_safe(event->detail, 0);
    ui_print("  %-10s %s%s%s%s", event->event, when, by, *detail ? ": " : "", detail);
    return TRUE;
}

static gboolean tell_each(Ledger *ledger, const Mailing *mailing, JsonBuilder *json,
                          DeliveryFound tell, GError **error)
{
    Telling telling = {.ledger = ledger, .json = json};
    gboolean ok = deliveries_each(ledger, mailing, DELIVERY_STATES, tell, &telling, error);
    if (telling.error)
        g_propagate_error(error, telling.error);
    return ok && !telling.error;
}

static gboolean say_mailing(Ledger *ledger, const Mailing *mailing, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, mailing, counts, error))
        return FALSE;
    g_autofree char *stands = standing(ledger, mailing, counts);
    g_autofree char *subject = ui_safe(mailing->subject, 0);
    ui_heading("%s", subject);
    ui_print("  plan       %s", mailing->id);
    ui_print("  audience   %s", mailing->audience);
    ui_print("  state      %s", stands);
    if (!lifecycle_each(ledger, mailing, say_event, NULL, error))
        return FALSE;
    say_counts(counts);
    ui_print("  left out   %" G_GUINT64_FORMAT, mailing->excluded);
    if (counts[DELIVERY_UNKNOWN])
        ui_hint(
            "  unknown: the answer was lost, they may have it or not; 'circular settle %s' looks "
            "for proof in sent mail, 'circular send %s --resend-unknown' sends those again",
            mailing->id, mailing->id);
    g_auto(RefusedAlike) alike = {0};
    if (!refused_alike(ledger, mailing, &alike, error))
        return FALSE;
    g_autofree char *advice = refused_advice(&alike, mailing->id);
    g_autofree char *safe = advice ? ui_safe(advice, 0) : NULL;
    if (safe)
        ui_hint("  %s", safe);
    if (!answers_say(ledger, mailing, "  answers    ", error))
        return FALSE;
    if (!option_recipients)
        return TRUE;
    ui_print("%s", "");
    return tell_each(ledger, mailing, NULL, say_delivery, error) &&
           exclusions_each(ledger, mailing, say_exclusion, NULL, error);
}

/* What has no end yet, and what will become of it: the first that one looks for. */
static gboolean say_next(Ledger *ledger, const GPtrArray *all, GError **error)
{
    gboolean said = FALSE;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        guint64 counts[DELIVERY_STATES];
        gboolean is_open = mailing->state == MAILING_SCHEDULED || mailing->state == MAILING_HELD ||
                           mailing->state == MAILING_SENDING || mailing->state == MAILING_STOPPED;
        if (!is_open)
            continue;
        if (!deliveries_count(ledger, mailing, counts, error))
            return FALSE;
        if (!said)
            ui_heading("Next");
        said = TRUE;
        g_autofree char *stands = standing(ledger, mailing, counts);
        ui_print("  %-32s %s", mailing->id, stands);
    }
    if (said)
        ui_print("%s", "");
    return TRUE;
}

static gboolean say_all(Ledger *ledger, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    if (!all)
        return FALSE;
    if (!all->len)
        ui_say("Nothing is planned yet: 'circular plan UPDATE AUDIENCE' makes a plan.");
    if (!say_next(ledger, all, error))
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        guint64 counts[DELIVERY_STATES];
        if (!deliveries_count(ledger, mailing, counts, error))
            return FALSE;
        g_autofree char *when = when_day(mailing->planned_at);
        g_autofree char *line = planning_counts(counts);
        ui_print("%-11s  %-32s %-16s %-9s %s", when, mailing->id, mailing->audience,
                 mailing_state_name(mailing->state), line);
    }
    return TRUE;
}

/* --- for machines ---------------------------------------------------------------------------- */

static gboolean json_delivery(void *user, const Delivery *delivery)
{
    Telling *self = user;
    JsonBuilder *json = self->json;
    if (delivery->state == DELIVERY_LEFT_OUT)
        return TRUE;
    json_builder_begin_object(json);
    json_number(json, "number", (gint64)delivery->number);
    json_text(json, "key", delivery->key);
    json_text(json, "label", delivery->label);
    json_text(json, "phone", delivery->phone);
    json_text(json, "address", delivery->address);
    json_text(json, "state", delivery_state_name(delivery->state));
    json_number(json, "attempts", delivery->attempts);
    json_number(json, "code", delivery->code);
    json_text(json, "enhanced", delivery->enhanced);
    json_text(json, "stage", stage_name(delivery->stage));
    json_text(json, "given_up", given_up_name(delivery->given_up));
    json_text(json, "through", via_name(delivery->via));
    json_text(json, "reply", delivery->reply);
    g_autofree char *when = delivery->changed_at ? clock_iso(delivery->changed_at) : NULL;
    json_text(json, "changed_at", when);
    gboolean ok =
        settle_json_of(json, self->ledger, delivery->mailing, delivery->number, &self->error);
    json_builder_end_object(json);
    return ok;
}

static gboolean json_mailing(JsonBuilder *json, Ledger *ledger, const Mailing *mailing,
                             GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, mailing, counts, error))
        return FALSE;
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-status/1");
    planning_json(json, mailing);
    json_builder_set_member_name(json, "counts");
    json_builder_begin_object(json);
    for (int state = 0; state < DELIVERY_LEFT_OUT; state++)
        json_number(json, delivery_state_name(state), (gint64)counts[state]);
    json_builder_end_object(json);
    gboolean ok = planning_json_events(json, ledger, mailing, error) &&
                  answers_json(json, ledger, mailing, error);
    if (ok && option_recipients) {
        json_builder_set_member_name(json, "recipients");
        json_builder_begin_array(json);
        ok = tell_each(ledger, mailing, json, json_delivery, error);
        json_builder_end_array(json);
        ok = ok && planning_json_excluded(json, ledger, mailing, error);
    }
    json_builder_end_object(json);
    return ok;
}

static gboolean json_all(JsonBuilder *json, Ledger *ledger, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    gboolean ok = all != NULL;
    json_builder_begin_array(json);
    for (guint i = 0; ok && i < all->len; i++)
        ok = json_mailing(json, ledger, g_ptr_array_index(all, i), error);
    json_builder_end_array(json);
    return ok;
}

static gboolean run(char **words, GError **error)
{
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Ledger) ledger = workspace ? workspace_ledger(workspace, LEDGER_READ, error) : NULL;
    g_autoptr(Mailing) mailing = ledger && words[0] ? planning_find(ledger, words[0], error) : NULL;
    if (!ledger || (words[0] && !mailing))
        return FALSE;
    if (!option_json)
        return mailing ? say_mailing(ledger, mailing, error) : say_all(ledger, error);
    JsonBuilder *json = json_builder_new();
    gboolean ok =
        mailing ? json_mailing(json, ledger, mailing, error) : json_all(json, ledger, error);
    return ui_json_if(json, ok);
}

const Command command_status = {
    .name = "status",
    .usage = "[ID]",
    .summary = "what became of every mailing, or of one",
    .options = options,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};
