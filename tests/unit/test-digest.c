/* test-digest - notices composed: their order, their text, where each line came from, the fields */
#include <string.h>

#include "digest/digest.h"

static GPtrArray *parse_all(const char *const *texts)
{
    g_autoptr(Findings) findings = findings_new();
    GPtrArray *notices = g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
    for (guint i = 0; texts[i]; i++) {
        g_autofree char *file = g_strdup_printf("notices/%u.md", i);
        g_autofree char *text =
            g_strdup_printf("---\n%s%s", texts[i], strstr(texts[i], "\n---\n") ? "" : "---\n");
        Notice *notice = notice_parse(text, strlen(text), file, findings);
        if (!notice)
            g_error("%s", findings_get(findings, 0)->text);
        g_ptr_array_add(notices, notice);
    }
    return notices;
}

static DigestSpec spec_of(const char *layout)
{
    return (DigestSpec){.title = "News",
                        .subject = "{{digest_title}}, {{digest_week}}: {{digest_items}}",
                        .subject_file = "config",
                        .subject_line = 9,
                        .layout = layout,
                        .layout_length = layout ? strlen(layout) : 0,
                        .layout_file = "layout.md",
                        .contents = "Contents",
                        .pinned = "First",
                        .events = "Dates",
                        .other = "Other",
                        .updated = "Updated",
                        .today = day_parse("2027-01-13", NULL)};
}

#define D "date: 2027-01-11\n"
static const char *const many[] = {
    "title: Loose\n" D,
    "title: Zebra\n" D "topic: zoo\n",
    "title: Later\n" D "event: 2027-03-01\n",
    "title: Sooner\n" D "event: 2027-02-01 14:00\ntopic: zoo\n",
    "title: Sooner still\n" D "event: 2027-02-01 09:30\n",
    "title: Safe\n" D "topic: Safeguarding\n",
    "title: Ape\ndate: 2027-01-10\ntopic: Zoo\n",
    "title: Pin\n" D "pinned: yes\nevent: 2027-05-01\n",
    "title: Ants\n" D "topic: ants\n",
    NULL,
};

static void test_order(void)
{
    static const char *const topics[] = {"safeguarding", NULL};
    static const char *const expected[] = {"Pin",  "Sooner still", "Sooner", "Later", "Safe",
                                           "Ants", "Ape",          "Zebra",  "Loose"};
    static const guint groups[] = {0, 1, 1, 1, 2, 3, 4, 4, 5};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GPtrArray) notices = parse_all(many);
    DigestSpec spec = spec_of(NULL);
    spec.topics = topics;
    g_autoptr(Digest) digest = digest_new(&spec, notices, findings);
    g_assert_cmpuint(digest_length(digest), ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < digest_length(digest); i++) {
        g_assert_cmpstr(digest_item(digest, i)->notice->title.text, ==, expected[i]);
        g_assert_cmpuint(digest_item(digest, i)->group, ==, groups[i]);
    }
}

static const char *const two[] = {
    "title: \"A *b* {{x}} # [c] \\\"d\\\"\"\n" D "---\n\n# Head\n---\n",
    "title: E\n" D "event: 2027-02-01 14:00\n---\nfoo\r\n\nbar", NULL};

static const char composed[] =
    "---\n"
    "subject: \"News, 11 January: {{digest_items}}\"\n"
    "from: \"Ann <ann@example.org>\"\n"
    "attachments:\n"
    "  - \"{{#digest_dates}}calendar/{{#digest_1}}1/{{/digest_1}}dates.ics{{/digest_dates}}\"\n"
    "preheader: \"{{#digest_1}}E. {{/digest_1}}\"\n"
    "date: \"Wednesday 13 January 2027\"\n"
    "---\n"
    "Dear\n"
    "\n"
    "{{!circular:part}}\n"
    "{{#digest_contents}}\n"
    "## Contents\n"
    "\n"
    "{{#digest_1}}\n"
    "1. [E](#notice-1), 1 February\n"
    "{{/digest_1}}\n"
    "{{#digest_2}}\n"
    "1. [A \\*b\\* {{x}} \\# \\[c\\] \"d\"](#notice-2)\n"
    "{{/digest_2}}\n"
    "{{/digest_contents}}\n"
    "{{!circular:part}}\n"
    "{{#digest_group_1}}\n"
    "## Dates\n"
    "{{!circular:part}}\n"
    "{{#digest_1}}\n"
    "### {{#digest_1_updated}}Updated: {{/digest_1_updated}}E {#notice-1}\n"
    "\n"
    "**Monday 1 February 2027, 2pm**\n"
    "{{!circular:part 3}}\n"
    "foo\n"
    "\n"
    "bar\n"
    "{{!circular:part}}\n"
    "{{/digest_1}}\n"
    "{{/digest_group_1}}\n"
    "{{#digest_group_2}}\n"
    "## Other\n"
    "{{!circular:part}}\n"
    "{{#digest_2}}\n"
    "### {{#digest_2_updated}}Updated: {{/digest_2_updated}}"
    "A \\*b\\* {{x}} \\# \\[c\\] \"d\" {#notice-2}\n"
    "\n"
    "{{!circular:part 3}}\n"
    "\n"
    "# Head\n"
    "---\n"
    "{{!circular:part}}\n"
    "{{/digest_2}}\n"
    "{{/digest_group_2}}\n"
    "{{!circular:part}}\n"
    "---\n"
    "\n"
    "Yours\n";

static Digest *compose_two(GPtrArray *notices)
{
    g_autoptr(Findings) findings = findings_new();
    DigestSpec spec = spec_of("---\nfrom: Ann <ann@example.org>\n---\nDear\n\n{{digest}}\nYours\n");
    Digest *digest = digest_new(&spec, notices, findings);
    if (!digest)
        g_error("%s", findings_get(findings, 0)->text);
    return digest;
}

