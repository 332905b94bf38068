/* test-markdown - sections, fields, findings, images, headings and limits of Markdown */
#include <string.h>

#include "template/wrap.h"
#include "calendar/event.h"
#include "markup/markdown.h"
#include "markup/table.h"
#include "render/body.h"
#include "template/template.h"

/* --- helpers --------------------------------------------------------------------------------- */

static Markdown *read_with(const char *source, Findings *findings)
{
    return markdown_new(source, strlen(source), "x.md", 1, findings);
}

static char *rendered(const char *source, gboolean html, const Value *map)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_autoptr(Markdown) markdown = read_with(source, findings);
    if (!markdown)
        g_error("%s:\n%s", findings_get(findings, 0)->text, source);
    g_autofree char *part = html ? body_html(markdown, theme) : body_text(markdown);
    TemplateOptions options = {.first_line = 1, .kind = html ? TEMPLATE_HTML : TEMPLATE_TEXT};
    g_autoptr(Template) template = template_new(part, &options, findings);
    if (!template)
        g_error("%s:\n%s", findings_get(findings, 0)->text, part);
    char *text = template_render_text(template, map, NULL);
    g_assert_nonnull(text);
    return text;
}

/* The HTML without styles and the line ends between elements, so that a test shows structure. */
static char *bare(char *html)
{
    g_autoptr(GRegex) style = g_regex_new(" (style|class|bgcolor|width|align|valign|border|"
                                          "cellpadding|cellspacing)=\"[^\"]*\"| "
                                          "dir=\"auto\"|<!--.*?-->",
                                          0, 0, NULL);
    g_autoptr(GRegex) gap = g_regex_new("(?<=>)\n+(?=<)|\n+(?=</?[lu][li]>)", 0, 0, NULL);
    g_autofree char *once = g_regex_replace_literal(style, html, -1, 0, "", 0, NULL);
    char *twice = g_regex_replace_literal(gap, once, -1, 0, "", 0, NULL);
    g_free(html);
    return g_strstrip(twice);
}

/* A map of "name=value name=value"; "+" for yes. */
static Value *fields(const char *pairs)
{
    Value *map = value_new_map();
    g_auto(GStrv) each = g_strsplit(pairs, "|", -1);
    for (guint i = 0; each[i]; i++) {
        g_auto(GStrv) two = g_strsplit(each[i], "=", 2);
        if (*each[i])
            value_set_text(map, two[0], two[1]);
    }
    return map;
}

static void assert_text(const char *source, const char *pairs, const char *expected)
{
    g_autoptr(Value) map = fields(pairs);
    g_autofree char *text = rendered(source, FALSE, map);
    g_assert_cmpstr(text, ==, expected);
}

static void assert_html(const char *source, const char *pairs, const char *expected)
{
    g_autoptr(Value) map = fields(pairs);
    g_autofree char *html = bare(rendered(source, TRUE, map));
    g_assert_cmpstr(html, ==, expected);
}

static void assert_finding(const char *source, Severity severity, guint line, const char *id)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Markdown) markdown = read_with(source, findings);
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        if (!g_str_equal(finding->id, id))
            continue;
        g_assert_cmpint(finding->severity, ==, severity);
        g_assert_cmpuint(finding->line, ==, line);
        g_assert_true((markdown == NULL) == (severity == FINDING_ERROR));
        return;
    }
    g_error("no finding '%s' for:\n%s", id, source);
}

static void assert_no_finding(const char *source)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Markdown) markdown = read_with(source, findings);
    g_assert_nonnull(markdown);
    if (findings_kept(findings))
        g_error("%s", findings_get(findings, 0)->text);
}

/* --- fields ---------------------------------------------------------------------------------- */

static void test_fields_as_words(void)
{
    assert_html("**{{x}}** *{{x}}*, ({{x}}) \"{{x}}\" {{x}}'s\n", "x=a",
                "<p><strong>a</strong> <em>a</em>, (a) “a” a’s</p>");
    assert_html("{{#x}}_it_{{/x}} {{#x}}\"q\"{{/x}} a{{#x}}*b*{{/x}}c\n", "x=1",
                "<p><em>it</em> “q” a<em>b</em>c</p>");
    assert_html("**{{#x}}in{{/x}}** {{#x}}**out**{{/x}}\n", "x=1",
                "<p><strong>in</strong> <strong>out</strong></p>");
    assert_html("{{a}}{{b}}{{{c}}}{{&d}}\n", "a=1|b=2|c=3|d=4", "<p>1234</p>");
    assert_html("# {{x}}\n\n`{{x}}` [{{x}}](https://example.org/{{x}} \"{{x}}\")\n", "x=v",
                "<h1>v</h1><p><code>v</code> "
                "<a href=\"https://example.org/v\" title=\"v\">v</a></p>");
    assert_html("```\n{{x}}\n```\n", "x=v", "<pre>v\n</pre>");
    assert_html("a {{! a comment }}b{{=<% %>=}} <%x%> {{x}}\n", "x=v",
                "<p>a b v &#123;&#123;x}}</p>");
    assert_html("&amp{{#x}}lt;{{/x}} Qxa00000z\n", "x=1", "<p>&amp;amplt; Qxa00000z</p>");
}

static guint count_lines(const char *text)
{
    guint lines = 0;
    while ((text = strchr(text, '\n')) && text++)
        lines++;
    return lines;
}

/* A value is never markup, wherever it stands. */
static void test_hostile_values(void)
{
    static const char *const values[] = {
        "<b>",    "*x*",      "{{y}}",   "\"><script>", "' OR 1=1", "# no", "- item", "1. a",
        "[a](b)", "    code", "a|b,c\"", "&amp;",       "> q",      "`c`",  "</p>",   "\\"};
    static const char *const places[] = {"{{x}}\n",
                                         "# {{x}}\n",
                                         "- {{x}}\n",
                                         "> {{x}}\n",
                                         "1. {{x}}\n",
                                         "**{{x}}**\n",
                                         "`{{x}}`\n",
                                         "```\n{{x}}\n```\n",
                                         "    {{x}}\n",
                                         "[{{x}}](/u)\n",
                                         "![{{x}}](a.png)\n",
                                         "```table\na,b\n{{x}},c\n```\n",
                                         "{{#x}}{{x}}{{/x}}\n",
                                         "{{x}}\n===\n",
                                         "[a](/u \"{{x}}\")\n"};
    for (gsize p = 0; p < G_N_ELEMENTS(places); p++) {
        g_autoptr(Value) plain = fields("x=zzz");
        g_autofree char *html_plain = rendered(places[p], TRUE, plain);
        g_autofree char *text_plain = rendered(places[p], FALSE, plain);
        for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
            g_autoptr(Value) map = value_new_map();
            value_set_text(map, "x", values[v]);
            g_autofree char *html = rendered(places[p], TRUE, map);
            g_autofree char *text = rendered(places[p], FALSE, map);
            g_autofree char *escaped = g_markup_escape_text(values[v], -1);
            g_autofree char *folded = g_strstrip(g_strdup(values[v]));
            GString *expected = g_string_new(html_plain);
            /* The template writes ' and " as references of its own kind: compare what they say. */
            g_string_replace(expected, "zzz", escaped, 0);
            g_autofree char *wanted = g_string_free(expected, FALSE);
            GString *got = g_string_new(html), *want = g_string_new(wanted);
            for (guint i = 0; i < 2; i++) {
                GString *one = i ? want : got;
                g_string_replace(one, "&apos;", "'", 0);
                g_string_replace(one, "&#39;", "'", 0);
                g_string_replace(one, "&#34;", "&quot;", 0);
            }
            g_assert_cmpstr(got->str, ==, want->str);
            g_string_free(got, TRUE);
            g_string_free(want, TRUE);
            g_assert_nonnull(strstr(text, folded));
            g_assert_cmpuint(count_lines(text), ==, count_lines(text_plain));
        }
    }
}

