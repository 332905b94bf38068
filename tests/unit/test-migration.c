/* test-migration - ledgers that earlier versions wrote (tests/ledgers) are read by this one
 *
 * That of version 1 was written by circular 0.1.0 over a scripted relay, and a few rows by hand: outcomes of all
 * states, exclusions of all kinds, suppressions, what came back, a digest.
 */
#include "base/files.h"
#include "ledger-fixture.h"
#include "ledger/exclusions.h"
#include "ledger/lifecycle.h"
#include "ledger/meta.h"
#include "ledger/inbound_reports.h"
#include "ledger/schedule.h"
#include "ledger/suppressions.h"
#include "ledger/tallies.h"

#define LETTER "letter-f3c0fb"
#define SECOND "second-44ba2d"
#define THIRD "third-260bbb"
#define DIGEST "fourth-43efe7"

static void set_up(Fixture *f, gconstpointer data)
{
    gsize length;
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    const char *from = data ? data : "tests/ledgers/version-1.db";
    f->folder = g_dir_make_tmp("circular-test-XXXXXX", &error);
    f->path = g_build_filename(f->folder, "ledger.db", NULL);
    g_assert_true(g_file_get_contents(from, &bytes, &length, &error));
    g_assert_true(g_file_set_contents(f->path, bytes, (gssize)length, &error));
    f->ledger = ledger_open(f->path, LEDGER_WRITE, &error);
    g_assert_no_error(error);
}

/* --- what became of letters ------------------------------------------------------------------ */

typedef struct {
    const char *key;
    DeliveryState state;
    DeliveryStage stage;
    GivenUp given_up;
    const char *reply; /* begins so */
} Became;

typedef struct {
    const Became *wanted;
    guint count;
} AddressIndex;

static gboolean compare(void *user, const Delivery *delivery)
{
    AddressIndex *seen = user;
    const Became *wanted = &seen->wanted[seen->count++];
    g_assert_cmpstr(delivery->key, ==, wanted->key);
    g_assert_cmpint(delivery->state, ==, wanted->state);
    g_assert_cmpint(delivery->stage, ==, wanted->stage);
    g_assert_cmpint(delivery->given_up, ==, wanted->given_up);
    g_assert_cmpint(delivery->via, ==, VIA_NOTHING);
    if (!g_str_has_prefix(delivery->reply, wanted->reply))
        g_error("'%s' does not begin with '%s'", delivery->reply, wanted->reply);
    return TRUE;
}

static void test_outcomes(Fixture *f, gconstpointer data)
{
    static const Became letter[] = {
        {"1", DELIVERY_SENT, STAGE_NONE, GIVEN_UP_NOT, "<abc@exch.example.test>"},
        {"2", DELIVERY_REFUSED, STAGE_RCPT, GIVEN_UP_NOT, "no such user"},
        {"3", DELIVERY_REFUSED, STAGE_RCPT, GIVEN_UP_DEADLINE, "greylisted"},
        {"4", DELIVERY_UNKNOWN, STAGE_MESSAGE, GIVEN_UP_NOT, "the server closed"},
        {"8", DELIVERY_BOUNCED, STAGE_NONE, GIVEN_UP_NOT, "550 5.1.1"},
        {"9", DELIVERY_COMPLAINED, STAGE_NONE, GIVEN_UP_NOT, ""},
        {"10", DELIVERY_SENT, STAGE_NONE, GIVEN_UP_NOT, ""},
    };
    static const Became second[] = {
        {"1", DELIVERY_SENT, STAGE_NONE, GIVEN_UP_NOT, ""},
        {"2", DELIVERY_SENDING, STAGE_NONE, GIVEN_UP_NOT, ""},
        {"3", DELIVERY_DEFERRED, STAGE_MAIL, GIVEN_UP_NOT, "come back later"},
        {"4", DELIVERY_REFUSED, STAGE_CONNECT, GIVEN_UP_DEADLINE, "connection refused"},
        /* What the server said may look like one of our own words. */
        {"8", DELIVERY_REFUSED, STAGE_MESSAGE, GIVEN_UP_NOT, "5.7.1 no: RCPT: is a word here"},
        {"9", DELIVERY_PLANNED, STAGE_NONE, GIVEN_UP_NOT, ""},
        {"10", DELIVERY_PLANNED, STAGE_NONE, GIVEN_UP_NOT, ""},
    };
    g_autoptr(GError) error = NULL;
    AddressIndex seen = {letter, 0};
    (void)data;
    g_assert_true(deliveries_each(f->ledger, the(f->ledger, LETTER), DELIVERY_STATES, compare,
                                  &seen, &error));
    g_assert_cmpint(seen.count, ==, G_N_ELEMENTS(letter));
    seen = (AddressIndex){second, 0};
    g_assert_true(deliveries_each(f->ledger, the(f->ledger, SECOND), DELIVERY_STATES, compare,
                                  &seen, &error));
    g_assert_cmpint(seen.count, ==, G_N_ELEMENTS(second));
}

