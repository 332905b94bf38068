/* settle - letters in doubt, looked for in the folder of sent mail */
#include "text/amount.h"
#include "command.h"
#include "interrupt.h"
#include "planning.h"
#include "send/sender.h"
#include "settle_show.h"

static gboolean option_json;

static const GOptionEntry options[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

static void json_letter(JsonBuilder *json, const SettleLetter *letter)
{
    json_builder_begin_object(json);
    json_text(json, "mailing", letter->id);
    json_number(json, "number", (gint64)letter->number);
    json_text(json, "key", letter->key);
    json_text(json, "label", letter->label);
    json_text(json, "address", letter->address);
    json_text(json, "state", letter->is_sent ? "sent" : "unknown");
    settle_json_one(json, "settlement", &letter->found);
    json_builder_end_object(json);
}

static void json_summary(const SettleSummary *summary)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-settle/1");
    json_text(json, "mailbox", summary->mailbox ? summary->mailbox : "");
    json_text(json, "folder", summary->folder ? summary->folder : "");
    json_number(json, "uidvalidity", summary->uidvalidity);
    json_number(json, "messages", summary->there);
    json_number(json, "looked_at", summary->looked);
    json_number(json, "sent", summary->sent);
    json_number(json, "unknown", summary->left);
    json_builder_set_member_name(json, "letters");
    json_builder_begin_array(json);
    for (guint i = 0; i < summary->letters->len; i++)
        json_letter(json, g_ptr_array_index(summary->letters, i));
    json_builder_end_array(json);
    json_builder_end_object(json);
    ui_json(json);
}

/* Letters that a sender which was killed had in hand are in doubt only when the next run says so. */
static gboolean hint_sending(Ledger *ledger, const Mailing *mailing, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!mailing)
        return TRUE;
    if (!deliveries_count(ledger, mailing, counts, error))
        return FALSE;
    if (counts[DELIVERY_SENDING] && !sender_is_at_work(ledger, mailing)) {
        g_autofree char *letters =
            amount_of(counts[DELIVERY_SENDING], "letter was", "letters were");
        ui_note("%s being sent when the sender was cut off: 'circular send %s' says what became of "
                "them, and goes on",
                letters, mailing->id);
    }
    return TRUE;
}

static gboolean run(char **words, GError **error)
{
    g_auto(SettleSummary) summary = {0};
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Ledger) ledger = workspace ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    g_autoptr(Mailing) mailing = ledger && words[0] ? planning_find(ledger, words[0], error) : NULL;
    if (!ledger || (words[0] && !mailing))
        return FALSE;
    interrupt_watch();
    gboolean ok = settle_run(workspace, ledger, mailing, interrupt_stops, NULL, &summary, error);
    if (!ok && !summary.sent)
        return FALSE;
    if (option_json)
        json_summary(&summary);
    else
        settle_show(&summary);
    return ok && hint_sending(ledger, mailing, error);
}

const Command command_settle = {
    .name = "settle",
    .usage = "[ID]",
    .summary = "letters in doubt, looked for in sent mail",
    .description =
        "Where a mail server's answer was lost, a letter is 'unknown'. One of which a copy with "
        "our "
        "signature\nis filed in the folder of sent mail is 'sent' then; what isn't found stays "
        "unknown, and is never\nsent by this. Without an ID: all that fell into doubt in the last "
        "30 days.",
    .options = options,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};
