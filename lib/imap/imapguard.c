/* imapguard - what an IMAP server may say before libetpan sees it */
#include "imap/imapguard.h"

#include <string.h>

void imapguard_init(ImapGuard *self)
{
    *self = (ImapGuard){.head = g_string_new(NULL), .tail = g_string_new(NULL)};
}

void imapguard_clear(ImapGuard *self)
{
    g_string_free(self->head, TRUE);
    g_string_free(self->tail, TRUE);
    g_free(self->goodbye);
}

void imapguard_begin(ImapGuard *self, gsize budget)
{
    self->budget = budget;
}

static void begin_line(ImapGuard *self)
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

/* Whether "BODY[]", or "BODY[HEADER.FIELDS (...)]" with a list that is no other section's, ends just
 * before `end`. */
static gboolean is_body(const char *tail, const char *end)
{
    static const char fields[] = "BODY[HEADER.FIELDS (";
    if (end - tail >= 6 && g_ascii_strncasecmp(end - 6, "BODY[]", 6) == 0)
        return TRUE;
    if (end - tail < 3 || end[-1] != ']' || end[-2] != ')')
        return FALSE;
    const char *open = end - 3;
    while (open > tail && *open != '(' && *open != ')' && *open != '[' && *open != ']')
        open--;
    gsize length = strlen(fields);
    return *open == '(' && (gsize)(open + 1 - tail) >= length &&
           g_ascii_strncasecmp(open + 1 - length, fields, length) == 0;
}

/* If the line ends with "BODY[] {123}" or "BODY[]<0> {123}", or so with a header's fields in the
 * brackets, the "{"; else NULL. */
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
    return is_body(tail, end) ? brace : NULL;
}

/* A line is complete, without its CRLF. */
static void end_line(ImapGuard *self)
{
    const char *head = self->head->str;
    const char *brace = find_body(self->tail->str, self->tail->len);
    if (brace && is_fetch(head)) {
        guint64 size;
        g_autofree char *digits = g_strndup(brace + 1, strlen(brace + 1) - 1);
        if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXUINT32, &size, NULL)) {
            self->wrong = "announces a message of no length";
            return;
        }
        self->literal = (gsize)size; /* watch_number has seen that it is not too much */
        /* The line goes on behind the literal. */
        g_string_truncate(self->tail, 0);
        return;
    }
    if (g_ascii_strncasecmp(head, "* BYE", 5) == 0 && (head[5] == ' ' || !head[5]) &&
        !self->goodbye_is_fine && !self->goodbye)
        self->goodbye = g_strstrip(g_strdup(head + 5));
    begin_line(self);
}

/* libetpan sets aside whatever a literal announces, wherever it takes one for possible, before it
 * reads it: so no number behind a brace may be more than what can still come. */
static void watch_number(ImapGuard *self, char byte)
{
    if (byte == '{') {
        self->in_number = TRUE;
        self->number = 0;
    } else if (self->in_number && g_ascii_isdigit(byte)) {
        self->number = self->number * 10 + (guint)(byte - '0');
        if (self->number > self->budget)
            self->wrong = "announces more than what was asked for";
    } else if (byte != ' ' && byte != '\t') {
        self->in_number = FALSE;
    }
}

/* Response codes of which libetpan 1.9 follows a NULL pointer when what follows them is not as it
 * should be (found by tests/fuzz/fuzz-imap), and which are nothing to us. */
static gboolean is_dangerous(const char *tail)
{
    static const char *const codes[] = {"PERMANENTFLAGS", "BADCHARSET"};
    const char *code = strrchr(tail, '[');
    for (gsize i = 0; code && i < G_N_ELEMENTS(codes); i++)
        if (g_ascii_strcasecmp(code + 1, codes[i]) == 0)
            return TRUE;
    return FALSE;
}

static void take_byte(ImapGuard *self, char *at)
{
    char byte = *at;
    if (!byte) {
        self->wrong = "sends a NUL, which is not IMAP";
        return;
    }
    watch_number(self, byte);
    if (byte == '\n') {
        if (self->tail->len && self->tail->str[self->tail->len - 1] == '\r')
            g_string_truncate(self->tail, self->tail->len - 1);
        if (self->head->len && self->head->str[self->head->len - 1] == '\r')
            g_string_truncate(self->head, self->head->len - 1);
        end_line(self);
        return;
    }
    if (byte == '(' && ++self->opens > IMAPGUARD_OPENS_MAX)
        self->wrong = "nests its answer too deep";
    if (self->head->len < IMAPGUARD_HEAD_MAX)
        g_string_append_c(self->head, byte);
    if (self->tail->len >= IMAPGUARD_HEAD_MAX)
        g_string_erase(self->tail, 0, IMAPGUARD_HEAD_MAX / 2);
    g_string_append_c(self->tail, byte);
    if (g_ascii_isalpha(byte) && is_dangerous(self->tail->str))
        *at = '-'; /* "[PERMANENTFLAG-" is any other code to it */
}

const char *imapguard_take(ImapGuard *self, char *bytes, gsize length)
{
    if (!self->wrong && length > self->budget)
        self->wrong = "sends more than it was asked for";
    if (self->wrong)
        return self->wrong;
    while (length && !self->wrong) {
        gsize skipped = MIN(self->literal, length);
        self->literal -= skipped;
        self->budget -= skipped;
        bytes += skipped;
        length -= skipped;
        if (length) {
            self->budget--;
            take_byte(self, bytes++);
            length--;
        }
    }
    return self->wrong;
}
