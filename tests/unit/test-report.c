/* test-report - whom failure reports name, and what they say of each */
#include "bounce/report_text.h"

#include <string.h>

#include "evidence/returned.h"
#include "evidence/inbound_report.h"
#include "reason/scan.h"

static void check(const char *text, guint count, const char *address, const char *said)
{
    g_autoptr(ReportText) report = report_text_read(text);
    g_assert_cmpuint(report->entries->len, ==, count);
    if (!count)
        return;
    const ReportTextEntry *entry = report->entries->pdata[0];
    g_assert_cmpstr(entry->address, ==, address);
    if (said)
        g_assert_nonnull(strstr(entry->text, said));
}

static void test_shapes(void)
{
    check("Failed:\n\n<ann@oak.example>:\n550 no\n", 1, "ann@oak.example", "550 no");
    check("  ann@oak.example\n    SMTP error: 550 no\n", 1, "ann@oak.example", "550 no");
    check("ann@oak.example: 550 no\n", 1, "ann@oak.example", "550 no");
    check("ann@oak.example [User unknown]\n", 1, "ann@oak.example", "User unknown");
    check("ann@oak.example on Mon, 5 Jan 2026\n   not recognized\n", 1, "ann@oak.example",
          "not recognized");
    check("Unknown user: ann@oak.example\n", 1, "ann@oak.example", "Unknown user");
    check("* ann@oak.example\n", 1, "ann@oak.example", NULL);
    check("> ann@oak.example\n", 1, "ann@oak.example", NULL);
    check("SMTP <ann@oak.example>\n", 1, "ann@oak.example", NULL);
    check("ann@oak.example<mailto:ann@oak.example>\nwasn't found\n", 1, "ann@oak.example",
          "wasn't found");
    check("There was an error delivering your mail to <ann@oak.example>.\n550 no\n", 1,
          "ann@oak.example", "550 no");
    check("  From: office@council.example\n  To: x@y.example\n", 0, NULL, NULL);
    check("no address at all\n", 0, NULL, NULL);
    check("", 0, NULL, NULL);
}

static void test_several(void)
{
    g_autoptr(ReportText) report = report_text_read(
        "<a@oak.example>:\none\n\n<b@oak.example>:\ntwo\n\n<a@oak.example>:\nagain\n");
    g_assert_cmpuint(report->entries->len, ==, 2);
    g_assert_cmpstr(report_text_find(report, "A@oak.example")->text, ==, "one");
    g_assert_cmpstr(report_text_find(report, "b@oak.example")->text, ==, "two");
    g_assert_null(report_text_find(report, "c@oak.example"));
    g_autoptr(ReportText) list =
        report_text_read("failed:\n a@oak.example\n b@oak.example\nmailbox full\n");
    g_assert_cmpstr(report_text_find(list, "a@oak.example")->text, ==, "mailbox full");
}

static void test_reason_first(void)
{
    g_autoptr(ReportText) report =
        report_text_read("unknown\na@oak.example\nfull\nb@oak.example\n");
    report_text_shift(report);
    g_assert_nonnull(strstr(report_text_find(report, "a@oak.example")->text, "unknown"));
    g_assert_nonnull(strstr(report_text_find(report, "b@oak.example")->text, "full"));
}

static void test_expanded(void)
{
    g_autoptr(ReportText) report = report_text_read(
        "target@elm.example\n    (reason: 550 no)\n    (expanded from: <ann@oak.example>)\n");
    const ReportTextEntry *entry = report->entries->pdata[0];
    g_assert_cmpstr(entry->address, ==, "ann@oak.example");
    g_assert_cmpstr(entry->original, ==, "target@elm.example");
    g_assert_true(report_text_find(report, "target@elm.example") == entry);
}

static void test_letter(void)
{
    static const char *const LINES[] = {"--- Below this line is a copy of the message.",
                                        "----- Original message -----",
                                        "   ----- Unsent message follows -----",
                                        "Original message follows.", "Received: from x by y"};
    for (gsize i = 0; i < G_N_ELEMENTS(LINES); i++) {
        g_autofree char *text = g_strdup_printf(
            "<ann@oak.example>:\nno\n\n%s\n\nTo: other@elm.example\n<other@elm.example>:\n",
            LINES[i]);
        g_autoptr(ReportText) report = report_text_read(text);
        g_assert_cmpuint(report->entries->len, ==, 1);
        g_assert_nonnull(report->letter);
    }
    g_autoptr(ReportText) whole = report_text_read("<ann@oak.example>:\nno\n");
    g_assert_null(whole->letter);
    g_assert_false(line_begins_letter("we received your original parcel yesterday"));
}

static void test_limits(void)
{
    for (guint count = INBOUND_RECIPIENTS_MAX - 1; count <= INBOUND_RECIPIENTS_MAX + 1; count++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint i = 0; i < count; i++)
            g_string_append_printf(text, "a%u@oak.example\n", i);
        g_autoptr(ReportText) report = report_text_read(text->str);
        g_assert_cmpuint(report->entries->len, ==, MIN(count, INBOUND_RECIPIENTS_MAX));
    }
    for (gsize pad = REPORT_LINE_MAX - 16; pad <= REPORT_LINE_MAX - 14;
         pad++) { /* the address ends at the limit */
        g_autofree char *blanks = g_strnfill(pad, ' ');
        g_autofree char *text = g_strconcat(blanks, "ann@oak.example\n", NULL);
        g_autoptr(ReportText) report = report_text_read(text);
        const ReportTextEntry *entry = report->entries->pdata[0];
        g_assert_cmpint(g_str_equal(entry->address, "ann@oak.example"), ==,
                        pad + 15 <= REPORT_LINE_MAX);
    }
    for (gsize length = REPORT_LETTER_SCAN_MAX - 2; length <= REPORT_LETTER_SCAN_MAX; length++) {
        g_autofree char *words = g_strnfill(length, 'w');
        g_autofree char *text = g_strconcat(words, "\nOriginal message follows.\n", NULL);
        g_autoptr(ReportText) report = report_text_read(text);
        g_assert_cmpuint(strlen(report->words), ==, length + 1);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/shapes", test_shapes);
    g_test_add_func("/report/several", test_several);
    g_test_add_func("/report/reason-first", test_reason_first);
    g_test_add_func("/report/expanded", test_expanded);
    g_test_add_func("/report/letter", test_letter);
    g_test_add_func("/report/limits", test_limits);
    return g_test_run();
}