static void test_literal_braces(void)
{
    assert_text("\\{\\{x}} {\\{x}} &#123;{{x}} {{=<% %>=}}{{x}} {{{x}}} {<%x%>\n", "x=v",
                "{{x}} {{x}} {v {{x}} {{{x}}} {v\n");
    assert_html("\\{\\{x}} &#123;{{x}} [a](/&#123;&#123;x}})\n", "x=v",
                "<p>&#123;&#123;x}} &#123;v <a href=\"/%7B%7Bx%7D%7D\">a</a></p>");
}

/* --- sections -------------------------------------------------------------------------------- */

static void test_sections_of_blocks(void)
{
    const char *source = "A\n\n{{#x}}\n\n## H\n\nB\n\n{{/x}}\n\nC\n";
    assert_html(source, "", "<p>A</p><p>C</p>");
    assert_html(source, "x=1", "<p>A</p><h2>H</h2><p>B</p><p>C</p>");
    assert_text(source, "", "A\n\nC\n");
    assert_text(source, "x=1", "A\n\nH\n-\n\nB\n\nC\n");
    assert_text("{{#x}}\nA\n\n{{/x}}\nB\n\n{{^x}}\nC\n{{/x}}\n", "x=1", "A\n\nB\n");
    assert_text("{{#x}}\nA\n\n{{/x}}\nB\n\n{{^x}}\nC\n{{/x}}\n", "", "B\n\nC\n");
}

/* Tags right above and below text part what they enclose, as their author sees it. */
static void test_sections_without_blank_lines(void)
{
    const char *either = "A\n\n{{#x}}\nyes\n{{/x}}\n{{^x}}\nno\n{{/x}}\n\nB\n";
    assert_html(either, "x=1", "<p>A</p><p>yes</p><p>B</p>");
    assert_html(either, "", "<p>A</p><p>no</p><p>B</p>");
    assert_html("A\n{{#x}}\n## H\nB\n{{/x}}\nC\n", "x=1", "<p>A</p><h2>H</h2><p>B</p><p>C</p>");
    assert_html("A\n{{#x}}\n## H\nB\n{{/x}}\nC\n", "", "<p>A</p><p>C</p>");
    assert_html("{{#x}}\n- a\n- b\n{{/x}}\nC\n", "", "<p>C</p>");
    assert_html("{{#x}}\n- a\n- b\n{{/x}}\nC\n", "x=1", "<ul><li>a</li><li>b</li></ul><p>C</p>");
    assert_html("{{#x}}\nA\n{{/x}}\nB\n", "x=1", "<p>A</p><p>B</p>");
    /* A list is parted where a section begins in its midst that goes on after it. */
    const char *parted = "- a\n\n{{#x}}\n- b\n\nB\n{{/x}}\n\n3. c\n";
    assert_html(parted, "x=1",
                "<ul><li>a</li></ul><ul><li>b</li></ul><p>B</p><ol start=\"3\"><li>c</li></ol>");
    assert_html(parted, "", "<ul><li>a</li></ul><ol start=\"3\"><li>c</li></ol>");
}

static void test_sections_of_lines(void)
{
    assert_html("A\n{{#x}}\nB\n{{/x}}\nC\n", "x=1", "<p>A\nB\nC</p>");
    assert_html("A\n{{#x}}\nB\n{{/x}}\nC\n", "", "<p>A\nC</p>");
    assert_text("A  \n{{#x}}\nB\\\n{{/x}}\nC\n", "x=1", "A\nB\nC\n");
    assert_text("A  \n{{#x}}\nB\\\n{{/x}}\nC\n", "", "A\nC\n");
    assert_html("A\n{{#x}}\nB\n{{/x}}\n", "", "<p>A</p>");
}

static void test_sections_of_items(void)
{
    const char *tight = "- a\n{{#x}}\n- b\n{{/x}}\n- c\n";
    assert_html(tight, "x=1", "<ul><li>a</li><li>b</li><li>c</li></ul>");
    assert_html(tight, "", "<ul><li>a</li><li>c</li></ul>");
    assert_text(tight, "", "- a\n- c\n");
    assert_text("- a\n\n{{#x}}\n- b\n{{/x}}\n\n- c\n", "", "- a\n\n- c\n");
    assert_text("- a\n\n{{#x}}\n- b\n{{/x}}\n\n- c\n", "x=1", "- a\n\n- b\n\n- c\n");
    /* The number of an item depends on those before it. */
    assert_text("1. a\n{{#x}}\n2. b\n{{/x}}\n3. c\n", "", "1. a\n2. c\n");
    assert_text("1. a\n{{#x}}\n2. b\n{{/x}}\n3. c\n", "x=1", "1. a\n2. b\n3. c\n");
    /* A section around every item leaves no list at all. */
    assert_html("A\n\n{{#x}}\n- a\n- b\n{{/x}}\n\nB\n", "", "<p>A</p><p>B</p>");
    assert_html("- a\n{{#x}}\n  - a1\n{{/x}}\n- b\n", "", "<ul><li>a</li><li>b</li></ul>");
    assert_html("- a\n{{#x}}\n  - a1\n{{/x}}\n- b\n", "x=1",
                "<ul><li>a<ul><li>a1</li></ul></li><li>b</li></ul>");
    assert_html("- a\n  {{#x}}\n  more\n  {{/x}}\n- b\n", "", "<ul><li>a</li><li>b</li></ul>");
}

static void test_sections_in_quotes(void)
{
    const char *source = "> A\n>\n> {{#x}}\n> B\n> {{/x}}\n>\n> C\n";
    assert_text(source, "", "> A\n>\n> C\n");
    assert_text(source, "x=1", "> A\n>\n> B\n>\n> C\n");
    assert_text("{{#x}}\n> A\n{{/x}}\n\nB\n", "", "B\n");
    assert_text("> A\n>\n> {{#x}}\n> - b\n> {{/x}}\n> C\n", "x=1", "> A\n>\n> - b\n>\n> C\n");
}

static void test_sections_in_code(void)
{
    const char *source = "```\na\n{{#x}}\nb\n{{/x}}\nc\n```\n";
    assert_text(source, "", "    a\n    c\n");
    assert_text(source, "x=1", "    a\n    b\n    c\n");
    assert_html(source, "", "<pre>a\nc\n</pre>");
    assert_text("```\n{{#x}}\nb\n{{/x}}\n```\n\n    i\n    {{#x}}\n    j\n    {{/x}}\n    k\n",
                "x=1", "    b\n\n    i\n    j\n    k\n");
    assert_text("> ```\n> a\n> {{#x}}\n> b\n> {{/x}}\n> ```\n", "", ">     a\n");
}

static void test_nested_sections(void)
{
    const char *source = "{{#a}}\nA\n\n{{#b}}\n- B\n{{#c}}\n- C\n{{/c}}\n{{/b}}\n\n{{/a}}\nZ\n";
    assert_text(source, "", "Z\n");
    assert_text(source, "a=1", "A\n\nZ\n");
    assert_text(source, "a=1|b=1", "A\n\n- B\n\nZ\n");
    assert_text(source, "a=1|b=1|c=1", "A\n\n- B\n- C\n\nZ\n");
    assert_text(source, "b=1|c=1", "Z\n");
}

