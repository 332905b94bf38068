/* reply - one SMTP reply, read from bytes that nobody vouches for */
#include "delivery/reply.h"

#include <string.h>

void reply_init(Reply *self)
{
    memset(self, 0, sizeof *self);
    self->text = g_string_new(NULL);
    self->line = g_string_new(NULL);
}

void reply_clear(Reply *self)
{
    self->code = 0;
    self->enhanced[0] = '\0';
    g_string_truncate(self->text, 0);
    g_string_truncate(self->line, 0);
    self->lines = 0;
    self->is_broken = FALSE;
}

void reply_finish(Reply *self)
{
    g_string_free(self->text, TRUE);
    g_string_free(self->line, TRUE);
    memset(self, 0, sizeof *self);
}

/* The length of "5.1.1" at the start of `text` when it is an enhanced status code of the class
 * `class`, followed by a blank or the end; else 0. RFC 2034: both codes must be of one class. */
static gsize enhanced_length(const char *text, char class)
{
    const char *p = text;
    if (*p++ != class || !strchr("245", class))
        return 0;
    for (int part = 0; part < 2; part++) {
        if (*p++ != '.')
            return 0;
        gsize digits = strspn(p, "0123456789");
        if (digits < 1 || digits > 3 || (digits > 1 && *p == '0'))
            return 0;
        p += digits;
    }
    return *p == '\0' || *p == ' ' || *p == '\t' ? (gsize)(p - text) : 0;
}

/* Adds a line's text to what is kept, as one line of text that can be shown. */
static void keep(Reply *self, const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    if (!*text || self->text->len >= REPLY_TEXT_MAX)
        return;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    if (self->text->len)
        g_string_append_c(self->text, ' ');
    for (char *p = valid; *p; p = g_utf8_next_char(p)) {
        gsize size = (gsize)(g_utf8_next_char(p) - p);
        gunichar c = g_utf8_get_char(p);
        if (self->text->len + size > REPLY_TEXT_MAX)
            break;
        /* Format characters go too: a server must not turn the reader's line around (U+202E). */
        if (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT || c == 0x2028 ||
            c == 0x2029)
            g_string_append_c(self->text, c == '\t' ? ' ' : '?');
        else
            g_string_append_len(self->text, p, (gssize)size);
    }
    while (self->text->len && self->text->str[self->text->len - 1] == ' ')
        g_string_truncate(self->text, self->text->len - 1);
}

/* Takes the line that has come in. */
static ReplyProgress take_line(Reply *self)
{
    const char *line = self->line->str;
    if (self->line->len != strlen(line)) /* a NUL */
        return REPLY_BROKEN;
    if (line[0] < '2' || line[0] > '5' || !g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]))
        return REPLY_BROKEN;
    if (line[3] != '\0' && line[3] != ' ' && line[3] != '-')
        return REPLY_BROKEN;
    int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (self->lines && code != self->code) /* RFC 5321: every line of a reply has the same code */
        return REPLY_BROKEN;
    self->code = code;
    self->lines++;

    const char *text = line[3] ? line + 4 : "";
    gsize enhanced = enhanced_length(text, line[0]);
    if (enhanced && (!self->enhanced[0] || strncmp(text, self->enhanced, enhanced) == 0)) {
        memcpy(self->enhanced, text, enhanced);
        self->enhanced[enhanced] = '\0';
        text += enhanced;
    }
    keep(self, text);
    if (line[3] != '-')
        return REPLY_WHOLE;
    return self->lines < REPLY_LINES_MAX ? REPLY_MORE : REPLY_BROKEN;
}

static ReplyProgress feed_line(Reply *self, const char *bytes, gsize length, gsize *used)
{
    const char *end = memchr(bytes, '\n', length);
    gsize piece = end ? (gsize)(end - bytes) : length;
    *used = end ? piece + 1 : piece;

    if (self->line->len + piece > REPLY_LINE_MAX + 1) /* one for the CR */
        return REPLY_BROKEN;
    g_string_append_len(self->line, bytes, (gssize)piece);
    if (!end)
        return REPLY_MORE;
    if (self->line->len && self->line->str[self->line->len - 1] == '\r')
        g_string_truncate(self->line, self->line->len - 1);
    if (self->line->len > REPLY_LINE_MAX)
        return REPLY_BROKEN;
    ReplyProgress progress = take_line(self);
    g_string_truncate(self->line, 0);
    return progress;
}

ReplyProgress reply_feed(Reply *self, const char *bytes, gsize length, gsize *used)
{
    *used = 0;
    while (!self->is_broken && *used < length) {
        gsize step;
        ReplyProgress progress = feed_line(self, bytes + *used, length - *used, &step);
        *used += step;
        if (progress == REPLY_WHOLE)
            return REPLY_WHOLE;
        self->is_broken = progress == REPLY_BROKEN;
    }
    if (!self->is_broken)
        return REPLY_MORE;
    *used = length;
    return REPLY_BROKEN;
}

gboolean reply_is_positive(const Reply *self)
{
    return self->code / 100 == 2;
}

gboolean reply_is_temporary(const Reply *self)
{
    return self->code / 100 == 4;
}

gboolean reply_is_permanent(const Reply *self)
{
    return self->code / 100 == 5;
}

gboolean reply_is_closing(const Reply *self)
{
    return self->code == 421 || self->code == 221;
}
