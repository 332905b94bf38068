/* test-account - figures against a ledger made by hand, with every state in it */
#include <sys/resource.h>

#include "ledger-fixture.h"
#include "ledger/suppressions.h"
#include "report/report_page.h"
#include "report/report.h"
#include "report/history.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NINE G_GINT64_CONSTANT(1767603600000000) /* Mon 5 Jan 2026, 09:00 UTC */

/* A fixture with a workspace around its ledger. */
static Workspace *workspace_of(const Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *config = g_build_filename(f->folder, "config", NULL);
    g_autofree char *list = g_build_filename(f->folder, "list.csv", NULL);
    static const char text[] = "office:\n  name: The Office\nfrom: o@example.org\nlists:\n  l:\n"
                               "    file: list.csv\naudiences:\n  heads:\n    list: l\n"
                               "    key: urn\n    email: email\n";
    static const char rows[] = "urn,email,phase\n100001,a@example.org,Primary\n"
                               "100002,b@example.org,Primary\n100003,c@example.org,\n";
    g_assert_true(g_file_set_contents(config, text, -1, &error));
    g_assert_true(g_file_set_contents(list, rows, -1, &error));
    Workspace *workspace = workspace_open(config, &error);
    g_assert_no_error(error);
    return workspace;
}

/* What deliveries 1 to 9 of a mailing came to. */
typedef struct {
    const char *state, *enhanced, *stage, *given_up, *reply;
    int code;
    guint attempts;
    gint64 first, changed; /* after NINE */
} Fate;

static void set_fate(const Fixture *f, guint mailing, guint number, const Fate *fate)
{
    g_autofree char *sql = g_strdup_printf(
        "UPDATE deliveries SET state = '%s', enhanced = '%s', stage = '%s', "
        "given_up = '%s', reply = '%s', code = %d, attempts = "
        "%u, first_at = %" G_GINT64_FORMAT ", changed_at = %" G_GINT64_FORMAT
        " WHERE mailing = %u AND number = %u",
        fate->state, fate->enhanced, fate->stage, fate->given_up, fate->reply, fate->code,
        fate->attempts, NINE + fate->first, NINE + fate->changed, mailing, number);
    fixture_sql(f->path, sql);
}

static const Fate FATES[] = {
    {"sent", "2.0.0", "", "", "ok", 250, 1, 0, 0},
    {"sent", "2.0.0", "", "", "ok", 250, 3, 0, 2 * HOUR},
    {"deferred", "4.3.2", "RCPT", "", "busy", 451, 2, MINUTE, HOUR},
    {"refused", "5.1.1", "RCPT", "", "unknown", 550, 1, MINUTE, MINUTE},
    {"refused", "", "RCPT", "deadline", "mailbox full", 452, 9, MINUTE, 24 * HOUR},
    {"unknown", "", "message", "", "the server closed", 0, 1, MINUTE, MINUTE},
    {"bounced", "5.1.1", "", "", "no such user", 0, 1, MINUTE, 3 * DAY},
    {"complained", "", "", "", "abuse", 0, 1, MINUTE, 4 * DAY},
    {"sending", "", "", "", "", 0, 0, 0, 0},
};

/* Deliveries 1 to 10, one of each fate and one planned, and three left out. */
static void fill(Fixture *f, const char *id)
{
    g_autoptr(GError) error = NULL;
    fixture_plan(f->ledger, id, 10);
    fixture_begin(f->ledger);
    exclusions_add(
        f->ledger, the(f->ledger, id),
        &(LeftOut){id, "200001", "", "", "", "", EXCLUSION_NO_ADDRESS, "", 0, 0, {"l.csv", 3, 0}},
        &error);
    exclusions_add(f->ledger, the(f->ledger, id),
                   &(LeftOut){id,
                              "200002",
                              "",
                              "",
                              "",
                              "x@example.org",
                              EXCLUSION_SAME_ADDRESS,
                              "1",
                              0,
                              0,
                              {"l.csv", 4, 0}},
                   &error);
    exclusions_add(f->ledger, the(f->ledger, id),
                   &(LeftOut){id,
                              "200003",
                              "",
                              "",
                              "",
                              "y@example.org",
                              EXCLUSION_SUPPRESSED,
                              "complaint",
                              NINE,
                              0,
                              {"l.csv", 5, 0}},
                   &error);
    fixture_commit(f->ledger);
    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(FATES); i++)
        set_fate(f, 1, i + 1, &FATES[i]);
}

