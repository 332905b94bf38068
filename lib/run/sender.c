/* sender - the planned letters of one mailing sent, and each fate written down */
#include "run/sender.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "run/plan.h"

enum {
    CLAIM_WINDOW =
        50 * 1000, /* µs of sending that one claim should last: what a crash leaves open */
    RECORD_WINDOW = 100 * 1000 /* µs that an outcome may wait for others before it is written */
};

/* A claimed delivery, with its letter once it was merged. */
typedef struct {
    Delivery *delivery; /* borrowed from `claimed` */
    GString *message;   /* NULL until supplied */
} Flight;

typedef struct {
    const Mailing *mailing;
    const SenderOptions *options;
    Ledger *ledger;
    Letter *letter;
    const char *domain; /* of the From address, for Message-ID */
    SenderProgress *progress;
    GPtrArray *claimed;    /* of Delivery: the present batch */
    guint next;            /* the first of it that wasn't supplied */
    GHashTable *flights;   /* number -> Flight: supplied, no outcome yet */
    GPtrArray *messages;   /* of GString: buffers to use again */
    GArray *results;       /* of DeliveryResult, to be written */
    GPtrArray *results_of; /* of Delivery, beside it; owns */
    gint64 oldest_result;  /* clock_ticks when the first of `results` came */
    guint batch;           /* what to claim next */
    gint64 batch_started;
    guint64 left;  /* of the limit */
    GError *error; /* the first thing that went wrong with ledger or letter */
} Sender;

gint64 sender_pause(guint attempts)
{
    static const gint minutes[] = {1, 5, 15, 30, 60, 120, 240};
    guint step = MIN(MAX(attempts, 1), G_N_ELEMENTS(minutes)) - 1;
    return minutes[step] * 60 * G_USEC_PER_SEC;
}

static SenderWish wish(const Sender *self)
{
    return self->options->wish ? self->options->wish(self->options->user) : SENDER_GO;
}

/* --- recording ------------------------------------------------------------------------------- */

static void tell(Sender *self)
{
    const SenderOptions *options = self->options;
    for (guint i = 0; i < self->results->len; i++) {
        const DeliveryResult *result = &g_array_index(self->results, DeliveryResult, i);
        if (result->state == DELIVERY_PLANNED)
            continue;
        self->progress->done++;
        self->progress->counts[result->state]++;
        if (result->state != DELIVERY_SENT && options->trouble)
            options->trouble(options->user, g_ptr_array_index(self->results_of, i), result);
    }
    if (options->progress)
        options->progress(options->user, self->progress);
}

/* Writes the outcomes down and only then tells of them. */
static gboolean flush(Sender *self)
{
    if (!self->results->len)
        return !self->error;
    GError *error = NULL;
    if (deliveries_record(self->ledger, self->mailing->id,
                          (const DeliveryResult *)(void *)self->results->data, self->results->len,
                          &error))
        tell(self);
    else if (!self->error)
        self->error = g_steal_pointer(&error);
    g_clear_error(&error);
    for (guint i = 0; i < self->results->len; i++) {
        DeliveryResult *result = &g_array_index(self->results, DeliveryResult, i);
        g_free((char *)result->enhanced);
        g_free((char *)result->reply);
    }
    g_array_set_size(self->results, 0);
    g_ptr_array_set_size(self->results_of, 0);
    return !self->error;
}

static DeliveryState state_of(OutcomeKind kind)
{
    switch (kind) {
    case OUTCOME_SENT:
        return DELIVERY_SENT;
    case OUTCOME_DEFERRED:
        return DELIVERY_DEFERRED;
    case OUTCOME_REFUSED:
        return DELIVERY_REFUSED;
    case OUTCOME_UNKNOWN:
        return DELIVERY_UNKNOWN;
    case OUTCOME_UNTRIED:
        return DELIVERY_PLANNED;
    }
    g_assert_not_reached();
}

static void push_result(Sender *self, Delivery *delivery, const Outcome *outcome)
{
    gint64 now = clock_now();
    DeliveryResult result = {.number = delivery->number,
                             .state = state_of(outcome->kind),
                             .tried = outcome->kind != OUTCOME_UNTRIED,
                             .code = outcome->code,
                             .enhanced = g_strdup(outcome->enhanced ? outcome->enhanced : ""),
                             .at = now};
    if (outcome->kind == OUTCOME_SENT || outcome->kind == OUTCOME_UNTRIED || !outcome->stage)
        result.reply = g_strdup(outcome->text ? outcome->text : "");
    else
        result.reply = g_strdup_printf("%s: %s", outcome->stage, outcome->text);
    if (result.state == DELIVERY_DEFERRED)
        result.next_at = now + sender_pause(delivery->attempts + 1);
    if (!self->results->len)
        self->oldest_result = clock_ticks();
    g_array_append_val(self->results, result);
    g_ptr_array_add(self->results_of, delivery);
}

