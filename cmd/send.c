/* send - the letters of a plan, sent and accounted for */
#include <string.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "command.h"
#include "interrupt.h"
#include "ledger/schedule.h"
#include "fact/audience_names.h"
#include "planning.h"
#include "send/sender.h"
#include "send/testsend.h"
#include "send/told.h"
#include "plan/recipients.h"
#include "sending.h"
#include "ui.h"

static char *option_test, *option_for, *option_at, *option_only;
#define NO_LIMIT G_MAXINT64 /* not 0: who says --limit 0 must not mail everybody */
static gint64 option_limit = NO_LIMIT, option_first = NO_LIMIT;
static gboolean option_replace, option_now;
static gboolean option_yes, option_again, option_resend_unknown, option_resend_refused,
    option_no_wait, option_due;

static const GOptionEntry options[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes, "don't ask; needed without a terminal", NULL},
    {"test", 0, 0, G_OPTION_ARG_STRING, &option_test,
     "send one recipient's letter to this address instead; nothing is recorded", "ADDRESS"},
    {"for", 'f', 0, G_OPTION_ARG_STRING, &option_for,
     "with --test: whose letter (default: the first)", "KEY"},
    {"limit", 'n', 0, G_OPTION_ARG_INT64, &option_limit, "send so many at most, the rest later",
     "COUNT"},
    {"first", 0, 0, G_OPTION_ARG_INT64, &option_first,
     "send so many first; the others follow when those went well (first.wait), or wait", "COUNT"},
    {"at", 0, 0, G_OPTION_ARG_STRING, &option_at,
     "at this time ('tomorrow 8am', 'Friday 09:30', '25/12/2026 08:00'), by cron's 'send --due'",
     "TIME"},
    {"now", 0, 0, G_OPTION_ARG_NONE, &option_now,
     "at once: don't wait for its time, nor for the hours of sending (send.hours)", NULL},
    {"due", 0, 0, G_OPTION_ARG_NONE, &option_due,
     "go on with every mailing whose time has come; for cron", NULL},
    {"no-wait", 0, 0, G_OPTION_ARG_NONE, &option_no_wait,
     "don't wait to try again what the relay puts off; a later run does", NULL},
    {"again", 0, 0, G_OPTION_ARG_NONE, &option_again,
     "send everyone a second copy of a letter that was sent already", NULL},
    {"replace", 0, 0, G_OPTION_ARG_NONE, &option_replace,
     "in the place of an earlier version: that one ends, who has it gets no second", NULL},
    {"resend-refused", 0, 0, G_OPTION_ARG_NONE, &option_resend_refused,
     "send again what was refused, once the cause is fixed", NULL},
    {"only", 0, 0, G_OPTION_ARG_STRING, &option_only,
     "with --resend-refused: only those refused with this code ('554', '5.7.1')", "CODE"},
    {"resend-unknown", 0, 0, G_OPTION_ARG_NONE, &option_resend_unknown,
     "send again where the relay's answer was lost (same Message-ID)", NULL},
    {0},
};

static SendingOptions as_asked(void)
{
    return (SendingOptions){.yes = option_yes,
                            .limit = option_limit == NO_LIMIT ? 0 : (guint64)option_limit,
                            .first = option_first == NO_LIMIT ? 0 : (guint64)option_first,
                            .at = option_at,
                            .now = option_now,
                            .earlier = option_replace ? EARLIER_DO_REPLACE
                                       : option_again ? EARLIER_DO_AGAIN
                                                      : EARLIER_ASK,
                            .resend_unknown = option_resend_unknown,
                            .resend_refused =
                                option_resend_refused ? (option_only ? option_only : "") : NULL,
                            .wait = !option_no_wait && !option_due,
                            .goes_on = option_due};
}

/* --- what is asked --------------------------------------------------------------------------- */

static gboolean send_test(const Workspace *workspace, char **words, GError **error)
{
    g_autofree char *all =
        words[1] ? g_strdup(words[1]) : planning_audience(workspace, words[0], error);
    if (!all)
        return FALSE;
    g_auto(GStrv) names = audience_names_split(all); /* of several, whose letter is the first's */
    const char *named = *names ? *names : all;
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, words[0]);
    g_autoptr(Audience) audience = NULL;
    g_autoptr(Letter) letter =
        plan_prepare(workspace, bundle, named, FALSE, &audience, findings, error);
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
                    named, option_for ? option_for : "");
        return FALSE;
    }
    g_autofree char *key = g_strdup(recipient->key);
    if (!testsend(workspace, letter, recipient, option_test, error))
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
    g_autofree char *named = words[1] ? audience_names_join((const char *const *)words + 1) : NULL;
    g_autoptr(Plan) plan =
        planning_make(workspace, words[0], named, option_again, FALSE, findings, error);
    g_autoptr(Ledger) ledger = plan ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    if (!ledger || !planning_show(workspace, ledger, plan, error))
        return FALSE;
    SendingOptions asked = as_asked();
    return sending_run(workspace, ledger, plan->mailing, &asked, error);
}

