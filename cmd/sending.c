/* sending - what send and digest share: a mailing sent, shown and judged */
#include "sending.h"

#include <string.h>

#include "base/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/when.h"
#include "confirm_show.h"
#include "interrupt.h"
#include "ledger/schedule.h"
#include "planning.h"
#include "workspace/holdback.h"
#include "send/refused.h"
#include "send/sender.h"
#include "ui.h"

enum { TROUBLE_SHOWN = 20 };

/* --- the question ---------------------------------------------------------------------------- */

static gboolean confirm(const Workspace *workspace, const Mailing *mailing,
                        const SendingOptions *options, guint64 open, gint64 goes_at, GError **error)
{
    if (options->yes)
        return TRUE;
    if (!ui_is_terminal()) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "there is no terminal to ask on: give --yes to send %" G_GUINT64_FORMAT
                    " letters of '%s'",
                    open, mailing->id);
        return FALSE;
    }
    g_autofree char *subject = ui_safe(mailing->subject, 0);
    g_autofree char *letters = amount_of(open, "letter", "letters");
    g_autofree char *place = workspace_transport_place(workspace);
    ui_heading("\nSubject   %s", subject);
    ui_print("From      %s", mailing->sender);
    ui_print("Audience  %s", mailing->audience);
    confirm_show(workspace, mailing, open, goes_at);
    ui_print("Letters   %s, to %s", letters, place);
    g_autofree char *answer =
        ui_ask("Type the number of letters to send them, anything else to stop:");
    g_autofree char *plain = g_strdup_printf("%" G_GUINT64_FORMAT, open);
    g_autofree char *grouped = amount_number(open);
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
    g_autofree char *said = delivery_said(result->stage, result->given_up, result->reply);
    g_autofree char *reply = ui_safe(said, 200);
    ui_note("%-9s %s <%s>: %s%s%s", delivery_state_name(result->state), delivery->key,
            delivery->address, result->enhanced, *result->enhanced ? " " : "", reply);
}

/* A rehearsal is no delivery, and is not to be taken for one. */
static void say_rehearsal(const Workspace *workspace, const Mailing *mailing, const guint64 *counts)
{
    guint64 others[DELIVERY_STATES];
    memcpy(others, counts, sizeof others);
    others[DELIVERY_WRITTEN] = 0;
    g_autofree char *place = workspace_transport_place(workspace), *line = planning_counts(others);
    ui_say("%s: %" G_GUINT64_FORMAT " sent to %s only, nobody was mailed%s%s", mailing->id,
           counts[DELIVERY_WRITTEN], place, *line ? "; " : "", line);
    ui_hint("A rehearsal. With 'transport: relay' in the config, 'circular send %s' mails them.",
            mailing->id);
}

static gboolean say_result(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                           guint64 *counts, GError **error)
{
    if (!deliveries_count(ledger, mailing->id, counts, error))
        return FALSE;
    g_autofree char *line = planning_counts(counts);
    if (counts[DELIVERY_WRITTEN])
        say_rehearsal(workspace, mailing, counts);
    else
        ui_say("%s: %s", mailing->id, line);
    return TRUE;
}

static gboolean say_left(guint64 open)
{
    g_autofree char *letters = amount_of(open, "letter", "letters");
    ui_hint("%s put off; 'circular send --due' goes on with them", letters);
    return TRUE;
}

/* What is left makes the exit status: to go on with (75), or to look at (69). */
static gboolean judge(Ledger *ledger, const Mailing *mailing, const SendingOptions *options,
                      const guint64 *counts, GError **error)
{
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    if (open && options->goes_on)
        return say_left(open);
    if (open && !options->limit) {
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
        g_auto(RefusedAlike) alike = {0};
        refused_alike(ledger, mailing->id, &alike, NULL);
        g_autofree char *advice = refused_advice(&alike, mailing->id);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
                    "%" G_GUINT64_FORMAT " refused: 'circular status %s --recipients' lists them"
                    "%s%s",
                    counts[DELIVERY_REFUSED], mailing->id, advice ? "; " : "",
                    advice ? advice : "");
        return FALSE;
    }
    if (open)
        ui_hint("%" G_GUINT64_FORMAT " left by --limit: 'circular send %s' goes on, 'circular "
                "withdraw %s' ends it; cron leaves it alone",
                open, mailing->id, mailing->id);
    return TRUE;
}

