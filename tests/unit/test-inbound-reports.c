/* test-notices - the table of what came back, deliveries marked by it, and bookmarks */
#include "ledger-fixture.h"

#include "ledger/marks.h"
#include "ledger/inbound_reports.h"

static InboundRow row(const char *message, guint part, guint64 delivery, InboundKind judged)
{
    return (InboundRow){.message = TEXT(message),
                        .part = part,
                        .uidvalidity = 7,
                        .uid = 9,
                        .received_at = 5000,
                        .kind = INBOUND_SOFT,
                        .judged = judged,
                        .status = TEXT("4.2.2"),
                        .mailing = TEXT(delivery ? "autumn" : ""),
                        .delivery = delivery,
                        .key = TEXT(delivery ? "100001" : ""),
                        .address = TEXT(delivery ? "Head1@school.example" : ""),
                        .verified = TRUE};
}

static gboolean add(Fixture *f, InboundRow one)
{
    g_autoptr(GError) error = NULL;
    fixture_begin(f->ledger);
    if (inbound_reports_add(f->ledger, &one, &error)) {
        fixture_commit(f->ledger);
        return TRUE;
    }
    ledger_rollback(f->ledger);
    assert_message(error, CIRCULAR_ERROR_DATA, "on record already");
    return FALSE;
}

static gboolean note(void *user, const InboundRow *one)
{
    g_string_append_printf(user, "%" G_GINT64_FORMAT ":%.2s/%u ", one->number, one->message,
                           one->part);
    return TRUE;
}

