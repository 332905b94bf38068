/* test-newness - the rule of a digest, and what a round knows of its readers */
#include "ledger-fixture.h"
#include "ledger/digests.h"
#include "ledger/readings.h"
#include "ledger/schedule.h"
#include "digest/digest_history.h"

enum { TODAY = 740000 };

static const struct {
    const char *what;
    int date, expires, event, event_minutes; /* days from today; 99: none */
    guint revision, had;
    gboolean is_for;
    int since;
    Newness expected;
} cases[] = {
    {"today's", 0, 99, 99, -1, 1, 0, TRUE, -7, NEWNESS_NEW},
    {"since the very day", -7, 99, 99, -1, 1, 0, TRUE, -7, NEWNESS_NEW},
    {"a day older", -8, 99, 99, -1, 1, 0, TRUE, -7, NEWNESS_OLD},
    {"tomorrow's", 1, 99, 99, -1, 1, 0, TRUE, -7, NEWNESS_EARLY},
    {"its last day", -3, 0, 99, -1, 1, 0, TRUE, -7, NEWNESS_NEW},
    {"expired", -3, -1, 99, -1, 1, 0, TRUE, -7, NEWNESS_OVER},
    {"today, all day", -3, 99, 0, -1, 1, 0, TRUE, -7, NEWNESS_NEW},
    {"later today", -3, 99, 0, 421, 1, 0, TRUE, -7, NEWNESS_NEW},
    {"just now", -3, 99, 0, 420, 1, 0, TRUE, -7, NEWNESS_OVER},
    {"for others", 0, 99, 99, -1, 1, 0, FALSE, -7, NEWNESS_OTHERS},
    {"had", 0, 99, 99, -1, 1, 1, TRUE, -7, NEWNESS_HAD},
    {"had, and older than all", -8, 99, 99, -1, 1, 1, TRUE, -7, NEWNESS_HAD},
    {"had a later one", 0, 99, 99, -1, 2, 3, TRUE, -7, NEWNESS_HAD},
    {"revised", 0, 99, 99, -1, 2, 1, TRUE, -7, NEWNESS_UPDATED},
    {"revised long after", -300, 99, 99, -1, 2, 1, TRUE, -7, NEWNESS_UPDATED},
    {"revised, for others now", 0, 99, 99, -1, 2, 1, FALSE, -7, NEWNESS_OTHERS},
    {"revised and over", -3, -1, 99, -1, 2, 1, TRUE, -7, NEWNESS_OVER},
    {"the second, without the first", 0, 99, 99, -1, 2, 0, TRUE, -7, NEWNESS_NEW},
    {"an old second, without the first", -8, 99, 99, -1, 2, 0, TRUE, -7, NEWNESS_OLD},
};

static void test_rule(void)
{
    NewnessNow now = {TODAY, 420};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Notice notice = {.date = (Day)(TODAY + cases[i].date),
                         .expires = cases[i].expires == 99 ? 0 : (Day)(TODAY + cases[i].expires),
                         .event = cases[i].event == 99 ? 0 : (Day)(TODAY + cases[i].event),
                         .event_minutes = cases[i].event_minutes,
                         .revision = cases[i].revision};
        Newness news =
            newness_of(&notice, &now, cases[i].is_for, cases[i].had, (Day)(TODAY + cases[i].since));
        if (news != cases[i].expected)
            g_error("%s: %s, not %s", cases[i].what, newness_name(news),
                    newness_name(cases[i].expected));
    }
}

/* --- readers --------------------------------------------------------------------------------- */

static Notice notices[2] = {
    {.name = (char *)"a.md",
     .title = {(char *)"A {{x}}", 1},
     .date = TODAY - 3,
     .revision = 1,
     .hash = (char *)"h1"},
    {.name = (char *)"b.md",
     .title = {(char *)"B", 1},
     .date = TODAY - 20,
     .revision = 1,
     .hash = (char *)"h2"},
};

static DigestHistory *open_round(Ledger *ledger, Day today, Day since)
{
    static GPtrArray *all;
    if (!all) {
        all = g_ptr_array_new();
        g_ptr_array_add(all, &notices[0]);
        g_ptr_array_add(all, &notices[1]);
    }
    DigestHistorySpec spec = {
        .digest = "weekly", .now = {today, 420}, .since = since, .first_days = 14};
    DigestHistory *round = digest_history_new(&spec, all, ledger, NULL);
    g_assert_nonnull(round);
    return round;
}

