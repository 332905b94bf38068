/* send - the letters of a plan, sent and accounted for */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/when.h"
#include "command.h"
#include "interrupt.h"
#include "ledger/schedule.h"
#include "planning.h"
#include "run/sender.h"
#include "run/trial.h"
#include "run/readers.h"
#include "ui.h"

enum { TROUBLE_SHOWN = 20 };

static char *option_test, *option_for, *option_at;
#define NO_LIMIT G_MAXINT64 /* not 0: who says --limit 0 must not mail everybody */
static gint64 option_limit = NO_LIMIT;
static gboolean option_yes, option_again, option_resend_unknown, option_no_wait, option_due;

static const GOptionEntry options[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes, "don't ask; needed without a terminal", NULL},
    {"test", 0, 0, G_OPTION_ARG_STRING, &option_test,
     "send one recipient's letter to this address instead; nothing is recorded", "ADDRESS"},
    {"for", 'f', 0, G_OPTION_ARG_STRING, &option_for,
     "with --test: whose letter (default: the first)", "KEY"},
    {"limit", 'n', 0, G_OPTION_ARG_INT64, &option_limit, "send so many at most, the rest later",
     "COUNT"},
    {"at", 0, 0, G_OPTION_ARG_STRING, &option_at,
     "not before this time ('2026-12-18 08:00', 'tomorrow 08:00'); cron's 'send --due' sends it",
     "TIME"},
    {"due", 0, 0, G_OPTION_ARG_NONE, &option_due,
     "go on with every mailing whose time has come; for cron", NULL},
    {"no-wait", 0, 0, G_OPTION_ARG_NONE, &option_no_wait,
     "don't wait to try again what the relay puts off; a later run does", NULL},
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

static void waiting(void *user, gint64 until, const char *why)
{
    (void)user;
    g_autofree char *when = when_text(until);
    g_autofree char *safe = ui_safe(why, 300);
    ui_note("Waiting until %s to try again: %s. Ctrl-C stops, and the same command goes on.", when,
            safe);
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
    g_autofree char *line = planning_counts(counts);
    ui_say("%s: %s", mailing->id, line);
    return TRUE;
}

/* What is left makes the exit status: to go on with (75), or to look at (69). */
static gboolean judge(const Mailing *mailing, const guint64 *counts, GError **error)
{
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    if (open && option_limit == NO_LIMIT) {
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
    return MIN(open, (guint64)option_limit);
}

/* --at: the time is on record, and cron does the rest. */
static gboolean schedule_at(Ledger *ledger, const Mailing *mailing, GError **error)
{
    gint64 when;
    if (!when_parse(option_at, clock_now(), &when, error) ||
        !schedule_set(ledger, mailing->id, when, error))
        return FALSE;
    g_autofree char *text = when_text(when);
    ui_say("%s will go on %s, by 'circular send --due' from cron.", mailing->id, text);
    return TRUE;
}

/* A mailing that was given a time doesn't go before it by itself. */
static gboolean is_time(Ledger *ledger, const Mailing *mailing, GError **error)
{
    gint64 when;
    if (!schedule_get(ledger, mailing->id, &when, error))
        return FALSE;
    if (option_at || when <= clock_now())
        return TRUE;
    g_autofree char *text = when_text(when);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "%s is to go on %s: --at with another time changes that", mailing->id, text);
    return FALSE;
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
    if (!is_time(ledger, mailing, error))
        return FALSE;
    if (!open) {
        ui_say("Nothing is left to send.");
        return say_result(ledger, mailing, counts, error) && judge(mailing, counts, error);
    }
    if (!confirm(workspace, mailing, open, error))
        return FALSE;
    if (option_at)
        return schedule_at(ledger, mailing, error);
    interrupt_watch();
    SenderOptions sender = {.limit = option_limit == NO_LIMIT ? 0 : (guint64)option_limit,
                            .resend_unknown = option_resend_unknown,
                            .wait = !option_no_wait && !option_due,
                            .wish = wish,
                            .progress = progress,
                            .waiting = waiting,
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
    /* Ctrl-C at the last letter has nothing left to stop. */
    if (!ok && !open_count(counts) &&
        g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED)) {
        g_clear_error(&inner);
        ok = TRUE;
    }
    if (ok)
        return judge(mailing, counts, error);
    guint64 rest = open_count(counts);
    if (rest)
        g_set_error(error, CIRCULAR_ERROR, inner->code,
                    "%s; %" G_GUINT64_FORMAT " not sent yet: 'circular send %s' goes on",
                    inner->message, rest, mailing->id);
    else
        g_set_error_literal(error, CIRCULAR_ERROR, inner->code, inner->message);
    g_error_free(inner);
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
    g_autofree char *named = words[1] ? readers_join((const char *const *)words + 1) : NULL;
    g_autoptr(Plan) plan = planning_make(workspace, words[0], named, option_again, findings, error);
    g_autoptr(Ledger) ledger = plan ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    if (!ledger || !planning_show(workspace, ledger, plan, error))
        return FALSE;
    return send_mailing(workspace, ledger, plan->mailing, error);
}

