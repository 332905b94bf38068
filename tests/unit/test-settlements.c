/* test-settlements - letters in doubt: proofs that make one sent, absences that prove nothing, and what
 * a person had sent again */
#include "ledger/settlements.h"

#include "ledger-fixture.h"

enum { NOW = 5000 };

static void settle_up(Fixture *f, gconstpointer data)
{
    fixture_set_up(f, data);
    fixture_plan(f->ledger, "m", 6);
    fixture_sql(f->path, "UPDATE deliveries SET state = 'unknown', changed_at = 3000, "
                         "first_at = 2000, attempts = 1, stage = 'message', reply = 'lost' "
                         "WHERE number <= 4");
    fixture_sql(f->path, "UPDATE deliveries SET state = 'refused' WHERE number = 5");
}

static gint64 number_of(Fixture *f)
{
    return the(f->ledger, "m")->number;
}

static gboolean prove(Fixture *f, guint64 delivery, const Settlement *proof)
{
    gboolean changed;
    g_autoptr(GError) error = NULL;
    fixture_begin(f->ledger);
    settlements_prove(f->ledger, number_of(f), delivery, proof, "", "", &changed, &error);
    g_assert_no_error(error);
    fixture_commit(f->ledger);
    return changed;
}

static void look(Fixture *f, guint64 delivery, const Settlement *found)
{
    g_autoptr(GError) error = NULL;
    fixture_begin(f->ledger);
    settlements_look(f->ledger, number_of(f), delivery, found, &error);
    g_assert_no_error(error);
    fixture_commit(f->ledger);
}

static gboolean add_number(void *user, gint64 mailing, const Delivery *delivery)
{
    g_assert_cmpint(mailing, >, 0);
    g_string_append_printf(user, "%" G_GUINT64_FORMAT " ", delivery->number);
    return TRUE;
}

static void assert_doubts(Fixture *f, gint64 since, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) all = g_string_new(NULL), one = g_string_new(NULL);
    settlements_doubts(f->ledger, 0, since, add_number, all, &error);
    g_assert_no_error(error);
    settlements_doubts(f->ledger, number_of(f), since, add_number, one, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(all->str, ==, expected);
    g_assert_cmpstr(one->str, ==, expected);
}

static void say(void *user, const Settlement *one)
{
    g_string_append(user, settlement_kind_name(one->kind));
    g_autofree char *said = settlement_said(one);
    g_string_append_printf(user, ": %s", said);
}

static void assert_said(Fixture *f, guint64 delivery, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) said = g_string_new(NULL);
    settlements_of(f->ledger, "m", delivery, say, said, &error);
    g_assert_no_error(error);
    if (!strstr(said->str, expected))
        g_error("'%s' isn't in '%s'", expected, said->str);
}

static void assert_row(Fixture *f, guint number, const char *expected)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT state || '|' || reply || '|' || stage || '|' || changed_at || '|' || transport || "
        "'|' || message_id FROM deliveries WHERE number = %u",
        number);
    g_autofree char *found = fixture_ask(f->path, sql);
    g_assert_cmpstr(found, ==, expected);
}

static const Settlement copy = {.kind = SETTLEMENT_COPY,
                                .at = NOW,
                                .mailbox = "director@example.org",
                                .folder = "Envoyés",
                                .uidvalidity = 7,
                                .uid = 12,
                                .copies = 1,
                                .there = 40,
                                .looked = 40,
                                .since = 1000};

static void test_proof_makes_it_sent(Fixture *f, gconstpointer data)
{
    (void)data;
    Settlement own = copy, other = copy, twice = copy;
    own.message_id = "<m.2@example.org>"; /* our own needn't be kept */
    other.message_id = "<A1B2@prod.exchange.example>";
    twice.copies = 2;
    assert_doubts(f, 0, "1 2 3 4 ");
    assert_doubts(f, 3001, "");
    g_assert_true(prove(f, 1, &other));
    assert_row(f, 1, "sent|||3000|relay|<A1B2@prod.exchange.example>");
    assert_said(f, 1,
                "copy: its copy is in the folder 'Envoyés' of director@example.org (message 12)");
    g_assert_true(prove(f, 2, &own));
    assert_row(f, 2, "sent|||3000|relay|");
    g_assert_true(prove(f, 3, &twice));
    assert_said(f, 3, "2 copies of it are in the folder");
    assert_doubts(f, 0, "4 ");
    /* Neither what was proven already, nor what was never in doubt. */
    g_assert_false(prove(f, 1, &own));
    g_assert_false(prove(f, 5, &copy));
    g_assert_false(prove(f, 6, &copy));
    g_autofree char *rows = fixture_ask(f->path, "SELECT count(*) FROM settlements");
    g_assert_cmpstr(rows, ==, "3");
}

