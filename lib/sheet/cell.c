/* cell - one cell of a sheet made fit for a letter */
#include "sheet/cell.h"

#include <string.h>

#include "text/glyphs.h"

enum { QUOTE_MAX = 60 };

static gboolean is_control(gunichar c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0);
}

/* Line ends but LF. */
static gboolean is_line_end(gunichar c)
{
    return c == '\r' || c == 0x2028 || c == 0x2029;
}

/* Emoji, symbols, Han and Mongolian have variants and tags, and a digit in a keycap; letters of
 * Latin, Greek, Cyrillic have none. */
static gboolean is_varied(gunichar before, gunichar next)
{
    const gunichar keycap = 0x20E3;
    return before >= 0x1800 || glyph_is_variation(before) || next == keycap;
}

/* What is dropped at both ends. */
static gboolean is_edge(gunichar c)
{
    return g_unichar_isspace(c) || glyph_is_unseen(c) || glyph_is_joiner(c) || is_control(c);
}

/* Whether a joiner beside it changes how it looks: not beside Latin, Greek or Cyrillic letters. */
static gboolean is_joined(gunichar c)
{
    return c >= 0x590 && (g_unichar_isalpha(c) || g_unichar_ismark(c) || c >= 0x2190);
}

static char *trim(char *text)
{
    while (*text && is_edge(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    char *end = text + strlen(text);
    while (end > text) {
        char *last = g_utf8_prev_char(end);
        if (!is_edge(g_utf8_get_char(last)))
            break;
        end = last;
    }
    *end = '\0';
    return text;
}

/* ="0123" */
static char *unwrap(char *text)
{
    gsize length = strlen(text);
    if (length < 4 || text[0] != '=' || text[1] != '"' || text[length - 1] != '"')
        return text;
    text[length - 1] = '\0';
    if (strchr(text + 2, '"')) {
        text[length - 1] = '"';
        return text;
    }
    return text + 2;
}

/* '0123, as one types it so that a spreadsheet keeps it as a text. */
static gboolean is_number_as_text(const char *text)
{
    gsize length = strlen(text);
    return g_ascii_isdigit(*text) && strspn(text, "0123456789 .,/:()+-") == length;
}

/* '+44 191 ... as text/rowline writes it. */
static char *unquote(char *text)
{
    static const gunichar starts[] = {'=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    gunichar second = *text == '\'' ? g_utf8_get_char(text + 1) : 0;
    if (second && is_number_as_text(text + 1))
        return text + 1;
    for (gsize i = 0; second && i < G_N_ELEMENTS(starts); i++)
        if (second == starts[i])
            return text + 1;
    return text;
}

/* Nearly every cell is printable ASCII without blanks around it: those are left alone. */
static gboolean is_plain(const char *text)
{
    if (*text == ' ' || *text == '=' || *text == '\'')
        return FALSE;
    const char *at = text;
    for (; *at; at++)
        if ((guchar)*at < 0x20 || (guchar)*at >= 0x7F)
            return FALSE;
    return at == text || at[-1] != ' ';
}

/* Whether any character has to be replaced or dropped, or stands apart from its accent. */
static gboolean wants_replacing(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (c < 0x80
                ? is_control(c) || c == '\r' || c == '\t'
                : is_control(c) || is_line_end(c) || glyph_is_unseen(c) || glyph_is_joiner(c) ||
                      glyph_is_variation(c) || g_unichar_isspace(c) || g_unichar_ismark(c))
            return TRUE;
    }
    return FALSE;
}

static void append_clean(GString *out, const char *text, guint *controls)
{
    gunichar before = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at), next = g_utf8_get_char(g_utf8_next_char(at));
        gboolean drops = glyph_is_unseen(c) || (c == '\r' && next == '\n') ||
                         (glyph_is_variation(c) && (!before || !is_varied(before, next))) ||
                         (glyph_is_joiner(c) && !(is_joined(before) && is_joined(next)));
        if (drops)
            continue;
        if (controls && is_control(c))
            ++*controls;
        before = is_control(c)                                      ? 0xFFFD
                 : is_line_end(c)                                   ? '\n'
                 : c == '\t' || (c >= 0x80 && g_unichar_isspace(c)) ? ' '
                                                                    : c;
        g_string_append_unichar(out, before);
    }
}

char *cell_clean(char *text, GString **spare, guint *controls)
{
    if (is_plain(text))
        return text;
    if (!g_utf8_validate(text, -1, NULL))
        return NULL;
    text = unquote(unwrap(trim(text)));
    if (!wants_replacing(text))
        return text;
    g_autofree char *whole = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    if (!*spare)
        *spare = g_string_new(NULL);
    g_string_truncate(*spare, 0);
    append_clean(*spare, whole ? whole : text, controls);
    return trim((*spare)->str);
}

char *cell_quote(const char *text)
{
    GString *out = g_string_new(NULL);
    guint count = 0;
    for (; *text && count < QUOTE_MAX; text = g_utf8_next_char(text), count++) {
        gunichar c = g_utf8_get_char(text);
        if (c == '\r' || c == '\n' || c == '\t')
            g_string_append_c(out, ' ');
        else if (c == 0xFFFD || glyph_is_unseen(c) || glyph_is_joiner(c) || glyph_is_variation(c) ||
                 (c >= 0x80 && g_unichar_isspace(c)))
            g_string_append_printf(out, "<U+%04X>", c);
        else
            g_string_append_unichar(out, c);
    }
    g_string_append(out, *text ? "\u2026" : "");
    return g_string_free(out, FALSE);
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
