/* handshake - what a server says before the first mail transaction */
#include "delivery/handshake.h"

#include <string.h>

#include "base/trace.h"

void handshake_init(Handshake *self, gboolean starttls)
{
    memset(self, 0, sizeof *self);
    self->starttls = starttls;
    reply_init(&self->reply);
}

void handshake_finish(Handshake *self)
{
    reply_finish(&self->reply);
}

/* What a challenge holds may be made of the secret or of its refusal's details: it isn't shown. */
static void trace_line(const char *line)
{
    if (g_str_has_prefix(line, "334"))
        trace("smtp", "< 334 (not shown)");
    else
        trace("smtp", "< %s", line);
}

/* A whole reply moves us on, or is a refusal. */
static void step_on(Handshake *self)
{
    int code = self->reply.code;
    self->refused = code >= 400;
    switch (self->step) {
    case HANDSHAKE_GREETING:
        if (code == 220)
            self->step = HANDSHAKE_EHLO;
        break;
    case HANDSHAKE_EHLO:
        if (code == 250)
            self->step = self->starttls && !self->in_tls ? HANDSHAKE_STARTTLS : HANDSHAKE_SIGN_IN;
        break;
    case HANDSHAKE_STARTTLS:
        if (code == 220) { /* RFC 3207: what was learnt before is forgotten */
            self->in_tls = TRUE;
            self->step = HANDSHAKE_EHLO;
            extensions_init(&self->offered);
        }
        break;
    case HANDSHAKE_SIGN_IN:
        if (code == 235)
            self->step = HANDSHAKE_DONE;
        break;
    case HANDSHAKE_DONE:
        break;
    }
}

/* Takes one line with its end. */
static gboolean take_line(Handshake *self, const char *bytes, gsize length)
{
    gsize used, end = length;
    while (end && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r'))
        end--;
    g_autofree char *line = g_strndup(bytes, end);
    trace_line(line);

    gboolean first = self->reply.lines == 0;
    if (self->step == HANDSHAKE_GREETING && !*self->greeting)
        g_strlcpy(self->greeting, line, sizeof self->greeting);
    ReplyProgress progress = reply_feed(&self->reply, bytes, length, &used);
    if (progress == REPLY_BROKEN)
        return FALSE;
    /* The first line of the reply to EHLO is the server's name, the others are its extensions. */
    if (self->step == HANDSHAKE_EHLO && self->reply.code == 250 && !first && end > 4)
        extensions_add(&self->offered, line + 4);
    self->is_whole = progress == REPLY_WHOLE;
    if (self->is_whole)
        step_on(self);
    return TRUE;
}

gboolean handshake_take(Handshake *self, const char *bytes, gsize length)
{
    self->began = self->began || length;
    while (length && !self->is_broken) {
        const char *eol = memchr(bytes, '\n', length);
        gsize piece = eol ? (gsize)(eol - bytes) + 1 : length;
        if (self->is_whole) /* the last one is kept until the next begins */
            reply_clear(&self->reply);
        self->is_broken = !take_line(self, bytes, piece);
        bytes += piece;
        length -= piece;
    }
    return !self->is_broken;
}

const char *handshake_step_name(const Handshake *self)
{
    switch (self->step) {
    case HANDSHAKE_GREETING:
        return "greeting";
    case HANDSHAKE_EHLO:
        return "EHLO";
    case HANDSHAKE_STARTTLS:
        return "STARTTLS";
    case HANDSHAKE_SIGN_IN:
    case HANDSHAKE_DONE:
        return "sign-in";
    }
    g_assert_not_reached();
}
