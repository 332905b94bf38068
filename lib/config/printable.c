/* printable - bytes that a person sees as the program does */
#include "config/printable.h"

#include <string.h>

gboolean printable_bom(const char *bytes, gsize length)
{
    return length >= PLAIN_BOM && memcmp(bytes, "\xef\xbb\xbf", PLAIN_BOM) == 0;
}

static gboolean is_unfit(gunichar c)
{
    if (c < 0x20)
        return c != '\t' && c != '\n';
    return (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe ||
           c == 0xffff;
}

const char *printable_unfit(const char *text, gsize length)
{
    for (const char *p = text; p < text + length; p = g_utf8_next_char(p)) {
        if (is_unfit(g_utf8_get_char(p)))
            return p;
    }
    return NULL;
}

/* The first character that is unfit and no carriage return before a line feed. */
static const char *find_unfit(const char *bytes, const char *end)
{
    const char *at = bytes;
    while ((at = printable_unfit(at, (gsize)(end - at)))) {
        if (*at != '\r' || at + 1 == end || at[1] != '\n')
            return at;
        at++;
    }
    return NULL;
}

/* A line that begins with a tab. libyaml refuses most of them, but takes some for a continuation of
 * the line before, so that they'd be read otherwise than they look. */
static const char *find_tab(const char *bytes, const char *end)
{
    if (bytes < end && *bytes == '\t')
        return bytes;
    for (const char *p = bytes; (p = memchr(p, '\n', (gsize)(end - p))); p++) {
        if (p + 1 < end && p[1] == '\t')
            return p + 1;
    }
    return NULL;
}

guint plain_lines(const char *from, const char *to)
{
    guint lines = 0;
    for (; (from = memchr(from, '\n', (gsize)(to - from))); from++)
        lines++;
    return lines;
}

char *printable_check(const char *bytes, gsize length, guint first_line, guint *line)
{
    const char *end = bytes + length, *at;
    char *what;

    if ((at = memchr(bytes, '\0', length)))
        what = g_strdup("a NUL byte: this is no text file");
    else if (!g_utf8_validate(bytes, (gssize)length, &at))
        what = g_strdup_printf("not UTF-8: byte 0x%02x; save the file as UTF-8", (guchar)*at);
    else if ((at = find_unfit(bytes, end)))
        what = g_strdup_printf("a control character: U+%04X", g_utf8_get_char(at));
    else if ((at = find_tab(bytes, end)))
        what = g_strdup("a tab at the start of the line: indent with spaces");
    else
        return NULL;
    *line = first_line + plain_lines(bytes, at);
    return what;
}