static void test_text(void)
{
    g_autoptr(GPtrArray) notices = parse_all(two);
    g_autoptr(Digest) digest = compose_two(notices);
    gsize length;
    const char *text = g_bytes_get_data(digest_update(digest), &length);
    g_autofree char *whole = g_strndup(text, length);
    g_assert_cmpstr(whole, ==, composed);
}

/* The line of `composed` that begins so, from 1. */
static guint line_of(const char *words)
{
    guint line = 1;
    const char *at = strstr(composed, words);
    g_assert_nonnull(at);
    for (const char *p = composed; p < at; p++)
        line += *p == '\n';
    return line;
}

static void test_origins(void)
{
    static const struct {
        const char *words, *file;
        guint line;
    } places[] = {
        {"subject:", "config", 9},  {"from:", "layout.md", 2},     {"Dear", "layout.md", 4},
        {"Yours", "layout.md", 7},  {"1. [E]", "notices/1.md", 2}, {"foo", "notices/1.md", 6},
        {"bar", "notices/1.md", 8}, {"# Head", "notices/0.md", 6}, {"1. [A", "notices/0.md", 2},
    };
    g_autoptr(GPtrArray) notices = parse_all(two);
    g_autoptr(Digest) digest = compose_two(notices);
    g_autoptr(Findings) from = findings_new();
    g_autoptr(Findings) to = findings_new();
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        guint line;
        g_assert_cmpstr(digest_origin(digest, line_of(places[i].words), &line), ==, places[i].file);
        g_assert_cmpuint(line, ==, places[i].line);
    }
    findings_add(from, FINDING_ERROR, "news", line_of("foo"), "x", "100%% %s", "y");
    findings_add(from, FINDING_NOTE, "other", 3, "x", "z");
    digest_place_findings(digest, "news", from, to);
    g_autofree char *first = finding_text(findings_get(to, 0));
    g_autofree char *second = finding_text(findings_get(to, 1));
    g_assert_cmpstr(first, ==, "notices/1.md:6: error: 100% y [x]");
    g_assert_cmpstr(second, ==, "other:3: note: z [x]");
}

static void test_fields(void)
{
    g_autoptr(GPtrArray) notices = parse_all(two);
    g_autoptr(Digest) digest = compose_two(notices);
    static const struct {
        guint8 chosen[2];
        const char *frozen;
    } cases[] = {{{0, 0}, "000000"}, {{1, 0}, "100010"}, {{0, 2}, "001101"}, {{2, 1}, "111011"}};
    static const char *const names[] = {"digest_1",         "digest_1_updated", "digest_2",
                                        "digest_2_updated", "digest_group_1",   "digest_group_2"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Value) map = value_new_map();
        guint count = digest_set_fields(digest, cases[i].chosen, map);
        for (gsize f = 0; f < G_N_ELEMENTS(names); f++)
            g_assert_cmpint(value_is_true(value_get(map, names[f])), ==, cases[i].frozen[f] == '1');
        g_assert_cmpint(value_is_true(value_get(map, "digest_contents")), ==, count >= 2);
        g_assert_cmpstr(value_text(value_get(map, "digest_items")), ==,
                        count == 0   ? "0 items"
                        : count == 1 ? "1 item"
                                     : "2 items");
        for (const char *const *name = digest_fields(digest); *name; name++)
            g_assert_nonnull(value_get(map, *name));
    }
}

static void test_layout(void)
{
    static const struct {
        const char *layout, *id;
        guint line;
    } cases[] = {{"a\n\nb {{digest}} c\n", "digest-slot", 3},
                 {"---\nsubject: a\n", "front-matter", 1},
                 {"---\nsubjct: a\n---\n", "unknown-key", 2}};
    g_autoptr(GPtrArray) notices = parse_all(two);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        DigestSpec spec = spec_of(cases[i].layout);
        g_assert_null(digest_new(&spec, notices, findings));
        g_assert_cmpstr(findings_get(findings, 0)->id, ==, cases[i].id);
        g_assert_cmpuint(findings_get(findings, 0)->line, ==, cases[i].line);
    }
    /* Without the slot they come at the end; the layout's own subject wins. */
    g_autoptr(Findings) findings = findings_new();
    DigestSpec spec = spec_of("---\nsubject: Own {{digest_date}} \"q\"\n---\nDear");
    g_autoptr(Digest) digest = digest_new(&spec, notices, findings);
    const char *text = g_bytes_get_data(digest_update(digest), NULL);
    g_assert_true(
        g_str_has_prefix(text, "---\nsubject: \"Own Wednesday 13 January 2027 \\\"q\\\"\"\n"));
    g_assert_nonnull(strstr(text, "\nDear\n{{!circular:part}}\n"));
}

/* One below the limit, at it, and above. */
static void test_limit(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
        const char *text = "---\ntitle: A\n" D "---\nB\n";
        for (int i = 0; i < DIGEST_NOTICES_MAX + over; i++)
            g_ptr_array_add(notices, notice_parse(text, strlen(text), "a.md", findings));
        DigestSpec spec = spec_of(NULL);
        g_autoptr(Digest) digest = digest_new(&spec, notices, findings);
        g_assert_true((digest == NULL) == (over > 0));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/digest/order", test_order);
    g_test_add_func("/digest/text", test_text);
    g_test_add_func("/digest/origins", test_origins);
    g_test_add_func("/digest/fields", test_fields);
    g_test_add_func("/digest/layout", test_layout);
    g_test_add_func("/digest/limit", test_limit);
    return g_test_run();
}
