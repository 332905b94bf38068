/* test-bulletin - notices read, and what is said of those that can't be */
#include <string.h>

#include "digest/notice.h"
#include "digest/noticewords.h"

static Notice *parse(const char *text, Findings *findings)
{
    return notice_parse(text, strlen(text), "notices/a.md", findings);
}

static void test_all_keys(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Notice) notice =
        parse("---\ntitle: \"Fair: {{school}} & *you*\"\ndate: 11/01/2027\nfor: Phase = 'Primary'\n"
              "topic: Events\nevent: 3 February 2027, 9.30am\nexpires: 2027-02-01\npinned: yes\n"
              "revision: 3\nauthor: Ann\n---\n\nWords.\n",
              findings);
    g_assert_nonnull(notice);
    g_assert_cmpuint(findings_count(findings, FINDING_WARNING), ==, 1);
    g_assert_cmpstr(findings_get(findings, 0)->id, ==, "ignored-key");
    g_assert_cmpuint(findings_get(findings, 0)->line, ==, 10);
    g_autofree char *date = day_iso(notice->date), *event = notice_when(notice);
    g_autofree char *title = notice_title(notice), *expires = day_iso(notice->expires);
    g_assert_cmpstr(date, ==, "2027-01-11");
    g_assert_cmpstr(event, ==, "Wednesday 3 February 2027, 9:30am");
    g_assert_cmpstr(expires, ==, "2027-02-01");
    g_assert_cmpstr(title, ==, "Fair: [school] & *you*");
    g_assert_cmpstr(notice->chosen.text, ==, "Phase = 'Primary'");
    g_assert_cmpuint(notice->chosen.line, ==, 4);
    g_assert_cmpstr(notice->topic.text, ==, "Events");
    g_assert_true(notice->pinned);
    g_assert_cmpuint(notice->revision, ==, 3);
    g_assert_cmpstr(notice->name, ==, "a.md");
    g_assert_cmpstr(notice->body, ==, "\nWords.\n");
    g_assert_cmpuint(notice->body_line, ==, 12);
}

static void test_least(void)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Notice) notice = parse(
        "\xef\xbb\xbf---\r\ntitle: A\r\ndate: 2027-01-11\r\npinned:\r\ntopic:\r\n---", findings);
    g_assert_nonnull(notice);
    g_assert_cmpuint(findings_kept(findings), ==, 0);
    g_assert_null(notice->chosen.text);
    g_assert_null(notice->topic.text);
    g_assert_null(notice_when(notice));
    g_assert_false(notice->pinned);
    g_assert_cmpuint(notice->revision, ==, 1);
    g_assert_cmpint(notice->event_minutes, ==, DAY_NO_TIME);
    g_assert_cmpstr(notice->body, ==, "");
}

#define DATED "title: A\ndate: 2027-01-11\n"
static const struct {
    const char *text;
    guint line;
    const char *id;
} bad[] = {
    {"", 1, "no-title"},
    {"Words.\n", 1, "no-date"},
    {"---\ntitle:\ndate: 2027-01-11\n---\n", 2, "no-title"},
    {"---\ntitle: A\ndate:\n---\n", 3, "no-date"},
    {"---\ntitle: A\ndate: 11 January\n---\n", 3, "bad-date"},
    {"---\n" DATED "expires: 2027-02-29\n---\n", 4, "bad-date"},
    {"---\n" DATED "expires: 2027-02-01 09:30\n---\n", 4, "bad-date"},
    {"---\n" DATED "event: 2027-02-01 25:00\n---\n", 4, "bad-date"},
    {"---\n" DATED "event: 2027-01-10\n---\n", 4, "event-past"},
    {"---\n" DATED "expires: 2027-01-10\n---\n", 4, "expires-past"},
    {"---\n" DATED "pinned: perhaps\n---\n", 4, "bad-value"},
    {"---\n" DATED "revision: 0\n---\n", 4, "bad-value"},
    {"---\n" DATED "revision: 10000\n---\n", 4, "bad-value"},
    {"---\n" DATED "revision: -1\n---\n", 4, "bad-value"},
    {"---\n" DATED "for: 1\naudience: 1\n---\n", 5, "bad-value"},
    {"---\n" DATED "titel: B\n---\n", 4, "unknown-key"},
    {"---\n" DATED "topic: [a, b]\n---\n", 4, "front-matter"},
    {"---\n" DATED "topic: {{a}}\n---\n", 4, "front-matter"},
    {"---\n" DATED "title: B\n---\n", 4, "front-matter"},
    {"---\n" DATED, 1, "front-matter"},
    {"---\n- a\n---\n", 1, "no-title"},
    {"---\n" DATED "---\n\n{{#a}}\n", 6, "section-open"},
    {"---\n" DATED "---\n\n{{=<% %>=}}\n", 6, "delimiters"},
    {"---\n" DATED "---\n\n![](a.png)\n", 6, "image-alt"},
    {"---\n" DATED "---\n\n{{a\n", 6, "bad-tag"},
    {"---\n" DATED "---\n\n\xff\n", 1, "not-utf8"},
};

