/* fuzz-qp - any bytes, cut in two anywhere, are encoded to lines that keep every promise of
 * mail/qp.h */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mail/qp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(const GString *out)
{
    const char *end = out->str + out->len;
    for (const char *line = out->str; line < end;) {
        const char *stop = memchr(line, '\r', (gsize)(end - line));
        g_assert(stop && stop + 1 < end && stop[1] == '\n' && stop - line <= QP_WIDTH);
        g_assert(*line != '.' && (stop - line < 5 || memcmp(line, "From ", 5) != 0));
        g_assert(stop == line || (stop[-1] != ' ' && stop[-1] != '\t'));
        line = stop + 2;
    }
}

/* What the encoded text stands for; aborts where it stands for nothing. */
static GString *decode(const GString *in)
{
    GString *out = g_string_new(NULL);
    for (const char *p = in->str, *end = p + in->len; p < end;) {
        if (*p != '=') {
            g_assert(*p == '\r' || *p == '\n' || *p == '\t' || (*p >= ' ' && *p <= '~'));
            g_string_append_c(out, *p++);
            continue;
        }
        g_assert(end - p >= 3);
        if (p[1] != '\r') {
            g_assert(g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2]));
            g_string_append_c(out,
                              (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2])));
        }
        p += 3;
    }
    return out;
}

static void append_canonical(GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            g_string_append_c(out, '\r');
        g_string_append_c(out, text[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const char *text = (const char *)data + 1;
    gsize length = size - 1, cut = length * data[0] / 255;
    g_autoptr(GString) out = g_string_new(NULL), wanted = g_string_new(NULL);
    qp_append(out, text, cut);
    qp_append(out, text + cut, length - cut);
    check_lines(out);
    append_canonical(wanted, text, cut);
    append_canonical(wanted, text + cut, length - cut);
    g_autoptr(GString) decoded = decode(out);
    g_assert(g_string_equal(decoded, wanted));
    return 0;
}
