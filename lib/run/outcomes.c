/* outcomes - what became of each letter, written down before it is told */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "delivery/blame.h"
#include "run/sending.h"

enum {
    RECORD_WINDOW = 100 * 1000, /* µs that an outcome may wait for others before it is written */
    MESSAGE_ID_MAX = 250        /* bytes of one that a server gave */
};

/* --- this run -------------------------------------------------------------------------------- */

static DeliveryState state_of(Via via, OutcomeKind kind)
{
    switch (kind) {
    case OUTCOME_SENT:
        return via_mails(via) ? DELIVERY_SENT : DELIVERY_WRITTEN;
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

/* Where a refusal came; what was taken, or never tried, has none. */
static DeliveryStage stage_of(const Outcome *outcome)
{
    gboolean has_one = outcome->kind != OUTCOME_SENT && outcome->kind != OUTCOME_UNTRIED;
    return has_one ? stage_from_name(outcome->stage) : STAGE_NONE;
}

/* Exchange gives each letter a Message-ID of its own, and says so when it takes it:
 * "2.6.0 <…@…> [InternalId=…] Queued mail for delivery". "" for all others, who keep ours; newly
 * allocated. */
static char *message_id_given(const char *reply)
{
    const char *end = *reply == '<' ? strchr(reply, '>') : NULL;
    if (!end || !strstr(end, "[InternalId=") || !memchr(reply, '@', (gsize)(end - reply)) ||
        end - reply > MESSAGE_ID_MAX || strcspn(reply, " \t\"\\") < (gsize)(end - reply))
        return g_strdup("");
    return g_strndup(reply, (gsize)(end - reply) + 1);
}

static void tell(Sending *self)
{
    const SenderOptions *options = self->options;
    for (guint i = 0; i < self->results->len; i++) {
        const DeliveryResult *result = &g_array_index(self->results, DeliveryResult, i);
        recorder_release(self->recorder, result->number);
        if (result->state == DELIVERY_PLANNED) {
            self->left += self->options->limit != 0; /* it was none of those sent */
            continue;
        }
        self->progress->done += result->state != DELIVERY_DEFERRED; /* that one will come again */
        self->progress->counts[result->state]++;
        gboolean is_well = result->state == DELIVERY_SENT || result->state == DELIVERY_WRITTEN;
        if (!is_well && options->trouble)
            options->trouble(options->user, g_ptr_array_index(self->results_of, i), result);
    }
    if (options->progress)
        options->progress(options->user, self->progress);
}

/* The ledger has answered: tells of the results if they are on record, and forgets them either way
 * (what isn't there is still in the recorder). Takes `error`, NULL when they are. */
static gboolean recorded(Sending *self, GError *error)
{
    if (!error)
        tell(self);
    else if (!self->error)
        self->error = error;
    else
        g_error_free(error);
    for (guint i = 0; i < self->results->len; i++) {
        DeliveryResult *result = &g_array_index(self->results, DeliveryResult, i);
        g_free((char *)result->enhanced);
        g_free((char *)result->reply);
        g_free((char *)result->message_id);
    }
    g_array_set_size(self->results, 0);
    g_ptr_array_set_size(self->results_of, 0);
    return !self->error;
}

gboolean sending_flush(Sending *self)
{
    if (!self->results->len)
        return !self->error;
    GError *error = NULL;
    deliveries_record(self->ledger, self->mailing->id,
                      (const DeliveryResult *)(void *)self->results->data, self->results->len,
                      &error);
    return recorded(self, error);
}

GPtrArray *sending_flush_and_claim(Sending *self, guint wanted)
{
    GError *error = NULL;
    GPtrArray *claimed = deliveries_turn(self->ledger, self->mailing->id,
                                         (const DeliveryResult *)(void *)self->results->data,
                                         self->results->len, wanted, clock_now(), &error);
    recorded(self, error);
    return claimed;
}

gboolean sending_flush_due(Sending *self)
{
    if (self->results->len && clock_ticks() - self->oldest_result > RECORD_WINDOW)
        return sending_flush(self);
    return !self->error;
}

static void note_phase(Sending *self, guint64 number, const Outcome *outcome)
{
    switch (outcome->kind) {
    case OUTCOME_SENT:
        recorder_set(self->recorder, number, PHASE_SENT, outcome->code);
        break;
    case OUTCOME_DEFERRED:
        recorder_set(self->recorder, number, PHASE_DEFERRED, outcome->code);
        break;
    case OUTCOME_REFUSED:
        recorder_set(self->recorder, number, PHASE_REFUSED, outcome->code);
        break;
    case OUTCOME_UNTRIED:
        recorder_set(self->recorder, number, PHASE_CLAIMED, 0);
        break;
    case OUTCOME_UNKNOWN:
        break; /* what the slot says already leads to the same state */
    }
}

/* Says when to try again; past the deadline the delivery is given up, with the last answer. */
static void schedule(const Sending *self, const Delivery *delivery, DeliveryResult *result)
{
    gint64 deadline =
        (delivery->first_at ? delivery->first_at : result->at) + self->pace_wanted.retry_for;
    result->next_at = result->at + sender_pause(delivery->attempts + 1);
    if (result->next_at <= deadline || !self->pace_wanted.retry_for)
        return;
    result->given_up = GIVEN_UP_DEADLINE;
    result->state = DELIVERY_REFUSED;
    result->next_at = 0;
}

void sending_push(Sending *self, Delivery *delivery, const Outcome *outcome)
{
    gint64 now = clock_now();
    DeliveryResult result = {.number = delivery->number,
                             .state = state_of(self->via, outcome->kind),
                             .tried = outcome->kind != OUTCOME_UNTRIED,
                             .code = outcome->code,
                             .enhanced = g_strdup(outcome->enhanced ? outcome->enhanced : ""),
                             .reply = g_strdup(outcome->text ? outcome->text : ""),
                             .stage = stage_of(outcome),
                             .via = outcome->kind == OUTCOME_UNTRIED ? VIA_NOTHING : self->via,
                             .at = now};
    note_phase(self, delivery->number, outcome);
    if (result.state == DELIVERY_SENT)
        result.message_id = message_id_given(result.reply);
    if (result.state == DELIVERY_DEFERRED)
        schedule(self, delivery, &result);
    if (!self->results->len)
        self->oldest_result = clock_ticks();
    g_array_append_val(self->results, result);
    g_ptr_array_add(self->results_of, delivery);
}

void sending_committing(void *user, guint64 number)
{
    recorder_set(((Sending *)user)->recorder, number, PHASE_DOT, 0);
}

/* Whether the answer is about the sender and not this recipient, to whom it then counts as nothing.
 * Several letters in the air may meet it; the first ends the run. */
static gboolean blames_sender(Sending *self, const Outcome *outcome)
{
    if ((outcome->kind != OUTCOME_REFUSED && outcome->kind != OUTCOME_DEFERRED) ||
        !reply_blames_sender(outcome->code, outcome->enhanced, outcome->text))
        return FALSE;
    if (!self->ending)
        g_set_error(&self->ending, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
                    "the relay takes nothing more from this sender now: '%d %s %s'", outcome->code,
                    outcome->enhanced, outcome->text);
    return TRUE;
}

/* Ends the run after so many refusals in a row that going on would only do harm. */
static void count_refusals(Sending *self, const Outcome *outcome)
{
    if (outcome->kind == OUTCOME_SENT)
        self->refusals = 0;
    if (outcome->kind != OUTCOME_REFUSED)
        return;
    self->refusals++;
    if (!self->ending && self->pace_wanted.stop_after &&
        self->refusals >= self->pace_wanted.stop_after)
        g_set_error(&self->ending, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
                    "%u recipients in a row were refused, the last with '%d %s %s': is it the "
                    "wrong list, or is this sender blocked? (relay.stop_after)",
                    self->refusals, outcome->code, outcome->enhanced, outcome->text);
}

void sending_outcome(void *user, const Outcome *outcome)
{
    Sending *self = user;
    Flight *flight = g_hash_table_lookup(self->flights, &outcome->number);
    g_assert(flight);
    Delivery *delivery = flight->delivery;
    g_ptr_array_add(self->messages, flight->message);
    g_hash_table_remove(self->flights, &outcome->number);
    Outcome untried = {.number = outcome->number, .kind = OUTCOME_UNTRIED};
    if (blames_sender(self, outcome))
        outcome = &untried;
    count_refusals(self, outcome);
    sending_push(self, delivery, outcome);
    sending_flush_due(self);
}

/* --- a run that was cut off ------------------------------------------------------------------ */

static gboolean collect(void *user, const Delivery *delivery)
{
    GArray *numbers = user;
    g_array_append_val(numbers, delivery->number);
    return TRUE;
}

static DeliveryResult result_of(Via via, Flown flown, gint64 now)
{
    static const char *const lost =
        "the sender was cut off after the final dot: no answer was seen";
    DeliveryResult result = {.number = flown.number, .code = flown.code, .at = now, .tried = TRUE};
    switch (flown.phase) {
    case PHASE_CLAIMED:
    case PHASE_BEGUN:
        result.state = DELIVERY_PLANNED;
        result.tried = flown.phase == PHASE_BEGUN;
        break;
    case PHASE_SENT:
        result.state = via_mails(via) ? DELIVERY_SENT : DELIVERY_WRITTEN;
        break;
    case PHASE_DEFERRED:
        result.state = DELIVERY_DEFERRED;
        result.next_at = now + sender_pause(1);
        break;
    case PHASE_REFUSED:
        result.state = DELIVERY_REFUSED;
        break;
    case PHASE_DOT:
    default: /* the file is memory that another process wrote: an odd phase is an unknown one */
        result.state = DELIVERY_UNKNOWN;
        break;
    }
    result.reply = result.state == DELIVERY_UNKNOWN   ? lost
                   : result.state == DELIVERY_PLANNED ? ""
                                                      : "the sender was cut off after this answer";
    result.via = result.state == DELIVERY_PLANNED ? VIA_NOTHING : via;
    return result;
}

static gboolean settle_by_recorder(Sending *self, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
    if (!deliveries_each(self->ledger, self->mailing->id, DELIVERY_SENDING, collect, numbers,
                         error))
        return FALSE;
    g_autofree DeliveryResult *results = g_new0(DeliveryResult, numbers->len + 1);
    for (guint i = 0; i < numbers->len; i++)
        results[i] = result_of(self->via_before,
                               recorder_lookup(self->recorder, g_array_index(numbers, guint64, i)),
                               clock_now());
    return !numbers->len ||
           deliveries_record(self->ledger, self->mailing->id, results, numbers->len, error);
}

gboolean sending_recover(Sending *self, GError **error)
{
    guint64 count;
    if (recorder_is_trusted(self->recorder) && !settle_by_recorder(self, error))
        return FALSE;
    /* What no recorder can speak for, after power loss, is unknown. */
    return deliveries_recover(self->ledger, self->mailing->id, clock_now(), &count, error);
}
