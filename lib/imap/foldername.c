/* foldername - an IMAP folder's name as the protocol wants it (RFC 3501 section 5.1.3) */
#include "imap/foldername.h"

#include <string.h>

#include "imap/inbox.h"

gboolean foldername_is_valid(const char *name)
{
    gsize length = strlen(name);
    if (length < 1 || length > INBOX_NAME_MAX || !g_utf8_validate(name, -1, NULL))
        return FALSE;
    if (name[0] == '/' || name[length - 1] == '/' || strstr(name, "//") || strpbrk(name, "%*"))
        return FALSE;
    for (const char *p = name; *p; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return FALSE;
    return TRUE;
}

/* A run of other than printable ASCII: "&", BASE64 of UTF-16 with "," for "/", no "=", "-". */
static void append_shifted(GString *out, const char *text, gsize length)
{
    gsize bytes;
    g_autofree char *wide =
        g_convert(text, (gssize)length, "UTF-16BE", "UTF-8", NULL, &bytes, NULL);
    g_assert(wide);
    g_autofree char *coded = g_base64_encode((const guchar *)wide, bytes);
    g_strdelimit(coded, "/", ',');
    coded[strcspn(coded, "=")] = '\0';
    g_string_append_printf(out, "&%s-", coded);
}

char *foldername_encode(const char *name, char separator)
{
    GString *out = g_string_new(NULL);
    while (*name) {
        gsize run = 0;
        while (name[run] & 0x80)
            run++;
        if (run)
            append_shifted(out, name, run);
        else if (*name == '&')
            g_string_append(out, "&-");
        else
            g_string_append_c(out, *name == '/' && separator ? separator : *name);
        name += run ? run : 1;
    }
    return g_string_free(out, FALSE);
}

/* The text of a shifted run, `length` bytes without "&" and "-"; NULL when it is none. */
static char *decode_shifted(const char *run, gsize length)
{
    gsize bytes;
    g_autofree char *plain = g_strndup(run, length);
    g_strdelimit(plain, ",", '/');
    g_autofree char *padded = g_strconcat(plain, &"==="[3 - (4 - length % 4) % 4], NULL);
    g_autofree guchar *wide = g_base64_decode(padded, &bytes);
    return wide && bytes && bytes % 2 == 0
               ? g_convert((const char *)wide, (gssize)bytes, "UTF-8", "UTF-16BE", NULL, NULL, NULL)
               : NULL;
}

char *foldername_decode(const char *encoded, char separator)
{
    GString *out = g_string_new(NULL);
    while (*encoded) {
        const char *end = *encoded == '&' ? strchr(encoded, '-') : NULL;
        g_autofree char *text =
            end ? decode_shifted(encoded + 1, (gsize)(end - encoded - 1)) : NULL;
        if (end == encoded + 1)
            g_string_append_c(out, '&');
        else if (text)
            g_string_append(out, text);
        else
            g_string_append_c(out, separator && *encoded == separator ? '/' : *encoded);
        encoded = end && (text || end == encoded + 1) ? end + 1 : encoded + 1;
    }
    char *valid = g_utf8_make_valid(out->str, (gssize)out->len);
    g_string_free(out, TRUE);
    return valid;
}

char *foldername_quote(const char *encoded)
{
    GString *out = g_string_new("\"");
    for (; *encoded; encoded++) {
        if (*encoded == '"' || *encoded == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *encoded);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}