static gboolean send_id(const Workspace *workspace, const char *id, GError **error)
{
    g_autoptr(Mailing) mailing = planning_find_in(workspace, id, error);
    g_autoptr(Ledger) ledger = mailing ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    SendingOptions asked = as_asked();
    return ledger && sending_run(workspace, ledger, mailing, &asked, error);
}

/* One whose time is long past may speak of what is over: it is left to a person, who is told once,
 * for then it isn't scheduled any more. */
static gboolean is_too_late(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                            GError **error)
{
    Actor actor = actor_self("circular send --due");
    gint64 now = clock_now(), late = now - mailing->send_at;
    gint64 most = settings_number(workspace_settings(workspace), "send.late") * G_USEC_PER_SEC;
    if (mailing->state != MAILING_SCHEDULED || late <= most)
        return FALSE;
    g_autofree char *when = when_text(mailing->send_at), *long_ago = amount_duration(late);
    g_autofree char *detail = g_strdup_printf("was to go on %s, %s ago", when, long_ago);
    if (!ledger_begin(ledger, error))
        return TRUE;
    if (!lifecycle_move(ledger, mailing, MAILING_STOPPED, &actor, now, detail, error)) {
        ledger_rollback(ledger);
        return TRUE;
    }
    if (ledger_commit(ledger, error))
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "%s %s, and is not sent unasked any more (send.late): 'circular send %s' sends "
                    "it even so, 'circular withdraw %s' ends it",
                    mailing->id, detail, mailing->id, mailing->id);
    return TRUE;
}

/* Of a mailing under cron: drops what was told already. Whoever looks on is told each time. */
static void tell_once(Ledger *ledger, const Mailing *mailing, GError **problem)
{
    if (!mailing)
        return;
    if (!*problem)
        told_clear(ledger, mailing);
    else if (told_before(ledger, mailing, *problem) && ui_is_quiet())
        g_clear_error(problem);
}

/* Goes on with what is due. One that another process is sending is left to it; the first trouble is
 * the exit status, and stops none of the others. */
static gboolean send_due(const Workspace *workspace, GError **error)
{
    GError *first = NULL;
    option_yes = TRUE;
    SendingOptions asked = as_asked();
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    g_auto(GStrv) ids = ledger ? schedule_due(ledger, clock_now(), error) : NULL;
    if (!ids)
        return FALSE;
    for (char **id = ids; *id && interrupt_wish() == SENDER_GO; id++) {
        GError *problem = NULL;
        g_autoptr(Mailing) mailing = mailings_find(ledger, *id, &problem);
        if (mailing && !is_too_late(workspace, ledger, mailing, &problem) &&
            !sender_is_at_work(ledger, mailing))
            sending_run(workspace, ledger, mailing, &asked, &problem);
        /* Whoever waited for its time may have been quicker by a moment. */
        if (g_error_matches(problem, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY) && mailing &&
            sender_is_at_work(ledger, mailing))
            g_clear_error(&problem);
        tell_once(ledger, mailing, &problem);
        ui_keep_first(&first, problem);
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
    if (option_due && (option_at || option_now || option_test || option_resend_refused ||
                       option_first != NO_LIMIT || option_limit != NO_LIMIT)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--due goes on with all that is due: not with --at, --now, --first, --test, "
                    "--resend-refused or --limit");
        return FALSE;
    }
    if (option_at && option_now) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "--now or --at: not both");
        return FALSE;
    }
    if (option_only && !option_resend_refused) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--only says which of the refused: give --resend-refused, too");
        return FALSE;
    }
    if (option_due)
        return send_due(workspace, error);
    if (option_limit < 1) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "--limit wants a count from 1");
        return FALSE;
    }
    if (option_first < 1 || (option_first != NO_LIMIT && option_limit != NO_LIMIT)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--first wants a count from 1, and no --limit");
        return FALSE;
    }
    if (option_test && words[1] && words[2]) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--test wants an update and one audience: 'circular send UPDATE AUDIENCE "
                    "--test ADDRESS'");
        return FALSE;
    }
    if (option_test && !is_update(words)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--test wants the update, not a plan's id: 'circular send UPDATE AUDIENCE "
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
    .max_words = 1 + RECIPIENTS_MAX,
    .run = run,
};
