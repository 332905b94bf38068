/* test-flow - plain text: wrapping, columns, and the marks of paragraphs, lists and tables */
#include "template/wrap.h"
#include "template/grid.h"
#include "templates.h"

/* --- wrapping -------------------------------------------------------------------------------- */

static void check_flow(const char *text, const char *first, const char *rest, const char *expected)
{
    g_autoptr(GString) out = g_string_new("|");
    wrap_append(out, text, strlen(text), first, rest);
    g_assert_cmpstr(out->str + 1, ==, expected);
}

/* `count` words of nine letters: seven of them and their blanks are 69 columns. */
static char *words(guint count)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < count; i++)
        g_string_append(out, i ? " abcdefghi" : "abcdefghi");
    return g_string_free(out, FALSE);
}

static void test_wrap(void)
{
    g_autofree char *seven = words(7);
    g_autofree char *eight = words(8);
    g_autofree char *exact = g_strconcat(seven, " yz", NULL);
    g_autofree char *over = g_strconcat(seven, " xyz", NULL);
    g_autofree char *exact_out = g_strconcat(exact, "\n", NULL);
    g_autofree char *over_out = g_strconcat(seven, "\nxyz\n", NULL);
    g_autofree char *eight_out = g_strconcat(seven, "\nabcdefghi\n", NULL);
    g_assert_cmpuint(strlen(exact), ==, WRAP_WIDTH);
    check_flow(exact, "", "", exact_out);
    check_flow(over, "", "", over_out);
    check_flow(eight, "", "", eight_out);

    check_flow("", "", "", "\n");
    check_flow(" \n\t ", "> ", "> ", ">\n");
    check_flow("  a \n b\t\tc  ", "", "", "a b c\n");
    check_flow("a\vb\v\vc\v", "* ", "  ", "* a\n  b\n\n  c\n");
    check_flow(" a \v b ", "> ", "> ", "> a\n> b\n");
    check_flow("\va", "", "", "\na\n");
    check_flow("a\v \n", "", "", "a\n");
    check_flow("a\xc2\xa0"
               "b",
               "", "", "a b\n");

    g_autofree char *prefixed = g_strdup_printf("* %s\n  abcdefghi\n", seven);
    check_flow(eight, "* ", "  ", prefixed);
    g_autofree char *long_word = g_strnfill(100, 'w');
    g_autofree char *with_long = g_strdup_printf("a %s b", long_word);
    g_autofree char *long_out = g_strdup_printf("> a\n> %s\n> b\n", long_word);
    check_flow(with_long, "> ", "> ", long_out);
    g_autofree char *deep = g_strnfill(80, ' ');
    g_autofree char *deep_out = g_strdup_printf("%sa\n%sb\n", deep, deep);
    check_flow("a b", deep, deep, deep_out); /* a prefix wider than the page: a word a line */
}

/* mbox files put a '>' before a line that begins with "From ". */
static void test_from(void)
{
    g_autofree char *seven = words(7);
    g_autofree char *text = g_strdup_printf("%s From Ann", seven);
    g_autofree char *expected = g_strdup_printf("%.*s\nabcdefghi From Ann\n", 59, seven);
    check_flow(text, "", "", expected);
    check_flow("From Ann", "", "", "From Ann\n"); /* the author's own */
    g_autofree char *many = g_strdup_printf("%s Fromage x", seven);
    g_autofree char *many_out = g_strdup_printf("%s\nFromage x\n", seven);
    check_flow(many, "", "", many_out);
}

