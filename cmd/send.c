/* send - the letters of a plan, sent and accounted for */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "command.h"
#include "interrupt.h"
#include "planning.h"
#include "run/sender.h"
#include "run/trial.h"
#include "ui.h"

enum { TROUBLE_SHOWN = 20 };

static char *option_test;
static char *option_for;
static gint64 option_limit;
static gboolean option_yes, option_again, option_resend_unknown;

static const GOptionEntry options[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes, "don't ask; needed without a terminal", NULL},
    {"test", 0, 0, G_OPTION_ARG_STRING, &option_test,
     "send one recipient's letter to this address instead; nothing is recorded", "ADDRESS"},
    {"for", 'f', 0, G_OPTION_ARG_STRING, &option_for,
     "with --test: whose letter (default: the first)", "KEY"},
    {"limit", 'n', 0, G_OPTION_ARG_INT64, &option_limit, "send so many at most, the rest later",
     "COUNT"},
    {"again", 0, 0, G_OPTION_ARG_NONE, &option_again,
     "send everyone a second copy of a letter that was sent already", NULL},
    {"resend-unknown", 0, 0, G_OPTION_ARG_NONE, &option_resend_unknown,
     "send again where the relay's answer was lost (same Message-ID)", NULL},
    {0},
};

/* --- the question ---------------------------------------------------------------------------- */

static gboolean confirm(const Workspace *workspace, const Mailing *mailing, guint64 open,
                        GError **error)
{
    if (option_yes)
        return TRUE;
    if (!ui_is_terminal()) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "there is no terminal to ask on: give --yes to send %" G_GUINT64_FORMAT
                    " letters of '%s'",
                    open, mailing->id);
        return FALSE;
    }
    g_autofree char *subject = ui_safe(mailing->subject, 0);
    g_autofree char *letters = ui_count(open, "letter", "letters");
    g_autofree char *place = workspace_transport_place(workspace);
    ui_heading("\nSubject   %s", subject);
    ui_print("From      %s", mailing->sender);
    ui_print("Audience  %s", mailing->audience);
    ui_print("Letters   %s, to %s", letters, place);
    g_autofree char *answer =
        ui_ask("Type the number of letters to send them, anything else to stop:");
    g_autofree char *plain = g_strdup_printf("%" G_GUINT64_FORMAT, open);
    g_autofree char *grouped = ui_number(open);
    if (answer && (g_str_equal(answer, plain) || g_str_equal(answer, grouped)))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED,
                "nothing was sent; 'circular send %s' asks again", mailing->id);
    return FALSE;
}

/* --- the run --------------------------------------------------------------------------------- */

static SenderWish wish(void *user)
{
    (void)user;
    return interrupt_wish();
}

static void progress(void *user, const SenderProgress *now)
{
    (void)user;
    ui_progress("Sending", now->done, now->total, now->started);
}

static void trouble(void *user, const Delivery *delivery, const DeliveryResult *result)
{
    guint *shown = user;
    if ((*shown)++ >= TROUBLE_SHOWN)
        return;
    g_autofree char *reply = ui_safe(result->reply, 200);
    ui_note("%-9s %s <%s>: %s%s%s", delivery_state_name(result->state), delivery->key,
            delivery->address, result->enhanced, *result->enhanced ? " " : "", reply);
}

static gboolean say_result(Ledger *ledger, const Mailing *mailing, guint64 *counts, GError **error)
{
    if (!deliveries_count(ledger, mailing->id, counts, error))
        return FALSE;
    g_autoptr(GString) line = g_string_new(NULL);
    for (int state = 0; state < DELIVERY_STATES; state++)
        if (counts[state])
            g_string_append_printf(line, "%s%" G_GUINT64_FORMAT " %s", line->len ? ", " : "",
                                   counts[state], delivery_state_name(state));
    ui_say("%s: %s", mailing->id, line->str);
    return TRUE;
}

/* What is left makes the exit status: to go on with (75), or to look at (69). */
static gboolean judge(const Mailing *mailing, const guint64 *counts, GError **error)
{
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    if (open && !option_limit) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "%" G_GUINT64_FORMAT " not sent yet: 'circular send %s' goes on", open,
                    mailing->id);
        return FALSE;
    }
    if (counts[DELIVERY_UNKNOWN]) {
        g_set_error(
            error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
            "%" G_GUINT64_FORMAT
            " unknown: the answer was lost, they may have it or not; 'circular status %s "
            "--recipients' lists them, 'circular send %s --resend-unknown' sends those again",
            counts[DELIVERY_UNKNOWN], mailing->id, mailing->id);
        return FALSE;
    }
    if (counts[DELIVERY_REFUSED]) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
                    "%" G_GUINT64_FORMAT " refused: 'circular status %s --recipients' lists them",
                    counts[DELIVERY_REFUSED], mailing->id);
        return FALSE;
    }
    if (open)
        ui_hint("%" G_GUINT64_FORMAT " left by --limit: 'circular send %s' goes on", open,
                mailing->id);
    return TRUE;
}

