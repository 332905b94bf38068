/* session - the mail transactions of one SMTP connection as a state machine */
#include "delivery/session_parts.h"

#include <string.h>

#include "base/trace.h"

static const char *const stage_names[] = {"",     "RSET",    "MAIL", "RCPT",
                                          "DATA", "message", "DATA", "QUIT"};

enum { TERMINATOR = 5 }; /* CRLF "." CRLF */

Session *session_new(const Extensions *offered)
{
    Session *self = g_new0(Session, 1);
    self->offered = *offered;
    self->out = g_string_sized_new(1024);
    for (guint i = 0; i < 2; i++)
        settlement_init(&self->settlements[i]);
    reply_init(&self->reply);
    return self;
}

void session_free(Session *self)
{
    if (!self)
        return;
    g_string_free(self->out, TRUE);
    for (guint i = 0; i < 2; i++)
        settlement_finish(&self->settlements[i]);
    reply_finish(&self->reply);
    g_free(self);
}

gboolean session_is_ready(const Session *self)
{
    return self->stage == IDLE && !self->is_over && !self->settled;
}

gboolean session_is_over(const Session *self)
{
    return self->is_over;
}

gboolean session_is_busy(const Session *self)
{
    return self->stage != IDLE && !self->is_over;
}

guint session_completed(const Session *self)
{
    return self->completed;
}

guint session_taken(const Session *self)
{
    return self->taken;
}

gboolean session_awaits_verdict(const Session *self)
{
    return self->stage == MESSAGE && self->dot_has_left && !self->is_over;
}

guint session_steps(const Session *self)
{
    return self->steps;
}

/* --- what becomes of an envelope -------------------------------------------------------------- */

void session_note(Session *self, SessionResult result, OutcomeKind kind, const Reply *reply,
                  const char *text)
{
    settlement_note(&self->settlements[self->now], result, kind, reply, text,
                    stage_names[self->stage]);
}

static void start(Session *self, const Envelope *envelope)
{
    self->envelope = *envelope;
    self->has_mail = self->has_rcpt = FALSE;
    self->message_is_out = self->dot_has_left = FALSE;
    self->windows = 0;
    self->stage = MAIL;
    settlement_begin(&self->settlements[self->now], envelope->number);
}

static void begin(Session *self);

/* The transaction has come to its end: its result can be taken, and the follower has its turn. */
void session_settle(Session *self)
{
    gboolean follows = self->has_follower, is_out = self->follower_is_out;
    self->stage = IDLE;
    self->settled++;
    self->has_follower = self->follower_is_out = FALSE;
    if (!is_out) {
        g_string_truncate(self->out, 0);
        self->sent = 0;
    }
    if (!follows)
        return;
    self->now = !self->now;
    start(self, &self->follower);
    if (self->is_over) {
        session_note(self, SESSION_UNBEGUN, OUTCOME_DEFERRED, NULL,
                     "the connection ended before its turn");
        session_settle(self);
    } else if (!is_out) {
        begin(self);
    }
}

/* Nothing that comes from the server can be trusted or expected any more. */
void session_end(Session *self, const char *why)
{
    gboolean has_envelope = self->stage != IDLE && self->stage != QUIT;
    self->is_over = TRUE;
    if (!has_envelope)
        return;
    if (self->dot_has_left) {
        g_autofree char *text =
            g_strdup_printf("%s after the message had been sent; it may have been delivered", why);
        session_note(self, SESSION_OUTCOME, OUTCOME_UNKNOWN, NULL, text);
    } else {
        session_note(self, self->completed ? SESSION_MISSED : SESSION_OUTCOME, OUTCOME_DEFERRED,
                     NULL, why);
    }
    session_settle(self);
}

SessionResult session_take(Session *self, Outcome *outcome)
{
    if (!self->settled)
        return SESSION_NOTHING;
    /* The older one first: it isn't `now` where there are two, or where a follower goes on. */
    gboolean is_older = self->settled == 2 || (self->stage != IDLE && self->stage != QUIT);
    self->settled--;
    return settlement_give(&self->settlements[is_older ? !self->now : self->now], outcome);
}

/* --- commands --------------------------------------------------------------------------------- */

