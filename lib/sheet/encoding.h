/* encoding - whether a file is UTF-8 or Windows-1252, decided over the whole of it
 *
 * UTF-8 is recognised by being valid, which text in another encoding hardly ever is by chance. What
 * is not UTF-8 is taken for Windows-1252, the encoding of the register's extract and of Excel's
 * plain "CSV" - unless it holds one of the five bytes that mean nothing there.
 */
#ifndef SHEET_ENCODING_H
#define SHEET_ENCODING_H

#include <glib.h>

typedef enum {
    ENCODING_AUTO,
    ENCODING_UTF8,
    ENCODING_WINDOWS_1252,
    ENCODING_CP850,
    ENCODING_MACINTOSH
} Encoding;

/* By its name in the config, "auto", "utf-8", "windows-1252", "cp850" or "macintosh" (any case;
 * NULL is auto). FALSE for
 * any other. */
gboolean encoding_parse(const char *name, Encoding *encoding);

typedef struct {
    Encoding encoding; /* never AUTO */
    gsize skip;        /* bytes of the byte order mark */
    guint mixed_line;  /* a line with UTF-8 in a file that was taken for Windows-1252, or 0 */
    char *page;        /* what is wrong when it looks like another code page; newly allocated */
    guint page_line;   /* where */
} EncodingFound;

/* Reads an open file from its beginning in pieces and says what it is. FALSE with IO, or with DATA
 * "shown:line: ..." and a fix: a NUL, UTF-16, an Excel workbook, bytes that are not `wanted`,
 * neither encoding, or UTF-8 but for a few bytes (in Windows-1252 all its other accents would come
 * out wrong). */
gboolean encoding_detect(int fd, const char *shown, Encoding wanted, EncodingFound *found,
                         GError **error);

/* Reads up to `length` bytes, fewer only at the end of the file; -1 with IO. */
gssize encoding_read(int fd, const char *shown, char *bytes, gsize length, GError **error);

#endif