/* --- who was left out ------------------------------------------------------------------------ */

static gboolean write_exclusion(void *user, const LeftOut *one)
{
    g_autofree char *said = exclusion_said(one->kind, one->detail, one->since);
    g_string_append_printf(user, "%s %s | %s | %s:%u\n", one->key, exclusion_name(one->kind), said,
                           one->at.file, one->at.line);
    return TRUE;
}

static void test_exclusions(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) all = g_string_new(NULL);
    (void)data;
    g_assert_true(exclusions_each(f->ledger, the(f->ledger, LETTER), write_exclusion, all, &error));
    g_assert_true(exclusions_each(f->ledger, the(f->ledger, DIGEST), write_exclusion, all, &error));
    g_assert_cmpstr(
        all->str, ==,
        "5 suppressed | suppressed since 1 Sep 2026: by-hand | one.csv:6\n"
        "6 suppressed | suppressed since 1 Sep 2026: moved away; see file | one.csv:7\n"
        "7 suppressed | suppressed since 1 Sep 2026: by-hand | one.csv:8\n"
        "11 no-address | no address | one.csv:12\n"
        "12 bad-address | bad address: 'bad@@school.example': it has more than one @; did you mean "
        "'bad@school.example'? | one.csv:13\n"
        "13 same-address | same address as 1 | one.csv:14\n"
        "20 nothing-new | nothing new | one.csv:20\n"
        "21 too-few | it waits for more: 1 new, under the least of 3 | one.csv:21\n"
        "22 suppressed | suppressed since 1 Sep 2026: bounce-soft | one.csv:22\n"
        "23 same-address | same address as 1 in heads | one.csv:23\n");
}

static gboolean write_suppression(void *user, const Suppression *one)
{
    g_string_append_printf(user, "%s %s %s %s %" G_GINT64_FORMAT "%s\n", one->address,
                           *one->audience ? one->audience : "-", suppression_name(one->kind),
                           one->reason, one->evidence, one->removed_at ? " removed" : "");
    return TRUE;
}

static void test_suppressions(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) all = g_string_new(NULL);
    (void)data;
    g_assert_true(suppressions_each(f->ledger, NULL, TRUE, write_suppression, all, &error));
    g_assert_cmpstr(all->str, ==,
                    "head5@school5.example - by-hand by-hand 0\n"
                    "head6@school6.example - by-hand moved away; see file 0\n"
                    "head7@school0.example heads by-hand by-hand 0\n"
                    "head8@school1.example - by-hand back again 0 removed\n"
                    "head8@school1.example - bounce-hard bounce-hard 1\n"
                    "head9@school2.example - complaint complaint 2\n"
                    "head10@school3.example two unsubscribe unsubscribe 3\n");
}

/* --- mailings -------------------------------------------------------------------------------- */

static gboolean count_event(void *user, const LifeEvent *event)
{
    g_assert_cmpstr(event->event, ==, "planned");
    g_assert_cmpint(event->at, >, 0);
    ++*(guint *)user;
    return TRUE;
}

