/* test-theme - the theme's keys, what it refuses, and that its texts can be read */
#include <string.h>

#include "config/tree.h"
#include "base/files.h"
#include "render/theme.h"

static Theme *theme_of(const char *key, const char *value, Findings *findings)
{
    ThemeEntry entry = {key, value, 7};
    g_autoptr(GPtrArray) entries = g_ptr_array_new();
    g_ptr_array_add(entries, &entry);
    return theme_new(entries, "theme.yaml", findings);
}

static void test_styles_are_short(void)
{
    static const char *const cases[][3] = {
        {"p", "margin: 0 0 16px;  color: #005; ", "margin:0 0 16px;color:#005"},
        {"p", "font: bold 16px/1.4 Georgia, 'Times New Roman', serif",
         "font:bold 16px/1.4 Georgia,'Times New Roman',serif"},
        {"p", "content: 'a: b, c'", "content:'a: b, c'"},
        {"p", "width: calc(100% - 2px); color: rgb(0, 0, 0)",
         "width:calc(100% - 2px);color:rgb(0,0,0)"},
        {"fonts.body", "-apple-system, 'Segoe UI', Arial", "-apple-system,Segoe UI,Arial"},
        {"fonts.body", "'serif', 'Foo 2', 'B\303\251 Bop'", "'serif','Foo 2','B\303\251 Bop'"},
        {"colours.link", "#0b5394", "#0b5394"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Theme) theme = theme_of(cases[i][0], cases[i][1], findings);
        g_assert_cmpstr(theme_style(theme, cases[i][0]), ==, cases[i][2]);
    }
}

static void test_defaults(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_assert_cmpuint(findings_kept(findings), ==, 0); /* nor a warning of contrast */
    g_assert_nonnull(strstr(theme_style(theme, "p"), "color:#26282b"));
    g_assert_null(strchr(theme_style(theme, "h2"), '$'));
    const Value *values = theme_values(theme);
    g_assert_cmpstr(value_text(value_get(value_get(values, "colours"), "link")), ==,
                    theme_style(theme, "colours.link"));
    g_assert_cmpstr(value_text(value_get(value_get(values, "style"), "footer")), ==,
                    theme_style(theme, "footer"));
    const char *dark = value_text(value_get(value_get(values, "css"), "dark"));
    g_assert_true(g_str_has_prefix(dark, "@media (prefers-color-scheme:dark){"));
    g_assert_nonnull(strstr(dark, theme_style(theme, "dark.link")));
    g_assert_null(strchr(dark, '<'));
}

static void test_own_values(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_of("colours.link", "#005", findings);
    g_assert_cmpuint(findings_kept(findings), ==, 0);
    g_assert_nonnull(strstr(theme_style(theme, "a"), "color:#005;"));
    g_autoptr(Theme) other = theme_of("p", "color: $colours.quiet; margin: 0;", findings);
    g_assert_cmpuint(findings_kept(findings), ==, 0);
    g_assert_cmpstr(theme_style(other, "p"), ==, "color:#5c6066;margin:0");
}

static void test_refused(void)
{
    static const struct {
        const char *key, *value, *id, *says;
    } cases[] = {
        {"colours.lnik", "#000000", "theme-key", "did you mean 'colours.link'?"},
        {"zzzzzz", "#000000", "theme-key", "unknown key 'zzzzzz'"},
        {"colours.link", "blue", "theme-value", "not a colour"},
        {"colours.link", "#12345", "theme-value", "not a colour"},
        {"colours.link", "#12345g", "theme-value", "not a colour"},
        {"colours.link", "", "theme-value", "not a colour"},
        {"p", "color: $colours.txt", "theme-key", "did you mean 'colours.text'?"},
        {"p", "color: $h1", "theme-key", "no colour or font 'h'"},
        {"p", "color: red;; margin: 0", "theme-value", "not a style"},
        {"p", "color red", "theme-value", "not a style"},
        {"p", "color:", "theme-value", "not a style"},
        {"p", "", "theme-value", "not a style"},
        {"p", "background: URL(https://example.org/x.png)", "theme-value", "can't hold 'url('"},
        {"p", "color: red\" onclick=\"x", "theme-value", "can't hold '\"'"},
        {"p", "color: red} * {color: blue", "theme-value", "can't hold"},
        {"p", "font-family: 'Arial", "theme-value", "not closed"},
        {"p", "width: calc(1px", "theme-value", "not closed"},
        {"p", "color: red /* x */", "theme-value", "can't hold '/*'"},
        {"p", "color: r\\65 d", "theme-value", "can't hold '\\'"},
        {"p", "color: red !important", "theme-value", "can't hold '!'"},
        {"fonts.body", "Arial; color: red", "theme-value", "not a list of fonts"},
        {"fonts.body", "<b>", "theme-value", "can't hold '<'"},
    };
    g_autoptr(Findings) none = findings_new();
    g_autoptr(Theme) basis = theme_new(NULL, NULL, none);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Theme) theme = theme_of(cases[i].key, cases[i].value, findings);
        g_assert_cmpuint(findings_kept(findings), ==, 1);
        const Finding *finding = findings_get(findings, 0);
        g_assert_cmpint(finding->severity, ==, FINDING_ERROR);
        g_assert_cmpstr(finding->id, ==, cases[i].id);
        g_assert_cmpuint(finding->line, ==, 7);
        if (!strstr(finding->text, cases[i].says))
            g_error("'%s' doesn't say '%s'", finding->text, cases[i].says);
        g_assert_cmpstr(theme_style(theme, "p"), ==, theme_style(basis, "p"));
    }
}

