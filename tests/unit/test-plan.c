/* test-plan - who is frozen and who is left out, in whose place a plan stands, and what it keeps */
#include "office.h"

#include "ledger/suppressions.h"

#define WHO "SELECT number || ':' || key || ':' || address FROM deliveries ORDER BY number"
#define WHY "SELECT key || ':' || kind || ':' || line FROM exclusions ORDER BY number"
#define COUNT "SELECT (SELECT count(*) FROM mailings) || '/' || (SELECT count(*) FROM deliveries)"

static void suppress(Office *o, const char *address, const char *audience)
{
    g_autoptr(GError) error = NULL;
    Suppression one = {.address = TEXT(address),
                       .audience = TEXT(audience),
                       .kind = SUPPRESSION_UNSUBSCRIBE,
                       .source = TEXT(""),
                       .since = 5};
    fixture_begin(o->f.ledger);
    g_assert_true(suppressions_add(o->f.ledger, &one, NULL, &error));
    fixture_commit(o->f.ledger);
}

/* All that a list holds stands in the ledger: with a letter, or with why there is none. */
static void test_everybody(Office *o, gconstpointer data)
{
    (void)data;
    office_write(o, "heads.csv",
                 "urn,name,email\n"
                 "1,Ann,ann@a.example\n"
                 "2,Bob,\n"
                 "3,Cy,cy@@c.example\n"
                 "4,Di,ANN@a.example\n"
                 "5,Ed,ed@e.example\n"
                 "6,Flo,flo@f.example\n"
                 "7,Gus,gus@g.example\n");
    suppress(o, "Ed@e.example", "heads");
    suppress(o, "flo@f.example", "ceos"); /* of other letters */
    g_autoptr(Plan) plan = office_plan(o);
    g_assert_cmpint(plan->news, ==, PLAN_NEW);
    g_assert_cmpuint(plan->rows, ==, 7);
    g_assert_cmpuint(plan->mailing->planned, ==, 3);
    g_assert_cmpuint(plan->mailing->excluded, ==, 4);
    assert_rows(o, WHO, "1:1:ann@a.example 2:6:flo@f.example 3:7:gus@g.example");
    assert_rows(o, WHY, "5:suppressed:6 2:no-address:3 3:bad-address:4 4:same-address:5");
    assert_rows(o, "SELECT state FROM mailings", "planned");
    assert_rows(o, "SELECT event || ':' || user FROM mailing_events", "planned:ann");
}

/* What was frozen is what is sent, whatever becomes of the files. */
static void test_frozen(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Bundle) bundle = NULL;
    (void)data;
    office_heads(o, 2);
    g_autoptr(Plan) plan = office_plan(o);
    office_write(o, "news.md", "---\nsubject: Another\n---\nNot this.\n");
    office_heads(o, 1);

    g_autoptr(Mailing) mailing = mailings_find(o->f.ledger, plan->mailing->id, &error);
    g_assert_no_error(error);
    g_autoptr(Letter) letter = plan_thaw_letter(o->f.ledger, mailing, &bundle, &error);
    g_assert_no_error(error);
    g_autoptr(Delivery) second = NULL;
    g_assert_true(deliveries_get(o->f.ledger, mailing, 2, &second, &error));
    g_autoptr(Value) fields = value_thaw(second->fields, second->fields_length, &error);
    g_assert_no_error(error);
    g_autofree char *subject = letter_subject(letter, fields, &error);
    g_autofree char *text = letter_text(letter, fields, &error);
    g_assert_cmpstr(subject, ==, "News for Head 2");
    g_assert_nonnull(strstr(text, "The hall of school 2 is open"));
}

