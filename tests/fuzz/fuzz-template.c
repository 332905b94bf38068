/* fuzz-template - any source, any value: compiled or refused, and no value becomes markup
 *
 * Input: a digit for the kind, the value, NUL, the template, NUL, the partial "p".
 */
#include <string.h>

#include "template/html_context.h"
#include "template/template.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The fields that a source may name: x and l's items hold the value, y is on, n is not there. */
static Value *make_map(const char *text)
{
    Value *map = value_new_map(), *list = value_new_list();
    for (int i = 0; i < 3; i++) {
        Value *item = value_new_map();
        value_set_text(item, "x", text);
        value_set_text(item, "i", text);
        value_append(list, item);
    }
    value_set_text(map, "x", text);
    value_set(map, "y", value_new_flag(TRUE));
    value_set(map, "l", list);
    return map;
}

static guint count_byte(const char *text, char c)
{
    guint count = 0;
    for (; *text; text++)
        count += *text == c;
    return count;
}

/* The value may add none of the characters that could begin or end anything. */
static void check_html(const char *hostile, const char *benign)
{
    HtmlContext place;
    const char *stop;
    for (const char *c = "<>\"'"; *c; c++)
        g_assert_cmpuint(count_byte(hostile, *c), ==, count_byte(benign, *c));
    html_context_init(&place, TRUE);
    g_assert_null(html_context_scan(&place, hostile, strlen(hostile), &stop));
    g_assert_cmpint(place.state, ==, HTML_TEXT);
    g_assert_false(place.is_outlook);
    g_assert_true(g_utf8_validate(hostile, -1, NULL));
}

static void check_plain(const char *text, const char *allowed)
{
    for (const char *p = text; *p; p++)
        g_assert_true((guchar)*p >= 0x20 || strchr(allowed, *p));
    g_assert_true(g_utf8_validate(text, -1, NULL));
}

static void check(TemplateKind kind, const Template *template, const char *value)
{
    g_autoptr(Value) map = make_map(*value ? value : "v");
    g_autoptr(Value) other = make_map("v");
    g_autofree char *hostile = template_render_text(template, map, NULL);
    g_autofree char *benign = template_render_text(template, other, NULL);
    if (!hostile || !benign)
        return; /* over a limit, or no name for a file */
    switch (kind) {
    case TEMPLATE_SPEC:
    case TEMPLATE_FIELD:
    case TEMPLATE_PATH:
        break;
    case TEMPLATE_HTML:
        check_html(hostile, benign);
        break;
    case TEMPLATE_TEXT:
        check_plain(hostile, "\n\t");
        break;
    case TEMPLATE_HEADER:
        check_plain(hostile, "");
        break;
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 1 || size > 20000)
        return 0;
    g_autofree char *all = g_malloc0(size + 3); /* so that there are always three strings */
    memcpy(all, data, size);
    TemplateKind kind = (TemplateKind)(data[0] % (TEMPLATE_PATH + 1));
    const char *value = all + 1;
    const char *source = value + strlen(value) + 1;
    const char *partial = source < all + size ? source + strlen(source) + 1 : source;

    g_autoptr(Value) constants = value_new_map();
    value_set_text(constants, "c", "a'<");
    value_set(constants, "off", value_new_flag(FALSE));
    TemplatePartial partials[] = {
        {"p", partial, FALSE}, {"t", "<t>&{{x}}", TRUE}, {NULL, NULL, FALSE}};
    TemplateOptions options = {.file = "fuzz",
                               .first_line = 1,
                               .kind = kind,
                               .partials = partials,
                               .constants = constants};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Template) template = template_new(source, &options, findings);
    g_assert_true((template == NULL) == (findings_count(findings, FINDING_ERROR) > 0));
    if (template)
        check(kind, template, value);
    return 0;
}
