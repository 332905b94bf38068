/* theme - colours, fonts and the style of each kind of element, from templates/theme.yaml */
#include "render/theme.h"

#include <string.h>

#include "base/error.h"

/* For each style among `entries` (of ThemeEntry) that names a colour by itself, not from the
 * palette: a warning "theme-contrast" when its text and its ground have less than 4.5 to 1 (WCAG
 * 2.2, 1.4.3). Colours that are not written as #rgb or #rrggbb are not judged. */
static void theme_check_styles(const Theme *theme, const GPtrArray *entries, const char *file,
                               Findings *findings);

/* The order matters: a setting may refer to those above it. */
static const ThemeEntry defaults[] = {
    {"colours.page", "#f3f2ef", 0},
    {"colours.paper", "#ffffff", 0},
    {"colours.text", "#26282b", 0},
    {"colours.quiet", "#5c6066", 0},
    {"colours.heading", "#14344f", 0},
    {"colours.accent", "#1f4e79", 0},
    {"colours.on_accent", "#ffffff", 0},
    {"colours.link", "#0b5394", 0},
    {"colours.rule", "#d8d6d0", 0},
    {"colours.callout", "#eef3f8", 0},
    {"colours.code", "#f4f3f0", 0},
    {"dark.page", "#15181b", 0},
    {"dark.paper", "#1e2226", 0},
    {"dark.text", "#e6e4e0", 0},
    {"dark.quiet", "#b3b1ac", 0},
    {"dark.heading", "#dbe8f4", 0},
    {"dark.accent", "#2c5f8f", 0},
    {"dark.on_accent", "#ffffff", 0},
    {"dark.link", "#8fc3f3", 0},
    {"dark.rule", "#444a50", 0},
    {"dark.callout", "#27313a", 0},
    {"dark.code", "#2a2e33", 0},
    {"fonts.body", "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif", 0},
    {"fonts.heading", "Georgia, 'Times New Roman', serif", 0},
    {"fonts.mono", "Consolas, Menlo, 'Courier New', monospace", 0},
    {"p", "margin: 0 0 16px; font: 16px/1.5 $fonts.body; color: $colours.text", 0},
    {"h1", "margin: 0 0 20px; font: bold 28px/1.25 $fonts.heading; color: $colours.heading", 0},
    {"h2", "margin: 32px 0 12px; font: bold 22px/1.3 $fonts.heading; color: $colours.heading", 0},
    {"h3", "margin: 24px 0 8px; font: bold 18px/1.35 $fonts.heading; color: $colours.heading", 0},
    {"h4", "margin: 20px 0 8px; font: bold 16px/1.4 $fonts.body; color: $colours.heading", 0},
    {"h5", "margin: 20px 0 8px; font: bold 16px/1.4 $fonts.body; color: $colours.quiet", 0},
    {"h6", "margin: 20px 0 8px; font: 16px/1.4 $fonts.body; color: $colours.quiet", 0},
    {"a", "color: $colours.link; text-decoration: underline", 0},
    {"list", "margin: 0 0 16px; padding-inline-start: 26px", 0},
    {"li", "margin: 0 0 6px; font: 16px/1.5 $fonts.body; color: $colours.text", 0},
    {"hr", "margin: 28px 0; border: 0; border-top: 1px solid $colours.rule", 0},
    {"code", "padding: 1px 4px; font: 15px/1.4 $fonts.mono; background-color: $colours.code", 0},
    {"pre",
     "margin: 0 0 16px; padding: 12px 14px; font: 14px/1.5 $fonts.mono; "
     "color: $colours.text; background-color: $colours.code; white-space: pre-wrap; "
     "overflow-wrap: anywhere; word-break: break-word",
     0},
    {"img", "max-width: 100%; height: auto; border: 0", 0},
    {"callout", "padding: 14px 18px; background-color: $colours.callout", 0},
    {"callout_bar", "background-color: $colours.accent; font-size: 0; line-height: 0", 0},
    {"button", "padding: 12px 26px; background-color: $colours.accent; border-radius: 4px", 0},
    {"button_link",
     "font: bold 16px/1.4 $fonts.body; color: $colours.on_accent; "
     "text-decoration: none",
     0},
    {"table", "margin: 0 0 20px; width: 100%; border-collapse: collapse", 0},
    {"caption",
     "padding: 0 0 8px; font: bold 16px/1.4 $fonts.body; color: $colours.heading; "
     "text-align: start",
     0},
    {"th",
     "padding: 7px 8px; font: bold 15px/1.4 $fonts.body; color: $colours.heading; "
     "border-bottom: 2px solid $colours.accent",
     0},
    {"td",
     "padding: 7px 8px; font: 15px/1.4 $fonts.body; color: $colours.text; "
     "border-bottom: 1px solid $colours.rule",
     0},
    {"page", "background-color: $colours.page", 0},
    {"paper",
     "padding: 32px 28px 20px; background-color: $colours.paper; "
     "font: 16px/1.5 $fonts.body; color: $colours.text; "
     "overflow-wrap: anywhere; word-break: break-word",
     0},
    {"band",
     "padding: 16px 28px; background-color: $colours.accent; "
     "font: bold 17px/1.4 $fonts.heading; color: $colours.on_accent",
     0},
    {"logo",
     "padding: 20px 28px 16px; background-color: $colours.paper; "
     "border-bottom: 4px solid $colours.accent",
     0},
    {"date", "margin: 0 0 20px; font: 15px/1.5 $fonts.body; color: $colours.quiet", 0},
    {"footer",
     "padding: 20px 28px 32px; font: 14px/1.5 $fonts.body; color: $colours.quiet; "
     "overflow-wrap: anywhere; word-break: break-word",
     0},
    {"footer_p", "margin: 0 0 10px; font: 14px/1.5 $fonts.body; color: $colours.quiet", 0},
    {"footer_a", "color: $colours.quiet; text-decoration: underline", 0},
};