static void assert_history(Fixture *f, const char *who, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) found = g_string_new(NULL);
    g_assert_true(inbound_reports_history(f->ledger, who, note, found, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(found->str, ==, expected);
}

static void test_each_part_once(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    gboolean found, to_review;
    fixture_plan(f->ledger, "autumn", 2);
    g_assert_true(add(f, row("aa", 0, 1, INBOUND_NONE)));
    g_assert_true(add(f, row("aa", 1, 1, INBOUND_NONE)));
    g_assert_false(add(f, row("aa", 1, 1, INBOUND_NONE)));
    g_assert_true(add(f, row("bb", 0, 0, INBOUND_NONE)));
    g_assert_true(inbound_reports_find(f->ledger, "aa", &found, &to_review, &error));
    g_assert_true(found && !to_review);
    g_assert_true(inbound_reports_find(f->ledger, "cc", &found, &to_review, &error));
    g_assert_true(!found && !to_review);
    assert_history(f, "100001", "1:aa/0 2:aa/1 ");
    assert_history(f, "HEAD1@School.Example", "1:aa/0 2:aa/1 ");
    assert_history(f, "100002", "");
    assert_history(f, "", "");
}

static void test_all_comes_back(Fixture *f, gconstpointer data)
{
    (void)data;
    InboundRow one = row("aa", 3, 1, INBOUND_SOFT);
    one.reason = TEXT("mailboxfull");
    one.feedback = TEXT("abuse");
    one.recipient = TEXT("head@x.test");
    one.diagnostic = TEXT("552 5.2.2 full; O'Brien");
    one.sender = TEXT("mailer@x.test");
    one.subject = TEXT("Ünzustellbar");
    one.text = TEXT("line\nline");
    one.successor = TEXT("new@x.test");
    one.why = TEXT("because");
    one.review = TRUE;
    one.action = INBOUND_REVIEW;
    fixture_plan(f->ledger, "autumn", 1);
    g_assert_true(add(f, one));
    g_autofree char *all = fixture_ask(
        f->path, "SELECT message || part || uidvalidity || uid || received_at || kind || judged || "
                 "status || reason || feedback || recipient || diagnostic || sender || subject || "
                 "text || successor || mailing || delivery || key || address || verified || action "
                 "|| why || review || reviewed_at FROM notices");
    g_assert_cmpstr(all, ==,
                    "aa3795000bounce-softbounce-soft4.2.2mailboxfullabusehead@x.test552 5.2.2 "
                    "full; O'Brienmailer@x.testÜnzustellbarline\nlinenew@x.testautumn1100001Head1@"
                    "school.example1reviewbecause10");
}

static void test_review_list(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) found = g_string_new(NULL);
    gboolean on_record, to_review;
    InboundRow one = row("aa", 0, 0, INBOUND_NONE), two = row("bb", 0, 0, INBOUND_NONE),
               three = row("cc", 0, 0, INBOUND_NONE);
    one.review = two.review = TRUE;
    one.action = INBOUND_REVIEW;
    add(f, one);
    add(f, two);
    add(f, three);
    g_assert_true(inbound_reports_find(f->ledger, "aa", &on_record, &to_review, &error));
    g_assert_true(on_record && to_review);
    g_assert_true(inbound_reports_find(f->ledger, "bb", &on_record, &to_review, &error));
    g_assert_true(on_record && !to_review); /* listed, and yet understood */
    g_assert_true(inbound_reports_each_review(f->ledger, note, found, &error));
    g_assert_cmpstr(found->str, ==, "1:aa/0 2:bb/0 ");
    g_assert_true(inbound_reports_reviewed(f->ledger, 1, 77, &error));
    g_assert_false(inbound_reports_reviewed(f->ledger, 1, 78, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "notice 1");
    g_assert_false(inbound_reports_reviewed(f->ledger, 3, 78, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "notice 3");
    g_assert_false(inbound_reports_reviewed(f->ledger, 99, 78, &error));
    g_clear_error(&error);
    g_string_truncate(found, 0);
    g_assert_true(inbound_reports_each_review(f->ledger, note, found, &error));
    g_assert_cmpstr(found->str, ==, "2:bb/0 ");
    g_autofree char *when = fixture_ask(f->path, "SELECT reviewed_at FROM notices WHERE number=1");
    g_assert_cmpstr(when, ==, "77");
}

static gboolean note_judged(void *user, const InboundRow *one, gint64 letter_at)
{
    g_string_append_printf(user, "%s@%" G_GINT64_FORMAT " ", one->message, letter_at);
    return TRUE;
}

static void test_judged(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) found = g_string_new(NULL);
    InboundRow unproven = row("cc", 0, 1, INBOUND_HARD);
    unproven.verified = FALSE;
    fixture_plan(f->ledger, "autumn", 2);
    fixture_sql(f->path, "UPDATE deliveries SET first_at = 100 * number");
    add(f, row("aa", 0, 2, INBOUND_SOFT)); /* of the later letter */
    add(f, row("bb", 0, 1, INBOUND_SOFT));
    add(f, unproven);
    add(f, row("dd", 0, 1, INBOUND_NONE));
    g_assert_true(
        inbound_reports_judged(f->ledger, "head1@SCHOOL.example", 0, note_judged, found, &error));
    g_assert_cmpstr(found->str, ==, "bb@100 aa@200 ");
    g_string_truncate(found, 0);
    g_assert_true(
        inbound_reports_judged(f->ledger, "head1@school.example", 100, note_judged, found, &error));
    g_assert_cmpstr(found->str, ==, "aa@200 ");
}

static void test_bookmarks(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    guint32 validity = 1, uid = 1;
    g_assert_true(inbound_reports_bookmark(f->ledger, "a@b/INBOX", &validity, &uid, &error));
    g_assert_true(validity == 0 && uid == 0);
    g_assert_true(inbound_reports_set_bookmark(f->ledger, "a@b/INBOX", 5, 6, &error));
    g_assert_true(inbound_reports_set_bookmark(f->ledger, "a@c/INBOX", 1, 2, &error));
    g_assert_true(
        inbound_reports_set_bookmark(f->ledger, "a@b/INBOX", G_MAXUINT32, G_MAXUINT32 - 1, &error));
    g_assert_true(inbound_reports_bookmark(f->ledger, "a@b/INBOX", &validity, &uid, &error));
    g_assert_true(validity == G_MAXUINT32 && uid == G_MAXUINT32 - 1);
    g_assert_true(inbound_reports_bookmark(f->ledger, "a@c/INBOX", &validity, &uid, &error));
    g_assert_true(validity == 1 && uid == 2);
}

/* Marked are those that went out, and no others: what a sender holds is the sender's. */
static void test_marks(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const states[] = {"planned", "sending", "sent",    "deferred",
                                         "refused", "unknown", "bounced", "complained",
                                         "written", "left out"};
    g_autoptr(GError) error = NULL;
    fixture_plan(f->ledger, "spring", 1);
    fixture_plan(f->ledger, "autumn", G_N_ELEMENTS(states));
    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        gboolean changed;
        g_autofree char *sql = g_strdup_printf(
            "UPDATE deliveries SET state='%s' WHERE number=%u AND mailing=2", states[i], i + 1);
        fixture_sql(f->path, sql);
        g_autoptr(Delivery) found = NULL;
        g_assert_cmpint(deliveries_find(f->ledger, 2, i + 1, &found, &error), ==, LOOKUP_FOUND);
        g_assert_cmpstr(found->mailing, ==, "autumn");
        g_assert_cmpuint(found->state, ==, i);
        fixture_begin(f->ledger);
        g_assert_true(deliveries_mark(f->ledger, found, DELIVERY_BOUNCED, "5.1.1", "no such user",
                                      4000, &changed, &error));
        fixture_commit(f->ledger);
        g_assert_true(changed ==
                      (i == DELIVERY_SENT || i == DELIVERY_UNKNOWN || i == DELIVERY_WRITTEN));
        g_clear_pointer(&found, delivery_free);
        g_assert_cmpint(deliveries_find(f->ledger, 2, i + 1, &found, &error), ==, LOOKUP_FOUND);
        g_assert_cmpuint(found->state, ==, changed ? DELIVERY_BOUNCED : i);
        g_assert_cmpstr(found->reply, ==, changed ? "no such user" : "");
    }
    g_autoptr(Delivery) none = NULL;
    g_assert_cmpint(deliveries_find(f->ledger, 2, 99, &none, &error), ==, LOOKUP_NONE);
    g_assert_cmpint(deliveries_find(f->ledger, 9, 1, &none, &error), ==, LOOKUP_NONE);
    g_assert_no_error(error);
}

