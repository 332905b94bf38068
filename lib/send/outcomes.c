/* outcomes - what became of each letter, written down before it is told */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "mail/refusal.h"
#include "send/sending.h"

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
        journal_release(self->journal, result->number);
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
 * (what isn't there is still in the journal). Takes `error`, NULL when they are. */
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
    deliveries_record(self->ledger, self->mailing,
                      (const DeliveryResult *)(void *)self->results->data, self->results->len,
                      &error);
    return recorded(self, error);
}

GPtrArray *sending_flush_and_claim(Sending *self, guint wanted)
{
    GError *error = NULL;
    gint64 now = clock_now();
    DayLimit day = {.most = self->pace_wanted.limits.per_day,
                    .since = now - 24 * 3600 * (gint64)G_USEC_PER_SEC};
    GPtrArray *claimed = deliveries_turn(self->ledger, self->mailing,
                                         (const DeliveryResult *)(void *)self->results->data,
                                         self->results->len, wanted, &day, now, &error);
    self->day_is_spent = day.is_spent;
    pace_divide(self->pace, lease_senders(self->lease));
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
        journal_set(self->journal, number, PHASE_SENT, outcome->code);
        break;
    case OUTCOME_DEFERRED:
        journal_set(self->journal, number, PHASE_DEFERRED, outcome->code);
        break;
    case OUTCOME_REFUSED:
        journal_set(self->journal, number, PHASE_REFUSED, outcome->code);
        break;
    case OUTCOME_UNTRIED:
        journal_set(self->journal, number, PHASE_CLAIMED, 0);
        break;
    case OUTCOME_UNKNOWN:
        break; /* what the slot says already leads to the same state */
    }
}

/* Says when to try again. Given up is what has truly been tried for so long, and on two days at
 * least: a machine that slept over a weekend hasn't tried. With the last answer. */
static void schedule(const Sending *self, const Delivery *delivery, DeliveryResult *result)
{
    guint attempts = delivery->attempts + 1;
    gint64 first = delivery->first_at ? delivery->first_at : result->at;
    result->next_at = result->at + sender_pause(attempts);
    if (!sender_gives_up(self->pace_wanted.retry_for, attempts, first, result->at))
        return;
    result->given_up = GIVEN_UP_DEADLINE;
    result->state = DELIVERY_REFUSED;
    result->next_at = 0;
}

static void put(Sending *self, Delivery *delivery, DeliveryResult result)
{
    if (!self->results->len)
        self->oldest_result = clock_ticks();
    g_array_append_val(self->results, result);
    g_ptr_array_add(self->results_of, delivery);
}

/* Claimed, and its turn never came: what it has heard before stays on record, and so does its place
 * behind those that heard nothing yet. */
static void put_back(Sending *self, Delivery *delivery)
{
    DeliveryResult result = {.number = delivery->number,
                             .state = DELIVERY_PLANNED,
                             .code = delivery->code,
                             .enhanced = g_strdup(delivery->enhanced),
                             .reply = g_strdup(delivery->reply),
                             .stage = delivery->stage,
                             .at = clock_now(),
                             .next_at = delivery->attempts ? 0 : delivery->next_at};
    journal_set(self->journal, delivery->number, PHASE_CLAIMED, 0);
    put(self, delivery, result);
}

void sending_push(Sending *self, Delivery *delivery, const Outcome *outcome)
{
    if (outcome->kind == OUTCOME_UNTRIED) {
        put_back(self, delivery);
        return;
    }
    gint64 now = clock_now();
    DeliveryResult result = {.number = delivery->number,
                             .state = state_of(self->via, outcome->kind),
                             .tried = TRUE,
                             .code = outcome->code,
                             .enhanced = g_strdup(outcome->enhanced ? outcome->enhanced : ""),
                             .reply = g_strdup(outcome->text ? outcome->text : ""),
                             .stage = stage_of(outcome),
                             .via = self->via,
                             .at = now};
    note_phase(self, delivery->number, outcome);
    if (result.state == DELIVERY_SENT)
        result.message_id = message_id_given(result.reply);
    if (result.state == DELIVERY_DEFERRED)
        schedule(self, delivery, &result);
    put(self, delivery, result);
}

/* Whether she was given back for the very same before, by what is on record of it. */
static gboolean has_heard(const Delivery *delivery, const Outcome *said)
{
    if (!delivery->code)
        return FALSE;
    g_autofree char *before =
        refusal_fingerprint(delivery->code, delivery->enhanced, delivery->reply, delivery->address);
    g_autofree char *now =
        refusal_fingerprint(said->code, said->enhanced, said->text, delivery->address);
    return g_str_equal(before, now);
}

/* To the end of the queue, with what was said: nothing of it counts against her, unless she hears the
 * same when others get theirs, or for days. */
