/* supply - deliveries claimed from the ledger, and their letters merged when the transport asks */
#include <string.h>

#include "base/clock.h"
#include "plan/mailingid.h"
#include "send/sending.h"

enum {
    CLAIM_WINDOW = 100 * 1000, /* µs of sending that one claim should last */
    HELD_MAX = 200, /* deliveries that wait for their domain before no more are claimed */
    AHEAD = 8,      /* letters merged before they are asked for; none once one was large */
    AT_ONCE = 2     /* of them while nothing is to be heard or said: an answer may be there soon */
};

/* Claims grow with the speed: one commit then pays for many letters, and a power cut leaves no more
 * than CLAIM_WINDOW of them open. */
static void size_batch(Sending *self)
{
    gint64 took = MAX(clock_ticks() - self->batch_started, 1);
    guint64 fitting = (guint64)self->batch * CLAIM_WINDOW / (guint64)took;
    self->batch = (guint)CLAMP(fitting, MAX(self->batch / 2, 1), (guint64)self->batch * 2);
    self->batch = CLAMP(self->batch, 1, SENDER_CLAIM_MAX);
    self->batch_started = clock_ticks();
}

/* Whether there is a claimed delivery that is not begun, claiming some if need be. */
static gboolean have_claimed(Sending *self)
{
    if (self->claimed && self->next < self->claimed->len)
        return TRUE;
    g_clear_pointer(&self->claimed, g_ptr_array_unref);
    self->next = self->put = 0;
    if (!self->left && !sending_flush(self)) /* what comes back untried may be sent after all */
        return FALSE;
    size_batch(self);
    guint wanted = (guint)MIN(self->batch, self->left);
    if (!wanted)
        return FALSE;
    self->claimed = sending_flush_and_claim(self, wanted);
    if (!self->claimed)
        return FALSE;
    for (guint i = 0; i < self->claimed->len; i++) {
        const Delivery *delivery = g_ptr_array_index(self->claimed, i);
        journal_claim(self->journal, delivery->number);
    }
    self->left -= self->claimed->len;
    g_ptr_array_set_free_func(self->claimed, NULL); /* from here on each is its result's */
    return self->claimed->len > 0;
}

static Splice *message_buffer(Sending *self)
{
    if (!self->messages->len)
        return splice_new();
    return g_ptr_array_steal_index_fast(self->messages, self->messages->len - 1);
}

static const char *date_now(Sending *self)
{
    gint64 second = clock_now() / G_USEC_PER_SEC;
    if (!self->date || self->dated != second) {
        g_free(self->date);
        self->date = clock_rfc5322(second * G_USEC_PER_SEC);
        self->dated = second;
    }
    return self->date;
}

/* The delivery's own name and signature, as X-Circular-Delivery has them: a report that returns the
 * envelope's name and no header proves by it whose it is. */
static void name_report(Sending *self, Flight *flight, const char *delivery)
{
    gpointer number = GUINT_TO_POINTER((guint)flight->delivery->number);
    if (!self->resent || !g_hash_table_contains(self->resent, number))
        return;
    const char *signature = strrchr(delivery, ' ');
    gsize room = sizeof flight->report;
    if (g_strlcpy(flight->report, delivery, room) >= room && signature)
        g_strlcpy(flight->report, signature + 1, room);
    g_strdelimit(flight->report, " ", '/');
}

static gboolean merge(Sending *self, Flight *flight, GError **error)
{
    const Delivery *delivery = flight->delivery;
    g_autoptr(Value) fields = value_thaw(delivery->fields, delivery->fields_length, error);
    if (!fields)
        return FALSE;
    g_autofree char *id =
        mailing_message_id(self->mailing->id, delivery->number, letter_from(self->letter)->domain);
    Signatures signatures = signing_sign(self->signing, delivery->number, self->shows_answer);
    g_strlcpy(flight->sender, signatures.sender, sizeof flight->sender);
    name_report(self, flight, signatures.delivery);
    LetterCopy copy = {.to = delivery->address,
                       .to_name = delivery->name,
                       .fields = fields,
                       .message_id = id,
                       .date = date_now(self),
                       .delivery = signatures.delivery,
                       .unsubscribe = signatures.unsubscribe,
                       .answer = signatures.answer};
    return letter_splice(self->letter, &copy, flight->message, error);
}

static Flight *flight_new(Sending *self, Delivery *delivery)
{
    Flight *flight = g_new0(Flight, 1);
    flight->delivery = delivery;
    flight->message = message_buffer(self);
    merge(self, flight, &flight->error);
    g_hash_table_insert(self->flights, &delivery->number, flight);
    return flight;
}