static gboolean send_id(const Workspace *workspace, const char *id, GError **error)
{
    /* Looking first: a mistyped id in an empty folder must not make a ledger. */
    Ledger *look = workspace_ledger(workspace, LEDGER_READ, error);
    g_autoptr(Mailing) mailing = look ? mailings_find(look, id, error) : NULL;
    ledger_close(look);
    g_autoptr(Ledger) ledger = mailing ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    return ledger && send_mailing(workspace, ledger, mailing, error);
}

/* Goes on with what is due. One that another process is sending is left to it; the first trouble is
 * the exit status, and stops none of the others. */
static gboolean send_due(const Workspace *workspace, GError **error)
{
    GError *first = NULL;
    option_yes = TRUE;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    g_auto(GStrv) ids = ledger ? schedule_due(ledger, clock_now(), error) : NULL;
    if (!ids)
        return FALSE;
    for (char **id = ids; *id && interrupt_wish() == SENDER_GO; id++) {
        GError *problem = NULL;
        g_autoptr(Mailing) mailing = mailings_find(ledger, *id, &problem);
        if (mailing && !sender_is_at_work(ledger, mailing))
            send_mailing(workspace, ledger, mailing, &problem);
        if (problem && first) {
            ui_error("%s", problem->message);
            g_error_free(problem);
        } else if (problem) {
            first = problem;
        }
    }
    if (first)
        g_propagate_error(error, first);
    return !first;
}

static gboolean run(char **words, GError **error)
{
    if (option_due == (words[0] != NULL)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "usage: circular send ID, circular send UPDATE [AUDIENCE], or circular send "
                    "--due ('circular send --help' says more)");
        return FALSE;
    }
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    if (option_due && (option_at || option_test || option_limit != NO_LIMIT)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--due goes on with all that is due: not with --at, --test or --limit");
        return FALSE;
    }
    if (option_due)
        return send_due(workspace, error);
    if (option_limit < 1) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "--limit wants a count from 1");
        return FALSE;
    }
    if (option_test && (!words[1] || words[2])) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--test wants an update and one audience: 'circular send UPDATE AUDIENCE "
                    "--test ADDRESS'");
        return FALSE;
    }
    if (option_test)
        return send_test(workspace, words, error);
    return is_update(words) ? send_update(workspace, words, error)
                            : send_id(workspace, words[0], error);
}

const Command command_send = {
    .name = "send",
    .usage = "ID | UPDATE [AUDIENCE ...] | --due",
    .summary = "send what is planned, or plan and send; goes on after a stop",
    .description =
        "On a terminal it shows what will go out and asks for the number of letters to be typed.\n"
        "Exit status: 0 all sent, 75 some are left (the same command goes on), 69 some were "
        "refused "
        "or\nare unknown, and see sysexits(3).",
    .options = options,
    .min_words = 0,
    .max_words = 1 + READERS_MAX,
    .run = run,
};