static void test_arrived(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    fixture_plan(f->ledger, "autumn", 3);
    fixture_plan(f->ledger, "spring", 3);
    fixture_sql(f->path, "UPDATE deliveries SET state='sent', first_at = 1000 * mailing, "
                         "address = 'Ann@x.test' WHERE number = 1");
    g_autoptr(GArray) all = deliveries_arrived(f->ledger, "ann@X.test", 0, 9000, &error);
    g_assert_cmpuint(all->len, ==, 2);
    g_assert_cmpint(g_array_index(all, gint64, 0), ==, 1000);
    g_autoptr(GArray) some = deliveries_arrived(f->ledger, "ann@x.test", 1000, 2000, &error);
    g_assert_cmpuint(some->len, ==, 0);
    fixture_sql(f->path, "UPDATE deliveries SET state='bounced' WHERE mailing = 1");
    g_autoptr(GArray) left = deliveries_arrived(f->ledger, "ann@x.test", 0, 9000, &error);
    g_assert_cmpuint(left->len, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/notices/each-part-once", test_each_part_once);
    ADD_TEST("/notices/all-comes-back", test_all_comes_back);
    ADD_TEST("/notices/review-list", test_review_list);
    ADD_TEST("/notices/judged", test_judged);
    ADD_TEST("/notices/bookmarks", test_bookmarks);
    ADD_TEST("/notices/marks", test_marks);
    ADD_TEST("/notices/arrived", test_arrived);
    return g_test_run();
}
