/* encoding - whether a file is UTF-8 or Windows-1252, decided over the whole of it */
#include "sheet/encoding.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "sheet/codepage.h"

enum { PIECE = 64 << 10, SEQUENCE_MAX = 4 };

#define MEND "save it as 'CSV UTF-8 (comma delimited)'"

/* What one reading of the file found; offsets are -1 for "nowhere". */
typedef struct {
    gint64 bad_utf8;  /* first byte that is not UTF-8 */
    guint64 n_bad;    /* how many such */
    gint64 good_utf8; /* first character beyond ASCII that is UTF-8 */
    guint64 n_good;   /* how many such */
    gint64 undefined; /* first byte that Windows-1252 doesn't have */
    guint8 undefined_byte;
} Survey;

gboolean encoding_parse(const char *name, Encoding *encoding)
{
    static const char *const names[] = {"auto", "utf-8", "windows-1252", "cp850", "macintosh"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_ascii_strcasecmp(name ? name : "auto", names[i]) != 0)
            continue;
        *encoding = (Encoding)i;
        return TRUE;
    }
    return FALSE;
}

gssize encoding_read(int fd, const char *shown, char *bytes, gsize length, GError **error)
{
    gsize got = 0;
    while (got < length) {
        gssize n = read(fd, bytes + got, length - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't read: %s", shown,
                        g_strerror(errno));
            return -1;
        }
        if (n == 0)
            break;
        got += (gsize)n;
    }
    return (gssize)got;
}

static gboolean go_to(int fd, const char *shown, off_t offset, GError **error)
{
    if (lseek(fd, offset, SEEK_SET) == offset)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't go back to the beginning: %s",
                shown, g_strerror(errno));
    return FALSE;
}

/* The line on which a byte stands. Reads the file again up to it: only errors ask. */
static guint line_at(int fd, const char *shown, gint64 offset)
{
    g_autofree char *bytes = g_malloc(PIECE);
    guint line = 1;
    gboolean after_cr = FALSE;
    if (!go_to(fd, shown, 0, NULL))
        return 0;
    for (gint64 at = 0; at < offset;) {
        gssize got = encoding_read(fd, shown, bytes, (gsize)MIN(PIECE, offset - at), NULL);
        if (got <= 0)
            return 0;
        for (gssize i = 0; i < got; i++) {
            line += bytes[i] == '\r' || (bytes[i] == '\n' && !after_cr);
            after_cr = bytes[i] == '\r';
        }
        at += got;
    }
    return line;
}

static gboolean complain(GError **error, int fd, const char *shown, gint64 offset, const char *text)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s:%u: %s", shown,
                line_at(fd, shown, offset), text);
    return FALSE;
}

/* Bytes 81 8D 8F 90 9D have no character in Windows-1252. */
static gboolean is_undefined(guint8 byte)
{
    return byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D;
}

static gsize survey_beyond_ascii(Survey *survey, const char *at, gsize length, gint64 offset)
{
    gunichar c = g_utf8_get_char_validated(at, (gssize)length);
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        if (survey->n_bad++ == 0)
            survey->bad_utf8 = offset;
        return 1;
    }
    if (survey->n_good++ == 0)
        survey->good_utf8 = offset;
    return (gsize)g_unichar_to_utf8(c, NULL);
}

/* Surveys a piece; gives how many bytes were used: at its end a character may be incomplete. */
static gsize survey_piece(Survey *survey, const char *bytes, gsize length, gint64 offset,
                          gboolean last)
{
    gsize at = 0;
    while (at < length) {
        if ((guint8)bytes[at] < 0x80) {
            at++;
            continue;
        }
        if (!last && length - at < SEQUENCE_MAX)
            break;
        gsize n = survey_beyond_ascii(survey, bytes + at, length - at, offset + (gint64)at);
        for (gsize i = at; i < at + n; i++) {
            if (survey->undefined < 0 && is_undefined((guint8)bytes[i])) {
                survey->undefined = offset + (gint64)i;
                survey->undefined_byte = (guint8)bytes[i];
            }
        }
        at += n;
    }
    return at;
}

