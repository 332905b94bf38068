/* test-tags - the tokenizer that templates and Markdown share */
#include "template/tags.h"

#include <string.h>

/* Every tag as "kind:name@line", standalone ones with "!", and the problem as "?line text". */
static char *scan_len(const char *source, gsize length, guint first_line)
{
    static const char kinds[] = "vr#^/!>=";
    GString *out = g_string_new(NULL);
    Tags tags;
    Tag tag;
    /* A heap copy without a NUL byte, so that a sanitizer sees any read beyond the end. */
    g_autofree char *copy = length ? g_memdup2(source, length) : g_strdup("");
    tags_init(&tags, copy, length, first_line);
    while (tags_next(&tags, &tag)) {
        g_assert_true(tag.start < tag.end && tag.line_start <= tag.start &&
                      tag.end <= tag.line_end);
        g_assert_true(tag.line_end <= copy + length && tags.at == tag.line_end);
        g_string_append_printf(out, "%s%c:%s@%u%s", out->len ? " " : "", kinds[tag.kind], tag.name,
                               tag.line, tag.standalone ? "!" : "");
    }
    if (tags.problem)
        g_string_append_printf(out, "?%u %s", tags.problem_line, tags.problem);
    g_assert_false(tags_next(&tags, &tag));
    tags_clear(&tags);
    return g_string_free(out, FALSE);
}

static void check(const char *source, const char *expected)
{
    g_autofree char *got = scan_len(source, strlen(source), 1);
    g_assert_cmpstr(got, ==, expected);
}

static void test_kinds(void)
{
    check("", "");
    check("no tag } { here", "");
    check("{{a}}", "v:a@1");
    check("x {{ a.b }}{{{c}}}{{& d }}y", "v:a.b@1 r:c@1 r:d@1");
    check("{{#a}}x{{^b}}y{{/b}}{{/a}}", "#:a@1 ^:b@1 /:b@1 /:a@1");
    check("{{! any {{thing = }}{{>p}}", "!:@1 >:p@1");
    check("{{.}}{{#.}}.{{/.}}", "v:.@1 #:.@1 /:.@1");
    check("{{ # a }}{{ / a }}{{ > b }}", "#:a@1 /:a@1 >:b@1");
    check("{{TypeOfEstablishment (name)}}", "v:TypeOfEstablishment (name)@1");
    check("{{Bürgermeister}}", "v:Bürgermeister@1");
    check("{{\n a \n}}{{b}}", "v:a@1 v:b@3");
    check("{{\n#a}}x{{\r\n /a}}", "#:a@1 /:a@2"); /* a sigil may stand on the next line too */
}

static void test_delimiters(void)
{
    check("{{=<% %>=}}<%a%>{{b}}<%={{ }}=%>{{c}}", "=:@1 v:a@1 =:@1 v:c@1");
    check("{{= | | =}}|a| {{b}} |#c||/c|", "=:@1 v:a@1 #:c@1 /:c@1");
    check("{{=<% %>=}}<%{a}%><%&b%>", "=:@1 r:a@1 r:b@1");
    check("{{=\n<%\n%>\n=}}\n<%a%>", "=:@1! v:a@5");
    check("{{=123456789012345 %>=}}123456789012345a%>", "=:@1 v:a@1");
    check("{{=1234567890123456 %>=}}", "?1 bad delimiters: write two of at most 15 characters "
                                       "without blanks and '=', as in {{=<% %>=}}");
    check("{{=<% a %>=}}", "?1 bad delimiters: write two, as in {{=<% %>=}}");
    check("x\n{{=<%=}}", "?2 bad delimiters: write two of at most 15 characters without blanks "
                         "and '=', as in {{=<% %>=}}");
    check("{{==}}", "?1 bad delimiters: write two of at most 15 characters without blanks and "
                    "'=', as in {{=<% %>=}}");
    check("{{= = =}}", "?1 bad delimiters: write two of at most 15 characters without blanks "
                       "and '=', as in {{=<% %>=}}");
}

