/* dot_stuffing - a message as it must travel after DATA */
#include "delivery/dot_stuffing.h"

#include <string.h>

enum { BLOCK = 64 };

void dot_stuffing_init(DotStuffing *self, const char *bytes, gsize length, gboolean is_plain)
{
    self->is_plain = is_plain;
    self->at = length ? bytes : "";
    self->end = self->at + length;
    self->at_line_start = TRUE;
}

/* Whether the BLOCK bytes at `p` can be copied as they are: each CR is followed by LF, each LF
 * preceded by CR, and none of them is followed by a dot. Looks at one byte more. Without branches,
 * so that compilers make 16 comparisons of one: most letters have nothing to stuff. */
static gboolean is_plain(const char *p)
{
    guchar odd = 0;
    for (int i = 0; i < BLOCK; i++)
        odd |= (guchar)((p[i] == '\r') ^ (p[i + 1] == '\n')) |
               (guchar)((p[i] == '\n') & (p[i + 1] == '.'));
    return !odd;
}

gboolean dot_stuffing_is_needless(const char *bytes, gsize length)
{
    gsize i = 0;
    if (length < 2 || *bytes == '.' || *bytes == '\n' || memcmp(bytes + length - 2, "\r\n", 2) != 0)
        return FALSE;
    for (; i + BLOCK < length; i += BLOCK)
        if (!is_plain(bytes + i))
            return FALSE;
    for (; i + 1 < length; i++)
        if ((bytes[i] == '\r') != (bytes[i + 1] == '\n') ||
            (bytes[i] == '\n' && bytes[i + 1] == '.'))
            return FALSE;
    return TRUE;
}

/* Copies up to `count` bytes one by one; less than `count` are left at the end of the message. */
static void append_carefully(DotStuffing *self, GString *out, gsize count)
{
    while (count-- && self->at < self->end) {
        char c = *self->at++;
        if (c == '\r' || c == '\n') {
            if (c == '\r' && self->at < self->end && *self->at == '\n')
                self->at++;
            g_string_append_len(out, "\r\n", 2);
            self->at_line_start = TRUE;
            continue;
        }
        if (c == '.' && self->at_line_start)
            g_string_append_c(out, '.');
        g_string_append_c(out, c);
        self->at_line_start = FALSE;
    }
}

gboolean dot_stuffing_append(DotStuffing *self, GString *out, gsize window)
{
    if (self->is_plain && out->len < window) {
        gsize count = MIN(window - out->len, (gsize)(self->end - self->at));
        g_string_append_len(out, self->at, (gssize)count);
        self->at += count;
        self->at_line_start = TRUE; /* when that was the last of it */
    }
    while (!self->is_plain && out->len < window && self->at < self->end) {
        const char *from = self->at;
        /* After a block the next byte isn't a LF that belongs to its last CR, for a block that ends
         * so isn't taken whole; at a line's start a dot may come. */
        if (!self->at_line_start || *from != '.')
            while (self->end - self->at > BLOCK && out->len + (gsize)(self->at - from) < window &&
                   *self->at != '\n' && self->at[BLOCK - 1] != '\r' && is_plain(self->at))
                self->at += BLOCK;
        if (self->at > from) {
            g_string_append_len(out, from, self->at - from);
            self->at_line_start = self->at[-1] == '\n';
        }
        append_carefully(self, out, BLOCK);
    }
    if (self->at < self->end)
        return FALSE;
    if (!self->at_line_start)
        g_string_append_len(out, "\r\n", 2);
    g_string_append_len(out, ".\r\n", 3);
    return TRUE;
}
