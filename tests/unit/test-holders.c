/* test-holders - who has a letter, when the list has changed since */
#include "ledger-fixture.h"
#include "ledger/holders.h"

/* "urn:address" each: deliveries of a mailing, with a state behind "=", or rows of today. */
static void add_copies(Fixture *f, const char *mailing, const char *const *copies)
{
    g_autoptr(GError) error = NULL;
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, mailing, 1000);
    for (guint i = 0; copies[i]; i++) {
        g_auto(GStrv) parts = g_strsplit_set(copies[i], ":=", 3);
        Delivery delivery = {.number = i + 1,
                             .key = parts[0],
                             .address = parts[1],
                             .name = TEXT(""),
                             .fields = TEXT("de"),
                             .fields_length = 2};
        g_assert_true(deliveries_add(f->ledger, the(f->ledger, mailing), &delivery, &error));
        g_assert_no_error(error);
    }
    fixture_commit(f->ledger);
    for (guint i = 0; copies[i]; i++) {
        g_auto(GStrv) parts = g_strsplit_set(copies[i], ":=", 3);
        g_autofree char *sql =
            g_strdup_printf("UPDATE deliveries SET state = '%s' WHERE number = %u AND mailing = "
                            "(SELECT number FROM mailings WHERE id = '%s')",
                            parts[2], i + 1, mailing);
        fixture_sql(f->path, sql);
    }
}

static char letter_of(Had had)
{
    static const char letters[] = {[HAD_NONE] = '-',
                                   [HAD_IT] = 'H',
                                   [HAD_PERHAPS] = '?',
                                   [HAD_ON_ITS_WAY] = 'w',
                                   [HAD_BACK] = 'b'};
    return letters[had];
}

