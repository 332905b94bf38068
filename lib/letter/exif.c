/* exif - what a camera wrote into a photograph: taken out, and whether it told the place */
#include "letter/exif.h"

#include <string.h>

enum { ORIENTATION = 0x0112, GPS = 0x8825, ENTRY = 12 };

/* A segment of a JPEG (ITU T.81, annex B): marker, length, and that many bytes. */
typedef struct {
    guchar marker;
    const guchar *start, *data, *end; /* of the whole, of what is in it */
} Segment;

/* The segment at `at`; FALSE at the picture itself (SOS), at the end, or when it is cut off. */
static gboolean take(const guchar **at, const guchar *end, Segment *segment)
{
    const guchar *p = *at;
    while (end - p >= 2 && p[0] == 0xff && p[1] == 0xff) /* padding */
        p++;
    if (end - p < 4 || p[0] != 0xff || p[1] == 0xda || p[1] == 0xd9)
        return FALSE;
    gsize length = (gsize)p[2] << 8 | p[3];
    if (length < 2 || (gsize)(end - p) < 2 + length)
        return FALSE;
    *segment = (Segment){p[1], *at, p + 4, p + 2 + length};
    *at = segment->end;
    return TRUE;
}

static gboolean is_exif(const Segment *segment)
{
    return segment->marker == 0xe1 && segment->end - segment->data > 6 &&
           memcmp(segment->data, "Exif\0\0", 6) == 0;
}

/* A number of `size` bytes in the order of the TIFF header. */
static guint number(const guchar *at, guint size, gboolean little)
{
    guint value = 0;
    for (guint i = 0; i < size; i++)
        value = value << 8 | at[little ? size - 1 - i : i];
    return value;
}

/* The value of a tag of the first directory (TIFF 6.0); FALSE when there is none. */
static gboolean find_tag(const Segment *segment, guint tag, guint size, guint *value)
{
    const guchar *tiff = segment->data + 6;
    gsize length = (gsize)(segment->end - tiff);
    if (length < 8)
        return FALSE;
    gboolean little = tiff[0] == 'I';
    gsize at = number(tiff + 4, 4, little);
    if (at > length || length - at < 2)
        return FALSE;
    guint count = number(tiff + at, 2, little);
    for (at += 2; count-- && length - at >= ENTRY; at += ENTRY) {
        if (number(tiff + at, 2, little) != tag)
            continue;
        *value = number(tiff + at + 8, size, little);
        return TRUE;
    }
    return FALSE;
}

static gboolean is_jpeg(const guchar *bytes, gsize length)
{
    return length >= 4 && bytes[0] == 0xff && bytes[1] == 0xd8;
}

gboolean exif_has_place(const guchar *bytes, gsize length)
{
    if (!is_jpeg(bytes, length))
        return FALSE;
    const guchar *at = bytes + 2, *end = bytes + length;
    Segment segment;
    guint where;
    while (take(&at, end, &segment))
        if (is_exif(&segment) && find_tag(&segment, GPS, 4, &where) && where)
            return TRUE;
    return FALSE;
}

/* An Exif segment that says nothing but how the picture is to be turned. */
static void append_orientation(GByteArray *out, guint orientation)
{
    const guchar segment[] = {0xff,
                              0xe1,
                              0,
                              34,
                              'E',
                              'x',
                              'i',
                              'f',
                              0,
                              0,
                              'M',
                              'M',
                              0,
                              0x2a,
                              0,
                              0,
                              0,
                              8,
                              0,
                              1,
                              ORIENTATION >> 8,
                              ORIENTATION & 0xff,
                              0,
                              3,
                              0,
                              0,
                              0,
                              1,
                              0,
                              (guchar)orientation,
                              0,
                              0,
                              0,
                              0,
                              0,
                              0};
    g_byte_array_append(out, segment, sizeof segment);
}

/* Application data but for JFIF, colours (ICC) and Adobe's; and comments. */
static gboolean is_left_out(const Segment *segment)
{
    return segment->marker == 0xfe || segment->marker == 0xe1 ||
           (segment->marker >= 0xe3 && segment->marker <= 0xed) || segment->marker == 0xef;
}

GBytes *exif_strip(GBytes *picture)
{
    gsize length;
    const guchar *bytes = g_bytes_get_data(picture, &length);
    if (!is_jpeg(bytes, length))
        return g_bytes_ref(picture);
    const guchar *at = bytes + 2, *end = bytes + length;
    GByteArray *out = g_byte_array_sized_new((guint)length);
    Segment segment;
    guint orientation;
    g_byte_array_append(out, bytes, 2);
    while (take(&at, end, &segment)) {
        if (is_exif(&segment) && find_tag(&segment, ORIENTATION, 2, &orientation) &&
            orientation > 1 && orientation <= 8)
            append_orientation(out, orientation);
        if (!is_left_out(&segment))
            g_byte_array_append(out, segment.start, (guint)(segment.end - segment.start));
    }
    g_byte_array_append(out, at, (guint)(end - at));
    return g_byte_array_free_to_bytes(out);
}
