/* picture - what an image is, and how wide, from its bytes */
#include "letter/picture.h"

#include <string.h>

static guint big_endian(const guchar *bytes, guint count)
{
    guint value = 0;
    while (count--)
        value = value << 8 | *bytes++;
    return value;
}

/* A frame header (SOF0 to SOF15, without the tables DHT, JPG and DAC among them) has the size. */
static gboolean is_frame(guchar marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* JPEG (ITU T.81 annex B): segments of a marker, a length and that many bytes. */
static guint jpeg_width(const guchar *bytes, gsize length)
{
    gsize at = 2;
    while (at + 9 <= length && bytes[at] == 0xff) {
        guchar marker = bytes[at + 1];
        if (marker == 0xff) { /* padding */
            at++;
            continue;
        }
        if (is_frame(marker))
            return big_endian(bytes + at + 7, 2);
        at += 2 + MAX(big_endian(bytes + at + 2, 2), 2);
    }
    return 0;
}

static gboolean begins(const guchar *bytes, gsize length, gsize at, const char *with, gsize count)
{
    return length >= at + count && memcmp(bytes + at, with, count) == 0;
}

/* An SVG may begin with a declaration, comments and a document type. */
static gboolean is_svg(const guchar *bytes, gsize length)
{
    g_autofree char *head = g_strndup((const char *)bytes, MIN(length, 1000));
    const char *at = head + strspn(head, " \t\r\n\xef\xbb\xbf");
    return *at == '<' && strstr(at, "<svg");
}

PictureKind picture_kind(const guchar *bytes, gsize length)
{
    static const struct {
        PictureKind kind;
        gsize at, count;
        const char *with;
    } marks[] = {{PICTURE_PNG, 0, 8, "\x89PNG\r\n\x1a\n"},
                 {PICTURE_GIF, 0, 4, "GIF8"},
                 {PICTURE_JPEG, 0, 3, "\xff\xd8\xff"},
                 {PICTURE_WEBP, 8, 4, "WEBP"},
                 {PICTURE_TIFF, 0, 4, "II*\0"},
                 {PICTURE_TIFF, 0, 4, "MM\0*"},
                 {PICTURE_HEIC, 4, 4, "ftyp"},
                 {PICTURE_BMP, 0, 2, "BM"}};
    if (!length)
        return PICTURE_EMPTY;
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (begins(bytes, length, marks[i].at, marks[i].with, marks[i].count))
            return marks[i].kind;
    return is_svg(bytes, length) ? PICTURE_SVG : PICTURE_OTHER;
}

const char *picture_kind_name(PictureKind kind)
{
    static const char *const names[] = {NULL,  "PNG",  "JPEG", "GIF", "WebP",
                                        "SVG", "TIFF", "HEIC", "BMP", NULL};
    return names[kind];
}

gboolean picture_is_called(const char *name, PictureKind kind)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    return (kind == PICTURE_PNG && g_str_has_suffix(lower, ".png")) ||
           (kind == PICTURE_GIF && g_str_has_suffix(lower, ".gif")) ||
           (kind == PICTURE_JPEG &&
            (g_str_has_suffix(lower, ".jpg") || g_str_has_suffix(lower, ".jpeg")));
}

/* Chunks of a length, a name, that many bytes and a checksum, the last one IEND (ISO 15948, 5.3). */
static gboolean png_is_whole(const guchar *bytes, gsize length)
{
    for (gsize at = 8; length - at >= 12;) {
        gsize size = big_endian(bytes + at, 4);
        if (size > length - at - 12)
            return FALSE;
        if (memcmp(bytes + at + 4, "IEND", 4) == 0)
            return TRUE;
        at += size + 12;
    }
    return FALSE;
}

/* Segments up to the scan (SOS), then a mark of the end (EOI); a preview among the segments has its
 * own. */
static gboolean jpeg_is_whole(const guchar *bytes, gsize length)
{
    gsize at = 2;
    while (length - at >= 4 && bytes[at] == 0xff && bytes[at + 1] != 0xda) {
        gsize size = bytes[at + 1] == 0xff ? 0 : 1 + MAX(big_endian(bytes + at + 2, 2), 2);
        if (size >= length - at)
            return FALSE;
        at += 1 + size;
    }
    for (; at + 1 < length; at++)
        if (bytes[at] == 0xff && bytes[at + 1] == 0xd9)
            return TRUE;
    return FALSE;
}

/* The last byte is the trailer; some programs put zeros behind it. */
static gboolean gif_is_whole(const guchar *bytes, gsize length)
{
    while (length && !bytes[length - 1])
        length--;
    return length && bytes[length - 1] == 0x3b;
}

gboolean picture_is_whole(const guchar *bytes, gsize length)
{
    switch (picture_kind(bytes, length)) {
    case PICTURE_PNG:
        return png_is_whole(bytes, length);
    case PICTURE_JPEG:
        return jpeg_is_whole(bytes, length);
    case PICTURE_GIF:
        return gif_is_whole(bytes, length);
    case PICTURE_EMPTY:
    case PICTURE_WEBP:
    case PICTURE_SVG:
    case PICTURE_TIFF:
    case PICTURE_HEIC:
    case PICTURE_BMP:
    case PICTURE_OTHER:
        break;
    }
    return TRUE;
}

guint picture_width(const guchar *bytes, gsize length)
{
    if (length >= 24 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return big_endian(bytes + 16, 4);
    if (length >= 10 && (memcmp(bytes, "GIF87a", 6) == 0 || memcmp(bytes, "GIF89a", 6) == 0))
        return bytes[6] | (guint)bytes[7] << 8;
    if (length >= 4 && bytes[0] == 0xff && bytes[1] == 0xd8)
        return jpeg_width(bytes, length);
    return 0;
}