/* What each row has, a letter each, and behind "/" who is gone, by address. */
static char *ask(Fixture *f, const char *const *rows)
{
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);
    fixture_begin(f->ledger);
    g_assert_true(holders_begin(f->ledger, &error));
    g_assert_true(holders_letter(f->ledger, HOLDERS_LETTER, "c0ffee", "heads", 0, &error));
    for (guint i = 0; rows[i]; i++) {
        g_auto(GStrv) parts = g_strsplit(rows[i], ":", 2);
        g_assert_true(holders_row(f->ledger, parts[0], parts[1], &error));
    }
    g_assert_true(holders_match(f->ledger, &error));
    for (guint i = 0; rows[i]; i++) {
        Had had;
        g_autofree char *mailing = NULL;
        g_autoptr(Delivery) copy = NULL;
        g_auto(GStrv) parts = g_strsplit(rows[i], ":", 2);
        g_assert_true(holders_find(f->ledger, HOLDERS_LETTER, parts[0], parts[1], &had, &mailing,
                                   &copy, &error));
        g_assert_no_error(error);
        g_assert_true((mailing != NULL) == (had != HAD_NONE) &&
                      (copy != NULL) == (mailing != NULL));
        g_string_append_c(out, letter_of(had));
    }
    g_autoptr(GPtrArray) gone = holders_gone(f->ledger, FALSE, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < gone->len; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "/",
                               ((const Delivery *)g_ptr_array_index(gone, i))->address);
    ledger_rollback(f->ledger);
    return g_string_free(out, FALSE);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_lists(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *why;
        const char *first[4], *second[4], *rows[5], *wanted;
    } cases[] = {
        {"own, whatever its case", {"1:a@x=sent"}, {NULL}, {"1:A@X"}, "H"},
        {"moved", {"1:a@x=sent"}, {NULL}, {"1:b@x"}, "H"},
        {"came back, the same address", {"1:a@x=bounced"}, {NULL}, {"1:a@x"}, "b"},
        {"came back, another address", {"1:a@x=bounced"}, {NULL}, {"1:b@x"}, "-"},
        {"refused and moved", {"1:a@x=refused"}, {NULL}, {"1:b@x"}, "-"},
        {"the address was taken away", {"1:a@x=sent"}, {NULL}, {"1:"}, "H"},
        {"gone", {"1:a@x=sent", "2:b@x=sent"}, {NULL}, {"2:b@x"}, "H/a@x"},
        {"gone, had none", {"1:a@x=refused", "2:b@x=sent"}, {NULL}, {"2:b@x"}, "H"},
        {"new row", {"1:a@x=sent"}, {NULL}, {"1:a@x", "2:b@x"}, "H-"},
        {"a second row of the school", {"1:a@x=sent"}, {NULL}, {"1:a@x", "1:b@x"}, "H-"},
        {"one of two moved", {"1:a@x=sent", "1:b@x=sent"}, {NULL}, {"1:a@x", "1:c@x"}, "HH"},
        {"one of two gone", {"1:a@x=sent", "1:b@x=sent"}, {NULL}, {"1:b@x"}, "H/a@x"},
        {"one of two refused, put right",
         {"1:a@x=refused", "1:b@x=sent"},
         {NULL},
         {"1:c@x", "1:b@x"},
         "-H"},
        {"one of two refused, the other gone",
         {"1:a@x=refused", "1:b@x=sent"},
         {NULL},
         {"1:a@x"},
         "-/b@x"},
        {"twins of today, one had it", {"1:a@x=sent"}, {NULL}, {"2:a@x", "1:a@x"}, "HH"},
        {"twins of today, the other's own was refused",
         {"1:a@x=sent", "2:b@x=refused"},
         {NULL},
         {"2:a@x", "1:a@x"},
         "HH"},
        {"a mailbox that has it", {"1:a@x=sent"}, {NULL}, {"2:a@x"}, "H"},
        {"a twin of then whose other moved", {"1:a@x=sent"}, {NULL}, {"1:b@x", "2:a@x"}, "HH"},
        {"changed places, one had none",
         {"1:a@x=sent", "2:b@x=refused"},
         {NULL},
         {"1:b@x", "2:a@x"},
         "H-"},
        {"missed first, had later, moved since", {"1:a@x=refused"}, {"1:b@x=sent"}, {"1:c@x"}, "H"},
        {"had twice, moved in between", {"1:a@x=sent"}, {"1:b@x=sent"}, {"1:b@x"}, "H"},
        {"a second row had later, moved since",
         {"1:a@x=sent"},
         {"1:b@x=sent"},
         {"1:a@x", "1:c@x"},
         "HH"},
        {"perhaps", {"1:a@x=unknown"}, {NULL}, {"1:b@x"}, "?"},
        {"on its way", {"1:a@x=deferred"}, {NULL}, {"1:a@x"}, "w"},
        {"rehearsed", {"1:a@x=written"}, {NULL}, {"1:a@x"}, "-"},
        {"withdrawn, at a mailbox that has it",
         {"1:a@x=sent", "2:b@x=left out"},
         {NULL},
         {"1:c@x", "2:a@x"},
         "HH"},
        {"withdrawn", {"1:a@x=left out"}, {NULL}, {"1:a@x"}, "-"},
        {"spam, yet had", {"1:a@x=complained"}, {NULL}, {"1:a@x"}, "H"},
    };
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        fixture_sql(f->path, "DELETE FROM delivery_fields; DELETE FROM deliveries; "
                             "DELETE FROM mailing_events; DELETE FROM mailings");
        add_copies(f, "first", cases[i].first);
        if (cases[i].second[0])
            add_copies(f, "second", cases[i].second);
        g_autofree char *found = ask(f, cases[i].rows);
        if (!g_str_equal(found, cases[i].wanted))
            g_error("%s: %s, not %s", cases[i].why, found, cases[i].wanted);
    }
}

/* The office's copy tells of nobody, and another audience's letter is another letter. */
static void test_others(Fixture *f, gconstpointer data)
{
    (void)data;
    add_copies(f, "first", LIST("1:a@x=sent", "2:b@x=sent"));
    fixture_sql(f->path, "UPDATE deliveries SET key = 'seed:o@x' WHERE number = 1");
    g_autofree char *found = ask(f, LIST("1:a@x", "2:b@x"));
    g_assert_cmpstr(found, ==, "-H");
    fixture_sql(f->path, "UPDATE mailings SET audience = 'ceos'");
    g_autofree char *none = ask(f, LIST("1:a@x", "2:b@x"));
    g_assert_cmpstr(none, ==, "--");
}

/* Of those who may have it only who was asked for is told when gone. */
static void test_gone_perhaps(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    add_copies(f, "first", LIST("1:a@x=unknown"));
    fixture_begin(f->ledger);
    g_assert_true(holders_begin(f->ledger, &error));
    g_assert_true(holders_letter(f->ledger, HOLDERS_LETTER, "c0ffee", "heads", 0, &error));
    g_assert_true(holders_match(f->ledger, &error));
    g_autoptr(GPtrArray) without = holders_gone(f->ledger, FALSE, &error);
    g_autoptr(GPtrArray) with = holders_gone(f->ledger, TRUE, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(without->len, ==, 0);
    g_assert_cmpuint(with->len, ==, 1);
    ledger_rollback(f->ledger);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/holders/lists", test_lists);
    ADD_TEST("/holders/others", test_others);
    ADD_TEST("/holders/gone-perhaps", test_gone_perhaps);
    return g_test_run();
}
