/* sending_time - when a mailing goes: the time that was typed, the hours of sending, and the wait for
 * them */
#include "sending_time.h"

#include <signal.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "interrupt.h"
#include "ledger/schedule.h"
#include "send/halt.h"
#include "ui.h"

/* A slip in the year would have a letter wait that everybody takes for sent. */
#define YEAR (366 * 24 * 3600 * (gint64)G_USEC_PER_SEC)

gboolean sending_time_typed(const SendingOptions *options, gint64 *when, GError **error)
{
    *when = 0;
    if (!options->at || g_str_equal(options->at, "now"))
        return TRUE;
    if (!when_parse(options->at, clock_now(), when, error))
        return FALSE;
    g_autofree char *text = when_text(*when), *now = when_text(clock_now());
    if (*when > clock_now() + YEAR) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--at '%s': %s is more than a year ahead: is the year right?", options->at,
                    text);
        return FALSE;
    }
    if (*when > clock_now())
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "--at '%s': %s is past; now is %s ('--at now' sends at once)", options->at, text,
                now);
    return FALSE;
}

gboolean sending_time_is_due(Ledger *ledger, const Mailing *mailing, const SendingOptions *options,
                             GError **error)
{
    gint64 when;
    MailingState state;
    if (!schedule_get(ledger, mailing, &when, error) ||
        !lifecycle_state(ledger, mailing, &state, error))
        return FALSE;
    if (options->at || options->now || state != MAILING_SCHEDULED || when <= clock_now())
        return TRUE;
    g_autofree char *text = when_text(when);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "%s is to go on %s: --at with another time changes that, --now sends it at once",
                mailing->id, text);
    return FALSE;
}

gboolean sending_time_open(const SendHours *hours, const Mailing *mailing, gint64 *when, char **why,
                           GError **error)
{
    gint64 wanted = *when ? *when : clock_now();
    *why = NULL;
    if (sendhours_is_open(hours, wanted))
        return TRUE;
    *when = sendhours_opens(hours, wanted);
    *why = sendhours_why(hours, wanted);
    if (*when)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "'%s' can't go: %s; 'circular send %s --now' sends it even so", mailing->id, *why,
                mailing->id);
    return FALSE;
}

void sending_time_stop(Ledger *ledger, const Mailing *mailing, const char *why)
{
    Actor actor = actor_self("circular send --due");
    if (!ledger_begin(ledger, NULL))
        return;
    if (lifecycle_move(ledger, mailing, MAILING_STOPPED, &actor, clock_now(), why, NULL))
        ledger_commit(ledger, NULL);
    else
        ledger_rollback(ledger);
}

gboolean sending_time_schedule(Ledger *ledger, const Mailing *mailing,
                               const SendingOptions *options, gint64 when, const char *why,
                               GError **error)
{
    Actor actor = actor_self(options->goes_on ? "circular send --due"
                             : options->at    ? "circular send --at"
                                              : "circular send");
    g_autofree char *text = when_text(when);
    g_autofree char *detail = g_strdup_printf("%s%s%s", text, why ? ": " : "", why ? why : "");
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (!schedule_put(ledger, mailing, when, &actor, clock_now(), detail, error)) {
        ledger_rollback(ledger);
        return FALSE;
    }
    if (!ledger_commit(ledger, error))
        return FALSE;
    g_autofree char *safe = why ? ui_safe(why, 0) : NULL;
    if (safe && options->at)
        ui_note("The time that was given is outside the hours of sending: %s.", safe);
    else if (safe)
        ui_note("Outside the hours of sending: %s.", safe);
    ui_say("%s will go on %s, by 'circular send --due' from cron.", mailing->id, text);
    ui_hint("'circular withdraw %s' ends it before then%s%s%s.", mailing->id,
            why ? ", 'circular send " : "", why ? mailing->id : "",
            why ? " --now' sends it at once" : "");
    return TRUE;
}

/* --- the wait --------------------------------------------------------------------------------- */

/* What Ctrl-C means while nothing is in hand: the mailing is stopped, as by 'circular stop'. */
static Await stop(Ledger *ledger, const Mailing *mailing, GError **error)
{
    Halt halt;
    Actor actor = actor_self("circular send");
    return halt_stop(ledger, mailing, &actor, &halt, error) ? AWAIT_STOPPED : AWAIT_FAILED;
}

static Await wait_for(Ledger *ledger, const Mailing *mailing, gint64 until, GError **error)
{
    const gint64 least = G_USEC_PER_SEC / 5, most = 2 * G_USEC_PER_SEC;
    for (;;) {
        gint64 left = until - clock_now(), when;
        MailingState state;
        int number = interrupt_signal();
        if (number)
            return number == SIGINT ? stop(ledger, mailing, error) : AWAIT_ENDED;
        if (!lifecycle_state(ledger, mailing, &state, error) ||
            !schedule_get(ledger, mailing, &when, error))
            return AWAIT_FAILED;
        if (state != MAILING_SCHEDULED || when != until)
            return AWAIT_ELSEWHERE;
        if (left <= 0)
            return AWAITED;
        clock_sleep(MIN(left, CLAMP(left / 1000, least, most)));
    }
}

Await sending_time_await(Ledger *ledger, const Mailing *mailing, gint64 until, guint64 letters,
                         GError **error)
{
    g_autofree char *when = when_text(until), *rest = amount_of(letters, "letter", "letters");
    ui_note("It goes on %s: %s. Ctrl-C stops it. If this window is closed, 'circular send --due' "
            "from cron goes on with it then; 'circular send %s --now' doesn't wait.",
            when, rest, mailing->id);
    return wait_for(ledger, mailing, until, error);
}
