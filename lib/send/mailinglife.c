/* mailinglife - where a run of the sender finds a mailing in its life, and where it leaves it */
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "ledger/lifecycle.h"
#include "ledger/schedule.h"
#include "send/sending.h"
#include "send/wave.h"

static gboolean settle(Ledger *ledger, gboolean ok, GError **error)
{
    if (ok)
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

/* Asked between letters, and this seldom: a look at one row is 10 us. */
enum { ASK_EVERY = 20 * 1000 };

gboolean sending_is_told(Sending *self)
{
    MailingState state;
    gint64 now = clock_ticks();
    if (self->is_told || now - self->asked_at < ASK_EVERY)
        return self->is_told;
    self->asked_at = now;
    /* A ledger that can't be read says so at the next claim. */
    self->is_told =
        lifecycle_state(self->ledger, self->mailing, &state, NULL) && state != MAILING_SENDING;
    return self->is_told;
}

/* A look at the calendar is dear: it tells until when it holds. */
gboolean sending_is_closed(Sending *self)
{
    const SendHours *hours = self->options->hours;
    gint64 now = clock_now();
    if (!hours || (self->open_from <= now && now < self->open_until))
        return FALSE;
    if (!sendhours_is_open(hours, now))
        return TRUE;
    self->open_from = now;
    self->open_until = sendhours_closes(hours, now);
    return FALSE;
}

gboolean sending_look_up(Sending *self, GError **error)
{
    g_autoptr(Mailing) now = mailings_find(self->ledger, self->mailing->id, error);
    if (!now)
        return FALSE;
    self->via_before = now->via;
    if (now->state != MAILING_WITHDRAWN)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "mailing '%s' was withdrawn: 'circular status %s' says by whom; plan it anew to "
                "send it after all",
                now->id, now->id);
    return FALSE;
}

gboolean sending_has_mailed(const guint64 *counts)
{
    return counts[DELIVERY_SENT] + counts[DELIVERY_UNKNOWN] + counts[DELIVERY_DEFERRED] +
               counts[DELIVERY_REFUSED] + counts[DELIVERY_BOUNCED] + counts[DELIVERY_COMPLAINED] >
           0;
}

/* A letter in a folder was had by nobody: it is mailed with the others. The other way round, those
 * that are left would be written and never mailed, and nobody would know. */
static gboolean change_via(Sending *self, GError **error)
{
    guint64 counts[DELIVERY_STATES], again;
    if (self->via == self->via_before)
        return TRUE;
    if (!via_mails(self->via_before))
        return lifecycle_end_rehearsal(self->ledger, self->mailing, clock_now(), &again, error);
    if (via_mails(self->via))
        return TRUE;
    if (!deliveries_count(self->ledger, self->mailing, counts, error))
        return FALSE;
    if (!sending_has_mailed(counts))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "'%s' is being mailed through the relay, and 'transport: %s' would mail the rest "
                "of it to nobody: set 'transport: relay' again, or end it with 'circular withdraw "
                "%s'",
                self->mailing->id, via_name(self->via), self->mailing->id);
    return FALSE;
}

/* Somebody may have stopped it since it was looked at. */
static gboolean may_begin(const Sending *self, GError **error)
{
    MailingState now;
    const char *id = self->mailing->id;
    if (!lifecycle_state(self->ledger, self->mailing, &now, error))
        return FALSE;
    if (!self->options->from_only || self->options->from_only & (1u << now))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED,
                "mailing '%s' is %s now ('circular status %s' says by whom)", id,
                mailing_state_name(now), id);
    return FALSE;
}

gboolean sending_begin(Sending *self, GError **error)
{
    Ledger *ledger = self->ledger;
    if (!ledger_begin(ledger, error))
        return FALSE;
    gboolean ok =
        may_begin(self, error) && change_via(self, error) &&
        lifecycle_set_via(ledger, self->mailing, self->via, error) &&
        schedule_begin(ledger, self->mailing, clock_now(), error) &&
        lifecycle_move(ledger, self->mailing, MAILING_SENDING, &self->options->actor, clock_now(),
                       via_mails(self->via) ? NULL : "a rehearsal: nobody is mailed", error);
    return settle(ledger, ok, error);
}

/* Where the mailing is left, given what is still open. */
static MailingState left_as(Sending *self, guint64 open)
{
    gboolean is_limited = self->options->limit && !self->left;
    if (!via_mails(self->via) && (!open || self->is_stopped || is_limited))
        return MAILING_PLANNED;
    if (!open)
        return MAILING_DONE;
    if (self->is_stopped || is_limited)
        return MAILING_STOPPED;
    return sending_is_closed(self) ? MAILING_SCHEDULED : MAILING_SENDING;
}

/* The hours are over: it goes on when they begin again. Where none are to come only a person can
 * tell what is to become of it. */
static gboolean put_off(Sending *self, GError **error)
{
    gint64 now = clock_now(), opens = sendhours_opens(self->options->hours, now);
    g_autofree char *why = sendhours_why(self->options->hours, now), *when = when_text(opens);
    g_autofree char *detail = opens ? g_strdup_printf("goes on %s: %s", when, why) : g_strdup(why);
    self->progress->goes_on_at = opens;
    self->is_over = !opens;
    return opens ? schedule_put(self->ledger, self->mailing, opens, &self->options->actor, now,
                                detail, error)
                 : lifecycle_move(self->ledger, self->mailing, MAILING_STOPPED,
                                  &self->options->actor, now, detail, error);
}

gboolean sending_leave(Sending *self, GError **error)
{
    MailingState now;
    guint others;
    guint64 counts[DELIVERY_STATES];
    Ledger *ledger = self->ledger;
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (!lease_leave(self->lease, &others, error) ||
        !deliveries_count(ledger, self->mailing, counts, error))
        return settle(ledger, FALSE, error);
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    MailingState state = left_as(self, open);
    g_autofree char *written =
        state == MAILING_PLANNED
            ? g_strdup_printf("%" G_GUINT64_FORMAT " written by transport '%s', nobody was mailed",
                              counts[DELIVERY_WRITTEN], via_name(self->via))
            : NULL;
    const char *why = written ? written : self->is_stopped ? NULL : "--limit";
    /* Somebody may have said stop meanwhile; only what we made of it is ours to move. */
    gboolean ok = lifecycle_state(ledger, self->mailing, &now, error);
    gboolean is_wave = self->options->is_wave && state == MAILING_STOPPED && !self->is_stopped;
    if (ok && others && !self->is_stopped) /* they go on, and the last says where it is left */
        return settle(ledger, TRUE, error);
    if (ok && now == MAILING_SENDING && is_wave)
        ok = wave_end(ledger, self->mailing, &self->options->actor, self->options->then_after,
                      &self->progress->goes_on_at, error);
    else if (ok && now == MAILING_SENDING)
        ok = state == MAILING_SCHEDULED
                 ? put_off(self, error)
                 : lifecycle_move(ledger, self->mailing, state, &self->options->actor, clock_now(),
                                  state == MAILING_DONE ? NULL : why, error);
    return settle(ledger, ok, error);
}
