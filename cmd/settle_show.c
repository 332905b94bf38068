/* settle_show - what was found of letters in doubt, told; and looked for beside a run of 'send' */
#include "settle_show.h"

#include "text/amount.h"
#include "base/clock.h"
#include "interrupt.h"

enum { SHOWN = 20 };

/* --- for people ------------------------------------------------------------------------------- */

static void show_letter(const SettleLetter *letter)
{
    g_autofree char *said = settlement_said(&letter->found), *safe = ui_safe(said, 0);
    g_autofree char *called = ui_called(letter->label, letter->key);
    ui_print("  %-8s %s <%s>%s%s", letter->is_sent ? "sent" : "unknown", called, letter->address,
             *safe ? ": " : "", safe);
}

void settle_show(const SettleSummary *summary)
{
    guint total = summary->letters->len;
    if (ui_is_quiet())
        return;
    if (!total) {
        ui_say("No letter is in doubt.");
        return;
    }
    g_autofree char *letters = amount_of(total, "letter in doubt", "letters in doubt");
    if (summary->folder) {
        g_autofree char *messages = amount_of(summary->looked, "message", "messages");
        ui_say("%s: %u proven sent, %u still unknown. Looked at %s in the folder '%s' of %s.",
               letters, summary->sent, summary->left, messages, summary->folder, summary->mailbox);
    } else {
        ui_say("%s: nothing was looked at.", letters);
    }
    for (guint i = 0; i < MIN(total, SHOWN); i++)
        show_letter(g_ptr_array_index(summary->letters, i));
    if (total > SHOWN)
        ui_print("  … and %u more: 'circular status ID --recipients' lists them", total - SHOWN);
    if (summary->left)
        ui_hint(
            "That no copy is found proves nothing: a server may file it later, elsewhere or not "
            "at all. 'circular settle' looks again.");
}

/* --- for machines ----------------------------------------------------------------------------- */

static void json_time(JsonBuilder *json, const char *name, gint64 when)
{
    g_autofree char *text = when ? clock_iso(when) : NULL;
    json_text(json, name, text);
}

void settle_json_one(JsonBuilder *json, const char *name, const Settlement *one)
{
    json_builder_set_member_name(json, name);
    if (!one->kind) {
        json_builder_add_null_value(json);
        return;
    }
    json_builder_begin_object(json);
    json_text(json, "kind", settlement_kind_name(one->kind));
    json_flag(json, "proves", settlement_is_proof(one->kind));
    json_time(json, "at", one->at);
    json_text(json, "mailbox", one->mailbox ? one->mailbox : "");
    json_text(json, "folder", one->folder ? one->folder : "");
    json_number(json, "uidvalidity", one->uidvalidity);
    json_number(json, "uid", one->uid);
    json_text(json, "message_id", one->message_id ? one->message_id : "");
    json_number(json, "copies", one->copies);
    json_number(json, "messages", one->there);
    json_number(json, "looked_at", one->looked);
    json_time(json, "since", one->since);
    json_number(json, "notice", one->notice);
    json_builder_end_object(json);
}

static void json_found(void *user, const Settlement *one)
{
    settle_json_one(user, "settlement", one);
}

gboolean settle_json_of(JsonBuilder *json, Ledger *ledger, const char *mailing, guint64 number,
                        GError **error)
{
    return settlements_of(ledger, mailing, number, json_found, json, error);
}

static void keep_said(void *user, const Settlement *one)
{
    g_autofree char *said = settlement_said(one);
    *(char **)user = *said ? g_strconcat("; ", said, NULL) : g_strdup("");
}

char *settle_said_of(Ledger *ledger, const char *mailing, guint64 number, GError **error)
{
    char *said = NULL;
    return settlements_of(ledger, mailing, number, keep_said, &said, error) ? said : NULL;
}

/* --- beside a run of 'send' ------------------------------------------------------------------- */

static gboolean is_wanted(const Workspace *workspace)
{
    return via_mails(workspace_via(workspace)) &&
           settings_flag(workspace_settings(workspace), "settle.after_send");
}

void settle_after_send(const Workspace *workspace, Ledger *ledger, const Mailing *mailing)
{
    g_auto(SettleSummary) summary = {0};
    g_autoptr(GError) problem = NULL;
    if (!is_wanted(workspace))
        return;
    gboolean ok = settle_run(workspace, ledger, mailing, interrupt_stops, NULL, &summary, &problem);
    if (ok || summary.sent)
        settle_show(&summary);
    if (!ok)
        ui_note("letters in doubt could not all be looked for: %s; 'circular settle %s' does it "
                "later",
                problem->message, mailing->id);
}

gboolean settle_before_resend(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                              GError **error)
{
    g_auto(SettleSummary) summary = {0};
    if (!is_wanted(workspace))
        return TRUE;
    if (!settle_run(workspace, ledger, mailing, interrupt_stops, NULL, &summary, error)) {
        g_prefix_error(error, "nothing was sent again, for who has the letter already could not be "
                              "looked up (settle.after_send): ");
        return FALSE;
    }
    if (summary.letters->len)
        settle_show(&summary);
    return TRUE;
}