static void outcome(void *user, const Outcome *told)
{
    Sender *self = user;
    Flight *flight = g_hash_table_lookup(self->flights, &told->number);
    g_assert(flight);
    push_result(self, flight->delivery, told);
    g_ptr_array_add(self->messages, flight->message);
    g_hash_table_remove(self->flights, &told->number);
    if (clock_ticks() - self->oldest_result > RECORD_WINDOW)
        flush(self);
}

/* --- supplying ------------------------------------------------------------------------------- */

/* Claims grow with the speed, so that a crash leaves no more than CLAIM_WINDOW of letters open. */
static void size_batch(Sender *self)
{
    gint64 took = MAX(clock_ticks() - self->batch_started, 1);
    guint64 fitting = (guint64)self->batch * CLAIM_WINDOW / (guint64)took;
    self->batch = (guint)CLAMP(fitting, MAX(self->batch / 2, 1), (guint64)self->batch * 2);
    self->batch = CLAMP(self->batch, 1, SENDER_CLAIM_MAX);
    self->batch_started = clock_ticks();
}

static gboolean claim(Sender *self)
{
    if (self->claimed && self->next < self->claimed->len)
        return TRUE;
    if (!flush(self))
        return FALSE;
    size_batch(self);
    g_clear_pointer(&self->claimed, g_ptr_array_unref);
    guint wanted = (guint)MIN(self->batch, self->left);
    if (!wanted)
        return FALSE;
    self->claimed =
        deliveries_claim(self->ledger, self->mailing->id, wanted, clock_now(), &self->error);
    self->next = 0;
    if (!self->claimed || !self->claimed->len)
        return FALSE;
    self->left -= self->claimed->len;
    g_ptr_array_set_free_func(self->claimed, NULL); /* each is owned by its flight from here on */
    return TRUE;
}

static GString *message_buffer(Sender *self)
{
    if (!self->messages->len)
        return g_string_sized_new(1 << 16);
    GString *message = g_ptr_array_steal_index_fast(self->messages, self->messages->len - 1);
    return g_string_truncate(message, 0);
}

static gboolean merge(const Sender *self, const Delivery *delivery, GString *out, GError **error)
{
    g_autoptr(Value) fields = value_thaw(delivery->fields, delivery->fields_length, error);
    if (!fields)
        return FALSE;
    g_autofree char *date = clock_rfc5322(clock_now());
    g_autofree char *id = g_strdup_printf("<%s.%" G_GUINT64_FORMAT "@%s>", self->mailing->id,
                                          delivery->number, self->domain);
    g_autofree char *name =
        g_strdup_printf("%s/%" G_GUINT64_FORMAT, self->mailing->id, delivery->number);
    LetterCopy copy = {.to = delivery->address,
                       .to_name = delivery->name,
                       .fields = fields,
                       .message_id = id,
                       .date = date,
                       .delivery = name};
    return letter_write(self->letter, &copy, out, error);
}

static gboolean is_ascii(const char *text)
{
    return g_str_is_ascii(text);
}

static Supply supply(void *user, Envelope *envelope, gint64 *wait)
{
    (void)wait;
    Sender *self = user;
    if (wish(self) != SENDER_GO || self->error || !claim(self))
        return SUPPLY_END;
    Delivery *delivery = g_ptr_array_index(self->claimed, self->next++);
    Flight *flight = g_new0(Flight, 1);
    flight->delivery = delivery;
    flight->message = message_buffer(self);
    g_hash_table_insert(self->flights, &delivery->number, flight);
    if (!merge(self, delivery, flight->message, &self->error)) {
        outcome(self, &(Outcome){.number = delivery->number, .kind = OUTCOME_UNTRIED});
        return SUPPLY_END;
    }
    *envelope = (Envelope){.number = delivery->number,
                           .sender = self->mailing->envelope_sender,
                           .recipient = delivery->address,
                           .is_utf8 = !is_ascii(delivery->address),
                           .bytes = flight->message->str,
                           .length = flight->message->len};
    return SUPPLY_GIVEN;
}

