/* test-front - front matter: what updates and newsletters of every sort begin with */
#include <string.h>

#include "config/front.h"

static Findings *findings;

static Front *parse_bytes(const char *bytes, gsize length)
{
    g_clear_pointer(&findings, findings_free);
    findings = findings_new();
    return front_parse(bytes, length, "update.md", findings);
}

/* Parses what is all right. */
static Front *parse(const char *text)
{
    Front *front = parse_bytes(text, strlen(text));
    g_assert_cmpuint(findings_kept(findings), ==, 0);
    g_assert_nonnull(front);
    return front;
}

static void finding_is(const char *expected)
{
    g_assert_cmpuint(findings_kept(findings), ==, 1);
    g_autofree char *text = finding_text(findings_get(findings, 0));
    g_assert_cmpstr(text, ==, expected);
}

/* Refused with exactly one finding. */
static void refused(const char *text, const char *expected)
{
    g_assert_null(parse_bytes(text, strlen(text)));
    finding_is(expected);
}

/* Read with exactly one warning. */
static Front *warned(const char *text, const char *expected)
{
    Front *front = parse_bytes(text, strlen(text));
    g_assert_nonnull(front);
    finding_is(expected);
    return front;
}

static void text_is(FrontText got, const char *text, guint line)
{
    g_assert_cmpstr(got.text, ==, text);
    g_assert_cmpuint(got.line, ==, line);
}

static void body_is(const Front *front, const char *bytes, const char *body, guint line)
{
    g_assert_cmpstr(bytes + front->body_offset, ==, body);
    g_assert_cmpuint(front->body_line, ==, line);
}

static void test_all_keys(void)
{
    static const char text[] = "---\n"
                               "subject: \"Update: {{school_name}}\"\n"
                               "# a comment\n"
                               "preheader: >\n"
                               "  Two lines\n"
                               "  folded\n"
                               "from: Ann <ann@example.org>\n"
                               "reply_to: office@example.org\n"
                               "audience: heads\n"
                               "lang: cy\n"
                               "date: 2026-01-05\n"
                               "attachments:\n"
                               "  - reports/{{urn}}.pdf\n"
                               "  - 'plan #2.pdf'\n"
                               "---\n"
                               "\n"
                               "Dear all\n";
    g_autoptr(Front) front = parse(text);
    text_is(front->subject, "Update: {{school_name}}", 2);
    text_is(front->preheader, "Two lines folded", 4);
    text_is(front->from, "Ann <ann@example.org>", 7);
    text_is(front->reply_to, "office@example.org", 8);
    text_is(front->audience, "heads", 9);
    text_is(front->lang, "cy", 10);
    text_is(front->date, "2026-01-05", 11);
    g_assert_cmpuint(front->attachments->len, ==, 2);
    text_is(*(FrontText *)front->attachments->pdata[0], "reports/{{urn}}.pdf", 13);
    text_is(*(FrontText *)front->attachments->pdata[1], "plan #2.pdf", 14);
    body_is(front, text, "\nDear all\n", 16);
}

static void test_missing(void)
{
    static const char text[] = "---\nlang:\nsubject: ''\nattachments: a.pdf\n---\n";
    g_autoptr(Front) front = parse(text);
    text_is(front->lang, NULL, 2);
    text_is(front->subject, NULL, 3);
    text_is(front->from, NULL, 0);
    g_assert_cmpuint(front->attachments->len, ==, 1);
    body_is(front, text, "", 6);
    g_autoptr(Front) none = parse("---\nattachments: []\n---\n");
    g_assert_cmpuint(none->attachments->len, ==, 0);
    g_autoptr(Front) empty = parse("---\n---\nx\n");
    g_assert_cmpuint(empty->body_line, ==, 3);
}

static void test_line_ends(void)
{
    static const char dos[] = "\xef\xbb\xbf---\r\nsubject: Caf\xc3\xa9 \r\n---  \r\nHello\r\n";
    g_autoptr(Front) front = parse(dos);
    text_is(front->subject, "Caf\xc3\xa9", 2);
    body_is(front, dos, "Hello\r\n", 4);
    static const char no_end[] = "---\nsubject: x\n---";
    g_autoptr(Front) last = parse(no_end);
    body_is(last, no_end, "", 4);
}

static void test_none(void)
{
    static const char *const texts[] = {
        "",   "Hello\n",         "# Title\n\n---\n",  "----\nsubject: x\n---\n",
        "--", "-- -\na: b\n---", " ---\na: b\n---\n", "***\na: b\n---\n",
        NULL};
    for (guint i = 0; texts[i]; i++) {
        g_autoptr(Front) front = parse(texts[i]);
        body_is(front, texts[i], texts[i], 1);
        text_is(front->subject, NULL, 0);
    }
    static const char bom[] = "\xef\xbb\xbfHello\n";
    g_autoptr(Front) front = parse(bom);
    body_is(front, bom, "Hello\n", 1);
}

