/* session - the mail transactions of one SMTP connection as a state machine */
#include "delivery/session.h"

#include <string.h>

#include "base/trace.h"
#include "delivery/envelope.h"
#include "delivery/reply.h"
#include "delivery/stuffing.h"

/* The command whose reply is awaited next; LONE_DOT ends a DATA that has no recipient. */
typedef enum { IDLE, RESET, MAIL, RCPT, DATA, MESSAGE, LONE_DOT, QUIT } Stage;

static const char *const stage_names[] = {"",     "RSET",    "MAIL", "RCPT",
                                          "DATA", "message", "DATA", "QUIT"};

enum { TERMINATOR = 5 }; /* CRLF "." CRLF */

struct Session {
    Extensions offered;
    Stage stage;
    gboolean is_over;
    gboolean needs_reset; /* the server is in the middle of a transaction that failed */
    guint completed, steps;

    GString *out; /* commands, or a window of the message; `sent` bytes of it have left */
    gsize sent;
    gsize ends[QUIT + 1]; /* where in `out` the command of each stage ends */
    Stuffing stuffing;
    guint windows;           /* of the message, so far */
    gboolean message_is_out; /* the window holds the message's end */
    gboolean dot_has_left;   /* a byte of the terminator has been sent */

    Reply reply;
    Envelope envelope;
    gboolean has_mail, has_rcpt; /* were accepted */
    gboolean has_failed;         /* `outcome` and `result` hold why */

    SessionResult result;
    gboolean is_settled; /* the result can be taken */
    Outcome outcome;
    GString *text;
    char enhanced[REPLY_ENHANCED_MAX + 1];
};

Session *session_new(const Extensions *offered)
{
    Session *self = g_new0(Session, 1);
    self->offered = *offered;
    self->out = g_string_sized_new(1024);
    self->text = g_string_new(NULL);
    reply_init(&self->reply);
    return self;
}

void session_free(Session *self)
{
    if (!self)
        return;
    g_string_free(self->out, TRUE);
    g_string_free(self->text, TRUE);
    reply_finish(&self->reply);
    g_free(self);
}