/* Files that were never CSV, by their first bytes. */
static gboolean check_magic(const char *bytes, gsize length, const char *shown, GError **error)
{
    static const struct {
        const char *magic;
        gsize length;
        const char *what;
    } kinds[] = {
        {"\xFF\xFE", 2, "this is UTF-16 (Excel's 'Unicode text'): " MEND},
        {"\xFE\xFF", 2, "this is UTF-16: " MEND},
        {"<html", 5,
         "this is a web page, not CSV, whatever its name says: open it in Excel and " MEND},
        {"<!DOCTYPE", 9, "this is a web page, not CSV: open it in Excel and " MEND},
        {"<table", 6, "this is a web page, not CSV: open it in Excel and " MEND},
        {"<?xml", 5, "this is XML, not CSV: open it in Excel and " MEND},
    };
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        gsize at = 0;
        while (*kinds[i].magic == '<' && at < length && strchr("\xEF\xBB\xBF \r\n\t", bytes[at]))
            at++;
        if (length - at >= kinds[i].length &&
            g_ascii_strncasecmp(bytes + at, kinds[i].magic, kinds[i].length) == 0) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s:1: %s", shown,
                        kinds[i].what);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean survey_file(int fd, const char *shown, Survey *survey, gboolean *bom,
                            GError **error)
{
    g_autofree char *bytes = g_malloc(PIECE);
    gint64 offset = 0;
    gsize kept = 0;
    *survey = (Survey){.bad_utf8 = -1, .good_utf8 = -1, .undefined = -1};
    if (!go_to(fd, shown, 0, error))
        return FALSE;
    for (;;) {
        gssize got = encoding_read(fd, shown, bytes + kept, PIECE - kept, error);
        if (got < 0)
            return FALSE;
        gsize length = kept + (gsize)got;
        gboolean last = length < PIECE;
        gsize at = 0;
        if (offset == 0) {
            if (!check_magic(bytes, length, shown, error))
                return FALSE;
            *bom = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
            at = *bom ? 3 : 0;
        }
        const char *nul = memchr(bytes, '\0', length);
        if (nul)
            return complain(error, fd, shown, offset + (nul - bytes),
                            "a NUL byte: this is no CSV text; " MEND);
        gsize used = at + survey_piece(survey, bytes + at, length - at, offset + (gint64)at, last);
        kept = length - used;
        memmove(bytes, bytes + used, kept);
        offset += (gint64)used;
        if (last)
            return TRUE;
    }
}

static gboolean complain_undefined(GError **error, int fd, const char *shown, const Survey *survey)
{
    g_autofree char *text = g_strdup_printf("byte 0x%02X is no character of Windows-1252: " MEND,
                                            survey->undefined_byte);
    return complain(error, fd, shown, survey->undefined, text);
}

static gboolean complain_neither(GError **error, int fd, const char *shown, const Survey *survey)
{
    guint other = line_at(fd, shown, survey->undefined);
    g_autofree char *text =
        g_strdup_printf("not UTF-8, and byte 0x%02X in line %u is not Windows-1252: " MEND,
                        survey->undefined_byte, other);
    return complain(error, fd, shown, survey->bad_utf8, text);
}

/* What is wrong when the file is read as Windows-1252 and looks like another code page, newly
 * allocated; NULL for nothing. Reads the file again. */
static char *find_page(int fd, const char *shown, guint *line)
{
    g_autofree char *bytes = g_malloc(PIECE);
    CodepageSurvey survey = {.current_line = 1};
    Codepage page;
    gssize got = 0;
    if (!go_to(fd, shown, 0, NULL))
        return NULL;
    while ((got = encoding_read(fd, shown, bytes, PIECE, NULL)) > 0)
        for (gssize i = 0; i < got; i++)
            codepage_survey(&survey, (guint8)bytes[i]);
    codepage_survey(&survey, '\n');
    codepage_survey(&survey, '\n');
    if (!codepage_found(&survey, &page))
        return NULL;
    *line = survey.line;
    g_autofree char *meant = codepage_decode(page, survey.word, strlen(survey.word));
    g_autofree char *read =
        g_convert_with_fallback(survey.word, -1, "UTF-8", "WINDOWS-1252", "?", NULL, NULL, NULL);
    return g_strdup_printf("looks as if it had been saved as '%s': is '%s' '%s'? " MEND
                           ", or say 'encoding: %s' (or windows-1252, if it is that)",
                           codepage_format(page), read ? read : "?", meant, codepage_name(page));
}

gboolean encoding_detect(int fd, const char *shown, Encoding wanted, EncodingFound *found,
                         GError **error)
{
    Survey survey;
    gboolean bom = FALSE;
    if (!survey_file(fd, shown, &survey, &bom, error))
        return FALSE;
    *found = (EncodingFound){.encoding = ENCODING_UTF8, .skip = bom ? 3 : 0};
    if (wanted == ENCODING_CP850 || wanted == ENCODING_MACINTOSH) {
        found->encoding = bom ? ENCODING_UTF8 : wanted;
        return TRUE;
    }
    if (wanted == ENCODING_WINDOWS_1252 && !bom) {
        found->encoding = ENCODING_WINDOWS_1252;
        return survey.undefined < 0 || complain_undefined(error, fd, shown, &survey);
    }
    if (!survey.n_bad)
        return TRUE;
    if (wanted == ENCODING_UTF8 || bom)
        return complain(error, fd, shown, survey.bad_utf8, "not UTF-8: " MEND);
    if (survey.n_good > survey.n_bad)
        return complain(error, fd, shown, survey.bad_utf8,
                        "not UTF-8, although the accents elsewhere in the file are: fix this line "
                        "(or say 'encoding: windows-1252' to take all of it for that)");
    guint page_line = 0;
    g_autofree char *page = find_page(fd, shown, &page_line);
    if (survey.undefined >= 0 && page) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s:%u: %s", shown, page_line,
                    page);
        return FALSE;
    }
    if (survey.undefined >= 0)
        return complain_neither(error, fd, shown, &survey);
    found->page = g_steal_pointer(&page);
    found->page_line = page_line;
    found->encoding = ENCODING_WINDOWS_1252;
    found->mixed_line = survey.n_good ? line_at(fd, shown, survey.good_utf8) : 0;
    return TRUE;
}
