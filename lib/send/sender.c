/* sender - the planned letters of one mailing sent, and each fate written down */
#include "send/sender.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "text/when.h"
#include "ledger/exclusive.h"
#include "ledger/settlements.h"
#include "plan/plan.h"
#include "send/sending.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)

/* The least pause after so many attempts. */
static gint64 least_pause(guint attempts)
{
    static const gint minutes[] = {1, 5, 15, 30, 60, 120, 240};
    return minutes[MIN(MAX(attempts, 1), G_N_ELEMENTS(minutes)) - 1] * MINUTE;
}

static gboolean is_same_day(gint64 one, gint64 other)
{
    g_autoptr(GDateTime) a = g_date_time_new_from_unix_local(one / G_USEC_PER_SEC);
    g_autoptr(GDateTime) b = g_date_time_new_from_unix_local(other / G_USEC_PER_SEC);
    return a && b && g_date_time_get_year(a) == g_date_time_get_year(b) &&
           g_date_time_get_day_of_year(a) == g_date_time_get_day_of_year(b);
}

gboolean sender_gives_up(gint64 retry_for, guint attempts, gint64 first, gint64 last)
{
    gint64 tried = 0; /* that the attempts took at least, and the pause to come */
    for (guint i = 1; i <= attempts && tried <= retry_for; i++)
        tried += least_pause(i);
    return retry_for && tried > retry_for && last + least_pause(attempts) > first + retry_for &&
           !is_same_day(first, last);
}

gint64 sender_patience(gint64 waited, guint asked)
{
    gint64 growing = CLAMP(waited / 10, MINUTE, 60 * MINUTE);
    return asked ? asked * (gint64)G_USEC_PER_SEC : growing;
}

gint64 sender_pause(guint attempts)
{
    gint64 pause = least_pause(attempts);
    guint8 chance;
    random_bytes(&chance, 1);
    G_STATIC_ASSERT((gint64)240 * 60 * G_USEC_PER_SEC / 5 * 6 < DELIVERY_PAUSE_MAX);
    /* Up to a fifth more, so that what was deferred together doesn't come back together. */
    return pause + pause / 5 * chance / 255;
}

SenderWish sending_wish(Sending *self)
{
    SenderWish own = self->options->wish ? self->options->wish(self->options->user) : SENDER_GO;
    return own == SENDER_GO && sending_is_told(self) ? SENDER_FINISH : own;
}

/* A ledger that can't be written to is no reason to break off: no more is begun, and the answers to
 * what is in flight can still be had, and stand in the journal. */
static gboolean stop(void *user)
{
    Sending *self = user;
    sending_flush_due(self);
    sending_keep(self);
    return sending_wish(self) == SENDER_ABORT;
}

/* Whom a refusal is about that is heard again: of a mailing that letters were taken of, those who hear
 * it. Cron comes by so soon that nothing may have changed: it waits for an hour without a letter. */
static gboolean look_back(Sending *self, guint64 sent, GError **error)
{
    const gint64 hour = 60 * MINUTE;
    gboolean any = FALSE;
    if (self->options->is_cron &&
        !deliveries_any_sent(self->ledger, clock_now() - hour, &any, error))
        return FALSE;
    self->is_believed = sent && !any;
    return TRUE;
}

static gboolean count_open(Sending *self, GError **error)
{
    guint64 counts[DELIVERY_STATES], replanned;
    if (!sending_recover(self, error) || !sending_begin(self, error))
        return FALSE;
    journal_start(self->journal);
    if (lease_name(self->lease))
        journal_name_run(self->journal, lease_name(self->lease));
    if (self->options->resend_unknown &&
        !deliveries_replan_unknown(self->ledger, self->mailing, clock_now(), &replanned, error))
        return FALSE;
    if (self->options->resend_refused &&
        !deliveries_replan_refused(self->ledger, self->mailing, self->options->resend_refused,
                                   clock_now(), &replanned, error))
        return FALSE;
    if (self->pace_wanted.asks_reports &&
        !(self->resent = settlements_resent(self->ledger, self->mailing->number, error)))
        return FALSE;
    if (!deliveries_count(self->ledger, self->mailing, counts, error) ||
        !look_back(self, counts[DELIVERY_SENT], error))
        return FALSE;
    self->progress->total = MIN(counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED], self->left);
    return TRUE;
}