/* A plan takes the place of the one before as long as nobody has a letter of that. */
static void test_place(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    office_heads(o, 2);
    g_autoptr(Plan) first = office_plan(o);
    office_write(o, "ceos.csv", "urn,name,email\n9,Head 9,head9@s9.example\n");
    g_autoptr(Plan) beside = office_try(o, "ceos", FALSE, FALSE, &error);
    g_assert_no_error(error);
    g_autoptr(Plan) same = office_plan(o);
    g_assert_cmpint(same->news, ==, PLAN_UNCHANGED);
    g_assert_cmpstr(same->mailing->id, ==, first->mailing->id);
    g_assert_cmpint(same->mailing->number, ==, first->mailing->number);
    g_autofree char *text = NULL, *from = g_build_filename(o->f.folder, "news.md", NULL);
    g_assert_true(g_file_get_contents(from, &text, NULL, NULL));
    office_write(o, "copy.md", text);
    g_autofree char *copy = g_build_filename(o->f.folder, "copy.md", NULL);
    PlanOptions options = {.update = copy, .audience = "heads", .actor = OFFICE_ACTOR};
    g_autoptr(Plan) named = plan_make(o->workspace, &options, o->findings, &error);
    g_assert_no_error(error);
    g_assert_cmpint(named->news, ==, PLAN_UNCHANGED);
    g_assert_cmpstr(named->mailing->id, ==, first->mailing->id);
    g_assert_true(ledger_begin(o->f.ledger, &error) &&
                  mailings_remove(o->f.ledger, beside->mailing, &error) &&
                  ledger_commit(o->f.ledger, &error));
    assert_rows(o, COUNT, "1/2");

    office_heads(o, 3);
    g_autoptr(Plan) more = office_plan(o);
    g_assert_cmpint(more->news, ==, PLAN_REPLACED);
    assert_rows(o, COUNT, "1/3");

    fixture_sql(o->f.path, "UPDATE deliveries SET state = 'sent', attempts = 1, transport = "
                           "'relay' WHERE number = 1; UPDATE mailings SET state = 'sending'");
    g_assert_null(office_try(o, "heads", FALSE, FALSE, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE);
    g_clear_error(&error);
    assert_rows(o, COUNT, "1/3");
    g_autoptr(Plan) again = office_try(o, "heads", TRUE, FALSE, &error);
    g_assert_no_error(error);
    g_assert_cmpint(again->news, ==, PLAN_NEW);
    g_assert_cmpstr(again->mailing->id, !=, more->mailing->id);
    assert_rows(o, COUNT, "2/6");
}

/* The same letter under another audience's name is the same letter to whoever is in both. */
static void test_other_audience(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    office_heads(o, 1);
    office_write(o, "ceos.csv", "urn,name,email\n9,Cy,cy@c.example\n");
    G_GNUC_UNUSED g_autoptr(Plan) first = office_plan(o);
    fixture_sql(o->f.path, "UPDATE deliveries SET state = 'sent', attempts = 1, transport = "
                           "'relay'; UPDATE mailings SET state = 'done'");
    g_assert_null(office_try(o, "heads, ceos", FALSE, FALSE, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE);
    g_clear_error(&error);
    assert_rows(o, COUNT, "1/1");
}

/* Those who have it, or may have it, get no second; the others do. */
static void test_missing(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    office_heads(o, 4);
    G_GNUC_UNUSED g_autoptr(Plan) first = office_plan(o);
    fixture_sql(o->f.path, "UPDATE deliveries SET attempts = 1, transport = 'relay', state = CASE "
                           "number WHEN 1 THEN 'sent' WHEN 2 THEN 'unknown' ELSE 'refused' END; "
                           "UPDATE mailings SET state = 'done'");
    office_heads(o, 5);
    g_autoptr(Plan) rest = office_try(o, "heads", FALSE, TRUE, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rest->have, ==, 1); /* of the other nobody can say so */
    assert_rows(o, "SELECT key FROM deliveries WHERE mailing = 2 ORDER BY number", "3 4 5");
    assert_rows(o, "SELECT key || ':' || kind FROM exclusions WHERE mailing = 2 ORDER BY number",
                "1:has-it 2:may-have-it");
    g_assert_cmpint(rest->mailing->follows_as, ==, MAILING_MISSING);
}

/* A plan that can't be made whole leaves nothing behind. */
static void test_all_or_nothing(Office *o, gconstpointer data)
{
    static const char *const lists[] = {
        "urn,name,email\n1,Ann,ann@a.example\n2,#N/A,bob@b.example\n", /* a formula that failed */
        "urn,name,email\n",                                            /* nobody */
        "urn,name,email\n1,Ann,\n",                                    /* nobody with an address */
        "urn,email\n1,ann@a.example\n",                                /* no such field */
    };
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GError) error = NULL;
        office_write(o, "heads.csv", lists[i]);
        findings_free(o->findings);
        o->findings = findings_new();
        g_assert_null(office_try(o, "heads", FALSE, FALSE, &error));
        g_assert_nonnull(error);
        assert_rows(o, COUNT, "0/0");
    }
}

/* One that was to be replaced stands as it was when the new one can't be made. */
static void test_old_stays(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    office_heads(o, 2);
    G_GNUC_UNUSED g_autoptr(Plan) first = office_plan(o);
    office_write(o, "heads.csv", "urn,name,email\n1,Ann,ann@a.example\n2,#REF!,bob@b.example\n");
    g_assert_null(office_try(o, "heads", FALSE, FALSE, &error));
    assert_message(error, CIRCULAR_ERROR_DATA, "heads.csv:3");
    assert_rows(o, WHO, "1:1:head1@s1.example 2:2:head2@s2.example");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_OFFICE("/plan/everybody", test_everybody);
    ADD_OFFICE("/plan/frozen", test_frozen);
    ADD_OFFICE("/plan/place", test_place);
    ADD_OFFICE("/plan/other-audience", test_other_audience);
    ADD_OFFICE("/plan/missing", test_missing);
    ADD_OFFICE("/plan/all-or-nothing", test_all_or_nothing);
    ADD_OFFICE("/plan/old-stays", test_old_stays);
    return g_test_run();
}
