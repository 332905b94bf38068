/* session_parts - what the files of a session share (private to them)
 *
 * delivery/session.c begins transactions and gives what is to be sent; delivery/session_replies.c
 * takes the answers.
 */
#ifndef DELIVERY_SESSION_PARTS_H
#define DELIVERY_SESSION_PARTS_H

#include "delivery/envelope.h"
#include "delivery/reply.h"
#include "delivery/session.h"
#include "delivery/stuffing.h"

/* The command whose reply is awaited next; LONE_DOT ends a DATA that has no recipient. */
typedef enum { IDLE, RESET, MAIL, RCPT, DATA, MESSAGE, LONE_DOT, QUIT } Stage;

struct Session {
    Extensions offered;
    Stage stage;
    gboolean is_over;
    gboolean needs_reset; /* the server is in the middle of a transaction that failed */
    guint completed, taken, steps;

    GString *out; /* commands, or a window of the message; `sent` bytes of it have left */
    gsize sent;
    gsize ends[QUIT + 1]; /* where in `out` the command of each stage ends, or the message */
    Stuffing stuffing;
    guint windows;           /* of the message, so far */
    gboolean message_is_out; /* the window holds the message's end */
    gboolean dot_has_left;   /* a byte of the terminator has been sent */

    Reply reply;
    Envelope envelope;
    gboolean has_mail, has_rcpt; /* were accepted */

    Envelope follower; /* begun when the one under way has its answer */
    gboolean has_follower;
    gboolean follower_is_out; /* its commands stand behind the message's end in `out` */

    Settlement settlements[2]; /* of `envelope`, and of the one before or behind it */
    guint now;                 /* which of them is of `envelope` */
    guint settled;             /* how many can be taken */
};

/* Notes what has become of the envelope under way, at this stage. */
void session_note(Session *self, SessionResult result, OutcomeKind kind, const Reply *reply,
                  const char *text);

/* The transaction has come to its end: its result can be taken, and the follower has its turn. */
void session_settle(Session *self);

/* Nothing that comes from the server can be trusted or expected any more. */
void session_end(Session *self, const char *why);

/* Writes the command of a stage. */
void session_command(Session *self, Stage stage, const Envelope *envelope);

/* Awaits the reply of the next command; without PIPELINING it is only sent now. */
void session_advance(Session *self, Stage stage);

#endif