static void test_section_of_rows(void)
{
    g_autoptr(Value) map = value_new_map();
    Value *rows = value_new_list();
    for (guint i = 1; i <= 3; i++) {
        Value *row = value_new_map();
        g_autofree char *name = g_strdup_printf("School %u, \"x\"", i);
        value_set_text(row, "name", name);
        value_append(rows, row);
    }
    value_set(map, "schools", rows);
    g_autofree char *list =
        rendered("1. first\n{{#schools}}\n1. {{name}}\n{{/schools}}\n1. last\n", FALSE, map);
    g_assert_cmpstr(
        list, ==,
        "1. first\n2. School 1, \"x\"\n3. School 2, \"x\"\n4. School 3, \"x\"\n5. last\n");
    g_autofree char *table = rendered(
        "```table Yours\nSchool,Pupils\n{{#schools}}\n{{name}},10\n{{/schools}}\nAll,30\n```\n",
        FALSE, map);
    g_assert_cmpstr(table, ==,
                    "Yours\nSchool         Pupils\n-------------  ------\n"
                    "School 1, \"x\"      10\nSchool 2, \"x\"      10\nSchool 3, \"x\"      10\n"
                    "All                30\n");
    g_autofree char *html =
        bare(rendered("```table\na\n{{#schools}}\n{{name}}\n{{/schools}}\nb\n```\n", TRUE, map));
    g_assert_nonnull(strstr(html, "<tr><td>School 2"));
    g_assert_nonnull(strstr(html, "</td></tr><tr><td>School 3"));
    g_assert_nonnull(strstr(html, "</td></tr><tr><td>b</td></tr>"));
}

static void test_section_errors(void)
{
    assert_finding("a\n{{#x}}\nb\n", FINDING_ERROR, 2, "section-open");
    assert_finding("a\n\n{{/x}}\n", FINDING_ERROR, 3, "section-crossed");
    assert_finding("{{#x}}\n{{#y}}\n{{/x}}\n{{/y}}\n", FINDING_ERROR, 3, "section-crossed");
    assert_finding("**{{#x}}bold** plain{{/x}}\n", FINDING_ERROR, 1, "section-crossed");
    assert_finding("{{#x}}a\n\nb{{/x}}\n", FINDING_ERROR, 3, "section-crossed");
    assert_finding("[a{{#x}}](/b{{/x}})\n", FINDING_ERROR, 1, "section-crossed");
    assert_finding("a\n\n> b\n> {{#x}}\n> c\n\nd\n\n{{/x}}\n", FINDING_ERROR, 9, "section-crossed");
    assert_finding("- a\n\n  {{#x}}\n  b\n- c\n\n{{/x}}\n", FINDING_ERROR, 7, "section-crossed");
    assert_finding("```\n{{#x}}\n```\n\n{{/x}}\n", FINDING_ERROR, 5, "section-crossed");
    assert_finding("```table\na,b\n1{{#x}},2{{/x}}\n```\n", FINDING_ERROR, 3, "section-crossed");
    assert_finding("a {{x\n", FINDING_ERROR, 1, "bad-tag");
    assert_finding("a\n{{> x}}\n", FINDING_ERROR, 2, "partial-in-update");
}

/* --- what a letter can't hold ---------------------------------------------------------------- */

static void test_links(void)
{
    assert_html("[a](javascript:alert(1)) [b](data:text/html,x) [c](VBScript:x)\n", "",
                "<p>a b c</p>");
    assert_html("[a](ftp://example.org/f) <sms:123>\n", "",
                "<p>a (ftp://example.org/f) sms:123</p>");
    assert_html("[](https://example.org/x) [a]()\n", "",
                "<p><a href=\"https://example.org/x\">https://example.org/x</a> a</p>");
    assert_html("[a](mailto:a@example.org) [b](tel:+44123) [c](#d) [e](//example.org)\n", "",
                "<p><a href=\"mailto:a@example.org\">a</a> <a href=\"tel:+44123\">b</a> "
                "<a href=\"#d\">c</a> <a href=\"//example.org\">e</a></p>");
    assert_html("[a]({{u}}) [b]({{s}}:x)\n", "u=https://example.org/|s=javascript",
                "<p><a href=\"https://example.org/\">a</a> b (javascript:x)</p>");
    assert_html(
        "[to](#whats-next-2)\n\n## What's *next*, 2?\n\n## What's next 2\n", "",
        "<p><a href=\"#whats-next-2\">to</a></p><h2 id=\"whats-next-2\">What’s <em>next</em>, "
        "2?</h2><h2>What’s next 2</h2>");
    assert_finding("a\n\n[a](javascript:x)\n", FINDING_WARNING, 3, "link-scheme");
    assert_finding("[a](page.html)\n", FINDING_WARNING, 1, "relative-link");
    assert_text("[a](/x) [b](/y) [c](/x)\n", "", "a [1] b [2] c [1]\n\nLinks:\n[1] /x\n[2] /y\n");
    assert_text("{{#s}}[a](/x{{u}}){{/s}} [b](/y)\n", "s=1|u=2",
                "a (/x2) b [1]\n\nLinks:\n[1] /y\n");
    /* What smart punctuation would spoil. */
    assert_text("See https://example.org/a--b...c--2. (Or https://example.org/(x).)\n", "",
                "See https://example.org/a--b...c--2. (Or https://example.org/(x).)\n");
}

static void test_ids(void)
{
    assert_html("[to](#b)\n\n## A\n\n## A {#b}\n", "",
                "<p><a href=\"#b\">to</a></p><h2>A</h2><h2 id=\"b\">A</h2>");
    assert_html("## A {#b}\n", "", "<h2>A</h2>"); /* nothing leads there */
    assert_html("## A {#1}\n\n## {#b}\n\n## A {# b}\n", "",
                "<h2>A &#123;#1}</h2><h2>&#123;#b}</h2><h2>A &#123;# b}</h2>");
    assert_html("[to](#b)\n\n## {{x}} {#b}\n", "x=<i>",
                "<p><a href=\"#b\">to</a></p><h2 id=\"b\">&lt;i&gt;</h2>");
    /* In plain text there is nowhere to go. */
    assert_text("See [the *dates*](#b).\n\n## Dates {#b}\n", "",
                "See the dates.\n\nDates\n-----\n");
}

#define PART "{{!circular:part}}\n"
static void test_parts(void)
{
    /* Code, comments, lists and definitions end with their part. */
    assert_html("```\na\n" PART "b\n", "", "<pre>a\n</pre><p>b</p>");
    assert_html("<!-- a\n\n" PART "b\n", "", "<p>b</p>");
    assert_html("- a\n" PART "- b\n", "", "<ul><li>a</li></ul><ul><li>b</li></ul>");
    assert_html("[x](/y) [r]\n\n[r]: /one\n" PART "[r]\n\n[r]: /two\n" PART "[r]\n", "",
                "<p><a href=\"/y\">x</a> <a href=\"/one\">r</a></p><p><a "
                "href=\"/two\">r</a></p><p>[r]</p>");
    assert_html("a\n" PART "b\n", "", "<p>a</p><p>b</p>");
    /* Headings go down. */
    assert_html("## A\n\n{{!circular:part 2}}\n# B\n\n###### C\n" PART "## D\n", "",
                "<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2>");
    /* A section goes over parts; its own lines are found. */
    assert_html("{{#s}}\n" PART "- a\n\n" PART "b\n{{/s}}\n" PART "c\n", "s=1",
                "<ul><li>a</li></ul><p>b</p><p>c</p>");
    assert_html("{{#s}}\n" PART "- a\n\n" PART "b\n{{/s}}\n" PART "c\n", "", "<p>c</p>");
    assert_finding("a\n" PART "b\n\n[a](page.html)\n", FINDING_WARNING, 5, "relative-link");
    /* Other comments are comments. */
    assert_html("a\n{{! circular:part}}\nb\n\nc {{!circular:part}}\nd\n", "",
                "<p>a\nb</p><p>c\nd</p>");
}