static void give_back(Sending *self, Delivery *delivery, const Outcome *said)
{
    DeliveryResult result = {.number = delivery->number,
                             .state = DELIVERY_PLANNED,
                             .code = said->code,
                             .enhanced = g_strdup(said->enhanced ? said->enhanced : ""),
                             .reply = g_strdup(said->text ? said->text : ""),
                             .stage = stage_from_name(said->stage),
                             .is_news = !has_heard(delivery, said),
                             .at = clock_now(),
                             .next_at = clock_now()};
    journal_set(self->journal, delivery->number, PHASE_CLAIMED, 0);
    put(self, delivery, result);
}

void sending_committing(void *user, guint64 number)
{
    journal_set(((Sending *)user)->journal, number, PHASE_DOT, 0);
}

/* --- on whose account ------------------------------------------------------------------------- */

/* A refusal that may be about us: its recipient's delivery waits until that is known. */
typedef struct {
    Delivery *delivery;
    OutcomeKind kind;
    int code;
    char *enhanced, *text;
    const char *stage; /* static */
} Suspect;

void suspect_free(gpointer data)
{
    Suspect *self = data;
    delivery_free(self->delivery);
    g_free(self->enhanced);
    g_free(self->text);
    g_free(self);
}

/* If the process is killed now the letter has certainly not been taken, and can be tried again. */
static void suspect(Sending *self, Delivery *delivery, const Outcome *outcome)
{
    Suspect *held = g_new0(Suspect, 1);
    *held = (Suspect){.delivery = delivery,
                      .kind = outcome->kind,
                      .code = outcome->code,
                      .enhanced = g_strdup(outcome->enhanced),
                      .text = g_strdup(outcome->text),
                      .stage = outcome->stage};
    g_ptr_array_add(self->suspects, held);
    journal_set(self->journal, delivery->number, PHASE_CLAIMED, 0);
}

/* Those held are as they say, or given back: then behind those that weren't tried yet, so that the
 * next run doesn't begin with the very same and may end there for ever. */
static void release(Sending *self, gboolean are_given_back)
{
    for (guint i = 0; i < self->suspects->len; i++) {
        Suspect *held = g_ptr_array_index(self->suspects, i);
        Outcome outcome = {.number = held->delivery->number,
                           .kind = held->kind,
                           .code = held->code,
                           .enhanced = held->enhanced,
                           .text = held->text,
                           .stage = held->stage};
        if (are_given_back)
            give_back(self, g_steal_pointer(&held->delivery), &outcome);
        else
            sending_push(self, g_steal_pointer(&held->delivery), &outcome);
    }
    g_ptr_array_set_size(self->suspects, 0);
}

static void end_run(Sending *self)
{
    self->asked_wait = MAX(self->asked_wait, breaker_wait(self->breaker));
    if (!self->ending)
        self->ending = breaker_error(self->breaker, self->refused_sender);
}

void sending_settle(Sending *self)
{
    gboolean are_ours = breaker_settle(self->breaker);
    if (are_ours)
        end_run(self);
    release(self, are_ours);
}

/* Whether a run that ends already has met one more refusal for its reason. */
static gboolean belongs_to_ending(const Sending *self, const Outcome *outcome)
{
    return self->ending && breaker_is_suspect(outcome);
}

/* Whether it was put off for a limit of ours, or a block. */
static gboolean is_held_up(const Outcome *said)
{
    if (said->kind != OUTCOME_DEFERRED)
        return FALSE;
    RefusalCause cause = refusal_cause(said->code, said->enhanced, said->text);
    return cause == CAUSE_LIMIT || cause == CAUSE_BLOCKED;
}

/* Whether she has heard the same for days. Nobody else is left then who could show whose it is; a
 * block that says so, or one that the code lays on all, is ours for as long as it lasts. */
static gboolean is_old(const Delivery *delivery, const Outcome *said)
{
    const gint64 long_enough = BREAKER_OLD_DAYS * 24 * 3600 * (gint64)G_USEC_PER_SEC;
    RefusalCause cause = refusal_cause(said->code, said->enhanced, said->text);
    return cause != CAUSE_LIMIT && cause != CAUSE_BLOCKED &&
           !refusal_is_of_all(said->code, said->enhanced) && delivery->first_at &&
           clock_now() - delivery->first_at >= long_enough;
}

/* What it means that she was given back before, with what is on record of it. Words are looked at
 * last: nearly every letter is taken, the first time. */
static BreakerAgain again(Sending *self, const Delivery *delivery, const Outcome *said)
{
    gboolean any = FALSE;
    if (!delivery->code || !breaker_is_suspect(said) || is_held_up(said) ||
        !has_heard(delivery, said))
        return BREAKER_FIRST;
    /* A ledger that can't be read, or written to, says so at the next claim. */
    if (sending_flush(self) && deliveries_any_sent(self->ledger, delivery->next_at, &any, NULL) &&
        any)
        return BREAKER_PROVEN;
    if (!self->is_believed)
        return BREAKER_FIRST;
    return is_old(delivery, said) ? BREAKER_PROVEN : BREAKER_REPEATED;
}