static void test_contrast(void)
{
    g_assert_cmpfloat_with_epsilon(theme_contrast("#000", "#ffffff"), 21.0, 0.001);
    g_assert_cmpfloat_with_epsilon(theme_contrast("#777777", "#fff"), 4.478, 0.001);
    g_assert_cmpfloat_with_epsilon(theme_contrast("#123456", "#123456"), 1.0, 0.001);
    g_autoptr(Findings) findings = findings_new();
    G_GNUC_UNUSED g_autoptr(Theme) theme = theme_of("dark.text", "#555555", findings);
    g_assert_cmpuint(findings_count(findings, FINDING_ERROR), ==, 0);
    g_assert_cmpuint(findings_count_id(findings, "theme-contrast"), ==, 3);
    g_assert_cmpuint(findings_get(findings, 0)->line, ==, 7);
}

/* A style that leaves the palette is judged by its own colours, on what it stands on. */
static void test_contrast_of_styles(void)
{
    static const struct {
        const char *key, *value;
        guint found;
    } cases[] = {
        {"p", "color: #999; margin: 0", 2}, /* on paper and in a callout */
        {"p", "color: #333333", 0},
        {"p", "color: $colours.link", 0},
        {"p", "color: gray", 0},
        {"p", "background-color: #eee; border-top: 1px solid #999", 0},
        {"button", "background-color: #9ab", 1},
        {"band", "background-color: #ffffff; color: #fafafa", 1},
        {"footer_a", "color: #cccccc", 1},
        {"paper", "background-color: #444", 13},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        G_GNUC_UNUSED g_autoptr(Theme) theme = theme_of(cases[i].key, cases[i].value, findings);
        if (findings_count_id(findings, "theme-contrast") != cases[i].found)
            g_error("%s: %s: %u findings", cases[i].key, cases[i].value,
                    findings_count_id(findings, "theme-contrast"));
        g_assert_cmpuint(findings_kept(findings), ==, cases[i].found);
    }
}

static void flatten(const Tree *tree, const char *prefix, GPtrArray *entries)
{
    for (guint i = 0; i < tree->items->len; i++) {
        const Tree *item = g_ptr_array_index(tree->items, i);
        char *key = g_strconcat(prefix, g_ptr_array_index(tree->names, i), NULL);
        if (item->kind == TREE_MAP) {
            g_autofree char *below = g_strconcat(key, ".", NULL);
            flatten(item, below, entries);
            g_free(key);
            continue;
        }
        ThemeEntry *entry = g_new0(ThemeEntry, 1);
        *entry = (ThemeEntry){key, item->text, item->line};
        g_ptr_array_add(entries, entry);
    }
}

/* templates/theme.yaml documents every key with its default: loading it changes nothing. */
static void test_file(void)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *bytes = file_read("templates/theme.yaml", TREE_BYTES_MAX, &length, &error);
    g_assert_no_error(error);
    g_autoptr(Tree) tree = tree_parse(bytes, length, "theme.yaml", 1, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
    flatten(tree, "", entries);
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_new(entries, "theme.yaml", findings);
    g_autoptr(Theme) basis = theme_new(NULL, NULL, findings);
    g_assert_cmpuint(findings_kept(findings), ==, 0);
    guint known = 0;
    for (guint g = 0; g < value_length(theme_values(basis)); g++)
        if (!g_str_equal(value_name_at(theme_values(basis), g), "css"))
            known += value_length(value_at(theme_values(basis), g));
    g_assert_cmpuint(entries->len, ==, known);
    for (guint i = 0; i < entries->len; i++) {
        const ThemeEntry *entry = g_ptr_array_index(entries, i);
        g_assert_cmpstr(theme_style(theme, entry->key), ==, theme_style(basis, entry->key));
        g_free((char *)entry->key);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/theme/styles-are-short", test_styles_are_short);
    g_test_add_func("/theme/defaults", test_defaults);
    g_test_add_func("/theme/own values", test_own_values);
    g_test_add_func("/theme/refused", test_refused);
    g_test_add_func("/theme/contrast", test_contrast);
    g_test_add_func("/theme/contrast-of-styles", test_contrast_of_styles);
    g_test_add_func("/theme/the file of defaults", test_file);
    return g_test_run();
}