gboolean session_is_ready(const Session *self)
{
    return self->stage == IDLE && !self->is_over && !self->is_settled;
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

guint session_steps(const Session *self)
{
    return self->steps;
}

/* --- what becomes of an envelope -------------------------------------------------------------- */

/* Notes why the envelope failed, or that it was sent. What was noted first stands: in a pipelined
 * group the later commands fail because the first did. */
static void note(Session *self, SessionResult result, OutcomeKind kind, const Reply *reply,
                 const char *text)
{
    if (self->has_failed)
        return;
    self->has_failed = kind != OUTCOME_SENT;
    self->result = result;
    g_string_assign(self->text, text);
    g_strlcpy(self->enhanced, reply ? reply->enhanced : "", sizeof self->enhanced);
    self->outcome = (Outcome){.number = self->envelope.number,
                              .kind = kind,
                              .code = reply ? reply->code : 0,
                              .enhanced = self->enhanced,
                              .stage = stage_names[self->stage]};
}

/* Notes a refusal by the awaited command's reply. */
static void note_refusal(Session *self)
{
    const Reply *reply = &self->reply;
    gboolean stale = self->completed && self->stage <= MAIL && reply_is_closing(reply);
    gboolean unwanted =
        reply_is_about_sender(reply) || (self->stage == MAIL && !reply_is_about_message(reply));
    if (reply_is_temporary(reply))
        note(self, stale ? SESSION_MISSED : SESSION_OUTCOME, OUTCOME_DEFERRED, reply,
             reply->text->str);
    else if (unwanted)
        note(self, SESSION_UNWANTED, OUTCOME_UNTRIED, reply, reply->text->str);
    else
        note(self, SESSION_OUTCOME, OUTCOME_REFUSED, reply, reply->text->str);
}

/* The transaction has come to its end: the result can be taken. */
static void settle(Session *self)
{
    self->stage = IDLE;
    self->is_settled = TRUE;
    g_string_truncate(self->out, 0);
    self->sent = 0;
}

/* Nothing that comes from the server can be trusted or expected any more. */
static void end(Session *self, const char *why)
{
    gboolean has_envelope = self->stage != IDLE && self->stage != QUIT;
    self->is_over = TRUE;
    if (!has_envelope)
        return;
    if (self->dot_has_left) {
        g_autofree char *text =
            g_strdup_printf("%s after the message had been sent; it may have been delivered", why);
        note(self, SESSION_OUTCOME, OUTCOME_UNKNOWN, NULL, text);
    } else {
        gboolean missed = self->completed && self->stage <= MAIL;
        note(self, missed ? SESSION_MISSED : SESSION_OUTCOME, OUTCOME_DEFERRED, NULL, why);
    }
    settle(self);
}

static void end_confused(Session *self)
{
    g_autofree char *why = self->reply.is_broken
                               ? g_strdup("the server's answer was no SMTP reply")
                               : g_strdup_printf("the server answered '%d %s' out of turn",
                                                 self->reply.code, self->reply.text->str);
    end(self, why);
}

SessionResult session_take(Session *self, Outcome *outcome)
{
    if (!self->is_settled)
        return SESSION_NOTHING;
    self->is_settled = FALSE;
    *outcome = self->outcome;
    outcome->text = self->text->str;
    return self->result;
}

/* --- commands --------------------------------------------------------------------------------- */

/* Writes the command of a stage. */
static void command(Session *self, Stage stage)
{
    GString *out = self->out;
    gsize start = out->len;
    if (stage == MAIL)
        envelope_mail(&self->envelope, &self->offered, out);
    else if (stage == RCPT)
        envelope_rcpt(&self->envelope, out);
    else
        g_string_append(out, stage == LONE_DOT ? "." : stage_names[stage]);
    trace("smtp", "> %s", out->str + start);
    g_string_append_len(out, "\r\n", 2);
    self->ends[stage] = out->len;
}

/* Awaits the reply of the next command; without PIPELINING it is only sent now. */
static void advance(Session *self, Stage stage)
{
    self->stage = stage;
    if (!self->offered.pipelining)
        command(self, stage);
}

void session_begin(Session *self, const Envelope *envelope)
{
    g_assert(session_is_ready(self));
    const char *enhanced;
    self->envelope = *envelope;
    self->has_failed = self->has_mail = self->has_rcpt = FALSE;
    self->message_is_out = self->dot_has_left = FALSE;
    self->windows = 0;
    self->stage = MAIL;
    g_autofree char *why = envelope_unfit(envelope, &self->offered, &enhanced);
    if (why) {
        note(self, SESSION_OUTCOME, OUTCOME_REFUSED, NULL, why);
        g_strlcpy(self->enhanced, enhanced, sizeof self->enhanced);
        settle(self);
        return;
    }
    self->stage = self->needs_reset ? RESET : MAIL;
    self->needs_reset = FALSE;
    command(self, self->stage);
    for (Stage stage = self->stage + 1; self->offered.pipelining && stage <= DATA; stage++)
        command(self, stage);
}

void session_quit(Session *self)
{
    g_assert(session_is_ready(self));
    self->stage = QUIT;
    command(self, QUIT);
}

/* --- output ----------------------------------------------------------------------------------- */

const char *session_output(Session *self, gsize *length)
{
    if (self->sent == self->out->len) {
        g_string_truncate(self->out, 0);
        self->sent = 0;
        if (self->stage == MESSAGE && !self->is_over && !self->message_is_out) {
            self->steps += self->windows++ % SESSION_STRIDE == 0;
            self->message_is_out = stuffing_append(&self->stuffing, self->out, SESSION_WINDOW);
        }
    }
    *length = self->is_over ? 0 : self->out->len - self->sent;
    return self->out->str + self->sent;
}

void session_sent(Session *self, gsize count)
{
    g_assert(count <= self->out->len - self->sent);
    self->sent += count;
    if (count && self->message_is_out && self->sent + TERMINATOR > self->out->len)
        self->dot_has_left = TRUE;
}

gboolean session_commits(const Session *self)
{
    return self->stage == MESSAGE && self->message_is_out && !self->dot_has_left && !self->is_over;
}

/* --- replies ---------------------------------------------------------------------------------- */

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
        advance(self, self->stage + 1);
        return;
    }
    self->completed++;
    settle(self);
}

static void answered_data(Session *self)
{
    if (self->reply.code == 354 && !self->has_failed) {
        self->stage = MESSAGE;
        stuffing_init(&self->stuffing, self->envelope.bytes, self->envelope.length);
    } else if (self->reply.code == 354 && self->has_mail && !self->has_rcpt) {
        /* RFC 2920 section 3.1: a server may accept DATA without a recipient and waits for a dot.
         */
        self->stage = LONE_DOT;
        command(self, LONE_DOT);
    } else if (reply_is_temporary(&self->reply) || reply_is_permanent(&self->reply)) {
        note_refusal(self);
        self->needs_reset = self->has_mail || self->has_rcpt;
        self->completed++;
        settle(self);
    } else {
        end_confused(self); /* a dot might deliver an empty message: say nothing more */
    }
}

/* The reply to the message; one that comes before its end can only be a refusal. */
static void answered_message(Session *self)
{
    gboolean early = !self->dot_has_left;
    if (reply_is_positive(&self->reply) && !early) {
        note(self, SESSION_OUTCOME, OUTCOME_SENT, &self->reply, self->reply.text->str);
    } else if (reply_is_temporary(&self->reply) || reply_is_permanent(&self->reply)) {
        note_refusal(self);
        self->is_over = early;
    } else {
        end_confused(self);
        return;
    }
    self->completed++;
    settle(self);
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
    } else if (reply_is_closing(reply)) {
        note_refusal(self);
        self->is_over = TRUE;
        settle(self);
    } else if (unasked || (reply->code < 400 && reply->code >= 300 && self->stage != DATA)) {
        end_confused(self);
    } else {
        switch (self->stage) {
        case RESET:
            if (reply_is_positive(reply))
                advance(self, MAIL);
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
            settle(self);
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

void session_lost(Session *self, const char *why)
{
    if (!self->is_over)
        end(self, why);
}
