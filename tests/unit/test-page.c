/* test-page - the shell of our pages: a value is never markup, and nothing is fetched or run */
#include <glib.h>
#include <string.h>

#include "text/amount.h"
#include "page/page.h"

static void check(const char *text, const char *expected)
{
    g_autofree char *escaped = page_escape(text);
    g_assert_cmpstr(escaped, ==, expected);
}

static void test_escape(void)
{
    check("", "");
    check("O'Neill & <Sons> \"Ltd\"", "O&apos;Neill &amp; &lt;Sons&gt; &quot;Ltd&quot;");
    check("</script><script>alert(1)</script>",
          "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    check("Bun Sgoil Ghàidhlig 学校 🎉", "Bun Sgoil Ghàidhlig 学校 🎉");
    check("&#x7;", "&amp;#x7;");
    check("a\tb\nc", "a\tb\nc");
}

static void test_escape_hostile(void)
{
    check("a\x01"
          "b\x1b[31m",
          "a\357\277\275b\357\277\275[31m");
    check("\x7f \302\205 \302\200", "\357\277\275 \302\205 \357\277\275");
    check("gpj.\342\200\256exe", "gpj.\357\277\275exe"); /* U+202E */
    check("\342\201\246x\342\201\251", "\357\277\275x\357\277\275");
    check("\342\200\217", "\342\200\217"); /* U+200F only marks */
    check("\377<\302", "\357\277\275&lt;\357\277\275");
    check("\355\240\200", "\357\277\275\357\277\275\357\277\275"); /* a surrogate */
}

static void test_number(void)
{
    static const struct {
        guint64 number;
        const char *text;
    } cases[] = {
        {0, "0"},          {999, "999"},           {1000, "1,000"},
        {24000, "24,000"}, {1000000, "1,000,000"}, {G_MAXUINT64, "18,446,744,073,709,551,615"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = amount_number(cases[i].number);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static char *whole(const PageSpec *spec)
{
    GString *out = g_string_new(NULL);
    page_begin(out, spec);
    page_end(out, spec, "made <today>");
    return g_string_free(out, FALSE);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("no '%s'", part);
}

static void test_shell(void)
{
    PageSpec spec = {.title = "Report <1>"};
    g_autofree char *page = whole(&spec);
    g_assert_true(g_str_has_prefix(page, "<!DOCTYPE html>\n<html lang=\"en-GB\">"));
    assert_has(page, "<title>Report &lt;1&gt;</title>");
    assert_has(page, "<h1>Report &lt;1&gt;</h1>");
    assert_has(page, "default-src 'none'");
    assert_has(page, "script-src 'none'");
    assert_has(page, "style-src 'sha256-");
    assert_has(page, "<a class=\"skip\" href=\"#main\">");
    assert_has(page, "made &lt;today&gt;");
    g_assert_null(strstr(page, "unsafe-inline"));
    g_assert_null(strstr(page, "://"));
}

static void test_shell_with_letters(void)
{
    static const char *const scripts[] = {"/circular/lib/page/page.css", NULL}; /* any resource */
    PageSpec spec = {
        .title = "t", .heading = "h", .lang = "cy\"", .scripts = scripts, .holds_letters = TRUE};
    g_autofree char *page = whole(&spec);
    assert_has(page, "<html lang=\"cy&quot;\">");
    assert_has(page, "<h1>h</h1>");
    assert_has(page, "style-src 'unsafe-inline'; script-src 'sha256-");
    assert_has(page, "<script>/* page.css");
}

static void test_table(void)
{
    static const PageColumn columns[] = {
        {"Name", PAGE_TEXT}, {"Letters", PAGE_NUMBER}, {NULL, PAGE_TEXT}};
    PageTable table = {"Who & what", columns};
    GString *out = g_string_new(NULL);
    page_table(out, &table);
    page_row(out, &table, (const char *[]){"<b>", "3"});
    page_row(out, &table, (const char *[]){"x", NULL});
    page_table_end(out);
    assert_has(out->str, "class=\"plain\"");
    assert_has(out->str, "<caption>Who &amp; what</caption>");
    assert_has(out->str, "scope=\"row\"><bdi>&lt;b&gt;</bdi></th>");
    assert_has(out->str, "data-head=\"Letters\" class=\"n\"><bdi>3</bdi></td>");
    assert_has(out->str, "<bdi>x</bdi></th><td role=\"cell\"></td>");
    g_string_free(out, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/escape", test_escape);
    g_test_add_func("/page/escape-hostile", test_escape_hostile);
    g_test_add_func("/page/number", test_number);
    g_test_add_func("/page/shell", test_shell);
    g_test_add_func("/page/shell-with-letters", test_shell_with_letters);
    g_test_add_func("/page/table", test_table);
    return g_test_run();
}
