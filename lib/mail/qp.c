/* qp - quoted-printable, in pieces that can be joined (RFC 2045 section 6.7) */
#include "mail/qp.h"

#include <string.h>

/* GMime and GLib have encoders, but neither keeps the promises that let pieces be joined (a dot or
 * "From " never begins a line, a character is never split), and both go byte by byte. */

/* What stands for itself wherever in a line it is; a blank does too unless a line end follows. */
static inline gboolean is_literal(guchar c)
{
    return c == '\t' || (c >= ' ' && c <= '~' && c != '=');
}

/* Whether one of eight bytes is less than `least`, which is at most 128. */
static inline gboolean holds_less(guint64 eight, guint least)
{
    const guint64 ones = G_MAXUINT64 / 255;
    return ((eight - ones * least) & ~eight & (ones << 7)) != 0;
}

static inline gboolean are_literals(const char *p)
{
    const guint64 ones = G_MAXUINT64 / 255;
    guint64 eight;
    memcpy(&eight, p, sizeof eight);
    return !(eight & (ones << 7)) && !holds_less(eight, ' ') &&
           !holds_less(eight ^ ones * '=', 1) && !holds_less(eight ^ ones * 0x7f, 1);
}

static gsize count_literals(const char *p, const char *end)
{
    const char *start = p;
    while (end - p >= 8 && are_literals(p))
        p += 8;
    while (p < end && is_literal((guchar)*p))
        p++;
    return (gsize)(p - start);
}

static char *encode_byte(char *to, guchar c)
{
    static const char digits[] = "0123456789ABCDEF";
    *to++ = '=';
    *to++ = digits[c >> 4];
    *to++ = digits[c & 15];
    return to;
}

/* How many bytes belong to the character at `p`: what must stay on one line. A byte that isn't part
 * of well-formed UTF-8 stands alone. */
static gsize character_length(const char *p, const char *end)
{
    guchar c = (guchar)*p;
    gsize n = c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 1;
    if (n > (gsize)(end - p))
        return 1;
    for (gsize i = 1; i < n; i++)
        if (((guchar)p[i] & 0xc0) != 0x80)
            return 1;
    return n;
}

/* A relay may take a line that is a dot for the end, and an mbox "From " for the next message. */
static gboolean begins_badly(const char *p, const char *end)
{
    return *p == '.' || (*p == 'F' && end - p >= 5 && memcmp(p, "From ", 5) == 0);
}

static char *soft_break(char *to)
{
    memcpy(to, "=\r\n", 3);
    return to + 3;
}

/* How many bytes from `p` on stand for themselves and fit into `room`. The last may also take the
 * place of the "=" if a line end follows it. */
static gsize literal_run(const char *p, const char *end, gsize room, gboolean is_hard)
{
    const char *stop = end;
    if (is_hard && (end[-1] == ' ' || end[-1] == '\t'))
        stop--; /* trailing white space gets lost on the way */
    if ((gsize)(stop - p) > room + 1)
        stop = p + room + 1;
    gsize run = count_literals(p, stop);
    return run > room && !(is_hard && p + run == end) ? room : run;
}

/* Encodes one line of text, without its end, at `to`; where the encoding ends. `is_hard` says that
 * a line end follows. */
static char *encode_line(char *to, const char *p, const char *end, gboolean is_hard)
{
    gsize column = 0;
    while (p < end) {
        gsize room = QP_WIDTH - 1 - column; /* beside the "=" of a soft break */
        gsize run = column || !begins_badly(p, end) ? literal_run(p, end, room, is_hard) : 0;
        if (run) {
            memcpy(to, p, run);
            to += run;
            p += run;
            column += run;
            continue;
        }
        gsize n = character_length(p, end);
        if (3 * n > room + (is_hard && p + n == end)) {
            to = soft_break(to);
            column = 0;
            continue;
        }
        column += 3 * n;
        while (n--)
            to = encode_byte(to, (guchar)*p++);
    }
    return to;
}

/* The most that encode_line and a line end can take: each byte three, and a soft break for as few
 * as 64 columns, for a character of 12 may not fit. */
static gsize most(gsize length)
{
    return 3 * length + 3 * (3 * length / 64 + 1) + 3;
}

void qp_append(GString *out, const char *text, gsize length)
{
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (gsize)(end - text));
        const char *line_end = newline ? newline : end;
        if (newline && newline > text && newline[-1] == '\r')
            line_end--;

        gsize before = out->len;
        g_string_set_size(out, before + most((gsize)(line_end - text)));
        char *to = encode_line(out->str + before, text, line_end, newline != NULL);
        if (newline) {
            memcpy(to, "\r\n", 2);
            to += 2;
        } else {
            to = soft_break(to);
        }
        g_string_truncate(out, (gsize)(to - out->str));
        text = newline ? newline + 1 : end;
    }
}