/* Whether a failed run is worth another: the relay asks for it, or was there and is gone for now.
 * One that never answered may be a wrong setting, and is for a person to look at. */
static gboolean may_come_back(const Sending *self, const GError *error)
{
    const gint64 most = SENDER_PATIENCE_HOURS * 60 * MINUTE;
    if (!self->options->wait || self->is_broken)
        return FALSE;
    if (g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_LATER))
        return !self->refused_since || clock_now() - self->refused_since < most;
    return g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY) &&
           self->progress->counts[DELIVERY_SENT];
}

/* Waits until `when` (clock_now); FALSE when the user wishes otherwise, or the hours are over. */
static gboolean wait_until(Sending *self, gint64 when, const char *why)
{
    enum { SLICE = 200 * 1000 };
    gint64 left;
    if (self->options->waiting)
        self->options->waiting(self->options->user, when, why);
    while ((left = when - clock_now()) > 0) {
        if (sending_wish(self) != SENDER_GO || sending_is_closed(self) || !sending_keep(self))
            return FALSE;
        clock_sleep(MIN(left, SLICE));
    }
    return TRUE;
}

/* A token isn't waited for when nothing more is to be begun. */
static gboolean wants_no_more(void *user)
{
    return sending_wish(user) != SENDER_GO;
}

gboolean sending_through(Sending *self, Transport *transport, GError **error)
{
    TransportCalls calls = {.supply = sending_supply,
                            .idle = sending_idle,
                            .committing = sending_committing,
                            .outcome = sending_outcome,
                            .stop = stop,
                            .user = self};
    GError *inner = NULL;
    self->asked_wait = 0;
    gboolean ok = transport_run(transport, &calls, &inner);
    sending_settle(self);
    sending_give_back(self);
    self->is_broken = self->error != NULL;
    GError **first = self->error ? &self->error : self->ending ? &self->ending : &inner;
    if (!*first)
        return ok;
    g_propagate_error(error, g_steal_pointer(first));
    g_clear_error(&inner);
    return FALSE;
}

static gboolean run_once(Sending *self, const Workspace *workspace, GError **error)
{
    g_autoptr(Transport) transport =
        workspace_transport(workspace, self->via, self->mailing->id, error);
    if (!transport)
        return FALSE;
    Credential *credential = workspace_credential(workspace, "relay");
    credential_watch(credential, wants_no_more, self);
    gboolean ok = sending_through(self, transport, error);
    credential_watch(credential, NULL, NULL);
    return ok;
}

/* Whether the day's limit, or an error, leaves letters for another day. */
static gboolean day_is_spent(const Sending *self, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!self->day_is_spent)
        return FALSE;
    if (!deliveries_count(self->ledger, self->mailing, counts, error))
        return TRUE;
    if (!self->left || !(counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED]))
        return FALSE;
    self->progress->day_is_spent = TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "the day's limit of %u letters is used up (relay.per_day): go on tomorrow, or let "
                "cron do it with 'circular send --due'",
                self->pace_wanted.limits.per_day);
    return TRUE;
}

/* How long to wait after a run that failed. One that the relay has put off isn't a failure, and goes
 * on as soon as it may. */
static gint64 pause_after(Sending *self, const GError *error, guint *failures)
{
    breaker_reset(self->breaker);
    if (!g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_LATER))
        return sender_pause(++*failures);
    if (!self->refused_since)
        self->refused_since = clock_now();
    return sender_patience(clock_now() - self->refused_since, self->asked_wait);
}

/* Whether others may send it, too: what is asked of a part of it, or of what others have in hand, is
 * for one. */
static LeaseKind kind_of(const Sending *self)
{
    const SenderOptions *options = self->options;
    gboolean is_plain = !options->limit && !options->is_wave && !options->resend_unknown &&
                        !options->resend_refused && via_mails(self->via);
    return is_plain && ledger_is_on_server(self->ledger) ? LEASE_SHARED : LEASE_ALONE;
}

