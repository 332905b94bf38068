/* sending - what send and digest share: a mailing sent, shown and judged */
#include "sending.h"

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "confirm_show.h"
#include "interrupt.h"
#include "ledger/schedule.h"
#include "hold_show.h"
#include "planning.h"
#include "sending_result.h"
#include "sending_time.h"
#include "settle_show.h"
#include "workspace/holdback.h"
#include "send/hold.h"
#include "send/sender.h"
#include "send/wave.h"
#include "ui.h"

enum { TROUBLE_SHOWN = 20 };

/* --- the question ---------------------------------------------------------------------------- */

typedef struct {
    const Workspace *workspace;
    Ledger *ledger;
    const Mailing *mailing;
    const SendingOptions *options;
    SendHours *hours;
    Wave wave;
    guint64 open;   /* letters that this run would send */
    gint64 goes_at; /* when they are to go; 0: now */
    char *why;      /* why not before; NULL: a time was given */
} Run;

static gint64 first_wait(const Run *in)
{
    return settings_number(workspace_settings(in->workspace), "first.wait");
}

/* "20; the others an hour later, unless over 5 % of these are refused or bounce". */
static char *wave_said(const Run *in)
{
    gint64 share = settings_number(workspace_settings(in->workspace), "first.refused");
    gint64 wait = first_wait(in);
    g_autofree char *later = amount_duration(wait * (gint64)G_USEC_PER_SEC);
    if (!wait)
        return g_strdup_printf("%" G_GUINT64_FORMAT "; the others wait for you", in->wave.letters);
    return g_strdup_printf("%" G_GUINT64_FORMAT
                           "; the others %s later, unless over %" G_GINT64_FORMAT
                           " %% of these are refused or bounce",
                           in->wave.letters, later, share);
}

