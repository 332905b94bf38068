/* test-markdown-whole - every word and link of a document stands in the HTML and in the text, no
 * markup is left in the text, and no line is too long; cmark's own HTML says what there is */
#include <cmark.h>
#include <string.h>

#include "awkward.h"
#include "template/wrap.h"
#include "markup/markdown.h"
#include "render/body.h"
#include "template/template.h"

enum { COLUMNS_MAX = 78 };

static char *render(const char *source, TemplateKind kind)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    TemplateOptions options = {.first_line = 1, .kind = kind};
    g_autoptr(Template) template = template_new(source, &options, findings);
    g_assert_cmpuint(findings_count(findings, FINDING_ERROR), ==, 0);
    g_autoptr(Value) map = value_new_map();
    char *text = template_render_text(template, map, &error);
    g_assert_no_error(error);
    return text;
}

/* Undoes the escaping of HTML. */
static char *unescape(const char *html, gsize length)
{
    static const char *const pairs[][2] = {{"&lt;", "<"},   {"&gt;", ">"},   {"&quot;", "\""},
                                           {"&#123;", "{"}, {"&#x27;", "'"}, {"&#39;", "'"},
                                           {"&nbsp;", " "}, {"&amp;", "&"}};
    GString *text = g_string_new_len(html, (gssize)length);
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_string_replace(text, pairs[i][0], pairs[i][1], 0);
    return g_string_free(text, FALSE);
}

/* The text of a page, tags as blanks, comments left out; values of alt and title too. */
static char *text_of(const char *html)
{
    GString *text = g_string_new(NULL);
    for (const char *p = html; *p;) {
        if (g_str_has_prefix(p, "<!--")) {
            p = strstr(p, "-->") + 3;
        } else if (*p == '<') {
            const char *end = strchr(p, '>');
            g_autofree char *tag = g_strndup(p, (gsize)(end - p));
            const char *const names[] = {" alt=\"", " title=\""};
            for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
                const char *value = strstr(tag, names[i]);
                value = value ? value + strlen(names[i]) : "";
                g_string_append_c(text, ' ');
                g_string_append_len(text, value, (gssize)strcspn(value, "\""));
                g_string_append_c(text, ' ');
            }
            p = end + 1;
        } else {
            g_string_append_c(text, *p++);
        }
    }
    char *plain = unescape(text->str, text->len);
    g_string_free(text, TRUE);
    return plain;
}

static GPtrArray *links_of(const char *html)
{
    GPtrArray *links = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = html; (p = strstr(p, " href=\"")); p++) {
        const char *from = p + strlen(" href=\"");
        g_ptr_array_add(links, unescape(from, strcspn(from, "\"")));
    }
    return links;
}

static void assert_words(const char *expected, const char *in, const char *part)
{
    const char *p = expected;
    while (*p) {
        const char *from = p;
        while (*p && g_unichar_isalnum(g_utf8_get_char(p)))
            p = g_utf8_next_char(p);
        g_autofree char *word = g_strndup(from, (gsize)(p - from));
        if (!strstr(in, word))
            g_error("the %s lacks '%s':\n%s", part, word, in);
        if (*p)
            p = g_utf8_next_char(p);
    }
}

static void assert_links(const GPtrArray *links, const char *html, const char *text)
{
    g_autoptr(GPtrArray) ours = links_of(html);
    for (guint i = 0; i < links->len; i++) {
        const char *link = g_ptr_array_index(links, i);
        if (!*link)
            continue;
        if (!g_ptr_array_find_with_equal_func(ours, link, g_str_equal, NULL))
            g_error("the HTML lacks the link '%s':\n%s", link, html);
        if (g_str_has_prefix(link, "mailto:"))
            link += strlen("mailto:");
        if (!strstr(text, link))
            g_error("the text lacks the link '%s':\n%s", link, text);
    }
}

static void assert_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        gsize length = strlen(lines[i]);
        const char *first = lines[i] + strspn(lines[i], " >-[]0123456789.");
        if (wrap_columns(lines[i], length) > COLUMNS_MAX && strchr(first, ' '))
            g_error("a line of %u columns: %s", wrap_columns(lines[i], length), lines[i]);
        g_assert_true(length == 0 || lines[i][length - 1] != ' ');
    }
}

/* A character of Markdown's that neither the words nor the links hold must not be in the text. */
static void assert_no_marks(const char *expected, const GPtrArray *links, const char *text)
{
    for (const char *mark = "*_`#\\"; *mark; mark++) {
        gboolean literal = strchr(expected, *mark) != NULL;
        for (guint i = 0; i < links->len; i++)
            literal |= strchr(g_ptr_array_index(links, i), *mark) != NULL;
        if (!literal && strchr(text, *mark))
            g_error("a '%c' leaked into:\n%s", *mark, text);
    }
    for (const char *p = text; *p; p++)
        g_assert_true((guchar)*p >= 0x20 || *p == '\n');
}

static void test_document(gconstpointer data)
{
    const char *source = data;
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_autoptr(Markdown) markdown = markdown_new(source, strlen(source), "awkward.md", 1, findings);
    if (!markdown)
        g_error("%s", findings_get(findings, 0)->text);
    g_autofree char *html_source = body_html(markdown, theme);
    g_autofree char *text_source = body_text(markdown);
    g_autofree char *html = render(html_source, TEMPLATE_HTML);
    g_autofree char *text = render(text_source, TEMPLATE_TEXT);

    char *expected_html =
        cmark_markdown_to_html(source, strlen(source), CMARK_OPT_SMART | CMARK_OPT_UNSAFE);
    g_autofree char *expected = text_of(expected_html);
    g_autoptr(GPtrArray) links = links_of(expected_html);
    g_autofree char *shown = text_of(html);
    assert_words(expected, shown, "HTML");
    assert_words(expected, text, "text");
    assert_links(links, html, text);
    assert_no_marks(expected, links, text);
    assert_lines(text);
    free(expected_html);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(awkward); i++) {
        g_autofree char *path = g_strdup_printf("/markdown-whole/%s", awkward[i].name);
        g_test_add_data_func(path, awkward[i].source, test_document);
    }
    return g_test_run();
}