static void test_lives(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *id;
        MailingState state;
    } wanted[] = {{LETTER, MAILING_DONE},
                  {SECOND, MAILING_SENDING},
                  {THIRD, MAILING_SCHEDULED},
                  {DIGEST, MAILING_PLANNED}};
    g_autoptr(GError) error = NULL;
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        guint events = 0;
        MailingState state;
        g_assert_true(lifecycle_state(f->ledger, the(f->ledger, wanted[i].id), &state, &error));
        g_assert_cmpint(state, ==, wanted[i].state);
        g_assert_true(
            lifecycle_each(f->ledger, the(f->ledger, wanted[i].id), count_event, &events, &error));
        g_assert_cmpint(events, ==, 1);
    }
    g_autoptr(Mailing) third = mailings_find(f->ledger, THIRD, &error);
    g_assert_cmpint(third->via, ==, VIA_NOTHING);
    g_assert_cmpint(third->follows_as, ==, MAILING_ALONE);
    /* Cron goes on with what was begun, and with nothing else. */
    g_auto(GStrv) due = schedule_due(f->ledger, third->planned_at + 400, &error);
    g_assert_cmpstr(due[0], ==, SECOND);
    g_assert_null(due[1]);
}

/* What a ledger is used for works on: claims, the journal of a kill, a new plan. */
static void test_goes_on(Fixture *f, gconstpointer data)
{
    guint64 count;
    g_autoptr(GError) error = NULL;
    (void)data;
    gint64 now = G_GINT64_CONSTANT(1789100000000000);
    g_assert_true(deliveries_recover(f->ledger, the(f->ledger, SECOND), now, &count, &error));
    g_assert_cmpint(count, ==, 1);
    g_autoptr(GPtrArray) batch =
        deliveries_claim(f->ledger, the(f->ledger, SECOND), 10, now, &error);
    g_assert_no_error(error);
    g_assert_cmpint(batch->len, ==, 2); /* the deferred one and one planned: the other complained */
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "new-1", now);
    fixture_commit(f->ledger);
    g_autofree char *value = NULL;
    g_assert_cmpint(meta_get(f->ledger, META_TOKEN_KEY, &value, &error), ==, LOOKUP_NONE);
    fixture_begin(f->ledger);
    g_assert_true(meta_set(f->ledger, META_TOKEN_KEY, "one", &error));
    g_assert_true(meta_set(f->ledger, META_TOKEN_KEY, "two", &error));
    fixture_commit(f->ledger);
    g_assert_cmpint(meta_get(f->ledger, META_TOKEN_KEY, &value, &error), ==, LOOKUP_FOUND);
    g_assert_cmpstr(value, ==, "two");
}

static char *dump(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *rows;
    GString *all = g_string_new(NULL);
    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), ==, SQLITE_OK);
    while (sqlite3_step(rows) == SQLITE_ROW)
        g_string_append_printf(all, "%s\n", (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return g_string_free(all, FALSE);
}

/* A ledger that was brought up to date is built as one that is new, to the index and its figures;
 * and is whole. */
static void test_same_as_new(Fixture *f, gconstpointer data)
{
    static const char *const asked[] = {
        "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') "
        "FROM sqlite_schema ORDER BY name",
        "SELECT tbl || ' ' || coalesce(idx, '') || ' ' || stat FROM sqlite_stat1 "
        "ORDER BY tbl, idx"};
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->folder, "new.db", NULL);
    (void)data;
    g_clear_pointer(&f->ledger, ledger_close);
    ledger_close(ledger_open(path, LEDGER_WRITE, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *old = dump(f->path, asked[i]), *fresh = dump(path, asked[i]);
        g_assert_cmpstr(old, ==, fresh);
    }
    g_autofree char *whole = dump(f->path, "PRAGMA integrity_check");
    g_assert_cmpstr(whole, ==, "ok\n");
    g_autofree char *keys = dump(f->path, "PRAGMA foreign_key_check");
    g_assert_cmpstr(keys, ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function)                                                                       \
    g_test_add("/migration/" name, Fixture, NULL, set_up, function, fixture_tear_down)
    TEST("outcomes", test_outcomes);
    TEST("exclusions", test_exclusions);
    TEST("suppressions", test_suppressions);
    TEST("lives", test_lives);
    TEST("goes-on", test_goes_on);
    TEST("same-as-new", test_same_as_new);
    g_test_add("/migration/same-as-new/2", Fixture, "tests/ledgers/version-2.db", set_up,
               test_same_as_new, fixture_tear_down);
    return g_test_run();
}