static gint64 noon(Day day)
{
    g_autoptr(GDate) date = g_date_new_julian(day);
    g_autoptr(GDateTime) time = g_date_time_new_local(
        g_date_get_year(date), (int)g_date_get_month(date), g_date_get_day(date), 12, 0, 0);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static void test_without_ledger(void)
{
    g_autoptr(DigestHistory) round = open_round(NULL, TODAY, 0);
    g_autoptr(DigestHistory) since = open_round(NULL, TODAY, TODAY - 100);
    g_assert_cmpuint(digest_history_since(round, "1"), ==, TODAY - 14);
    g_assert_cmpint(digest_history_judge(round, 0, "1", TRUE), ==, NEWNESS_NEW);
    g_assert_cmpint(digest_history_judge(round, 1, "1", TRUE), ==, NEWNESS_OLD);
    g_assert_cmpint(digest_history_judge(since, 1, "1", TRUE), ==, NEWNESS_NEW);
}

/* Plans a mailing of the digest for key 1, who gets notice a; `state` of its delivery. */
static void add_mailing(Ledger *ledger, const char *id, Day day, const char *state)
{
    Mailing mailing = {.id = (char *)id,
                       .update = (char *)"u",
                       .audience = (char *)"a",
                       .subject = (char *)"s",
                       .sender = (char *)"f",
                       .envelope_sender = (char *)"e",
                       .content_hash = (char *)id,
                       .recipients_hash = (char *)"",
                       .version = (char *)"1",
                       .settings = (char *)"de",
                       .planned_at = noon(day)};
    Delivery delivery = {.mailing = (char *)id,
                         .number = 1,
                         .key = (char *)"1",
                         .address = (char *)"a@example.org",
                         .name = (char *)"",
                         .fields = (char *)"de",
                         .fields_length = 2};
    g_assert_true(ledger_begin(ledger, NULL));
    g_assert_true(mailings_add(ledger, &mailing, NULL));
    g_assert_true(deliveries_add(ledger, the(ledger, id), &delivery, NULL));
    g_assert_true(digests_add_mailing(ledger, "weekly", the(ledger, id), NULL));
    g_assert_true(readings_add(ledger, "weekly", the(ledger, id), "1", "a.md", 1, NULL));
    g_assert_true(readings_add(ledger, "weekly", the(ledger, id), "1", "a.md", 1, NULL)); /* once */
    g_assert_true(ledger_commit(ledger, NULL));
    if (g_str_equal(state, "planned"))
        return;
    g_autoptr(GPtrArray) claimed = deliveries_claim(ledger, the(ledger, id), 1, noon(day), NULL);
    g_assert_cmpuint(claimed->len, ==, 1);
    DeliveryResult result = {.number = 1, .tried = TRUE, .at = noon(day)};
    result.state = g_str_equal(state, "sent")      ? DELIVERY_SENT
                   : g_str_equal(state, "refused") ? DELIVERY_REFUSED
                                                   : DELIVERY_DEFERRED;
    result.next_at = noon(day) + 1;
    g_assert_true(deliveries_record(ledger, the(ledger, id), &result, 1, NULL));
}

static void note(Ledger *ledger, DigestHistory *round, const char *key, Day day)
{
    g_assert_true(ledger_begin(ledger, NULL));
    g_assert_true(digest_history_note(round, ledger, noon(day), NULL));
    g_assert_true(digest_history_note_reader(round, ledger, key, noon(day), NULL));
    g_assert_true(ledger_commit(ledger, NULL));
}

static void test_readers(Fixture *fixture, gconstpointer data)
{
    (void)data;
    Ledger *ledger = fixture->ledger;
    g_autoptr(DigestHistory) first = open_round(ledger, TODAY, 0);
    note(ledger, first, "1", TODAY);
    /* The beginning stays, also while nothing is sent. */
    g_autoptr(DigestHistory) second = open_round(ledger, TODAY + 7, 0);
    g_assert_cmpuint(digest_history_begin(second), ==, TODAY - 14);
    /* Sent: whoever is new begins there; who is a reader goes on. */
    add_mailing(ledger, "weekly-1", TODAY + 7, "sent");
    note(ledger, second, "1", TODAY + 7);
    g_autoptr(DigestHistory) third = open_round(ledger, TODAY + 14, 0);
    g_assert_cmpuint(digest_history_since(third, "1"), ==, TODAY - 14);
    g_assert_cmpuint(digest_history_since(third, "2"), ==, TODAY + 7);
    g_assert_cmpint(digest_history_judge(third, 0, "1", TRUE), ==, NEWNESS_HAD);
    g_assert_cmpint(digest_history_judge(third, 0, "2", TRUE), ==, NEWNESS_OLD);
    /* Away at the next one that is sent: a new reader, who has had what was given. */
    add_mailing(ledger, "weekly-2", TODAY + 14, "sent");
    g_autoptr(DigestHistory) fourth = open_round(ledger, TODAY + 21, 0);
    g_assert_cmpuint(digest_history_since(fourth, "1"), ==, TODAY + 14);
    g_assert_cmpint(digest_history_judge(fourth, 0, "1", TRUE), ==, NEWNESS_HAD);
}

static void test_states(void)
{
    static const struct {
        const char *state;
        gboolean counts, is_last; /* the notice was given; the digest was sent */
        int list;                 /* DIGESTS_..., or -1 */
    } states[] = {{"planned", FALSE, FALSE, DIGESTS_PLANNED},
                  {"sent", TRUE, TRUE, -1},
                  {"refused", TRUE, FALSE, -1},
                  {"deferred", TRUE, FALSE, DIGESTS_BEGUN}};
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        Fixture fixture;
        fixture_set_up(&fixture, NULL);
        Ledger *ledger = fixture.ledger;
        gint64 last;
        add_mailing(ledger, "weekly-1", TODAY, states[i].state);
        g_autoptr(GHashTable) given = readings_of(ledger, "weekly", "a.md", NULL);
        g_assert_cmpint(g_hash_table_contains(given, "1"), ==, states[i].counts);
        g_assert_true(digests_last_sent(ledger, "weekly", &last, NULL));
        g_assert_cmpint(last, ==, states[i].is_last ? noon(TODAY) : 0);
        for (int list = DIGESTS_BEGUN; list <= DIGESTS_PLANNED; list++) {
            g_auto(GStrv) ids = digests_mailings(ledger, "weekly", (DigestsState)list, NULL);
            g_assert_cmpuint(g_strv_length(ids), ==, list == states[i].list ? 1 : 0);
        }
        if (states[i].list != DIGESTS_PLANNED) {
            fixture_tear_down(&fixture, NULL);
            continue;
        }
        Actor somebody = {"ann", "here", "test"};
        /* With a time it is meant to go, and its notices count; removed, nothing is left of it. */
        g_assert_true(schedule_set(ledger, the(ledger, "weekly-1"), noon(TODAY + 1), &somebody,
                                   noon(TODAY), NULL));
        g_auto(GStrv) waiting = digests_mailings(ledger, "weekly", DIGESTS_WAITING, NULL);
        g_assert_cmpuint(g_strv_length(waiting), ==, 1);
        g_autoptr(GHashTable) now = readings_of(ledger, "weekly", "a.md", NULL);
        g_assert_true(g_hash_table_contains(now, "1"));
        g_assert_true(ledger_begin(ledger, NULL));
        g_assert_true(mailings_remove(ledger, the(ledger, "weekly-1"), NULL));
        g_assert_true(ledger_commit(ledger, NULL));
        g_auto(GStrv) none = digests_mailings(ledger, "weekly", DIGESTS_WAITING, NULL);
        g_assert_cmpuint(g_strv_length(none), ==, 0);
        fixture_tear_down(&fixture, NULL);
    }
}

