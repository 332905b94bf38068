/* preview_gallery - preview --gallery: a page on which every letter can be looked at
 */
#ifndef CMD_PREVIEW_GALLERY_H
#define CMD_PREVIEW_GALLERY_H

#include "run/showroom.h"

/* Makes it, with progress shown, Ctrl-C heeded and a word at the end on how to open it. The
 * callbacks of `options` are ours. */
gboolean preview_gallery(const Letter *letter, Audience *audience, const ShowroomOptions *options,
                         GError **error);

#endif