static void test_columns(void)
{
    g_assert_cmpuint(wrap_columns("abc", 3), ==, 3);
    g_assert_cmpuint(wrap_columns("Zo\xc3\xab", 4), ==, 3);
    g_assert_cmpuint(wrap_columns("e\xcc\x81", 3), ==, 1);
    g_assert_cmpuint(wrap_columns("\xe6\xbc\xa2\xe5\xad\x97", 6), ==, 4);
    g_assert_cmpuint(wrap_columns("\xff\xc3", 2), ==, 2);
    g_assert_cmpuint(wrap_columns("", 0), ==, 0);
    GString *wide = g_string_new(NULL);
    for (int i = 0; i < 37; i++)
        g_string_append(wide, "\xe6\xbc\xa2 ");
    g_autoptr(GString) out = g_string_new(NULL);
    wrap_append(out, wide->str, wide->len, "", "");
    g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
    g_assert_cmpuint(wrap_columns(lines[0], strlen(lines[0])), ==, 71);
    g_string_free(wide, TRUE);
}

/* No-break spaces may go where a line ends. */
static char *without_glue(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "\xc2\xa0", -1);
    return g_strjoinv("", parts);
}

static void check_lines(const char *text, guint lines, const char *second)
{
    g_autoptr(GString) out = g_string_new(NULL);
    wrap_append(out, text, strlen(text), "", "");
    g_auto(GStrv) each = g_strsplit(out->str, "\n", -1);
    g_assert_cmpuint(g_strv_length(each), ==, lines + 1);
    for (guint i = 0; each[i]; i++)
        g_assert_cmpuint(wrap_columns(each[i], strlen(each[i])), <=, WRAP_WIDTH);
    if (second && !g_str_has_prefix(each[1], second))
        g_error("%s", each[1]);
}

/* Scripts without blanks, and no-break spaces that hold together more than a line. */
static void test_without_blanks(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 36; i++)
        g_string_append(text, "学");
    check_lines(text->str, 1, NULL);
    g_string_append(text, "。学"); /* no line begins with a full stop */
    check_lines(text->str, 2, "学。学");
    g_string_assign(text, "");
    for (int i = 0; i < 35; i++)
        g_string_append(text, "学");
    g_string_append(text, "「学」"); /* nor ends with an opening bracket */
    check_lines(text->str, 2, "「学」");
    g_string_assign(text, "");
    for (int i = 0; i < 12; i++)
        g_string_append(text, "โรงเรียน");
    check_lines(text->str, 2, "โรงเรียน");
    g_string_assign(text, "a");
    for (int i = 0; i < 40; i++)
        g_string_append(text, "\xc2\xa0xyz");
    check_lines(text->str, 3, "xyz");
    check_lines("a\xc2\xa0\xc2\xa0\xc2\xa0 \xc2\xa0z", 1, NULL);
    for (int pad = 0; pad < 12;
         pad++) { /* wherever the line ends, "From " doesn't begin the next */
        g_string_printf(text, "%.*s", pad, "aaaaaaaaaaaa");
        for (int i = 0; i < 20; i++)
            g_string_append(text, i == 9 ? "学 From\xc2\xa0"
                                         : "xyz\xc2\xa0"
                                           "From\xc2\xa0");
        g_autoptr(GString) out = g_string_new(NULL);
        wrap_append(out, text->str, text->len, "", "");
        g_assert_null(strstr(out->str, "\nFrom "));
    }
    g_string_free(text, TRUE);
}

