/* test-suppressions - who asked to be left alone is, and everything can be undone */
#include "ledger-fixture.h"
#include "ledger/suppressions.h"

static gboolean add(Fixture *f, const char *address, const char *audience, const char *reason,
                    gint64 since)
{
    g_autoptr(GError) error = NULL;
    gboolean added;
    Suppression suppression = {.address = TEXT(address),
                               .audience = TEXT(audience),
                               .reason = TEXT(reason),
                               .source = TEXT("notice-1"),
                               .since = since};
    fixture_begin(f->ledger);
    suppressions_add(f->ledger, &suppression, &added, &error);
    g_assert_no_error(error);
    fixture_commit(f->ledger);
    return added;
}

static gboolean lift(Fixture *f, const char *address, const char *audience, gint64 now)
{
    g_autoptr(GError) error = NULL;
    gboolean removed;
    fixture_begin(f->ledger);
    suppressions_remove(f->ledger, address, audience, "asked by telephone", now, &removed, &error);
    g_assert_no_error(error);
    fixture_commit(f->ledger);
    return removed;
}

static void assert_reason(Fixture *f, const char *address, const char *audience, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Suppression) found = NULL;
    suppressions_find(f->ledger, address, audience, 40, &found, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found ? found->reason : NULL, ==, reason);
}

static void test_find(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_true(add(f, "Ann@Example.org", "heads", "unsubscribe", 10));
    assert_reason(f, "ann@example.ORG", "heads", "unsubscribe");
    assert_reason(f, "ann@example.org", "ceos", NULL);
    assert_reason(f, "ann@example.org", SUPPRESSIONS_ALL, NULL);
    assert_reason(f, "nan@example.org", "heads", NULL);
    assert_reason(f, "%@example.org", "heads", NULL);
    assert_reason(f, "", "heads", NULL);

    g_assert_true(add(f, "ann@example.org", SUPPRESSIONS_ALL, "bounce-hard", 20));
    assert_reason(f, "ann@example.org", "heads", "bounce-hard"); /* that for all comes first */
    assert_reason(f, "ann@example.org", "ceos", "bounce-hard");
}

static void test_folding(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_true(add(f, "ŻÓŁĆ@example.org", SUPPRESSIONS_ALL, "by-hand", 1));
    assert_reason(f, "żółć@EXAMPLE.org", "heads", "by-hand");
    g_assert_true(add(f, "I@example.org", SUPPRESSIONS_ALL, "by-hand", 1)); /* no Turkish i */
    assert_reason(f, "i@example.org", "heads", "by-hand");
    g_assert_true(add(f, "bad\xff@example.org", SUPPRESSIONS_ALL, "by-hand", 1));
    assert_reason(f, "BAD\xff@example.org", "heads", "by-hand");
}

static void test_first_stands(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    g_assert_true(add(f, "ann@example.org", "heads", "complaint", 10));
    g_assert_false(add(f, "ANN@example.org", "heads", "bounce-soft", 20));
    g_autoptr(Suppression) found = NULL;
    suppressions_find(f->ledger, "ann@example.org", "heads", 40, &found, &error);
    g_assert_cmpstr(found->address, ==, "ann@example.org");
    g_assert_cmpstr(found->audience, ==, "heads");
    g_assert_cmpstr(found->reason, ==, "complaint");
    g_assert_cmpstr(found->source, ==, "notice-1");
    g_assert_cmpint(found->since, ==, 10);
    g_assert_cmpint(found->removed_at, ==, 0);
    g_assert_cmpstr(found->removed_why, ==, "");
}

static void test_remove(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_false(lift(f, "ann@example.org", "heads", 5));
    g_assert_true(add(f, "ann@example.org", "heads", "complaint", 10));
    g_assert_true(add(f, "ann@example.org", SUPPRESSIONS_ALL, "bounce-hard", 10));
    g_assert_true(lift(f, "Ann@example.org", SUPPRESSIONS_ALL, 20));
    assert_reason(f, "ann@example.org", "ceos", NULL);
    assert_reason(f, "ann@example.org", "heads", "complaint"); /* its own suppression stands */
    g_assert_true(lift(f, "ann@example.org", "heads", 20));
    g_assert_false(lift(f, "ann@example.org", "heads", 20));
    assert_reason(f, "ann@example.org", "heads", NULL);
    g_assert_true(add(f, "ann@example.org", "heads", "unsubscribe", 30)); /* and again */
    assert_reason(f, "ann@example.org", "heads", "unsubscribe");
}