static Figures *figures_of(Fixture *f, const char *id, const char *by)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Workspace) workspace = workspace_of(f);
    g_autoptr(Mailing) mailing = id ? mailings_find(f->ledger, id, &error) : NULL;
    ReportWanted wanted = {.mailing = mailing, .since = 1, .by = by};
    Figures *figures = report_gather(workspace, f->ledger, &wanted, &error);
    g_assert_no_error(error);
    return figures;
}

static void test_counts(Fixture *f, gconstpointer data)
{
    static const guint64 expected[FIGURE_STATES] = {1, 1, 2, 1, 2, 1, 1, 1, 0, 3};
    (void)data;
    fill(f, "autumn-1");
    g_autoptr(Figures) figures = figures_of(f, "autumn-1", NULL);
    for (int i = 0; i < FIGURE_STATES; i++)
        g_assert_cmpuint(figures->counts.of[i], ==, expected[i]);
    g_assert_cmpuint(counts_letters(&figures->counts), ==, 10);
    g_assert_cmpuint(counts_missing(&figures->counts), ==, 4);
    g_assert_cmpstr(figures->office, ==, "The Office");
    g_assert_cmpint(figures->first_at, ==, NINE);
    g_assert_cmpint(figures->last_at, ==, NINE + 24 * HOUR);
    g_assert_cmpuint(figures->domains->len, ==, 1);
    const FigureGroup *domain = g_ptr_array_index(figures->domains, 0);
    g_assert_cmpstr(domain->name, ==, "school.example");
    for (int i = 0; i < FIGURE_LEFT_OUT; i++)
        g_assert_cmpuint(domain->counts.of[i], ==, expected[i]);
}

static const FigurePerson *person(const GPtrArray *people, const char *key)
{
    for (guint i = 0; i < people->len; i++) {
        const FigurePerson *one = g_ptr_array_index(people, i);
        if (g_str_equal(one->key, key))
            return one;
    }
    g_error("nobody has key %s", key);
}

static void test_people(Fixture *f, gconstpointer data)
{
    (void)data;
    fill(f, "autumn-1");
    g_autoptr(Figures) figures = figures_of(f, "autumn-1", NULL);
    g_assert_cmpuint(figures->calls_count, ==, 7); /* 4 missing, the complaint, two left out */
    g_assert_cmpuint(figures->calls->len, ==, 7);
    g_assert_cmpuint(figures->others_count, ==, 1);
    g_assert_cmpstr(person(figures->calls, "100004")->why, ==, "the mailbox does not exist");
    g_assert_cmpstr(person(figures->calls, "100005")->why, ==,
                    "the mailbox is full; given up, tried 9 times");
    g_assert_cmpstr(person(figures->calls, "100006")->advice, ==,
                    "ask whether it came, or send it again: 'circular send autumn-1 "
                    "--resend-unknown'");
    g_assert_cmpint(person(figures->calls, "100007")->since, ==, NINE + 3 * DAY);
    g_assert_cmpstr(person(figures->calls, "200001")->why, ==,
                    "the list has no address for them (l.csv:3)");
    g_assert_cmpstr(
        person(figures->calls, "200003")->why, ==,
        "somebody there marked a letter as spam (suppressed since 5 Jan 2026; l.csv:5)");
    g_assert_true(g_str_has_prefix(person(figures->others, "100003")->why,
                                   "their server was too busy; tried 2 times"));
    g_assert_cmpuint(figures->slowest->len, ==, 2);
    const FigurePerson *slowest = g_ptr_array_index(figures->slowest, 0);
    g_assert_cmpstr(slowest->key, ==, "100005");
}

/* Who has the address of another row missed the letter, too, when it came back: a call, with the own
 * telephone. */