/* No line over the width unless it is one word, no trailing blank, and no word lost. */
static void test_random(void)
{
    static const char *const bits[] = {"a",        "bb",           " ",
                                       " ",        "\n",           "From",
                                       "\v",       "\xe6\xbc\xa2", "abcdefghijklmnopqrstuvwxyz",
                                       "\xc2\xa0", "e\xcc\x81",    "-"};
    for (int round = 0; round < 500; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int i = g_test_rand_int_range(0, 120); i > 0; i--)
            g_string_append(text, bits[g_test_rand_int_range(0, G_N_ELEMENTS(bits))]);
        g_autoptr(GString) out = g_string_new(NULL);
        wrap_append(out, text->str, text->len, "> ", "> ");
        g_assert_true(g_str_has_suffix(out->str, "\n"));
        g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
        g_autoptr(GString) joined = g_string_new(NULL);
        for (guint i = 0; lines[i + 1]; i++) {
            const char *line = lines[i];
            g_assert_true(*line == '>' && !g_str_has_suffix(line, " "));
            if (wrap_columns(line, strlen(line)) > WRAP_WIDTH)
                g_assert_true(!strchr(line + 2, ' ') || strstr(line, " From"));
            g_assert_false(i && g_str_has_prefix(line, "> From ") && !strchr(text->str, '\v'));
            g_string_append(joined, line + (line[1] ? 2 : 1));
        }
        g_autofree char *flat = without_glue(text->str);
        for (char *from = flat, *to = flat;; from++) {
            if (!strchr(" \n\v", *from) || !*from)
                *to++ = *from;
            if (!*from)
                break;
        }
        g_auto(GStrv) pieces = g_strsplit(joined->str, " ", -1);
        g_autofree char *whole = g_strjoinv("", pieces);
        g_autofree char *got = without_glue(whole);
        g_assert_cmpstr(got, ==, flat);
    }
}

/* --- paragraphs in templates ----------------------------------------------------------------- */

#define PARA(first, rest, text) "\x0e" first "\x1f" rest "\x1f" text "\x0f"

static void check_text(const char *source, const char *x, const char *expected, guint literals)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Value) map = value_new_map();
    Value *list = value_new_list();
    value_set_text(map, "x", x);
    for (int i = 1; i <= 3; i++) {
        Value *item = value_new_map();
        g_autofree char *name = g_strdup_printf("School %d", i);
        value_set_text(item, "name", name);
        value_set_text(item, "urn", i == 2 ? "100002000" : "1");
        value_append(list, item);
    }
    value_set(map, "list", list);
    g_autoptr(Template) template = compile(TEMPLATE_TEXT, source, NULL, NULL, findings);
    findings_pass(findings, &error);
    g_assert_no_error(error);
    g_autofree char *got = template_render_text(template, map, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, expected);
    g_assert_cmpuint(template_literals(template), ==, literals);
}

static void test_paragraphs(void)
{
    g_autofree char *seven = words(7);
    g_autofree char *fixed = g_strdup_printf("\x0e> \x1f> \x1f%s abcdefghi\x0f", seven);
    g_autofree char *fixed_out = g_strdup_printf("> %s\n> abcdefghi\n", seven);
    check_text(fixed, "", fixed_out, 1);
    check_text("Dear\n\n" PARA("", "", "a\nb") "\n" PARA("* ", "  ", "c") "end\n", "",
               "Dear\n\na b\n\n* c\nend\n", 1);
    check_text(PARA("* ", "  ", "Dear {{x}},\nhello"), "Ann\r\n Other", "* Dear Ann Other, hello\n",
               0);
    check_text(PARA("> ", "> ", "{{x}}"), "", ">\n", 0);
    check_text(PARA("> ", "> ", "{{#x}}a {{x}}{{/x}}{{^x}}none{{/x}}"), "", "> none\n", 0);
    check_text("{{#x}}" PARA("", "", "a") "{{/x}}{{^x}}" PARA("", "", "b{{x}}") "{{/x}}", "1",
               "a\n", 1);
    check_text("{{#list}}" PARA("* ", "  ", "{{name}}") "{{/list}}", "",
               "* School 1\n* School 2\n* School 3\n", 0);
    g_autofree char *wrapped = g_strdup_printf("%s\n%s\n", seven, "abcdefghi");
    g_autofree char *eight = words(8);
    check_text(PARA("", "", "{{x}}"), eight, wrapped, 0);
    check_text(PARA("", "", "a\v{{x}}"), "b\vc", "a\nb c\n", 0); /* no mark comes in by a value */
    check_text(PARA("", "", "{{x}}"), "\x0f\x0e\x1f\x10\x17=\x01", "=\n", 0);
}