static void test_known(Fixture *fixture, gconstpointer data)
{
    (void)data;
    Ledger *ledger = fixture->ledger;
    g_autoptr(DigestHistory) round =
        open_round(ledger, TODAY - 10, 0); /* b is dated by then, a is not */
    note(ledger, round, "1", TODAY - 10);
    static const struct {
        const char *name, *hash;
        guint revision;
        gboolean known, same;
    } asks[] = {{"b.md", "h2", 1, TRUE, TRUE},
                {"b.md", "h9", 1, TRUE, FALSE},
                {"b.md", "h2", 2, FALSE, FALSE},
                {"a.md", "h1", 1, FALSE, FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(asks); i++) {
        DigestNotice notice = {.name = asks[i].name, asks[i].revision, .hash = asks[i].hash};
        gboolean known, same;
        guint32 date;
        g_assert_true(digests_knows(ledger, "weekly", &notice, &known, &date, &same, NULL));
        g_assert_cmpint(known, ==, asks[i].known);
        g_assert_cmpint(same, ==, asks[i].same);
        g_assert_cmpuint(date, ==, known ? TODAY - 20 : 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/newness/rule", test_rule);
    g_test_add_func("/newness/without-ledger", test_without_ledger);
    g_test_add("/newness/readers", Fixture, NULL, fixture_set_up, test_readers, fixture_tear_down);
    g_test_add_func("/newness/states", test_states);
    g_test_add("/newness/known", Fixture, NULL, fixture_set_up, test_known, fixture_tear_down);
    return g_test_run();
}