/* Nothing is left to claim, but other senders have letters in hand: they come to their end, are given
 * back, or become `unknown` when their sender is no more, a lease's time later at most. `is_more`: some
 * are left to be sent. */
static gboolean await_others(Sending *self, gboolean *is_more, GError **error)
{
    enum { SLICE = 500 * 1000, EACH = 4 };
    *is_more = FALSE;
    for (guint turn = 0; kind_of(self) == LEASE_SHARED && sending_wish(self) == SENDER_GO &&
                         !sending_is_closed(self);
         turn++) {
        guint others;
        guint64 counts[DELIVERY_STATES], lost;
        if (!lease_others(self->lease, &others, error) ||
            !deliveries_count(self->ledger, self->mailing, counts, error))
            return FALSE;
        *is_more = counts[DELIVERY_PLANNED] > 0;
        if (*is_more || !counts[DELIVERY_SENDING])
            return TRUE;
        /* Those of a sender that is no more, though others wait for them as well. */
        if ((!others || turn % EACH == 0) &&
            !deliveries_recover(self->ledger, self->mailing, clock_now(), &lost, error))
            return FALSE;
        if (!others)
            return TRUE;
        if (!sending_keep(self)) {
            g_propagate_error(error, g_steal_pointer(&self->error));
            return FALSE;
        }
        clock_sleep(SLICE);
    }
    return TRUE;
}

static gboolean send_all(Sending *self, const Workspace *workspace, GError **error)
{
    guint failures = 0;
    while (!sending_is_closed(self)) {
        GError *inner = NULL;
        gint64 due = 0;
        gboolean is_more = FALSE;
        guint64 before = self->progress->counts[DELIVERY_SENT];
        gboolean ok = run_once(self, workspace, &inner);
        if (self->progress->counts[DELIVERY_SENT] > before)
            failures = 0, self->refused_since = 0;
        if (sending_wish(self) != SENDER_GO || (!ok && !may_come_back(self, inner)) ||
            failures == SENDER_FAILURES_MAX) {
            if (!ok)
                g_propagate_error(error, inner);
            return ok;
        }
        if (!ok)
            due = clock_now() + pause_after(self, inner, &failures);
        g_autofree char *why = g_strdup(ok ? "some recipients" : inner->message);
        g_clear_error(&inner);
        if (day_is_spent(self, error))
            return FALSE;
        if (ok && !await_others(self, &is_more, error))
            return FALSE;
        if (ok && is_more)
            continue;
        if (ok && !deliveries_next_due(self->ledger, self->mailing, &due, error))
            return FALSE;
        if (ok && (!due || !self->left || !self->options->wait))
            return TRUE;
        if (!wait_until(self, due, why))
            break;
    }
    if (!self->error)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&self->error));
    return FALSE;
}

/* --- who sends it ----------------------------------------------------------------------------- */

/* A file beside the ledger, of one mailing. Newly allocated. */
static char *beside(const Ledger *ledger, const Mailing *mailing, const char *suffix)
{
    g_autofree char *name = g_strconcat(mailing->id, ".", suffix, NULL);
    return ledger_beside(ledger, name);
}

static gboolean take_pace(Sending *self, GError **error)
{
    const PaceLimits *limits = &self->pace_wanted.limits;
    /* The limit is the account's: mailings sent at once, and runs close to one another, share it. The
     * day's limit is asked of the ledger at each claim. */
    g_autofree char *path = ledger_beside(self->ledger, "pace");
    if (limits->per_minute &&
        !(self->shared_pace = file_map(path, sizeof *self->shared_pace, error)))
        return FALSE;
    self->pace = pace_new(limits);
    if (self->shared_pace)
        pace_share(self->pace, self->shared_pace);
    return TRUE;
}

