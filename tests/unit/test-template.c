/* test-template - sections, partials, constants; mistakes found when compiling; limits */
#include "templates.h"

/* --- sections, partials, constants ----------------------------------------------------------- */

static void test_errors(void)
{
    check_fails_with(TEMPLATE_HTML, "a\n{{#x}}\nb", NULL, NULL,
                     "t.html:2: ", "section 'x' is not closed: write {{/x}}");
    check_fails_with(TEMPLATE_HTML, "a\n{{#x}}\n{{#y}}\n{{/x}}{{/y}}", NULL, NULL,
                     "t.html:4: ", "close 'y' of line 3 first");
    check_fails_with(TEMPLATE_HTML, "\n{{/x}}", NULL, NULL, "t.html:2: ", "closes no open section");
    check_fails_with(TEMPLATE_HTML, "\n\n{{x\n", NULL, NULL, "t.html:3: ", "write }} after 'x'");
    check_fails(TEMPLATE_HTML, "{{>nope}}", "no such partial: 'nope'");
    check_fails_with(TEMPLATE_HTML, "<p>\n<p title=\"\n{{#x}}\n\">{{/x}}\n", NULL, NULL,
                     "t.html:3: ", "section 'x'");

    TemplatePartial partials[] = {{"one", "a\n<p {{x}}>", FALSE},
                                  {"two", "{{>three}}", FALSE},
                                  {"three", "\n{{>two}}", FALSE},
                                  {"bad", "\xff", FALSE},
                                  {"body",
                                   "a\n\001"
                                   "9\x1f<p {{x}}>",
                                   FALSE},
                                  {NULL, NULL, FALSE}};
    check_fails_with(TEMPLATE_HTML, "{{>one}}", partials, NULL, "one:2: ", "'x': a field can't be");
    check_fails_with(TEMPLATE_HTML, "{{>two}}", partials, NULL, "three:2: ", "'two' uses itself");
    check_fails_with(TEMPLATE_HTML, "{{>bad}}", partials, NULL, "bad: ", "not UTF-8");
    TemplateOptions options = {
        .first_line = 1, .kind = TEMPLATE_HTML, .partials = partials, .partials_file = "update.md"};
    g_autoptr(Findings) findings = findings_new();
    g_assert_null(template_new("{{>body}}\n{{>one}}", &options, findings));
    g_assert_cmpstr(findings_get(findings, 0)->file, ==, "update.md");
    g_assert_cmpuint(findings_get(findings, 0)->line, ==, 9);
    g_assert_cmpstr(findings_get(findings, 1)->file, ==, "one"); /* its lines are its own */
    g_assert_cmpuint(findings_get(findings, 1)->line, ==, 2);
}

static void test_partials(void)
{
    TemplatePartial partials[] = {{"subject", "A & {{x}} <b>", TRUE},
                                  {"row", "<td>{{x}}</td>\n", FALSE},
                                  {"attribute", "title=\"{{x}}\"", FALSE},
                                  {"half", "<p title=\"", FALSE},
                                  {"words", "one\n\ntwo\n", FALSE},
                                  {"odd", "\x0e\x1b", TRUE},
                                  {NULL, NULL, FALSE}};
    g_autoptr(Value) map = value_new_map();
    value_set_text(map, "x", "\"<");
    static const struct {
        TemplateKind kind;
        const char *source, *expected;
    } cases[] = {
        {TEMPLATE_HTML, "<title>{{>subject}}</title>",
         "<title>A &amp; &quot;&lt; &lt;b&gt;</title>"},
        {TEMPLATE_HTML, "<p title='{{>subject}}'>", "<p title='A &amp; &quot;&lt; &lt;b&gt;'>"},
        {TEMPLATE_HTML, "<a href='https://a.test/?s={{>subject}}'>",
         "<a href='https://a.test/?s=A%20%26%20%22%3C%20%3Cb%3E'>"},
        {TEMPLATE_TEXT, "{{>subject}}", "A & \"< <b>"},
        {TEMPLATE_TEXT, "{{>odd}}", "  "},
        {TEMPLATE_HTML, "<tr>\n  {{>row}}\n</tr>", "<tr>\n<td>&quot;&lt;</td>\n</tr>"},
        {TEMPLATE_HTML, "<p {{>attribute}}>", "<p title=\"&quot;&lt;\">"},
        {TEMPLATE_HTML, "{{>half}}{{x}}\">", "<p title=\"&quot;&lt;\">"},
        {TEMPLATE_TEXT, "  {{>words}}\n.", "  one\n\n  two\n."},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = render_with(cases[i].kind, cases[i].source, partials, NULL, map);
        g_assert_cmpstr(got, ==, cases[i].expected);
    }
    check_fails_with(TEMPLATE_HTML, "<a href=\"{{>subject}}\">", partials, NULL,
                     "subject:1: ", "can't be a whole link");
    check_fails_with(TEMPLATE_HTML, "<p {{>subject}}>", partials, NULL,
                     "subject:1: ", "a field can't");
}

