/* test-mailings - what is planned is found again, and its files as they were */
#include "ledger-fixture.h"

static void test_round_trip(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    Mailing mailing = {.id = TEXT("a'; DROP TABLE mailings; --"),
                       .update = TEXT("updates/día.md"),
                       .audience = TEXT("heads"),
                       .subject = TEXT("{{name}}: \"news\""),
                       .sender = TEXT("Ö <o@example.org>"),
                       .envelope_sender = TEXT("b@example.org"),
                       .content_hash = TEXT("12"),
                       .recipients_hash = TEXT("34"),
                       .version = TEXT("0.1.0"),
                       .settings = TEXT("d1:a1:be"),
                       .planned_at = G_GINT64_CONSTANT(1767603600000001),
                       .planned = 3000000000,
                       .excluded = 7};
    fixture_begin(f->ledger);
    g_assert_true(mailings_add(f->ledger, &mailing, &error));
    fixture_commit(f->ledger);

    g_autoptr(Mailing) found = mailings_find(f->ledger, mailing.id, &error);
    g_assert_no_error(error);
    g_assert_cmpint(found->number, ==, 1);
    g_assert_cmpstr(found->id, ==, mailing.id);
    g_assert_cmpstr(found->update, ==, mailing.update);
    g_assert_cmpstr(found->audience, ==, mailing.audience);
    g_assert_cmpstr(found->subject, ==, mailing.subject);
    g_assert_cmpstr(found->sender, ==, mailing.sender);
    g_assert_cmpstr(found->envelope_sender, ==, mailing.envelope_sender);
    g_assert_cmpstr(found->content_hash, ==, mailing.content_hash);
    g_assert_cmpstr(found->recipients_hash, ==, mailing.recipients_hash);
    g_assert_cmpstr(found->version, ==, mailing.version);
    g_assert_cmpstr(found->settings, ==, mailing.settings);
    g_assert_cmpint(found->planned_at, ==, mailing.planned_at);
    g_assert_cmpuint(found->planned, ==, mailing.planned);
    g_assert_cmpuint(found->excluded, ==, mailing.excluded);
}

static void test_finish(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "autumn-1", 1);
    Mailing done = {
        .id = TEXT("autumn-1"), .planned = 440, .excluded = 7, .recipients_hash = TEXT("beef")};
    fixture_begin(f->ledger);
    g_assert_true(mailings_finish(f->ledger, &done, &error));
    done.id = TEXT("autumn");
    g_assert_false(mailings_finish(f->ledger, &done, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'autumn'");
    fixture_commit(f->ledger);

    g_autoptr(Mailing) found = mailings_find(f->ledger, "autumn-1", &error);
    g_assert_cmpuint(found->planned, ==, 440);
    g_assert_cmpuint(found->excluded, ==, 7);
    g_assert_cmpstr(found->recipients_hash, ==, "beef");
    g_assert_cmpstr(found->subject, ==, "Autumn update for {{name}}");
}

static void test_id_taken(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "autumn-1", 1);
    Mailing again = {.id = TEXT("autumn-1"), .subject = TEXT("another")};
    fixture_begin(f->ledger);
    g_assert_false(mailings_add(f->ledger, &again, &error));
    assert_message(error, CIRCULAR_ERROR_DATA, "'autumn-1' already");
    ledger_rollback(f->ledger);
    g_autoptr(Mailing) found = mailings_find(f->ledger, "autumn-1", &error);
    g_assert_cmpstr(found->subject, ==, "Autumn update for {{name}}");
}

static void test_find(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *typed, *id;
        int kind;
        const char *part;
    } cases[] = {
        {"autumn-7c2e91", "autumn-7c2e91", 0, NULL},
        {"autumn-7c2e", "autumn-7c2e", 0, NULL}, /* whole, though another begins with it */
        {"autumn-7c2e9", "autumn-7c2e91", 0, NULL},
        {"spring", "spring-000001", 0, NULL},
        {"autumn", NULL, CIRCULAR_ERROR_USAGE, "several mailings begin with 'autumn'"},
        {"autunm-7c2e91", NULL, CIRCULAR_ERROR_NOINPUT, "did you mean 'autumn-7c2e91'?"},
        {"winter", NULL, CIRCULAR_ERROR_NOINPUT, "no mailing 'winter'"},
        {"", NULL, CIRCULAR_ERROR_NOINPUT, "no mailing ''"},
        {"s%", NULL, CIRCULAR_ERROR_NOINPUT, "no mailing 's%'"},
        {"s_ring-000001", NULL, CIRCULAR_ERROR_NOINPUT, "did you mean 'spring-000001'?"},
        {"SPRING", NULL, CIRCULAR_ERROR_NOINPUT, "no mailing 'SPRING'"},
    };
    (void)data;
    fixture_plan(f->ledger, "autumn-7c2e91", 1);
    fixture_plan(f->ledger, "autumn-7c2e", 1);
    fixture_plan(f->ledger, "spring-000001", 1);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Mailing) found = mailings_find(f->ledger, cases[i].typed, &error);
        g_assert_cmpstr(found ? found->id : NULL, ==, cases[i].id);
        if (!cases[i].id)
            assert_message(error, cases[i].kind, cases[i].part);
        g_assert_no_error(error);
    }
}

