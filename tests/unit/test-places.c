/* test-places - a value is never markup, whatever it is and wherever it stands */
#include "templates.h"

/* --- places ---------------------------------------------------------------------------------- */

/* Text before and after the value must be as written, and the value exactly what was given. */
static void check_literal(const char *before, const char *after)
{
    g_autofree char *source = g_strconcat(before, "{{x}}", after, NULL);
    g_autofree char *triple = g_strconcat(before, "{{{x}}}", after, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autofree char *got = render(TEMPLATE_HTML, source, hostile[i]);
        g_autofree char *raw = render(TEMPLATE_HTML, triple, hostile[i]);
        g_autofree char *expected = neutral(hostile[i]);
        g_assert_cmpstr(got, ==, raw);
        g_assert_true(g_str_has_prefix(got, before) && g_str_has_suffix(got, after));
        g_assert_true(g_utf8_validate(got, -1, NULL));
        g_autofree char *text =
            decode(got + strlen(before), strlen(got) - strlen(before) - strlen(after));
        g_assert_cmpstr(text, ==, expected);
    }
}

static void test_html_places(void)
{
    check_literal("<p>", "</p>");
    check_literal("<p>a &amp; b < ", " c</p>");
    check_literal("<p title=\"", "\">");
    check_literal("<p title='it is ", " indeed' class=x>");
    check_literal("<td bgcolor = \"", "\">");
    check_literal("<title>", "</title><p>");
    check_literal("<textarea>a<b ", "</textarea>");
    check_literal("<!-- ", " --><p>");
    check_literal("<!--[if mso]><td width=\"", "\"><![endif]--><p>");
    check_literal("<!--[if mso]><p>", "</p><![endif]--><p>");
    check_literal("<!--[if !mso]><!--><p>", "</p><!--<![endif]-->");
    check_literal("<!doctype html><?xml x?><!----><!-- > -- - --!><br/>", "<br />");
    check_literal("<style>a > b { color: red } </stylish </style >", "");
    check_literal("<script>if (a < b) '<p title=\"' + '</scrip>'</script>", "");
    check_literal("<a data-x=\"", "\" data-y>");
    check_literal("<svg:a xlink:title=\"", "\">");
    check_literal("a <3 b </ c> </3> d << ", "");
}

