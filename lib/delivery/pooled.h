/* pooled - one of the relay's connections at work: opened, one letter after the other, closed
 *
 * Joins what is pure (delivery/session.h) with what is not (delivery/connection.h) and sees to the
 * time limits. A connection never blocks: pooled_watch says what to poll for, pooled_move does what can be
 * done.
 */
#ifndef DELIVERY_POOLED_H
#define DELIVERY_POOLED_H

#include <poll.h>

#include "delivery/connector.h"
#include "delivery/session.h"

enum {
    POOLED_QUIT_SECONDS = 2, /* how long the answer to QUIT is waited for */
    POOLED_IDLE_SECONDS = 30 /* a connection that has nothing to do for so long says goodbye */
};

typedef enum { POOLED_CLOSED, POOLED_OPENING, POOLED_OPEN } PooledState;

typedef struct Pooled Pooled;

struct Pooled {
    PooledState state;
    Connector *connector;
    Connection *connection;
    Session *session;

    Envelope envelope;     /* the one under way */
    gboolean has_envelope; /* until its outcome has been taken */
    gboolean was_moved;    /* another connection had died on it already */
    Envelope follower;     /* the one that follows it */
    gboolean has_follower, follower_was_moved;

    const TransportCalls *calls; /* for `committing` */
    /* Called between hearing and speaking: to take outcomes, and to hand over a follower. */
    void (*heard)(void *user, Pooled *pooled);
    void *heard_user;
    gint64 timeout, final;     /* microseconds: for any answer, and for that to a whole message */
    gint64 patience, deadline; /* what holds now; clock_ticks */
    guint steps;               /* session_steps when the deadline was set */
    guint begun;               /* envelopes on this connection */
    guint secret;              /* that it signs in with: Renewal.generation */
    gboolean is_spent;         /* a letter went from here to another connection: begin no more */
    gboolean is_quitting;
    gboolean wants_write;
};

/* Begins to open; takes `connection`. Answers are waited for as long as the options say. FALSE with
 * TEMPORARY. */
gboolean pooled_open(Pooled *self, Connection *connection, const RelayOptions *options,
                     GError **error);

/* Takes the connection that has been opened. FALSE with what connection_open said; then it is
 * closed. */
gboolean pooled_opened(Pooled *self, GError **error);

/* Closes at once, whatever is under way; an envelope must have had its outcome. */
void pooled_close(Pooled *self);

/* It is open and can take an envelope. */
gboolean pooled_is_ready(const Pooled *self);

/* An envelope is under way. */
gboolean pooled_is_busy(const Pooled *self);

/* An envelope is under way, and the next one can be handed over (session_may_follow). */
gboolean pooled_may_follow(const Pooled *self);
void pooled_follow(Pooled *self, const Envelope *envelope, gboolean was_moved);

/* Gives what became of an envelope that it was given, and which one that was. SESSION_NOTHING when
 * there is nothing to take. The outcome's texts are borrowed until the connection is moved. */
SessionResult pooled_take(Pooled *self, Outcome *outcome, Envelope *envelope, gboolean *was_moved);

/* Gives it an envelope, and sends what can be sent; or says QUIT. */
void pooled_begin(Pooled *self, const Envelope *envelope, gboolean was_moved);
void pooled_quit(Pooled *self);

/* What poll(2) is to wait for, at most until pooled_deadline (clock_ticks; G_MAXINT64 for no limit).
 */
struct pollfd pooled_watch(const Pooled *self);
gint64 pooled_deadline(const Pooled *self);

/* Receives and sends what can be without waiting, and holds the time limit against `now`. */
void pooled_move(Pooled *self, gint64 now);

#endif
