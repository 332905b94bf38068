/* header - one header line: made safe, encoded where it must be, folded (RFC 5322, 2047)
 *
 * Not GMime's encoder: it lets ASCII that looks like an encoded word pass as one, makes encoded
 * words of over 75 characters, names the charset us-ascii at times, and drops blanks at the ends.
 */
#include "mail/header.h"

#include <string.h>

#include "text/append.h"

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

/* The value as one line of UTF-8 without blanks around it, nor, in a phrase, two side by side,
 * which mean nothing there; newly allocated. */
static GString *clean(const char *value, gboolean is_phrase)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    GString *out = g_string_sized_new(strlen(valid));
    const char *p = valid;
    while (*p) {
        const char *run = p;
        gboolean is_folded = is_phrase;
        for (gunichar c; *p && ((c = g_utf8_get_char(p)) == ' ' || is_control(c));
             p = g_utf8_next_char(p))
            is_folded |= c != ' ';
        if (p > run && out->len && *p)
            g_string_append_len(out, is_folded ? " " : run, is_folded ? 1 : p - run);
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
    append_bytes(out, name, strlen(name));
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
    append_bytes(line->out, word, length);
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
    append_bytes(line->out, "\r\n", 2);
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

static void append_q_word(GString *out, const char *p, const char *end)
{
    static const char digits[] = "0123456789ABCDEF";
    g_string_append(out, " =?utf-8?Q?");
    for (; p < end; p++) {
        if (*p == ' ' || is_q_safe(*p)) {
            g_string_append_c(out, *p == ' ' ? '_' : *p);
        } else {
            g_string_append_c(out, '=');
            g_string_append_c(out, digits[(guchar)*p >> 4]);
            g_string_append_c(out, digits[(guchar)*p & 15]);
        }
    }
    g_string_append(out, "?=");
}

static void append_b_word(GString *out, const char *p, const char *end)
{
    g_autofree char *base64 = g_base64_encode((const guchar *)p, (gsize)(end - p));
    g_string_append_printf(out, " =?utf-8?B?%s?=", base64);
}

/* How much of a text an encoded word of `room` characters takes: whole characters, for a reader
 * decodes each word by itself, and all or up to a space if it can, for some readers (Python up to
 * 3.12) show the space that stands between two encoded words. NULL if not one fits. */
static const char *q_fitting(const char *p, const char *end, gsize room)
{
    const char *stop = p, *after_space = NULL;
    for (gsize width = ENCODED_AROUND; stop < end;) {
        const char *next = g_utf8_next_char(stop);
        width += q_width(stop, next);
        if (width > room)
            break;
        if (*stop == ' ')
            after_space = next;
        stop = next;
    }
    return stop == end ? end : after_space ? after_space : stop > p ? stop : NULL;
}

/* Encodes a text as Q, which can be read as it stands; as B if only that makes one word of it.
 * Several words of B won't do: a word that ends with padding is where some readers (GMime) end. */
static void put_encoded(Line *line, const char *p, const char *end)
{
    const char *one = q_fitting(p, end, ENCODED_WORD_MAX);
    gsize b_width = ENCODED_AROUND + ((gsize)(end - p) + 2) / 3 * 4;
    gboolean is_b =
        one != end && b_width <= ENCODED_WORD_MAX && (line->has_word || b_width <= room_left(line));
    if (is_b) {
        if (b_width > room_left(line))
            fold(line);
        append_b_word(line->out, p, end);
        line->has_word = TRUE;
        return;
    }
    while (p < end) {
        const char *stop = q_fitting(p, end, MIN(room_left(line), ENCODED_WORD_MAX));
        if (stop != end && (!stop || q_fitting(p, end, ENCODED_WORD_MAX) == end)) {
            fold(line); /* nothing fits here, or all of it on a line of its own */
            stop = q_fitting(p, end, MIN(room_left(line), ENCODED_WORD_MAX));
        }
        append_q_word(line->out, p, stop);
        line->has_word = TRUE;
        p = stop;
    }
}

/* --- words ----------------------------------------------------------------------------------- */

typedef enum { WORD_PLAIN, WORD_QUOTED, WORD_ENCODED } WordForm;

typedef struct {
    const char *start, *end;
    WordForm form;
} Word;

/* How a word has to be written of which at most `room` characters fit on a line. Only a phrase has
 * quoted ones (RFC 5322 section 3.2.5). */
static WordForm word_form(const char *p, const char *end, gsize room, gboolean is_phrase)
{
    gsize width = (gsize)(end - p), specials = 0;
    if (p == end || g_strstr_len(p, end - p, "=?"))
        return WORD_ENCODED;
    for (; p < end; p++) {
        if (*p & 0x80)
            return WORD_ENCODED;
        specials += strchr("()<>[]:;@\\,.\"", *p) != NULL;
        width += *p == '"' || *p == '\\';
    }
    if (width + (is_phrase ? 2 : 0) > room)
        return WORD_ENCODED;
    return is_phrase && specials ? WORD_QUOTED : WORD_PLAIN;
}

/* The words of a text that begins on this line; of Word. An empty one lies between two spaces,
 * which only stay two when they are encoded, and its neighbours with them. */
static GArray *split(const Line *line, const char *p, const char *end, gboolean is_phrase)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(Word));
    gsize room = room_left(line);
    gboolean was_empty = FALSE;
    while (p <= end) {
        const char *space = memchr(p, ' ', (gsize)(end - p));
        Word word = {.start = p, .end = space ? space : end};
        gboolean is_empty = word.start == word.end;
        word.form = was_empty ? WORD_ENCODED : word_form(p, word.end, room, is_phrase);
        if (is_empty && words->len)
            g_array_index(words, Word, words->len - 1).form = WORD_ENCODED;
        g_array_append_val(words, word);
        was_empty = is_empty;
        p = word.end + 1;
        room = HEADER_WIDTH - 1;
    }
    return words;
}

