/* header - one header line: made safe, encoded where it must be, folded (RFC 5322, 2047)
 *
 * Not GMime's encoder: it lets ASCII that looks like an encoded word pass as one, makes encoded
 * words of over 75 characters, names the charset us-ascii at times, and drops blanks at the ends.
 */
#include "mail/header.h"

#include <string.h>

/* --- what a value holds ---------------------------------------------------------------------- */

/* Whether the value can stand as it is if it fits: printable ASCII, single spaces, none at the
 * ends, nothing that looks like an encoded word. The common case, in one pass. */
static gboolean is_plain(const char *value, gsize *length)
{
    const char *p = value;
    char before = ' ';
    for (; *p; before = *p++)
        if (*p < ' ' || *p > '~' || (*p == ' ' && before == ' ') || (*p == '?' && before == '='))
            return FALSE;
    *length = (gsize)(p - value);
    return p == value || before != ' ';
}

/* What ends a line somewhere, or drives a terminal. */
static gboolean is_control(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
           type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* The value as one line of UTF-8 without blanks around it; newly allocated. */
static GString *clean(const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    GString *out = g_string_sized_new(strlen(valid));
    const char *p = valid;
    while (*p) {
        const char *run = p;
        gboolean holds_control = FALSE;
        for (gunichar c; *p && ((c = g_utf8_get_char(p)) == ' ' || is_control(c));
             p = g_utf8_next_char(p))
            holds_control |= c != ' ';
        if (p > run && out->len && *p)
            g_string_append_len(out, holds_control ? " " : run, holds_control ? 1 : p - run);
        const char *text = p;
        while (*p && *p != ' ' && !is_control(g_utf8_get_char(p)))
            p = g_utf8_next_char(p);
        g_string_append_len(out, text, p - text);
    }
    return out;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* A header being written. `start` is where in `out` its last line begins. */
typedef struct {
    GString *out;
    gsize start;
    gboolean has_word;
} Line;

static Line begin(GString *out, const char *name)
{
    g_assert(strlen(name) <= HEADER_NAME_MAX);
    Line line = {out, out->len, FALSE};
    g_string_append(out, name);
    g_string_append_c(out, ':');
    return line;
}

/* How long a word, after its space, may be to stand on this line. */
static gsize room_left(const Line *line)
{
    gsize column = line->out->len - line->start + 1;
    return column < HEADER_WIDTH ? HEADER_WIDTH - column : 0;
}

/* Begins a new line, but never leaves the first one empty: some readers take that for the end. */
static void fold(Line *line)
{
    if (!line->has_word)
        return;
    g_string_append(line->out, "\r\n");
    line->start = line->out->len;
}

static void put_word(Line *line, const char *word, gsize length)
{
    if (length > room_left(line))
        fold(line);
    g_string_append_c(line->out, ' ');
    g_string_append_len(line->out, word, (gssize)length);
    line->has_word = TRUE;
}

static void put_words(Line *line, const char *p, const char *end)
{
    while (p < end) {
        const char *space = memchr(p, ' ', (gsize)(end - p));
        const char *stop = space ? space : end;
        put_word(line, p, (gsize)(stop - p));
        p = stop + (space != NULL);
    }
}

static void finish(Line *line)
{
    g_string_append(line->out, "\r\n");
}

/* --- encoded words (RFC 2047) ---------------------------------------------------------------- */

enum { ENCODED_AROUND = 12 }; /* "=?utf-8?Q?" and "?=" */

/* What stands for itself even in a phrase (section 5, rule 3). */
static gboolean is_q_safe(char c)
{
    return g_ascii_isalnum(c) || c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

static gsize q_width(const char *p, const char *end)
{
    gsize width = 0;
    for (; p < end; p++)
        width += is_q_safe(*p) || *p == ' ' ? 1 : 3;
    return width;
}

static gsize b_width(const char *p, const char *end)
{
    return ((gsize)(end - p) + 2) / 3 * 4;
}

static void append_q(GString *out, const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == ' ')
            g_string_append_c(out, '_');
        else if (is_q_safe(*p))
            g_string_append_c(out, *p);
        else
            g_string_append_printf(out, "=%02X", (guchar)*p);
    }
}

static void append_encoded_word(GString *out, const char *p, const char *end, gboolean is_b)
{
    g_string_append(out, is_b ? " =?utf-8?B?" : " =?utf-8?Q?");
    if (is_b) {
        g_autofree char *base64 = g_base64_encode((const guchar *)p, (gsize)(end - p));
        g_string_append(out, base64);
    } else {
        append_q(out, p, end);
    }
    g_string_append(out, "?=");
}

/* Encodes a text as words of whole characters: a reader decodes each word by itself. */
static void put_encoded(Line *line, const char *p, const char *end)
{
    gboolean is_b = b_width(p, end) < q_width(p, end);
    gsize (*width)(const char *, const char *) = is_b ? b_width : q_width;

    while (p < end) {
        gsize room = MIN(room_left(line), ENCODED_WORD_MAX);
        const char *stop = g_utf8_next_char(p);
        gsize taken = width(p, stop);
        gsize rest = end - p < ENCODED_WORD_MAX ? ENCODED_AROUND + width(p, end) : G_MAXSIZE;
        if (room < ENCODED_AROUND + taken || (rest > room && rest <= ENCODED_WORD_MAX)) {
            fold(line); /* nothing fits here, or all of it on a line of its own */
            room = MIN(room_left(line), ENCODED_WORD_MAX);
        }
        while (stop < end) {
            const char *next = g_utf8_next_char(stop);
            gsize more = is_b ? b_width(p, next) : taken + q_width(stop, next);
            if (ENCODED_AROUND + more > room)
                break;
            taken = more;
            stop = next;
        }
        append_encoded_word(line->out, p, stop, is_b);
        line->has_word = TRUE;
        p = stop;
    }
}

/* --- unstructured text ----------------------------------------------------------------------- */

/* Whether the word from `p` to `end` can't stand as it is. `room` is that of the longest word. */
static gboolean needs_encoding(const char *p, const char *end, gsize room)
{
    if (p == end || (gsize)(end - p) > room || g_strstr_len(p, end - p, "=?"))
        return TRUE;
    while (p < end && !(*p & 0x80))
        p++;
    return p < end;
}

void header_append(GString *out, const char *name, const char *value)
{
    Line line = begin(out, name);
    gsize length;
    if (is_plain(value, &length) && length <= room_left(&line)) {
        put_word(&line, value, length);
        finish(&line);
        return;
    }

    g_autoptr(GString) text = clean(value);
    const char *end = text->str + text->len, *first = NULL, *last = NULL, *before = text->str;
    gsize room = room_left(&line);
    for (const char *p = text->str; p <= end && text->len;) {
        const char *space = memchr(p, ' ', (gsize)(end - p));
        const char *stop = space ? space : end;
        if (needs_encoding(p, stop, room)) {
            /* An empty word lies between two spaces: only encoded with its neighbours it stays. */
            first = first ? first : p == stop ? before : p;
            const char *after = stop < end ? memchr(stop + 1, ' ', (gsize)(end - stop - 1)) : NULL;
            last = p < stop ? stop : after ? after : end;
        }
        before = p;
        p = stop + 1;
        room = HEADER_WIDTH - 1;
    }
    if (first) {
        put_words(&line, text->str, first);
        put_encoded(&line, first, last);
        put_words(&line, MIN(last + 1, end), end);
    } else {
        put_words(&line, text->str, end);
    }
    finish(&line);
}

/* --- mailboxes ------------------------------------------------------------------------------- */

typedef enum { PHRASE_ATOMS, PHRASE_QUOTED, PHRASE_ENCODED } Phrase;

/* How a display name has to be written (RFC 5322 section 3.2.5). */
static Phrase phrase_kind(const char *text, gsize room)
{
    gsize length, specials = 0, escaped = 0, longest = 0, word = 0;
    if (!is_plain(text, &length))
        return PHRASE_ENCODED;
    for (const char *p = text; *p; p++) {
        word = *p == ' ' ? 0 : word + 1;
        longest = MAX(longest, word);
        escaped += *p == '"' || *p == '\\';
        specials += strchr("()<>[]:;@\\,.\"", *p) != NULL;
    }
    if (!specials && longest <= room)
        return PHRASE_ATOMS;
    return length + escaped + 2 <= room ? PHRASE_QUOTED : PHRASE_ENCODED;
}

static void put_quoted(Line *line, const char *text)
{
    g_string_append(line->out, " \"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(line->out, '\\');
        g_string_append_c(line->out, *text);
    }
    g_string_append_c(line->out, '"');
    line->has_word = TRUE;
}

static void put_phrase(Line *line, const char *text)
{
    const char *end = text + strlen(text);
    switch (phrase_kind(text, room_left(line))) {
    case PHRASE_ATOMS:
        put_words(line, text, end);
        break;
    case PHRASE_QUOTED:
        put_quoted(line, text);
        break;
    case PHRASE_ENCODED:
        put_encoded(line, text, end);
        break;
    }
}

/* What stands within angle brackets. It was checked where it came from; that it still can't leave
 * its brackets costs little. */
static void put_spec(Line *line, const char *spec, gboolean in_brackets)
{
    g_autoptr(GString) word = g_string_new(in_brackets ? "<" : "");
    for (const char *p = spec; *p; p++)
        if ((guchar)*p > ' ' && *p != 0x7f && *p != '<' && *p != '>')
            g_string_append_c(word, *p);
    if (in_brackets)
        g_string_append_c(word, '>');
    put_word(line, word->str, word->len);
}

static void append_mailbox(GString *out, const char *name, const char *display, const char *spec,
                           gboolean in_brackets)
{
    Line line = begin(out, name);
    gsize length;
    const char *text = display ? display : "";
    g_autoptr(GString) cleaned = is_plain(text, &length) ? NULL : clean(text);
    if (cleaned)
        text = cleaned->str;
    if (*text)
        put_phrase(&line, text);
    put_spec(&line, spec, *text || in_brackets);
    finish(&line);
}

void header_append_mailbox(GString *out, const char *name, const char *display, const char *spec)
{
    append_mailbox(out, name, display, spec, FALSE);
}

void header_append_id(GString *out, const char *name, const char *display, const char *id)
{
    append_mailbox(out, name, display, id, TRUE);
}

/* --- what is never encoded ------------------------------------------------------------------- */

void header_append_uri(GString *out, const char *name, const char *uri)
{
    Line line = begin(out, name);
    g_string_append(out, " <");
    /* All that RFC 3986 lets stand; "%" among it, for the URI may be encoded already. */
    g_string_append_uri_escaped(out, uri, ":/?#[]@!$&'()*+,;=%", FALSE);
    g_string_append_c(out, '>');
    finish(&line);
}

void header_append_token(GString *out, const char *name, const char *token)
{
    Line line = begin(out, name);
    g_string_append_c(out, ' ');
    for (; *token; token++)
        if (*token >= ' ' && *token <= '~')
            g_string_append_c(out, *token);
    finish(&line);
}
