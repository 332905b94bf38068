/* picture - how wide an image is, from the head of its file */
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