/* Real newsletters that begin with a rule. */
static void test_thematic_break(void)
{
    static const char *const texts[] = {
        "---\n\n# Autumn news\n\nNote: the hall is closed.\n\n---\n\nMore\n",
        "---\n# Autumn news\n\nDear colleagues: welcome\n\n---\n",
        "---\nDear all\n---\n",
        "---\n- a: b\n---\n",
        "---\nhttps://example.org\n---\n",
        "---\n\n---\n\nText\n",
        "---\n12:30 hall\n",
        "---\n",
        "---",
        NULL};
    for (guint i = 0; texts[i]; i++) {
        g_autoptr(Front) front =
            warned(texts[i], "update.md:1: warning: the first line is --- but no line of 'key: "
                             "value' follows: read as a rule, and the update has no front matter "
                             "[no-front-matter]");
        body_is(front, texts[i], texts[i], 1);
    }
    g_autoptr(Front) front = parse("---\n\nsubject: after a blank line\n---\n");
    text_is(front->subject, "after a blank line", 3);
}

static void test_unclosed(void)
{
    static const char expected[] = "update.md:1: error: the front matter is never closed: end it "
                                   "with a line of three dashes, --- [front-matter]";
    refused("---\nsubject: x\n", expected);
    refused("---\nsubject: x\n\nDear all\n----\n", expected);
    refused("---\nsubject: x\n\nDear all\n - --\n", expected);
    refused("---\nsubject: x\n\nDear all\n\n---\n\nMore\n",
            "update.md:4: error: neither 'name: value' nor part of the line before (or is the line "
            "of --- missing that ends the front matter?) [front-matter]");
}

static void test_unknown_keys(void)
{
    refused("---\nsubjet: x\n---\n",
            "update.md:2: error: unknown key 'subjet': did you mean 'subject'? [unknown-key]");
    refused("---\nlang: en\nSubject: x\n---\n",
            "update.md:3: error: unknown key 'Subject': did you mean 'subject'? [unknown-key]");
    refused("---\nreply-to: x\n---\n",
            "update.md:2: error: unknown key 'reply-to': did you mean 'reply_to'? [unknown-key]");
    refused("---\nattachment: x\n---\n", "update.md:2: error: unknown key 'attachment': did you "
                                         "mean 'attachments'? [unknown-key]");
    refused("---\npre-header: x\n---\n", "update.md:2: error: unknown key 'pre-header': did you "
                                         "mean 'preheader'? [unknown-key]");
}

/* Each is ignored: several are within a slip of 'date' or 'lang'. */
static void test_foreign_keys(void)
{
    static const char *const keys[] = {
        "author",      "tags",    "tag",  "name", "categories", "layout",   "slug",      "draft",
        "description", "updated", "page", "Tags", "id",         "x-custom", "permalink", NULL};
    for (guint i = 0; keys[i]; i++) {
        g_autofree char *text =
            g_strdup_printf("---\nsubject: x\n%s:\n  - [a, {b: c}]\n---\n", keys[i]);
        g_autofree char *expected = g_strdup_printf(
            "update.md:3: warning: '%s' means nothing here and is ignored [ignored-key]", keys[i]);
        g_autoptr(Front) front = warned(text, expected);
        text_is(front->subject, "x", 2);
    }
    g_autoptr(Front) front = warned(
        "---\ntitle: News\n---\n", "update.md:2: warning: 'title' means nothing here and is "
                                   "ignored: the subject of the letter is 'subject' [ignored-key]");
    g_assert_null(front->subject.text);
}

static void test_wrong_kinds(void)
{
    refused("---\nsubject: [a, b]\n---\n",
            "update.md:2: error: 'subject' must be a text, not a list [front-matter]");
    refused("---\nsubject: {name}\n---\n",
            "update.md:2: error: 'subject' must be a text, not a group of keys: if it begins with "
            "{{, put it in quotes [front-matter]");
    refused("---\nsubject: |\n  one\n  two\n---\n",
            "update.md:2: error: 'subject' must stand on one line, without tabs [front-matter]");
    refused("---\nfrom: \"a\\nBcc: b@example.org\"\n---\n",
            "update.md:2: error: 'from' must stand on one line, without tabs [front-matter]");
    refused("---\nattachments:\n  - a.pdf\n  - [b.pdf]\n---\n",
            "update.md:4: error: 'attachments' must be a text, not a list [front-matter]");
}