/* Texts that are read against a background: their contrast must be 4.5 to 1 (WCAG 2.2, 1.4.3). */
static const char *const pairs[][2] = {
    {"text", "paper"}, {"quiet", "paper"},      {"quiet", "page"},   {"heading", "paper"},
    {"link", "paper"}, {"link", "callout"},     {"text", "callout"}, {"heading", "callout"},
    {"text", "code"},  {"on_accent", "accent"},
};

struct Theme {
    GHashTable *styles; /* key -> finished value */
    Value *values;
};

/* --- checking -------------------------------------------------------------------------------- */

static gboolean is_colour_key(const char *key)
{
    return g_str_has_prefix(key, "colours.") || g_str_has_prefix(key, "dark.");
}

static gboolean is_colour(const char *value)
{
    gsize length = strlen(value);
    return value[0] == '#' && (length == 4 || length == 7) &&
           strspn(value + 1, "0123456789abcdefABCDEF") == length - 1;
}

/* What could leave the attribute, load something or hide a declaration. */
static const char *unsafe_in(const char *value)
{
    static const char *const words[] = {"url(", "expression(", "@", "javascript:", "/*", "\\", "!",
                                        "\"",   "<",           ">", "{",           "}",  "&"};
    g_autofree char *lower = g_ascii_strdown(value, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(lower, words[i]))
            return words[i];
    for (const char *p = value; *p; p++)
        if ((guchar)*p < 0x20 || *p == 0x7f)
            return "a control character";
    return NULL;
}

static gboolean is_balanced(const char *value)
{
    guint quotes = 0;
    int open = 0;
    for (const char *p = value; *p; p++) {
        quotes += *p == '\'';
        open += *p == '(' ? 1 : *p == ')' ? -1 : 0;
        if (open < 0)
            return FALSE;
    }
    return quotes % 2 == 0 && open == 0;
}

/* "name: value; name: value", a last semicolon allowed. */
static gboolean is_style(const char *value)
{
    g_auto(GStrv) parts = g_strsplit(value, ";", -1);
    guint count = g_strv_length(parts);
    for (guint i = 0; i < count; i++) {
        const char *part = g_strstrip(parts[i]);
        gsize name = strspn(part, "abcdefghijklmnopqrstuvwxyz-");
        if (!*part && i == count - 1 && i > 0)
            return TRUE;
        if (!name || part[name + strspn(part + name, " ")] != ':' ||
            !part[name + strspn(part + name, " :")])
            return FALSE;
    }
    return count > 0;
}

static char *check(const char *key, const char *value)
{
    const char *unsafe = unsafe_in(value);
    if (is_colour_key(key))
        return is_colour(value)
                   ? NULL
                   : g_strdup_printf("not a colour: '%s' (key %s): write it as #1f4e79", value,
                                     key);
    if (unsafe)
        return g_strdup_printf("a style can't hold '%s' (key %s)", unsafe, key);
    if (!is_balanced(value))
        return g_strdup_printf("a quote or bracket is not closed: '%s' (key %s)", value, key);
    if (g_str_has_prefix(key, "fonts."))
        return strpbrk(value, ";:$") || !*value
                   ? g_strdup_printf("not a list of fonts: '%s' (key %s)", value, key)
                   : NULL;
    return is_style(value) ? NULL
                           : g_strdup_printf("not a style: '%s' (key %s): write 'name: value; "
                                             "name: value'",
                                             value, key);
}

/* --- making ---------------------------------------------------------------------------------- */