static Value *make_constants(void)
{
    Value *constants = value_new_map(), *theme = value_new_map(), *list = value_new_list();
    value_set_text(theme, "link", "#0b4f8a");
    value_set_text(theme, "css", "a > b { color: red }");
    value_set_text(theme, "bad", "</style>");
    for (int i = 0; i < 3; i++) {
        Value *item = value_new_map();
        g_autofree char *name = g_strdup_printf("n%d&", i);
        value_set_text(item, "n", name);
        value_append(list, item);
    }
    value_set(constants, "theme", theme);
    value_set(constants, "links", list);
    value_set(constants, "on", value_new_flag(TRUE));
    value_set(constants, "off", value_new_flag(FALSE));
    value_set_text(constants, "site", "https://example.org");
    value_set_text(constants, "evil", "javascript:x");
    return constants;
}

static void test_constants(void)
{
    g_autoptr(Value) constants = make_constants();
    g_autoptr(Value) map = value_new_map();
    value_set_text(map, "x", "<X>");
    value_set_text(map, "site", "not this");
    static const struct {
        const char *source, *expected;
        guint literals;
    } cases[] = {
        {"<p style=\"color: {{theme.link}}\">", "<p style=\"color: #0b4f8a\">", 1},
        {"<style>{{theme.css}}</style>", "<style>a > b { color: red }</style>", 1},
        {"{{#links}}{{n}} {{/links}}", "n0&amp; n1&amp; n2&amp; ", 1},
        {"{{#links}}{{x}}{{.}}{{/links}}", "&lt;X&gt;&lt;X&gt;&lt;X&gt;", 0},
        {"{{#on}}a{{^off}}b{{/off}}{{/on}}{{#off}}c{{/off}}{{^on}}{{>nope}}{{y}}{{/on}}", "ab", 1},
        {"{{#theme}}{{link}}{{/theme}}{{#theme.none}}a{{/theme.none}}{{^theme.none}}b{{/"
         "theme.none}}",
         "#0b4f8ab", 1},
        {"<a href=\"{{site}}/a/{{x}}\">", "<a href=\"https://example.org/a/%3CX%3E\">", 2},
        {"<a href=\"{{evil}}\">", "<a href=\"" BLOCKED "\">", 1},
        {"{{#site}}{{.}}{{/site}}", "https://example.org", 1},
        {"{{#x}}{{#theme}}{{link}}{{x}}{{/theme}}{{.}}{{/x}}", "#0b4f8a&lt;X&gt;&lt;X&gt;", 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(Template) template =
            compile(TEMPLATE_HTML, cases[i].source, NULL, constants, findings);
        findings_pass(findings, &error);
        g_assert_no_error(error);
        g_autofree char *got = template_render_text(template, map, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(got, ==, cases[i].expected);
        g_assert_cmpuint(template_literals(template), ==, cases[i].literals);
    }
    check_fails_with(TEMPLATE_HTML, "<style>{{theme.bad}}</style>", NULL, constants,
                     "t.html:1: ", "holds '<'");
    check_fails_with(TEMPLATE_HTML, "{{theme.lnik}}", NULL, constants,
                     "t.html:1: ", "no such constant: 'theme.lnik'");
    check_fails_with(TEMPLATE_HTML, "<a href=\"{{site}}{{x}}\">", NULL, constants,
                     "t.html:1: ", "part of the link's site");
    check_fails_with(TEMPLATE_HTML, "<script>{{theme.css}}</script>", NULL, constants,
                     "t.html:1: ", "within <script>");
    check_fails_with(TEMPLATE_PATH, "{{site}}", NULL, constants, "t.html:1: ", "holds a '/'");
}

typedef struct {
    const Template *template;
    GString *out;
} Other;

static void take_literal(void *user, guint number)
{
    Other *self = user;
    gsize length;
    const char *bytes = template_literal(self->template, number, &length);
    g_string_append_len(self->out, bytes, (gssize)length);
}

static void take_value(void *user, const char *bytes, gsize length)
{
    g_string_append_len(((Other *)user)->out, bytes, (gssize)length);
}

/* One constant that each rendering gives: escaped for its place, decided and checked like the
 * others, and no field of a recipient's takes its place. */
static void test_late(void)
{
    static const struct {
        TemplateKind kind;
        const char *source, *example, *other;
    } cases[] = {
        {TEMPLATE_HTML, "<a href=\"{{l.u}}\">x</a>", "<a href=\"mailto:a@b.example?s=1\">x</a>",
         "<a href=\"mailto:c&amp;d@b.example?s=%202\">x</a>"},
        {TEMPLATE_HTML, "{{#l.u}}{{.}}{{/l.u}}{{^l.u}}none{{/l.u}}", "mailto:a@b.example?s=1",
         "mailto:c&amp;d@b.example?s=%202"},
        {TEMPLATE_HTML, "{{#l}}{{u}}{{/l}}{{#x}}{{l.u}}{{/x}}",
         "mailto:a@b.example?s=1mailto:a@b.example?s=1",
         "mailto:c&amp;d@b.example?s=%202mailto:c&amp;d@b.example?s=%202"},
        {TEMPLATE_TEXT, "{{l.u}}\n", "mailto:a@b.example?s=1\n", "mailto:c&d@b.example?s=%202\n"},
        {TEMPLATE_TEXT, "\x0e- \x1f  \x1fto {{l.u}}\x0f", "- to mailto:a@b.example?s=1\n",
         "- to mailto:c&d@b.example?s=%202\n"},
        {TEMPLATE_TEXT, "{{l.v}}", "constant", "constant"},
    };
    g_autoptr(Value) constants = value_new_map();
    g_autoptr(Value) map = value_new_map();
    Value *l = value_new_map(), *theirs = value_new_map();
    value_set_text(l, "u", "mailto:a@b.example?s=1");
    value_set_text(l, "v", "constant");
    value_set(constants, "l", l);
    value_set_text(theirs, "u", "a recipient's");
    value_set(map, "l", theirs);
    value_set_text(map, "x", "yes");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        TemplateOptions options = {.file = "t.html",
                                   .first_line = 1,
                                   .kind = cases[i].kind,
                                   .constants = constants,
                                   .late = {value_get(l, "u")}};
        g_autoptr(Template) template = template_new(cases[i].source, &options, findings);
        findings_pass(findings, &error);
        g_assert_no_error(error);
        g_autofree char *example = template_render_text(template, map, &error);
        g_assert_cmpstr(example, ==, cases[i].example);
        Other other = {template, g_string_new(NULL)};
        TemplateSink sink = {
            take_literal, take_value, &other, {"mailto:c&d@b.example?s=%202"}, NULL};
        g_assert_true(template_render(template, map, &sink, &error));
        g_assert_cmpstr(other.out->str, ==, cases[i].other);
        g_string_free(other.out, TRUE);
    }
}

/* --- uses ------------------------------------------------------------------------------------ */

static void test_uses(void)
{
    TemplatePartial partials[] = {{"p", "\n{{c}}{{d}}{{^c}}{{/c}}", FALSE}, {NULL, NULL, FALSE}};
    g_autoptr(Value) constants = make_constants();
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GString) got = g_string_new(NULL);
    g_autoptr(Template) template =
        compile(TEMPLATE_HTML,
                "{{a}}{{b.c}}\n{{#b}}{{b.d}}{{#list}}{{e}}{{b}}{{.}}{{/list}}{{/b}}\n"
                "{{^d}}none{{/d}}{{d}}{{theme.link}}{{#off}}{{gone}}{{/off}}{{#on}}{{f}}{{/on}}\n"
                "{{>p}}{{#list}}{{#f}}{{f}}{{/f}}{{/list}}",
                partials, constants, findings);
    g_assert_nonnull(template);
    for (guint i = 0; i < template_uses(template)->len; i++) {
        const TemplateUse *use = g_ptr_array_index(template_uses(template), i);
        g_string_append_printf(got, "%s:%u %s%s%s%s%s%s\n", use->file, use->line,
                               use->is_section ? "#" : "", use->dotted, use->guarded ? "!" : "",
                               use->within ? " in " : "", use->within ? use->within : "",
                               strchr(use->dotted, '.') ? use->name : "");
    }
    g_assert_cmpstr(got->str, ==,
                    "t.html:1 a\n"
                    "t.html:1 b.cb\n"
                    "t.html:2 #b\n"
                    "t.html:2 b.d!b\n"
                    "t.html:2 #list in b\n"
                    "t.html:2 e in list\n"
                    "t.html:2 b! in list\n"
                    "t.html:3 #d!\n"
                    "t.html:3 d!\n"
                    "t.html:3 f\n"
                    "p:2 c!\n"
                    "p:2 d\n"
                    "p:2 #c!\n"
                    "t.html:4 #list\n"
                    "t.html:4 #f in list\n"
                    "t.html:4 f! in list\n");
}

