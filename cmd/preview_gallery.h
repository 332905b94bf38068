/* preview_gallery - preview --gallery: a page on which every letter can be looked at
 */
#ifndef CMD_PREVIEW_GALLERY_H
#define CMD_PREVIEW_GALLERY_H

#include "gallery/gallery.h"
#include "workspace/workspace.h"

/* What 'circular check' finds, with progress shown. FALSE with `error` when it can't look. */
gboolean preview_check(const Workspace *workspace, const char *update, const char *audience,
                       Findings *findings, GError **error);

/* Makes it, with progress shown, Ctrl-C heeded and a word at the end on how to open it. The
 * callbacks of `options` are ours. */
gboolean preview_gallery(const Letter *letter, Audience *audience, const GalleryOptions *options,
                         GError **error);

#endif
