/* session - the mail transactions of one SMTP connection as a state machine */
#include "delivery/session.h"

#include <string.h>

#include "base/trace.h"
#include "delivery/dot_stuffing.h"
#include "delivery/envelope.h"
#include "delivery/reply.h"
#include "mail/refusal.h"

/* The command whose reply is awaited next; LONE_DOT ends a DATA that has no recipient. */
typedef enum { IDLE, RESET, MAIL, RCPT, DATA, MESSAGE, LONE_DOT, QUIT } Stage;

struct Session {
    Extensions offered;
    Stage stage;
    gboolean is_over;
    gboolean needs_reset; /* the server is in the middle of a transaction that failed */
    guint completed, taken, steps;

    /* What is to be sent: what is lent of the message, then `out`: commands, or a window of it. */
    struct iovec lent[SESSION_PIECES - 1];
    guint n_lent;
    gsize lent_length;
    GString *out;
    gsize sent;           /* bytes of both have left */
    gsize ends[QUIT + 1]; /* where in both the command of each stage ends, or the message */
    DotStuffing dot_stuffing;
    guint windows;           /* of the message, so far */
    gboolean message_is_out; /* the window holds the message's end */
    gboolean dot_has_left;   /* a byte of the terminator has been sent */

    Reply reply;
    Envelope envelope;
    gboolean has_mail, has_rcpt; /* were accepted */

    Envelope follower; /* begun when the one under way has its answer */
    gboolean has_follower;
    gboolean follower_is_out; /* its commands stand behind the message's end in `out` */

    Transaction settlements[2]; /* of `envelope`, and of the one before or behind it */
    guint now;                  /* which of them is of `envelope` */
    guint settled;              /* how many can be taken */
};

/* Notes what has become of the envelope under way, at this stage. */
static void session_note(Session *self, SessionResult result, OutcomeKind kind, const Reply *reply,
                         const char *text);

/* The transaction has come to its end: its result can be taken, and the follower has its turn. */
static void session_settle(Session *self);

/* Nothing that comes from the server can be trusted or expected any more. */
static void session_end(Session *self, const char *why);

/* Writes the command of a stage. */
static void session_command(Session *self, Stage stage, const Envelope *envelope);

/* Awaits the reply of the next command; without PIPELINING it is only sent now. */
static void session_advance(Session *self, Stage stage);

/* How many bytes there are to send, those included that have left. */
static gsize total(const Session *self)
{
    return self->lent_length + self->out->len;
}

static void clear_output(Session *self)
{
    g_string_truncate(self->out, 0);
    self->sent = self->lent_length = self->n_lent = 0;
}

static const char *const stage_names[] = {"",     "RSET",    "MAIL", "RCPT",
                                          "DATA", "message", "DATA", "QUIT"};

enum { TERMINATOR = 5 }; /* CRLF "." CRLF */

Session *session_new(const Extensions *offered)
{
    Session *self = g_new0(Session, 1);
    self->offered = *offered;
    self->out = g_string_sized_new(1024);
    for (guint i = 0; i < 2; i++)
        transaction_init(&self->settlements[i]);
    reply_init(&self->reply);
    return self;
}

