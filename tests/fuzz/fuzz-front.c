/* fuzz-front - any bytes as an update: the body lies within them, on the line it says */
#include <stdint.h>
#include <string.h>

#include "config/front.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const FrontText *text, guint lines)
{
    g_assert_cmpuint(text->line, <=, lines);
    if (text->text)
        g_assert_true(text->line && *text->text && !strpbrk(text->text, "\r\n\t"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = g_malloc(MAX(size, 1)); /* no byte to spare, so that ASan sees an overrun */
    if (size)
        memcpy(bytes, data, size);
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Front) front = front_parse(bytes, size, "update.md", findings);
    g_assert_true((front == NULL) == (findings_count(findings, FINDING_ERROR) > 0));
    if (front) {
        guint line = 1;
        g_assert_cmpuint(front->body_offset, <=, size);
        for (gsize i = 0; i < front->body_offset; i++)
            line += bytes[i] == '\n';
        if (size && front->body_offset == size && bytes[size - 1] != '\n' && line > 1)
            line++; /* dashes that end the file have the body after them */
        g_assert_cmpuint(front->body_line, ==, line);
        check_text(&front->subject, line);
        check_text(&front->preheader, line);
        check_text(&front->from, line);
        check_text(&front->date, line);
        for (guint i = 0; i < front->attachments->len; i++)
            check_text(g_ptr_array_index(front->attachments, i), line);
    }
    g_free(bytes);
    return 0;
}