/* A FLOW_LINE mark gives what follows the line of the author's own file. */
static void test_lines(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Template) template = compile(TEMPLATE_HTML,
                                           "{{a}}\n\x01"
                                           "40\x1f<p>\n{{b}}\n\x01"
                                           "7\x1f</p>{{c}}",
                                           NULL, NULL, findings);
    g_assert_nonnull(template);
    static const guint lines[] = {1, 40, 7};
    for (guint i = 0; i < 3; i++) {
        const TemplateUse *use = g_ptr_array_index(template_uses(template), i);
        g_assert_cmpuint(use->line, ==, lines[i]);
    }
    check_fails_with(TEMPLATE_HTML,
                     "\x01"
                     "40\x1f<p {{b}}>",
                     NULL, NULL, "t.html:40: ", "'b'");
    check_fails_with(TEMPLATE_HTML,
                     "\x01"
                     "4",
                     NULL, NULL, "t.html:1: ", "U+0001");
}

/* --- rendering ------------------------------------------------------------------------------- */

typedef struct {
    GString *log;
} Log;

static void log_literal(void *user, guint number)
{
    g_string_append_printf(((Log *)user)->log, "#%u ", number);
}

static void log_value(void *user, const char *bytes, gsize length)
{
    g_string_append_printf(((Log *)user)->log, "'%.*s' ", (int)length, bytes);
}

