/* pool - envelopes spread over the relay's connections until all have their outcome */
#include "delivery/pool.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/trace.h"
#include "delivery/diagnosis.h"
#include "delivery/pooled.h"
#include "delivery/token_refresh.h"
#include "mail/refusal.h"

enum {
    STOP_MS = 100,    /* how long `stop` may go unasked */
    REFUSALS_MAX = 64 /* different ones that new connections have answered, remembered */
};

typedef struct {
    Envelope envelope;
    gboolean was_moved; /* it needs a new connection */
} Pending;

typedef struct {
    const RelayOptions *options;
    const TransportCalls *calls;
    Pooled *pooled;
    guint limit;           /* connections at once; falls when the server takes no more */
    GQueue pending;        /* of Pending: given, and without a connection yet */
    gboolean is_ended;     /* supply has no more */
    gint64 ask_at;         /* supply isn't asked before */
    guint losses;          /* connections in a row that were lost before a letter was answered */
    gboolean is_cramped;   /* the server takes no more connections: moved ones take what there is */
    gboolean is_signed_in; /* a connection was, in this run */
    GHashTable *refusals;  /* fingerprints: what new connections have answered */
    guint session_most;    /* letters that a session takes, as found out; 0: not known */
    guint ended_after;     /* letters that the last one took before it refused */
    guint proven_after;    /* the same, of one whose next letter a new one took */
    TokenRefresh token_refresh;
    GError *error; /* why no more is begun */
} Dispatch;

static guint count(const Dispatch *self, PooledState state)
{
    guint n = 0;
    for (guint i = 0; i < self->options->connections; i++)
        n += self->pooled[i].state == state;
    return n;
}

/* --- outcomes --------------------------------------------------------------------------------- */

static void tell(Dispatch *self, const Outcome *outcome)
{
    self->ask_at = 0;
    self->calls->outcome(self->calls->user, outcome);
}

static void give_back(Dispatch *self, const Envelope *envelope, const char *why)
{
    Outcome outcome = {.number = envelope->number,
                       .kind = OUTCOME_UNTRIED,
                       .enhanced = "",
                       .text = why,
                       .stage = "connect"};
    tell(self, &outcome);
}

/* No more is begun: what is under way is brought to its end, what waits is given back. Takes
 * `error`; the first one stands. */
static void give_up(Dispatch *self, GError *error)
{
    trace("smtp", "* %s", error->message);
    if (self->error)
        g_error_free(error);
    else
        self->error = error;
    while (!g_queue_is_empty(&self->pending)) {
        g_autofree Pending *next = g_queue_pop_head(&self->pending);
        give_back(self, &next->envelope, self->error->message);
    }
    for (guint i = 0; i < self->options->connections; i++)
        if (self->pooled[i].state == POOLED_OPENING)
            pooled_close(&self->pooled[i]);
}

static Pending *pending_new(const Envelope *envelope, gboolean was_moved)
{
    return g_memdup2(&(Pending){*envelope, was_moved}, sizeof(Pending));
}

static char *fingerprint(const Envelope *envelope, const Outcome *outcome)
{
    return refusal_fingerprint(outcome->code, outcome->enhanced, outcome->text,
                               envelope->recipient);
}

/* A letter that was moved has been refused on the new connection as well: that is no limit of a
 * session. */
static void note_refusal(Dispatch *self, const Envelope *envelope, const Outcome *outcome)
{
    if (outcome->code >= 400 && g_hash_table_size(self->refusals) < REFUSALS_MAX)
        g_hash_table_add(self->refusals, fingerprint(envelope, outcome));
}

/* Whether a refusal may be meant for this connection, so that a new one is to be asked. */
static gboolean is_of_session(const Dispatch *self, const Pooled *pooled, const Envelope *envelope,
                              const Outcome *outcome, SessionResult result)
{
    RefusalAbout about = refusal_by_code(outcome->code, outcome->enhanced);
    if (!outcome->code || outcome->kind == OUTCOME_SENT)
        return FALSE;
    if (about == REFUSAL_SESSION)
        return result != SESSION_UNWANTED || session_taken(pooled->session);
    if (!session_taken(pooled->session))
        return FALSE;
    if (result != SESSION_UNWANTED)
        about = refusal_about(outcome->code, outcome->enhanced, outcome->text);
    if (about == REFUSAL_MESSAGE || (about == REFUSAL_RECIPIENT && result != SESSION_UNWANTED))
        return FALSE;
    g_autofree char *print = fingerprint(envelope, outcome);
    return g_hash_table_size(self->refusals) < REFUSALS_MAX &&
           !g_hash_table_contains(self->refusals, print);
}