/* Writes the command of a stage. */
void session_command(Session *self, Stage stage, const Envelope *envelope)
{
    GString *out = self->out;
    gsize start = out->len;
    if (stage == MAIL)
        envelope_mail(envelope, &self->offered, out);
    else if (stage == RCPT)
        envelope_rcpt(envelope, out);
    else
        g_string_append(out, stage == LONE_DOT ? "." : stage_names[stage]);
    trace("smtp", "> %s", out->str + start);
    g_string_append_len(out, "\r\n", 2);
    self->ends[stage] = out->len;
}

/* Awaits the reply of the next command; without PIPELINING it is only sent now. */
void session_advance(Session *self, Stage stage)
{
    self->stage = stage;
    if (!self->offered.pipelining)
        session_command(self, stage, &self->envelope);
}

/* Writes MAIL and what may leave with it, which without PIPELINING is nothing. */
static void transaction(Session *self, const Envelope *envelope)
{
    session_command(self, MAIL, envelope);
    for (Stage stage = RCPT; self->offered.pipelining && stage <= DATA; stage++)
        session_command(self, stage, envelope);
}

static void begin(Session *self)
{
    const char *enhanced;
    g_autofree char *why = envelope_unfit(&self->envelope, &self->offered, &enhanced);
    if (why) {
        session_note(self, SESSION_OUTCOME, OUTCOME_REFUSED, NULL, why);
        g_strlcpy(self->settlements[self->now].enhanced, enhanced, REPLY_ENHANCED_MAX + 1);
        session_settle(self);
        return;
    }
    if (self->needs_reset) {
        self->stage = RESET;
        session_command(self, RESET, NULL);
    }
    if (!self->needs_reset || self->offered.pipelining)
        transaction(self, &self->envelope);
    self->needs_reset = FALSE;
}

void session_begin(Session *self, const Envelope *envelope)
{
    g_assert(session_is_ready(self));
    start(self, envelope);
    begin(self);
}

gboolean session_may_follow(const Session *self)
{
    return self->stage == MESSAGE && self->offered.pipelining && !self->message_is_out &&
           !self->has_follower && !self->settled && !self->is_over;
}

void session_follow(Session *self, const Envelope *envelope)
{
    g_assert(session_may_follow(self));
    self->follower = *envelope;
    self->has_follower = TRUE;
}

void session_quit(Session *self)
{
    g_assert(session_is_ready(self));
    self->stage = QUIT;
    session_command(self, QUIT, NULL);
}

/* --- output ----------------------------------------------------------------------------------- */

/* The next window of the message; behind its end the follower's commands (RFC 2920 section 3.1). */
static void fill_window(Session *self)
{
    const char *enhanced;
    self->steps += self->windows++ % SESSION_STRIDE == 0;
    self->message_is_out = stuffing_append(&self->stuffing, self->out, SESSION_WINDOW);
    self->ends[MESSAGE] = self->out->len;
    if (!self->message_is_out || !self->has_follower)
        return;
    g_autofree char *why = envelope_unfit(&self->follower, &self->offered, &enhanced);
    self->follower_is_out = !why;
    if (self->follower_is_out)
        transaction(self, &self->follower);
}

const char *session_output(Session *self, gsize *length)
{
    if (self->sent == self->out->len) {
        g_string_truncate(self->out, 0);
        self->sent = 0;
        if (self->stage == MESSAGE && !self->is_over && !self->message_is_out)
            fill_window(self);
    }
    *length = self->is_over ? 0 : self->out->len - self->sent;
    return self->out->str + self->sent;
}

void session_sent(Session *self, gsize count)
{
    g_assert(count <= self->out->len - self->sent);
    self->sent += count;
    if (!count || !self->message_is_out || self->sent + TERMINATOR <= self->ends[MESSAGE])
        return;
    self->steps += !self->dot_has_left; /* a time limit of its own begins */
    self->dot_has_left = TRUE;
}

gboolean session_commits(const Session *self)
{
    return self->stage == MESSAGE && self->message_is_out && !self->dot_has_left && !self->is_over;
}

void session_lost(Session *self, const char *why)
{
    if (!self->is_over)
        session_end(self, why);
}
