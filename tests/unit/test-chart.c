/* test-chart - drawings: their words, their tables, their scale; and what reasons mean in words */
#include <string.h>

#include "text/amount.h"
#include "reason/reason.h"
#include "page/chart.h"
#include "report/figures.h"

static const ChartSeries SERIES[] = {
    {"sent", CHART_GOOD}, {"refused", CHART_BAD}, {"never", CHART_BACK}};

static char *draw(void (*how)(GString *, const Chart *), const ChartBar *bars, guint count)
{
    Chart chart = {.id = "c",
                   .title = "What <became> of it",
                   .description = "It & more",
                   .what = "Domain",
                   .series = SERIES,
                   .series_count = G_N_ELEMENTS(SERIES),
                   .bars = bars,
                   .bars_count = count};
    GString *out = g_string_new(NULL);
    how(out, &chart);
    return g_string_free(out, FALSE);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("no '%s' in %s", part, text);
}

static guint count_of(const char *text, const char *part)
{
    guint count = 0;
    for (const char *at = text; (at = strstr(at, part)); at++)
        count++;
    return count;
}

/* No value is drawn over the edge, none that isn't 0 is lost, and the words are escaped. */
static void test_bars(void)
{
    const ChartBar bars[] = {
        {"a.example", (const guint64[]){99999, 1, 0}},
        {"<script>alert(1)</script> and a very long name indeed", (const guint64[]){0, 3, 0}},
        {"none", (const guint64[]){0, 0, 0}}};
    g_autofree char *drawn = draw(chart_bars, bars, 3);
    assert_has(drawn, "role=\"img\" aria-labelledby=\"c-t c-d\"");
    assert_has(drawn, "<title id=\"c-t\">What &lt;became&gt; of it</title>");
    assert_has(drawn, "<desc id=\"c-d\">It &amp; more</desc>");
    assert_has(drawn, "x=\"0.000%\" width=\"99.200%\"");
    assert_has(drawn, "x=\"99.200%\" width=\"0.800%\"");
    assert_has(drawn, "&lt;script&gt;alert(1)&lt;/scri");
    assert_has(drawn, "…</text>");
    g_assert_null(strstr(drawn, "<script"));
    g_assert_null(strstr(drawn, "never")); /* a series of noughts is left out */
    g_assert_cmpuint(count_of(drawn, "scope=\"row\""), ==, 2);
    assert_has(drawn, "<bdi>99,999</bdi>");
    g_assert_cmpuint(count_of(drawn, "<details>"), ==, 1);
}

