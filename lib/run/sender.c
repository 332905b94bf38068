/* sender - the planned letters of one mailing sent, and each fate written down */
#include "run/sender.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "run/plan.h"
#include "run/sending.h"

gint64 sender_pause(guint attempts)
{
    static const gint minutes[] = {1, 5, 15, 30, 60, 120, 240};
    guint step = MIN(MAX(attempts, 1), G_N_ELEMENTS(minutes)) - 1;
    return minutes[step] * 60 * G_USEC_PER_SEC;
}

SenderWish sending_wish(const Sending *self)
{
    return self->options->wish ? self->options->wish(self->options->user) : SENDER_GO;
}

static gboolean stop(void *user)
{
    Sending *self = user;
    return !sending_flush_due(self) || sending_wish(self) == SENDER_ABORT;
}

static gboolean count_open(Sending *self, GError **error)
{
    guint64 counts[DELIVERY_STATES], replanned;
    if (!sending_recover(self, error))
        return FALSE;
    recorder_start(self->recorder);
    if (self->options->resend_unknown &&
        !deliveries_replan_unknown(self->ledger, self->mailing->id, clock_now(), &replanned, error))
        return FALSE;
    if (!deliveries_count(self->ledger, self->mailing->id, counts, error))
        return FALSE;
    self->progress->total = MIN(counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED], self->left);
    return TRUE;
}

static gboolean send_all(Sending *self, const Workspace *workspace, GError **error)
{
    TransportCalls calls = {.supply = sending_supply,
                            .committing = sending_committing,
                            .outcome = sending_outcome,
                            .stop = stop,
                            .user = self};
    if (!count_open(self, error))
        return FALSE;
    g_autoptr(Transport) transport =
        workspace_transport(workspace, self->options->transport, self->mailing->id, error);
    if (!transport)
        return FALSE;
    GError *inner = NULL;
    gboolean ok = transport_run(transport, &calls, &inner);
    sending_give_back(self);
    if (self->error) {
        g_clear_error(&inner);
        inner = g_steal_pointer(&self->error);
        ok = FALSE;
    }
    if (!ok)
        g_propagate_error(error, inner);
    return ok;
}

/* --- one sender a mailing -------------------------------------------------------------------- */

static int take_lock(const Ledger *ledger, const Mailing *mailing, GError **error)
{
    GError *inner = NULL;
    g_autofree char *path = g_strdup_printf("%s.%s.lock", ledger_path(ledger), mailing->id);
    g_autofree char *when = clock_iso(clock_now());
    g_autofree char *holder =
        g_strdup_printf("process %ld on %s since %s", (long)getpid(), g_get_host_name(), when);
    int lock = file_lock(path, holder, &inner);
    if (lock < 0 && g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY)) {
        const char *held = strstr(inner->message, "held by ");
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "mailing '%s' is being sent already (%s): let it finish", mailing->id,
                    held ? held : inner->message);
        g_error_free(inner);
    } else if (lock < 0) {
        g_propagate_error(error, inner);
    }
    return lock;
}

/* --- the run --------------------------------------------------------------------------------- */

static void string_free(gpointer string)
{
    g_string_free(string, TRUE);
}

static void sending_init(Sending *self)
{
    /* A flight's delivery goes to the results and its message to the pool before it is removed. */
    self->flights = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    self->messages = g_ptr_array_new_with_free_func(string_free);
    self->results = g_array_new(FALSE, TRUE, sizeof(DeliveryResult));
    self->results_of = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    self->batch = 1;
    self->batch_started = clock_ticks();
    self->left = self->options->limit ? self->options->limit : G_MAXUINT64;
    self->progress->started = clock_ticks();
}

static void sending_clear(Sending *self)
{
    g_hash_table_unref(self->flights);
    g_ptr_array_unref(self->messages);
    g_array_unref(self->results);
    g_ptr_array_unref(self->results_of);
    g_clear_pointer(&self->claimed, g_ptr_array_unref);
    g_clear_error(&self->error);
    letter_free(self->letter);
}

static gboolean run_locked(Sending *self, const Workspace *workspace, GError **error)
{
    g_autoptr(Bundle) bundle = NULL;
    g_autofree char *path =
        g_strdup_printf("%s.%s.flight", ledger_path(self->ledger), self->mailing->id);
    self->letter = plan_thaw_letter(self->ledger, self->mailing, &bundle, error);
    if (!self->letter)
        return FALSE;
    self->recorder = recorder_open(path, error);
    if (!self->recorder) {
        letter_free(self->letter);
        return FALSE;
    }
    sending_init(self);
    gboolean ok = send_all(self, workspace, error);
    recorder_close(self->recorder);
    sending_clear(self);
    return ok;
}

gboolean sender_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    const SenderOptions *options, SenderProgress *progress, GError **error)
{
    memset(progress, 0, sizeof *progress);
    int lock = take_lock(ledger, mailing, error);
    if (lock < 0)
        return FALSE;
    Sending self = {.mailing = mailing, .options = options, .ledger = ledger, .progress = progress};
    gboolean ok = run_locked(&self, workspace, error);
    file_unlock(lock);
    if (ok && options->wish && options->wish(options->user) != SENDER_GO) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped as asked");
        return FALSE;
    }
    return ok;
}
