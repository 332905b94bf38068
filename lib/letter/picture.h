/* picture - how wide an image is, from the head of its file
 */
#ifndef LETTER_PICTURE_H
#define LETTER_PICTURE_H

#include <glib.h>

/* The width in pixels of a PNG, GIF or JPEG; 0 when the bytes are none of them or are cut off.
 * Reads nothing but the head, and no further than `length`. */
guint picture_width(const guchar *bytes, gsize length);

#endif