/* A thread for this was tried: to wake it and to wait for it took as long as merging does. */
void sending_idle(void *user)
{
    Sending *self = user;
    if (!self->merges_ahead || !self->claimed || self->error || self->ending)
        return;
    self->put = MAX(self->put, self->next);
    guint end = MIN(self->claimed->len, self->next + AHEAD);
    for (guint i = 0; i < AT_ONCE && self->put < end && self->merges_ahead; i++) {
        Flight *flight = flight_new(self, g_ptr_array_index(self->claimed, self->put++));
        self->merges_ahead = flight->message->own->allocated_len <= SPLICE_ROOM_MAX;
    }
}

/* The flight of a delivery, merged. NULL when that can't be done; then the run is to end. */
static Flight *take_flight(Sending *self, Delivery *delivery)
{
    Flight *flight = g_hash_table_lookup(self->flights, &delivery->number);
    if (!flight)
        flight = flight_new(self, delivery);
    if (!flight->error)
        return flight;
    g_propagate_error(&self->error, g_steal_pointer(&flight->error));
    sending_outcome(self, &(Outcome){.number = delivery->number, .kind = OUTCOME_UNTRIED});
    return NULL;
}

/* The first of those held whose domain may have one now. Sets `wait` to the least that any must. */
static Delivery *take_held(Sending *self, gint64 now, gint64 *wait)
{
    *wait = G_MAXINT64;
    for (GList *link = self->held.head; link; link = link->next) {
        Delivery *delivery = link->data;
        gint64 more = pace_wait_domain(self->pace, delivery->address, now);
        if (!more) {
            g_queue_delete_link(&self->held, link);
            return delivery;
        }
        *wait = MIN(*wait, more);
    }
    return NULL;
}

/* The next delivery that the pace lets go. NULL with `wait` set, or with 0 when there is none. */
static Delivery *next_ready(Sending *self, gint64 *wait)
{
    gint64 now = clock_ticks();
    *wait = pace_wait(self->pace, now);
    if (*wait)
        return NULL;
    Delivery *delivery = take_held(self, now, wait);
    while (!delivery && self->held.length < HELD_MAX && have_claimed(self)) {
        delivery = g_ptr_array_index(self->claimed, self->next++);
        gint64 more = pace_wait_domain(self->pace, delivery->address, now);
        if (!more)
            break;
        g_queue_push_tail(&self->held, g_steal_pointer(&delivery));
        *wait = MIN(*wait, more);
    }
    if (!delivery && !self->held.length)
        *wait = 0;
    return delivery;
}

Supply sending_supply(void *user, Envelope *envelope, gint64 *wait)
{
    Sending *self = user;
    if (sending_wish(self) != SENDER_GO || !sending_keep(self) || self->ending ||
        sending_is_closed(self))
        return SUPPLY_END;
    Delivery *delivery = next_ready(self, wait);
    if (!delivery)
        return *wait ? SUPPLY_WAIT : SUPPLY_END;
    Flight *flight = take_flight(self, delivery);
    if (!flight)
        return SUPPLY_END;
    pace_note(self->pace, delivery->address, clock_ticks());
    journal_set(self->journal, delivery->number, PHASE_BEGUN, 0);
    *envelope = (Envelope){.number = delivery->number,
                           .sender = flight->sender,
                           .recipient = delivery->address,
                           .is_utf8 = !g_str_is_ascii(delivery->address),
                           .pieces = (const struct iovec *)(void *)flight->message->pieces->data,
                           .n_pieces = flight->message->pieces->len,
                           .length = flight->message->length,
                           .is_plain = flight->message->is_plain,
                           .report = *flight->report ? flight->report : NULL};
    return SUPPLY_GIVEN;
}

/* Takes a delivery back that was merged ahead, if it was. */
static void land(Sending *self, Delivery *delivery)
{
    Flight *flight = g_hash_table_lookup(self->flights, &delivery->number);
    if (!flight)
        return;
    g_clear_error(&flight->error);
    splice_clear(flight->message);
    g_ptr_array_add(self->messages, flight->message);
    g_hash_table_remove(self->flights, &delivery->number);
}

void sending_give_back(Sending *self)
{
    Delivery *held;
    while ((held = g_queue_pop_head(&self->held)))
        sending_push(self, held, &(Outcome){.kind = OUTCOME_UNTRIED});
    for (; self->claimed && self->next < self->claimed->len; self->next++) {
        Delivery *delivery = g_ptr_array_index(self->claimed, self->next);
        land(self, delivery);
        sending_push(self, delivery, &(Outcome){.kind = OUTCOME_UNTRIED});
    }
    sending_flush(self);
}