static void judge(Sending *self, Delivery *delivery, const Outcome *said)
{
    /* No head is refused for good because of a limit of ours, whatever class the reply is of. */
    Outcome weighed = *said, *outcome = &weighed;
    if (said->kind == OUTCOME_REFUSED && refusal_passes(said->code, said->enhanced, said->text))
        weighed.kind = OUTCOME_DEFERRED;
    if (belongs_to_ending(self, outcome)) {
        give_back(self, delivery, outcome);
        return;
    }
    switch (
        breaker_take(self->breaker, outcome, delivery->address, again(self, delivery, outcome))) {
    case BREAKER_HOLD:
        suspect(self, delivery, outcome);
        return;
    case BREAKER_TRIP:
        end_run(self);
        release(self, TRUE);
        give_back(self, delivery, outcome);
        return;
    case BREAKER_RELEASE:
        release(self, FALSE);
        break;
    case BREAKER_STOP:
        end_run(self);
        break;
    case BREAKER_RECORD:
        break;
    }
    sending_push(self, delivery, outcome);
}

void sending_outcome(void *user, const Outcome *outcome)
{
    Sending *self = user;
    guint64 number = outcome->number;
    Flight *flight = g_hash_table_lookup(self->flights, &number);
    g_assert(flight);
    Delivery *delivery = flight->delivery;
    if (outcome->code && outcome->kind != OUTCOME_SENT) {
        g_free(self->refused_sender);
        self->refused_sender = g_strdup(flight->sender);
    }
    if (outcome->kind == OUTCOME_UNTRIED && outcome->code) { /* by what was said of us all */
        self->asked_wait = MAX(self->asked_wait, refusal_wait(outcome->text));
        give_back(self, delivery, outcome);
    } else {
        judge(self, delivery, outcome);
    }
    splice_clear(flight->message);
    g_ptr_array_add(self->messages, flight->message);
    g_hash_table_remove(self->flights, &number);
    sending_flush_due(self);
}

/* --- a run that was cut off ------------------------------------------------------------------ */

static DeliveryResult result_of(Via via, JournalEntry flown, gint64 now)
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

/* What the journal says of the letters of a lease; those without a slot had not been begun. */
typedef struct {
    const Sending *sending;
    GArray *results; /* of DeliveryResult */
} Flown;

/* One that others have taken for lost counts as tried already; without a slot its end is on record. */
static void note_flown(void *user, guint64 number, gboolean is_unknown)
{
    Flown *flown = user;
    const Journal *journal = flown->sending->journal;
    if (is_unknown && !journal_has(journal, number))
        return;
    DeliveryResult result =
        result_of(flown->sending->via_before, journal_lookup(journal, number), clock_now());
    if (is_unknown && result.state == DELIVERY_UNKNOWN)
        return;
    result.tried &= !is_unknown;
    g_array_append_val(flown->results, result);
}

static gboolean settle_by_journal(Sending *self, gint64 lease, GError **error)
{
    g_autoptr(GArray) results = g_array_new(FALSE, FALSE, sizeof(DeliveryResult));
    Flown flown = {self, results};
    if (!deliveries_each_of_lease(self->ledger, self->mailing, lease, note_flown, &flown, error))
        return FALSE;
    return !results->len || deliveries_record_late(self->ledger, self->mailing, lease,
                                                   (const DeliveryResult *)(void *)results->data,
                                                   results->len, error);
}

/* Whose letters the journal knows: those of its own run. That this is no more is sure, for its lock
 * beside the ledger was free. */
gboolean sending_heed_journal(Sending *self, GError **error)
{
    gint64 lease = 0;
    gboolean is_on_server = ledger_is_on_server(self->ledger);
    Lookup found = is_on_server ? leases_find(self->ledger, self->mailing,
                                              journal_run(self->journal), &lease, error)
                                : LOOKUP_FOUND;
    if (found == LOOKUP_NONE)
        return TRUE;
    return found == LOOKUP_FOUND &&
           (!journal_is_trusted(self->journal) || settle_by_journal(self, lease, error)) &&
           (!is_on_server || leases_end_one(self->ledger, lease, error));
}

gboolean sending_recover(Sending *self, GError **error)
{
    guint64 count;
    MailingState state; /* asked before anything is written: another plan may have its place */
    if (!lifecycle_state(self->ledger, self->mailing, &state, error) ||
        !sending_heed_journal(self, error))
        return FALSE;
    /* What no journal can speak for, after power loss, is unknown. */
    return deliveries_recover(self->ledger, self->mailing, clock_now(), &count, error);
}