static void test_twin_of_what_came_back(Fixture *f, gconstpointer data)
{
    static const char twin[] =
        "UPDATE exclusions SET address = (SELECT upper(address) FROM deliveries WHERE mailing = 1 "
        "AND number = %u), detail = '10000%u', phone = '0191' WHERE key = '200002'";
    (void)data;
    fill(f, "autumn-1");
    for (guint number = 1; number <= 8; number++) {
        g_autofree char *sql = g_strdup_printf(twin, number, number);
        fixture_sql(f->path, sql);
        g_autoptr(Figures) figures = figures_of(f, "autumn-1", NULL);
        g_assert_cmpuint(figures->counts.of[FIGURE_LEFT_OUT], ==, 3);
        g_assert_cmpuint(counts_missing(&figures->counts), ==, 4);
        g_assert_cmpuint(figures->calls_count, ==, number < 4 ? 7 : 8);
        g_assert_cmpuint(figures->others_count, ==, number == 3 ? 2 : 1); /* put off */
        if (number != 7)
            continue;
        const FigurePerson *one = person(figures->calls, "200002");
        g_assert_cmpstr(one->why, ==,
                        "the mailbox does not exist; one letter for 100007, which has the same "
                        "address");
        g_assert_cmpstr(one->advice, ==, person(figures->calls, "100007")->advice);
        g_assert_cmpstr(one->phone, ==, "0191");
        g_assert_cmpint(one->state, ==, FIGURE_LEFT_OUT);
    }
    /* all letters of the year */
    g_autoptr(Figures) year = figures_of(f, NULL, NULL);
    g_assert_nonnull(person(year->calls, "200002"));
}

/* The same key at a second address that arrived. */
static void test_reached(Fixture *f, gconstpointer data)
{
    (void)data;
    fill(f, "autumn-1");
    fixture_sql(f->path, "UPDATE deliveries SET key = '100004' WHERE number = 1");
    fixture_sql(f->path, "UPDATE exclusions SET key = '100002' WHERE key = '200001'");
    g_autoptr(Figures) figures = figures_of(f, "autumn-1", NULL);
    g_assert_cmpuint(figures->reached_count, ==, 1);
    g_assert_cmpuint(figures->calls_count, ==, 5);
    /* Two addresses of one key that both failed are one call. */
    fixture_sql(f->path, "UPDATE deliveries SET key = '100005' WHERE number IN (4, 5)");
    g_autoptr(Figures) again = figures_of(f, "autumn-1", NULL);
    g_assert_cmpuint(again->calls_count, ==, 5);
}

static const FigureMoment *moment(const GPtrArray *moments, guint index)
{
    return g_ptr_array_index(moments, index);
}

static void test_times(Fixture *f, gconstpointer data)
{
    (void)data;
    fill(f, "autumn-1");
    g_autoptr(Figures) figures = figures_of(f, "autumn-1", NULL);
    g_assert_cmpstr(figures->outcomes_step, ==, "hour");
    g_assert_cmpuint(figures->outcomes->len, ==, 25);
    g_assert_cmpstr(moment(figures->outcomes, 0)->label, ==, "5 Jan 09:00");
    g_assert_cmpuint(moment(figures->outcomes, 0)->counts.of[FIGURE_SENT], ==, 1);
    g_assert_cmpuint(moment(figures->outcomes, 0)->counts.of[FIGURE_BOUNCED], ==, 1);
    g_assert_cmpuint(moment(figures->outcomes, 1)->counts.of[FIGURE_DEFERRED], ==, 1);
    g_assert_cmpuint(counts_letters(&moment(figures->outcomes, 3)->counts), ==, 0);
    g_assert_cmpuint(moment(figures->outcomes, 24)->counts.of[FIGURE_REFUSED], ==, 1);
    g_assert_cmpstr(figures->returns_step, ==, "day");
    g_assert_cmpuint(figures->returns->len, ==, 2);
    g_assert_cmpstr(moment(figures->returns, 0)->label, ==, "8 Jan");
}

/* Months of different length, a change of clocks and a leap year: none comes twice, none is left
 * out. */