static gboolean stop(void *user)
{
    Sender *self = user;
    if (self->results->len && clock_ticks() - self->oldest_result > RECORD_WINDOW)
        flush(self);
    return wish(self) == SENDER_ABORT;
}

/* Gives back what was claimed and never supplied. */
static void give_back(Sender *self)
{
    for (; self->claimed && self->next < self->claimed->len; self->next++)
        push_result(self, g_ptr_array_index(self->claimed, self->next),
                    &(Outcome){.kind = OUTCOME_UNTRIED});
    flush(self);
}

/* --- the run --------------------------------------------------------------------------------- */

static void flight_free(gpointer data)
{
    g_free(data); /* the delivery belongs to the results, the message to the pool */
}

static void string_free(gpointer string)
{
    g_string_free(string, TRUE);
}

static void sender_init(Sender *self)
{
    self->flights = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, flight_free);
    self->messages = g_ptr_array_new_with_free_func(string_free);
    self->results = g_array_new(FALSE, TRUE, sizeof(DeliveryResult));
    self->results_of = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    self->batch = 1;
    self->batch_started = clock_ticks();
    self->left = self->options->limit ? self->options->limit : G_MAXUINT64;
    self->progress->started = clock_ticks();
}

static void sender_clear(Sender *self)
{
    g_hash_table_unref(self->flights);
    g_ptr_array_unref(self->messages);
    g_array_unref(self->results);
    g_ptr_array_unref(self->results_of);
    g_clear_pointer(&self->claimed, g_ptr_array_unref);
    letter_free(self->letter);
}

static int take_lock(const Ledger *ledger, const Mailing *mailing, GError **error)
{
    GError *inner = NULL;
    g_autofree char *path = g_strdup_printf("%s.%s.lock", ledger_path(ledger), mailing->id);
    g_autofree char *when = clock_iso(clock_now());
    g_autofree char *holder =
        g_strdup_printf("process %ld on %s since %s", (long)getpid(), g_get_host_name(), when);
    int lock = file_lock(path, holder, &inner);
    if (lock < 0 && g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "mailing '%s' is being sent by another process (%s): let it finish",
                    mailing->id,
                    strstr(inner->message, "held by ") ? strstr(inner->message, "held by ")
                                                       : inner->message);
        g_error_free(inner);
    } else if (lock < 0) {
        g_propagate_error(error, inner);
    }
    return lock;
}

static gboolean count_due(Sender *self, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    guint64 recovered;
    if (!deliveries_recover(self->ledger, self->mailing->id, clock_now(), &recovered, error))
        return FALSE;
    if (self->options->resend_unknown &&
        !deliveries_replan_unknown(self->ledger, self->mailing->id, clock_now(), &recovered, error))
        return FALSE;
    if (!deliveries_count(self->ledger, self->mailing->id, counts, error))
        return FALSE;
    self->progress->total = MIN(counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED], self->left);
    return TRUE;
}

static gboolean send_all(Sender *self, const Workspace *workspace, GError **error)
{
    TransportCalls calls = {supply, outcome, stop, self};
    if (!count_due(self, error))
        return FALSE;
    g_autoptr(Transport) transport =
        workspace_transport(workspace, self->options->transport, self->mailing->id, error);
    if (!transport)
        return FALSE;
    GError *inner = NULL;
    gboolean ok = transport_run(transport, &calls, &inner);
    give_back(self);
    if (self->error) {
        g_clear_error(&inner);
        g_propagate_error(error, g_steal_pointer(&self->error));
        return FALSE;
    }
    if (!ok)
        g_propagate_error(error, inner);
    return ok;
}

gboolean sender_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    const SenderOptions *options, SenderProgress *progress, GError **error)
{
    memset(progress, 0, sizeof *progress);
    int lock = take_lock(ledger, mailing, error);
    if (lock < 0)
        return FALSE;
    g_autoptr(Bundle) bundle = NULL;
    Sender self = {.mailing = mailing, .options = options, .ledger = ledger, .progress = progress};
    self.letter = plan_thaw_letter(ledger, mailing, &bundle, error);
    gboolean ok = self.letter != NULL;
    if (ok) {
        self.domain = letter_from(self.letter)->domain;
        sender_init(&self);
        ok = send_all(&self, workspace, error);
        sender_clear(&self);
    }
    file_unlock(lock);
    if (ok && options->wish && options->wish(options->user) != SENDER_GO) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped as asked");
        return FALSE;
    }
    return ok;
}
