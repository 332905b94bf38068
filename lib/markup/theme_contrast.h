/* theme_contrast - whether a theme's own styles stand out from what they stand on (a part of
 * markup/theme.c, which compares the palette)
 */
#ifndef MARKUP_THEME_CONTRAST_H
#define MARKUP_THEME_CONTRAST_H

#include "markup/theme.h"

/* For each style among `entries` (of ThemeEntry) that names a colour by itself, not from the
 * palette: a warning "theme-contrast" when its text and its ground have less than 4.5 to 1 (WCAG
 * 2.2, 1.4.3). Colours that are not written as #rgb or #rrggbb are not judged. */
void theme_check_styles(const Theme *theme, const GPtrArray *entries, const char *file,
                        Findings *findings);

#endif
