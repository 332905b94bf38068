/* escape - a value made harmless for the place where it will stand */
#include "template/escape.h"

#include <string.h>

#include "text/append.h"

enum { REPLACEMENT = 0xFFFD };

static gboolean is_unreserved(guchar c)
{
    return g_ascii_isalnum(c) || (c && strchr("-._~", c));
}

static gboolean is_control(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* What would turn round the order of the words after a value: embeddings, overrides, isolates. */
static gboolean turns(gunichar c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Whether a byte can't be passed on as it is. */
static gboolean needs_work(Escape how, guchar c)
{
    gboolean is_plain = !is_control(c) && c < 0x80;
    switch (how) {
    case ESCAPE_NONE:
    case ESCAPE_PATH:
        return FALSE;
    case ESCAPE_SPEC:
        return c && strchr("&<>\"'", c);
    case ESCAPE_HTML:
        return (!is_plain && c != '\n' && c != '\t') || strchr("&<>\"'", c);
    case ESCAPE_COMMENT:
        return (!is_plain && c != '\n' && c != '\t') || strchr("&<>\"'-", c);
    case ESCAPE_URL_HTML:
    case ESCAPE_URL_TEXT:
        return TRUE; /* the scheme is looked at in any case */
    case ESCAPE_URL_PART:
    case ESCAPE_URL_HOST:
        return !is_unreserved(c);
    case ESCAPE_URL_PATH:
        return !is_unreserved(c) || c == '.';
    case ESCAPE_URL_MAIL:
        return !is_unreserved(c) && c != '@';
    case ESCAPE_URL_PHONE:
        return !is_unreserved(c) && !(c && strchr("+()", c));
    case ESCAPE_TEXT:
        return !is_plain && c != '\n' && c != '\t';
    case ESCAPE_HEADER:
        return !is_plain;
    }
    g_assert_not_reached();
}

/* A bit for each Escape: the quick look at a value that needs nothing, which is nearly every one.
 */
static const guint16 *work_table(void)
{
    static guint16 table[256];
    static gsize made;
    G_STATIC_ASSERT(ESCAPE_PATH < 16);
    if (g_once_init_enter(&made)) {
        for (guint c = 0; c < 256; c++)
            for (guint how = ESCAPE_NONE; how <= ESCAPE_PATH; how++)
                if (needs_work(how, (guchar)c))
                    table[c] |= (guint16)(1u << how);
        g_once_init_leave(&made, 1);
    }
    return table;
}

static gunichar take_char(const char **at, const char *end)
{
    guchar first = (guchar) * *at;
    if (first < 0x80) {
        (*at)++;
        return first;
    }
    gunichar c = g_utf8_get_char_validated(*at, end - *at);
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        (*at)++;
        return REPLACEMENT;
    }
    *at = g_utf8_next_char(*at);
    return c;
}

static void append_reference(GString *out, gunichar c)
{
    switch (c) {
    case '&':
        append_bytes(out, "&amp;", 5);
        break;
    case '<':
        append_bytes(out, "&lt;", 4);
        break;
    case '>':
        append_bytes(out, "&gt;", 4);
        break;
    case '"':
        append_bytes(out, "&quot;", 6);
        break;
    case '\'':
        append_bytes(out, "&#39;", 5);
        break;
    default:
        g_string_append_unichar(out, c);
    }
}

static void append_percent(GString *out, gunichar c)
{
    static const char hex[] = "0123456789ABCDEF";
    char bytes[6];
    gint length = g_unichar_to_utf8(c, bytes);
    for (gint i = 0; i < length; i++) {
        char coded[] = {'%', hex[(guchar)bytes[i] >> 4], hex[bytes[i] & 15]};
        g_string_append_len(out, coded, sizeof coded);
    }
}

/* Control characters and line ends, with the blanks beside them, to one blank. */
static void append_header(GString *out, const char *at, const char *end)
{
    gboolean was_end = FALSE;
    while (at < end) {
        gunichar c = take_char(&at, end);
        if (turns(c))
            continue;
        gboolean is_end = is_control(c) || c == 0x2028 || c == 0x2029;
        gboolean follows_blank = out->len > 0 && out->str[out->len - 1] == ' ';
        if (is_end ? !follows_blank : !(was_end && c == ' '))
            g_string_append_unichar(out, is_end ? ' ' : c);
        was_end = is_end || (was_end && c == ' ');
    }
}

/* Appends the bytes from `*at` on that need no work, all at once, and moves past them. */
static void append_run(GString *out, Escape how, const char **at, const char *end)
{
    const guint16 *table = work_table();
    const char *stop = *at;
    while (stop < end && !(table[(guchar)*stop] & 1u << how))
        stop++;
    append_bytes(out, *at, (gsize)(stop - *at));
    *at = stop;
}

/* Text and what is read as text: references, controls to blanks, CR LF to a newline. */
static void append_text(GString *out, Escape how, const char *at, const char *end)
{
    while (append_run(out, how, &at, end), at < end) {
        const char *start = at;
        gunichar c = take_char(&at, end);
        if (c == '\r' && at < end && *at == '\n')
            continue;
        if (c == '\r')
            c = '\n';
        if (turns(c))
            continue;
        if (is_control(c) && c != '\n' && c != '\t')
            g_string_append_c(out, ' ');
        else if (c >= 0x80 && c != REPLACEMENT)
            append_bytes(out, start, (gsize)(at - start));
        else if (how == ESCAPE_COMMENT && c == '-')
            g_string_append(out, "&#45;");
        else if (how == ESCAPE_COMMENT || how == ESCAPE_HTML)
            append_reference(out, c);
        else
            g_string_append_unichar(out, c);
    }
}

static void append_url_part(GString *out, Escape how, const char *at, const char *end)
{
    const guint16 *table = work_table();
    gsize length = (gsize)(end - at);
    if (how == ESCAPE_URL_PATH && length <= 2 && memcmp(at, "..", length) == 0)
        return;
    while (at < end) {
        gunichar c = take_char(&at, end);
        if (c < 0x80 && (c == '.' || !(table[c] & 1u << how)))
            g_string_append_c(out, (char)c);
        else if (how != ESCAPE_URL_PHONE || !(c == 0xa0 || (c < 0x80 && g_ascii_isspace((char)c))))
            append_percent(out, c);
    }
}

/* Whether a link has no scheme or one that only ever leads somewhere. */
static gboolean is_safe_link(const char *at, const char *end)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel"};
    const char *colon = at;
    while (colon < end && !strchr(":/?#", *colon))
        colon++;
    if (colon == end || *colon != ':')
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (strlen(schemes[i]) == (gsize)(colon - at) &&
            g_ascii_strncasecmp(at, schemes[i], (gsize)(colon - at)) == 0)
            return TRUE;
    return FALSE;
}

