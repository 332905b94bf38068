/* dot_stuffing - a message as it must travel after DATA */
#include "delivery/dot_stuffing.h"

#include <string.h>

enum { BLOCK = 64 };

/* Goes on to the next piece where the present one is used up; FALSE at the end of the message. */
static gboolean has_more(DotStuffing *self)
{
    if (self->at < self->end)
        return TRUE;
    if (!self->n_next)
        return FALSE;
    self->at = self->next->iov_base;
    self->end = self->at + self->next->iov_len;
    self->next++;
    self->n_next--;
    return TRUE;
}

void dot_stuffing_init(DotStuffing *self, const struct iovec *pieces, guint count,
                       gboolean is_plain)
{
    *self =
        (DotStuffing){.next = pieces, .n_next = count, .is_plain = is_plain, .at_line_start = TRUE};
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

/* Copies up to `count` bytes one by one; less than `count` are left at the end of a piece. */
static void append_carefully(DotStuffing *self, GString *out, gsize count)
{
    while (count-- && self->at < self->end) {
        char c = *self->at++;
        gboolean is_done = c == '\n' && self->after_cr; /* its CR was made a line end */
        self->after_cr = c == '\r';
        if (is_done)
            continue;
        if (c == '\r' || c == '\n') {
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

static void append_plain(DotStuffing *self, GString *out, gsize window)
{
    while (out->len < window && has_more(self)) {
        gsize count = MIN(window - out->len, (gsize)(self->end - self->at));
        g_string_append_len(out, self->at, (gssize)count);
        self->at += count;
    }
}

/* Most of what need not be plain is: that is copied by blocks. */
static void append_any(DotStuffing *self, GString *out, gsize window)
{
    while (out->len < window && has_more(self)) {
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
            self->after_cr = FALSE;
        }
        append_carefully(self, out, BLOCK);
    }
}

gsize dot_stuffing_lend(DotStuffing *self, gsize window, guint room, struct iovec *pieces,
                        guint *count)
{
    gsize length = 0;
    g_assert(self->is_plain);
    for (*count = 0; *count < room && length < window && has_more(self); (*count)++) {
        gsize run = MIN(window - length, (gsize)(self->end - self->at));
        pieces[*count] = (struct iovec){(char *)self->at, run};
        self->at += run;
        length += run;
    }
    return length;
}

gboolean dot_stuffing_append(DotStuffing *self, GString *out, gsize window)
{
    if (self->is_plain)
        append_plain(self, out, window);
    else
        append_any(self, out, window);
    return dot_stuffing_end(self, out);
}

gboolean dot_stuffing_end(DotStuffing *self, GString *out)
{
    if (has_more(self))
        return FALSE;
    if (!self->at_line_start)
        g_string_append_len(out, "\r\n", 2);
    g_string_append_len(out, ".\r\n", 3);
    return TRUE;
}
