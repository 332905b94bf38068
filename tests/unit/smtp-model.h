/* smtp-model - a model of an SMTP server, to hold against delivery/session.h without any socket
 *
 * It can be told what to answer at each stage, and keeps the account of what it has taken.
 */
#ifndef SMTP_MODEL_H
#define SMTP_MODEL_H

#include <string.h>

#include "delivery/session.h"

/* The stages at which the model server can be told what to answer. */
typedef enum { AT_RSET, AT_MAIL, AT_RCPT, AT_DATA, AT_BODY, AT_DOT, STAGES } At;

#define DROP "drop" /* closes the connection instead of an answer */

typedef struct {
    const char *script[STAGES]; /* what to answer; NULL for what a good server does */
    const char *const *then;    /* the script from the end of the first message on; may be NULL */
    gsize window;               /* bytes that session_sent is told at a time */
    gsize piece;                /* bytes that session_feed gets at a time */

    GString *in;      /* what has come and is no whole line yet */
    GString *message; /* of the transaction under way */
    gboolean in_data, has_mail, has_rcpt, gone;
    guint taken; /* messages it took responsibility for */
    GString *log;
    GString *taken_message;
} Server;

static void server_init(Server *self)
{
    memset(self, 0, sizeof *self);
    self->in = g_string_new(NULL);
    self->message = g_string_new(NULL);
    self->log = g_string_new(NULL);
    self->taken_message = g_string_new(NULL);
    self->window = 7;
    self->piece = 5;
}

static void server_finish(Server *self)
{
    g_string_free(self->in, TRUE);
    g_string_free(self->message, TRUE);
    g_string_free(self->log, TRUE);
    g_string_free(self->taken_message, TRUE);
}

static void answer(Server *self, GString *out, At at, const char *good)
{
    const char *text = self->script[at] ? self->script[at] : good;
    if (g_str_equal(text, DROP))
        self->gone = TRUE;
    else
        g_string_append_printf(out, "%s\r\n", text);
    if (g_str_has_prefix(text, "421"))
        self->gone = TRUE;
}

/* What a good server says in its state; `ok` when the command is in order. */
static void server_line(Server *self, const char *line, GString *out)
{
    g_string_append_printf(self->log, "%s|", line);
    gsize before = out->len;
    if (self->in_data) {
        if (!g_str_equal(line, ".")) {
            g_string_append_printf(self->message, "%s\r\n", line + (*line == '.'));
            if (self->script[AT_BODY] && self->message->len > 40)
                answer(self, out, AT_BODY, "");
            return;
        }
        self->in_data = FALSE;
        answer(self, out, AT_DOT, self->has_rcpt ? "250 2.0.0 queued" : "554 5.5.1 nobody");
        if (out->len > before && out->str[before] == '2' && self->has_mail && self->has_rcpt &&
            !g_str_has_prefix(out->str + before, "221")) {
            self->taken++;
            g_string_assign(self->taken_message, self->message->str);
        }
        self->has_mail = self->has_rcpt = FALSE;
        if (self->then)
            memcpy(self->script, self->then, sizeof self->script);
    } else if (g_str_equal(line, "RSET")) {
        answer(self, out, AT_RSET, "250 2.0.0 reset");
        self->has_mail = self->has_rcpt = FALSE;
    } else if (g_str_has_prefix(line, "MAIL")) {
        answer(self, out, AT_MAIL, self->has_mail ? "503 5.5.1 nested" : "250 2.1.0 ok");
        self->has_mail |= out->len > before && out->str[before] == '2';
    } else if (g_str_has_prefix(line, "RCPT")) {
        answer(self, out, AT_RCPT, self->has_mail ? "250 2.1.5 ok" : "503 5.5.1 no sender");
        self->has_rcpt |= self->has_mail && out->len > before && out->str[before] == '2';
    } else if (g_str_equal(line, "DATA")) {
        answer(self, out, AT_DATA, self->has_rcpt ? "354 go on" : "503 5.5.1 no recipient");
        self->in_data = out->len > before && g_str_has_prefix(out->str + before, "354");
        g_string_truncate(self->message, 0);
    } else if (g_str_equal(line, "QUIT")) {
        g_string_append(out, "221 bye\r\n");
        self->gone = TRUE;
    } else {
        g_error("not a command: '%s'", line);
    }
}

static void server_take(Server *self, const char *bytes, gsize length, GString *out)
{
    g_string_append_len(self->in, bytes, (gssize)length);
    char *eol;
    while (!self->gone && (eol = strstr(self->in->str, "\r\n"))) {
        *eol = '\0';
        server_line(self, self->in->str, out);
        g_string_erase(self->in, 0, eol + 2 - self->in->str);
    }
}

/* Whether the driver takes what there is to send in pieces, every other time. */
static gboolean model_takes_pieces;

/* The session's output, whichever way it is taken. */
static const char *model_output(Session *session, GString *flat, gsize *length)
{
    struct iovec pieces[SESSION_PIECES];
    static gboolean is_next;
    is_next = !is_next;
    if (!model_takes_pieces || is_next)
        return session_output(session, length);
    g_string_truncate(flat, 0);
    guint count = session_pieces(session, pieces, length);
    for (guint i = 0; i < count; i++) {
        g_assert_cmpuint(pieces[i].iov_len, >, 0);
        g_string_append_len(flat, pieces[i].iov_base, (gssize)pieces[i].iov_len);
    }
    g_assert_cmpuint(flat->len, ==, *length);
    return flat->str;
}

/* Drives the transaction that has begun until an outcome is there. `follower` (may be NULL) is
 * handed over as soon as the session takes one, and then set to NULL. */
static SessionResult drive_with(Session *session, Server *server, const Envelope **follower,
                                Outcome *outcome)
{
    g_autoptr(GString) back = g_string_new(NULL), flat = g_string_new(NULL);
    SessionResult ready = session_take(session, outcome);
    if (ready != SESSION_NOTHING)
        return ready;
    for (;;) {
        if (follower && *follower && session_may_follow(session)) {
            session_follow(session, *follower);
            *follower = NULL;
        }
        gsize length;
        const char *bytes = model_output(session, flat, &length);
        gsize step = MIN(length, server->window);
        if (step && !server->gone) {
            server_take(server, bytes, step, back);
            session_sent(session, step);
        }
        for (gsize at = 0; at < back->len; at += server->piece)
            session_feed(session, back->str + at, MIN(server->piece, back->len - at));
        gboolean moved = step || back->len;
        g_string_truncate(back, 0);
        if (server->gone)
            session_lost(session, "the connection was lost");
        SessionResult result = session_take(session, outcome);
        if (result != SESSION_NOTHING || session_is_over(session))
            return result;
        g_assert_true(moved);
    }
}

static SessionResult drive(Session *session, Server *server, Outcome *outcome)
{
    return drive_with(session, server, NULL, outcome);
}

#endif