static void test_standalone(void)
{
    check("{{#a}}\nx\n{{/a}}\n", "#:a@1! /:a@3!");
    check("{{#a}}\r\nx\r\n{{/a}}", "#:a@1! /:a@3!");
    check(" \t{{! c }}\t \n{{x}}", "!:@1! v:x@2");
    check("{{! one\ntwo\n}}\n{{>p}} \n{{x}}", "!:@1! >:p@4! v:x@5");
    check("{{#a}} {{/a}}", "#:a@1 /:a@1");
    check("{{#a}}x\n", "#:a@1");
    check("x {{>p}}\n", ">:p@1");
    check("{{a}}\n", "v:a@1");
    check("{{&a}}\n{{#b}}\n{{/b}}", "r:a@1 #:b@2! /:b@3!");
    check("x\r{{#a}}\n{{/a}}", "#:a@1 /:a@2!"); /* a lone CR ends no line */

    const char *source = "one\n  {{>p}} \r\ntwo";
    Tags tags;
    Tag tag;
    tags_init(&tags, source, strlen(source), 7);
    g_assert_true(tags_next(&tags, &tag));
    g_assert_cmpint(tag.line_start - source, ==, 4);
    g_assert_cmpint(tag.start - source, ==, 6);
    g_assert_cmpint(tag.line_end - source, ==, 15);
    g_assert_cmpuint(tag.line, ==, 8);
    g_assert_cmpuint(tags.line, ==, 9);
    g_assert_false(tags_next(&tags, &tag));
    g_assert_null(tags.problem);
    tags_clear(&tags);
}

static void test_problems(void)
{
    check("a\nDear {{name,\nyour", "?2 a tag is not closed: write }} after 'name,'");
    check("{{name, {{b}}", "?1 a tag is not closed: write }} after 'name,'");
    check("{{#a}", "?1 a tag is not closed: write }} after 'a'");
    check("{{{a}}", "?1 a tag is not closed: write }}} after 'a'");
    check("{{", "?1 a tag is not closed: write a name and }} after {{");
    check("x{{}}", "?1 a tag without a name: write one between {{ and }}");
    check("{{# }}", "?1 a tag without a name: write one between {{ and }}");
    check("{{a\nb}}", "?1 a tag is not closed: write }} after 'a'");
    check("{{a\x0e}}", "?1 a tag is not closed: write }} after 'a'");
    check("{{a\xff}}", "?1 a name is not UTF-8: save the file as UTF-8");
    check("{{=<% %>=}}<%a", "=:@1?1 a tag is not closed: write %> after 'a'");
    g_autofree char *nul = scan_len("{{a\0b}}", 7, 1);
    g_assert_cmpstr(nul, ==, "?1 a tag is not closed: write }} after 'a'");
}

static void test_name_limit(void)
{
    for (int length = TAG_NAME_MAX - 1; length <= TAG_NAME_MAX + 1; length++) {
        g_autofree char *name = g_strnfill((gsize)length, 'n');
        g_autofree char *source = g_strdup_printf("{{ %s }}", name);
        g_autofree char *got = scan_len(source, strlen(source), 1);
        g_autofree char *expected =
            length <= TAG_NAME_MAX
                ? g_strdup_printf("v:%s@1", name)
                : g_strdup("?1 a name is over 200 bytes: 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
                           "...': is a tag not closed?");
        g_assert_cmpstr(got, ==, expected);
    }
}

/* A copy of a scan goes on by itself: the Markdown reader looks ahead in this way. */
static void test_copy(void)
{
    const char *source = "{{=<% %>=}}\n<%#a%><%b%><%/a%>";
    Tags tags, ahead;
    Tag tag, other;
    tags_init(&tags, source, strlen(source), 1);
    g_assert_true(tags_next(&tags, &tag));
    ahead = tags;
    while (tags_next(&ahead, &other))
        ;
    g_assert_true(tags_next(&tags, &tag));
    g_assert_cmpstr(tag.name, ==, "a");
    g_assert_cmpuint(tag.line, ==, 2);
    tags_clear(&tags);
    tags_clear(&ahead);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tags/kinds", test_kinds);
    g_test_add_func("/tags/delimiters", test_delimiters);
    g_test_add_func("/tags/standalone", test_standalone);
    g_test_add_func("/tags/problems", test_problems);
    g_test_add_func("/tags/name-limit", test_name_limit);
    g_test_add_func("/tags/copy", test_copy);
    return g_test_run();
}