/* Literals are numbered once, neighbours are one, and a section's literal keeps its number. */
static void test_sink(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Value) map = value_new_map();
    Value *list = value_new_list();
    for (const char *p = "abc"; *p; p++)
        value_append(list, value_new_text_len(p, 1));
    value_set(map, "list", list);
    Log log = {g_string_new(NULL)};
    TemplateSink sink = {log_literal, log_value, &log, {NULL}, NULL};
    g_autoptr(Template) template =
        compile(TEMPLATE_HTML, "one{{! c }}two{{#list}}<{{! }}b>{{.}}</b>{{/list}}{{none}}end",
                NULL, NULL, findings);
    g_assert_true(template_render(template, map, &sink, NULL));
    g_assert_cmpstr(log.log->str, ==, "#0 #1 'a' #2 #1 'b' #2 #1 'c' #2 #3 ");
    g_assert_cmpuint(template_literals(template), ==, 4);
    gsize length;
    g_assert_cmpstr(template_literal(template, 0, &length), ==, "onetwo");
    g_assert_cmpuint(length, ==, 6);
    g_string_free(log.log, TRUE);
}

static gboolean compiles(TemplateKind kind, const char *source, const TemplatePartial *partials)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Template) template = compile(kind, source, partials, NULL, findings);
    g_assert_true(template || findings_count_id(findings, "template-limit") == 1);
    return template != NULL;
}

static void test_limits(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autofree char *source = g_strnfill((gsize)(TEMPLATE_SOURCE_MAX + over), 'x');
        g_assert_true(compiles(TEMPLATE_HTML, source, NULL) == (over <= 0));

        /* "{{>p}}" is six bytes; the partial is counted each time it is used. */
        g_autofree char *half = g_strnfill((gsize)(TEMPLATE_SOURCE_MAX / 2 - 6), 'x');
        TemplatePartial partials[] = {{"p", half, FALSE}, {NULL, NULL, FALSE}};
        const char *const twice[] = {"{{>p}}{{>p}}", "{{>p}}{{>p}}x"};
        if (over >= 0)
            g_assert_true(compiles(TEMPLATE_HTML, twice[over], partials) == (over <= 0));

        GString *deep = g_string_new(NULL);
        for (int i = 0; i < TEMPLATE_DEPTH_MAX + over; i++)
            g_string_append(deep, "{{#a}}");
        for (int i = 0; i < TEMPLATE_DEPTH_MAX + over; i++)
            g_string_append(deep, "{{/a}}");
        g_assert_true(compiles(TEMPLATE_HTML, deep->str, NULL) == (over <= 0));
        g_string_free(deep, TRUE);
    }
}

