/* test-tree - YAML as a tree: what it holds, and everything it refuses, by line */
#include <string.h>

#include "base/error.h"
#include "config/tree.h"

static Tree *parse(const char *yaml)
{
    g_autoptr(GError) error = NULL;
    Tree *tree = tree_parse(yaml, strlen(yaml), "config", 1, &error);
    g_assert_no_error(error);
    return tree;
}

/* The bytes are refused with exactly this message. */
static void refused_bytes(const char *yaml, gsize length, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(tree_parse(yaml, length, "config", 1, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_cmpstr(error->message, ==, message);
}

static void refused(const char *yaml, const char *message)
{
    refused_bytes(yaml, strlen(yaml), message);
}

static void has_text(const Tree *map, const char *name, const char *text, guint line)
{
    const Tree *node = tree_get(map, name);
    g_assert_nonnull(node);
    g_assert_cmpint(node->kind, ==, TREE_TEXT);
    g_assert_cmpstr(node->text, ==, text);
    g_assert_cmpuint(node->line, ==, line);
}

static void test_shape(void)
{
    g_autoptr(Tree) tree = parse("# head\n"
                                 "from: Ann <ann@example.org>\n"
                                 "relay:\n"
                                 "  host: smtp.example.org\n"
                                 "  port: 587 # submission\n"
                                 "\n"
                                 "email: [HeadEmail, OfficeEmail]\n"
                                 "note: |\n"
                                 "  one\n"
                                 "  two\n"
                                 "empty:\n"
                                 "last: ''\n");
    g_assert_cmpint(tree->kind, ==, TREE_MAP);
    g_assert_cmpuint(tree->items->len, ==, 6);
    has_text(tree, "from", "Ann <ann@example.org>", 2);
    const Tree *relay = tree_get(tree, "relay");
    g_assert_cmpuint(g_array_index(tree->name_lines, guint, 1), ==, 3);
    has_text(relay, "host", "smtp.example.org", 4);
    has_text(relay, "port", "587", 5);
    const Tree *email = tree_get(tree, "email");
    g_assert_cmpint(email->kind, ==, TREE_LIST);
    g_assert_cmpuint(email->items->len, ==, 2);
    has_text(tree, "note", "one\ntwo\n", 8);
    has_text(tree, "empty", "", 11);
    g_assert_false(tree_get(tree, "empty")->quoted);
    g_assert_true(tree_get(tree, "last")->quoted);
    g_assert_null(tree_get(tree, "host"));
    g_assert_null(tree_get(email, "HeadEmail"));
}

static void test_comment_after_a_value(void)
{
    g_autoptr(Tree) tree =
        parse("a: Update #3\nb: \"Update #3\"\nc: x#y\nd: z\n# e\ne: [p, é q #r\n"
              "]\nf: w \t# v\n\xc3\xa9: u");
    g_assert_true(tree_get(tree, "a")->commented);
    g_assert_cmpstr(tree_get(tree, "a")->text, ==, "Update");
    g_assert_false(tree_get(tree, "b")->commented);
    g_assert_false(tree_get(tree, "c")->commented);
    g_assert_cmpstr(tree_get(tree, "c")->text, ==, "x#y");
    g_assert_false(tree_get(tree, "d")->commented);
    const Tree *list = tree_get(tree, "e");
    g_assert_false(((Tree *)g_ptr_array_index(list->items, 0))->commented);
    g_assert_true(((Tree *)g_ptr_array_index(list->items, 1))->commented);
    g_assert_true(tree_get(tree, "f")->commented);
    g_assert_false(tree_get(tree, "\xc3\xa9")->commented);
}

/* "no" is a word, and Norway's; so are dates, numbers and null. */
static void test_scalars_stay_text(void)
{
    static const char *const words[] = {"no",  "off",  "NULL",       "~",     "0123", "1e3",
                                        "yes", "0x1f", "2026-01-05", "12:30", NULL};
    for (guint i = 0; words[i]; i++) {
        g_autofree char *yaml = g_strdup_printf("a: %s\n", words[i]);
        g_autoptr(Tree) tree = parse(yaml);
        has_text(tree, "a", words[i], 1);
    }
}

static void test_empty(void)
{
    static const char *const files[] = {
        "", "\n\n", "# only a comment\n", "---\n", "\xef\xbb\xbf", "---\n...\n", NULL};
    for (guint i = 0; files[i]; i++) {
        g_autoptr(Tree) tree = parse(files[i]);
        g_assert_cmpint(tree->kind, ==, TREE_MAP);
        g_assert_cmpuint(tree->items->len, ==, 0);
    }
}

static void test_line_ends(void)
{
    g_autoptr(Tree) dos = parse("\xef\xbb\xbf---\r\na: b\r\n\r\nc: d\r\n");
    has_text(dos, "a", "b", 2);
    has_text(dos, "c", "d", 4);
    g_autoptr(Tree) late = tree_parse("a: b", 4, "f", 40, NULL);
    has_text(late, "a", "b", 40);
}

static void test_other_roots(void)
{
    g_autoptr(Tree) text = parse("just words\n");
    g_assert_cmpint(text->kind, ==, TREE_TEXT);
    g_autoptr(Tree) list = parse("- a\n- b\n");
    g_assert_cmpint(list->kind, ==, TREE_LIST);
    g_autoptr(Tree) quoted = parse("''");
    g_assert_cmpint(quoted->kind, ==, TREE_TEXT);
}

static void test_refuses_cleverness(void)
{
    refused("a: &x b\nc: *x\n", "config:1: anchors (&name) and tags (!name) aren't read: "
                                "a value that begins with & must stand in quotes");
    refused("a: b\nc: *x\n", "config:2: aliases (*name) aren't read: "
                             "a value that begins with * must stand in quotes");
    refused("a: *bold* words\n",
            "config:1: an anchor or alias: a value that begins with * must stand in quotes");
    refused("a:\n  - b\nc: &x [1, 2]\n", "config:3: anchors (&name) and tags (!name) aren't read");
    refused("a: &x {b: c}\n", "config:1: anchors (&name) and tags (!name) aren't read");
    refused("a: !!python/object b\n", "config:1: anchors (&name) and tags (!name) aren't read: "
                                      "a value that begins with ! must stand in quotes");
    refused("&x a: b\n", "config:1: anchors (&name) and tags (!name) aren't read");
    refused("a: b\nc:\n  <<: d\n", "config:3: merge keys (<<) aren't read: write the lines out");
    refused("a: b\n---\nc: d\n", "config:2: a second document: only one is read");
    refused("a: b\n...\nc: d\n", "config:3: text after the end of the document");
    refused("%YAML 1.1\n---\na: b\n", "config:1: YAML directives (%) aren't read");
    refused("%TAG ! !x\n---\na: b\n", "config:1: YAML directives (%) aren't read");
}

/* Ten lines that would be ten thousand million: refused at the first anchor. */
static void test_billion_laughs(void)
{
    g_autoptr(GString) yaml = g_string_new("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++)
        g_string_append_printf(yaml, "a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1);
    refused(yaml->str, "config:1: anchors (&name) and tags (!name) aren't read");
}

static void test_names(void)
{
    refused("a: 1\nb:\n  c: 2\n  d: 3\n  c: 4\n", "config:5: 'c' is given twice: first on line 3");
    refused("a: {b: 1, b: 2}\n", "config:1: 'b' is given twice: first on line 1");
    refused("a: 1\n\"a\": 2\n", "config:2: 'a' is given twice: first on line 1");
    refused("a: {{head_name}}\n", "config:1: a name must be a plain text: "
                                  "a value that begins with {{ must stand in quotes");
    refused("a: b\n[c]: d\n", "config:2: a name must be a plain text");
    refused("a: b\n'': d\n", "config:2: a name must be a text on one line");
    refused("?\n: d\n", "config:1: a name must be a text on one line");
    refused("? |\n  a\n  b\n: c\n", "config:1: a name must be a text on one line");
    g_autoptr(Tree) same_name_elsewhere = parse("a: {b: 1}\nb: 2\n");
    has_text(same_name_elsewhere, "b", "2", 2);
}

/* What people write, and what they are told. */
static void test_slips(void)
{
    refused("a: b\nsubject: Update: autumn\n",
            "config:2: not YAML: a value that holds a colon must stand in quotes");
    refused("subject: {{name}}, hello\nb: c\n", "config:1: a name must be a plain text: "
                                                "a value that begins with {{ must stand in quotes");
    refused("subject: @work\n",
            "config:1: not YAML: a value that begins with @ must stand in quotes");
    refused("subject: %x\n", "config:1: not YAML: a value that begins with % must stand in quotes");
    refused("subject: `x`\n",
            "config:1: not YAML: the value stands in ` `, which are not YAML's quotes and will be "
            "seen: write \"x\"");
    refused("subject: `x\n", "config:1: not YAML: a value that begins with ` must stand in quotes");
    refused("subject: 'it's'\n", "config:1: does not fit the lines before: the quotes must enclose "
                                 "the whole value; one within it is doubled, ''");
    refused("subject: \"The \"big\" one\"\n",
            "config:1: does not fit the lines before: the quotes must enclose the whole value; "
            "one within it is written \\\"");
    refused("a: b\nsubject: \"Update\nc: d\n", "config:2: a quote is opened and never closed");
    refused("a: b\nc: [d, e\nf: g\n", "config:2: a bracket is opened and not closed: "
                                      "a value that begins with [ must stand in quotes");
    refused("a: b\nsubject\nc: d\n", "config:2: neither 'name: value' nor part of the line before");
    refused("a:\n  b: 1\n c: 2\n", "config:3: does not fit the lines before: check its indentation "
                                   "and the line above");
}

static void test_tabs(void)
{
    refused("a:\n  b: c\n \td\n",
            "config:3: a tab among the blanks before the text: indent with spaces");
    refused("a:\n\tb: c\n", "config:2: a tab at the start of the line: indent with spaces");
    refused("a: b\n\tc\n", "config:2: a tab at the start of the line: indent with spaces");
    refused("a: |\n\tb\n", "config:2: a tab at the start of the line: indent with spaces");
    refused("a: b\n\t\n", "config:2: a tab at the start of the line: indent with spaces");
    refused("\t# a\n", "config:1: a tab at the start of the line: indent with spaces");
    g_autoptr(Tree) harmless = parse("a:\tb\n\nc: x \t# c\nd: |\n  x\n  \te\n");
    has_text(harmless, "a", "b", 1);
    has_text(harmless, "d", "x\n\te\n", 4);
}

static void test_bytes(void)
{
    refused_bytes("a: b\nc: d\0e\n", 12, "config:2: a NUL byte: this is no text file");
    refused("a: b\nc: \xe9\n", "config:2: not UTF-8: byte 0xe9; save the file as UTF-8");
    refused("\xff\xfe"
            "a",
            "config:1: not UTF-8: byte 0xff; save the file as UTF-8");
    refused("a: b\xc3", "config:1: not UTF-8: byte 0xc3; save the file as UTF-8");
    refused("a: b\nc: \x1b[31m\n", "config:2: a control character: U+001B");
    refused("a: b\rc: d\n", "config:1: a control character: U+000D");
    refused("a: b\r", "config:1: a control character: U+000D");
    refused("a: \x7f\n", "config:1: a control character: U+007F");
    refused("a: \xc2\x85\n", "config:1: a control character: U+0085");
    refused("a: b\n\xe2\x80\xa8", "config:2: a control character: U+2028");
    refused("a: \xef\xbb\xbfz\n", "config:1: a control character: U+FEFF");
    refused("a: b\nc: \"x\\r\\nBcc: y\"\n", "config:2: a control character in a value: U+000D");
    refused("a: \"x\\0y\"\n", "config:1: a control character in a value: U+0000");
    refused("a: \"\\e[31m\"\n", "config:1: a control character in a value: U+001B");
    refused("a: \"\\L\"\n", "config:1: a control character in a value: U+2028");
    refused("\"a\\0b\": c\n", "config:1: a control character in a value: U+0000");
    g_autoptr(Tree) fine =
        parse("a: \"x\\ny\\tz\"\nb: Siân Łucja \xf0\x9f\x8e\x89 \xe2\x80\x8fعلي\n");
    has_text(fine, "a", "x\ny\tz", 1);
    has_text(fine, "b", "Siân Łucja \xf0\x9f\x8e\x89 \xe2\x80\x8fعلي", 2);
}

static char *nested(guint depth)
{
    GString *yaml = g_string_new("a: ");
    for (guint i = 1; i < depth; i++)
        g_string_append_c(yaml, '[');
    for (guint i = 1; i < depth; i++)
        g_string_append_c(yaml, ']');
    return g_string_free(yaml, FALSE);
}

static void test_depth(void)
{
    for (guint depth = TREE_DEPTH_MAX - 1; depth <= TREE_DEPTH_MAX + 1; depth++) {
        g_autofree char *yaml = nested(depth);
        if (depth <= TREE_DEPTH_MAX)
            tree_free(parse(yaml));
        else
            refused(yaml, "config:1: nested too deeply: over 16 levels");
    }
    g_autofree char *hostile = g_strnfill(TREE_BYTES_MAX, '[');
    refused(hostile, "config:1: nested too deeply: over 16 levels");
}

static void test_nodes(void)
{
    for (guint nodes = TREE_NODES_MAX - 1; nodes <= TREE_NODES_MAX + 1; nodes++) {
        g_autoptr(GString) yaml = g_string_new("[");
        for (guint i = 1; i < nodes; i++)
            g_string_append(yaml, "x,");
        g_string_append_c(yaml, ']');
        if (nodes <= TREE_NODES_MAX)
            tree_free(parse(yaml->str));
        else
            refused(yaml->str, "config:1: too many values: over 100000");
    }
}

static void test_size(void)
{
    for (gsize size = TREE_BYTES_MAX - 1; size <= TREE_BYTES_MAX + 1; size++) {
        g_autofree char *yaml = g_strnfill(size, 'x');
        memcpy(yaml, "a: ", 3);
        if (size <= TREE_BYTES_MAX) {
            g_autoptr(Tree) tree = parse(yaml);
            g_assert_cmpuint(strlen(tree_get(tree, "a")->text), ==, size - 3);
        } else {
            refused(yaml, "config:1: too large: over 1048576 bytes");
        }
    }
}

static void test_error_at_the_end(void)
{
    refused("a: b\nc: x: [\n\n",
            "config:2: not YAML: a value that holds a colon must stand in quotes");
    refused("a:\n  - [", "config:2: a bracket is opened and not closed: a value that begins with [ "
                         "must stand in quotes");
}

static void test_value_at_the_end(void)
{
    g_autoptr(Tree) tree = parse("? a\n? b\n\n\n");
    has_text(tree, "b", "", 2);
}

static void test_read_without_place(void)
{
    g_autoptr(GError) error = NULL;
    guint line = 0;
    g_assert_null(tree_read("a: b\na: c\n", 10, 2, &line, &error));
    g_assert_cmpuint(line, ==, 3);
    g_assert_cmpstr(error->message, ==, "'a' is given twice: first on line 2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tree/shape", test_shape);
    g_test_add_func("/tree/comment-after-a-value", test_comment_after_a_value);
    g_test_add_func("/tree/scalars-stay-text", test_scalars_stay_text);
    g_test_add_func("/tree/empty", test_empty);
    g_test_add_func("/tree/line-ends", test_line_ends);
    g_test_add_func("/tree/other-roots", test_other_roots);
    g_test_add_func("/tree/refuses-cleverness", test_refuses_cleverness);
    g_test_add_func("/tree/billion-laughs", test_billion_laughs);
    g_test_add_func("/tree/names", test_names);
    g_test_add_func("/tree/slips", test_slips);
    g_test_add_func("/tree/tabs", test_tabs);
    g_test_add_func("/tree/bytes", test_bytes);
    g_test_add_func("/tree/depth", test_depth);
    g_test_add_func("/tree/nodes", test_nodes);
    g_test_add_func("/tree/size", test_size);
    g_test_add_func("/tree/error-at-the-end", test_error_at_the_end);
    g_test_add_func("/tree/value-at-the-end", test_value_at_the_end);
    g_test_add_func("/tree/read-without-place", test_read_without_place);
    return g_test_run();
}