static gboolean confirm(const Run *in, GError **error)
{
    const Workspace *workspace = in->workspace;
    const Mailing *mailing = in->mailing;
    const SendingOptions *options = in->options;
    guint64 open = in->open;
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
    confirm_show(workspace, mailing, in->wave.state == WAVE_ASKED ? in->wave.letters : open,
                 in->goes_at, options->now ? NULL : in->hours);
    ui_print("Letters   %s, to %s", letters, place);
    g_autofree char *goes = in->goes_at ? when_text(in->goes_at) : NULL;
    g_autofree char *why = in->why ? ui_safe(in->why, 0) : NULL;
    if (in->wave.state == WAVE_ASKED) {
        g_autofree char *first = wave_said(in);
        ui_print("First     %s", first);
    }
    if (goes)
        ui_print("Goes      %s%s%s", goes, why ? ": " : "", why ? why : "");
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

/* How many of the first wave are to go still. */
static guint64 wave_limit(const Run *in)
{
    return in->open > in->wave.left ? in->open - in->wave.left : 0;
}

/* What is on record of a first wave, or asked for now; none where it would be all. */
static gboolean take_wave(Run *in, GError **error)
{
    guint64 first = in->options->first;
    if (!wave_get(in->ledger, in->mailing, &in->wave, error))
        return FALSE;
    if (first)
        in->wave = (Wave){WAVE_ASKED, first, in->open > first ? in->open - first : 0};
    if (in->wave.state == WAVE_ASKED && !in->wave.left)
        in->wave.state = WAVE_NONE;
    return TRUE;
}

static gboolean count_open(Run *in, guint64 *counts, GError **error)
{
    const SendingOptions *options = in->options;
    guint64 refused = 0;
    if (!deliveries_count(in->ledger, in->mailing, counts, error) ||
        (options->resend_refused &&
         !deliveries_count_refused(in->ledger, in->mailing, options->resend_refused, &refused,
                                   error)))
        return FALSE;
    in->open = open_count(in->workspace, options, counts) + refused;
    return TRUE;
}

/* What is to be sent, and when. FALSE with error; with `open` 0 nothing is left. One of which nothing
 * is left to send takes no other's place: whoever names it by mistake must not end what is to go. */
static gboolean settle(Run *in, guint64 *counts, GError **error)
{
    const SendingOptions *options = in->options;
    if (!sending_time_typed(options, &in->goes_at, error) ||
        !sending_time_is_due(in->ledger, in->mailing, options, error) ||
        !count_open(in, counts, error))
        return FALSE;
    if (in->open && (!heed_earlier(in->ledger, in->mailing, options, &in->goes_at, error) ||
                     !count_open(in, counts, error)))
        return FALSE;
    if (!take_wave(in, error))
        return FALSE;
    guint64 most =
        in->wave.state == WAVE_ASKED && !first_wait(in) ? wave_limit(in) : options->limit;
    in->open = most ? MIN(in->open, most) : in->open;
    if (!in->open || options->now ||
        sending_time_open(in->hours, in->mailing, &in->goes_at, &in->why, error))
        return TRUE;
    /* What cron would be told of again every five minutes is a person's to settle. */
    if (options->goes_on)
        sending_time_stop(in->ledger, in->mailing, in->why);
    return FALSE;
}

/* The run has paused until the hours begin again: waits for them where somebody looks on. TRUE when
 * it is to go on now; else `error` is set, or it goes on without us. */
static gboolean await(const Run *in, gint64 until, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    g_autofree char *when = when_text(until);
    const char *id = in->mailing->id;
    if (!deliveries_count(in->ledger, in->mailing, counts, error))
        return FALSE;
    guint64 rest = open_count(in->workspace, in->options, counts);
    if (in->options->goes_on || in->options->is_cron) {
        ui_hint("%s goes on %s, by 'circular send --due'", id, when);
        return FALSE;
    }
    Await end = in->options->wait ? sending_time_await(in->ledger, in->mailing, until, rest, error)
                                  : AWAIT_ENDED;
    switch (end) {
    case AWAITED:
        return !sender_is_at_work(in->ledger, in->mailing);
    case AWAIT_STOPPED:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED,
                    "stopped as asked; %" G_GUINT64_FORMAT " not sent yet: 'circular send %s' goes "
                    "on, 'circular withdraw %s' ends it; by itself it does neither",
                    rest, id, id);
        return FALSE;
    case AWAIT_ENDED:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "%" G_GUINT64_FORMAT " not sent yet: 'circular send --due' goes on with them "
                    "on %s",
                    rest, when);
        return FALSE;
    case AWAIT_ELSEWHERE:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED,
                    "'%s' was stopped, or goes on, from elsewhere ('circular status %s' says by "
                    "whom)",
                    id, id);
        return FALSE;
    case AWAIT_FAILED:
        return FALSE;
    }
    g_assert_not_reached();
}

static gboolean put_wave(Run *in, WaveState state, GError **error)
{
    in->wave.state = state;
    if (!ledger_begin(in->ledger, error))
        return FALSE;
    if (wave_set(in->ledger, in->mailing, in->wave, error))
        return ledger_commit(in->ledger, error);
    ledger_rollback(in->ledger);
    return FALSE;
}

/* The first wave has gone: whether the others may follow by themselves. A person who says 'send' has
 * judged it already. FALSE with error, and then it is stopped. */
static gboolean judge_wave(Run *in, gboolean is_by_itself, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    g_autofree char *said = NULL;
    const char *id = in->mailing->id;
    gint64 share = settings_number(workspace_settings(in->workspace), "first.refused");
    Actor actor = actor_self(in->options->goes_on ? "circular send --due" : "circular send");
    if (in->wave.state != WAVE_SENT)
        return TRUE;
    if (!put_wave(in, WAVE_NONE, error) ||
        !deliveries_count(in->ledger, in->mailing, counts, error))
        return FALSE;
    if (wave_is_well(counts, share, &said) || !is_by_itself)
        return TRUE;
    g_autofree char *detail = g_strdup_printf("first wave: %s", said);
    if (!ledger_begin(in->ledger, error))
        return FALSE;
    if (!lifecycle_move(in->ledger, in->mailing, MAILING_STOPPED, &actor, clock_now(), detail,
                        error)) {
        ledger_rollback(in->ledger);
        return FALSE;
    }
    if (ledger_commit(in->ledger, error))
        g_set_error(
            error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
            "'%s' is stopped after its first wave: %s, and first.refused is %" G_GINT64_FORMAT
            " %%; 'circular status %s --recipients' lists them, 'circular "
            "send %s' goes on even so, 'circular withdraw %s' ends it",
            id, said, share, id, id, id);
    return FALSE;
}

