/* pooled - one of the relay's connections at work */
#include "delivery/pooled.h"

#include <string.h>

#include "base/clock.h"
#include "base/trace.h"

enum {
    RECEIVE = 20000, /* over the 16 KiB of a TLS record, so that none is left half read */
    FOLLOWED_MAX =
        256000 /* bytes of a letter whose end takes a follower along: beside one that takes
                           * so long a round trip is nothing, and two would be held */
};

static void set_deadline(Pooled *self)
{
    self->steps = session_steps(self->session);
    self->patience = !session_is_busy(self->session)         ? POOLED_IDLE_SECONDS * G_USEC_PER_SEC
                     : session_awaits_verdict(self->session) ? self->final
                                                             : self->timeout;
    self->deadline = clock_ticks() + self->patience;
}

gboolean pooled_open(Pooled *self, Connection *connection, const RelayOptions *options,
                     GError **error)
{
    g_assert(self->state == POOLED_CLOSED);
    memset(self, 0, sizeof *self);
    self->connector = connector_start(connection, error);
    if (!self->connector)
        return FALSE;
    self->timeout = (gint64)options->timeout * G_USEC_PER_SEC;
    self->final = (gint64)relay_final_timeout(options) * G_USEC_PER_SEC;
    self->state = POOLED_OPENING;
    return TRUE;
}

gboolean pooled_opened(Pooled *self, GError **error)
{
    g_assert(self->state == POOLED_OPENING);
    self->connection = connector_finish(g_steal_pointer(&self->connector), error);
    if (!self->connection) {
        self->state = POOLED_CLOSED;
        return FALSE;
    }
    self->session = session_new(connection_extensions(self->connection));
    self->state = POOLED_OPEN;
    self->deadline = clock_ticks() + POOLED_IDLE_SECONDS * G_USEC_PER_SEC;
    return TRUE;
}

void pooled_close(Pooled *self)
{
    g_assert(!self->has_envelope);
    g_clear_pointer(&self->connector, connector_abandon);
    g_clear_pointer(&self->session, session_free);
    g_clear_pointer(&self->connection, connection_free);
    self->state = POOLED_CLOSED;
}

gboolean pooled_is_ready(const Pooled *self)
{
    return self->state == POOLED_OPEN && !self->has_envelope && session_is_ready(self->session);
}

gboolean pooled_is_busy(const Pooled *self)
{
    return self->has_envelope;
}

/* The connection is gone: says so to the session, with what the server may have said last. */
static void lost(Pooled *self)
{
    trace("smtp", "* %s", connection_fault(self->connection));
    session_lost(self->session, connection_fault(self->connection));
}

/* Receives all there is. FALSE when the connection is gone. */
static gboolean receive(Pooled *self)
{
    char bytes[RECEIVE];
    while (!session_is_over(self->session)) {
        gssize count = connection_receive(self->connection, bytes, sizeof bytes);
        if (count == CONNECTION_GONE)
            return FALSE;
        if (count == CONNECTION_AGAIN)
            return TRUE;
        session_feed(self->session, bytes, (gsize)count);
        /* Without TLS nothing can hide in libcurl: poll tells of the rest, and a call is spared. */
        if (!connection_is_tls(self->connection) && count < (gssize)sizeof bytes)
            return TRUE;
    }
    return TRUE;
}

/* What there is to send. */
typedef struct {
    const char *bytes; /* or NULL: it is in pieces */
    struct iovec pieces[SESSION_PIECES];
    guint count;
    gsize length;
} Chunk;

/* TLS takes a run of bytes; a socket takes a message from where it is. FALSE when there is nothing.
 */
static gboolean take_chunk(Pooled *self, Chunk *chunk)
{
    chunk->bytes = NULL;
    if (connection_is_tls(self->connection))
        chunk->bytes = session_output(self->session, &chunk->length);
    else
        chunk->count = session_pieces(self->session, chunk->pieces, &chunk->length);
    return chunk->length > 0;
}

static gssize send_chunk(Pooled *self, Chunk *chunk)
{
    if (session_commits(self->session) && self->calls && self->calls->committing)
        self->calls->committing(self->calls->user, self->envelope.number);
    return chunk->bytes ? connection_send(self->connection, chunk->bytes, chunk->length)
                        : connection_send_pieces(self->connection, chunk->pieces, chunk->count);
}

