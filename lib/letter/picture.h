/* picture - what an image is, and how wide, from its bytes
 */
#ifndef LETTER_PICTURE_H
#define LETTER_PICTURE_H

#include <glib.h>

/* What a file is by its first bytes, whatever it is called. */
typedef enum {
    PICTURE_EMPTY,
    PICTURE_PNG,
    PICTURE_JPEG,
    PICTURE_GIF, /* these three are shown everywhere */
    PICTURE_WEBP,
    PICTURE_SVG,
    PICTURE_TIFF,
    PICTURE_HEIC, /* AVIF too */
    PICTURE_BMP,
    PICTURE_OTHER
} PictureKind;

PictureKind picture_kind(const guchar *bytes, gsize length);

/* "PNG"; NULL for PICTURE_EMPTY and PICTURE_OTHER. */
const char *picture_kind_name(PictureKind kind);

/* Whether a file of that name is taken for that kind: "hall.JPG" for PICTURE_JPEG. */
gboolean picture_is_called(const char *name, PictureKind kind);

/* Whether a PNG, JPEG or GIF goes on to its end: one that was copied or downloaded in part does not, and
 * is shown in part or not at all. Other kinds are taken as they are. */
gboolean picture_is_whole(const guchar *bytes, gsize length);

/* The width in pixels of a PNG, GIF or JPEG; 0 when the bytes are none of them or are cut off.
 * Reads nothing but the head, and no further than `length`. */
guint picture_width(const guchar *bytes, gsize length);

#endif