static void test_calendar(Fixture *f, gconstpointer data)
{
    (void)data;
    fixture_plan(f->ledger, "autumn-1", 2);
    static const struct {
        gint64 span;
        const char *step;
        guint bars;
    } cases[] = {
        {0, "minute", 1},         {38 * MINUTE, "minute", 39}, {39 * MINUTE, "5 minutes", 8},
        {3 * DAY, "6 hours", 13}, {30 * DAY, "day", 31},       {200 * DAY, "week", 29},
        {800 * DAY, "month", 27}, {20 * 366 * DAY, "year", 21}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fate first = {"sent", "", "", "", "", 250, 1, 0, 0},
             last = {"sent", "", "", "", "", 250, 1, 0, cases[i].span};
        set_fate(f, 1, 1, &first);
        set_fate(f, 1, 2, &last);
        g_autoptr(Figures) figures = figures_of(f, "autumn-1", NULL);
        g_assert_cmpstr(figures->outcomes_step, ==, cases[i].step);
        g_assert_cmpuint(figures->outcomes->len, ==, cases[i].bars);
        for (guint k = 1; k < figures->outcomes->len; k++)
            g_assert_cmpint(moment(figures->outcomes, k - 1)->when, <,
                            moment(figures->outcomes, k)->when);
        guint64 sum = 0;
        for (guint k = 0; k < figures->outcomes->len; k++)
            sum += counts_letters(&moment(figures->outcomes, k)->counts);
        g_assert_cmpuint(sum, ==, 2);
    }
}

static void test_by(Fixture *f, gconstpointer data)
{
    (void)data;
    fill(f, "autumn-1");
    g_autoptr(Figures) frozen = figures_of(f, "autumn-1", "urn");
    g_assert_cmpstr(frozen->by_note, ==, "");
    g_assert_cmpuint(frozen->by_rows->len, ==, 10);
    g_autoptr(Figures) today = figures_of(f, "autumn-1", "phase");
    g_assert_nonnull(
        strstr(today->by_note, "7 letters went to recipients who are no longer on it"));
    g_assert_cmpuint(today->by_rows->len, ==, 3);
    const FigureGroup *gone = g_ptr_array_index(today->by_rows, 0);
    const FigureGroup *primary = g_ptr_array_index(today->by_rows, 1);
    const FigureGroup *none = g_ptr_array_index(today->by_rows, 2);
    g_assert_cmpstr(gone->name, ==, "(no longer on the list)");
    g_assert_cmpstr(primary->name, ==, "Primary");
    g_assert_cmpuint(primary->counts.of[FIGURE_SENT], ==, 2);
    g_assert_cmpstr(none->name, ==, "(none)");
    g_assert_cmpuint(none->counts.of[FIGURE_DEFERRED], ==, 1);
}

static void test_by_nothing(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fill(f, "autumn-1");
    g_autoptr(Workspace) workspace = workspace_of(f);
    g_autoptr(Mailing) mailing = mailings_find(f->ledger, "autumn-1", &error);
    ReportWanted wanted = {.mailing = mailing, .by = "phaze"};
    g_assert_null(report_gather(workspace, f->ledger, &wanted, &error));
    assert_message(error, CIRCULAR_ERROR_USAGE, "did you mean 'phase'");
    /* Each with its own value: the largest groups, and the rest together. */
    fixture_plan(f->ledger, "many-2", FIGURES_GROUPS_MAX + 5);
    g_autoptr(Figures) many = figures_of(f, "many-2", "urn");
    g_assert_cmpuint(many->by_rows->len, ==, FIGURES_GROUPS_MAX);
    g_assert_cmpuint(many->by_more, ==, 6);
    const FigureGroup *rest = g_ptr_array_index(many->by_rows, FIGURES_GROUPS_MAX - 1);
    g_assert_cmpuint(counts_letters(&rest->counts), ==, 6);
}

static void test_many(Fixture *f, gconstpointer data)
{
    (void)data;
    fill(f, "autumn-1");
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "winter-2", 2000);
    fixture_delivery(f->ledger, "winter-2", 4, NULL);
    fixture_delivery(f->ledger, "winter-2", 5, NULL);
    fixture_commit(f->ledger);
    set_fate(f, 2, 4, &(Fate){"sent", "", "", "", "", 250, 1, 30 * DAY, 30 * DAY});
    set_fate(f, 2, 5, &(Fate){"bounced", "5.2.2", "", "", "full", 0, 1, 30 * DAY, 31 * DAY});
    g_autoptr(Figures) figures = figures_of(f, NULL, NULL);
    g_assert_cmpuint(figures->mailings->len, ==, 2);
    const FigureMailing *latest = g_ptr_array_index(figures->mailings, 0);
    g_assert_cmpstr(latest->id, ==, "winter-2");
    g_assert_cmpuint(latest->counts.of[FIGURE_BOUNCED], ==, 1);
    g_assert_cmpuint(counts_letters(&figures->counts), ==, 12);
    g_assert_cmpuint(figures->reached_count, ==, 1); /* 100004 had winter-2 */
    const FigurePerson *twice = person(figures->calls, "100005");
    g_assert_cmpstr(twice->mailing, ==, "winter-2"); /* once, and by the latest */
    g_assert_cmpuint(figures->calls_count, ==, 6);
}