static void append_url(GString *out, Escape how, const char *at, const char *end)
{
    /* A browser takes these off before it looks for a scheme; so do we. */
    while (at < end && (guchar)*at <= ' ')
        at++;
    while (at < end && (guchar)end[-1] <= ' ')
        end--;
    if (!is_safe_link(at, end)) {
        g_string_append(out, ESCAPE_BLOCKED_LINK);
        return;
    }
    for (;;) {
        const char *run = at;
        while (at < end && is_unreserved((guchar)*at))
            at++;
        append_bytes(out, run, (gsize)(at - run));
        if (at == end)
            return;
        gunichar c = take_char(&at, end);
        /* A '%' stays: the value may be encoded already (RFC 3986, 2.4). */
        if (c == 0 || c >= 0x80 ||
            !(is_unreserved((guchar)c) || strchr(":/?#[]@!$&'()*+,;=%", (int)c)))
            append_percent(out, c);
        else if (how == ESCAPE_URL_HTML)
            append_reference(out, c);
        else
            g_string_append_c(out, (char)c);
    }
}

const char *escape_bytes(Escape how, const char *bytes, gsize length, GString *scratch,
                         gsize *escaped)
{
    const guint16 *table = work_table();
    gsize i = 0;
    if (how == ESCAPE_URL_HOST && length == 0) {
        bytes = "invalid";
        length = strlen(bytes);
    }
    while (i < length && !(table[(guchar)bytes[i]] & 1u << how))
        i++;
    *escaped = length;
    if (i == length)
        return bytes;

    g_string_truncate(scratch, 0);
    switch (how) {
    case ESCAPE_NONE:
    case ESCAPE_PATH:
        break;
    case ESCAPE_SPEC:
        for (const char *at = bytes, *end = bytes + length;
             append_run(scratch, how, &at, end), at < end; at++)
            append_reference(scratch, (guchar)*at);
        break;
    case ESCAPE_HTML:
    case ESCAPE_COMMENT:
    case ESCAPE_TEXT:
        append_text(scratch, how, bytes, bytes + length);
        break;
    case ESCAPE_HEADER:
        append_header(scratch, bytes, bytes + length);
        break;
    case ESCAPE_URL_HTML:
    case ESCAPE_URL_TEXT:
        append_url(scratch, how, bytes, bytes + length);
        break;
    case ESCAPE_URL_PART:
    case ESCAPE_URL_HOST:
    case ESCAPE_URL_PATH:
    case ESCAPE_URL_MAIL:
    case ESCAPE_URL_PHONE:
        append_url_part(scratch, how, bytes, bytes + length);
        break;
    }
    *escaped = scratch->len;
    return scratch->str;
}

const char *escape_problem(Escape how, const char *bytes, gsize length)
{
    if (how != ESCAPE_PATH)
        return NULL;
    if (length == 0)
        return "is empty";
    if (bytes[0] == '.')
        return "begins with a '.'";
    if (memchr(bytes, '/', length) || memchr(bytes, '\\', length))
        return "holds a '/' or '\\'";
    for (gsize i = 0; i < length; i++)
        if ((guchar)bytes[i] < 0x20 || bytes[i] == 0x7f)
            return "holds a control character";
    return NULL;
}
