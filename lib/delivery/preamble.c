/* preamble - what a server says before the first mail transaction */
#include "delivery/preamble.h"

#include <string.h>

#include "base/trace.h"

void preamble_init(Preamble *self, gboolean starttls)
{
    memset(self, 0, sizeof *self);
    self->starttls = starttls;
    reply_init(&self->reply);
}

void preamble_finish(Preamble *self)
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
static void step_on(Preamble *self)
{
    int code = self->reply.code;
    self->refused = code >= 400;
    switch (self->step) {
    case PREAMBLE_GREETING:
        if (code == 220)
            self->step = PREAMBLE_EHLO;
        break;
    case PREAMBLE_EHLO:
        if (code == 250)
            self->step = self->starttls && !self->in_tls ? PREAMBLE_STARTTLS : PREAMBLE_SIGN_IN;
        break;
    case PREAMBLE_STARTTLS:
        if (code == 220) { /* RFC 3207: what was learnt before is forgotten */
            self->in_tls = TRUE;
            self->step = PREAMBLE_EHLO;
            extensions_init(&self->offered);
        }
        break;
    case PREAMBLE_SIGN_IN:
        if (code == 235)
            self->step = PREAMBLE_DONE;
        break;
    case PREAMBLE_DONE:
        break;
    }
}

/* Takes one line with its end. */
static gboolean take_line(Preamble *self, const char *bytes, gsize length)
{
    gsize used, end = length;
    while (end && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r'))
        end--;
    g_autofree char *line = g_strndup(bytes, end);
    trace_line(line);

    gboolean first = self->reply.lines == 0;
    if (self->step == PREAMBLE_GREETING && !*self->greeting)
        g_strlcpy(self->greeting, line, sizeof self->greeting);
    ReplyProgress progress = reply_feed(&self->reply, bytes, length, &used);
    if (progress == REPLY_BROKEN)
        return FALSE;
    /* The first line of the reply to EHLO is the server's name, the others are its extensions. */
    if (self->step == PREAMBLE_EHLO && self->reply.code == 250 && !first && end > 4)
        extensions_add(&self->offered, line + 4);
    self->is_whole = progress == REPLY_WHOLE;
    if (self->is_whole)
        step_on(self);
    return TRUE;
}

gboolean preamble_take(Preamble *self, const char *bytes, gsize length)
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

const char *preamble_step_name(const Preamble *self)
{
    switch (self->step) {
    case PREAMBLE_GREETING:
        return "greeting";
    case PREAMBLE_EHLO:
        return "EHLO";
    case PREAMBLE_STARTTLS:
        return "STARTTLS";
    case PREAMBLE_SIGN_IN:
    case PREAMBLE_DONE:
        return "sign-in";
    }
    g_assert_not_reached();
}