static void test_html_refused(void)
{
    static const struct {
        const char *source, *text;
    } cases[] = {
        {"<p title={{x}}>", "without quotes"},
        {"<p title=a{{x}}>", "without quotes"},
        {"<p {{x}}>", "can't be a tag's or an attribute's name"},
        {"<p a{{x}}=\"\">", "can't be a tag's"},
        {"<p{{x}}>", "can't be a tag's"},
        {"<{{x}}>", "write &lt; for '<'"},
        {"</{{x}}>", "write &lt; for '<'"},
        {"<p onclick=\"{{x}}\">", "on... attribute"},
        {"<p ONCLICK='f({{x}})'>", "on... attribute"},
        {"<p style=\"color: {{x}}\">", "style"},
        {"<img srcset=\"{{x}}\">", "srcset"},
        {"<iframe srcdoc=\"{{x}}\">", "can't decide"},
        {"<p srcdoc=\"{{x}}\">", "srcdoc"},
        {"<script>{{x}}</script>", "within <script>"},
        {"<STYLE>{{x}}</STYLE>", "within <script>"},
        {"<script src=\"{{x}}\">", "can't decide"},
        {"<base href=\"{{x}}\">", "can't decide"},
        {"<meta http-equiv=refresh content=\"{{x}}\">", "http-equiv"},
        {"<meta content=\"{{x}}\" http-equiv=refresh>", "http-equiv"},
        {"<!doctype {{x}}>", "within <!...>"},
        {"<?php {{x}} ?>", "within <!...>"},
        {"<!--[if {{x}}]><![endif]-->", "within <!...>"},
        {"<!-{{x}}->", "within <!...>"},
        {"<!--{{x}}-->", "write a blank"},
        {"<!-- -{{x}} -->", "write a blank"},
        {"<!--[if mso]><p>-{{x}}</p><![endif]-->", "write a blank"},
        {"<title></ti{{x}}</title>", "write &lt;"},
        {"&{{x}};", "write &amp;"},
        {"&#{{x}};", "write &amp;"},
        {"<a title=\"a&amp{{x}}\">", "write &amp;"},
        {"<p title=\"", "the end is within"},
        {"<!-- ", "the end is within"},
        {"<title>", "the end is within"},
        {"<!--[if mso]><p title='--><p>", "ends within a tag"},
        {"<p =x>", "without an attribute's name"},
        {"a \xff", "not UTF-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_fails_with(TEMPLATE_HTML, cases[i].source, NULL, NULL, "t.html", cases[i].text);
}

static void test_html_sections(void)
{
    check(TEMPLATE_HTML, "<td{{#x}} class=\"{{x}}\"{{/x}}>", "a b", "<td class=\"a b\">");
    check(TEMPLATE_HTML, "<td{{#x}} class=\"{{x}}\"{{/x}}>", "", "<td>");
    check(TEMPLATE_HTML, "<td {{#x}}nowrap {{/x}}a>", "1", "<td nowrap a>");
    check(TEMPLATE_HTML, "<p title=\"{{#x}}{{x}}{{/x}}{{^x}}none{{/x}}\">", "",
          "<p title=\"none\">");
    check(TEMPLATE_HTML, "{{#x}}<p title='{{.}}'></p>{{/x}}", "'", "<p title='&#39;'></p>");
    check(TEMPLATE_HTML, "<!-- {{#x}}a {{/x}}-->{{x}}", "<", "<!-- a -->&lt;");
    static const char *const crossed[] = {
        "{{#x}}<p title=\"{{/x}}\">",
        "<p title=\"{{#x}}\" class=\"{{/x}}\">",
        "<p title=\"{{#x}}\"{{/x}}>",
        "{{#x}}<!-- {{/x}} -->",
        "{{^x}}<script>{{/x}}</script>",
        "<{{#x}}p{{/x}}>",
        "<p {{#x}}>{{/x}}",
        "{{#x}}<!--[if mso]>{{/x}}<![endif]-->",
        "{{#x}}<p title=\"{{/x}}{{^x}}<p title=\"{{/x}}\">", /* a list would open many */
        "<a href=\"{{#x}}\" title=\"{{/x}}\">",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(crossed); i++)
        check_fails(TEMPLATE_HTML, crossed[i], "a section has to end where it begins");
    check_fails(TEMPLATE_HTML, "<td{{#x}}foo{{/x}}>", "write a blank before it");
}

/* --- links ----------------------------------------------------------------------------------- */

static void check_link(const char *href, const char *x, const char *expected)
{
    g_autofree char *html = g_strdup_printf("<a href=\"%s\">", href);
    g_autofree char *text = g_strdup_printf("\x11%s\x12", href);
    g_autofree char *html_got = render(TEMPLATE_HTML, html, x);
    g_autofree char *text_got = render(TEMPLATE_TEXT, text, x);
    g_autofree char *inner = g_strndup(html_got + 9, strlen(html_got) - 11);
    g_autofree char *decoded = decode(inner, strlen(inner));
    g_assert_cmpstr(decoded, ==, expected);
    g_assert_cmpstr(text_got, ==, expected);
}

static void test_links(void)
{
    check_link("{{x}}", "https://example.org/a?b=c&d='e'", "https://example.org/a?b=c&d='e'");
    check_link("{{x}}", "MAILTO:ann@example.org", "MAILTO:ann@example.org");
    check_link("{{x}}", "tel:+441234", "tel:+441234");
    check_link("{{x}}", "  http://example.org/ \n", "http://example.org/");
    check_link("{{x}}", "reports/1.pdf", "reports/1.pdf");
    check_link("{{x}}", "a b\"<>\xc3\xa9\\", "a%20b%22%3C%3E%C3%A9%5C");
    check_link("{{x}}", "100%25", "100%25");
    check_link("{{x}}", "", "");
    check_link("{{x}}", "/a:b", "/a:b");
    check_link("{{x}}", "?a:b", "?a:b");
    static const char *const blocked[] = {"javascript:alert(1)",
                                          " JavaScript:alert(1)",
                                          "java\nscript:alert(1)",
                                          "\033javascript:x",
                                          "data:text/html,x",
                                          "vbscript:x",
                                          "file:///etc/passwd",
                                          ":x",
                                          "cid:1",
                                          "\xc2\xa0http://x",
                                          "javascript\t:alert(1)",
                                          "blob:https://example.org/x",
                                          "https\xff:x"};
    for (gsize i = 0; i < G_N_ELEMENTS(blocked); i++)
        check_link("{{x}}", blocked[i], BLOCKED);

    check_link("https://example.org/{{x}}/y", "a/b?c#d e",
               "https://example.org/a%2Fb%3Fc%23d%20e/y");
    check_link("https://example.org/{{x}}", "..", "https://example.org/");
    check_link("https://example.org/{{x}}", "...", "https://example.org/...");
    check_link("https://example.org/{{x}}", "\xc3\xa9'\"&", "https://example.org/%C3%A9%27%22%26");
    check_link("https://example.org/?q={{x}}", "a&b=c+d .",
               "https://example.org/?q=a%26b%3Dc%2Bd%20.");
    check_link("https://example.org/?q={{x}}", "..", "https://example.org/?q=..");
    check_link("https://example.org#{{x}}", "a\xff", "https://example.org#a%EF%BF%BD");
    check_link("https://{{x}}/y", "example.org", "https://example.org/y");
    check_link("https://{{x}}/y", "a@b/c", "https://a%40b%2Fc/y");
    check_link("https://{{x}}/evil.example", "", "https://invalid/evil.example");
    check_link("https://www.{{x}}/", "example.org", "https://www.example.org/");
    check_link("mailto:{{x}}?subject=a", "ann+b@example.org",
               "mailto:ann%2Bb@example.org?subject=a");
    check_link("mailto:{{x}}", "a@x.test,b@x.test?cc=c@x.test",
               "mailto:a@x.test%2Cb@x.test%3Fcc%3Dc@x.test");
    check_link("mailto:a@example.org?subject={{x}}", "A & B\r\nBcc: x",
               "mailto:a@example.org?subject=A%20%26%20B%0D%0ABcc%3A%20x");
    check_link("tel:{{x}}", "+44 (0)20 7946 0000", "tel:+44(0)2079460000");
    check_link("{{x}}/more", "javascript:x", BLOCKED "/more");
    check_link("java{{x}}", "script:alert(1)", "javascript%3Aalert%281%29");
    check_link("a/b{{x}}", ":c", "a/b%3Ac");
    check_link("{{x}}?a={{x}}", "https://a.example", "https://a.example?a=https%3A%2F%2Fa.example");
}

static void test_links_refused(void)
{
    static const struct {
        const char *href, *text;
    } cases[] = {
        {"{{x}}:{{x}}", "can't be a link's scheme"},
        {"{{x}}://example.org", "can't be a link's scheme"},
        {"java{{x}}:", "can't be a link's scheme"},
        {"{{x}}{{x}}", "write '/', '?' or '#' between"},
        {"javascript:{{x}}", "only in http"},
        {"data:text/html,{{x}}", "only in http"},
        {"java\tscript:{{x}}", "only in http"},
        {"averyveryverylongscheme:{{x}}", "only in http"},
        {"https://example.org{{x}}", "write '/' before"},
        {"https://example.org:{{x}}/", "write '/' before"},
        {"//example.org{{x}}", "write '/' before"},
        {"/{{x}}", "could name another site"},
        {"{{#x}}https://example.org/{{/x}}{{x}}", "depends on a section"},
        {"{{#x}}https://example.org{{/x}}{{^x}}mailto:{{/x}}{{x}}", "depends on a section"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *html = g_strdup_printf("<a href='%s'>", cases[i].href);
        g_autofree char *text = g_strdup_printf("\x11%s\x12", cases[i].href);
        check_fails(TEMPLATE_HTML, html, cases[i].text);
        check_fails(TEMPLATE_TEXT, text, cases[i].text);
    }
    /* Each attribute that holds a URL is one. */
    check(TEMPLATE_HTML, "<img SRC='{{x}}'>", "data:x", "<img SRC='" BLOCKED "'>");
    check(TEMPLATE_HTML, "<td background=\"{{x}}\">", "data:x", "<td background=\"" BLOCKED "\">");
    check(TEMPLATE_HTML, "<v:rect xlink:href=\"{{x}}\">", "data:x",
          "<v:rect xlink:href=\"" BLOCKED "\">");
}

static void test_link_sections(void)
{
    check_link("{{#x}}{{x}}{{/x}}{{^x}}https://example.org/{{/x}}", "http://a.test/",
               "http://a.test/");
    check_link("{{#x}}{{x}}{{/x}}{{^x}}https://example.org/{{/x}}", "", "https://example.org/");
    check_link("{{^x}}https://a.test/{{/x}}{{#x}}https://b.test/{{/x}}{{x}}", "/",
               "https://b.test/%2F");
    check_link("https://example.org/a{{#x}}?b={{x}}{{/x}}", "c d", "https://example.org/a?b=c%20d");
    check_link("{{#x}}https://example.org/{{/x}}a?b={{x}}", "&", "https://example.org/a?b=%26");
    check_link("https://example.org/?a={{#x}}{{.}},{{/x}}", "&", "https://example.org/?a=%26,");
}

/* --- the other kinds ------------------------------------------------------------------------- */

static void test_text(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autofree char *got = render(TEMPLATE_TEXT, "a{{x}}z", hostile[i]);
        g_autofree char *expected = neutral(hostile[i]);
        g_autofree char *whole = g_strconcat("a", expected, "z", NULL);
        g_assert_cmpstr(got, ==, whole);
    }
    check(TEMPLATE_TEXT, "a\r\nb\r\n{{x}}", "c\r\nd\re", "a\nb\nc\nd\ne");
    check_fails(TEMPLATE_TEXT, "a\x0c", "a control character, U+000C");
}

static void test_header(void)
{
    check(TEMPLATE_HEADER, "Re: {{x}}", "a\r\nBcc: x@example.org", "Re: a Bcc: x@example.org");
    check(TEMPLATE_HEADER, "Re: {{{x}}}!", "a\r\n\r\n\tb\x7f\xc2\x85\xe2\x80\xa8 c", "Re: a b c!");
    check(TEMPLATE_HEADER, "a\nb {{x}}", "<b>&\"", "a b <b>&\"");
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autofree char *got = render(TEMPLATE_HEADER, "{{x}}", hostile[i]);
        for (const char *p = got; *p; p++)
            g_assert_true((guchar)*p >= 0x20 && *p != 0x7f);
        g_assert_true(g_utf8_validate(got, -1, NULL));
    }
}

static void test_field(void)
{
    check(TEMPLATE_FIELD, "{{x}} {{{x}}}", "<a\r\n\x0e>", "<a\r\n\x0e> <a\r\n\x0e>");
}

static void test_path(void)
{
    static const char *const bad[] = {"", "..", ".x", "a/b", "/a", "a\\b", "a\nb", "a\x7f"};
    check(TEMPLATE_PATH, "reports/{{x}}.pdf", "10\xc3\xa9 a..b", "reports/10\xc3\xa9 a..b.pdf");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(Value) map = value_new_map();
        value_set_text(map, "x", bad[i]);
        g_autoptr(Template) template =
            compile(TEMPLATE_PATH, "reports/{{x}}.pdf", NULL, NULL, findings);
        g_assert_null(template_render_text(template, map, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
        g_assert_nonnull(strstr(error->message, "'x'"));
    }
}

/* --- random templates ------------------------------------------------------------------------ */

/* Pieces that leave the page where it was: source before and after the field, and what these give.
 */
static const struct {
    const char *source[2], *page[2];
} pieces[] = {
    {{"<p>", "</p>\n"}, {"<p>", "</p>\n"}},
    {{"<td title=\"", "\">"}, {"<td title=\"", "\">"}},
    {{"<td class='a ", "'>"}, {"<td class='a ", "'>"}},
    {{"<!-- ", " -->"}, {"<!-- ", " -->"}},
    {{"<title>", "</title>"}, {"<title>", "</title>"}},
    {{"{{#y}}<b>", "</b>{{/y}}"}, {"<b>", "</b>"}},
    {{"{{^z}}<i>", "{{/z}}{{#z}}{{x}}{{/z}}</i>"}, {"<i>", "</i>"}},
    {{"{{! c }}{{>p}}", "{{>q}}"}, {"<u title=\"", "\">"}},
    {{"{{=| |=}}{{}}|={{ }}=|", "{{=<% %>=}}<%! c %><%={{ }}=%>"}, {"{{}}", ""}},
    {{"a<br>&amp; ", ""}, {"a<br>&amp; ", ""}},
    {{"{{#list}}<s>", "</s>{{/list}}"}, {"<s>", "</s>"}},
    {{"<!--[if mso]><b>", "</b><![endif]-->"}, {"<!--[if mso]><b>", "</b><![endif]-->"}},
};

/* Random templates over hostile values: what was written stands as it was written, and what a
 * reader of the page makes of the rest is exactly the value. */
static void test_random(void)
{
    TemplatePartial partials[] = {
        {"p", "<u title=\"", FALSE}, {"q", "\">", FALSE}, {NULL, NULL, FALSE}};
    for (int round = 0; round < 300; round++) {
        gsize chosen[12];
        gsize count = (gsize)g_test_rand_int_range(1, G_N_ELEMENTS(chosen));
        const char *value = hostile[g_test_rand_int_range(0, G_N_ELEMENTS(hostile))];
        g_autoptr(GString) source = g_string_new(NULL);
        g_autoptr(Value) map = value_new_map();
        Value *list = value_new_list();
        value_append(list, value_new_map());
        value_set(map, "list", list);
        value_set_text(map, "x", value);
        value_set(map, "y", value_new_flag(TRUE));
        for (gsize i = 0; i < count; i++) {
            chosen[i] = (gsize)g_test_rand_int_range(0, G_N_ELEMENTS(pieces));
            g_string_append_printf(source, "\x02%s{{x}}%s", pieces[chosen[i]].source[0],
                                   pieces[chosen[i]].source[1]);
        }
        g_autofree char *got = render_with(TEMPLATE_HTML, source->str, partials, NULL, map);
        g_autofree char *expected = neutral(value);
        g_auto(GStrv) parts = g_strsplit(got, "\x02", -1);
        g_assert_cmpuint(g_strv_length(parts), ==, count + 1);
        for (gsize i = 0; i < count; i++) {
            const char *const *page = pieces[chosen[i]].page;
            const char *part = parts[i + 1];
            gsize before = strlen(page[0]), after = strlen(page[1]);
            g_assert_true(g_str_has_prefix(part, page[0]) && g_str_has_suffix(part, page[1]));
            g_autofree char *text = decode(part + before, strlen(part) - before - after);
            g_assert_cmpstr(text, ==, expected);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/places/html/places", test_html_places);
    g_test_add_func("/places/html/refused", test_html_refused);
    g_test_add_func("/places/html/sections", test_html_sections);
    g_test_add_func("/places/links/escaped", test_links);
    g_test_add_func("/places/links/refused", test_links_refused);
    g_test_add_func("/places/links/sections", test_link_sections);
    g_test_add_func("/places/text", test_text);
    g_test_add_func("/places/header", test_header);
    g_test_add_func("/places/field", test_field);
    g_test_add_func("/places/path", test_path);
    g_test_add_func("/places/random", test_random);
    return g_test_run();
}