static guint64 open_count(const guint64 *counts)
{
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    if (option_resend_unknown)
        open += counts[DELIVERY_UNKNOWN];
    return option_limit ? MIN(open, (guint64)option_limit) : open;
}

static gboolean send_mailing(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                             GError **error)
{
    guint64 counts[DELIVERY_STATES];
    guint shown = 0;
    SenderProgress done;
    if (!deliveries_count(ledger, mailing->id, counts, error))
        return FALSE;
    guint64 open = open_count(counts);
    if (!open) {
        ui_say("Nothing is left to send.");
        return say_result(ledger, mailing, counts, error) && judge(mailing, counts, error);
    }
    if (!confirm(workspace, mailing, open, error))
        return FALSE;
    interrupt_watch();
    SenderOptions sender = {.limit = (guint64)option_limit,
                            .resend_unknown = option_resend_unknown,
                            .wish = wish,
                            .progress = progress,
                            .trouble = trouble,
                            .user = &shown};
    GError *inner = NULL;
    gboolean ok = sender_run(workspace, ledger, mailing, &sender, &done, &inner);
    ui_progress_end();
    if (shown > TROUBLE_SHOWN)
        ui_note("… and %u more: circular status %s --recipients", shown - TROUBLE_SHOWN,
                mailing->id);
    if (!say_result(ledger, mailing, counts, inner ? NULL : error)) {
        g_clear_error(&inner);
        return FALSE;
    }
    if (ok)
        return judge(mailing, counts, error);
    if (open_count(counts))
        g_prefix_error(&inner, "%" G_GUINT64_FORMAT " not sent yet, 'circular send %s' goes on: ",
                       open_count(counts), mailing->id);
    g_propagate_error(error, inner);
    return FALSE;
}

/* --- what is asked --------------------------------------------------------------------------- */

static gboolean send_test(const Workspace *workspace, char **words, GError **error)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, words[0]);
    g_autoptr(Audience) audience = NULL;
    g_autoptr(Letter) letter =
        plan_prepare(workspace, bundle, words[1], FALSE, &audience, findings, error);
    ui_findings(findings, FINDING_WARNING);
    if (!letter || !findings_pass(findings, error))
        return FALSE;
    GError *inner = NULL;
    if (option_for)
        audience_seek(audience, option_for);
    const Recipient *recipient = audience_next(audience, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!recipient) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "nobody in '%s' has the key '%s'",
                    words[1], option_for ? option_for : "");
        return FALSE;
    }
    g_autofree char *key = g_strdup(recipient->key);
    if (!trial_send(workspace, letter, recipient, option_test, error))
        return FALSE;
    g_autofree char *place = workspace_transport_place(workspace);
    ui_say("The letter of %s was sent to %s instead, through %s; nothing was recorded.", key,
           option_test, place);
    return TRUE;
}

static gboolean is_update(char **words)
{
    return words[1] || g_str_has_suffix(words[0], ".md") || strchr(words[0], '/');
}

static gboolean send_update(const Workspace *workspace, char **words, GError **error)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Plan) plan =
        planning_make(workspace, words[0], words[1], option_again, findings, error);
    g_autoptr(Ledger) ledger = plan ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    if (!ledger || !planning_show(workspace, ledger, plan, error))
        return FALSE;
    return send_mailing(workspace, ledger, plan->mailing, error);
}

static gboolean send_id(const Workspace *workspace, const char *id, GError **error)
{
    /* Looking first: a mistyped id in an empty folder must not make a ledger. */
    g_autoptr(Ledger) look = workspace_ledger(workspace, LEDGER_READ, error);
    g_autoptr(Mailing) mailing = look ? mailings_find(look, id, error) : NULL;
    g_autoptr(Ledger) ledger = mailing ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    return ledger && send_mailing(workspace, ledger, mailing, error);
}

static gboolean run(char **words, GError **error)
{
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    if (option_limit < 0) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "--limit wants a count from 1");
        return FALSE;
    }
    if (option_test && !words[1]) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "--test wants UPDATE AUDIENCE");
        return FALSE;
    }
    if (option_test)
        return send_test(workspace, words, error);
    return is_update(words) ? send_update(workspace, words, error)
                            : send_id(workspace, words[0], error);
}

const Command command_send = {
    .name = "send",
    .usage = "ID | UPDATE [AUDIENCE]",
    .summary = "send what is planned, or plan and send; goes on after a stop",
    .description =
        "On a terminal it shows what will go out and asks for the number of letters to be typed.\n"
        "Exit status: 0 all sent, 75 some are left (the same command goes on), 69 some were "
        "refused "
        "or\nare unknown, and see sysexits(3).",
    .options = options,
    .min_words = 1,
    .max_words = 2,
    .run = run,
};