/* A new connection took what an old one refused. Twice after the same number of letters: then the
 * next ones are ended before. */
static void learn_limit(Dispatch *self)
{
    if (self->ended_after && self->ended_after == self->proven_after)
        self->session_most = self->ended_after;
    self->proven_after = self->ended_after;
}

/* A connection died before it came to this envelope: another one gets it, ahead of the rest. */
static void move(Dispatch *self, const Envelope *envelope, gboolean was_moved,
                 const Outcome *outcome)
{
    if (self->error)
        give_back(self, envelope, outcome->text);
    else
        g_queue_push_head(&self->pending, pending_new(envelope, was_moved));
}

/* What the connection's answer to one letter means for this letter, and teaches for others. */
static SessionResult weigh(Dispatch *self, Pooled *pooled, SessionResult result,
                           const Envelope *envelope, gboolean was_moved, const Outcome *outcome)
{
    if (result != SESSION_OUTCOME && result != SESSION_UNWANTED)
        return result;
    if (!was_moved && !self->error && is_of_session(self, pooled, envelope, outcome, result)) {
        self->ended_after = session_taken(pooled->session);
        pooled->is_spent = TRUE;
        return SESSION_MISSED;
    }
    if (was_moved && outcome->kind == OUTCOME_SENT)
        learn_limit(self);
    else if (was_moved)
        note_refusal(self, envelope, outcome);
    return result;
}

/* Passes on what has become of a connection's envelopes, as far as it is known. */
static void collect(Dispatch *self, Pooled *pooled)
{
    Outcome outcome;
    Envelope envelope;
    gboolean was_moved;
    for (;;) {
        SessionResult result = pooled_take(pooled, &outcome, &envelope, &was_moved);
        switch (weigh(self, pooled, result, &envelope, was_moved, &outcome)) {
        case SESSION_NOTHING:
            return;
        case SESSION_UNBEGUN:
            move(self, &envelope, was_moved, &outcome);
            break;
        case SESSION_MISSED:
            if (was_moved && !self->error)
                tell(self, &outcome);
            else
                move(self, &envelope, TRUE, &outcome);
            break;
        case SESSION_UNWANTED:
            give_up(self, diagnosis_unwanted(self->options, envelope.sender, &outcome));
            tell(self, &outcome);
            break;
        case SESSION_OUTCOME:
            if (session_completed(pooled->session))
                self->losses = 0;
            tell(self, &outcome);
            break;
        }
    }
}

/* Closes a connection whose session is over. */
static void close_lane(Dispatch *self, Pooled *pooled)
{
    gboolean was_of_use = pooled->is_quitting || session_completed(pooled->session);
    pooled_close(pooled);
    if (was_of_use || ++self->losses < RELAY_LOSSES || self->error)
        return;
    give_up(self, g_error_new(CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                              "%s:%u: %u connections in a row were lost before a letter was "
                              "answered; try again later",
                              self->options->host, self->options->port, self->losses));
}

/* --- work for the connections ----------------------------------------------------------------------- */

/* Asks supply for an envelope. FALSE when there is none now. */
static gboolean ask(Dispatch *self, Envelope *envelope)
{
    gint64 wait = 0;
    if (self->is_ended || self->error || (self->ask_at && clock_ticks() < self->ask_at))
        return FALSE;
    switch (self->calls->supply(self->calls->user, envelope, &wait)) {
    case SUPPLY_GIVEN:
        return TRUE;
    case SUPPLY_WAIT:
        self->ask_at = clock_ticks() + MAX(wait, 1000);
        return FALSE;
    case SUPPLY_END:
        self->is_ended = TRUE;
        return FALSE;
    }
    g_assert_not_reached();
}

/* The first that waits and can go on this connection; NULL for none. */
static Pending *pending_for(Dispatch *self, const Pooled *pooled)
{
    GList *link = self->pending.head;
    while (link && ((const Pending *)link->data)->was_moved && pooled->begun && !self->is_cramped)
        link = link->next;
    Pending *found = link ? link->data : NULL;
    if (link)
        g_queue_delete_link(&self->pending, link);
    return found;
}

