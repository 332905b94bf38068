/* cell - one cell of a sheet made fit for a letter */
#include "list/cell.h"

#include <string.h>

enum { QUOTE_MAX = 60 };

static gboolean is_blank(gunichar c)
{
    return g_unichar_isspace(c) || c == 0x200B || c == 0xFEFF;
}

static char *trim(char *text)
{
    while (*text && is_blank(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    char *end = text + strlen(text);
    while (end > text) {
        char *last = g_utf8_prev_char(end);
        if (!is_blank(g_utf8_get_char(last)))
            break;
        end = last;
    }
    *end = '\0';
    return text;
}

static gboolean is_control(gunichar c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0);
}

/* Line ends but LF. */
static gboolean is_line_end(gunichar c)
{
    return c == '\r' || c == 0x2028 || c == 0x2029;
}

/* Nearly every cell is printable ASCII without blanks around it: those are left alone. */
static gboolean is_plain(const char *text)
{
    if (*text == ' ')
        return FALSE;
    const char *at = text;
    for (; *at; at++)
        if ((guchar)*at < 0x20 || (guchar)*at >= 0x7F)
            return FALSE;
    return at == text || at[-1] != ' ';
}

/* Whether any character has to be replaced. */
static gboolean wants_replacing(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (is_control(c) || is_line_end(c))
            return TRUE;
    }
    return FALSE;
}

char *cell_clean(char *text, GString **spare, guint *controls)
{
    if (is_plain(text))
        return text;
    if (!g_utf8_validate(text, -1, NULL))
        return NULL;
    text = trim(text);
    if (!wants_replacing(text))
        return text;
    if (!*spare)
        *spare = g_string_new(NULL);
    g_string_truncate(*spare, 0);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (controls && is_control(c))
            ++*controls;
        if (c == '\r' && at[1] == '\n')
            continue;
        g_string_append_unichar(*spare, is_control(c) ? 0xFFFD : is_line_end(c) ? '\n' : c);
    }
    return (*spare)->str;
}

char *cell_quote(const char *text)
{
    gboolean long_text = g_utf8_strlen(text, -1) > QUOTE_MAX;
    g_autofree char *start = long_text ? g_utf8_substring(text, 0, QUOTE_MAX) : g_strdup(text);
    g_strdelimit(start, "\r\n\t", ' ');
    return g_strconcat(start, long_text ? "\u2026" : NULL, NULL);
}

/* No cell holds a NUL, so that its own is all the structure there need be. */
void cells_pack(GString *out, const char *const *cells, guint count)
{
    for (guint i = 0; i < count; i++)
        g_string_append_len(out, cells[i], (gssize)strlen(cells[i]) + 1);
}

void cells_unpack(const char *packed, const char **cells, guint count)
{
    for (guint i = 0; i < count; i++) {
        cells[i] = packed;
        packed += strlen(packed) + 1;
    }
}
