/* bounces_review - what came back that a person should look at */
#include "bounces_review.h"

#include "base/clock.h"
#include "text/rowline.h"
#include "text/when.h"
#include "autoreply/successor.h"

typedef struct {
    JsonBuilder *json; /* or NULL */
    GString *csv;      /* or NULL */
    guint found;
} Review;

void notice_json(JsonBuilder *json, const InboundRow *row)
{
    g_autofree char *when = clock_iso(row->received_at);
    json_builder_begin_object(json);
    json_number(json, "number", row->number);
    json_text(json, "received_at", when);
    json_text(json, "kind", inbound_kind_name(row->kind));
    json_text(json, "mailing", row->mailing);
    json_number(json, "delivery", (gint64)row->delivery);
    json_text(json, "key", row->key);
    json_text(json, "address", row->address);
    json_flag(json, "verified", row->verified);
    json_text(json, "recipient", row->recipient);
    json_text(json, "status", row->status);
    json_text(json, "reason", row->reason);
    if (row->times)
        json_number(json, "times", row->times);
    json_text(json, "diagnostic", row->diagnostic);
    json_text(json, "from", row->sender);
    json_text(json, "subject", row->subject);
    json_text(json, "successor", row->successor);
    json_text(json, "text", row->text);
    json_text(json, "action", inbound_done_name(row->action));
    json_text(json, "why", row->why);
    json_builder_end_object(json);
}

static void say_notice(const InboundRow *row)
{
    g_autofree char *when = when_day(row->received_at);
    g_autofree char *about =
        *row->mailing ? g_strdup_printf("%s, %s <%s>%s", row->mailing, row->key, row->address,
                                        row->verified ? "" : " (so it says)")
                      : g_strdup("");
    ui_print("%" G_GINT64_FORMAT "  %s  %s: %s", row->number, when, inbound_kind_name(row->kind),
             row->why);
    ui_field("from", row->sender);
    ui_field("subject", row->subject);
    ui_field("letter", about);
    g_autofree char *again =
        row->times > 1 ? g_strdup_printf("%s (%u times so far)", row->recipient, row->times)
                       : g_strdup(row->recipient);
    ui_field("recipient", again);
    ui_field("said", row->diagnostic);
    ui_field("successor", row->successor);
    ui_excerpt(row->text);
}

static void csv_header(GString *csv)
{
    static const char *const NAMES[] = {"key",     "address", "new_address", "new_name",
                                        "said_on", "kind",    "why",         "from",
                                        "subject", "number",  NULL};
    rowline_write(csv, NAMES);
}

/* Key, address and what to put in its place stand first: a line to copy into the list. */
static void csv_notice(GString *csv, const InboundRow *row)
{
    g_autofree char *day = clock_iso(row->received_at);
    g_autofree char *name = *row->successor ? successor_name_in(row->text, row->successor) : NULL;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, row->number);
    day[10] = '\0';
    const char *const cells[] = {
        row->key, row->address, row->successor, name ? name : "", day, inbound_kind_name(row->kind),
        row->why, row->sender,  row->subject,   number,           NULL};
    rowline_write(csv, cells);
}

static gboolean add_notice(void *user, const InboundRow *row)
{
    Review *review = user;
    review->found++;
    if (review->json)
        notice_json(review->json, row);
    else if (review->csv)
        csv_notice(review->csv, row);
    else
        say_notice(row);
    return TRUE;
}

gboolean bounces_review(const Workspace *workspace, ReviewForm form, GError **error)
{
    gboolean as_json = form == REVIEW_JSON;
    g_autoptr(GString) csv = form == REVIEW_CSV ? g_string_new(NULL) : NULL;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, error);
    if (!ledger)
        return FALSE;
    Review review = {.json = as_json ? json_builder_new() : NULL, .csv = csv};
    if (csv)
        csv_header(csv);
    if (as_json)
        json_builder_begin_array(review.json);
    if (!inbound_reports_each_review(ledger, add_notice, &review, error)) {
        g_clear_object(&review.json);
        return FALSE;
    }
    if (as_json) {
        json_builder_end_array(review.json);
        ui_json(review.json);
    } else if (csv) {
        g_string_truncate(csv, csv->len - 1); /* ui_print ends it */
        ui_print("%s", csv->str);
    } else if (review.found) {
        ui_hint("Nothing of this was applied by itself. 'circular bounces --done NUMBER' takes one "
                "off the list, 'circular suppress add ADDRESS' ends letters to an address.");
    } else {
        ui_say("Nothing waits for review.");
    }
    return TRUE;
}

gboolean bounces_done(const Workspace *workspace, gint64 number, GError **error)
{
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    return ledger && inbound_reports_reviewed(ledger, number, clock_now(), error);
}