/* One that has an end holds until then, and makes room for the next; the other is history. */
static void test_end(Fixture *f, gconstpointer data)
{
    static const struct {
        gint64 now;
        Lookup wanted;
    } cases[] = {{10, LOOKUP_FOUND}, {19, LOOKUP_FOUND}, {20, LOOKUP_NONE}, {21, LOOKUP_NONE}};
    g_autoptr(GError) error = NULL;
    gboolean added;
    Suppression one = {.address = TEXT("ann@example.org"),
                       .audience = TEXT("heads"),
                       .kind = SUPPRESSION_FULL,
                       .source = TEXT("notice 7"),
                       .evidence = 7,
                       .since = 10,
                       .until = 20};
    (void)data;
    fixture_begin(f->ledger);
    g_assert_true(suppressions_add(f->ledger, &one, &added, &error));
    g_assert_true(added);
    fixture_commit(f->ledger);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Suppression) found = NULL;
        g_auto(Why) why = {0};
        g_assert_cmpint(
            suppressions_find(f->ledger, "ann@example.org", "heads", cases[i].now, &found, &error),
            ==, cases[i].wanted);
        g_assert_true(
            suppressions_why(f->ledger, "ann@example.org", "heads", cases[i].now, &why, &error));
        gboolean holds = cases[i].wanted == LOOKUP_FOUND;
        g_assert_cmpint(why.kind, ==, holds ? EXCLUSION_SUPPRESSED : EXCLUSION_NONE);
        if (!holds)
            continue;
        g_assert_cmpint(found->kind, ==, SUPPRESSION_FULL);
        g_assert_cmpstr(found->reason, ==, "mailbox-full");
        g_assert_cmpint(found->evidence, ==, 7);
        g_assert_cmpint(found->until, ==, 20);
    }
    one.since = 19;
    fixture_begin(f->ledger);
    g_assert_true(suppressions_add(f->ledger, &one, &added, &error));
    g_assert_false(added);
    one.since = 20;
    one.until = 0;
    g_assert_true(suppressions_add(f->ledger, &one, &added, &error));
    g_assert_true(added);
    fixture_commit(f->ledger);
}

static gboolean add_line(void *user, const Suppression *s)
{
    g_string_append_printf(user, "%s:%s:%s:%d:%d:%s ", s->address, s->audience, s->reason,
                           (int)s->since, (int)s->removed_at, s->removed_why);
    return TRUE;
}

static gboolean add_one_line(void *user, const Suppression *s)
{
    add_line(user, s);
    return FALSE;
}

static void test_each(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *address;
        gboolean removed;
        const char *expected;
    } cases[] = {
        {NULL, FALSE, "bob@x.test::complaint:20:0: ann@x.test:heads:unsubscribe:40:0: "},
        {NULL, TRUE,
         "ann@x.test:heads:bounce-soft:10:30:asked by telephone "
         "bob@x.test::complaint:20:0: ann@x.test:heads:unsubscribe:40:0: "},
        {"ANN@x.test", FALSE, "ann@x.test:heads:unsubscribe:40:0: "},
        {"eve@x.test", TRUE, ""},
    };
    g_autoptr(GError) error = NULL;
    (void)data;
    add(f, "ann@x.test", "heads", "bounce-soft", 10);
    add(f, "bob@x.test", SUPPRESSIONS_ALL, "complaint", 20);
    lift(f, "ann@x.test", "heads", 30);
    add(f, "ann@x.test", "heads", "unsubscribe", 40);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) found = g_string_new(NULL);
        g_assert_true(suppressions_each(f->ledger, cases[i].address, cases[i].removed, add_line,
                                        found, &error));
        g_assert_cmpstr(found->str, ==, cases[i].expected);
    }
    g_autoptr(GString) found = g_string_new(NULL);
    g_assert_true(suppressions_each(f->ledger, NULL, FALSE, add_one_line, found, &error));
    g_assert_cmpstr(found->str, ==, "bob@x.test::complaint:20:0: ");
}

/* It is asked for every recipient of every plan: no table is built to answer. */
static void test_builds_nothing(Fixture *f, gconstpointer data)
{
    (void)data;
    if (g_test_subprocess()) {
        assert_reason(f, "ann@example.org", "heads", NULL);
        return;
    }
    if (fixture_needs_file())
        return;
    g_autoptr(GPtrArray) queries =
        fixture_queries("/suppressions/builds-nothing", "FROM suppressions");
    g_assert_cmpuint(queries->len, ==, 1);
    for (guint i = 0; i < queries->len; i++) {
        g_autofree char *sql = g_strconcat("EXPLAIN ", g_ptr_array_index(queries, i), NULL);
        g_autofree char *steps = fixture_column(f->path, sql, 1);
        g_assert_nonnull(strstr(steps, "Seek"));
        g_assert_null(strstr(steps, "OpenEphemeral"));
        g_assert_null(strstr(steps, "Sorter"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/suppressions/end", test_end);
    ADD_TEST("/suppressions/find", test_find);
    ADD_TEST("/suppressions/builds-nothing", test_builds_nothing);
    ADD_TEST("/suppressions/folding", test_folding);
    ADD_TEST("/suppressions/first-stands", test_first_stands);
    ADD_TEST("/suppressions/remove", test_remove);
    ADD_TEST("/suppressions/each", test_each);
    return g_test_run();
}