static gboolean read_wave(Run *in, GError **error)
{
    return wave_get(in->ledger, in->mailing, &in->wave, error);
}

/* Sets what the sender needs to know of a first wave; one that was cut off at its very end is over.
 */
static gboolean heed_wave(Run *in, SenderOptions *sender, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    sender->is_wave = FALSE;
    if (!read_wave(in, error) || !deliveries_count(in->ledger, in->mailing, counts, error))
        return FALSE;
    if (in->wave.state != WAVE_ASKED)
        return TRUE;
    in->open = open_count(in->workspace, in->options, counts);
    sender->is_wave = wave_limit(in) > 0;
    sender->limit = wave_limit(in);
    sender->then_after = first_wait(in) * (gint64)G_USEC_PER_SEC;
    return sender->is_wave || put_wave(in, WAVE_NONE, error);
}

/* Runs the sender, as often as the hours end and begin again. `counts` says what became of the
 * letters, `inner` why it had to stop, `paused` that it ended in a pause: another process goes on with
 * it, or it is as `inner` says. FALSE when what became of them can't be told. */
static gboolean run_sender(Run *in, guint64 *counts, gboolean was_held, SenderProgress *done,
                           gboolean *paused, GError **inner, GError **error)
{
    const SendingOptions *options = in->options;
    guint shown = 0;
    SenderOptions sender = {
        .actor = actor_self(options->goes_on ? "circular send --due" : "circular send"),
        .is_cron = options->goes_on || options->is_cron,
        .limit = options->limit,
        .from_only = was_held           ? 1u << MAILING_HELD
                     : options->goes_on ? 1u << MAILING_SCHEDULED | 1u << MAILING_SENDING
                                        : 0,
        .hours = options->now ? NULL : in->hours,
        .resend_unknown = options->resend_unknown,
        .resend_refused = options->resend_refused,
        .wait = options->wait,
        .wish = wish,
        .progress = progress,
        .waiting = waiting,
        .trouble = trouble,
        .user = &shown};
    do {
        *paused = FALSE;
        if (!heed_wave(in, &sender, error))
            return FALSE;
        gboolean ok = sender_run(in->workspace, in->ledger, in->mailing, &sender, done, inner);
        ui_progress_end();
        note_sign_in(in->workspace, in->ledger, done, *inner);
        if (shown > TROUBLE_SHOWN)
            ui_note("… and %u more: circular status %s --recipients", shown - TROUBLE_SHOWN,
                    in->mailing->id);
        if (!sending_result_say(in->workspace, in->ledger, in->mailing, counts, ok ? error : NULL))
            return FALSE;
        if (!ok || !done->goes_on_at)
            return TRUE;
        if (sender.is_wave)
            sender.limit = 0;
        sender.limit -= sender.limit ? MIN(sender.limit, done->done) : 0;
        sender.from_only = 1u << MAILING_SCHEDULED;
        sender.resend_unknown = FALSE;
        sender.resend_refused = NULL;
        shown = 0;
        *paused = TRUE;
    } while (await(in, done->goes_on_at, inner) && read_wave(in, inner) &&
             judge_wave(in, TRUE, inner));
    return TRUE;
}

/* Nothing has gone wrong that a later run wouldn't settle by itself. */
static gboolean is_no_trouble(const Run *in, const guint64 *counts, const SenderProgress *done,
                              const GError *inner)
{
    const SendingOptions *options = in->options;
    /* Ctrl-C at the last letter has nothing left to stop. */
    if (!open_count(in->workspace, options, counts) &&
        g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED))
        return TRUE;
    return (options->goes_on && done->day_is_spent) || is_put_off(in->ledger, options, inner);
}