static void test_images(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Markdown) markdown = read_with(
        "![A](a.png) ![B](dir/my%20b.jpg)\n\n![A again](a.png) ![R](https://example.org/r.png)\n",
        findings);
    g_assert_nonnull(markdown);
    const GPtrArray *images = markdown_images(markdown);
    g_assert_cmpuint(images->len, ==, 2);
    const MarkdownImage *second = g_ptr_array_index(images, 1);
    g_assert_cmpstr(second->path, ==, "dir/my b.jpg");
    g_assert_cmpstr(second->cid, ==, "image2@circular.invalid");
    g_assert_cmpstr(second->alt, ==, "B");
    g_assert_cmpuint(second->line, ==, 1);
    g_assert_cmpuint(findings_count_id(findings, "remote-image"), ==, 1);

    ((MarkdownImage *)second)->width = 120;
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_autofree char *html = bare(body_html(markdown, theme));
    g_assert_cmpstr(html, ==,
                    "<p><img src=\"cid:image1@circular.invalid\" alt=\"A\"> "
                    "<img src=\"cid:image2@circular.invalid\" alt=\"B\"></p>"
                    "<p><img src=\"cid:image1@circular.invalid\" alt=\"A again\"> "
                    "<a href=\"https://example.org/r.png\">R</a></p>");
    assert_finding("a\n\n![](a.png)\n", FINDING_ERROR, 3, "image-alt");
    assert_finding("![x](logos/{{urn}}.png)\n", FINDING_ERROR, 1, "image-field");
    assert_finding("![x](data:image/png;base64,AAAA)\n", FINDING_WARNING, 1, "image-left-out");
    assert_html("![a ![b](c.png) d](e.png)\n", "",
                "<p><img src=\"cid:image1@circular.invalid\" alt=\"a b d\"></p>");
}

static void test_raw_html(void)
{
    assert_html(
        "a <b>bold</b> <a href='https://example.org/?a=1&amp;b=2'>l</a><br/>n <u>u</u>\n", "",
        "<p>a <strong>bold</strong> <a href=\"https://example.org/?a=1&amp;b=2\">l</a><br>\n"
        "n u</p>");
    assert_html(
        "<div onclick=\"x()\"><p>One &amp; &eacute;</p><h3>Two</h3><ul><li>Three</ul></div>\n", "",
        "<p>One &amp; é</p><h2>Two</h2><ul><li>Three</li></ul>");
    assert_html("a <script>alert(1)</script> b <style>c</style>\n", "", "<p>a  b </p>");
    assert_html("<script>\nalert(\"{\")\n</script>\n\na\n", "", "<p>a</p>");
    assert_html("Write to <your name> or <{{x}}>\n", "x=v",
                "<p>Write to &lt;your name&gt; or &lt;v&gt;</p>");
    assert_html("<iframe src=\"https://example.org/v\" title=\"A film\"></iframe>\n", "",
                "<p><a href=\"https://example.org/v\">A film</a></p>");
    assert_html("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>\n", "",
                "<p>a · b</p><p>c</p>");
    assert_html("x <a href=\"javascript:y\">z</a> <img src=x onerror=y> <img src=x alt=\"w\">\n",
                "", "<p>x z  w</p>");
    assert_html("<div>{{x}} <a href=\"https://example.org/{{x}}\">{{x}}</a></div>\n", "x=v",
                "<p>v <a href=\"https://example.org/v\">v</a></p>");
    assert_finding("a\n\n<div>b</div>\n", FINDING_WARNING, 3, "raw-html");
    assert_finding("<div class=\"{{#x}}a\">\n\nb\n\n</div>{{/x}}\n", FINDING_ERROR, 5,
                   "section-crossed");
}

static void test_raw_words(void)
{
    assert_text("Dear <<Title>> <<Surname>>, at <Address> by <Time of day>.\n", "",
                "Dear <<Title>> <<Surname>>, at <Address> by <Time of day>.\n");
    assert_text("<Address>\n", "", "<Address>\n");
    assert_text("a <u>b</u> <span style=\"x\">c</span> <hr>d\n", "", "a b c d\n");
    assert_text("on <del>Monday</del> <ins>Tuesday</ins>, 10<sup>th</sup>, CO<sub>2</sub>, "
                "x<sup>2</sup>, y<sub>max</sub>\n",
                "", "on (deleted: Monday) Tuesday, 10th, CO₂, x², y_(max)\n");
    assert_text("<p>1 <s>a</s></p>\n<ol start=\"3\">\n<li>x</li>\n\n<li>y</li>\n</ol>\n", "",
                "1 (deleted: a)\n\n3. x\n4. y\n");
    assert_html("<ol start=\"3\"><li>a<ul><li>b</li></ul></li><li>c</li></ol>\n", "",
                "<ol start=\"3\"><li>a<ul><li>b</li></ul></li><li>c</li></ol>");
    assert_finding("a\n<br>\nb <u>c</u>\n", FINDING_WARNING, 3, "raw-html");
}

static void test_raw_spans_of_blocks(void)
{
    assert_text("<del><p>a</p><p>b *c*</p></del>\n\nd\n", "", "(deleted: a b c)\n\nd\n");
    assert_text("<s>\n\na\n\n- b **c**\n\n</s>\n\nd\n", "",
                "(deleted: a)\n\n- (deleted: b c)\n\nd\n");
    assert_text("<div>a <s>b</div><div>c</s> d</div>\n", "", "a (deleted: b)\n\n(deleted: c) d\n");
    assert_text("<select><option>a</option><option>b</option></select>\n", "", "a b\n");
    assert_finding("<ol><li value=\"7\">a</li></ol>\n", FINDING_WARNING, 1, "raw-html");
    assert_no_finding("<ol start=\"7\"><li>a</li></ol>\n");
}

static void test_languages(void)
{
    assert_html("a\n\n::: cy\nb\n\n- c\n:::\nd\n", "",
                "<p>a</p><div lang=\"cy\"><p>b</p><ul><li>c</li></ul></div><p>d</p>");
    assert_html("::: Arabic\nمرحبا\n\nabc\n:::\n", "",
                "<div lang=\"ar\" dir=\"rtl\"><p>مرحبا</p><p dir=\"ltr\">abc</p></div>");
    assert_html("> ::: cy\n> a\n> :::\n\n1. b\n\n   ::: ga\n   c\n   :::\n2. d\n", "",
                "<table role=\"presentation\"><tr><td>&nbsp;</td><td><blockquote><div lang=\"cy\">"
                "<p>a</p></div></blockquote></td></tr></table><ol><li><p>b</p><div lang=\"ga\">"
                "<p>c</p></div></li><li><p>d</p></li></ol>");
    assert_text("::: cy\n{{#x}}\na {{x}}\n{{/x}}\nb\n:::\n", "x=1", "a 1\n\nb\n");
    assert_text("::: cy\n{{#x}}\na {{x}}\n{{/x}}\nb\n:::\n", "y=1", "b\n");
    assert_text("{{#x}}\n::: cy\na\n:::\n{{/x}}\nb\n", "y=1", "b\n");
    assert_text("- a\n:::\n- b\n", "", "- a\n\n:::\n\n- b\n");
    assert_text("```\n::: cy\n:::\n```\n", "", "    ::: cy\n    :::\n");
    assert_text("::: box\na\n:::\n", "", "::: box\n\na\n\n:::\n");
    assert_finding("a\n\n::: cy\nb\n", FINDING_WARNING, 3, "block-open");
    assert_finding("::: cy\n{{#x}}\na\n:::\n\nb\n{{/x}}\n", FINDING_ERROR, 1, "section-crossed");
    assert_text("::: note\na\n:::\n::: callout\nb\n:::\n", "", "> Note\n>\n> a\n\n> b\n");
}

