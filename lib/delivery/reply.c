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
    return self->code == 421;
}

/* Whether the enhanced code, without its class, is one of `words`. */
static gboolean enhanced_is(const Reply *self, const char *const *words)
{
    return self->enhanced[0] && g_strv_contains(words, self->enhanced + 2);
}

gboolean reply_is_about_message(const Reply *self)
{
    static const char *const size_or_alphabet[] = {"3.4", "2.3", "6.7", NULL};
    return self->code == 552 || enhanced_is(self, size_or_alphabet);
}

/* What relays say, most of them only at RCPT and with 5.7.1, when it is not the recipient they
 * object to. */
static gboolean text_blames_us(const char *text)
{
    static const char *const phrases[] = {
        "sender address rejected", "client host rejected", "helo command rejected", /* Postfix */
        "relay access denied",                                                      /* Postfix */
        "relay not permitted",                                                      /* Exim */
        "relaying denied",                                                          /* Sendmail */
        "unable to relay",                                                          /* Exchange */
        "credentials for relay",                                                    /* Google */
    };
    g_autofree char *lower = g_ascii_strdown(text, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++)
        if (strstr(lower, phrases[i]))
            return TRUE;
    return FALSE;
}

gboolean reply_is_about_sender(const Reply *self)
{
    static const char *const sender[] = {
        "1.7",   /* RFC 3463: bad sender's mailbox address syntax */
        "1.8",   /* RFC 3463: bad sender's system; Microsoft 365: sender blocked as a spammer */
        "1.90",  /* Microsoft 365: daily limit of recipients reached */
        "2.252", /* Microsoft 365: may not send as this sender */
        "4.5",   /* Google: daily sending limit reached */
        "7.54",  /* Exchange: doesn't relay for us */
        "7.57",  /* Microsoft 365: client not authenticated */
        "7.60",  /* Microsoft 365: may not send as this sender */
        "7.501", /* Microsoft 365: 501 to 503, 705, 708, 750: account, tenant or domain blocked */
        "7.502", "7.503", "7.705", "7.708", "7.750", NULL};
    if (!reply_is_permanent(self))
        return FALSE;
    if (self->code == 530 || self->code == 535 || self->code == 538) /* RFC 4954 */
        return TRUE;
    return enhanced_is(self, sender) || text_blames_us(self->text->str);
}
