/* scan - addresses, reply codes, status codes and SMTP commands found in running text */
#include "reason/scan.h"

#include <stdlib.h>
#include <string.h>

#include "reason/pattern.h"

enum { SPAN_MAX = 256 }; /* bytes of an address before its @, and after it */

/* Advances over one space, however many characters it was written with; 0 if there is none at `at`.
 */
static gsize blank_length(const char *at, const char *end)
{
    const char *start = at;
    for (;;) {
        if (at < end && g_ascii_isspace(*at))
            at++;
        else if (end - at >= 2 && memcmp(at, "\xc2\xa0", 2) == 0) /* no-break space */
            at += 2;
        else if (end - at >= 3 && memcmp(at, "\xe3\x80\x80", 3) == 0) /* ideographic space */
            at += 3;
        else
            return at - start;
    }
}

static gsize apostrophe_length(const char *at, const char *end)
{
    if (end - at >= 3 && (memcmp(at, "\xe2\x80\x99", 3) == 0 || memcmp(at, "\xe2\x80\x98", 3) == 0))
        return 3;
    return 0;
}

/* Writes the small letter of a two-byte character (Latin, Greek, Cyrillic) and returns its length;
 * 0 if the bytes are none. */
static gsize lower_length(const char *at, const char *end, char *to)
{
    gunichar c = end - at >= 2 ? g_utf8_get_char_validated(at, 2) : (gunichar)-1;
    if (c > 0x7ff)
        return 0;
    gunichar lower = g_unichar_tolower(c);
    return (gsize)g_unichar_to_utf8(lower < 0x800 ? lower : c, to);
}