static void test_columns(void)
{
    static const struct {
        guint64 value;
        const char *top;
    } cases[] = {{0, ">2<"},   {1, ">2<"},     {3, ">4<"},          {7, ">8<"},
                 {21, ">30<"}, {447, ">500<"}, {24000, ">30,000<"}, {1000000, ">1,000,000<"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const guint64 values[] = {cases[i].value, 0, 0};
        const ChartBar bar = {"09:00", values};
        g_autofree char *drawn = draw(chart_columns, &bar, 1);
        assert_has(drawn, cases[i].top);
    }
    const guint64 most[] = {G_MAXUINT64 / 2, 1, 0};
    const ChartBar bar = {"09:00", most};
    g_autofree char *drawn = draw(chart_columns, &bar, 1);
    g_assert_null(strstr(drawn, "nan"));
    g_assert_null(strstr(drawn, "inf"));
    g_assert_null(strstr(drawn, "\"-"));
}

/* --- meanings -------------------------------------------------------------------------------- */

/* Every reason that the classifier knows for a failure has its words. */
static void test_every_reason(void)
{
    const Meaning *unknown = meaning_of_failure("", "undefined");
    for (int i = 0; i < REASON_COUNT; i++) {
        if (i == REASON_DELIVERED || i == REASON_FEEDBACK || i == REASON_VACATION)
            continue;
        const Meaning *meaning = meaning_of_failure("", reason_name((Reason)i));
        g_assert_cmpstr(meaning->word, ==, reason_name((Reason)i));
        g_assert_true(i == REASON_UNDEFINED || meaning != unknown);
        g_assert_true(*meaning->said && *meaning->advice);
    }
    g_assert_true(meaning_of_failure("9.9.9", "no such word") == unknown);
}

static void test_codes(void)
{
    g_assert_cmpstr(meaning_of_failure("5.7.134", "rejected")->said, ==,
                    "only people inside their organisation may write to it");
    g_assert_cmpint(meaning_of_failure("5.7.134", "rejected")->next, ==, NEXT_CALL);
    g_assert_cmpint(meaning_of_failure("5.7.1", "rejected")->next, ==, NEXT_IT);
    g_assert_cmpstr(meaning_of_failure("4.3.2", "systemerror")->said, ==,
                    "their server was too busy");
    /* What was said is believed before the code. */
    g_assert_cmpstr(meaning_of_failure("4.3.2", "mailboxfull")->said, ==, "the mailbox is full");
}

static void test_left_out(void)
{
    static const struct {
        ExclusionKind kind;
        const char *detail, *word;
        Next next;
    } cases[] = {{EXCLUSION_NO_ADDRESS, "", "no-address", NEXT_CALL},
                 {EXCLUSION_BAD_ADDRESS, "'a@@b': two @", "bad-address", NEXT_CALL},
                 {EXCLUSION_SAME_ADDRESS, "900011", "same-address", NEXT_NOTHING},
                 {EXCLUSION_SUPPRESSED, "bounce-hard", "bounce-hard", NEXT_CALL},
                 {EXCLUSION_SUPPRESSED, "unsubscribe", "unsubscribe", NEXT_NOTHING},
                 {EXCLUSION_SUPPRESSED, "moved: away", "by-hand", NEXT_NOTHING},
                 /* Who had everything already isn't called. */
                 {EXCLUSION_NOTHING_NEW, "", "nothing-new", NEXT_NOTHING},
                 {EXCLUSION_TOO_FEW, "1 new, under the least of 3", "too-few", NEXT_NOTHING},
                 {EXCLUSION_HAS_IT, "autumn-1", "has-it", NEXT_NOTHING},
                 {EXCLUSION_WITHDRAWN, "", "withdrawn", NEXT_NOTHING},
                 {EXCLUSION_OTHER, "", "left-out", NEXT_CALL}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Meaning *meaning = meaning_of_exclusion(cases[i].kind, cases[i].detail);
        g_assert_cmpstr(meaning->word, ==, cases[i].word);
        g_assert_cmpint(meaning->next, ==, cases[i].next);
    }
    /* Every kind has words. */
    for (int kind = 0; kind < EXCLUSION_KINDS; kind++)
        g_assert_true(*meaning_of_exclusion((ExclusionKind)kind, "")->said);
    g_assert_null(meaning_of_suppression("school closes")->said);
    g_assert_null(meaning_of_state("sent"));
}

static void test_durations(void)
{
    static const struct {
        gint64 seconds;
        const char *text;
    } cases[] = {{0, "less than a second"},   {1, "1 second"},
                 {61, "1 minute 1 second"},   {1080, "18 minutes"},
                 {7500, "2 hours 5 minutes"}, {86400, "1 day"},
                 {100000, "1 day 3 hours"},   {312 * 86400 + 3600 * 5, "312 days"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = amount_duration(cases[i].seconds * G_USEC_PER_SEC);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chart/bars", test_bars);
    g_test_add_func("/chart/columns", test_columns);
    g_test_add_func("/meaning/every-reason", test_every_reason);
    g_test_add_func("/meaning/codes", test_codes);
    g_test_add_func("/meaning/left-out", test_left_out);
    g_test_add_func("/figures/durations", test_durations);
    return g_test_run();
}