/* Sends what can be sent now, of a large message no more than a window: then the other connections have
 * their turn, and a refusal in the middle of it is heard. FALSE when the connection is gone. */
static gboolean transmit(Pooled *self)
{
    gsize done = 0;
    Chunk chunk;
    self->wants_write = FALSE;
    while (take_chunk(self, &chunk)) {
        if (done >= SESSION_WINDOW) {
            self->wants_write = TRUE;
            return TRUE;
        }
        gssize count = send_chunk(self, &chunk);
        if (count == CONNECTION_GONE)
            return FALSE;
        if (count == CONNECTION_AGAIN) {
            self->wants_write = TRUE;
            return TRUE;
        }
        session_sent(self->session, (gsize)count);
        done += (gsize)count;
    }
    return TRUE;
}

void pooled_begin(Pooled *self, const Envelope *envelope, gboolean was_moved)
{
    g_assert(pooled_is_ready(self));
    self->envelope = *envelope;
    self->has_envelope = TRUE;
    self->was_moved = was_moved;
    self->begun++;
    session_begin(self->session, envelope);
    if (!transmit(self)) {
        receive(self); /* it may have said why */
        lost(self);
    }
    set_deadline(self);
}

gboolean pooled_may_follow(const Pooled *self)
{
    return self->state == POOLED_OPEN && self->has_envelope && !self->has_follower &&
           self->envelope.length <= FOLLOWED_MAX && session_may_follow(self->session);
}

void pooled_follow(Pooled *self, const Envelope *envelope, gboolean was_moved)
{
    self->follower = *envelope;
    self->follower_was_moved = was_moved;
    self->has_follower = TRUE;
    self->begun++;
    session_follow(self->session, envelope);
}

SessionResult pooled_take(Pooled *self, Outcome *outcome, Envelope *envelope, gboolean *was_moved)
{
    SessionResult result = session_take(self->session, outcome);
    if (result == SESSION_NOTHING)
        return result;
    g_assert(self->has_envelope && outcome->number == self->envelope.number);
    *envelope = self->envelope;
    *was_moved = self->was_moved;
    self->envelope = self->follower;
    self->was_moved = self->follower_was_moved;
    self->has_envelope = self->has_follower;
    self->has_follower = FALSE;
    return result;
}

void pooled_quit(Pooled *self)
{
    g_assert(pooled_is_ready(self));
    self->is_quitting = TRUE;
    session_quit(self->session);
    if (!transmit(self))
        lost(self);
    self->deadline = clock_ticks() + POOLED_QUIT_SECONDS * G_USEC_PER_SEC;
}

struct pollfd pooled_watch(const Pooled *self)
{
    switch (self->state) {
    case POOLED_OPENING:
        return (struct pollfd){.fd = connector_fd(self->connector), .events = POLLIN};
    case POOLED_OPEN:
        return (struct pollfd){.fd = connection_fd(self->connection),
                               .events = (short)(POLLIN | (self->wants_write ? POLLOUT : 0))};
    case POOLED_CLOSED:
        break;
    }
    return (struct pollfd){.fd = -1};
}

gint64 pooled_deadline(const Pooled *self)
{
    return self->state == POOLED_OPEN ? self->deadline : G_MAXINT64;
}

/* Past the deadline: an answer that doesn't come, a server that stops reading, or idleness. */
static void expire(Pooled *self)
{
    if (self->is_quitting) {
        session_lost(self->session, "no answer to QUIT");
    } else if (pooled_is_ready(self)) {
        pooled_quit(self);
    } else {
        g_autofree char *why = g_strdup_printf("no answer within %" G_GINT64_FORMAT " s",
                                               self->patience / G_USEC_PER_SEC);
        trace("smtp", "* %s", why);
        session_lost(self->session, why);
    }
}

void pooled_move(Pooled *self, gint64 now)
{
    g_assert(self->state == POOLED_OPEN);
    /* First what has come in: after the process was frozen an answer may lie there in spite of the
     * deadline. */
    gboolean is_there = receive(self);
    self->heard(self->heard_user, self);
    is_there = is_there && transmit(self);
    if (!is_there) {
        receive(self); /* what broke the sending may have been announced */
        lost(self);
    }
    if (!self->is_quitting && session_steps(self->session) != self->steps)
        set_deadline(self);
    else if (now >= self->deadline && !session_is_over(self->session))
        expire(self);
}
