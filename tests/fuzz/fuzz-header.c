/* fuzz-header - no value makes more than one header, nor a line that a reader could misread */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mail/header.h"
#include "mail/part.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One header: its further lines begin with a space and something after it. */
static void check_header(const GString *out, gsize start, gsize width)
{
    const char *line = out->str + start, *end = out->str + out->len;
    for (gboolean is_first = TRUE; line < end; is_first = FALSE) {
        const char *stop = strstr(line, "\r\n");
        g_assert(stop && (gsize)(stop - line) <= width);
        g_assert(is_first || (line[0] == ' ' && line[1] > ' '));
        for (; line < stop; line++)
            g_assert(*line >= ' ' && *line <= '~');
        line = stop + 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GString) out = g_string_new(NULL);
    header_append(out, "Subject", text);
    check_header(out, 0, HEADER_WIDTH);
    gsize start = out->len;
    header_append_mailbox(out, "Reply-To", text, "ann@example.org");
    check_header(out, start, HEADER_WIDTH);
    start = out->len;
    header_append_uri(out, "List-Unsubscribe", text);
    check_header(out, start, G_MAXSIZE);
    start = out->len;
    header_append_token(out, "Message-ID", text);
    check_header(out, start, G_MAXSIZE);

    g_string_truncate(out, 0);
    ComposeFile file = {text, text, text, strlen(text)};
    part_append(out, &file);
    char *body = strstr(out->str, "\r\n\r\n");
    g_assert(body);
    for (const char *p = out->str; p < body; p++)
        g_assert((*p >= ' ' && *p <= '~') || *p == '\r' || *p == '\n');
    return 0;
}