/* What the run has left in doubt is looked for, where the config says so, and counted again. */
static gboolean settle_doubts(const Run *in, guint64 *counts, GError **error)
{
    if (!counts[DELIVERY_UNKNOWN])
        return TRUE;
    settle_after_send(in->workspace, in->ledger, in->mailing);
    return deliveries_count(in->ledger, in->mailing, counts, error);
}

static gboolean send(Run *in, guint64 *counts, gboolean was_held, GError **error)
{
    SenderProgress done;
    gboolean paused = FALSE;
    GError *inner = NULL;
    const char *id = in->mailing->id;
    interrupt_watch();
    gboolean is_first = in->wave.state == WAVE_ASKED && !first_wait(in);
    gboolean is_told = run_sender(in, counts, was_held, &done, &paused, &inner, error);
    if (inner && (paused || !is_told))
        g_propagate_error(error, inner);
    if (paused || !is_told)
        return is_told && !inner;
    if (!settle_doubts(in, counts, inner ? NULL : error)) {
        if (inner)
            g_propagate_error(error, inner);
        return FALSE;
    }
    if (!inner || is_no_trouble(in, counts, &done, inner)) {
        g_clear_error(&inner);
        return sending_result_judge(in->ledger, in->mailing, in->options, counts, is_first, error);
    }
    gboolean is_halted = g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED);
    guint64 rest = open_count(in->workspace, in->options, counts);
    if (rest)
        g_set_error(error, CIRCULAR_ERROR, inner->code,
                    "%s; %" G_GUINT64_FORMAT " not sent yet: 'circular send %s' goes on%s%s%s",
                    inner->message, rest, id, is_halted ? ", 'circular withdraw " : "",
                    is_halted ? id : "", is_halted ? "' ends it; by itself it does neither" : "");
    else
        g_set_error_literal(error, CIRCULAR_ERROR, inner->code, inner->message);
    g_error_free(inner);
    return FALSE;
}

/* What a person has confirmed at a terminal can be taken back for a while. */
static gboolean hold(const Run *in, gboolean *was_held, GError **error)
{
    MailingState state;
    const SendingOptions *options = in->options;
    gint64 seconds = settings_number(workspace_settings(in->workspace), "send.hold");
    if (!seconds || options->now || options->goes_on || options->is_cron || !ui_is_terminal())
        return TRUE;
    if (!lifecycle_state(in->ledger, in->mailing, &state, error))
        return FALSE;
    *was_held = hold_can(state);
    return !*was_held || hold_show(in->ledger, in->mailing, seconds, error);
}

static gboolean run(Run *in, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    GError *inner = NULL;
    if (in->options->resend_unknown &&
        !settle_before_resend(in->workspace, in->ledger, in->mailing, error))
        return FALSE;
    if (!sender_heed_journal(in->ledger, in->mailing, error) || !settle(in, counts, error))
        return FALSE;
    if (!in->open) {
        sender_tidy(in->ledger, in->mailing);
        ui_say("%s", planning_nothing_left(in->mailing));
        return sending_result_say(in->workspace, in->ledger, in->mailing, counts, error) &&
               sending_result_judge(in->ledger, in->mailing, in->options, counts, FALSE, error);
    }
    gboolean was_held = FALSE;
    if (!confirm(in, error))
        return FALSE;
    if (in->wave.state == WAVE_ASKED && in->options->first && !put_wave(in, WAVE_ASKED, error))
        return FALSE;
    if (in->goes_at)
        return sending_time_schedule(in->ledger, in->mailing, in->options, in->goes_at, in->why,
                                     error);
    if (is_held_back(in->workspace, in->ledger, in->options, &inner)) {
        if (inner)
            g_propagate_error(error, inner);
        return !inner;
    }
    return judge_wave(in, in->options->goes_on, error) && hold(in, &was_held, error) &&
           send(in, counts, was_held, error);
}

gboolean sending_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                     const SendingOptions *options, GError **error)
{
    g_autoptr(SendHours) hours = sendhours_load(workspace, error);
    Run in = {.workspace = workspace,
              .ledger = ledger,
              .mailing = mailing,
              .options = options,
              .hours = hours};
    gboolean ok = hours && run(&in, error);
    g_free(in.why);
    return ok;
}