/* A block that isn't ended ends with its part, and no notice of a digest swallows the next. */
static void test_languages_of_parts(void)
{
    assert_html("a\n\n::: cy\nb\n\n{{!circular:part}}\nc\n\n{{!circular:part}}\n::: ga\nd\n:::\n",
                "",
                "<p>a</p><div lang=\"cy\"><p>b</p></div><p>c</p><div lang=\"ga\"><p>d</p></div>");
    assert_text("a[^1]\n\n[^1]: b c\n\n{{!circular:part}}\nd[^1]\n\n[^1]: e f\n", "",
                "a¹\n\nd²\n\n----------\n¹ b c\n² e f\n");
}

static char *written(const char *source, const char *swap, gboolean contents, gboolean html,
                     const char *map)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_autoptr(Markdown) markdown = read_with(source, findings);
    g_autoptr(Value) values = fields(map);
    if (contents)
        g_assert_cmpuint(markdown_add_contents(markdown, "en-GB"), >, 1);
    if (swap)
        g_assert_true(markdown_set_swap(markdown, swap, 2));
    g_autofree char *part = html ? body_html(markdown, theme) : body_text(markdown);
    TemplateOptions options = {.first_line = 1, .kind = html ? TEMPLATE_HTML : TEMPLATE_TEXT};
    g_autoptr(Template) template = template_new(part, &options, findings);
    char *text = template_render_text(template, values, NULL);
    return html ? bare(text) : text;
}

static void test_either_order(void)
{
    static const char source[] =
        "a\n\n::: en\n## H\n[b](https://b.example/)\n:::\n\n::: cy\nc {{x}}\n"
        ":::\nd [H](#h)\n";
    g_autofree char *one = written(source, "f", FALSE, FALSE, "x=1");
    g_autofree char *other = written(source, "f", FALSE, FALSE, "x=1|f=yes");
    g_autofree char *page = written(source, "f", FALSE, TRUE, "x=1|f=yes");
    g_assert_cmpstr(one, ==,
                    "a\n\nH\n-\n\nb [1]\n\nc 1\n\nd H\n\nLinks:\n[1] https://b.example/\n");
    g_assert_cmpstr(other, ==,
                    "a\n\nc 1\n\nH\n-\n\nb [1]\n\nd H\n\nLinks:\n[1] https://b.example/\n");
    g_assert_cmpstr(
        page, ==,
        "<p>a</p><div lang=\"cy\"><p>c 1</p></div><div lang=\"en\"><h2 id=\"h\">H</h2>"
        "<p><a href=\"https://b.example/\">b</a></p></div><p>d <a href=\"#h\">H</a></p>");
}

static void test_contents(void)
{
    static const char source[] =
        "# T\n\na\n\n## B\n\n{{#x}}\n## C {{x}}\n{{/x}}\n\n## B\n\n### D\n";
    g_autofree char *text = written(source, NULL, TRUE, FALSE, "y=1");
    g_autofree char *page = written(source, NULL, TRUE, TRUE, "x=1");
    g_assert_true(g_str_has_prefix(text, "T\n=\n\na\n\nIn this letter\n\n1. B\n2. B\n\nB\n-\n"));
    g_assert_nonnull(strstr(page,
                            "<ol><li><a href=\"#b\">B</a></li><li><a href=\"#section\">C 1</a>"
                            "</li><li><a href=\"#b-2\">B</a></li></ol><h2 id=\"b\">B</h2>"
                            "<h2 id=\"section\">C 1</h2><h2 id=\"b-2\">B</h2><h3>D</h3>"));
}

static void test_notes(void)
{
    assert_text("a[^x] b[^1]\n\n[^1]: One\n[^x]: Two *c*\n  d.\n\ne^[f g].\n", "",
                "a¹ b²\n\ne³.\n\n----------\n¹ Two c d.\n² One\n³ f g\n");
    assert_html(
        "a[^1]\n\n[^1]: b\n", "",
        "<p>a<sup><a href=\"#note-1\">1</a></sup></p><hr><p id=\"note-1\"><sup>1</sup> b</p>");
    assert_text(
        "| a | b |\n|---|---|\n| c[^1] | d[^1] |\n\n[^1]: See [e](https://e.example/).\n", "",
        "a   b\n--  --\nc¹  d¹\n\n----------\n¹ See e [1].\n\nLinks:\n[1] https://e.example/\n");
    assert_text("{{#x}}\na[^1]\n\n[^1]: b\n{{/x}}\n\nc[^2]\n\n[^2]: d e\n", "y=1",
                "c²\n\n----------\n² d e\n");
    assert_finding("a\n\n[^1]: b c\n", FINDING_WARNING, 3, "stray-markup");
    assert_text("a[^1]\n\n[^1]: These:\n    - b\n    - *c*\n    1. d\n", "",
                "a¹\n\n----------\n¹ These:\n  – b\n  – c\n  1. d\n");
    assert_text("a[^1]\n\n[^1]: See\nthe page.\n\nb\n", "",
                "a¹\n\nb\n\n----------\n¹ See the page.\n");
    assert_text("a[^1]\n\n[^1]: b\n\n    - c 'd'\n\n    E {{y}}\n\nf\n", "y=1",
                "a¹\n\nf\n\n----------\n¹ b\n  – c ‘d’\n  E 1\n");
    assert_no_finding("a[^1]\n\n[^1]: b\n\n    This stands below the note, as a part of it.\n");
    assert_text("a[^1]\n\n[^1]: b\n\n| c |\n|---|\n| d |\n", "",
                "a¹\n\nc\n-\nd\n\n----------\n¹ b\n");
    assert_text("a[^1]\n\n[^1]: b\n\n```\n- c\n```\n", "", "a¹\n\n    - c\n\n----------\n¹ b\n");
    assert_text("`a[^1]` \\[^1] [^2]\n\n[^1]: b\n", "", "a[^1] ¹ [^2]\n\n----------\n¹ b\n");
}

static void test_signature(void)
{
    assert_text("::: signature\n**A B**\nHead of C\n[01632 960001](tel:+441632960001)\n:::\n", "",
                "A B\nHead of C\n01632 960001\n");
    assert_html("::: signature\n![A B](a.png)\nA B\nHead\n:::\n", "",
                "<table role=\"presentation\"><tr><td><img src=\"cid:image1@circular.invalid\" "
                "alt=\"A B\"></td><td>&nbsp;</td><td><p>A B<br>\nHead</p></td></tr></table>");
}

static void test_chart(void)
{
    assert_text("```chart Places\nSchool,Left\nA,\"1,204\"\nB,602\nC,1\nD,0\n```\n", "",
                "Places\nSchool                         Left\n------  --------------------  -----\n"
                "A       ████████████████████  1,204\nB       ██████████              602\n"
                "C       █                         1\nD                                 0\n");
    assert_finding("```chart\na,b\nc,{{x}}\n```\n", FINDING_ERROR, 3, "chart");
    assert_finding("```chart\na,b\nc,-1\n```\n", FINDING_ERROR, 3, "chart");
    assert_finding("```chart\nAutumn,94\nSpring,91.5\n```\n", FINDING_ERROR, 2, "chart");
    assert_no_finding("```chart\nTerm,2026\nSpring,91.5\n```\n");
    assert_finding("```chart\na,b,c\nc,1,2\n```\n", FINDING_ERROR, 2, "chart");
    assert_no_finding("```chart\na,b\nc,£1.5\n{{#x}}\nd,63 %\n{{/x}}\n```\n");
}

static void test_strike(void)
{
    assert_html("a ~~b *c*~~ d ~~~ e ~~ f\n", "", "<p>a <del>b <em>c</em></del> d ~~~ e ~~ f</p>");
    assert_text("a ~~[b](https://example.org/)~~ c\n", "",
                "a (deleted: b [1]) c\n\nLinks:\n[1] https://example.org/\n");
    assert_html("`~~x~~` ~~~~\n", "", "<p><code>~~x~~</code> ~~~~</p>");
}

