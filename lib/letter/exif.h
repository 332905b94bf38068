/* exif - what a camera wrote into a photograph: taken out, and whether it told the place
 */
#ifndef LETTER_EXIF_H
#define LETTER_EXIF_H

#include <glib.h>

/* Whether a JPEG names the place where it was taken (Exif 2.32, GPS attribute information). */
gboolean exif_has_place(const guchar *bytes, gsize length);

/* The picture without Exif, XMP, IPTC and comments. Colours (ICC) stay, and so does the way it is
 * to be turned, which is then all that its Exif says. What is no JPEG, or is cut off, comes back as
 * it is. To be unreffed. */
GBytes *exif_strip(GBytes *picture);

#endif