/* Puts in what "$colours.text" stands for. NULL, with `unknown` set, for a name that isn't there.
 */
static char *resolve(const Theme *self, const char *value, char **unknown)
{
    GString *out = g_string_new(NULL);
    for (const char *p = value; *p;) {
        if (*p != '$') {
            g_string_append_c(out, *p++);
            continue;
        }
        gsize length = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_.");
        g_autofree char *name = g_strndup(p + 1, length);
        const char *known = g_hash_table_lookup(self->styles, name);
        if (!known || !(is_colour_key(name) || g_str_has_prefix(name, "fonts."))) {
            *unknown = g_steal_pointer(&name);
            g_string_free(out, TRUE);
            return NULL;
        }
        g_string_append(out, known);
        p += 1 + length;
    }
    return g_string_free(out, FALSE);
}

static const char *nearest_key(const char *typed, gboolean settings_only)
{
    const char *keys[G_N_ELEMENTS(defaults) + 1] = {NULL};
    guint n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++)
        if (!settings_only || strchr(defaults[i].key, '.'))
            keys[n++] = defaults[i].key;
    return nearest_word(typed, keys);
}

static void complain_unknown(Findings *findings, const char *file, guint line, const char *what,
                             const char *name, const char *near)
{
    findings_add(findings, FINDING_ERROR, file, line, "theme-key", "%s '%s'%s%s%s", what, name,
                 near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static const ThemeEntry *find_entry(const GPtrArray *entries, const char *key)
{
    for (guint i = entries ? entries->len : 0; i-- > 0;) {
        const ThemeEntry *entry = g_ptr_array_index(entries, i);
        if (g_str_equal(entry->key, key))
            return entry;
    }
    return NULL;
}

/* A style or a list of fonts in as few bytes as mean the same, since it is written hundreds of times in
 * a letter: no blank behind ":", ";" and ",", and no quotes around a font's name of several words,
 * which needs none. What stands in other quotes is left as it is. */
static char *shortened(const char *value, gboolean fonts)
{
    GString *out = g_string_new(NULL);
    for (const char *p = value; *p; p++) {
        const char *end = *p == '\'' ? strchr(p + 1, '\'') : NULL;
        gboolean separated = !out->len || strchr(":;,", out->str[out->len - 1]);
        if (end) {
            g_autofree char *name = g_strndup(p + 1, (gsize)(end - p - 1));
            gboolean plain = fonts && g_regex_match_simple("^[A-Za-z]+( [A-Za-z]+)+$", name, 0, 0);
            g_string_append_printf(out, plain ? "%s" : "'%s'", name);
            p = end;
        } else if (!(*p == ' ' && separated)) {
            g_string_append_c(out, *p);
        }
    }
    if (out->len && out->str[out->len - 1] == ';')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

/* Takes the entry's value if it is sound, else the default. */
static void set(Theme *self, const ThemeEntry *basis, const ThemeEntry *entry, const char *file,
                Findings *findings)
{
    g_autofree char *unknown = NULL;
    g_autofree char *wrong = entry ? check(entry->key, entry->value) : NULL;
    char *value = entry && !wrong ? resolve(self, entry->value, &unknown) : NULL;
    if (wrong)
        findings_add(findings, FINDING_ERROR, file, entry->line, "theme-value", "%s", wrong);
    if (unknown)
        complain_unknown(findings, file, entry->line, "no colour or font", unknown,
                         nearest_key(unknown, TRUE));
    if (!value)
        value = resolve(self, basis->value, &unknown);
    if (!is_colour_key(basis->key)) {
        g_autofree char *whole = value;
        value = shortened(whole, g_str_has_prefix(basis->key, "fonts."));
    }
    g_hash_table_insert(self->styles, g_strdup(basis->key), value);
}

static Value *group(Value *values, const char *name)
{
    const Value *known = value_get(values, name);
    if (!known)
        value_set(values, name, value_new_map());
    return (Value *)value_get(values, name);
}

/* --- contrast -------------------------------------------------------------------------------- */

/* x to the power of 2.4, for 0 < x <= 1, by Newton's method: not worth linking libm. */
static double power_2_4(double x)
{
    double root = 1, square; /* of the fifth degree */
    for (int i = 0; i < 60; i++)
        root -= (root - x / (root * root * root * root)) / 5;
    square = root * root;
    return square * square * square * square * square * square;
}

static double luminance(const char *colour)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    gboolean is_short = strlen(colour) == 4;
    for (int i = 0; i < 3; i++) {
        const char *at = colour + 1 + i * (is_short ? 1 : 2);
        int high = g_ascii_xdigit_value(at[0]), low = is_short ? high : g_ascii_xdigit_value(at[1]);
        double c = (high * 16 + low) / 255.0;
        sum += weights[i] * (c <= 0.04045 ? c / 12.92 : power_2_4((c + 0.055) / 1.055));
    }
    return sum;
}

double theme_contrast(const char *one, const char *other)
{
    double a = luminance(one), b = luminance(other);
    return (MAX(a, b) + 0.05) / (MIN(a, b) + 0.05);
}

static void check_contrast(const Theme *self, const GPtrArray *entries, const char *file,
                           Findings *findings)
{
    static const char *const groups[] = {"colours", "dark"};
    for (gsize g = 0; g < G_N_ELEMENTS(groups); g++) {
        for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
            g_autofree char *text = g_strdup_printf("%s.%s", groups[g], pairs[i][0]);
            g_autofree char *ground = g_strdup_printf("%s.%s", groups[g], pairs[i][1]);
            double contrast = theme_contrast(theme_style(self, text), theme_style(self, ground));
            const ThemeEntry *entry = find_entry(entries, text);
            entry = entry ? entry : find_entry(entries, ground);
            if (contrast < 4.5)
                findings_add(findings, FINDING_WARNING, file, entry ? entry->line : 0,
                             "theme-contrast",
                             "%s on %s has a contrast of %.1f to 1: not everybody can read less "
                             "than 4.5",
                             text, ground, contrast);
        }
    }
}

/* --- dark mode ------------------------------------------------------------------------------- */

/* Which colours change in the dark, for the layout's <style>. The elements carry their light styles
 * inline, so that a client which knows no <style> shows the letter as it is. */
static char *dark_rules(const Theme *self)
{
    static const struct {
        const char *selectors, *property, *colour;
    } rules[] = {
        {"body,.page", "background-color", "page"},
        {".paper,.logo", "background-color", "paper"},
        {".paper p,.paper li,.paper td,.paper pre", "color", "text"},
        {".paper h1,.paper h2,.paper h3,.paper h4,.paper h5,.paper h6,.paper th,.paper caption",
         "color", "heading"},
        {".paper a", "color", "link"},
        {".band,.bar,.button", "background-color", "accent"},
        {".paper .band,.paper .button a", "color", "on_accent"},
        {".callout", "background-color", "callout"},
        {".paper pre,.paper code", "background-color", "code"},
        {".paper hr,.paper .data td,.paper .chart td,.paper .chart th", "border-color", "rule"},
        {".paper .data th,.logo", "border-color", "accent"},
        {".foot,.foot p,.foot a,.paper .quiet", "color", "quiet"},
    };
    GString *css = g_string_new("@media (prefers-color-scheme:dark){\n");
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        g_autofree char *key = g_strdup_printf("dark.%s", rules[i].colour);
        g_string_append_printf(css, "%s{%s:%s!important}\n", rules[i].selectors, rules[i].property,
                               theme_style(self, key));
    }
    g_string_append(css, "}");
    return g_string_free(css, FALSE);
}