static void test_yaml_errors(void)
{
    refused("---\nlang: cy\nsubject: Update: autumn\n---\n",
            "update.md:3: error: not YAML: a value that holds a colon must stand in quotes "
            "[front-matter]");
    refused("---\nsubject: {{name}}\n---\n",
            "update.md:2: error: a name must be a plain text: a value that begins with {{ must "
            "stand in quotes [front-matter]");
    refused("---\nsubject: a\nsubject: b\n---\n",
            "update.md:3: error: 'subject' is given twice: first on line 2 [front-matter]");
    refused("---\nsubject: x\xe9\n---\n", "update.md:2: error: not UTF-8: byte 0xe9; save the file "
                                          "as UTF-8 [front-matter]");
    refused("---\nsubject: x\n\tlang: y\n---\n",
            "update.md:3: error: a tab at the start of the line: indent with spaces "
            "[front-matter]");
    refused("---\nsubject: x\nfrom: \x1b[31m\n---\n",
            "update.md:3: error: a control character: U+001B [front-matter]");
    refused("---\nsubject: &a x\nfrom: *a\n---\n",
            "update.md:2: error: anchors (&name) and tags (!name) aren't read: a value that begins "
            "with & must stand in quotes [front-matter]");
}

static void test_cut_value(void)
{
    g_autoptr(Front) front =
        warned("---\nsubject: Update #3\n---\n",
               "update.md:2: warning: 'subject' ends at the '#' after 'Update': put the value in "
               "quotes if it goes on [cut-value]");
    text_is(front->subject, "Update", 2);
}

static void test_bytes(void)
{
    static const char nul[] = "---\nsubject: a\0b\n---\n";
    g_assert_null(parse_bytes(nul, sizeof nul - 1));
    finding_is("update.md:2: error: a NUL byte: this is no text file [front-matter]");
    /* What stands in the body is for others to judge. */
    static const char body[] = "---\nsubject: a\n---\n\0\xff";
    g_autoptr(Front) front = parse_bytes(body, sizeof body - 1);
    g_assert_nonnull(front);
    g_assert_cmpuint(front->body_offset, ==, 19);
    static const char utf16[] = "\xff\xfe-\0-\0-\0\n\0";
    g_autoptr(Front) none = parse_bytes(utf16, sizeof utf16 - 1);
    g_assert_nonnull(none);
    g_assert_cmpuint(none->body_offset, ==, 0);
}

static void test_size(void)
{
    for (gsize size = FRONT_MAX - 1; size <= FRONT_MAX + 1; size++) {
        g_autofree char *fill = g_strnfill(size - strlen("subject: x\n#\n"), 'y');
        g_autofree char *text = g_strdup_printf("---\nsubject: x\n#%s\n---\nHello", fill);
        if (size <= FRONT_MAX) {
            g_autoptr(Front) front = parse(text);
            body_is(front, text, "Hello", 5);
        } else {
            refused(text, "update.md:1: error: the front matter is too large: over 65536 bytes to "
                          "the next line of --- [front-matter]");
        }
    }
}

/* The update of a real director of schools, where the material for tests is at hand. */
static void test_real(void)
{
    const char *const folders[] = {g_getenv("CIRCULAR_SHARED"), "../shared", "../../shared"};
    g_autofree char *text = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(folders) && !text; i++) {
        if (!folders[i])
            continue;
        g_autofree char *path =
            g_build_filename(folders[i], "real", "termly-update-2024-12-19.md", NULL);
        g_file_get_contents(path, &text, NULL, NULL);
    }
    if (!text) {
        g_test_skip("no shared folder: set CIRCULAR_SHARED");
        return;
    }
    g_autoptr(Front) front = parse(text);
    g_assert_cmpuint(front->subject.line, ==, 2);
    g_assert_nonnull(front->subject.text);
    g_assert_cmpuint(front->preheader.line, ==, 3);
    g_assert_cmpuint(front->body_line, ==, 5);
    g_assert_true(g_str_has_prefix(text + front->body_offset, "\nIt was"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/front/all-keys", test_all_keys);
    g_test_add_func("/front/missing", test_missing);
    g_test_add_func("/front/line-ends", test_line_ends);
    g_test_add_func("/front/none", test_none);
    g_test_add_func("/front/thematic-break", test_thematic_break);
    g_test_add_func("/front/unclosed", test_unclosed);
    g_test_add_func("/front/unknown-keys", test_unknown_keys);
    g_test_add_func("/front/foreign-keys", test_foreign_keys);
    g_test_add_func("/front/wrong-kinds", test_wrong_kinds);
    g_test_add_func("/front/yaml-errors", test_yaml_errors);
    g_test_add_func("/front/cut-value", test_cut_value);
    g_test_add_func("/front/bytes", test_bytes);
    g_test_add_func("/front/size", test_size);
    g_test_add_func("/front/real", test_real);
    int status = g_test_run();
    g_clear_pointer(&findings, findings_free);
    return status;
}
