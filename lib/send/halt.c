/* halt - a mailing stopped or withdrawn, whoever is sending it */
#include "send/halt.h"

#include "base/clock.h"
#include "base/error.h"
#include "send/sender.h"

/* What is in flight may wait for a server's answer; longer than this nobody waits at a terminal. */
#define WAIT_MAX (60 * (gint64)G_USEC_PER_SEC)
enum { WAIT_SLICE = 100 * 1000 };

static gboolean settle(Ledger *ledger, gboolean ok, GError **error)
{
    if (ok)
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

static gboolean can_be_stopped(const Mailing *mailing, MailingState state, GError **error)
{
    switch (state) {
    case MAILING_SCHEDULED:
    case MAILING_HELD:
    case MAILING_SENDING:
    case MAILING_STOPPED:
        return TRUE;
    case MAILING_PLANNED:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "nothing of '%s' is under way: it is only planned; 'circular withdraw %s' "
                    "ends it",
                    mailing->id, mailing->id);
        return FALSE;
    case MAILING_DONE:
    case MAILING_WITHDRAWN:
    case MAILING_STATES:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "'%s' is %s: there is nothing left to stop", mailing->id,
                    mailing_state_name(state));
        return FALSE;
    }
    g_assert_not_reached();
}

static gboolean put_stop(Ledger *ledger, const Mailing *mailing, const Actor *actor, Halt *halt,
                         GError **error)
{
    return lifecycle_state(ledger, mailing, &halt->was, error) &&
           can_be_stopped(mailing, halt->was, error) &&
           lifecycle_move(ledger, mailing, MAILING_STOPPED, actor, clock_now(), NULL, error);
}

/* A process that sends it asks the ledger between letters; see send/mailinglife.c. */
static void wait_for_sender(Ledger *ledger, const Mailing *mailing, Halt *halt)
{
    gint64 start = clock_ticks();
    while ((halt->is_at_work = sender_is_at_work(ledger, mailing)) &&
           clock_ticks() - start < WAIT_MAX)
        clock_sleep(WAIT_SLICE);
}

gboolean halt_stop(Ledger *ledger, const Mailing *mailing, const Actor *actor, Halt *halt,
                   GError **error)
{
    *halt = (Halt){0};
    if (!ledger_begin(ledger, error) ||
        !settle(ledger, put_stop(ledger, mailing, actor, halt, error), error))
        return FALSE;
    wait_for_sender(ledger, mailing, halt);
    return deliveries_count(ledger, mailing, halt->counts, error);
}

static gboolean is_over(const Mailing *mailing, MailingState state, GError **error)
{
    if (state != MAILING_DONE && state != MAILING_WITHDRAWN)
        return FALSE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "'%s' is %s already: %s", mailing->id,
                mailing_state_name(state),
                state == MAILING_DONE ? "every letter has gone; 'circular correct' can follow it up"
                                      : "'circular status' says by whom");
    return TRUE;
}

gboolean halt_withdraw(Ledger *ledger, const Mailing *mailing, const Actor *actor, Halt *halt,
                       GError **error)
{
    *halt = (Halt){0};
    if (!lifecycle_state(ledger, mailing, &halt->was, error) || is_over(mailing, halt->was, error))
        return FALSE;
    if (halt->was != MAILING_PLANNED && !halt_stop(ledger, mailing, actor, halt, error))
        return FALSE;
    if (halt->is_at_work) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "'%s' is stopped, but the process that sends it has not ended yet: 'circular "
                    "withdraw %s' again in a minute",
                    mailing->id, mailing->id);
        return FALSE;
    }
    return sender_withdraw(ledger, mailing, actor, &halt->withdrawn, error) &&
           deliveries_count(ledger, mailing, halt->counts, error);
}
