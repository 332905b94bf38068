/* hold - a mailing that was confirmed, held back for a while in which it can be taken back */
#include "send/hold.h"

#include "base/clock.h"
#include "base/files.h"
#include "text/when.h"
#include "ledger/deliveries.h"
#include "ledger/schedule.h"
#include "send/sending.h"

gboolean hold_can(MailingState state)
{
    switch (state) {
    case MAILING_PLANNED:
    case MAILING_SCHEDULED:
    case MAILING_HELD:
    case MAILING_STOPPED:
        return TRUE;
    case MAILING_SENDING:
    case MAILING_DONE:
    case MAILING_WITHDRAWN:
    case MAILING_STATES:
        return FALSE;
    }
    g_assert_not_reached();
}

static gboolean settle(Ledger *ledger, gboolean ok, GError **error)
{
    if (ok)
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

static gboolean begin(Ledger *ledger, const Mailing *mailing, const HoldOptions *options,
                      GError **error)
{
    g_autofree char *when = when_text(options->until);
    g_autofree char *detail = g_strdup_printf("until %s", when);
    return ledger_begin(ledger, error) &&
           settle(ledger,
                  schedule_hold(ledger, mailing, options->until, &options->actor, clock_now(),
                                detail, error),
                  error);
}

/* Nothing has gone: it is withdrawn, and a plan made anew can be sent. What has gone in part is
 * stopped, for the rest may be wanted after all. */
static HoldEnd take_back(Ledger *ledger, const Mailing *mailing, const Actor *actor, GError **error)
{
    guint64 counts[DELIVERY_STATES], withdrawn;
    if (!deliveries_count(ledger, mailing, counts, error) || !ledger_begin(ledger, error))
        return HOLD_FAILED;
    gboolean is_fresh = !sending_has_mailed(counts) && !counts[DELIVERY_SENDING];
    gboolean ok =
        is_fresh
            ? lifecycle_withdraw(ledger, mailing, actor, clock_now(), &withdrawn, error)
            : lifecycle_move(ledger, mailing, MAILING_STOPPED, actor, clock_now(), NULL, error);
    if (!settle(ledger, ok, error))
        return HOLD_FAILED;
    return is_fresh ? HOLD_WITHDRAWN : HOLD_STOPPED;
}

static HoldEnd wait_for(Ledger *ledger, const Mailing *mailing, const HoldOptions *options,
                        GError **error)
{
    enum { SLICE = 200 * 1000 };
    gint64 told = G_MAXINT64;
    for (;;) {
        MailingState state;
        gint64 left = options->until - clock_now();
        if (!lifecycle_state(ledger, mailing, &state, error))
            return HOLD_FAILED;
        if (state != MAILING_HELD)
            return HOLD_ELSEWHERE;
        switch (options->wish(options->user)) {
        case HOLD_TAKE_BACK:
            return take_back(ledger, mailing, &options->actor, error);
        case HOLD_LEAVE:
            return HOLD_LEFT;
        case HOLD_ON:
            break;
        }
        if (left <= 0)
            return HOLD_OVER;
        if (left / G_USEC_PER_SEC != told)
            options->tick(options->user, left);
        told = left / G_USEC_PER_SEC;
        clock_sleep(MIN(left, SLICE));
    }
}

HoldEnd hold_run(Ledger *ledger, const Mailing *mailing, const HoldOptions *options, GError **error)
{
    g_autoptr(Lease) lock = sending_lock(ledger, mailing, LEASE_ALONE, error);
    if (!lock)
        return HOLD_FAILED;
    HoldEnd end = begin(ledger, mailing, options, error) ? wait_for(ledger, mailing, options, error)
                                                         : HOLD_FAILED;
    return end;
}