/* Text in quotes. It is never folded: that would be allowed, but some readers keep the line end. */
static GString *quoted(const char *p, const char *end)
{
    GString *out = g_string_new("\"");
    for (; p < end; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
    return g_string_append_c(out, '"');
}

/* A run of plain and quoted words: in quotes as a whole, or if that is too long for a line each
 * word that needs them. Between the words of a phrase a reader sees one space either way. */
static void put_quoted(Line *line, const Word *words, const Word *last)
{
    g_autoptr(GString) whole = quoted(words->start, last->end);
    if (whole->len <= MAX(room_left(line), line->has_word ? HEADER_WIDTH - 1 : 0)) {
        put_word(line, whole->str, whole->len);
        return;
    }
    for (; words <= last; words++) {
        g_autoptr(GString) one =
            words->form == WORD_QUOTED ? quoted(words->start, words->end) : NULL;
        put_word(line, one ? one->str : words->start,
                 one ? one->len : (gsize)(words->end - words->start));
    }
}

/* Writes a clean text, each run of words of one kind together. */
static void put_text(Line *line, const char *text, const char *end, gboolean is_phrase)
{
    g_autoptr(GArray) words = split(line, text, end, is_phrase);
    for (guint i = 0, next; i < words->len; i = next) {
        const Word *first = &g_array_index(words, Word, i);
        WordForm form = first->form;
        for (next = i + 1; next < words->len; next++) {
            WordForm other = g_array_index(words, Word, next).form;
            if ((other == WORD_ENCODED) != (form == WORD_ENCODED))
                break;
            form = MAX(form, other);
        }
        const Word *last = &g_array_index(words, Word, next - 1);
        switch (form) {
        case WORD_PLAIN:
            put_words(line, first->start, last->end);
            break;
        case WORD_QUOTED:
            put_quoted(line, first, last);
            break;
        case WORD_ENCODED:
            put_encoded(line, first->start, last->end);
            break;
        }
    }
}

void header_append(GString *out, const char *name, const char *value)
{
    Line line = begin(out, name);
    gsize length;
    if (is_plain(value, &length) && length <= room_left(&line)) {
        put_word(&line, value, length);
    } else {
        g_autoptr(GString) text = clean(value, FALSE);
        put_text(&line, text->str, text->str + text->len, FALSE);
    }
    finish(&line);
}

/* --- mailboxes ------------------------------------------------------------------------------- */

/* How many bytes from `p` on can stand within angle brackets. */
static gsize spec_run(const char *p)
{
    gsize length = 0;
    while ((guchar)p[length] > ' ' && p[length] != 0x7f && p[length] != '<' && p[length] != '>')
        length++;
    return length;
}

/* What stands within angle brackets. It was checked where it came from; that it still can't leave
 * its brackets costs little. */
static void put_spec(Line *line, const char *spec, gboolean in_brackets)
{
    gsize length = in_brackets ? 2 : 0;
    for (const char *p = spec; *p; p += *p != '\0') {
        gsize run = spec_run(p);
        length += run;
        p += run;
    }
    if (length > room_left(line))
        fold(line);
    g_string_append(line->out, in_brackets ? " <" : " ");
    for (const char *p = spec; *p; p += *p != '\0') {
        gsize run = spec_run(p);
        append_bytes(line->out, p, run);
        p += run;
    }
    if (in_brackets)
        g_string_append_c(line->out, '>');
    line->has_word = TRUE;
}

static void append_mailbox(GString *out, const char *name, const char *display, const char *spec,
                           gboolean in_brackets)
{
    Line line = begin(out, name);
    gsize length;
    const char *text = display ? display : "";
    g_autoptr(GString) cleaned = is_plain(text, &length) ? NULL : clean(text, TRUE);
    if (cleaned)
        text = cleaned->str;
    if (*text)
        put_text(&line, text, text + strlen(text), TRUE);
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

/* All that RFC 3986 lets stand; "%" among it, for the URI may be encoded already. */
#define URI_ALLOWED ":/?#[]@!$&'()*+,;=%"
#define URI_UNRESERVED "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

void header_append_uri(GString *out, const char *name, const char *uri)
{
    Line line = begin(out, name);
    g_string_append_len(out, " <", 2);
    gsize stands = strspn(uri, URI_UNRESERVED URI_ALLOWED);
    g_string_append_len(out, uri, (gssize)stands);
    if (uri[stands])
        g_string_append_uri_escaped(out, uri + stands, URI_ALLOWED, FALSE);
    g_string_append_c(out, '>');
    finish(&line);
}

void header_append_token(GString *out, const char *name, const char *token)
{
    Line line = begin(out, name);
    g_string_append_c(out, ' ');
    while (*token) {
        const char *run = token;
        while (*token >= ' ' && *token <= '~')
            token++;
        append_bytes(out, run, (gsize)(token - run));
        token += *token != '\0';
    }
    finish(&line);
}

void header_append_ids(GString *out, const char *name, const char *ids)
{
    g_auto(GStrv) all = g_strsplit(ids, " ", -1);
    gboolean is_first = TRUE;
    g_string_append_printf(out, "%s:", name);
    for (char **id = all; *id; id++) {
        if (!**id)
            continue;
        g_string_append(out, is_first ? " " : "\r\n ");
        is_first = FALSE;
        for (const char *c = *id; *c; c++)
            if (*c > ' ' && *c <= '~')
                g_string_append_c(out, *c);
    }
    g_string_append(out, "\r\n");
}
