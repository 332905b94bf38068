/* test-lifecycle - a mailing's states, by whom, and what of it doesn't go */
#include "ledger-fixture.h"
#include "ledger/exclusions.h"
#include "ledger/lifecycle.h"
#include "ledger/schedule.h"

static const Actor ANN = {"ann", "here", "test"};

static gboolean move_to(Fixture *f, MailingState state, GError **error)
{
    fixture_begin(f->ledger);
    if (lifecycle_move(f->ledger, the(f->ledger, "m"), state, &ANN, 5, NULL, error)) {
        fixture_commit(f->ledger);
        return TRUE;
    }
    ledger_rollback(f->ledger);
    return FALSE;
}

/* Every way that there is, and no other. */
static void test_ways(Fixture *f, gconstpointer data)
{
    static const char *const ways[MAILING_STATES] = {
        [MAILING_PLANNED] = "scheduled held sending withdrawn",
        [MAILING_SCHEDULED] = "planned held sending stopped withdrawn",
        [MAILING_HELD] = "planned scheduled sending stopped withdrawn",
        [MAILING_SENDING] = "planned scheduled stopped done withdrawn",
        [MAILING_STOPPED] = "planned scheduled held sending done withdrawn",
        [MAILING_DONE] = "sending",
        [MAILING_WITHDRAWN] = "",
    };
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    for (int from = 0; from < MAILING_STATES; from++)
        for (int to = 0; to < MAILING_STATES; to++) {
            g_autoptr(GError) error = NULL;
            g_auto(GStrv) allowed = g_strsplit(ways[from], " ", -1);
            const char *name = mailing_state_name((MailingState)to);
            g_autofree char *sql = g_strdup_printf("UPDATE mailings SET state = '%s'",
                                                   mailing_state_name((MailingState)from));
            fixture_sql(f->path, sql);
            gboolean ok = move_to(f, (MailingState)to, &error);
            g_assert_true(ok ==
                          (from == to || g_strv_contains((const char *const *)allowed, name)));
            g_assert_true(ok || g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE));
        }
}

static gboolean add_event(void *user, const LifeEvent *event)
{
    g_string_append_printf(user, "%s/%s/%s ", event->event, event->actor.user,
                           event->actor.command);
    return TRUE;
}

static void test_events(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) all = g_string_new(NULL);
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    g_assert_true(schedule_set(f->ledger, the(f->ledger, "m"), 900, &ANN, 5, &error));
    g_assert_true(schedule_set(f->ledger, the(f->ledger, "m"), 800, &ANN, 6,
                               &error)); /* another time is told, too */
    g_assert_true(move_to(f, MAILING_SENDING, &error));
    g_assert_true(move_to(f, MAILING_SENDING, &error)); /* there already: no event */
    g_assert_true(move_to(f, MAILING_STOPPED, &error));
    g_assert_true(lifecycle_each(f->ledger, the(f->ledger, "m"), add_event, all, &error));
    g_assert_cmpstr(all->str, ==,
                    "scheduled/ann/test scheduled/ann/test sending/ann/test stopped/ann/test ");
}

/* What cron goes on with: a time that has come, and what was cut off; nothing that waits for a
 * person. */
static void test_due(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 2);
    for (int state = 0; state < MAILING_STATES; state++) {
        g_autofree char *sql = g_strdup_printf("UPDATE mailings SET send_at = 100, state = '%s'",
                                               mailing_state_name((MailingState)state));
        fixture_sql(f->path, sql);
        gboolean goes = state == MAILING_SCHEDULED || state == MAILING_SENDING;
        g_auto(GStrv) before = schedule_due(f->ledger, 99, &error);
        g_auto(GStrv) then = schedule_due(f->ledger, 100, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(g_strv_length(before), ==, 0);
        g_assert_cmpuint(g_strv_length(then), ==, goes ? 1 : 0);
    }
}

static gboolean count_withdrawn(void *user, const LeftOut *one)
{
    g_assert_cmpint(one->kind, ==, EXCLUSION_WITHDRAWN);
    g_assert_cmpint(one->since, ==, 7);
    ++*(guint *)user;
    return TRUE;
}