/* The next envelope to begin: one that waits, or a new one. FALSE when there is none now. */
static gboolean next(Dispatch *self, const Pooled *pooled, Envelope *envelope, gboolean *was_moved)
{
    g_autofree Pending *pending = pending_for(self, pooled);
    *was_moved = pending && pending->was_moved;
    if (!pending)
        return ask(self, envelope);
    *envelope = pending->envelope;
    return TRUE;
}

static gboolean is_worn(const Dispatch *self, const Pooled *pooled)
{
    guint most = self->options->messages_per_connection;
    return pooled->is_spent || (most && pooled->begun >= most) ||
           (self->session_most && pooled->begun >= self->session_most);
}

/* A connection has heard what the server said: it may take a follower along with what it sends next. */
static void heard(void *user, Pooled *pooled)
{
    Dispatch *self = user;
    Envelope envelope;
    gboolean was_moved;
    collect(self, pooled);
    if (self->options->overlap && pooled_may_follow(pooled) && !is_worn(self, pooled) &&
        next(self, pooled, &envelope, &was_moved))
        pooled_follow(pooled, &envelope, was_moved);
}

/* Lets an open connection have its next envelope, and takes what becomes of it at once. */
static void serve(Dispatch *self, Pooled *pooled)
{
    Envelope envelope;
    gboolean was_moved;
    collect(self, pooled);
    while (pooled_is_ready(pooled)) {
        if (is_worn(self, pooled))
            pooled_quit(pooled);
        else if (next(self, pooled, &envelope, &was_moved))
            pooled_begin(pooled, &envelope, was_moved);
        else
            break;
        collect(self, pooled);
    }
    if (session_is_over(pooled->session))
        close_lane(self, pooled);
}

static void open_lane(Dispatch *self)
{
    g_autoptr(GError) error = NULL;
    Pooled *pooled = self->pooled;
    while (pooled->state != POOLED_CLOSED)
        pooled++;
    Connection *connection = token_refresh_connect(self->options, &error);
    if (!connection || !pooled_open(pooled, connection, self->options, &error))
        give_up(self, g_steal_pointer(&error));
    pooled->calls = self->calls;
    pooled->heard = heard;
    pooled->heard_user = self;
    pooled->secret = self->token_refresh.generation;
}

/* A connection could not be opened, with the secret of that number. While others work that only
 * means that the server takes no more. */
static void not_opened(Dispatch *self, guint secret, GError *error)
{
    guint others = count(self, POOLED_OPEN) + count(self, POOLED_OPENING);
    if (token_refresh_helps(&self->token_refresh, self->options, secret, error)) {
        g_error_free(error); /* its envelope still waits: open_lanes sees to it */
    } else if (others && (g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY) ||
                          g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_LATER))) {
        trace("smtp", "* %s; going on with %u", error->message, others);
        self->limit = others;
        self->is_cramped = TRUE;
        g_error_free(error);
    } else {
        give_up(self, error);
    }
}

/* Whether an open connection has nothing to do, because there was nothing for it a moment ago. */
static gboolean has_idle_lane(const Dispatch *self)
{
    for (guint i = 0; i < self->options->connections; i++)
        if (pooled_is_ready(&self->pooled[i]))
            return TRUE;
    return FALSE;
}

/* A letter waits for a new connection, and there can be no more: one that has nothing to do goes.
 */
static void make_room(Dispatch *self)
{
    const Pending *first = g_queue_peek_head(&self->pending);
    for (guint i = 0; first && first->was_moved && i < self->options->connections; i++)
        if (pooled_is_ready(&self->pooled[i]) && self->pooled[i].begun) {
            pooled_quit(&self->pooled[i]);
            return;
        }
}

/* Opens a connection for each envelope that waits for one, up to the limit; asks for more envelopes
 * while there could be more connections. The first sign-in is waited for: were the password wrong,
 * the account would be locked by as many wrong ones as there may be connections. */
static void open_lanes(Dispatch *self)
{
    Envelope envelope;
    while (!self->error) {
        guint connector = count(self, POOLED_OPENING);
        if (connector && self->options->user && !self->is_signed_in)
            return;
        if (connector + count(self, POOLED_OPEN) >= self->limit) {
            make_room(self);
            return;
        }
        if (connector >= g_queue_get_length(&self->pending)) {
            if (has_idle_lane(self) || !ask(self, &envelope))
                return;
            g_queue_push_tail(&self->pending, pending_new(&envelope, FALSE));
        }
        open_lane(self);
    }
}

/* --- the loop --------------------------------------------------------------------------------- */

