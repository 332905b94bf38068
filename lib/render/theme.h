/* theme - colours, fonts and the style of each kind of element, from templates/theme.yaml
 *
 * A theme is a flat set of keys ("colours.link", "dark.link", "fonts.body", "p", "h2"); a style may
 * refer to colours and fonts, as "$colours.link". Every key has a default, so an empty file is a
 * theme.
 */
#ifndef RENDER_THEME_H
#define RENDER_THEME_H

#include <glib.h>

#include "base/finding.h"
#include "base/value.h"

/* One setting as the YAML reader saw it: "colours.link", "#0b4f8a", line 7. */
typedef struct {
    const char *key;
    const char *value;
    guint line;
} ThemeEntry;

typedef struct Theme Theme;

/* Makes a theme of the defaults and `entries` (of ThemeEntry; may be NULL). An unknown key or a
 * value that is no colour or style (a semicolon too many, url(), angle brackets or quotes that
 * would leave the attribute) is an error finding, with a "did you mean"; a text that
 * stands out from its background by less than 4.5 to 1 is a warning. Never NULL. */
Theme *theme_new(const GPtrArray *entries, const char *file, Findings *findings);
void theme_free(Theme *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Theme, theme_free)

/* The finished style for an element, ready for style="...", or the colour of a "colours." key.
 * Borrowed. Unknown keys are our own fault. */
const char *theme_style(const Theme *self, const char *key);

/* All as a map for the layout: {{theme.colours.link}}, {{theme.dark.link}}, {{theme.fonts.body}},
 * {{theme.style.footer}}, and {{theme.css.dark}}, the rules of dark mode for its <style>. Borrowed.
 */
const Value *theme_values(const Theme *self);

/* The contrast of two colours written as #rgb or #rrggbb, 1 to 21 (WCAG 2.2, "contrast ratio"). */
double theme_contrast(const char *one, const char *other);

#endif