/* What a run would send; what was only written, too, once it can be mailed. */
static guint64 open_count(const Workspace *workspace, const SendingOptions *options,
                          const guint64 *counts)
{
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    if (options->resend_unknown)
        open += counts[DELIVERY_UNKNOWN];
    if (via_mails(workspace_via(workspace)))
        open += counts[DELIVERY_WRITTEN];
    return options->limit ? MIN(open, options->limit) : open;
}

/* The time that was typed: 0 for "now" and for none. One that is past is a slip of the finger, and
 * must not mail everybody at once. */
static gboolean read_time(const SendingOptions *options, gint64 *when, GError **error)
{
    *when = 0;
    if (!options->at || g_str_equal(options->at, "now"))
        return TRUE;
    if (!when_parse(options->at, clock_now(), when, error))
        return FALSE;
    if (*when > clock_now())
        return TRUE;
    g_autofree char *text = when_text(*when), *now = when_text(clock_now());
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "--at '%s': %s is past; now is %s ('--at now' sends at once)", options->at, text,
                now);
    return FALSE;
}

/* The time is on record, and cron does the rest. */
static gboolean schedule_at(Ledger *ledger, const Mailing *mailing, gint64 when, GError **error)
{
    Actor actor = actor_self("circular send --at");
    if (!schedule_set(ledger, mailing->id, when, &actor, clock_now(), error))
        return FALSE;
    g_autofree char *text = when_text(when);
    ui_say("%s will go on %s, by 'circular send --due' from cron.", mailing->id, text);
    ui_hint("'circular withdraw %s' ends it before then.", mailing->id);
    return TRUE;
}

/* A mailing that was given a time doesn't go before it by itself. */
static gboolean is_time(Ledger *ledger, const Mailing *mailing, const SendingOptions *options,
                        GError **error)
{
    gint64 when;
    MailingState state;
    if (!schedule_get(ledger, mailing->id, &when, error) ||
        !lifecycle_state(ledger, mailing->id, &state, error))
        return FALSE;
    if (options->at || state != MAILING_SCHEDULED || when <= clock_now())
        return TRUE;
    g_autofree char *text = when_text(when);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "%s is to go on %s: --at with another time changes that, --at now sends it",
                mailing->id, text);
    return FALSE;
}

/* Under --due: whether the relay only asks for patience, and has taken letters of ours not long ago:
 * a limit by the hour or the day. Nobody need be told of it every five minutes; of a relay that takes
 * nothing at all somebody must hear. */
static gboolean is_put_off(Ledger *ledger, const SendingOptions *options, const GError *error)
{
    const gint64 day = 24 * 3600 * (gint64)G_USEC_PER_SEC;
    guint64 sent = 0;
    if (!options->goes_on || !g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_LATER) ||
        !schedule_sent_since(ledger, clock_now() - day, &sent, NULL) || !sent)
        return FALSE;
    g_autofree char *safe = ui_safe(error->message, 300);
    ui_hint("%s", safe);
    return TRUE;
}

/* Under --due: TRUE when a sign-in that was refused holds the mailing back. */
static gboolean is_held_back(const Workspace *workspace, const Ledger *ledger,
                             const SendingOptions *options, GError **error)
{
    if (!options->goes_on || workspace_via(workspace) != VIA_RELAY)
        return FALSE;
    Holdback holdback = holdback_ask(workspace, ledger, error);
    if (holdback == HOLDBACK_QUIETLY)
        ui_hint("the relay has refused this sign-in: 'circular doctor' shows it");
    return holdback != HOLDBACK_NO;
}

/* What the run has shown of the sign-in. */
static void note_sign_in(const Workspace *workspace, const Ledger *ledger,
                         const SenderProgress *done, const GError *error)
{
    if (g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED) &&
        settings_has(workspace_settings(workspace), "relay.user"))
        holdback_note(workspace, ledger);
    else if (done->counts[DELIVERY_SENT])
        holdback_clear(ledger);
}

