/* status - what became of the mailings, or of each recipient of one */
#include "base/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/when.h"
#include "command.h"
#include "ledger/deliveries.h"
#include "planning.h"
#include "ui.h"

static gboolean option_json, option_recipients;

static const GOptionEntry options[] = {
    {"recipients", 'r', 0, G_OPTION_ARG_NONE, &option_recipients,
     "a line for each recipient, and for each who was left out", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

/* --- for people ------------------------------------------------------------------------------ */

static void say_counts(const guint64 *counts)
{
    for (int state = 0; state < DELIVERY_STATES; state++) {
        g_autofree char *number = amount_number(counts[state]);
        if (counts[state])
            ui_print("  %-10s %s", delivery_state_name(state), number);
    }
}

static gboolean say_delivery(void *user, const Delivery *delivery)
{
    (void)user;
    g_autofree char *when = when_short(delivery->changed_at);
    g_autofree char *reply = ui_safe(delivery->reply, 200);
    ui_print("%-12s %-10s %-36s %s %s%s%s", delivery->key, delivery_state_name(delivery->state),
             delivery->address, *when ? when : "-", delivery->enhanced,
             *delivery->enhanced ? " " : "", reply);
    return TRUE;
}

static gboolean say_exclusion(void *user, const LeftOut *one)
{
    (void)user;
    g_autofree char *safe = ui_safe(one->reason, 0);
    g_autofree char *shown = ui_safe(one->address, 40);
    ui_print("%-12s %-10s %-36s %s (%s:%u)", one->key, "left out", shown, safe, one->file,
             one->line);
    return TRUE;
}

static gboolean say_mailing(Ledger *ledger, const Mailing *mailing, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, mailing->id, counts, error))
        return FALSE;
    g_autofree char *when = when_short(mailing->planned_at);
    g_autofree char *subject = ui_safe(mailing->subject, 0);
    ui_heading("%s", subject);
    ui_print("  plan       %s of %s", mailing->id, when);
    ui_print("  audience   %s", mailing->audience);
    say_counts(counts);
    ui_print("  left out   %" G_GUINT64_FORMAT, mailing->excluded);
    if (counts[DELIVERY_UNKNOWN])
        ui_hint("  unknown: the answer was lost, they may have it or not; "
                "'circular send %s --resend-unknown' sends those again",
                mailing->id);
    if (!option_recipients)
        return TRUE;
    ui_print("%s", "");
    return deliveries_each(ledger, mailing->id, DELIVERY_STATES, say_delivery, NULL, error) &&
           exclusions_each(ledger, mailing->id, say_exclusion, NULL, error);
}

static gboolean say_all(Ledger *ledger, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    if (!all)
        return FALSE;
    if (!all->len)
        ui_say("Nothing is planned yet: 'circular plan UPDATE AUDIENCE' makes a plan.");
    for (guint i = 0; i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        guint64 counts[DELIVERY_STATES];
        if (!deliveries_count(ledger, mailing->id, counts, error))
            return FALSE;
        g_autofree char *when = when_day(mailing->planned_at);
        g_autofree char *line = planning_counts(counts);
        ui_print("%-11s  %-32s %-16s %s", when, mailing->id, mailing->audience, line);
    }
    return TRUE;
}

/* --- for machines ---------------------------------------------------------------------------- */

static gboolean json_delivery(void *user, const Delivery *delivery)
{
    JsonBuilder *json = user;
    json_builder_begin_object(json);
    json_number(json, "number", (gint64)delivery->number);
    json_text(json, "key", delivery->key);
    json_text(json, "address", delivery->address);
    json_text(json, "state", delivery_state_name(delivery->state));
    json_number(json, "attempts", delivery->attempts);
    json_number(json, "code", delivery->code);
    json_text(json, "enhanced", delivery->enhanced);
    json_text(json, "reply", delivery->reply);
    g_autofree char *when = delivery->changed_at ? clock_iso(delivery->changed_at) : NULL;
    json_text(json, "changed_at", when);
    json_builder_end_object(json);
    return TRUE;
}

static gboolean json_mailing(JsonBuilder *json, Ledger *ledger, const Mailing *mailing,
                             GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, mailing->id, counts, error))
        return FALSE;
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-status/1");
    planning_json(json, mailing);
    json_builder_set_member_name(json, "counts");
    json_builder_begin_object(json);
    for (int state = 0; state < DELIVERY_STATES; state++)
        json_number(json, delivery_state_name(state), (gint64)counts[state]);
    json_builder_end_object(json);
    gboolean ok = TRUE;
    if (option_recipients) {
        json_builder_set_member_name(json, "recipients");
        json_builder_begin_array(json);
        ok = deliveries_each(ledger, mailing->id, DELIVERY_STATES, json_delivery, json, error);
        json_builder_end_array(json);
        ok = ok && planning_json_excluded(json, ledger, mailing->id, error);
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
    if (ok)
        ui_json(json);
    else
        g_object_unref(json);
    return ok;
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