static void test_pipe_tables(void)
{
    assert_html("| a | **b** |\n|---|---:|\n| x \\| y | 1 |\n| `p|q` |\n", "",
                "<table><tr><th scope=\"col\">a</th><th scope=\"col\"><strong>b</strong></th></tr>"
                "<tr><td>x | y</td><td>1</td></tr><tr><td><code>p|q</code></td><td></td></tr>"
                "</table>");
    assert_text("What:\na | b\n:-: | -\n1 | 2\nThen more.\n", "",
                "What:\n\na  b\n-  -\n1  2\n\nThen more.\n");
    assert_text("| a | b |\n|---|---|\n{{#x}}\n| {{y}} | 2 |\n{{/x}}\n| z | 3 |\n", "x=+|y=1",
                "a  b\n-  -\n1  2\nz  3\n");
    assert_text("| a | b |\n|---|---|\n{{#x}}\n| {{y}} | 2 |\n{{/x}}\n| z | 3 |\n", "y=1",
                "a  b\n-  -\nz  3\n");
    assert_text("a | b\n\nc | d\n", "", "a | b\n\nc | d\n");
    assert_finding("x\n\n| a | b |\n|---|\n| 1 | 2 |\n", FINDING_WARNING, 3, "pipe-table");
    assert_finding("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", FINDING_ERROR, 3, "table-ragged");
}

static void test_cells(void)
{
    assert_text("```Table: Dates\nDay,Where\n1. May,[Hall][h]\n- x,~~y~~\n```\n\n"
                "[h]: https://example.org/h\n",
                "",
                "Dates\nDay     Where\n------  ------------\n1. May  Hall [1]\n"
                "- x     (deleted: y)\n\nLinks:\n[1] https://example.org/h\n");
    assert_text("```table\na,b\n{{#x}}1,{{x}}{{/x}}\n2,3\n```\n", "x=v",
                "a  b\n-  -\n1  v\n2  3\n");
    assert_text("```table\na,b\n{{#x}}1,{{x}}{{/x}}\n2,3\n```\n", "y=v", "a  b\n-  -\n2  3\n");
    assert_text("```table\na,b\n{{#x}}1{{/x}},{{#x}}{{x}}{{/x}}\n2,3\n```\n", "y=v",
                "a  b\n-  -\n2  3\n");
    assert_text("| a | b |\n|---|---|\n| {{^x}}1{{/x}} | {{^x}}2{{/x}} |\n| 3 | 4 |\n", "x=v",
                "a  b\n-  -\n3  4\n");
    assert_text("| a | b |\n|---|---|\n| {{^x}}1{{/x}} | {{^x}}2{{/x}} |\n| 3 | 4 |\n", "y=v",
                "a  b\n-  -\n1  2\n3  4\n");
}

/* A straight mark before a word is an apostrophe where nothing ends a quotation. */
static void test_quotes(void)
{
    static const char *const cases[][2] = {
        {"In the '90s the school's hall.", "In the ’90s the school’s hall."},
        {"'Tis the schools' turn in '26.", "’Tis the schools’ turn in ’26."},
        {"Mae'n dda bod 'dyn ni'n mynd.", "Mae’n dda bod ’dyn ni’n mynd."},
        {"Rock 'n' roll, 'really' good.", "Rock ’n’ roll, ‘really’ good."},
        {"He said 'the school's plan' and 'no'.", "He said ‘the school’s plan’ and ‘no’."},
        {"*'yes'* and **'no'**, it's.", "‘yes’ and ‘no’, it’s."},
        {"'{{y}}' is in the '{{y}}s of it's.", "‘1’ is in the ’1s of it’s."},
        {"‘Abd and ‘90s, it's.", "‘Abd and ‘90s, it’s."}, /* as they were typed */
        {"`'90s` it's", "'90s it’s"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *source = g_strconcat(cases[i][0], "\n", NULL);
        g_autofree char *expected = g_strconcat(cases[i][1], "\n", NULL);
        assert_text(source, "y=1", expected);
    }
    assert_text("| the '90s |\n|---|\n| it's |\n", "", "the ’90s\n--------\nit’s\n");
}

/* What Markdown takes for its own and nobody meant so. */
static void test_signs(void)
{
    assert_html("5*3*2, 3*4 and 5*6, 2**3**2, a*b*c.\n", "",
                "<p>5*3*2, 3*4 and 5*6, 2**3**2, a<em>b</em>c.</p>");
    assert_text("\\\\srv\\a, C:\\_new\\(old) \"D:\\!x\".\n", "",
                "\\\\srv\\a, C:\\_new\\(old) “D:\\!x”.\n");
    assert_text("C:\\\\new\\\\_a and \\\\\\\\srv\\\\a\n", "",
                "C:\\new\\_a and \\\\srv\\a\n"); /* escaped by their author */
    assert_finding("Places* are few.\n\n* Subject to approval\n", FINDING_WARNING, 3,
                   "stray-markup");
    assert_finding("+ 44 1632 960001\n", FINDING_WARNING, 1, "stray-markup");
    assert_no_finding("Places are few.\n\n* Subject to approval\n");
    assert_no_finding("Places* are few.\n\n* One\n* Two\n\n+ a\n");
}

/* What is said of an event is Markdown in the letter, and plain words in the calendar. */
static void test_event(void)
{
    static const char source[] =
        "::: event x\ntitle: The head's *open* \"evening\"\n"
        "start: 14 January 2027\nplace: St Brigid's\n"
        "Don't drive: see **[the map](https://e.example/)**.\n- a\n- b\n:::\n";
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Markdown) markdown = read_with(source, findings);
    g_assert_nonnull(markdown);
    const Event *event = g_ptr_array_index(markdown_events(markdown), 0);
    g_assert_cmpstr(event->title, ==, "The head’s open “evening”");
    g_assert_cmpstr(event->place, ==, "St Brigid’s");
    g_assert_cmpstr(event->about, ==, "Don’t drive: see the map (https://e.example/). – a – b");
    markdown_dress(markdown, "en", NULL);
    g_autofree char *text = body_text(markdown);
    g_assert_nonnull(strstr(text, "Don’t drive: see the map"));
    g_assert_null(strstr(text, "**"));
    assert_finding("::: answer x\nCan you?\n- **Yes**\n- No\n:::\n", FINDING_WARNING, 1,
                   "stray-markup");
    assert_finding("::: event x\ntitle: T\nstart: 14 January 2027\n\n<b>B</b>\n:::\n",
                   FINDING_WARNING, 1, "raw-html");
}

static void test_github(void)
{
    assert_html("- [ ] a\n- [x] b\n- [y] c\n", "",
                "<ul><li>☐ a</li><li>☑ b</li><li>[y] c</li></ul>");
    assert_text("- [ ] a\n- b\n  - [x] c\n    d\n\n1. [ ] e\n", "",
                "☐ a\n- b\n  ☑ c d\n\n1. ☐ e\n"); /* the box is the bullet */
    assert_text("| a | b |\n|---|---|\n| [ ] | [x] c |\n| x[ ] | \\`[x]\\` |\n", "",
                "a     b\n----  -----\n☐     ☑ c\nx[ ]  `[x]`\n");
    assert_text("> [!NOTE]\n> Mind it.\n", "", "> Note\n> Mind it.\n");
    assert_text("> [!NOTE] Mind it.\n", "", "> [!NOTE] Mind it.\n");
}

