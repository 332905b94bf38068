/* session - the mail transactions of one SMTP connection as a state machine (RFC 5321, RFC 2920)
 *
 * Begins where the server has greeted, agreed on TLS and signed us in. Pure: bytes to send come
 * out, bytes received go in, and each envelope ends with one outcome; it knows no socket, no clock
 * and no thread, so every order of events can be tested. Whoever drives it does this:
 *
 *   session_begin(envelope)                   while session_is_ready
 *   session_follow(envelope)                  if it likes, while session_may_follow
 *   session_output -> send -> session_sent    while there is output
 *   receive -> session_feed, or session_lost
 *   session_take(outcome)                     whenever it gives one
 *   close the connection                      when session_is_over
 *
 * What it promises: an outcome is UNKNOWN only when a byte of the CRLF "." CRLF that ends a message
 * has been sent and no reply to it has been understood; whatever happens before is certainly not
 * delivered. Replies are never matched to the wrong command: after anything unexpected the session
 * is over.
 *
 * A transaction that a refusal has cut short leaves the server in the middle of it; the RSET for
 * that goes out with the next one, and costs no round trip of its own.
 */
#ifndef DELIVERY_SESSION_H
#define DELIVERY_SESSION_H

#include "delivery/extensions.h"
#include "delivery/transaction.h"

enum {
    SESSION_WINDOW =
        60 << 10,        /* bytes of a message that are made ready at a time: with the commands
                                * behind them they fit into the 64 KB that a GString has for them */
    SESSION_PIECES = 64, /* at most, of session_pieces */
    SESSION_STRIDE = 4   /* windows that count as progress: a time limit is for so many */
};

typedef struct Session Session;

/* `offered` is copied. */
Session *session_new(const Extensions *offered);
void session_free(Session *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

/* Nothing is under way and session_begin or session_quit may be called. */
gboolean session_is_ready(const Session *self);

/* Nothing more can be said here: the connection must be closed. */
gboolean session_is_over(const Session *self);

/* An answer from the server is awaited (or output is waiting), so that a time limit applies. */
gboolean session_is_busy(const Session *self);

/* How many envelopes the server has given a final answer to. */
guint session_completed(const Session *self);

/* How many letters the server has taken. */
guint session_taken(const Session *self);

/* The end of a message has left, and what is awaited is the server's answer to it: giving up now is
 * what makes second copies (RFC 5321 section 4.5.3.2.6). */
gboolean session_awaits_verdict(const Session *self);

/* Counts whatever is progress: a reply, SESSION_STRIDE windows of the message sent. A time limit
 * begins anew with it, and not with every byte, or a server could hold us for ever by dripping. (A
 * kernel goes on to take a few bytes at a time for half a minute after the other side has stopped
 * reading.) */
guint session_steps(const Session *self);

/* Begins a transaction. The envelope's texts and bytes are borrowed until its outcome is taken. An
 * envelope that can't be sent here (larger than SIZE allows, SMTPUTF8 not offered, an address that
 * isn't safe in a command) has its outcome at once and nothing is sent. */
void session_begin(Session *self, const Envelope *envelope);

/* The server has asked for the message and offers PIPELINING: the next envelope can be handed over
 * now, so that its commands leave together with the message's end (RFC 2920 section 3.1) and a
 * round trip is spared. Its message leaves only after the answer to the first one. If the
 * connection ends before its turn it is SESSION_UNBEGUN. */
gboolean session_may_follow(const Session *self);
void session_follow(Session *self, const Envelope *envelope);

/* Says goodbye: QUIT. The session is over when the server has answered. */
void session_quit(Session *self);

/* The bytes to send next, `length` 0 when there are none; valid until the next call. session_sent
 * says how many of them have left. */
const char *session_output(Session *self, gsize *length);

/* The same in up to SESSION_PIECES pieces, `length` bytes in all; how many. A message that is plain
 * stands in them where its envelope has it, and isn't copied. Calls of both may follow each other. */
guint session_pieces(Session *self, struct iovec *pieces, gsize *length);
void session_sent(Session *self, gsize count);

/* The output holds the end of the message, and nothing of that end has left yet: once it is sent,
 * only an answer can tell whether the message was delivered. */
gboolean session_commits(const Session *self);

/* Takes bytes received; any number, including those that arrive when none are expected. */
void session_feed(Session *self, const char *bytes, gsize length);

/* The connection is gone or is given up: `why` is put into the outcome's text ("the connection was
 * lost", "no answer within 300 s"). The session is over. */
void session_lost(Session *self, const char *why);

/* Gives what became of an envelope, once; its texts are borrowed until the next session_begin or
 * session_follow. Where a follower is in hand there may be two to take, the older one first. */
SessionResult session_take(Session *self, Outcome *outcome);

#endif