static void test_withdraw(Fixture *f, gconstpointer data)
{
    guint64 count, counts[DELIVERY_STATES];
    guint excluded = 0;
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 5);
    fixture_sql(f->path, "UPDATE deliveries SET state = 'sent' WHERE number = 1");
    fixture_sql(f->path, "UPDATE deliveries SET state = 'deferred' WHERE number = 2");
    fixture_sql(f->path, "UPDATE deliveries SET state = 'refused' WHERE number = 3");
    fixture_begin(f->ledger);
    g_assert_true(lifecycle_withdraw(f->ledger, the(f->ledger, "m"), &ANN, 7, &count, &error));
    fixture_commit(f->ledger);
    g_assert_cmpuint(count, ==, 3);
    g_assert_true(deliveries_count(f->ledger, the(f->ledger, "m"), counts, &error));
    g_assert_cmpuint(counts[DELIVERY_LEFT_OUT], ==, 3);
    g_assert_cmpuint(counts[DELIVERY_SENT], ==, 1);
    g_assert_cmpuint(counts[DELIVERY_REFUSED], ==, 1);
    g_assert_true(
        exclusions_each(f->ledger, the(f->ledger, "m"), count_withdrawn, &excluded, &error));
    g_assert_cmpuint(excluded, ==, 3);
    g_autoptr(Mailing) mailing = mailings_find(f->ledger, "m", &error);
    g_assert_cmpint(mailing->state, ==, MAILING_WITHDRAWN);
    g_assert_cmpuint(mailing->excluded, ==, 3);
    g_autoptr(GPtrArray) claimed = deliveries_claim(f->ledger, the(f->ledger, "m"), 9, 8, &error);
    g_assert_cmpuint(claimed->len, ==, 0);
}

static void test_leave_out(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Why why = {EXCLUSION_SUPPRESSED, TEXT("by-hand"), 3};
    (void)data;
    fixture_plan(f->ledger, "m", 2);
    g_autoptr(GPtrArray) claimed = deliveries_claim(f->ledger, the(f->ledger, "m"), 1, 4, &error);
    fixture_begin(f->ledger);
    g_assert_true(lifecycle_leave_out(f->ledger, the(f->ledger, "m"), g_ptr_array_index(claimed, 0),
                                      &why, 5, &error));
    g_assert_false(lifecycle_leave_out(f->ledger, the(f->ledger, "m"),
                                       g_ptr_array_index(claimed, 0), &why, 5, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    ledger_rollback(f->ledger);
}

static void test_rehearsal(Fixture *f, gconstpointer data)
{
    guint64 count, counts[DELIVERY_STATES];
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 3);
    fixture_sql(f->path, "UPDATE deliveries SET state = 'written', attempts = 1, first_at = 5, "
                         "transport = 'outbox' WHERE number < 3");
    fixture_begin(f->ledger);
    g_assert_true(lifecycle_end_rehearsal(f->ledger, the(f->ledger, "m"), 6, &count, &error));
    fixture_commit(f->ledger);
    g_assert_cmpuint(count, ==, 2);
    g_assert_true(deliveries_count(f->ledger, the(f->ledger, "m"), counts, &error));
    g_assert_cmpuint(counts[DELIVERY_PLANNED], ==, 3);
    /* Nothing of it was sent: it may be planned anew. */
    fixture_begin(f->ledger);
    g_assert_true(mailings_remove(f->ledger, the(f->ledger, "m"), &error));
    fixture_commit(f->ledger);
}

/* A plan that took another's place may have got its number, too: who still holds the old one moves
 * nothing. */
static void test_replaced(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    MailingState state;
    (void)data;
    fixture_plan(f->ledger, "old", 1);
    const Mailing *old = the(f->ledger, "old");
    fixture_begin(f->ledger);
    g_assert_true(mailings_remove(f->ledger, old, &error));
    fixture_commit(f->ledger);
    fixture_plan(f->ledger, "new", 1);
    g_assert_cmpint(the(f->ledger, "new")->number, ==, old->number);

    g_assert_false(lifecycle_state(f->ledger, old, &state, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'old'");
    fixture_begin(f->ledger);
    g_assert_false(lifecycle_move(f->ledger, old, MAILING_SENDING, &ANN, 5, NULL, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'old'");
    g_assert_false(mailings_remove(f->ledger, old, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'old'");
    ledger_rollback(f->ledger);
    g_assert_true(lifecycle_state(f->ledger, the(f->ledger, "new"), &state, &error));
    g_assert_cmpint(state, ==, MAILING_PLANNED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/lifecycle/ways", test_ways);
    ADD_TEST("/lifecycle/events", test_events);
    ADD_TEST("/lifecycle/due", test_due);
    ADD_TEST("/lifecycle/withdraw", test_withdraw);
    ADD_TEST("/lifecycle/leave-out", test_leave_out);
    ADD_TEST("/lifecycle/replaced", test_replaced);
    ADD_TEST("/lifecycle/rehearsal", test_rehearsal);
    return g_test_run();
}
