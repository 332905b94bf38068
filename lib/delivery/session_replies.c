/* session_replies - what the server's answers mean for the transaction under way */
#include "delivery/session_parts.h"

#include "base/trace.h"
#include "mail/refusal.h"

static gboolean has_failed(const Session *self)
{
    return self->settlements[self->now].has_failed;
}

/* Notes a refusal by the awaited command's reply. Before the recipient was named it can't be meant
 * for the recipient; what is said of the conversation costs nobody a letter. */
static void note_refusal(Session *self)
{
    const Reply *reply = &self->reply;
    RefusalAbout about = refusal_by_code(reply->code, reply->enhanced);
    gboolean is_early = self->stage <= MAIL && about != REFUSAL_MESSAGE;
    SessionResult result = SESSION_OUTCOME;
    OutcomeKind kind = OUTCOME_REFUSED;
    if (reply_is_temporary(reply) || about == REFUSAL_SESSION)
        kind = OUTCOME_DEFERRED;
    if (reply_is_closing(reply) && self->completed && !self->dot_has_left) {
        result = SESSION_MISSED;
    } else if (is_early || refusal_is_of_all(reply->code, reply->enhanced)) {
        result = SESSION_UNWANTED;
        kind = OUTCOME_UNTRIED;
    }
    session_note(self, result, kind, reply, reply->text->str);
}

/* 221 after the dot: neither yes nor no, and nothing more will come. */
static void end_in_doubt(Session *self)
{
    g_autofree char *why = g_strdup_printf("the server answered '%d %s', a goodbye,",
                                           self->reply.code, self->reply.text->str);
    session_end(self, why);
}

static void end_confused(Session *self)
{
    g_autofree char *why = self->reply.is_broken
                               ? g_strdup("the server's answer was no SMTP reply")
                               : g_strdup_printf("the server answered '%d %s' out of turn",
                                                 self->reply.code, self->reply.text->str);
    session_end(self, why);
}

/* MAIL or RCPT has its reply. After a refusal a pipelined group goes on to its end, for the replies
 * to the rest still come; in lock step it ends here. */
static void answered_envelope(Session *self, gboolean *accepted)
{
    if (reply_is_positive(&self->reply)) {
        *accepted = TRUE;
    } else {
        note_refusal(self);
        self->needs_reset = self->has_mail;
    }
    if (*accepted || self->offered.pipelining) {
        session_advance(self, self->stage + 1);
        return;
    }
    self->completed++;
    session_settle(self);
}

static void answered_data(Session *self)
{
    if (self->reply.code == 354 && !has_failed(self)) {
        self->stage = MESSAGE;
        stuffing_init(&self->stuffing, self->envelope.bytes, self->envelope.length,
                      self->envelope.is_plain);
    } else if (self->reply.code == 354 && self->has_mail && !self->has_rcpt) {
        /* RFC 2920 section 3.1: a server may accept DATA without a recipient and waits for a dot.
         */
        self->stage = LONE_DOT;
        session_command(self, LONE_DOT, NULL);
    } else if (reply_is_temporary(&self->reply) || reply_is_permanent(&self->reply)) {
        note_refusal(self);
        self->needs_reset = self->has_mail || self->has_rcpt;
        self->completed++;
        session_settle(self);
    } else {
        end_confused(self); /* a dot might deliver an empty message: say nothing more */
    }
}

/* The reply to the message; one that comes before its end can only be a refusal. */
static void answered_message(Session *self)
{
    gboolean early = !self->dot_has_left;
    if (reply_is_positive(&self->reply) && !early) {
        session_note(self, SESSION_OUTCOME, OUTCOME_SENT, &self->reply, self->reply.text->str);
        self->taken++;
    } else if (reply_is_temporary(&self->reply) || reply_is_permanent(&self->reply)) {
        note_refusal(self);
        /* One that came before the end, or crossed it: the server may read the rest of the letter
         * as commands, and its answers to those can't be told from ones to ours. */
        self->is_over = early || self->reply.code == 552;
    } else {
        end_confused(self);
        return;
    }
    self->completed++;
    session_settle(self);
}

static void answered(Session *self)
{
    const Reply *reply = &self->reply;
    self->steps++;
    trace("smtp", "< %d%s%s %s", reply->code, reply->enhanced[0] ? " " : "", reply->enhanced,
          reply->text->str);
    gboolean unasked =
        self->stage != MESSAGE && self->out->len && self->sent < self->ends[self->stage];
    if (self->stage == IDLE || self->stage == QUIT) {
        self->is_over = TRUE;
    } else if (reply_is_closing(reply) && reply_is_positive(reply) && self->dot_has_left) {
        end_in_doubt(self);
    } else if (reply_is_closing(reply)) {
        note_refusal(self);
        self->is_over = TRUE;
        self->completed += self->stage > MAIL; /* the envelope had an answer of its own */
        session_settle(self);
    } else if (unasked || (reply->code < 400 && reply->code >= 300 && self->stage != DATA)) {
        end_confused(self);
    } else {
        switch (self->stage) {
        case RESET:
            if (reply_is_positive(reply))
                session_advance(self, MAIL);
            else
                end_confused(self);
            break;
        case MAIL:
            answered_envelope(self, &self->has_mail);
            break;
        case RCPT:
            answered_envelope(self, &self->has_rcpt);
            break;
        case DATA:
            answered_data(self);
            break;
        case MESSAGE:
            answered_message(self);
            break;
        case LONE_DOT:
            self->needs_reset = TRUE;
            self->completed++;
            session_settle(self);
            break;
        case IDLE:
        case QUIT:
            g_assert_not_reached();
        }
    }
}

void session_feed(Session *self, const char *bytes, gsize length)
{
    while (length && !self->is_over) {
        gsize used;
        ReplyProgress progress = reply_feed(&self->reply, bytes, length, &used);
        bytes += used;
        length -= used;
        if (progress == REPLY_MORE) {
            self->is_over = self->stage == IDLE; /* nobody asked, and the next reply must be ours */
            return;
        }
        if (progress == REPLY_WHOLE)
            answered(self);
        else
            end_confused(self);
        reply_clear(&self->reply);
    }
}
