/* theme_contrast - whether a theme's own styles stand out from what they stand on */
#include "markup/theme_contrast.h"

#include <string.h>

/* What the layout and the writers set on what. */
static const struct {
    const char *text, *ground;
} stands_on[] = {
    {"p", "paper"},     {"h1", "paper"},      {"h2", "paper"},      {"h3", "paper"},
    {"h4", "paper"},    {"h5", "paper"},      {"h6", "paper"},      {"a", "paper"},
    {"li", "paper"},    {"caption", "paper"}, {"th", "paper"},      {"td", "paper"},
    {"date", "paper"},  {"p", "callout"},     {"li", "callout"},    {"a", "callout"},
    {"footer", "page"}, {"footer_p", "page"}, {"footer_a", "page"}, {"button_link", "button"},
    {"band", "band"},   {"pre", "pre"},
};

static const ThemeEntry *own_entry(const GPtrArray *entries, const char *key)
{
    for (guint i = entries ? entries->len : 0; i-- > 0;) {
        const ThemeEntry *entry = g_ptr_array_index(entries, i);
        if (g_str_equal(entry->key, key) && strchr(entry->value, '#'))
            return entry;
    }
    return NULL;
}

/* The value of a declaration that is a colour in hexadecimal; newly allocated, or NULL. */
static char *colour_of(const char *style, const char *property)
{
    g_auto(GStrv) parts = g_strsplit(style, ";", -1);
    for (char **part = parts; *part; part++) {
        g_auto(GStrv) two = g_strsplit(*part, ":", 2);
        if (!two[0] || !two[1] || !g_str_equal(g_strstrip(two[0]), property))
            continue;
        const char *value = g_strstrip(two[1]);
        gsize digits = strspn(value + (*value == '#'), "0123456789abcdefABCDEF");
        if (*value == '#' && (digits == 3 || digits == 6) && !value[1 + digits])
            return g_strdup(value);
    }
    return NULL;
}

void theme_check_styles(const Theme *theme, const GPtrArray *entries, const char *file,
                        Findings *findings)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stands_on); i++) {
        const char *text = stands_on[i].text, *ground = stands_on[i].ground;
        const ThemeEntry *entry = own_entry(entries, text);
        entry = entry ? entry : own_entry(entries, ground);
        if (!entry)
            continue;
        g_autofree char *front = colour_of(theme_style(theme, text), "color");
        g_autofree char *back = colour_of(theme_style(theme, ground), "background-color");
        double contrast = front && back ? theme_contrast(front, back) : 21;
        if (contrast < 4.5)
            findings_add(findings, FINDING_WARNING, file, entry->line, "theme-contrast",
                         "the style '%s' on '%s', %s on %s, has a contrast of %.1f to 1: not "
                         "everybody can read less than 4.5",
                         text, ground, front, back, contrast);
    }
}