static void test_definitions(void)
{
    assert_finding("a\n\n[Venue]: Guildhall\n", FINDING_WARNING, 3, "unused-definition");
    assert_finding("a\n\n[x]: https://example.org/\n", FINDING_NOTE, 3, "unused-definition");
    assert_finding("- [Venue]: Guildhall\n", FINDING_WARNING, 1, "unused-definition");
    assert_no_finding(
        "[a] and [b][c]\n\n[a]: https://example.org/\n[C]:\n  <https://example.org/b>\n"
        "[//]: # (comment)\n\n```\n[d]: e\n```\n\ntext\n[f]: g\n");
    assert_no_finding("```table\na,b\n1,[x]\n```\n\n[X]: https://example.org/\n");
}

static void test_direction(void)
{
    assert_html("a\n\n## مرحبا\n\n- مرحبا a\n- b\n\nمرحبا [c](https://example.org/)\n", "",
                "<p>a</p><h2 dir=\"rtl\">مرحبا</h2><ul dir=\"rtl\"><li>مرحبا a</li>"
                "<li dir=\"ltr\">b</li></ul>"
                "<p dir=\"rtl\">مرحبا <a href=\"https://example.org/\">c</a></p>");
    assert_html(
        "> שלום\n\n12 שלום\n", "",
        "<table role=\"presentation\" dir=\"rtl\"><tr><td>&nbsp;</td><td><blockquote><p>שלום</p>"
        "</blockquote></td></tr></table><p dir=\"rtl\">12 שלום</p>");
}

static void test_filled_blocks(void)
{
    assert_html("a\n\n{{#x}}b {{x}}{{/x}}\n\n- c\n- {{#x}}d{{/x}}\n- {{^x}}e{{/x}}\n", "y=1",
                "<p>a</p><ul><li>c</li><li>e</li></ul>");
    assert_html("a\n\n{{#x}}b {{x}}{{/x}}\n\n- c\n- {{#x}}d{{/x}}\n- {{^x}}e{{/x}}\n", "x=1",
                "<p>a</p><p>b 1</p><ul><li>c</li><li>d</li></ul>");
    assert_html(
        "## {{#x}}b{{/x}}\n\n> {{#x}}q{{/x}}\n\n**[{{#x}}b{{/x}}](https://example.org/)**\n", "",
        "");
    assert_html("see [{{#x}}b{{/x}}](https://example.org/) c\n", "", "<p>see  c</p>");
    assert_text("{{#x}}- a {{x}}{{/x}}\n{{#y}}- b{{/y}}\n{{^y}}- no{{/y}}\n\n{{#x}}## H{{/x}}\n",
                "x=1", "- a 1\n- no\n\nH\n-\n");
    assert_text("> {{#x}}- a{{/x}}\n> {{#y}}- b{{/y}}\n", "y=1", "> - b\n");
    assert_text("{{#x}}1. a{{/x}}{{^x}}1. b{{/x}}\n2. c\n", "", "1. b\n2. c\n");
    assert_text("a {{#x}}- b{{/x}}\n{{#x}}5 c{{/x}}\n", "x=1", "a - b 5 c\n");
}

static void test_bare_addresses(void)
{
    assert_html("ask o'neill@example.org, or www.example.org/a.\n", "",
                "<p>ask <a href=\"mailto:o'neill@example.org\">o'neill@example.org</a>, or "
                "<a href=\"https://www.example.org/a\">www.example.org/a</a>.</p>");
    assert_html("@a a@b `a@b.example` https://x@b.example/ www. w w.w\n", "",
                "<p>@a a@b <code>a@b.example</code> <a "
                "href=\"https://x@b.example/\">https://x@b.example/</a> www. w w.w</p>");
}

static void test_indented(void)
{
    assert_finding("a\n\n    As we near the end of term, thank you.\n", FINDING_WARNING, 3,
                   "indented-prose");
    assert_finding("a\n\n    Please come on Monday; there is tea for all.\n", FINDING_WARNING, 3,
                   "indented-prose");
    assert_finding("a\n\n    Please bring **your own** lunch, _all_ of you.\n", FINDING_WARNING, 3,
                   "indented-prose");
    assert_no_finding("a\n\n    Read a_name of it all, and then more.\n\nb\n\n"
                      "    Take the sum 5*3 of it all, then.\n\nb\n\n"
                      "    select all of them, or none;\n    then all of the others.\n");
    assert_no_finding(
        "a\n\n    make install && cd /tmp, then run it.\n\n```\nAs we near the end of "
        "term, thank you.\n```\n");
}

static void test_footnotes(void)
{
    assert_text(
        "[Ofsted](https://a.example/)'s [pupil](https://b.example/)s, [x](https://c.example/)-led "
        "[y](https://d.example/){{z}} [w](https://e.example/)**ed** [1] [v](https://f.example/).\n",
        "z=zz",
        "Ofsted’s [2] pupils [3], x-led [4] yzz [5] wed [6] [1] v [7].\n\nLinks:\n"
        "[2] https://a.example/\n[3] https://b.example/\n[4] https://c.example/\n"
        "[5] https://d.example/\n[6] https://e.example/\n[7] https://f.example/\n");
    assert_text("[01632 960001](tel:+441632960001) [us](tel:01632960001) "
                "[www.example.org](https://www.example.org/) [a@b.example](mailto:a@b.example)\n",
                "", "01632 960001 us (01632960001) www.example.org a@b.example\n");
}

static void test_headings(void)
{
    static const struct {
        const char *source, *levels, *title;
    } cases[] = {
        {"# A\n\n## B\n\n### C\n\n# D\n", "1231", "A"},
        {"### A\n\n### B\n\n## C\n\n### D\n", "2223", "A"},
        {"# A\n\n#### B\n\n###### C\n\n#### D\n", "1232", "A"},
        {"## A\n\n# B\n\n## C\n", "223", "A"},
        {"# A *b* `c`\n", "1", "A b c"},
        {"#\n\n## A\n", "2", "A"},
        {"- # A\n\n> ## B\n", "12", "A"},
        {"{{#x}}\n# A\n{{/x}}\n\n## B\n", "22", "A"},
        {"# A\n\n{{#x}}\n## B\n{{/x}}\n\n### C\n", "122", "A"},
        {"# A\n\n{{#x}}\n## B\n\n### C\n{{/x}}\n", "123", "A"},
        {"# {{x}}\n", "1", "{{x}}"},
        {"no heading\n", "", NULL},
    };
    g_autoptr(Value) map = fields("x=1");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Markdown) markdown = read_with(cases[i].source, findings);
        g_autofree char *html = rendered(cases[i].source, TRUE, map);
        g_autoptr(GString) levels = g_string_new(NULL);
        for (const char *p = html; (p = strstr(p, "<h")); p++)
            g_string_append_c(levels, p[2]);
        g_assert_cmpstr(levels->str, ==, cases[i].levels);
        g_assert_cmpstr(markdown_title(markdown), ==, cases[i].title);
        g_assert_cmpint(markdown_has_title(markdown), ==, cases[i].levels[0] == '1');
    }
}

static void test_tables(void)
{
    assert_html("```table Costs & dates\nDate,,Cost\n1 May,x,\"£1,200\"\n2 May,,-3%\n```\n", "",
                "<table><caption>Costs &amp; dates</caption>"
                "<tr><th scope=\"col\">Date</th><td></td><th scope=\"col\">Cost</th></tr>"
                "<tr><td>1\u00a0May</td><td>x</td><td>£1,200</td></tr>"
                "<tr><td>2\u00a0May</td><td></td><td>-3%</td></tr></table>");
    assert_html("```table\na;b\n<i>;\"c\n*d*\"\n```\n", "",
                "<table><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr>"
                "<tr><td>&lt;i&gt;</td><td>c<br><em>d</em></td></tr></table>");
    assert_html("```tables\na,b\n```\n", "", "<pre>a,b\n</pre>");
    assert_finding("x\n\n```table\na,b\n1,2\n3\n```\n", FINDING_ERROR, 6, "table-ragged");
    assert_finding("```table\na,b\n```\n", FINDING_ERROR, 2, "table-empty");
    assert_finding("```table\na,b\n\"c,d\n```\n", FINDING_ERROR, 3, "table-broken");
}