static void answer_is(const guint64 *counts, guint64 calls, const char *start, Verdict expected)
{
    Verdict verdict;
    g_autoptr(Figures) figures = figures_new(NINE);
    memcpy(figures->counts.of, counts, sizeof figures->counts.of);
    figures->calls_count = calls;
    g_autofree char *answer = figures_answer(figures, &verdict);
    g_assert_cmpstr(answer, ==, start);
    g_assert_cmpint(verdict, ==, expected);
}

static void test_answers(void)
{
    answer_is((guint64[FIGURE_STATES]){0}, 0, "No: this mailing has no letter in it.",
              VERDICT_CARE);
    answer_is((guint64[FIGURE_STATES]){[FIGURE_SENT] = 447}, 0,
              "Yes: all 447 letters arrived, as far as we know.", VERDICT_GOOD);
    answer_is((guint64[FIGURE_STATES]){[FIGURE_SENT] = 1}, 0,
              "Yes: the letter arrived, as far as we know.", VERDICT_GOOD);
    answer_is((guint64[FIGURE_STATES]){[FIGURE_SENT] = 447, [FIGURE_LEFT_OUT] = 3}, 2,
              "Almost: all 447 letters arrived, as far as we know.", VERDICT_CARE);
    answer_is((guint64[FIGURE_STATES]){[FIGURE_PLANNED] = 24000}, 0,
              "Not yet: none of 24,000 letters was sent so far.", VERDICT_CARE);
    answer_is((guint64[FIGURE_STATES]){[FIGURE_SENT] = 99, [FIGURE_BOUNCED] = 1}, 1,
              "Almost: 99 of 100 letters arrived, as far as we know. 1 did not: 1 came back.",
              VERDICT_CARE);
    answer_is((guint64[FIGURE_STATES]){[FIGURE_SENT] = 90, [FIGURE_REFUSED] = 10}, 10,
              "Almost: 90 of 100 letters arrived, as far as we know. 10 did not: 10 were refused.",
              VERDICT_CARE);
    answer_is((guint64[FIGURE_STATES]){[FIGURE_SENT] = 89, [FIGURE_REFUSED] = 11}, 11,
              "No: 89 of 100 letters arrived, as far as we know. 11 did not: 11 were refused.",
              VERDICT_BAD);
    answer_is(
        (guint64[FIGURE_STATES]){[FIGURE_SENT] = 98, [FIGURE_UNKNOWN] = 2}, 2,
        "Almost: 98 of 100 letters arrived, as far as we know. 2 may have arrived or not: the "
        "mail server's answer was lost.",
        VERDICT_CARE);
}

static void test_subjects(void)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"Dates for {{school_name}}", "Dates for …"},
                                           {"{{{a}}} and {{&b}}", "… and …"},
                                           {"{{#a}}Dear {{a}}{{/a}}{{^a}}all{{/a}}", "Dear …all"},
                                           {"{{! note}}x", "x"},
                                           {"open {{ end", "open {{ end"},
                                           {"{{", "{{"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = report_page_subject(cases[i][0]);
        g_assert_cmpstr(shown, ==, cases[i][1]);
    }
}