char *scan_fold(const char *text, gsize length)
{
    const char *at = text, *end = text + length;
    char *out = g_malloc(MIN(length, FOLD_MAX) + 2), *to = out, *limit = out + FOLD_MAX;
    while (at < end && to < limit) {
        gsize n = (guchar)*at > ' ' && (guchar)*at < 0x80 ? 0 : blank_length(at, end);
        if (n) {
            if (to > out)
                *to++ = ' ';
            at += n;
        } else if ((guchar)*at == 0xe2 && (n = apostrophe_length(at, end))) {
            *to++ = '\'';
            at += n;
        } else if ((guchar)*at >= 0xc3 && (guchar)*at <= 0xd5 && to + 1 < limit &&
                   (n = lower_length(at, end, to))) {
            at += 2;
            to += n;
        } else {
            *to++ = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
            at++;
        }
    }
    char *last = at < end ? g_utf8_find_prev_char(out, to) : NULL;
    if (last &&
        g_utf8_get_char_validated(last, to - last) == (gunichar)-2) /* the cut went through it */
        to = last;
    while (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

static gboolean is_local_char(guchar c)
{
    return g_ascii_isalnum(c) || c >= 0x80 || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static gboolean is_domain_char(guchar c)
{
    return g_ascii_isalnum(c) || c >= 0x80 || c == '-' || c == '.' || c == '_';
}

/* CJK punctuation and quotation marks stand right before an address and are no part of it. */
static gboolean is_wide_mark(const char *at)
{
    gunichar c = g_utf8_get_char_validated(at, -1);
    return c >= 0x2000 && c < 0xf0000 && !g_unichar_isalnum(c) &&
           g_unichar_type(c) != G_UNICODE_OTHER_SYMBOL;
}

/* Where the quoted local part begins whose closing quote is right before `at`, or `at`. */
static const char *quoted_start(const char *text, const char *at)
{
    const char *last = at - 1;
    for (const char *c = last; c > text && last - c < SPAN_MAX && c[-1] != '\n'; c--)
        if (c[-1] == '"')
            return c < last ? c - 1 : at;
    return at;
}

static const char *local_start(const char *text, const char *at)
{
    const char *start = at;
    if (at > text && at[-1] == '"') /* "ann smith"@example.org */
        return quoted_start(text, at);
    while (start > text && at - start < SPAN_MAX && is_local_char((guchar)start[-1])) {
        const char *before =
            (guchar)start[-1] < 0x80 ? start - 1 : g_utf8_find_prev_char(text, start);
        if (!before || ((guchar)*before >= 0x80 && is_wide_mark(before)))
            break;
        start = before;
    }
    if (at - start > 5 && g_ascii_strncasecmp(start, "smtp=", 5) == 0) /* X.400: dda:SMTP=... */
        start += 5;
    while (start < at && (*start == '\'' || *start == '`'))
        start++;
    return start;
}

/* The end of "[192.0.2.1]", or `at` if it is none. */
static const char *literal_end(const char *at)
{
    for (const char *c = at; *c && c - at < SPAN_MAX && !g_ascii_isspace(*c); c++)
        if (*c == ']')
            return c + 1;
    return at;
}

static const char *domain_end(const char *at)
{
    const char *end = at;
    if (*end == '[')
        return literal_end(end);
    while (end - at < SPAN_MAX && is_domain_char((guchar)*end) &&
           !((guchar)*end >= 0xc0 && is_wide_mark(end)))
        end++;
    while (end > at && ((guchar)*end & 0xc0) == 0x80) /* SPAN_MAX lies within a character */
        end--;
    while (end > at && (end[-1] == '.' || end[-1] == '-' || end[-1] == '_'))
        end--;
    return end;
}

gboolean scan_address(const char *text, const char **start, const char **end)
{
    for (const char *at = strchr(text, '@'); at; at = strchr(at + 1, '@')) {
        *start = local_start(text, at);
        *end = domain_end(at + 1);
        if (*start<at && * end> at + 1)
            return TRUE;
    }
    return FALSE;
}

char *scan_address_dup(const char *text)
{
    const char *start, *end;
    return text && scan_address(text, &start, &end) ? g_strndup(start, end - start) : NULL;
}

/* Reads "5.1.1" at `at`; returns its length or 0. */
static gsize status_length(const char *at, gboolean success)
{
    const char *c = at;
    if (*c != '4' && *c != '5' && !(success && *c == '2'))
        return 0;
    c++;
    for (int i = 0; i < 2; i++) {
        gsize digits = 0;
        if (*c++ != '.')
            return 0;
        while (digits < 4 && g_ascii_isdigit(c[digits]))
            digits++;
        if (digits == 0 || digits > 3)
            return 0;
        c += digits;
    }
    if (*c == '.' && g_ascii_isdigit(c[1]))
        return 0;
    return g_ascii_isalpha(*c) || *c == '/' ? 0 : c - at;
}

gsize scan_status_length(const char *at)
{
    return status_length(at, FALSE);
}

/* How much the place speaks for a code: 2 behind a reply code or '#', 1 elsewhere, 0 not at all. */
static int status_weight(const char *text, const char *at)
{
    if (at == text)
        return 2;
    if (g_ascii_isalnum(at[-1]) || at[-1] == '.' || at[-1] == '/' || at[-1] == '-')
        return at - text >= 4 && at[-1] == '-' && g_ascii_isdigit(at[-2]) && g_ascii_isdigit(at[-3])
                   ? 2
                   : 0;
    if (at[-1] == '#')
        return 2;
    if (at - text >= 4 && at[-1] == ' ' && g_ascii_isdigit(at[-2]) && g_ascii_isdigit(at[-3]) &&
        (at[-4] == '4' || at[-4] == '5'))
        return 2;
    if (at - text >= 8 && (g_ascii_strncasecmp(at - 8, "version ", 8) == 0 ||
                           g_ascii_strncasecmp(at - 8, "release ", 8) == 0))
        return 0;
    return 1;
}

gboolean scan_status(const char *text, gboolean success, char status[STATUS_SIZE])
{
    int best = 0;
    for (const char *at = text; (at = strpbrk(at, success ? "245" : "45")); at++) {
        gsize length = status_length(at, success);
        int weight = length ? status_weight(text, at) : 0;
        if (weight > best) {
            best = weight;
            memcpy(status, at, length);
            status[length] = '\0';
            if (best == 2)
                return TRUE;
        }
    }
    return best > 0;
}

gboolean scan_is_code(const char *text, const char *at)
{
    if (*at != '4' && *at != '5')
        return FALSE;
    if (at > text && (g_ascii_isalnum(at[-1]) || strchr("./-_@:=[", at[-1])) &&
        !(at[-1] == ':' && at - text > 1))
        return FALSE;
    if (!g_ascii_isdigit(at[1]) || at[1] > '7' || !g_ascii_isdigit(at[2]))
        return FALSE;
    char after = at[3];
    return after == ' ' || after == '-' || after == '\0' || after == '\n' || after == ':' ||
           after == ',' || after == ')' || after == ';' || after == '_' || after == '#';
}

guint scan_code(const char *text)
{
    for (const char *at = text; (at = strpbrk(at, "45")); at++)
        if (scan_is_code(text, at))
            return (guint)strtoul((char[]){at[0], at[1], at[2], '\0'}, NULL, 10);
    return 0;
}

/* The length of "550-5.7.1 ", "550 5.7.1 " or "550-" at `at`, for the code that `code` begins with;
 * else 0. */
static gsize wrap_length(const char *at, const char *code)
{
    if (strncmp(at, code, 3) != 0 || (at[3] != '-' && at[3] != ' '))
        return 0;
    gsize n = 4, status = status_length(at + 4, FALSE);
    if (!status)
        return at[3] == '-' ? n : 0;
    n += status;
    return n + (at[n] == ' ');
}

void scan_unwrap(char *folded)
{
    char *first = folded;
    while ((first = strpbrk(first, "45")) && !(scan_is_code(folded, first) && first[3] == '-'))
        first++;
    if (!first)
        return;
    gsize n = wrap_length(first, first);
    char *from = first + MAX(n, 4), *to = from;
    while (*from) {
        gsize skip = from[-1] == ' ' ? wrap_length(from, first) : 0;
        if (skip)
            from += skip;
        else
            *to++ = *from++;
    }
    *to = '\0';
}

/* What systems call the places of the dialogue; the last one named in a text counts, since
 * transcripts end with what failed. */
static const struct {
    const char *text;
    SmtpCommand command;
} COMMANDS[] = {
    {"in reply to rcpt", SMTP_RCPT},
    {"in reply to mail", SMTP_MAIL},
    {"in reply to end of data", SMTP_DATA},
    {"in reply to data", SMTP_DATA},
    {"in reply to helo", SMTP_HELLO},
    {"in reply to ehlo", SMTP_HELLO},
    {"in reply to starttls", SMTP_STARTTLS},
    {"refused to talk to me", SMTP_CONNECT},
    {"while performing the helo", SMTP_HELLO},
    {"while performing the ehlo", SMTP_HELLO},
    {"while receiving the initial server greeting", SMTP_CONNECT},
    {"while sending rcpt", SMTP_RCPT},
    {"while sending mail", SMTP_MAIL},
    {"while sending end of data", SMTP_DATA},
    {"while sending data", SMTP_DATA},
    {"while sending message body", SMTP_DATA},
    {"after rcpt to", SMTP_RCPT},
    {"after rcpt command", SMTP_RCPT},
    {"after pipelined rcpt", SMTP_RCPT},
    {"after mail from", SMTP_MAIL},
    {"after pipelined mail", SMTP_MAIL},
    {"after end of data", SMTP_DATA},
    {"after data", SMTP_DATA},
    {"after pipelined data", SMTP_DATA},
    {"after sending data", SMTP_DATA},
    {"after initial connection", SMTP_CONNECT},
    {"after helo", SMTP_HELLO},
    {"after ehlo", SMTP_HELLO},
    {"after starttls", SMTP_STARTTLS},
    {"for rcpt to command", SMTP_RCPT},
    {"for rcpt command", SMTP_RCPT},
    {"for mail from command", SMTP_MAIL},
    {"for mail command", SMTP_MAIL},
    {"for text command", SMTP_DATA},
    {"for data command", SMTP_DATA},
    {"for initial greeting", SMTP_CONNECT},
    {"following rcpt command", SMTP_RCPT},
    {"following mail command", SMTP_MAIL},
    {"following data command", SMTP_DATA},
    {"not like our rcpt", SMTP_RCPT},
    {"not like our mail", SMTP_MAIL},
    {"not like our data", SMTP_DATA},
    {"not like our final data", SMTP_DATA},
    {"not like our ehlo", SMTP_HELLO},
    {"not like our helo", SMTP_HELLO},
    {"not like our greeting", SMTP_HELLO},
    {"does not like recipient", SMTP_RCPT},
    {"rcpt to response", SMTP_RCPT},
    {"but sender was rejected", SMTP_MAIL},
    {"but my name was rejected", SMTP_HELLO},
    {"but greeting failed", SMTP_CONNECT},
    {"failed on data command", SMTP_DATA},
    {"failed after i sent the message", SMTP_DATA},
    {"rcpt to generated following", SMTP_RCPT},
    {"data generated following", SMTP_DATA},
    {"[rcpt_to]", SMTP_RCPT},
    {"[mail_from]", SMTP_MAIL},
    {"[data]", SMTP_DATA},
    {"[helo]", SMTP_HELLO},
    {"[connect]", SMTP_CONNECT},
    {"sent <<< rcpt", SMTP_RCPT},
    {"sent <<< mail", SMTP_MAIL},
    {"sent <<< data", SMTP_DATA},
    {"sent <<< ehlo", SMTP_HELLO},
    {"sent <<< helo", SMTP_HELLO},
    {"server sent: rcpt to", SMTP_RCPT},
    {"server sent: mail from", SMTP_MAIL},
    {"-smtp command data", SMTP_DATA},
    {"-smtp command rcpt", SMTP_RCPT},
    {"-smtp command mail", SMTP_MAIL},
    {"-smtp command ehlo", SMTP_HELLO},
    {"step: data", SMTP_DATA},
    {"step: rcpt", SMTP_RCPT},
    {"step: mail", SMTP_MAIL},
    {">>> rcpt", SMTP_RCPT},
    {">>> mail", SMTP_MAIL},
    {">>> data", SMTP_DATA},
    {">>> ehlo", SMTP_HELLO},
    {">>> helo", SMTP_HELLO},
    {">>> starttls", SMTP_STARTTLS},
    {">>> auth", SMTP_AUTH},
    {"(state 14)", SMTP_RCPT},
    {"(state 17)", SMTP_DATA},
    {"(state 18)", SMTP_DATA},
};

/* "--> rcpt to:<...>", "stage rcpt", "(phase: data)": a command named behind an arrow or a word for a
 * place, whatever the system that names it; the last one. */
static SmtpCommand placed_command(const char *folded)
{
    static const struct {
        const char *verb;
        SmtpCommand command;
    } VERBS[] = {{"rcpt", SMTP_RCPT},  {"mail from", SMTP_MAIL}, {"data", SMTP_DATA},
                 {"ehlo", SMTP_HELLO}, {"helo", SMTP_HELLO},     {"starttls", SMTP_STARTTLS}};
    static const char *const PLACES[] = {"->",      ">>",    "stage",  "phase", "step",
                                         "command", "state", "during", "after", "at",
                                         "to",      "verb",  NULL};
    SmtpCommand command = SMTP_UNKNOWN;
    const char *last = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++)
        for (const char *at = folded; (at = strstr(at, VERBS[i].verb)); at++) {
            const char *before = at;
            gsize n = strlen(VERBS[i].verb);
            while (before > folded && strchr(" :='\"([", before[-1]))
                before--;
            gboolean placed = FALSE;
            for (const char *const *place = PLACES; *place && !placed; place++) {
                gsize length = strlen(*place);
                placed = (gsize)(before - folded) >= length && before < at &&
                         memcmp(before - length, *place, length) == 0;
            }
            if (placed && !g_ascii_isalnum(at[n]) && (!last || at > last)) {
                last = at;
                command = VERBS[i].command;
            }
        }
    return command;
}

SmtpCommand scan_command(const char *folded)
{
    SmtpCommand command = SMTP_UNKNOWN;
    const char *last = NULL;
    Subject subject;
    subject_init(&subject, folded);
    for (gsize i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        if (!subject_has(&subject, COMMANDS[i].text))
            continue;
        const char *at = g_strrstr(folded, COMMANDS[i].text); /* the last one */
        if (!last || at > last) {
            last = at;
            command = COMMANDS[i].command;
        }
    }
    return command != SMTP_UNKNOWN ? command : placed_command(folded);
}
