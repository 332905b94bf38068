/* fuzz-markdown - any bytes as an update: two parts that compile as templates and can be rendered,
 * or an error with a place */
#include <stdint.h>
#include <string.h>

#include "markup/markdown.h"
#include "render/body.h"
#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(const char *source, TemplateKind kind, const char *bytes, size_t size)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    TemplateOptions options = {.first_line = 1, .kind = kind};
    g_autoptr(Template) template = template_new(source, &options, findings);
    if (!template) {
        /* What the template refuses is a place or a size, never a section or tag that we broke. */
        const char *id = findings_get(findings, 0)->id;
        if (!g_str_equal(id, "template-place") && !g_str_equal(id, "template-limit"))
            g_assert_cmpstr(id, ==,
                            "none of ours"); /* aborts, so that the fuzzer keeps the input */
        return;
    }
    g_autoptr(Value) map = value_new_map();
    G_GNUC_UNUSED g_autofree char *empty = template_render_text(template, map, NULL);
    const GPtrArray *uses = template_uses(template);
    for (guint i = 0; i < uses->len; i++) {
        const TemplateUse *use = g_ptr_array_index(uses, i);
        value_set(map, use->name, value_new_text_len(bytes, MIN(size, 40)));
    }
    g_autofree char *full = template_render_text(template, map, &error);
    for (const char *p = kind == TEMPLATE_TEXT && full ? full : ""; *p; p++)
        g_assert_true((guchar)*p >= 0x20 || *p == '\n' || *p == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = g_malloc(MAX(size, 1)); /* no byte to spare, so that ASan sees an overrun */
    if (size)
        memcpy(bytes, data, size);
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_autoptr(Markdown) markdown = markdown_new(bytes, size, "f.md", 1, findings);
    g_assert_true((markdown == NULL) == (findings_count(findings, FINDING_ERROR) > 0));
    if (markdown) {
        g_autofree char *html = body_html(markdown, theme);
        g_autofree char *text = body_text(markdown);
        render(html, TEMPLATE_HTML, bytes, size);
        render(text, TEMPLATE_TEXT, bytes, size);
    }
    g_free(bytes);
    return 0;
}
