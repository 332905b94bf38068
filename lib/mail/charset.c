/* charset - foreign text made UTF-8, whatever it claims to be */
#include "mail/charset.h"

#include <string.h>

void charset_prepare(void)
{
    static const char *const COMMON[] = {"CP1252", "ISO-2022-JP-3", "ISO-8859-2", "GB18030"};
    static GIConv kept[G_N_ELEMENTS(COMMON)]; /* for the life of the process */
    for (gsize i = 0; i < G_N_ELEMENTS(COMMON); i++)
        if (!kept[i])
            kept[i] = g_iconv_open("UTF-8", COMMON[i]);
}

static gboolean has_escape(const char *bytes, gsize length)
{
    return memchr(bytes, '\033', length) != NULL;
}

/* Labels that mean a larger set of characters in practice; those the converter doesn't know. */
static const struct {
    const char *label, *meant;
} WIDER[] = {
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"ks_c_5601-1987", "CP949"},
    {"euc-kr", "CP949"},
    {"shift_jis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"big5", "BIG5-HKSCS"},
    {"iso-8859-1", "CP1252"},
    {"iso-8859-9", "CP1254"},
    {"x-unknown", ""},
    {"unicode-1-1-utf-7", "UTF-7"},
};

static const char *meant_by(const char *label)
{
    for (gsize i = 0; label && i < G_N_ELEMENTS(WIDER); i++)
        if (g_ascii_strcasecmp(label, WIDER[i].label) == 0)
            return WIDER[i].meant;
    return label;
}

static char *convert(const char *bytes, gsize length, const char *charset)
{
    gsize written = 0;
    char *text = g_convert(bytes, length, "UTF-8", charset, NULL, &written, NULL);
    if (text && strlen(text) != written) { /* no NUL may hide what follows it */
        g_free(text);
        return NULL;
    }
    return text;
}

/* The declared charset, then what the bytes look like, then a charset in which every byte means
 * something. ISO-2022 escapes under a declared US-ASCII are common in Japanese reports. */
char *charset_to_utf8(const char *bytes, gsize length, const char *charset)
{
    char *text = NULL;
    if (g_utf8_validate(bytes, length, NULL) && !has_escape(bytes, length))
        return g_strndup(bytes, length);
    const char *meant = meant_by(charset);
    if (meant && *meant && g_ascii_strcasecmp(meant, "utf-8") != 0)
        text = convert(bytes, length, meant);
    if (!text && meant != charset)
        text = convert(bytes, length, charset);
    if ((!text || has_escape(text, strlen(text))) && has_escape(bytes, length)) {
        char *japanese = convert(bytes, length, "ISO-2022-JP-3");
        if (japanese) {
            g_free(text);
            text = japanese;
        }
    }
    if (!text && charset && g_ascii_strncasecmp(charset, "utf-8", 5) == 0)
        text = g_utf8_make_valid(bytes, length);
    if (!text)
        text = convert(bytes, length, "WINDOWS-1252");
    if (!text)
        text = convert(bytes, length, "ISO-8859-1");
    return text ? text : g_utf8_make_valid(bytes, length);
}

/* The charset of a text in units of two or four bytes, whose NULs are no rubbish: by its mark, else
 * by its declared name, if the bytes bear that out; NULL for any other. */
static const char *wide_charset(const char *bytes, gsize length, const char *declared)
{
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return "UTF-16"; /* the converter heeds the mark */
    gboolean wide = declared && (g_ascii_strncasecmp(declared, "utf-16", 6) == 0 ||
                                 g_ascii_strncasecmp(declared, "utf-32", 6) == 0 ||
                                 g_ascii_strncasecmp(declared, "ucs-", 4) == 0);
    return wide && length && memchr(bytes, 0, length) ? declared : NULL;
}

char *charset_narrow(const char *bytes, gsize length, const char *declared, gsize *narrowed)
{
    const char *charset = wide_charset(bytes, length, declared);
    char *text = charset ? convert(bytes, length, charset) : NULL;
    *narrowed = text ? strlen(text) : length;
    return text ? text : g_memdup2(bytes, length);
}
