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