static void test_past(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Verdict verdict;
    (void)data;
    fill(f, "autumn-1");
    fixture_begin(f->ledger);
    Suppression one = {.address = TEXT("head7@school.example"),
                       .audience = TEXT(""),
                       .kind = SUPPRESSION_HARD,
                       .source = TEXT("notice 1"),
                       .since = NINE + 3 * DAY};
    g_assert_true(suppressions_add(f->ledger, &one, NULL, &error));
    fixture_commit(f->ledger);
    g_autoptr(HistoryPage) dossier = history_gather(f->ledger, "100007", &error);
    g_assert_no_error(error);
    g_assert_true(dossier->is_suppressed);
    g_assert_cmpuint(dossier->events->len, ==, 2);
    g_autofree char *answer = history_page_answer(dossier, &verdict);
    g_assert_cmpstr(
        answer, ==,
        "The last letter, “Autumn update for ”, came back (8 Jan 2026): the mailbox does "
        "not exist.");
    g_assert_cmpint(verdict, ==, VERDICT_BAD);
    g_autoptr(HistoryPage) planned = history_gather(f->ledger, "head10@school.example", &error);
    g_autofree char *not_yet = history_page_answer(planned, &verdict);
    g_assert_cmpstr(not_yet, ==, "The last letter, “Autumn update for ”, is not sent yet.");
    g_assert_null(history_gather(f->ledger, "nobody", &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no key or address 'nobody'");
}

/* test-account -m perf: how long a report takes, and how much memory. Never decides. */
static void test_speed(Fixture *f, gconstpointer data)
{
    guint count = GPOINTER_TO_UINT(data);
    if (fixture_needs_file())
        return;
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "large-1", 1000);
    fixture_commit(f->ledger);
    g_autofree char *sql = g_strdup_printf(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u) "
        "INSERT INTO deliveries (mailing, number, key, address, state, attempts, code, enhanced, "
        "reply, changed_at, next_at, first_at) SELECT 1, i, 'k' || i, 'head' || i || '@' || (i %% "
        "(%u / 3 + 1)) "
        "|| "
        "'.example', CASE i %% 50 WHEN 1 THEN 'refused' WHEN 2 THEN 'bounced' WHEN 3 THEN "
        "'unknown' ELSE 'sent' END, CASE i %% 40 WHEN 0 THEN 2 ELSE 1 END, 250, '5.1.1', 'unknown "
        "' || i, "
        "%" G_GINT64_FORMAT " + i * 100000, 0, %" G_GINT64_FORMAT " + i * 90000 FROM n",
        count, count, NINE, NINE);
    fixture_sql(f->path, sql);
    fixture_sql(f->path, "INSERT INTO delivery_fields (mailing, number, name, fields) SELECT "
                         "mailing, number, 'Name', 'd5:phase' || "
                         "CASE number % 3 WHEN 0 THEN '7:Primary' ELSE '7:Special' END || 'e' FROM "
                         "deliveries");
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) page = g_string_new(NULL);
    /* SQLite's planner knows what the schema says of the tables from the next opening on. */
    ledger_close(f->ledger);
    f->ledger = fixture_open(f->path, LEDGER_WRITE, &error);
    g_assert_no_error(error);
    for (int many = 0; many < 2; many++) {
        gint64 start = g_get_monotonic_time();
        g_autoptr(Figures) figures =
            many ? figures_of(f, NULL, NULL) : figures_of(f, "large-1", "phase");
        report_page_write(page, figures);
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        g_test_message("%u deliveries, %s: %.2f s, page of %zu KB, %ld MB at most", count,
                       many ? "all mailings" : "one mailing by a column",
                       (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC, page->len / 1024,
                       usage.ru_maxrss / 1024);
        g_string_truncate(page, 0);
    }
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "Europe/London", TRUE);
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/account/counts", test_counts);
    ADD_TEST("/account/people", test_people);
    ADD_TEST("/account/twin-of-what-came-back", test_twin_of_what_came_back);
    ADD_TEST("/account/reached", test_reached);
    ADD_TEST("/account/times", test_times);
    ADD_TEST("/account/calendar", test_calendar);
    ADD_TEST("/account/by", test_by);
    ADD_TEST("/account/by-nothing", test_by_nothing);
    ADD_TEST("/account/many", test_many);
    ADD_TEST("/account/past", test_past);
    g_test_add_func("/account/answers", test_answers);
    g_test_add_func("/account/subjects", test_subjects);
    static const guint sizes[] = {450, 24000, 1000000};
    for (gsize i = 0; i < (g_test_perf() ? G_N_ELEMENTS(sizes) : 1); i++) {
        g_autofree char *path = g_strdup_printf("/account/speed/%u", sizes[i]);
        g_test_add(path, Fixture, GUINT_TO_POINTER(sizes[i]), fixture_set_up, test_speed,
                   fixture_tear_down);
    }
    return g_test_run();
}