static void test_bad(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(Notice) notice = parse(bad[i].text, findings);
        gboolean found = FALSE;
        for (guint f = 0; f < findings_kept(findings); f++) {
            const Finding *finding = findings_get(findings, f);
            found |= g_str_equal(finding->id, bad[i].id) && finding->line == bad[i].line &&
                     finding->severity == FINDING_ERROR;
        }
        if (notice || !found)
            g_error("%s: %s, not %u %s", bad[i].text,
                    findings_kept(findings) ? finding_text(findings_get(findings, 0)) : "fine",
                    bad[i].line, bad[i].id);
    }
}

/* One below the limit, at it, and above. */
static void test_limits(void)
{
    for (int over = -1; over <= 1; over++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GString) text = g_string_new("---\n" DATED "---\n");
        while (text->len < (gsize)(NOTICE_BYTES_MAX + over))
            g_string_append(text, text->len % 80 ? "a" : "\n");
        g_autoptr(Notice) large = parse(text->str, findings);
        g_assert_true((large == NULL) == (over > 0));

        g_autofree char *title = g_strnfill((gsize)(NOTICE_TITLE_MAX + over), 't');
        g_autofree char *titled = g_strdup_printf("---\ntitle: %s\ndate: 2027-01-11\n---\n", title);
        g_autoptr(Notice) named = parse(titled, findings);
        g_assert_true((named == NULL) == (over > 0));

        g_autofree char *name = g_strnfill((gsize)(NOTICE_NAME_MAX + over), 'n');
        g_autofree char *path = g_strconcat("notices/", name, NULL);
        const char *plain = "---\n" DATED "---\n";
        g_autoptr(Notice) called = notice_parse(plain, strlen(plain), path, findings);
        g_assert_true((called == NULL) == (over > 0));
    }
}

static void test_over(void)
{
    static const struct {
        const char *front;
        int day, minutes; /* after 11 January 2027 */
        gboolean over;
    } cases[] = {
        {"", 5000, 0, FALSE},
        {"expires: 2027-01-12\n", 1, 1439, FALSE},
        {"expires: 2027-01-12\n", 2, 0, TRUE},
        {"event: 2027-01-12\n", 1, 1439, FALSE},
        {"event: 2027-01-12\n", 2, 0, TRUE},
        {"event: 2027-01-12 09:30\n", 1, 569, FALSE},
        {"event: 2027-01-12 09:30\n", 1, 570, TRUE},
        {"event: 2027-01-12 09:30\n", 0, 1000, FALSE},
        {"event: 2027-01-12 00:00\n", 1, 0, TRUE},
        {"event: 2027-01-15\nexpires: 2027-01-12\n", 2, 0, TRUE},
        {"event: 2027-01-12\nexpires: 2027-01-15\n", 2, 0, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autofree char *text = g_strdup_printf("---\n" DATED "%s---\n", cases[i].front);
        g_autoptr(Notice) notice = parse(text, findings);
        Day day = notice->date + (Day)cases[i].day;
        g_assert_cmpint(notice_is_over(notice, day, cases[i].minutes), ==, cases[i].over);
    }
}

/* What is said in a notice is looked at as in a letter, title and text. */
static void test_words(void)
{
    static const char body[] =
        "---\n" DATED "---\n\nDear <<Title>>,\n\nKind regards\nRos Averill\n\n"
        "<!-- circular: allow placeholder -->\nDear «Name»,\n\n"
        "until Monday 5 January 2027\n";
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Notice) notice = parse(body, findings);
    g_autoptr(GString) all = g_string_new(NULL);
    g_assert_nonnull(notice);
    noticewords_check(notice, "en-GB", notice->date, findings);
    findings_sort(findings, "notices/a.md");
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        g_string_append_printf(all, "%u %s ", finding->line, finding->id);
    }
    g_assert_cmpstr(all->str, ==, "6 placeholder 8 lines-run-together 14 wrong-weekday ");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bulletin/all-keys", test_all_keys);
    g_test_add_func("/bulletin/least", test_least);
    g_test_add_func("/bulletin/bad", test_bad);
    g_test_add_func("/bulletin/limits", test_limits);
    g_test_add_func("/bulletin/over", test_over);
    g_test_add_func("/bulletin/words", test_words);
    return g_test_run();
}
