/* wireguard - what an IMAP server may say before libetpan sees it */
#include "bounce/wireguard.h"

#include <string.h>

void wireguard_init(WireGuard *self)
{
    *self = (WireGuard){.head = g_string_new(NULL), .tail = g_string_new(NULL)};
}

void wireguard_clear(WireGuard *self)
{
    g_string_free(self->head, TRUE);
    g_string_free(self->tail, TRUE);
    g_free(self->goodbye);
}

void wireguard_begin(WireGuard *self, gsize budget)
{
    self->budget = budget;
}

static void begin_line(WireGuard *self)
{
    self->opens = 0;
    g_string_truncate(self->head, 0);
    g_string_truncate(self->tail, 0);
}

/* "* 12 FETCH (" in any case. */
static gboolean is_fetch(const char *head)
{
    if (head[0] != '*' || head[1] != ' ' || !g_ascii_isdigit(head[2]))
        return FALSE;
    for (head += 2; g_ascii_isdigit(*head); head++)
        ;
    return g_ascii_strncasecmp(head, " FETCH (", 8) == 0;
}

/* If the line ends with "BODY[] {123}" or "BODY[]<0> {123}", the "{"; else NULL. */
static const char *find_body(const char *tail, gsize length)
{
    if (!length || tail[length - 1] != '}')
        return NULL;
    const char *brace = g_strrstr(tail, "{");
    if (!brace || brace - tail < 7 || brace[-1] != ' ')
        return NULL;
    const char *end = brace - 1; /* of BODY[]<0> */
    if (end[-1] == '>') {
        for (end -= 2; end > tail && g_ascii_isdigit(*end); end--)
            ;
        if (*end != '<')
            return NULL;
    }
    return end - tail >= 6 && g_ascii_strncasecmp(end - 6, "BODY[]", 6) == 0 ? brace : NULL;
}

/* A line is complete, without its CRLF. */
static void end_line(WireGuard *self)
{
    const char *head = self->head->str;
    const char *brace = find_body(self->tail->str, self->tail->len);
    if (brace && is_fetch(head)) {
        guint64 size;
        g_autofree char *digits = g_strndup(brace + 1, strlen(brace + 1) - 1);
        if (!g_ascii_string_to_unsigned(digits, 10, 0, self->budget, &size, NULL)) {
            self->wrong = "announces a message longer than what was asked for";
            return;
        }
        self->literal = (gsize)size;
        /* The line goes on behind the literal. */
        g_string_truncate(self->tail, 0);
        return;
    }
    if (g_ascii_strncasecmp(head, "* BYE", 5) == 0 && (head[5] == ' ' || !head[5]) &&
        !self->goodbye_is_fine && !self->goodbye)
        self->goodbye = g_strstrip(g_strdup(head + 5));
    begin_line(self);
}

static void take_byte(WireGuard *self, char byte)
{
    if (byte == '\n') {
        if (self->tail->len && self->tail->str[self->tail->len - 1] == '\r')
            g_string_truncate(self->tail, self->tail->len - 1);
        if (self->head->len && self->head->str[self->head->len - 1] == '\r')
            g_string_truncate(self->head, self->head->len - 1);
        end_line(self);
        return;
    }
    if (byte == '(' && ++self->opens > WIREGUARD_OPENS_MAX)
        self->wrong = "nests its answer too deep";
    if (self->head->len < WIREGUARD_HEAD_MAX)
        g_string_append_c(self->head, byte);
    if (self->tail->len >= WIREGUARD_HEAD_MAX)
        g_string_erase(self->tail, 0, WIREGUARD_HEAD_MAX / 2);
    g_string_append_c(self->tail, byte);
}

const char *wireguard_take(WireGuard *self, const char *bytes, gsize length)
{
    if (!self->wrong && length > self->budget)
        self->wrong = "sends more than it was asked for";
    if (self->wrong)
        return self->wrong;
    self->budget -= length;
    while (length && !self->wrong) {
        gsize skipped = MIN(self->literal, length);
        self->literal -= skipped;
        bytes += skipped;
        length -= skipped;
        if (length) {
            take_byte(self, *bytes++);
            length--;
        }
    }
    return self->wrong;
}