static void test_verbatim_and_rules(void)
{
    check_text(PARA("  ", "    ",
                    "\x10"
                    "a  b\n\n c {{x}}\n"),
               "y\n z", "  a  b\n\n     c y\n     z\n", 0);
    check_text(PARA("  ", "  ",
                    "\x10"
                    "a  b\n c"),
               "", "  a  b\n   c\n", 1);
    check_text(PARA("", "", "Title\x17="), "", "Title\n=====\n", 1);
    check_text(PARA("> ", "> ", "Dear {{x}}\x17-"), "Zo\xc3\xab", "> Dear Zo\xc3\xab\n> --------\n",
               0);
    check_text(PARA("", "", "{{x}}\x17-"), "", "\n", 0);
}

static void test_urls(void)
{
    check_text(PARA("[1] ", "    ", "\x11https://a.test/{{x}}\x12 and {{x}}"), "a b/",
               "[1] https://a.test/a%20b%2F and a b/\n", 0);
    check_text("\x11{{x}}\x12", "javascript:1", "#blocked-link", 0);
    check_fails(TEMPLATE_TEXT, "\x11https://a.test{{x}}\x12", "write '/' before it");
}

/* --- lists ----------------------------------------------------------------------------------- */

#define ITEM(text) PARA("\x1d. ", "\x1a  ", text)

static void test_lists(void)
{
    /* Nothing varies: all is one literal. */
    check_text("\x1c"
               "9\x1f" ITEM("a\vb") ITEM("c\vd") "\x1e",
               "", "9. a\n   b\n10. c\n    d\n", 1);
    check_text("\x1c"
               "1\x1f" ITEM("{{x}}\vb") ITEM("c") "\x1e",
               "a", "1. a\n   b\n2. c\n", 1);
    /* A section drops or repeats items: the others count on. */
    check_text("\x1c"
               "1\x1f" ITEM("a") "{{#x}}" ITEM("b") "{{/x}}" ITEM("c\vd") "\x1e",
               "", "1. a\n2. c\n   d\n", 0);
    check_text("\x1c"
               "1\x1f" ITEM("a") "{{#x}}" ITEM("b") "{{/x}}" ITEM("c") "\x1e",
               "1", "1. a\n2. b\n3. c\n", 0);
    check_text("\x1c"
               "8\x1f{{#list}}" ITEM("{{name}}\v-") "{{/list}}\x1e\n\x1c"
                                                    "1\x1f" ITEM("n") "\x1e",
               "", "8. School 1\n   -\n9. School 2\n   -\n10. School 3\n    -\n\n1. n\n", 1);
    /* A list in a list, the inner one known; a second paragraph; a quote around. */
    check_text("\x1c"
               "1\x1f{{#x}}" PARA("> \x1d. ", "> \x1a  ",
                                  "a") "\x1c"
                                       "1\x1f" PARA("> \x1a  \x1d) ", "> \x1a  \x1a  ",
                                                    "b\vc") "\x1e" PARA("> \x1a  ", "> \x1a  ",
                                                                        "d") "{{/x}}\x1e",
               "1", "> 1. a\n>    1) b\n>       c\n>    d\n", 0);
    /* The outer one known, the inner one not. */
    check_text("\x1c"
               "10\x1f" ITEM("a") "\x1e{{#list}}\x1c"
                                  "5\x1f" ITEM("{{name}}") "\x1e{{/list}}",
               "", "10. a\n5. School 1\n5. School 2\n5. School 3\n", 1);
}

