/* part - one file as a MIME part */
#include "mail/part.h"

#include <string.h>

#include "mail/media.h"

enum {
    BASE64_BYTES = PART_WIDTH / 4 * 3,
    LIKENESS_MAX = 60 /* bytes of the ASCII likeness of a name */
};

/* --- names ----------------------------------------------------------------------------------- */

/* The name without folders, in either system's way of writing them, on one line, without blanks
 * around it, which readers drop. */
static char *base_name(const char *filename)
{
    g_autofree char *valid = g_utf8_make_valid(filename, -1);
    const char *start = valid;
    for (const char *p = valid; *p; p++)
        if (*p == '/' || *p == '\\')
            start = p + 1;
    GString *out = g_string_new(NULL);
    for (const char *p = start; *p; p = g_utf8_next_char(p)) {
        GUnicodeType type = g_unichar_type(g_utf8_get_char(p));
        if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
            type == G_UNICODE_PARAGRAPH_SEPARATOR)
            g_string_append_c(out, '_');
        else
            g_string_append_len(out, p, g_utf8_next_char(p) - p);
    }
    g_strstrip(out->str);
    if (!*out->str || g_str_equal(out->str, ".") || g_str_equal(out->str, ".."))
        g_string_assign(out, "file");
    return g_string_free(out, FALSE);
}

/* Whether the value can stand between quotes as it is and nobody will take it for encoded. */
static gboolean is_quotable(const char *value)
{
    for (const char *p = value; *p; p++)
        if (*p < ' ' || *p > '~' || *p == '"' || *p == '\\' || (p[0] == '=' && p[1] == '?'))
            return FALSE;
    return TRUE;
}

/* A quotable name that resembles `name` and keeps its extension: "Sŵn.pdf" becomes "Swn.pdf". */
static char *likeness(const char *name)
{
    char *ascii = g_str_to_ascii(name, "C");
    g_strcanon(ascii,
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$&'()+,-.@_", '_');
    gsize length = strlen(ascii);
    if (length > LIKENESS_MAX) {
        const char *dot = strrchr(ascii, '.');
        gsize tail = dot && strlen(dot) <= 10 ? strlen(dot) : 0;
        memmove(ascii + LIKENESS_MAX - tail, ascii + length - tail, tail + 1);
    }
    return ascii;
}

/* --- parameters ------------------------------------------------------------------------------ */

/* RFC 2231 section 7, attribute-char. */
static gboolean is_attribute_char(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$&+-.^_`{|}~", c));
}

static void append_percent_encoded(GString *out, const char *p, const char *end)
{
    for (; p < end; p++) {
        if (is_attribute_char(*p))
            g_string_append_c(out, *p);
        else
            g_string_append_printf(out, "%%%02X", (guchar)*p);
    }
}

/* The value in sections of at most a line each (section 4.1). No character is cut: some readers
 * decode each section by itself. */
static void append_sections(GString *out, const char *name, const char *value)
{
    guint section = 0;
    while (*value) {
        gsize start = out->len + 3; /* after ";\r\n" */
        g_string_append_printf(out, ";\r\n %s*%u*=%s", name, section, section ? "" : "utf-8''");
        while (*value) {
            gsize before = out->len;
            const char *next = g_utf8_next_char(value);
            append_percent_encoded(out, value, next);
            if (out->len - start > PART_WIDTH - 1) { /* a ";" may follow */
                g_string_truncate(out, before);
                break;
            }
            value = next;
        }
        section++;
    }
}

/* Appends ";" and the parameter on a line of its own. */
static void append_parameter(GString *out, const char *name, const char *value)
{
    gsize start = out->len;
    if (is_quotable(value)) {
        g_string_append_printf(out, ";\r\n %s=\"%s\"", name, value);
    } else {
        g_string_append_printf(out, ";\r\n %s*=utf-8''", name);
        append_percent_encoded(out, value, value + strlen(value));
    }
    if (out->len - start - 3 > PART_WIDTH - 1) {
        g_string_truncate(out, start);
        append_sections(out, name, value);
    }
}

/* --- the part -------------------------------------------------------------------------------- */

static void append_base64(GString *out, const char *bytes, gsize length)
{
    gsize before = out->len;
    g_string_set_size(out, before + (length / BASE64_BYTES + 1) * (PART_WIDTH + 2) + 4);
    char *to = out->str + before;
    while (length) {
        gsize n = MIN(length, BASE64_BYTES);
        int state = 0, save = 0;
        to += g_base64_encode_step((const guchar *)bytes, n, FALSE, to, &state, &save);
        to += g_base64_encode_close(FALSE, to, &state, &save);
        *to++ = '\r';
        *to++ = '\n';
        bytes += n;
        length -= n;
    }
    g_string_truncate(out, (gsize)(to - out->str));
}

/* A content id by what RFC 5322 section 3.2.3 lets stand in one. */
static void append_content_id(GString *out, const char *cid)
{
    g_string_append(out, "Content-ID: <");
    for (; *cid; cid++)
        if (g_ascii_isalnum(*cid) || strchr("!#$%&'*+-/=?^_`{|}~.@", *cid))
            g_string_append_c(out, *cid);
    g_string_append(out, ">\r\n");
}

/* The method of an iCalendar file, which its type is to name (RFC 6047 section 2.4). */
static void append_method(GString *out, const ComposeFile *file)
{
    static const char name[] = "\nMETHOD:";
    enum { NEAR = 1000 }; /* it stands among the first lines */
    const char *at = g_strstr_len(file->bytes, (gssize)MIN(file->length, NEAR), name);
    at = at ? at + strlen(name) : "";
    gsize length = strspn(at, G_CSET_A_2_Z);
    if (length)
        g_string_append_printf(out, "; method=%.*s", (int)length, at);
}

void part_append(GString *out, const ComposeFile *file)
{
    g_autofree char *name = base_name(file->filename);
    g_autofree char *ascii = likeness(name);
    const char *type = media_type(name);

    g_string_append_printf(out, "Content-Type: %s", type);
    if (media_is_text(type) && file->length &&
        g_utf8_validate(file->bytes, (gssize)file->length, NULL))
        g_string_append(out, "; charset=utf-8");
    if (g_str_equal(type, "text/calendar") && file->length)
        append_method(out, file);
    append_parameter(out, "name", ascii);
    g_string_append(out, "\r\nContent-Transfer-Encoding: base64\r\n");
    if (file->cid)
        append_content_id(out, file->cid);
    g_string_append(out,
                    file->cid ? "Content-Disposition: inline" : "Content-Disposition: attachment");
    append_parameter(out, "filename", name);
    g_string_append(out, "\r\n\r\n");
    append_base64(out, file->bytes, file->length);
}