/* What constants come to is bounded too: a short list of them in a short template may be long. */
static void test_constant_limit(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Value) constants = value_new_map();
        g_autofree char *large = g_strnfill((gsize)(TEMPLATE_OUTPUT_MAX / 2), 'x');
        g_autofree char *rest = g_strnfill((gsize)(TEMPLATE_OUTPUT_MAX / 2 + over), 'x');
        value_set_text(constants, "large", large);
        value_set_text(constants, "rest", rest);
        g_autoptr(Template) template =
            compile(TEMPLATE_TEXT, "{{large}}{{rest}}", NULL, constants, findings);
        g_assert_true((template != NULL) == (over <= 0));
    }
}

static void test_output_limit(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Template) template = compile(TEMPLATE_TEXT, "{{x}}", NULL, NULL, findings);
    g_autoptr(Template) flowed =
        compile(TEMPLATE_TEXT, "\x0e\x1f\x1f{{x}}{{x}}\x0f", NULL, NULL, findings);
    for (int over = -1; over <= 1; over++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Value) map = value_new_map();
        g_autofree char *large = g_strnfill((gsize)(TEMPLATE_OUTPUT_MAX + over), 'x');
        value_set_text(map, "x", large);
        g_autofree char *got = template_render_text(template, map, &error);
        g_assert_true((got != NULL) == (over <= 0));
        if (over > 0)
            g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
        g_assert_null(template_render_text(flowed, map, NULL));
    }
    /* Sections over sections of one list: few bytes, very many turns. */
    g_autoptr(Value) map = value_new_map();
    Value *list = value_new_list();
    for (int i = 0; i < 300; i++)
        value_append(list, value_new_text("x"));
    value_set(map, "l", list);
    g_autoptr(GError) error = NULL;
    g_autoptr(Template) nested = compile(
        TEMPLATE_TEXT, "{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}", NULL, NULL, findings);
    g_assert_null(template_render_text(nested, map, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
}

/* A partial that uses itself without end is stopped (only the specification's kind lets it try). */
static void test_recursion(void)
{
    TemplatePartial partials[] = {{"p", "x{{#a}}{{>p}}{{/a}}", FALSE},
                                  {"q", "{{>q}}", FALSE},
                                  {"r", "x\n {{>r}}\n", FALSE},
                                  {NULL, NULL, FALSE}};
    g_autoptr(Value) map = value_new_map();
    value_set_text(map, "a", "1");
    static const char *const sources[] = {"{{>p}}", "{{>q}}"};
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(Template) template = compile(TEMPLATE_SPEC, sources[i], partials, NULL, findings);
        g_assert_nonnull(template);
        g_assert_null(template_render_text(template, map, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    }
    g_assert_false(compiles(TEMPLATE_SPEC, "{{>r}}", partials));
}

/* --- threads --------------------------------------------------------------------------------- */

static gpointer render_often(gpointer data)
{
    Template *template = data;
    for (int i = 0; i < 300; i++) {
        g_autoptr(Value) map = value_new_map();
        g_autofree char *x = g_strdup_printf("<%d>", i);
        g_autofree char *expected = g_strdup_printf("a &lt;%d&gt; b\n", i);
        value_set_text(map, "x", x);
        g_autofree char *got = template_render_text(template, map, NULL);
        g_assert_cmpstr(got, ==, expected);
    }
    return NULL;
}

static void test_threads(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Template) template =
        compile(TEMPLATE_HTML, "a {{#x}}{{x}}{{/x}} b\n", NULL, NULL, findings);
    GThread *threads[4];
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("render", render_often, template);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/errors", test_errors);
    g_test_add_func("/template/partials", test_partials);
    g_test_add_func("/template/constants", test_constants);
    g_test_add_func("/template/late", test_late);
    g_test_add_func("/template/uses", test_uses);
    g_test_add_func("/template/lines", test_lines);
    g_test_add_func("/template/sink", test_sink);
    g_test_add_func("/template/limits/source", test_limits);
    g_test_add_func("/template/limits/constants", test_constant_limit);
    g_test_add_func("/template/limits/output", test_output_limit);
    g_test_add_func("/template/recursion", test_recursion);
    g_test_add_func("/template/threads", test_threads);
    return g_test_run();
}