/* What an earlier version of the letter means; what cron goes on with was settled before. */
static gboolean heed_earlier(Ledger *ledger, const Mailing *mailing, const SendingOptions *options,
                             gint64 *goes_at, GError **error)
{
    Actor actor = actor_self("circular send");
    gint64 asked = *goes_at;
    if (options->goes_on)
        return TRUE;
    if (!earlier_heed(ledger, mailing, options->earlier, &actor, goes_at, error))
        return FALSE;
    if (options->at)
        *goes_at = asked;
    return TRUE;
}

gboolean sending_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                     const SendingOptions *options, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    guint shown = 0;
    SenderProgress done;
    GError *inner = NULL;
    if (!deliveries_count(ledger, mailing->id, counts, error))
        return FALSE;
    gint64 goes_at;
    if (!read_time(options, &goes_at, error) || !is_time(ledger, mailing, options, error) ||
        !heed_earlier(ledger, mailing, options, &goes_at, error) ||
        !deliveries_count(ledger, mailing->id, counts, error))
        return FALSE;
    guint64 open = open_count(workspace, options, counts), refused = 0;
    if (options->resend_refused &&
        !deliveries_count_refused(ledger, mailing->id, options->resend_refused, &refused, error))
        return FALSE;
    open = options->limit ? MIN(open + refused, options->limit) : open + refused;
    if (!open) {
        sender_tidy(ledger, mailing);
        ui_say("Nothing is left to send.");
        return say_result(workspace, ledger, mailing, counts, error) &&
               judge(ledger, mailing, options, counts, error);
    }
    if (!confirm(workspace, mailing, options, open, goes_at, error))
        return FALSE;
    if (goes_at)
        return schedule_at(ledger, mailing, goes_at, error);
    if (is_held_back(workspace, ledger, options, &inner)) {
        if (inner)
            g_propagate_error(error, inner);
        return !inner;
    }
    interrupt_watch();
    SenderOptions sender = {
        .actor = actor_self(options->goes_on ? "circular send --due" : "circular send"),
        .is_cron = options->goes_on || options->is_cron,
        .limit = options->limit,
        .resend_unknown = options->resend_unknown,
        .resend_refused = options->resend_refused,
        .wait = options->wait,
        .wish = wish,
        .progress = progress,
        .waiting = waiting,
        .trouble = trouble,
        .user = &shown};
    gboolean ok = sender_run(workspace, ledger, mailing, &sender, &done, &inner);
    ui_progress_end();
    note_sign_in(workspace, ledger, &done, inner);
    if (shown > TROUBLE_SHOWN)
        ui_note("… and %u more: circular status %s --recipients", shown - TROUBLE_SHOWN,
                mailing->id);
    if (!say_result(workspace, ledger, mailing, counts, inner ? NULL : error)) {
        g_clear_error(&inner);
        return FALSE;
    }
    /* Ctrl-C at the last letter has nothing left to stop. */
    if (!ok && !open_count(workspace, options, counts) &&
        g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED)) {
        g_clear_error(&inner);
        ok = TRUE;
    }
    if (!ok && ((options->goes_on && done.day_is_spent) || is_put_off(ledger, options, inner))) {
        g_clear_error(&inner);
        ok = TRUE;
    }
    if (ok)
        return judge(ledger, mailing, options, counts, error);
    gboolean is_halted = g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED);
    guint64 rest = open_count(workspace, options, counts);
    if (rest)
        g_set_error(error, CIRCULAR_ERROR, inner->code,
                    "%s; %" G_GUINT64_FORMAT " not sent yet: 'circular send %s' goes on%s%s%s",
                    inner->message, rest, mailing->id, is_halted ? ", 'circular withdraw " : "",
                    is_halted ? mailing->id : "",
                    is_halted ? "' ends it; by itself it does neither" : "");
    else
        g_set_error_literal(error, CIRCULAR_ERROR, inner->code, inner->message);
    g_error_free(inner);
    return FALSE;
}