static void test_list_limits(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autoptr(GString) source = g_string_new(NULL);
        for (int i = 0; i < WRAP_LISTS_MAX + over; i++)
            g_string_append(source, "\x1c"
                                    "1\x1f");
        for (int i = 0; i < WRAP_LISTS_MAX + over; i++)
            g_string_append(source, "\x1e");
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Template) template = compile(TEMPLATE_TEXT, source->str, NULL, NULL, findings);
        g_assert_true((template != NULL) == (over <= 0));

        g_autofree char *prefix = g_strnfill((gsize)(WRAP_PREFIX_MAX + over), ' ');
        g_autofree char *paragraph = g_strdup_printf("\x0e%s\x1f\x1f"
                                                     "a\x0f",
                                                     prefix);
        g_autoptr(Template) prefixed = compile(TEMPLATE_TEXT, paragraph, NULL, NULL, findings);
        g_assert_true((prefixed != NULL) == (over <= 0));

        g_autofree char *columns = g_strnfill((gsize)(WRAP_COLUMNS_MAX + over), 'l');
        g_autofree char *table = g_strdup_printf("\x13%s\x1f\x1f\x16", columns);
        g_autoptr(Template) wide = compile(TEMPLATE_TEXT, table, NULL, NULL, findings);
        g_assert_true((wide != NULL) == (over <= 0));
    }
}

/* --- tables ---------------------------------------------------------------------------------- */

static void test_tables(void)
{
    check_text("\x13lrc\x1f> \x1fName\x14URN\x14Mid\x14\x15\x17-"
               "Ann\x14"
               "1\x14x\x14\x15"
               "B\x14"
               "1000\x14\x14\x15\x16",
               "",
               "> Name   URN  Mid\n"
               "> ----  ----  ---\n"
               "> Ann      1   x\n"
               "> B     1000\n",
               1);
    check_text(
        "\x13lr\x1f\x1f"
        "School\x14URN\x14\x15\x17-\n{{#list}}\n{{name}}\x14{{urn}}\x14\x15\n{{/list}}\n\x16",
        "",
        "School          URN\n"
        "--------  ---------\n"
        "School 1          1\n"
        "School 2  100002000\n"
        "School 3          1\n",
        0);
    check_text("\x13l\x1f\x1f"
               "{{x}}\x14\x15\x16",
               "\x14\x15\x16<", "<\n", 0);
    check_text("\x13ll\x1f\x1f{{#none}}a\x14"
               "b\x14\x15{{/none}}\x16.",
               "", ".", 1);
}

static void test_table_wraps(void)
{
    g_autofree char *eight = words(8);
    g_autoptr(Grid) grid = grid_new("lr", "> ");
    grid_cell(grid, "one two three", 13);
    grid_cell(grid, eight, strlen(eight));
    grid_cell(grid, "dropped", 7);
    grid_row(grid);
    grid_cell(grid, "only", 4);
    grid_row(grid);
    g_autoptr(GString) out = g_string_new(NULL);
    grid_append(grid, out);
    g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 4);
    for (guint i = 0; lines[i]; i++)
        g_assert_cmpuint(wrap_columns(lines[i], strlen(lines[i])), <=, WRAP_WIDTH);
    g_assert_true(g_str_has_prefix(lines[0], "> one two three  "));
    g_assert_true(g_str_has_suffix(lines[1], "  abcdefghi abcdefghi abcdefghi"));
    g_assert_cmpstr(lines[2], ==, "> only");
    /* A word wider than the page doesn't widen every line of the table. */
    g_autofree char *huge = g_strnfill(5000, 'w');
    g_autoptr(Grid) wide = grid_new("l", "");
    grid_cell(wide, huge, 5000);
    grid_row(wide);
    grid_rule(wide, '-');
    g_string_truncate(out, 0);
    grid_append(wide, out);
    g_assert_cmpuint(out->len, ==, 5000 + 1 + WRAP_WIDTH + 1);
}

/* --- damaged marks and crossed sections ------------------------------------------------------ */