Lease *sending_lock(Ledger *ledger, const Mailing *mailing, LeaseKind kind, GError **error)
{
    GError *inner = NULL;
    g_autofree char *holder = NULL;
    Lease *lock = lease_take(ledger, mailing, kind, &holder, &inner);
    if (!holder) {
        if (!lock)
            g_propagate_error(error, inner);
        return lock;
    }
    g_error_free(inner);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "mailing '%s' is being sent already (held by %s): let it finish", mailing->id,
                holder);
    return NULL;
}

/* One that can't be asked says so to whoever writes to it next. */
gboolean sender_is_at_work(Ledger *ledger, const Mailing *mailing)
{
    g_autofree char *holder = NULL;
    if (ledger_is_on_server(ledger)) {
        holder = leases_holder(ledger, mailing, NULL);
        return holder && *holder;
    }
    exclusive_end(exclusive_take(ledger, mailing->id, &holder, NULL));
    return holder != NULL;
}

void sender_tidy(const Ledger *ledger, const Mailing *mailing)
{
    g_autofree char *holder = NULL;
    g_autoptr(Exclusive) lock = exclusive_take_here(ledger, mailing->id, &holder, NULL);
    g_autofree char *path = beside(ledger, mailing, "flight");
    if (lock)
        unlink(path);
}

/* The limit by the minute is the account's over all machines: each has its part. */
gboolean sending_keep(Sending *self)
{
    gint64 now = clock_ticks();
    if (self->error || now - self->kept_at < LEASE_RENEWED_SECONDS * (gint64)G_USEC_PER_SEC)
        return !self->error;
    self->kept_at = now;
    if (lease_keep(self->lease, &self->error))
        pace_divide(self->pace, lease_senders(self->lease));
    return !self->error;
}

/* --- the run --------------------------------------------------------------------------------- */

static void sending_init(Sending *self)
{
    /* A flight's delivery goes to the results and its message to the pool before it is removed. */
    self->flights = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    self->messages = g_ptr_array_new_with_free_func((GDestroyNotify)splice_free);
    self->results = g_array_new(FALSE, TRUE, sizeof(DeliveryResult));
    self->results_of = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    self->suspects = g_ptr_array_new_with_free_func(suspect_free);
    self->batch = 1;
    self->batch_started = clock_ticks();
    g_queue_init(&self->held);
    self->left = self->options->limit ? self->options->limit : G_MAXUINT64;
    self->progress->started = clock_ticks();
}

/* What a run that was cut off still has in hand; any other has given it back. */
static void drop_flights(Sending *self)
{
    gpointer value;
    GHashTableIter each;
    for (guint i = self->next; self->claimed && i < self->claimed->len; i++) {
        Delivery *delivery = g_ptr_array_index(self->claimed, i);
        if (!g_hash_table_contains(self->flights, &delivery->number))
            delivery_free(delivery);
    }
    g_hash_table_iter_init(&each, self->flights);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        splice_free(((Flight *)value)->message);
        delivery_free(((Flight *)value)->delivery);
    }
}

void sending_close(Sending *self)
{
    journal_close(self->journal);
    drop_flights(self);
    g_hash_table_unref(self->flights);
    g_ptr_array_unref(self->messages);
    g_free(self->date);
    g_array_unref(self->results);
    g_ptr_array_unref(self->results_of);
    g_ptr_array_unref(self->suspects);
    breaker_free(self->breaker);
    g_free(self->refused_sender);
    g_clear_pointer(&self->claimed, g_ptr_array_unref);
    g_clear_pointer(&self->resent, g_hash_table_unref);
    pace_free(self->pace);
    if (self->shared_pace)
        munmap(self->shared_pace, sizeof *self->shared_pace);
    g_clear_error(&self->ending);
    g_clear_error(&self->error);
    signing_free(self->signing);
    letter_free(self->letter);
    bundle_free(self->bundle);
}