/* --- limits and lines ------------------------------------------------------------------------ */

static gboolean reads(const char *source)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Markdown) markdown = read_with(source, findings);
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    if (markdown) {
        G_GNUC_UNUSED g_autofree char *html = body_html(markdown, theme);
        G_GNUC_UNUSED g_autofree char *text = body_text(markdown);
    }
    return markdown != NULL;
}

static char *repeat(const char *one, guint times, const char *end)
{
    GString *text = g_string_new(NULL);
    while (times--)
        g_string_append(text, one);
    return g_string_free(g_string_append(text, end), FALSE);
}

static void assert_limit(const char *one, guint most, const char *end)
{
    g_autofree char *at = repeat(one, most, end), *above = repeat(one, most + 1, end);
    g_autofree char *below = repeat(one, most - 1, end);
    g_assert_true(reads(below));
    g_assert_true(reads(at));
    g_assert_false(reads(above));
}

static void test_limits(void)
{
    assert_limit("a", MARKDOWN_SOURCE_MAX, "");
    assert_limit("> ", MARKDOWN_DEPTH_MAX - 2,
                 "a\n"); /* the document and the paragraph count too */
}

static void test_spans(void)
{
    for (guint n = MARKDOWN_SPANS_MAX - 1; n <= MARKDOWN_SPANS_MAX + 1; n++) {
        g_autoptr(GString) source = g_string_new(NULL);
        for (guint i = 0; i < n; i++)
            g_string_append(source, i % 2 ? "_a " : "*a ");
        for (guint i = n; i-- > 0;)
            g_string_append(source, i % 2 ? " a_" : " a*");
        g_assert_cmpint(reads(source->str), ==, n <= MARKDOWN_SPANS_MAX);
    }
}

static void test_table_limits(void)
{
    for (int n = TABLE_COLUMNS_MAX - 1; n <= TABLE_COLUMNS_MAX + 1; n++) {
        g_autofree char *row = repeat("x,", (guint)n - 1, "y\n");
        g_autofree char *source = g_strdup_printf("```table\n%s%s```\n", row, row);
        g_assert_cmpint(reads(source), ==, n <= TABLE_COLUMNS_MAX);
    }
    for (int n = TABLE_ROWS_MAX - 1; n <= TABLE_ROWS_MAX + 1; n++) {
        g_autofree char *rows = repeat("x\n", (guint)n, "");
        g_autofree char *source = g_strdup_printf("```table\n%s```\n", rows);
        g_assert_cmpint(reads(source), ==, n <= TABLE_ROWS_MAX);
    }
    for (int n = PLACEHOLDER_TAGS_MAX - 1; n <= PLACEHOLDER_TAGS_MAX + 1; n++) {
        g_autofree char *source = repeat("{{x}}", (guint)n, "");
        g_assert_cmpint(reads(source), ==, n <= PLACEHOLDER_TAGS_MAX);
    }
}

static void test_bad_bytes(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_assert_null(markdown_new("a\nb\0c", 5, "x.md", 5, findings));
    g_assert_cmpuint(findings_get(findings, 0)->line, ==, 6);
    assert_finding("a\n\nb\xff\n", FINDING_ERROR, 3, "not-utf8");
}

/* What the template says of a field names the line of the update. */
static void test_lines(void)
{
    const char *source =
        "a\n\n{{! gone }}\n{{#s}}\n[b {{x}}](https://example.org/{{y}})\n{{/s}}\n\n"
        "```table\nc,d\n{{#s}}\n{{z}},1\n{{/s}}\n```\n";
    static const struct {
        const char *name;
        guint line;
    } expected[] = {{"s", 14}, {"x", 15}, {"y", 15}, {"z", 21}};
    for (guint html = 0; html < 2; html++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
        g_autoptr(Markdown) markdown = markdown_new(source, strlen(source), "x.md", 11, findings);
        g_autofree char *part = html ? body_html(markdown, theme) : body_text(markdown);
        TemplateOptions options = {.first_line = 1, .kind = html ? TEMPLATE_HTML : TEMPLATE_TEXT};
        g_autoptr(Template) template = template_new(part, &options, findings);
        const GPtrArray *uses = template_uses(template);
        for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
            gboolean found = FALSE;
            for (guint u = 0; u < uses->len; u++) {
                const TemplateUse *use = g_ptr_array_index(uses, u);
                found |= g_str_equal(use->name, expected[i].name) && use->line == expected[i].line;
            }
            if (!found)
                g_error("no use of '%s' on line %u", expected[i].name, expected[i].line);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/markdown/fields/as words", test_fields_as_words);
    g_test_add_func("/markdown/fields/hostile values", test_hostile_values);
    g_test_add_func("/markdown/fields/literal braces", test_literal_braces);
    g_test_add_func("/markdown/sections/blocks", test_sections_of_blocks);
    g_test_add_func("/markdown/sections/without blank lines", test_sections_without_blank_lines);
    g_test_add_func("/markdown/sections/lines", test_sections_of_lines);
    g_test_add_func("/markdown/sections/items", test_sections_of_items);
    g_test_add_func("/markdown/sections/quotes", test_sections_in_quotes);
    g_test_add_func("/markdown/sections/code", test_sections_in_code);
    g_test_add_func("/markdown/sections/nested", test_nested_sections);
    g_test_add_func("/markdown/sections/rows", test_section_of_rows);
    g_test_add_func("/markdown/sections/errors", test_section_errors);
    g_test_add_func("/markdown/links", test_links);
    g_test_add_func("/markdown/ids", test_ids);
    g_test_add_func("/markdown/parts", test_parts);
    g_test_add_func("/markdown/images", test_images);
    g_test_add_func("/markdown/raw html", test_raw_html);
    g_test_add_func("/markdown/raw words", test_raw_words);
    g_test_add_func("/markdown/raw spans of blocks", test_raw_spans_of_blocks);
    g_test_add_func("/markdown/languages", test_languages);
    g_test_add_func("/markdown/languages of parts", test_languages_of_parts);
    g_test_add_func("/markdown/either order", test_either_order);
    g_test_add_func("/markdown/contents", test_contents);
    g_test_add_func("/markdown/notes", test_notes);
    g_test_add_func("/markdown/signature", test_signature);
    g_test_add_func("/markdown/chart", test_chart);
    g_test_add_func("/markdown/strike", test_strike);
    g_test_add_func("/markdown/pipe tables", test_pipe_tables);
    g_test_add_func("/markdown/cells", test_cells);
    g_test_add_func("/markdown/quotes", test_quotes);
    g_test_add_func("/markdown/signs", test_signs);
    g_test_add_func("/markdown/event", test_event);
    g_test_add_func("/markdown/github", test_github);
    g_test_add_func("/markdown/definitions", test_definitions);
    g_test_add_func("/markdown/footnotes", test_footnotes);
    g_test_add_func("/markdown/direction", test_direction);
    g_test_add_func("/markdown/filled blocks", test_filled_blocks);
    g_test_add_func("/markdown/bare addresses", test_bare_addresses);
    g_test_add_func("/markdown/indented", test_indented);
    g_test_add_func("/markdown/headings", test_headings);
    g_test_add_func("/markdown/tables", test_tables);
    g_test_add_func("/markdown/limits/source", test_limits);
    g_test_add_func("/markdown/limits/spans", test_spans);
    g_test_add_func("/markdown/limits/tables", test_table_limits);
    g_test_add_func("/markdown/bad bytes", test_bad_bytes);
    g_test_add_func("/markdown/lines", test_lines);
    return g_test_run();
}
