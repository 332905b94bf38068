/* splice - a message as a list of pieces: what all recipients get is held once */
#include "mail/splice.h"

#include <string.h>

#include "text/append.h"

enum { BLOCK = 64 };

struct Constant {
    GString *bytes;
    gboolean is_plain;
};

/* --- plain ----------------------------------------------------------------------------------- */

/* Whether the BLOCK bytes at `p` are plain: each CR is followed by LF, each LF preceded by CR, and
 * none of them is followed by a dot. Looks at one byte more. Without branches, so that compilers
 * make 16 comparisons of one. */
static gboolean is_plain_block(const char *p)
{
    guchar odd = 0;
    for (int i = 0; i < BLOCK; i++)
        odd |= (guchar)((p[i] == '\r') ^ (p[i + 1] == '\n')) |
               (guchar)((p[i] == '\n') & (p[i + 1] == '.'));
    return !odd;
}

gboolean splice_is_plain(const char *bytes, gsize length)
{
    gsize i = 0;
    if (length < 2 || *bytes == '.' || *bytes == '\n' || memcmp(bytes + length - 2, "\r\n", 2) != 0)
        return FALSE;
    for (; i + BLOCK < length; i += BLOCK)
        if (!is_plain_block(bytes + i))
            return FALSE;
    for (; i + 1 < length; i++)
        if ((bytes[i] == '\r') != (bytes[i + 1] == '\n') ||
            (bytes[i] == '\n' && bytes[i + 1] == '.'))
            return FALSE;
    return TRUE;
}

/* --- constants ------------------------------------------------------------------------------- */

Constant *constant_new(GString *bytes)
{
    Constant *self = g_new(Constant, 1);
    self->bytes = bytes;
    self->is_plain = !bytes->len || splice_is_plain(bytes->str, bytes->len);
    return self;
}

void constant_free(Constant *self)
{
    if (!self)
        return;
    g_string_free(self->bytes, TRUE);
    g_free(self);
}

/* --- messages -------------------------------------------------------------------------------- */

Splice *splice_new(void)
{
    Splice *self = g_new0(Splice, 1);
    self->own = g_string_sized_new(4096);
    self->pieces = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    splice_clear(self);
    return self;
}

void splice_free(Splice *self)
{
    if (!self)
        return;
    g_string_free(self->own, TRUE);
    g_array_unref(self->pieces);
    g_free(self);
}

void splice_clear(Splice *self)
{
    if (self->own->allocated_len > SPLICE_ROOM_MAX) {
        g_string_free(self->own, TRUE);
        self->own = g_string_sized_new(4096);
    }
    g_string_truncate(self->own, 0);
    g_array_set_size(self->pieces, 0);
    self->length = self->run = 0;
    self->is_plain = TRUE;
}

static void add_piece(Splice *self, char *bytes, gsize length)
{
    struct iovec piece = {bytes, length};
    g_array_append_val(self->pieces, piece);
    self->length += length;
}

/* The run of own bytes ends. Where it stands isn't known yet, for `own` may still move. */
static void end_run(Splice *self)
{
    gsize length = self->own->len - self->run;
    if (!length)
        return;
    self->is_plain = self->is_plain && splice_is_plain(self->own->str + self->run, length);
    add_piece(self, NULL, length);
    self->run = self->own->len;
}

void splice_borrow(Splice *self, const Constant *constant)
{
    if (constant->bytes->len <= SPLICE_COPY_MAX) {
        append_bytes(self->own, constant->bytes->str, constant->bytes->len);
        return;
    }
    end_run(self);
    add_piece(self, constant->bytes->str, constant->bytes->len);
    self->is_plain = self->is_plain && constant->is_plain;
}

void splice_end(Splice *self)
{
    char *own = self->own->str;
    end_run(self);
    for (guint i = 0; i < self->pieces->len; i++) {
        struct iovec *piece = &g_array_index(self->pieces, struct iovec, i);
        if (piece->iov_base)
            continue;
        piece->iov_base = own;
        own += piece->iov_len;
    }
    self->is_plain = self->is_plain && self->length;
}

void splice_gather(const Splice *self, GString *out)
{
    for (guint i = 0; i < self->pieces->len; i++) {
        const struct iovec *piece = &g_array_index(self->pieces, struct iovec, i);
        g_string_append_len(out, piece->iov_base, (gssize)piece->iov_len);
    }
}