/* A mailing that was stopped over its doubts has nothing more to go when the last is settled. */
static void test_last_doubt(Fixture *f, gconstpointer data)
{
    (void)data;
    fixture_sql(f->path, "UPDATE mailings SET state = 'stopped'");
    fixture_sql(f->path, "UPDATE deliveries SET state = 'deferred' WHERE number = 6");
    for (guint number = 1; number <= 3; number++)
        g_assert_true(prove(f, number, &copy));
    fixture_sql(f->path, "UPDATE deliveries SET state = 'sent' WHERE number = 6");
    g_autofree char *before = fixture_ask(f->path, "SELECT state FROM mailings");
    g_assert_cmpstr(before, ==, "stopped");
    g_assert_true(prove(f, 4, &copy));
    g_autofree char *after = fixture_ask(f->path, "SELECT state FROM mailings");
    g_assert_cmpstr(after, ==, "done");
    g_autofree char *event = fixture_ask(
        f->path, "SELECT event || ' ' || command FROM mailing_events WHERE event = 'done'");
    g_assert_cmpstr(event, ==, "done circular settle");
}

static void test_absence_proves_nothing(Fixture *f, gconstpointer data)
{
    (void)data;
    Settlement absent = copy, forged = copy, elsewhere = copy;
    absent.kind = SETTLEMENT_NOT_FOUND;
    absent.uid = absent.copies = 0;
    absent.there = 41;
    forged.kind = SETTLEMENT_NOT_PROVEN;
    elsewhere.kind = SETTLEMENT_OTHER_ADDRESS;
    assert_said(f, 1, ": ");
    look(f, 1, &absent);
    assert_said(f, 1,
                "not-found: no copy of it is in the folder 'Envoyés' of director@example.org");
    assert_said(f, 1, "40 of 41 messages looked at");
    look(f, 1, &forged);
    assert_said(f, 1, "not-proven: message 12 in the folder");
    look(f, 1, &elsewhere);
    assert_said(f, 1, "other-address: a copy of it in the folder");
    assert_row(f, 1, "unknown|lost|message|3000||");
    assert_doubts(f, 0, "1 2 3 4 ");
    /* A proof that was found later, and stays. */
    g_assert_true(prove(f, 1, &copy));
    look(f, 1, &absent);
    assert_said(f, 1, "copy: ");
}

static void test_resent(Fixture *f, gconstpointer data)
{
    guint64 count;
    g_autoptr(GError) error = NULL;
    (void)data;
    g_assert_true(prove(f, 4, &copy));
    deliveries_replan_unknown(f->ledger, the(f->ledger, "m"), NOW, &count, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count, ==, 3);
    g_autoptr(GHashTable) resent = settlements_resent(f->ledger, number_of(f), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_hash_table_size(resent), ==, 3);
    g_assert_true(g_hash_table_contains(resent, GUINT_TO_POINTER(1)));
    g_assert_false(g_hash_table_contains(resent, GUINT_TO_POINTER(4)));
    /* Until it goes again it can still be proven, and then it doesn't; 6 was never in doubt. */
    assert_doubts(f, 0, "1 2 3 ");
    fixture_sql(f->path, "UPDATE deliveries SET state = 'deferred', next_at = 9 WHERE number = 2");
    g_assert_true(prove(f, 1, &copy));
    g_assert_true(prove(f, 2, &copy));
    g_assert_false(prove(f, 6, &copy));
    g_autoptr(GPtrArray) claimed =
        deliveries_claim(f->ledger, the(f->ledger, "m"), 10, NOW, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(claimed->len, ==, 2); /* 3 and 6 */
    g_assert_false(prove(f, 3, &copy));    /* its sender has it in hand */
    assert_doubts(f, 0, "");
    g_autofree char *kept =
        fixture_ask(f->path, "SELECT kind || resent_at FROM settlements WHERE delivery = 1");
    g_assert_cmpstr(kept, ==, "copy5000");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function)                                                                       \
    g_test_add("/settlements/" name, Fixture, NULL, settle_up, function, fixture_tear_down)
    TEST("proof", test_proof_makes_it_sent);
    TEST("last-doubt", test_last_doubt);
    TEST("absence", test_absence_proves_nothing);
    TEST("resent", test_resent);
    return g_test_run();
}