void session_free(Session *self)
{
    if (!self)
        return;
    g_string_free(self->out, TRUE);
    for (guint i = 0; i < 2; i++)
        transaction_finish(&self->settlements[i]);
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

static void session_note(Session *self, SessionResult result, OutcomeKind kind, const Reply *reply,
                         const char *text)
{
    transaction_note(&self->settlements[self->now], result, kind, reply, text,
                     stage_names[self->stage]);
}

static void start(Session *self, const Envelope *envelope)
{
    self->envelope = *envelope;
    self->has_mail = self->has_rcpt = FALSE;
    self->message_is_out = self->dot_has_left = FALSE;
    self->windows = 0;
    self->stage = MAIL;
    transaction_begin(&self->settlements[self->now], envelope->number);
}

static void begin(Session *self);

/* The transaction has come to its end: its result can be taken, and the follower has its turn. */
static void session_settle(Session *self)
{
    gboolean follows = self->has_follower, is_out = self->follower_is_out;
    self->stage = IDLE;
    self->settled++;
    self->has_follower = self->follower_is_out = FALSE;
    if (!is_out)
        clear_output(self);
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
static void session_end(Session *self, const char *why)
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
    return transaction_give(&self->settlements[is_older ? !self->now : self->now], outcome);
}

/* --- commands --------------------------------------------------------------------------------- */

/* Writes the command of a stage. */
static void session_command(Session *self, Stage stage, const Envelope *envelope)
{
    GString *out = self->out;
    gsize start = out->len;
    if (stage == MAIL)
        envelope_mail(envelope, &self->offered, out);
    else if (stage == RCPT)
        envelope_rcpt(envelope, &self->offered, out);
    else
        g_string_append(out, stage == LONE_DOT ? "." : stage_names[stage]);
    trace("smtp", "> %s", out->str + start);
    g_string_append_len(out, "\r\n", 2);
    self->ends[stage] = total(self);
}

/* Awaits the reply of the next command; without PIPELINING it is only sent now. */
static void session_advance(Session *self, Stage stage)
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

/* The next window of the message, lent where it may be and can; behind its end the follower's
 * commands (RFC 2920 section 3.1). */
static void fill_window(Session *self, gboolean may_lend)
{
    const char *enhanced;
    DotStuffing *message = &self->dot_stuffing;
    self->steps += self->windows++ % SESSION_STRIDE == 0;
    if (may_lend && message->is_plain) {
        self->lent_length = dot_stuffing_lend(message, SESSION_WINDOW, G_N_ELEMENTS(self->lent),
                                              self->lent, &self->n_lent);
        self->message_is_out = dot_stuffing_end(message, self->out);
    } else {
        self->message_is_out = dot_stuffing_append(message, self->out, SESSION_WINDOW);
    }
    self->ends[MESSAGE] = total(self);
    if (!self->message_is_out || !self->has_follower)
        return;
    g_autofree char *why = envelope_unfit(&self->follower, &self->offered, &enhanced);
    self->follower_is_out = !why;
    if (self->follower_is_out)
        transaction(self, &self->follower);
}

static void refill(Session *self, gboolean may_lend)
{
    if (self->sent < total(self))
        return;
    clear_output(self);
    if (self->stage == MESSAGE && !self->is_over && !self->message_is_out)
        fill_window(self, may_lend);
}

/* What has not left yet; how many pieces. */
static guint pending(const Session *self, struct iovec *pieces)
{
    guint count = 0;
    gsize gone = self->sent;
    if (self->is_over)
        return 0;
    for (guint i = 0; i < self->n_lent; i++) {
        const struct iovec *piece = &self->lent[i];
        gsize from = MIN(gone, piece->iov_len);
        gone -= from;
        if (from < piece->iov_len)
            pieces[count++] = (struct iovec){(char *)piece->iov_base + from, piece->iov_len - from};
    }
    if (gone < self->out->len)
        pieces[count++] = (struct iovec){self->out->str + gone, self->out->len - gone};
    return count;
}

guint session_pieces(Session *self, struct iovec *pieces, gsize *length)
{
    refill(self, TRUE);
    *length = self->is_over ? 0 : total(self) - self->sent;
    return pending(self, pieces);
}

const char *session_output(Session *self, gsize *length)
{
    struct iovec pieces[SESSION_PIECES];
    refill(self, FALSE);
    if (!pending(self, pieces))
        pieces[0] = (struct iovec){self->out->str + self->out->len, 0};
    *length = pieces[0].iov_len;
    return pieces[0].iov_base;
}

void session_sent(Session *self, gsize count)
{
    g_assert(count <= total(self) - self->sent);
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

/* --- what the server's answers mean for the transaction under way ------------------------------ */

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
    } else if (is_early) {
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
        dot_stuffing_init(&self->dot_stuffing, self->envelope.pieces, self->envelope.n_pieces,
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
        self->stage != MESSAGE && total(self) && self->sent < self->ends[self->stage];
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
