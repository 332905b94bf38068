/* test-gateways - whose filter turns our letters away, letter after letter */
#include "report/gateways.h"

#include "ledger-fixture.h"

/* Letters of `count` mailings to three schools, of which those named have been refused. */
static void refuse(Fixture *f, guint count, const char *where)
{
    for (guint i = 1; i <= count; i++) {
        g_autofree char *id = g_strdup_printf("m%u", i);
        fixture_plan(f->ledger, id, 6);
    }
    g_autofree char *sql = g_strdup_printf(
        "UPDATE deliveries SET state='sent', attempts=1, first_at=1767225600000000; "
        "UPDATE deliveries SET address='head' || number || '@s' || number || '.example'; "
        "UPDATE deliveries SET state='bounced', enhanced='5.7.1', code=550, "
        "reply='550 5.7.1 refused by policy' WHERE %s",
        where);
    fixture_sql(f->path, sql);
}

static char *said(Fixture *f, const char *address)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Gateways) gateways = gateways_read(f->ledger, &error);
    g_assert_no_error(error);
    return gateways_said(gateways, address);
}

static void test_again_and_again(Fixture *f, gconstpointer data)
{
    (void)data;
    refuse(f, GATEWAYS_LETTERS, "number = 1 OR (number = 2 AND mailing < 3)");
    g_autofree char *one = said(f, "HEAD1@S1.example");
    g_assert_cmpstr(one, ==,
                    "their filter has refused us since 1 Jan 2026: 3 letters, 1 recipient");
    g_assert_null(said(f, "head2@s2.example")); /* one letter fewer */
    g_assert_null(said(f, "head3@s3.example"));
    g_assert_null(said(f, "nobody"));
}

/* Where many refuse, something is wrong with us. */
static void test_many(Fixture *f, gconstpointer data)
{
    (void)data;
    refuse(f, GATEWAYS_LETTERS, "number <= 4");
    g_assert_null(said(f, "head1@s1.example"));
}

/* A mailbox that is gone is no refusal of ours. */
static void test_other_reasons(Fixture *f, gconstpointer data)
{
    (void)data;
    refuse(f, GATEWAYS_LETTERS, "number = 1");
    fixture_sql(f->path, "UPDATE deliveries SET enhanced='5.1.1', reply='550 5.1.1 user unknown'");
    g_assert_null(said(f, "head1@s1.example"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_setenv("TZ", "UTC", TRUE);
    g_test_add("/gateways/again-and-again", Fixture, NULL, fixture_set_up, test_again_and_again,
               fixture_tear_down);
    g_test_add("/gateways/many", Fixture, NULL, fixture_set_up, test_many, fixture_tear_down);
    g_test_add("/gateways/other-reasons", Fixture, NULL, fixture_set_up, test_other_reasons,
               fixture_tear_down);
    return g_test_run();
}