static void test_refused(void)
{
    static const struct {
        const char *source, *text;
    } cases[] = {
        {"\x0e"
         "a",
         "U+000E"},
        {"\x0e\x1f"
         "a\x0f",
         "U+000E"},
        {PARA("", "", "a" PARA("", "", "b")), "U+000E"},
        {PARA("\x1d", "", "a"), "U+000E"},
        {PARA("\x01", "", "a"), "U+000E"},
        {"\x1c"
         "1\x1f" PARA("", "\x1d", "a") "\x1e",
         "U+000E"},
        {"\x1c"
         "1\x1f" PARA("\x1d\x1d", "", "a") "\x1e",
         "U+000E"},
        {"\x0f", "U+000F"},
        {"\x1f", "U+001F"},
        {"\x1d", "U+001D"},
        {"\x1a", "U+001A"},
        {"a\vb", "U+000B"},
        {PARA("", "", "a\x10"), "U+0010"},
        {PARA("", "", "a\x17=b"), "after the rule"},
        {PARA("", "", "a\x17={{x}}"), "after the rule"},
        {PARA("", "", "a\x17\xff"), "not UTF-8"},
        {PARA("", "", "a\x17"), "U+0017"},
        {PARA("", "",
              "\x11"
              "a"),
         "U+000F"},
        {"\x11\x11\x12\x12", "U+0011"},
        {"\x12", "U+0012"},
        {"\x1cx\x1f\x1e", "U+001C"},
        {"\x1c\x1f\x1e", "U+001C"},
        {"\x1c"
         "1234567890\x1f\x1e",
         "U+001C"},
        {"\x1e", "U+001E"},
        {"\x13\x1f\x1f\x16", "U+0013"},
        {"\x13lx\x1f\x1f\x16", "U+0013"},
        {"\x13l\x1f\x1f"
         "a\x14"
         "b\x14\x15\x16",
         "U+0015"},
        {"\x13l\x1f\x1f\x15\x16", "U+0015"},
        {"\x13l\x1f\x1f"
         "a\x14\x16",
         "U+0016"},
        {"\x14", "U+0014"},
        {"\x15", "U+0015"},
        {PARA("", "", "a\x15"), "U+0015"},
        {PARA("", "", "\x16"), "U+0016"},
        {"\x17=", "U+0017"},
        {"{{#x}}"
         "\x0e\x1f\x1f"
         "{{/x}}a\x0f",
         "a section has to end in the paragraph"},
        {PARA("", "", "{{#x}}a") "{{/x}}", "a section has to end in the paragraph"},
        {"\x1c"
         "1\x1f{{#x}}\x1e{{/x}}",
         "a section has to end in the paragraph"},
        {"{{#x}}\x1c"
         "1\x1f{{/x}}\x1e",
         "a section has to end in the paragraph"},
        {"\x13ll\x1f\x1f{{#x}}a\x14{{/x}}b\x14\x15\x16", "a section has to end in the paragraph"},
        {"{{#x}}\x11{{/x}}\x12", "a section has to end in the paragraph"},
        {"\x0e\x1f\x1f"
         "a",
         "the end is within"},
        {"\x1c"
         "1\x1f",
         "the end is within"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_fails_with(TEMPLATE_TEXT, cases[i].source, NULL, NULL, "t.html", cases[i].text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/wrap", test_wrap);
    g_test_add_func("/flow/from", test_from);
    g_test_add_func("/flow/columns", test_columns);
    g_test_add_func("/flow/random", test_random);
    g_test_add_func("/flow/without blanks", test_without_blanks);
    g_test_add_func("/flow/paragraphs", test_paragraphs);
    g_test_add_func("/flow/verbatim-and-rules", test_verbatim_and_rules);
    g_test_add_func("/flow/urls", test_urls);
    g_test_add_func("/flow/lists", test_lists);
    g_test_add_func("/flow/limits", test_list_limits);
    g_test_add_func("/flow/tables", test_tables);
    g_test_add_func("/flow/table-wraps", test_table_wraps);
    g_test_add_func("/flow/refused", test_refused);
    return g_test_run();
}