/* --- the theme ------------------------------------------------------------------------------- */

Theme *theme_new(const GPtrArray *entries, const char *file, Findings *findings)
{
    Theme *self = g_new0(Theme, 1);
    self->styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->values = value_new_map();
    for (guint i = 0; entries && i < entries->len; i++) {
        const ThemeEntry *entry = g_ptr_array_index(entries, i);
        gboolean known = FALSE;
        for (gsize k = 0; k < G_N_ELEMENTS(defaults); k++)
            known |= g_str_equal(defaults[k].key, entry->key);
        if (!known)
            complain_unknown(findings, file, entry->line, "unknown key", entry->key,
                             nearest_key(entry->key, FALSE));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++) {
        set(self, &defaults[i], find_entry(entries, defaults[i].key), file, findings);
        g_auto(GStrv) steps = g_strsplit(defaults[i].key, ".", 2);
        value_set_text(group(self->values, steps[1] ? steps[0] : "style"),
                       steps[1] ? steps[1] : steps[0], theme_style(self, defaults[i].key));
    }
    g_autofree char *dark = dark_rules(self);
    value_set_text(group(self->values, "css"), "dark", dark);
    check_contrast(self, entries, file, findings);
    theme_check_styles(self, entries, file, findings);
    return self;
}

void theme_free(Theme *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->styles);
    value_free(self->values);
    g_free(self);
}

const char *theme_style(const Theme *self, const char *key)
{
    const char *style = g_hash_table_lookup(self->styles, key);
    if (!style)
        g_error("no such key in the theme: %s", key);
    return style;
}

const Value *theme_values(const Theme *self)
{
    return self->values;
}

/* --- whether a theme's own styles stand out from what they stand on ---------------------------- */

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

static void theme_check_styles(const Theme *theme, const GPtrArray *entries, const char *file,
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