static void test_find_in_empty(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    g_assert_null(mailings_find(f->ledger, "x", &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'x'");
    g_autoptr(Mailing) same = NULL;
    g_assert_cmpint(mailings_find_same(f->ledger, "heads", "c0ffee", &same, &error), ==,
                    LOOKUP_NONE);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) all = mailings_all(f->ledger, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(all->len, ==, 0);
}

static void test_same_and_all(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "second", 2000);
    fixture_mailing(f->ledger, "third", 3000);
    fixture_mailing(f->ledger, "first", 1000);
    fixture_commit(f->ledger);

    g_autoptr(Mailing) same = NULL, none = NULL;
    g_assert_cmpint(mailings_find_same(f->ledger, "heads", "c0ffee", &same, &error), ==,
                    LOOKUP_FOUND);
    g_assert_cmpstr(same->id, ==, "third");
    g_assert_cmpint(mailings_find_same(f->ledger, "ceos", "c0ffee", &none, &error), ==,
                    LOOKUP_NONE);
    g_assert_cmpint(mailings_find_same(f->ledger, "heads", "other", &none, &error), ==,
                    LOOKUP_NONE);
    g_assert_no_error(error);

    static const char *const order[] = {"third", "second", "first"};
    g_autoptr(GPtrArray) all = mailings_all(f->ledger, &error);
    g_assert_cmpuint(all->len, ==, 3);
    for (guint i = 0; i < all->len; i++)
        g_assert_cmpstr(((Mailing *)g_ptr_array_index(all, i))->id, ==, order[i]);
}

/* The number of a mailing that was undone must not be remembered for the next one. */
static void test_number_after_rollback(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 number;
    (void)data;
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "undone", 1);
    g_assert_true(mailings_number(f->ledger, "undone", &number, &error));
    ledger_rollback(f->ledger);
    fixture_plan(f->ledger, "kept", 1);
    g_assert_false(mailings_number(f->ledger, "undone", &number, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'undone'");
    g_assert_true(mailings_number(f->ledger, "kept", &number, &error));
    g_assert_cmpint(number, ==, 1);
}

static void freeze(Fixture *f, const char *mailing, const char *name, const char *bytes, gsize n)
{
    g_autoptr(GError) error = NULL;
    contents_add(f->ledger, the(f->ledger, mailing), name, bytes, n, NULL, &error);
    g_assert_no_error(error);
}

static void assert_frozen(Fixture *f, const char *mailing, const char *name, const char *bytes,
                          gsize n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) found = NULL;
    contents_get(f->ledger, the(f->ledger, mailing), name, &found, &error);
    g_assert_no_error(error);
    g_assert_nonnull(found);
    g_assert_cmpmem(g_bytes_get_data(found, NULL), g_bytes_get_size(found), bytes, n);
}

static void test_contents(Fixture *f, gconstpointer data)
{
    static const char odd[] = "\0\xff\xfe'\0";
    g_autoptr(GError) error = NULL;
    g_autofree char *large = g_malloc0(3 << 20);
    (void)data;
    fixture_plan(f->ledger, "a", 1);
    fixture_plan(f->ledger, "b", 1);
    fixture_begin(f->ledger);
    freeze(f, "a", "update.md", "# Hello", 7);
    freeze(f, "a", "copy.md", "# Hello", 7);
    freeze(f, "b", "update.md", "# Hello", 7);
    freeze(f, "a", "empty", "", 0);
    freeze(f, "a", "odd", odd, sizeof odd);
    freeze(f, "a", "large", large, 3 << 20);
    fixture_commit(f->ledger);

    assert_frozen(f, "a", "update.md", "# Hello", 7);
    assert_frozen(f, "a", "copy.md", "# Hello", 7);
    assert_frozen(f, "b", "update.md", "# Hello", 7);
    assert_frozen(f, "a", "empty", "", 0);
    assert_frozen(f, "a", "odd", odd, sizeof odd);
    assert_frozen(f, "a", "large", large, 3 << 20);
    GBytes *none;
    g_assert_cmpint(contents_get(f->ledger, the(f->ledger, "b"), "empty", &none, &error), ==,
                    LOOKUP_NONE);
    g_assert_null(none);
    g_assert_no_error(error);

    g_auto(GStrv) names = contents_names(f->ledger, the(f->ledger, "a"), &error);
    g_autofree char *joined = g_strjoinv(" ", names);
    g_assert_cmpstr(joined, ==, "copy.md empty large odd update.md");
    g_autofree char *kept = fixture_ask(f->path, "SELECT count(*) FROM contents");
    g_assert_cmpstr(kept, ==, "4"); /* equal files once */
}

static gboolean remove_mailing(Fixture *f, const char *id, GError **error)
{
    fixture_begin(f->ledger);
    gboolean ok = mailings_remove(f->ledger, the(f->ledger, id), error);
    fixture_commit(f->ledger);
    return ok;
}

static void test_remove(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 number;
    (void)data;
    fixture_plan(f->ledger, "kept", 2);
    fixture_plan(f->ledger, "gone", 2);
    fixture_begin(f->ledger);
    freeze(f, "kept", "update.md", "common", 6);
    freeze(f, "gone", "update.md", "common", 6);
    freeze(f, "gone", "image.png", "its own", 7);
    g_assert_true(exclusions_add(
        f->ledger, the(f->ledger, "gone"),
        &(LeftOut){"gone", "9", "", "", "", "", EXCLUSION_NO_ADDRESS, "", 0, 0, {NULL, 0, 0}},
        &error));
    fixture_commit(f->ledger);
    g_assert_true(remove_mailing(f, "gone", &error));
    g_assert_false(mailings_number(f->ledger, "gone", &number, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'gone'");
    assert_frozen(f, "kept", "update.md", "common", 6);
    g_autofree char *left = fixture_ask(
        f->path,
        "SELECT '' || (SELECT count(*) FROM mailings) || (SELECT count(*) FROM deliveries) ||"
        "(SELECT count(*) FROM delivery_fields) || (SELECT count(*) FROM contents) ||"
        "(SELECT count(*) FROM exclusions)");
    g_assert_cmpstr(left, ==, "12210");
    fixture_plan(f->ledger, "gone", 1); /* planned anew under the same id */
    const Mailing *gone = the(f->ledger, "gone");
    g_assert_true(remove_mailing(f, "gone", &error));
    fixture_begin(f->ledger);
    g_assert_false(mailings_remove(f->ledger, gone, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no mailing 'gone'");
    ledger_rollback(f->ledger);
}

/* What was tried stays for ever, though it be planned again. */
static void test_remove_tried(Fixture *f, gconstpointer data)
{
    static const char *const set[] = {"state = 'sending'", "state = 'deferred'",
                                      "state = 'unknown'", "attempts = 1"};
    (void)data;
    fixture_plan(f->ledger, "m", 3);
    for (gsize i = 0; i < G_N_ELEMENTS(set); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *sql =
            g_strdup_printf("UPDATE deliveries SET state = 'planned', attempts = 0;"
                            "UPDATE deliveries SET %s WHERE number = 2",
                            set[i]);
        fixture_sql(f->path, sql);
        g_assert_false(remove_mailing(f, "m", &error));
        assert_message(error, CIRCULAR_ERROR_DATA, "letters of 'm' were sent");
    }
    g_autofree char *count = fixture_ask(f->path, "SELECT count(*) FROM delivery_fields");
    g_assert_cmpstr(count, ==, "3");
}

static void test_contents_name_taken(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "a", 1);
    fixture_begin(f->ledger);
    freeze(f, "a", "update.md", "one", 3);
    g_assert_false(
        contents_add(f->ledger, the(f->ledger, "a"), "update.md", "two", 3, NULL, &error));
    assert_message(error, CIRCULAR_ERROR_DATA, "has a file 'update.md' already");
    fixture_commit(f->ledger);
    assert_frozen(f, "a", "update.md", "one", 3);
}

static void test_contents_damaged(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "a", 1);
    fixture_begin(f->ledger);
    freeze(f, "a", "update.md", "Dear head", 9);
    fixture_commit(f->ledger);
    fixture_sql(f->path, fixture_server()
                             ? "UPDATE contents SET bytes = 'Dear heap'"
                             : "UPDATE contents SET bytes = CAST('Dear heap' AS BLOB)");
    GBytes *bytes;
    g_assert_cmpint(contents_get(f->ledger, the(f->ledger, "a"), "update.md", &bytes, &error), ==,
                    LOOKUP_FAILED);
    g_assert_null(bytes);
    assert_message(error, CIRCULAR_ERROR_IO, "'update.md' of mailing 'a' is not what was frozen");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/mailings/round-trip", test_round_trip);
    ADD_TEST("/mailings/finish", test_finish);
    ADD_TEST("/mailings/id-taken", test_id_taken);
    ADD_TEST("/mailings/find", test_find);
    ADD_TEST("/mailings/find-in-empty", test_find_in_empty);
    ADD_TEST("/mailings/same-and-all", test_same_and_all);
    ADD_TEST("/mailings/number-after-rollback", test_number_after_rollback);
    ADD_TEST("/mailings/remove", test_remove);
    ADD_TEST("/mailings/remove-tried", test_remove_tried);
    ADD_TEST("/contents/round-trip", test_contents);
    ADD_TEST("/contents/name-taken", test_contents_name_taken);
    ADD_TEST("/contents/damaged", test_contents_damaged);
    return g_test_run();
}
