/* test-golden - tests/golden/x.md as HTML and as text, against x.html and x.txt beside it
 *
 * CIRCULAR_BLESS=1 rewrites them, for `git diff` to review.
 */
#include <string.h>

#include "base/files.h"
#include "config/front.h"
#include "markup/markdown.h"
#include "render/body.h"
#include "template/template.h"

#define FOLDER "tests/golden"

/* The same fields for all: those of the sample lists, a section that holds and rows. */
static Value *sample_fields(void)
{
    Value *map = value_new_map(), *rows = value_new_list();
    value_set_text(map, "head_name", "Mrs O’Neill");
    value_set_text(map, "school_name", "St Bega's & St Hild's <Primary> School");
    value_set_text(map, "urn", "900003");
    value_set_text(map, "url", "https://example.org/?a=1&b=\"2\"");
    value_set_text(map, "primary", "yes");
    for (guint i = 1; i <= 2; i++) {
        Value *row = value_new_map();
        g_autofree char *name = g_strdup_printf("School %u", i);
        value_set_text(row, "name", name);
        value_set_text(row, "head", i == 1 ? "Ms <b>A</b>" : "");
        value_set_text(row, "number", i == 1 ? "210" : "1,045");
        value_append(rows, row);
    }
    value_set(map, "schools", rows);
    value_set(map, "none", value_new_list());
    value_set(map, "letter", value_new_map());
    value_set_text((Value *)value_get(map, "letter"), "answer", "a1b2c3");
    return map;
}

static char *rendered(const char *part, const char *name, TemplateKind kind, Findings *findings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Value) map = sample_fields();
    TemplateOptions options = {.file = name, .first_line = 1, .kind = kind};
    g_autoptr(Template) template = template_new(part, &options, findings);
    g_assert_nonnull(template);
    char *text = template_render_text(template, map, &error);
    g_assert_no_error(error);
    return text;
}

static void compare(const char *name, const char *ending, const char *got)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strdup_printf(FOLDER "/%.*s%s", (int)strlen(name) - 3, name, ending);
    if (g_getenv("CIRCULAR_BLESS")) {
        file_write(path, got, strlen(got), 0644, &error);
        g_assert_no_error(error);
        return;
    }
    g_autofree char *expected = file_read(path, 1 << 20, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, expected);
}

/* The Markdown behind the front matter, with what that asks for, as letter/compile does it. */
static Markdown *read_update(const char *source, gsize length, const char *name, Findings *findings)
{
    g_autoptr(Front) front = front_parse(source, length, name, findings);
    g_assert_nonnull(front);
    Markdown *markdown = markdown_new(source + front->body_offset, length - front->body_offset,
                                      name, front->body_line, findings);
    g_assert_nonnull(markdown);
    markdown_dress(markdown, "en-GB", "answers@example.org");
    if (front->contents.text)
        g_assert_cmpuint(markdown_add_contents(markdown, "en-GB"), >, 1);
    if (front->swap_languages.text)
        g_assert_true(markdown_set_swap(markdown, front->swap_languages.text, 1));
    return markdown;
}

static void test_golden(gconstpointer data)
{
    const char *name = data;
    gsize length;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(FOLDER, name, NULL);
    g_autofree char *source = file_read(path, MARKDOWN_SOURCE_MAX, &length, &error);
    g_assert_no_error(error);
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_autoptr(Markdown) markdown = read_update(source, length, name, findings);
    g_autofree char *html_part = body_html(markdown, theme);
    g_autofree char *text_part = body_text(markdown);
    g_autofree char *html = rendered(html_part, name, TEMPLATE_HTML, findings);
    g_autofree char *text = rendered(text_part, name, TEMPLATE_TEXT, findings);
    g_autoptr(GString) said = g_string_new(text);
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_autofree char *finding = finding_text(findings_get(findings, i));
        g_string_append_printf(said, "%s%s\n", i ? "" : "\n=== findings ===\n", finding);
    }
    compare(name, ".html", html);
    compare(name, ".txt", said->str);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) folder = g_dir_open(FOLDER, 0, &error);
    g_assert_no_error(error);
    for (const char *name; (name = g_dir_read_name(folder));) {
        g_autofree char *path = g_strdup_printf("/golden/%s", name);
        if (g_str_has_suffix(name, ".md"))
            g_test_add_data_func_full(path, g_strdup(name), test_golden, g_free);
    }
    return g_test_run();
}
