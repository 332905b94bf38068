/* test-stuffing - what stands after DATA: whatever the message, only its end is its end */
#define _GNU_SOURCE
#include <string.h>

#include "delivery/dot_stuffing.h"
#include "mail/splice.h"

/* The message with every line end as CRLF, and a CRLF at its end: what a server must make of it. */
static GString *canonical(const char *bytes, gsize length)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < length; i++) {
        if (bytes[i] == '\r' || bytes[i] == '\n') {
            i += bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n';
            g_string_append(out, "\r\n");
        } else {
            g_string_append_c(out, bytes[i]);
        }
    }
    if (out->len && out->str[out->len - 1] != '\n')
        g_string_append(out, "\r\n");
    return out;
}

/* A server's side (RFC 5321 section 4.5.2): takes lines up to the lone dot; must have used up all.
 */
static GString *received(const GString *wire)
{
    GString *message = g_string_new(NULL);
    const char *p = wire->str, *end = wire->str + wire->len;
    for (;;) {
        const char *eol = memmem(p, (gsize)(end - p), "\r\n", 2);
        g_assert_nonnull(eol);
        g_assert_null(memchr(p, '\r', (gsize)(eol - p))); /* no line end that isn't one */
        g_assert_null(memchr(p, '\n', (gsize)(eol - p)));
        if (*p == '.' && eol == p + 1)
            break;
        p += *p == '.';
        g_string_append_len(message, p, eol + 2 - p);
        p = eol + 2;
    }
    g_assert_true(p + 3 == end);
    return message;
}

/* The message cut in pieces, whole (`most` 0) or of up to so many bytes, each in memory of its own so
 * that ASan sees a byte too far. */
static GArray *cut(const char *bytes, gsize length, gsize most)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    for (gsize at = 0; at < length;) {
        gsize count = most ? (gsize)g_test_rand_int_range(1, (gint32)most + 1) : length;
        count = MIN(count, length - at);
        struct iovec piece = {g_memdup2(bytes + at, count), count};
        g_array_append_val(pieces, piece);
        at += count;
    }
    return pieces;
}

static void pieces_free(GArray *pieces)
{
    for (guint i = 0; i < pieces->len; i++)
        g_free(g_array_index(pieces, struct iovec, i).iov_base);
    g_array_unref(pieces);
}

static GString *stuffed(const GArray *pieces, gboolean is_plain, gsize window)
{
    GString *wire = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    DotStuffing stuffing;
    gboolean last;
    dot_stuffing_init(&stuffing, (const struct iovec *)(void *)pieces->data, pieces->len, is_plain);
    do {
        g_string_truncate(out, 0);
        last = dot_stuffing_append(&stuffing, out, window);
        g_assert_true(last || out->len >= window);
        g_assert_cmpuint(out->len, <=, window + 200);
        g_string_append_len(wire, out->str, (gssize)out->len);
    } while (!last);
    return wire;
}

static void check_pieces(const char *bytes, gsize length, gsize window, gsize most)
{
    GArray *pieces = cut(bytes, length, most);
    g_autoptr(GString) wire = stuffed(pieces, FALSE, window);
    g_autoptr(GString) want = canonical(bytes, length);
    g_autoptr(GString) got = received(wire);
    g_assert_cmpmem(got->str, got->len, want->str, want->len);

    /* What is said to travel as it is does so, and nothing else. */
    g_autofree char *exact = g_memdup2(bytes, length);
    gboolean is_plain = splice_is_plain(exact, length);
    gboolean as_it_is =
        length > 0 && wire->len == length + 3 && memcmp(wire->str, bytes, length) == 0;
    g_assert_cmpint(is_plain, ==, as_it_is);
    g_autoptr(GString) plain = stuffed(pieces, is_plain, window);
    g_assert_cmpmem(plain->str, plain->len, wire->str, wire->len);
    pieces_free(pieces);
}

static void check(const char *bytes, gsize length, gsize window)
{
    check_pieces(bytes, length, window, 0);
    check_pieces(bytes, length, window, MAX(length / 3, 1));
}

static void test_every_short_message(void)
{
    static const char alphabet[] = {'.', '\r', '\n', 'a'};
    char message[8];
    for (guint length = 0; length <= 7; length++) {
        for (guint n = 0; n < 1u << (2 * length); n++) {
            for (guint i = 0; i < length; i++)
                message[i] = alphabet[n >> (2 * i) & 3];
            check(message, length, 3);
        }
    }
}

/* Every pair of bytes that matters, at every place around the borders of the blocks. */
static void test_every_place(void)
{
    static const char *const pieces[] = {".",    "..",   "\r\n",       "\r\n.",   "\r\n.\r\n",
                                         "\n.",  "\r.",  "\n.\r\n",    "\r\n.\n", "\r\n.\r",
                                         "\r\r", "\n\n", "\r\n\r\n.x", "\r",      "\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        gsize size = strlen(pieces[i]);
        for (gsize at = 0; at + size <= 200; at++) {
            char message[200];
            memset(message, 'a', sizeof message);
            memcpy(message + at, pieces[i], size);
            check(message, sizeof message, 1000);
            check(message, at + size, 70);
        }
    }
}

static void test_random(void)
{
    for (guint n = 0; n < 3000; n++) {
        gsize length = (gsize)g_test_rand_int_range(0, 3000);
        guint rare = (guint)g_test_rand_int_range(1, 60);
        g_autofree char *message = g_malloc(length + 1);
        gsize i = 0;
        while (i < length) {
            guint r = (guint)g_test_rand_int_range(0, 3 * (gint)rare);
            if (r == 0 && i + 2 <= length) {
                memcpy(message + i, "\r\n", 2);
                i += 2;
            } else {
                message[i++] = r == 1 ? '.' : r == 2 ? '\n' : r == 3 ? '\r' : (char)(r & 0xff);
            }
        }
        check(message, length, (gsize)g_test_rand_int_range(1, 4000));
    }
}

static void test_untouched(void)
{
    g_autoptr(GString) message = g_string_new(NULL);
    for (int i = 0; i < 1000; i++)
        g_string_append(message, "a line. with dots . but none where it matters.\r\n");
    g_autoptr(GString) out = g_string_new(NULL);
    DotStuffing stuffing;
    struct iovec piece = {message->str, message->len};
    dot_stuffing_init(&stuffing, &piece, 1, FALSE);
    g_assert_true(dot_stuffing_append(&stuffing, out, G_MAXSIZE));
    g_string_append(message, ".\r\n");
    g_assert_cmpstr(out->str, ==, message->str);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stuffing/every-short-message", test_every_short_message);
    g_test_add_func("/stuffing/every-place", test_every_place);
    g_test_add_func("/stuffing/random", test_random);
    g_test_add_func("/stuffing/untouched", test_untouched);
    return g_test_run();
}