gboolean sending_open(Sending *self, const Workspace *workspace, GError **error)
{
    g_autofree char *path = beside(self->ledger, self->mailing, "flight");
    sending_init(self);
    self->pace_wanted = workspace_pace(workspace);
    self->letter = plan_thaw_letter(self->ledger, self->mailing, &self->bundle, error);
    self->journal = self->letter ? journal_open(path, error) : NULL;
    self->signing =
        self->journal ? signing_new(workspace, self->ledger, self->mailing, error) : NULL;
    if (!self->signing || !count_open(self, error) || !take_pace(self, error))
        return FALSE;
    self->breaker = breaker_new(self->pace_wanted.stop_after);
    self->shows_answer = letter_shows_answer(self->letter);
    self->merges_ahead = !pace_is_limited(self->pace) && !letter_has_own_files(self->letter);
    return TRUE;
}

static gboolean run_locked(Sending *self, const Workspace *workspace, GError **error)
{
    gboolean ok = sending_open(self, workspace, error);
    if (ok) {
        ok = send_all(self, workspace, error);
        self->is_stopped = !self->options->is_cron && sending_wish(self) != SENDER_GO;
        ok = sending_leave(self, ok ? error : NULL) && ok;
    }
    sending_close(self);
    return ok;
}

gboolean sender_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    const SenderOptions *options, SenderProgress *progress, GError **error)
{
    memset(progress, 0, sizeof *progress);
    Sending self = {.mailing = mailing,
                    .via = workspace_via(workspace),
                    .options = options,
                    .ledger = ledger,
                    .progress = progress};
    g_autoptr(Lease) lock = sending_lock(ledger, mailing, kind_of(&self), error);
    if (!lock)
        return FALSE;
    self.lease = lock;
    gboolean ok = sending_look_up(&self, error) && run_locked(&self, workspace, error);
    g_clear_pointer(&lock, lease_end);
    if (ok && self.is_told) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED,
                    "stopped from elsewhere ('circular status %s' says by whom)", mailing->id);
        return FALSE;
    }
    if (ok && self.is_over) {
        g_autofree char *why = sendhours_why(options->hours, clock_now());
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped: %s", why);
        return FALSE;
    }
    if (ok && options->wish && options->wish(options->user) != SENDER_GO) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped as asked");
        return FALSE;
    }
    return ok;
}

gboolean sender_heed_journal(Ledger *ledger, const Mailing *mailing, GError **error)
{
    GError *inner = NULL;
    g_autofree char *path = beside(ledger, mailing, "flight"), *holder = NULL;
    if (!ledger_is_on_server(ledger) || !g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(Exclusive) here = exclusive_take_here(ledger, mailing->id, &holder, &inner);
    if (!here && holder) { /* its sender is at work */
        g_error_free(inner);
        return TRUE;
    }
    if (!here) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    Sending self = {.mailing = mailing, .via_before = mailing->via, .ledger = ledger};
    self.journal = journal_open(path, error);
    gboolean ok = self.journal && sending_heed_journal(&self, error);
    journal_close(self.journal);
    return ok;
}

/* --- withdrawing ----------------------------------------------------------------------------- */

static gboolean settle_flights(Ledger *ledger, const Mailing *mailing, GError **error)
{
    g_autofree char *path = beside(ledger, mailing, "flight");
    g_autoptr(Mailing) now = mailings_find(ledger, mailing->id, error);
    if (!now)
        return FALSE;
    Sending self = {.mailing = now, .via_before = now->via, .ledger = ledger};
    self.journal = journal_open(path, error);
    if (!self.journal)
        return FALSE;
    gboolean ok = sending_recover(&self, error);
    if (ok)
        journal_start(self.journal);
    journal_close(self.journal);
    return ok;
}

static gboolean withdraw(Ledger *ledger, const Mailing *mailing, const Actor *actor, guint64 *count,
                         GError **error)
{
    if (!settle_flights(ledger, mailing, error) || !ledger_begin(ledger, error))
        return FALSE;
    if (lifecycle_withdraw(ledger, mailing, actor, clock_now(), count, error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

gboolean sender_withdraw(Ledger *ledger, const Mailing *mailing, const Actor *actor, guint64 *count,
                         GError **error)
{
    g_autoptr(Lease) lock = sending_lock(ledger, mailing, LEASE_ALONE, error);
    return lock && withdraw(ledger, mailing, actor, count, error);
}