/* Milliseconds until something is due, at most STOP_MS. */
static int patience(const Dispatch *self, gint64 now)
{
    gint64 due = now + STOP_MS * 1000;
    if (self->ask_at > now) /* if it is past, no connection could take an envelope */
        due = MIN(due, self->ask_at);
    for (guint i = 0; i < self->options->connections; i++)
        due = MIN(due, pooled_deadline(&self->pooled[i]));
    return due <= now ? 0 : (int)((due - now + 999) / 1000);
}

static void move_lane(Dispatch *self, Pooled *pooled, gboolean is_woken, gint64 now)
{
    GError *error = NULL;
    if (pooled->state == POOLED_OPENING && is_woken) {
        guint secret = pooled->secret;
        if (pooled_opened(pooled, &error)) {
            token_refresh_accepted(&self->token_refresh, secret);
            self->is_signed_in = TRUE;
        } else {
            not_opened(self, secret, error);
        }
    } else if (pooled->state == POOLED_OPEN && (is_woken || now >= pooled_deadline(pooled))) {
        pooled_move(pooled, now);
    }
}

/* Waits until something happens on some connection, and lets it. */
static void wait_and_move(Dispatch *self)
{
    guint n = self->options->connections;
    struct pollfd *watched = g_newa(struct pollfd, n);
    for (guint i = 0; i < n; i++)
        watched[i] = pooled_watch(&self->pooled[i]);
    if (self->calls->idle)
        self->calls->idle(self->calls->user);
    int ready = poll(watched, n, patience(self, clock_ticks()));
    gint64 now = clock_ticks();
    for (guint i = 0; i < n; i++)
        move_lane(self, &self->pooled[i], ready > 0 && watched[i].revents, now);
}

static void serve_all(Dispatch *self)
{
    for (guint i = 0; i < self->options->connections; i++)
        if (self->pooled[i].state == POOLED_OPEN)
            serve(self, &self->pooled[i]);
}

static gboolean is_done(Dispatch *self)
{
    gboolean is_busy = !g_queue_is_empty(&self->pending);
    for (guint i = 0; i < self->options->connections; i++)
        is_busy = is_busy || pooled_is_busy(&self->pooled[i]);
    return !is_busy && (self->is_ended || self->error);
}

/* Whatever is under way has its outcome now. */
static void break_off(Dispatch *self)
{
    give_up(self, g_error_new(CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped"));
    for (guint i = 0; i < self->options->connections; i++) {
        Pooled *pooled = &self->pooled[i];
        if (!pooled_is_busy(pooled))
            continue;
        pooled_move(pooled, clock_ticks()); /* an answer may have come */
        session_lost(pooled->session, "stopped");
        collect(self, pooled);
    }
}

/* Says QUIT where that can be said, and waits a moment for the answers. */
static void say_goodbye(Dispatch *self)
{
    for (guint i = 0; i < self->options->connections; i++) {
        Pooled *pooled = &self->pooled[i];
        if (pooled->state == POOLED_OPEN && pooled_is_ready(pooled))
            pooled_quit(pooled);
        else if (!pooled->is_quitting)
            pooled_close(pooled);
    }
    while (count(self, POOLED_OPEN) && !self->calls->stop(self->calls->user)) {
        wait_and_move(self);
        for (guint i = 0; i < self->options->connections; i++)
            if (self->pooled[i].state == POOLED_OPEN && session_is_over(self->pooled[i].session))
                pooled_close(&self->pooled[i]);
    }
}

static gboolean finish(Dispatch *self, gboolean is_stopped, GError **error)
{
    for (guint i = 0; i < self->options->connections; i++)
        pooled_close(&self->pooled[i]);
    g_free(self->pooled);
    g_hash_table_unref(self->refusals);
    g_assert(g_queue_is_empty(&self->pending));
    if (is_stopped)
        g_clear_error(&self->error);
    if (!self->error)
        return TRUE;
    g_propagate_error(error, self->error);
    return FALSE;
}

gboolean pool_run(const RelayOptions *options, const TransportCalls *calls, GError **error)
{
    Dispatch self = {.options = options,
                     .calls = calls,
                     .pooled = g_new0(Pooled, options->connections),
                     .refusals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .limit = options->connections};
    gboolean is_stopped;
    while (!(is_stopped = calls->stop(calls->user))) {
        serve_all(&self);
        open_lanes(&self);
        if (is_done(&self))
            break;
        wait_and_move(&self);
    }
    if (is_stopped)
        break_off(&self);
    else
        say_goodbye(&self);
    return finish(&self, is_stopped, error);
}
