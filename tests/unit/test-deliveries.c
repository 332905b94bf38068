/* test-deliveries - nobody twice, nobody missed, as far as the record goes */
#include "ledger-fixture.h"
#include "ledger/marks.h"
#include "ledger/suppressions.h"

enum { NOW = 5000 };

/* --- helpers --------------------------------------------------------------------------------- */

static gboolean add_number(void *user, const Delivery *delivery)
{
    g_string_append_printf(user, "%s%" G_GUINT64_FORMAT, ((GString *)user)->len ? " " : "",
                           delivery->number);
    return TRUE;
}

/* The numbers in that state, "1 2 7". */
static char *numbers(Fixture *f, const char *mailing, DeliveryState state)
{
    g_autoptr(GError) error = NULL;
    GString *found = g_string_new(NULL);
    deliveries_each(f->ledger, the(f->ledger, mailing), state, add_number, found, &error);
    g_assert_no_error(error);
    return g_string_free(found, FALSE);
}

#define assert_numbers(f, state, expected)                                                         \
    do {                                                                                           \
        g_autofree char *found_ = numbers(f, "m", state);                                          \
        g_assert_cmpstr(found_, ==, expected);                                                     \
    } while (0)

/* Claims, and gives the numbers in the order in which they were given. */
static char *claim(Fixture *f, guint limit, gint64 now)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) batch =
        deliveries_claim(f->ledger, the(f->ledger, "m"), limit, now, &error);
    g_assert_no_error(error);
    GString *found = g_string_new(NULL);
    for (guint i = 0; i < batch->len; i++) {
        const Delivery *delivery = g_ptr_array_index(batch, i);
        g_assert_cmpint(delivery->state, ==, DELIVERY_SENDING);
        g_assert_cmpint(delivery->changed_at, ==, now);
        add_number(found, delivery);
    }
    return g_string_free(found, FALSE);
}

#define assert_claim(f, limit, now, expected)                                                      \
    do {                                                                                           \
        g_autofree char *found_ = claim(f, limit, now);                                            \
        g_assert_cmpstr(found_, ==, expected);                                                     \
    } while (0)

static void record(Fixture *f, guint64 number, DeliveryState state, gint64 next_at)
{
    g_autoptr(GError) error = NULL;
    DeliveryResult result = {
        .number = number, .state = state, .tried = TRUE, .at = NOW, .next_at = next_at};
    deliveries_record(f->ledger, the(f->ledger, "m"), &result, 1, &error);
    g_assert_no_error(error);
}

static gboolean keep_copy(void *user, const Delivery *delivery)
{
    *(Delivery **)user = delivery_copy(delivery);
    return FALSE;
}

/* The first in that state. */
static Delivery *first(Fixture *f, const char *mailing, DeliveryState state)
{
    g_autoptr(GError) error = NULL;
    Delivery *found = NULL;
    deliveries_each(f->ledger, the(f->ledger, mailing), state, keep_copy, &found, &error);
    g_assert_no_error(error);
    g_assert_nonnull(found);
    return found;
}

/* --- adding ---------------------------------------------------------------------------------- */

static void test_round_trip(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *fields = g_strnfill(200000, 'x');
    Delivery added = {.mailing = TEXT("m"),
                      .number = 4000000000,
                      .key = TEXT("' OR 1=1"),
                      .address = TEXT("ö'x@example.org"),
                      .name = TEXT("Zażółć \"Gęślą\"\n"),
                      .fields = fields,
                      .fields_length = 200000};
    (void)data;
    fixture_plan(f->ledger, "m", 0);
    fixture_begin(f->ledger);
    g_assert_true(deliveries_add(f->ledger, the(f->ledger, "m"), &added, &error));
    fixture_commit(f->ledger);

    g_autoptr(Delivery) found = first(f, "m", DELIVERY_PLANNED);
    g_assert_cmpstr(found->mailing, ==, "m");
    g_assert_cmpuint(found->number, ==, added.number);
    g_assert_cmpstr(found->key, ==, added.key);
    g_assert_cmpstr(found->address, ==, added.address);
    g_assert_cmpstr(found->name, ==, added.name);
    g_assert_cmpmem(found->fields, found->fields_length, fields, 200000);
    g_assert_cmpuint(found->attempts, ==, 0);
    g_assert_cmpint(found->code, ==, 0);
    g_assert_cmpstr(found->enhanced, ==, "");
    g_assert_cmpstr(found->reply, ==, "");
    g_assert_cmpint(found->next_at, ==, 0);
}

static void test_nobody_twice(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Delivery other = {.mailing = TEXT("m"),
                      .number = 3,
                      .key = TEXT("100001"),
                      .address = TEXT("Head1@school.example"),
                      .name = TEXT(""),
                      .fields = TEXT("de"),
                      .fields_length = 2};
    (void)data;
    fixture_plan(f->ledger, "m", 2);
    fixture_plan(f->ledger, "n", 2); /* the same two in another mailing */
    fixture_begin(f->ledger);
    g_assert_false(deliveries_add(f->ledger, the(f->ledger, "m"), &other, &error));
    assert_message(error, CIRCULAR_ERROR_DATA,
                   "mailing 'm' has a letter for '100001' to 'Head1@school.example' already");
    other.address = TEXT("deputy@school.example"); /* a second address of one school may be */
    g_assert_true(deliveries_add(f->ledger, the(f->ledger, "m"), &other, &error));
    fixture_commit(f->ledger);
    fixture_begin(f->ledger);
    const Mailing *m = the(f->ledger, "m");
    other.key = TEXT("100009"); /* a number may not stand twice */
    g_assert_false(deliveries_add(f->ledger, m, &other, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_clear_error(&error);
    ledger_rollback(f->ledger);
    assert_numbers(f, DELIVERY_STATES, "1 2 3");
}

static void test_states(Fixture *f, gconstpointer data)
{
    static const char *const words[] = {"planned", "sending", "sent",       "deferred", "refused",
                                        "unknown", "bounced", "complained", "written",  "left out"};
    g_autoptr(GError) error = NULL;
    (void)data;
    G_STATIC_ASSERT(G_N_ELEMENTS(words) == DELIVERY_STATES);
    fixture_plan(f->ledger, "m", DELIVERY_STATES + 1);
    for (int i = 0; i < DELIVERY_STATES; i++) {
        g_autofree char *sql = g_strdup_printf(
            "UPDATE deliveries SET state = '%s' WHERE number = %d", words[i], i + 1);
        g_assert_cmpstr(delivery_state_name((DeliveryState)i), ==, words[i]);
        fixture_sql(f->path, sql);
    }
    guint64 counts[DELIVERY_STATES];
    g_assert_true(deliveries_count(f->ledger, the(f->ledger, "m"), counts, &error));
    g_assert_cmpuint(counts[DELIVERY_PLANNED], ==, 2);
    for (int i = 1; i < DELIVERY_STATES; i++) {
        g_autofree char *expected = g_strdup_printf("%d", i + 1);
        g_assert_cmpuint(counts[i], ==, 1);
        assert_numbers(f, (DeliveryState)i, expected);
    }
}

static void test_unknown_state(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    guint64 counts[DELIVERY_STATES];
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    fixture_sql(f->path, fixture_server()
                             ? "ALTER TABLE deliveries DROP CONSTRAINT deliveries_anew_state_check;"
                               "UPDATE deliveries SET state = 'lost'"
                             : "PRAGMA ignore_check_constraints = 1;"
                               "UPDATE deliveries SET state = 'lost'");
    g_assert_false(deliveries_count(f->ledger, the(f->ledger, "m"), counts, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "unknown state 'lost'");
    g_autoptr(GString) found = g_string_new(NULL);
    g_assert_false(deliveries_each(f->ledger, the(f->ledger, "m"), DELIVERY_STATES, add_number,
                                   found, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "unknown state 'lost'");
}

/* --- claiming -------------------------------------------------------------------------------- */

static void test_claim(Fixture *f, gconstpointer data)
{
    (void)data;
    fixture_plan(f->ledger, "other", 3);
    fixture_plan(f->ledger, "m", 5);
    assert_claim(f, 0, NOW, "");
    assert_claim(f, 2, NOW, "1 2");
    assert_numbers(f, DELIVERY_SENDING, "1 2");
    assert_claim(f, 2, NOW, "3 4");
    assert_claim(f, 2, NOW, "5");
    assert_claim(f, 2, NOW, "");
    g_autofree char *others = numbers(f, "other", DELIVERY_PLANNED);
    g_assert_cmpstr(others, ==, "1 2 3");
}

static void test_claim_gives_all(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    g_autoptr(GPtrArray) batch = deliveries_claim(f->ledger, the(f->ledger, "m"), 9, NOW, &error);
    const Delivery *delivery = g_ptr_array_index(batch, 0);
    g_assert_cmpstr(delivery->mailing, ==, "m");
    g_assert_cmpstr(delivery->key, ==, "100001");
    g_assert_cmpstr(delivery->address, ==, "Head1@school.example");
    g_assert_cmpstr(delivery->name, ==, "Ann Ó Briain");
    g_assert_cmpstr(delivery->fields, ==, "d3:urn6:100001e");
    g_assert_cmpuint(delivery->fields_length, ==, strlen(delivery->fields));
}

static void test_claim_due(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 when;
    (void)data;
    fixture_plan(f->ledger, "m", 6);
    g_assert_true(deliveries_next_due(f->ledger, the(f->ledger, "m"), &when, &error));
    g_assert_cmpint(when, ==, 0);
    assert_claim(f, 4, NOW, "1 2 3 4");
    record(f, 1, DELIVERY_DEFERRED, NOW + 300);
    record(f, 2, DELIVERY_DEFERRED, NOW + 100);
    record(f, 3, DELIVERY_DEFERRED, NOW + 200);
    record(f, 4, DELIVERY_SENT, NOW + 1); /* next_at means nothing here */
    g_assert_true(deliveries_next_due(f->ledger, the(f->ledger, "m"), &when, &error));
    g_assert_cmpint(when, ==, NOW + 100);
    assert_numbers(f, DELIVERY_DEFERRED, "1 2 3");

    assert_claim(f, 1, NOW + 99, "5");    /* none is due: the planned go on */
    assert_claim(f, 2, NOW + 200, "2 3"); /* the due before the planned, one at its very time */
    assert_claim(f, 9, NOW + 299, "6");
    assert_claim(f, 9, NOW + 299, "");
    g_assert_true(deliveries_next_due(f->ledger, the(f->ledger, "m"), &when, &error));
    g_assert_cmpint(when, ==, NOW + 300);
    assert_claim(f, 9, NOW + 300, "1");
}

/* --- recording ------------------------------------------------------------------------------- */

static void test_record(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    const DeliveryResult results[] = {
        {.number = 1,
         .state = DELIVERY_SENT,
         .tried = TRUE,
         .code = 250,
         .enhanced = "2.0.0",
         .reply = "Ok: queued as 4X",
         .at = NOW},
        {.number = 2,
         .state = DELIVERY_DEFERRED,
         .tried = TRUE,
         .code = 451,
         .enhanced = "4.7.1",
         .reply = "Greylisted",
         .at = NOW,
         .next_at = NOW + 60},
        {.number = 3,
         .state = DELIVERY_REFUSED,
         .tried = TRUE,
         .code = 550,
         .enhanced = "5.1.1",
         .reply = "No such user",
         .at = NOW},
        {.number = 4, .state = DELIVERY_UNKNOWN, .tried = TRUE, .at = NOW},
        {.number = 5, .state = DELIVERY_PLANNED, .at = NOW},
    };
    (void)data;
    fixture_plan(f->ledger, "m", 6);
    assert_claim(f, 5, NOW, "1 2 3 4 5");
    g_assert_true(
        deliveries_record(f->ledger, the(f->ledger, "m"), results, G_N_ELEMENTS(results), &error));

    assert_numbers(f, DELIVERY_PLANNED, "5 6");
    for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
        g_autoptr(Delivery) found = first(f, "m", results[i].state);
        g_assert_cmpuint(found->number, ==, i + 1);
        g_assert_cmpuint(found->attempts, ==, results[i].tried ? 1 : 0);
        g_assert_cmpint(found->code, ==, results[i].code);
        g_assert_cmpstr(found->enhanced, ==, results[i].enhanced ? results[i].enhanced : "");
        g_assert_cmpstr(found->reply, ==, results[i].reply ? results[i].reply : "");
        g_assert_cmpint(found->changed_at, ==, NOW);
        g_assert_cmpint(found->next_at, ==, results[i].next_at);
    }
    /* A second attempt counts on. */
    assert_claim(f, 1, NOW + 60, "2");
    record(f, 2, DELIVERY_SENT, 0);
    assert_numbers(f, DELIVERY_SENT, "1 2");
    g_autofree char *attempts =
        fixture_ask(f->path, "SELECT attempts FROM deliveries WHERE number = 2");
    g_assert_cmpstr(attempts, ==, "2");
}

static void test_record_nothing(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    g_assert_true(deliveries_record(f->ledger, the(f->ledger, "m"), NULL, 0, &error));
    g_assert_no_error(error);
}

/* From every state but `sending`: refused, the row as it was, and the rest of the batch on record.
 */
static void test_record_unclaimed(Fixture *f, gconstpointer data)
{
    (void)data;
    fixture_plan(f->ledger, "m", 3);
    for (int i = 0; i < DELIVERY_STATES; i++) {
        g_autoptr(GError) error = NULL;
        const char *word = delivery_state_name((DeliveryState)i);
        if (i == DELIVERY_SENDING)
            continue;
        g_autofree char *sql =
            g_strdup_printf("UPDATE deliveries SET state = 'sending', code = 0;"
                            "UPDATE deliveries SET state = '%s', next_at = 0 WHERE number = 2",
                            word);
        g_autofree char *part =
            g_strdup_printf("delivery 2 of 'm' can't become 'sent': it is '%s'", word);
        const DeliveryResult results[] = {
            {.number = 1, .state = DELIVERY_SENT, .code = 250, .at = NOW},
            {.number = 2, .state = DELIVERY_SENT, .code = 999, .at = NOW},
            {.number = 3, .state = DELIVERY_REFUSED, .code = 550, .at = NOW},
        };
        fixture_sql(f->path, sql);
        g_assert_false(deliveries_record(f->ledger, the(f->ledger, "m"), results, 3, &error));
        assert_message(error, CIRCULAR_ERROR_IO, part);
        g_autofree char *all = fixture_ask(
            f->path, fixture_server()
                         ? "SELECT string_agg(state || code, ',' ORDER BY number) FROM deliveries"
                         : "SELECT group_concat(state || code) FROM (SELECT * FROM deliveries "
                           "ORDER BY number)");
        g_autofree char *expected = g_strdup_printf("sent250,%s0,refused550", word);
        g_assert_cmpstr(all, ==, expected);
    }
}

static void test_record_twice_or_missing(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    const DeliveryResult results[] = {
        {.number = 1, .state = DELIVERY_SENT, .at = NOW},
        {.number = 1, .state = DELIVERY_DEFERRED, .at = NOW, .next_at = NOW},
        {.number = 77, .state = DELIVERY_SENT, .at = NOW},
        {.number = 2, .state = DELIVERY_SENT, .at = NOW},
    };
    (void)data;
    fixture_plan(f->ledger, "m", 2);
    assert_claim(f, 2, NOW, "1 2");
    g_assert_false(deliveries_record(f->ledger, the(f->ledger, "m"), results, 4, &error));
    assert_message(error, CIRCULAR_ERROR_IO,
                   "delivery 1 of 'm' can't become 'deferred': it is 'sent' and not 'sending' "
                   "(and 1 more)");
    assert_numbers(f, DELIVERY_SENT, "1 2"); /* said to be sent once: not to be sent again */
    g_assert_false(deliveries_record(f->ledger, the(f->ledger, "m"), results + 2, 1, &error));
    assert_message(error, CIRCULAR_ERROR_IO,
                   "delivery 77 of 'm' can't become 'sent': it is "
                   "'missing'");
}

static void test_record_reply(Fixture *f, gconstpointer data)
{
    g_autofree char *below = g_strnfill(CLAIMS_REPLY_MAX - 1, 'a');
    g_autofree char *at = g_strnfill(CLAIMS_REPLY_MAX, 'a');
    g_autofree char *above = g_strnfill(CLAIMS_REPLY_MAX + 1, 'a');
    g_autofree char *split = g_strconcat(below, "ż", NULL);
    g_autofree char *fits = g_strdup(split + 1);
    const struct {
        const char *said, *kept;
    } cases[] = {
        {"a\r\nb\tc\x1b[2J\x7f", "a  b c [2J "},
        {"caf\xe9", "caf\xef\xbf\xbd"},
        {"grüß", "grüß"},
        {NULL, ""},
        {below, below},
        {at, at},
        {above, at},
        {split, below},
        {fits, fits},
    };
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        DeliveryResult result = {.number = 1, .state = DELIVERY_PLANNED, .reply = cases[i].said};
        assert_claim(f, 1, NOW, "1");
        g_assert_true(deliveries_record(f->ledger, the(f->ledger, "m"), &result, 1, &error));
        g_autoptr(Delivery) found = first(f, "m", DELIVERY_PLANNED);
        g_assert_cmpstr(found->reply, ==, cases[i].kept);
    }
}

static void test_turn(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    const DeliveryResult results[] = {
        {.number = 1, .state = DELIVERY_SENT, .at = NOW},
        {.number = 2, .state = DELIVERY_DEFERRED, .at = NOW, .next_at = NOW + 60},
    };
    (void)data;
    fixture_plan(f->ledger, "m", 6);
    assert_claim(f, 2, NOW, "1 2");
    g_autoptr(GPtrArray) batch =
        deliveries_turn(f->ledger, the(f->ledger, "m"), results, 2, 2, NULL, NOW, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(batch->len, ==, 2);
    assert_numbers(f, DELIVERY_SENDING, "3 4");
    assert_numbers(f, DELIVERY_SENT, "1");
    assert_numbers(f, DELIVERY_DEFERRED, "2");
    /* One that is not `sending`: the others on record, and nothing more begun. */
    const DeliveryResult odd[] = {{.number = 1, .state = DELIVERY_SENT, .at = NOW},
                                  {.number = 3, .state = DELIVERY_SENT, .at = NOW}};
    g_assert_null(deliveries_turn(f->ledger, the(f->ledger, "m"), odd, 2, 2, NULL, NOW, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "delivery 1 of 'm' can't become 'sent'");
    assert_numbers(f, DELIVERY_SENDING, "4");
    assert_numbers(f, DELIVERY_SENT, "1 3");
    assert_numbers(f, DELIVERY_PLANNED, "5 6");
}

/* The day's limit is asked in the transaction that claims: two processes can't both have the last. */
static void test_day_limit(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    const gint64 since = NOW - 100;
    (void)data;
    fixture_plan(f->ledger, "m", 6);
    fixture_plan(f->ledger, "other", 6);
    DayLimit day = {.most = 4, .since = since};
    g_autoptr(GPtrArray) others =
        deliveries_turn(f->ledger, the(f->ledger, "other"), NULL, 0, 3, &day, NOW - 50, &error);
    g_assert_cmpuint(others->len, ==, 3);
    g_assert_false(day.is_spent);
    g_autoptr(GPtrArray) one =
        deliveries_turn(f->ledger, the(f->ledger, "m"), NULL, 0, 5, &day, NOW, &error);
    g_assert_cmpuint(one->len, ==, 1);
    g_autoptr(GPtrArray) none =
        deliveries_turn(f->ledger, the(f->ledger, "m"), NULL, 0, 5, &day, NOW, &error);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_true(day.is_spent);
    /* Who was refused makes room, and so does the time. */
    record(f, 1, DELIVERY_REFUSED, 0);
    day = (DayLimit){.most = 4, .since = since};
    g_autoptr(GPtrArray) next =
        deliveries_turn(f->ledger, the(f->ledger, "m"), NULL, 0, 5, &day, NOW, &error);
    g_assert_cmpuint(next->len, ==, 1);
    day = (DayLimit){.most = 4, .since = NOW - 50};
    g_autoptr(GPtrArray) later =
        deliveries_turn(f->ledger, the(f->ledger, "m"), NULL, 0, 5, &day, NOW, &error);
    g_assert_cmpuint(later->len, ==, 3);
    g_assert_no_error(error);
}

static char *replanned(Fixture *f, const char *only)
{
    g_autoptr(GError) error = NULL;
    guint64 counted = 0, moved = 0;
    g_assert_true(deliveries_count_refused(f->ledger, the(f->ledger, "m"), only, &counted, &error));
    g_assert_true(
        deliveries_replan_refused(f->ledger, the(f->ledger, "m"), only, NOW + 9, &moved, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(counted, ==, moved);
    return numbers(f, "m", DELIVERY_PLANNED);
}

/* The way back for those refused, by either code, and from the beginning. */
static void test_replan_refused(Fixture *f, gconstpointer data)
{
    static const DeliveryResult refused[] = {
        {.number = 1, .state = DELIVERY_REFUSED, .tried = TRUE, .code = 550, .enhanced = "5.7.1"},
        {.number = 2, .state = DELIVERY_REFUSED, .tried = TRUE, .code = 554, .enhanced = "5.7.1"},
        {.number = 3, .state = DELIVERY_REFUSED, .tried = TRUE, .code = 554, .enhanced = "5.7.15"},
        {.number = 4, .state = DELIVERY_REFUSED, .tried = TRUE, .given_up = GIVEN_UP_DEADLINE},
        {.number = 5, .state = DELIVERY_SENT, .tried = TRUE, .code = 250, .enhanced = "5.7.1"},
    };
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 5);
    assert_claim(f, 5, NOW, "1 2 3 4 5");
    g_assert_true(
        deliveries_record(f->ledger, the(f->ledger, "m"), refused, G_N_ELEMENTS(refused), &error));
    g_autofree char *nobody = replanned(f, "55"), *by_status = replanned(f, "5.7.1");
    g_assert_cmpstr(nobody, ==, "");
    g_assert_cmpstr(by_status, ==, "1 2");
    g_autofree char *by_code = replanned(f, "554"), *all = replanned(f, "");
    g_assert_cmpstr(by_code, ==, "1 2 3");
    g_assert_cmpstr(all, ==, "1 2 3 4");
    g_autoptr(Delivery) again = first(f, "m", DELIVERY_PLANNED);
    g_assert_cmpuint(again->attempts, ==, 0);
    g_assert_cmpint(again->first_at, ==, 0);
    assert_numbers(f, DELIVERY_SENT, "5");
}

/* All stays cheap however many rows there are: each query that is traced goes by an index. */
static void test_by_index(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    guint claims = 0, sorts = 0;
    gint64 when;
    (void)data;
    if (g_test_subprocess()) {
        fixture_plan(f->ledger, "m", 1);
        g_assert_true(deliveries_next_due(f->ledger, the(f->ledger, "m"), &when, &error));
        G_GNUC_UNUSED g_autofree char *claimed = claim(f, 1, NOW);
        assert_numbers(f, DELIVERY_STATES, "1");
        assert_numbers(f, DELIVERY_SENDING, "1");
        deliveries_history(f->ledger, "100001", add_number, g_string_new(NULL), &error);
        deliveries_history(f->ledger, "a@x.test", add_number, g_string_new(NULL), &error);
        g_array_unref(deliveries_arrived(f->ledger, "a@x.test", 0, NOW, &error));
        return;
    }
    if (fixture_needs_file())
        return;
    g_autoptr(GPtrArray) queries = fixture_queries("/deliveries/by-index", "deliveries");
    for (guint i = 0; i < queries->len; i++) {
        const char *query = g_ptr_array_index(queries, i);
        g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", query, NULL);
        g_autofree char *steps = fixture_column(f->path, sql, 3);
        g_assert_nonnull(strstr(steps, "SEARCH d"));
        g_assert_null(strstr(steps, "SCAN d"));
        g_assert_null(strstr(steps, "SCAN f"));
        if (strstr(query, "d.key ="))
            g_assert_nonnull(strstr(steps, "(mailing=? AND key=?)"));
        claims += strstr(steps, "INDEX deliveries_open") != NULL;
        sorts += strstr(steps, "TEMP B-TREE") != NULL;
    }
    g_assert_cmpuint(claims, ==, 3); /* and what is due next */
    g_assert_cmpuint(sorts, ==, 3);  /* histories, which are short */
}

/* --- recovering ------------------------------------------------------------------------------ */

static void test_recover(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    guint64 count;
    (void)data;
    fixture_plan(f->ledger, "other", 1);
    fixture_plan(f->ledger, "m", 5);
    assert_claim(f, 3, NOW, "1 2 3");
    g_autoptr(GPtrArray) others =
        deliveries_claim(f->ledger, the(f->ledger, "other"), 1, NOW, &error);
    g_assert_cmpuint(others->len, ==, 1);
    record(f, 2, DELIVERY_SENT, 0);
    g_assert_true(deliveries_recover(f->ledger, the(f->ledger, "m"), NOW + 1, &count, &error));
    g_assert_cmpuint(count, ==, 2);
    assert_numbers(f, DELIVERY_UNKNOWN, "1 3");
    assert_numbers(f, DELIVERY_SENT, "2");
    assert_numbers(f, DELIVERY_PLANNED, "4 5");
    g_autofree char *untouched = numbers(f, "other", DELIVERY_SENDING);
    g_assert_cmpstr(untouched, ==, "1");
    g_autoptr(Delivery) found = first(f, "m", DELIVERY_UNKNOWN);
    g_assert_cmpuint(found->attempts, ==, 1);
    g_assert_cmpint(found->changed_at, ==, NOW + 1);
    g_assert_cmpstr(found->reply, ==, "the sender stopped before the outcome was on record");

    g_assert_true(deliveries_recover(f->ledger, the(f->ledger, "m"), NOW + 2, &count, &error));
    g_assert_cmpuint(count, ==, 0);
    assert_claim(f, 9, NOW, "4 5"); /* the unknown are not sent again by themselves */
    g_assert_true(
        deliveries_replan_unknown(f->ledger, the(f->ledger, "m"), NOW + 3, &count, &error));
    g_assert_cmpuint(count, ==, 2);
    assert_claim(f, 9, NOW, "1 3");
}

/* --- history --------------------------------------------------------------------------------- */

static gboolean add_line(void *user, const Delivery *delivery)
{
    g_string_append_printf(user, "%s/%" G_GUINT64_FORMAT " ", delivery->mailing, delivery->number);
    return TRUE;
}

static gboolean add_excluded(void *user, const LeftOut *one)
{
    g_autofree char *said = exclusion_said(one->kind, one->detail, one->since);
    g_autofree char *place = location_text(&one->at);
    g_string_append_printf(user, "%s:%s:%s%s%s:%s:%s ", one->mailing, one->key, one->name,
                           *one->name ? "/" : "", one->address, said, place);
    return TRUE;
}

static void plan_at(Fixture *f, const char *id, gint64 at, const char *key, const char *address)
{
    g_autoptr(GError) error = NULL;
    Delivery delivery = {.number = 1,
                         .key = TEXT(key),
                         .address = TEXT(address),
                         .name = TEXT(""),
                         .fields = TEXT("de"),
                         .fields_length = 2};
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, id, at);
    deliveries_add(f->ledger, the(f->ledger, id), &delivery, &error);
    g_assert_no_error(error);
    fixture_commit(f->ledger);
}

static void test_history(Fixture *f, gconstpointer data)
{
    static const char *const cases[][2] = {
        {"100001", "late/1 middle/1 early/1 "},
        {"ann@example.org", "late/1 early/1 "},
        {"ANN@Example.org", "late/1 early/1 "},
        {"bob@example.org", "by-address/1 middle/1 "}, /* a key may be an address */
        {"10000%", ""},
        {"' OR 1=1 --", ""},
        {"", ""},
    };
    (void)data;
    plan_at(f, "middle", 2000, "100001", "bob@example.org");
    plan_at(f, "early", 1000, "100001", "Ann@Example.ORG");
    plan_at(f, "late", 3000, "100001", "ann@example.org");
    plan_at(f, "by-address", 4000, "bob@example.org", "x@example.org");
    plan_at(f, "another", 5000, "100002", "eve@example.org");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) found = g_string_new(NULL);
        g_assert_true(deliveries_history(f->ledger, cases[i][0], add_line, found, &error));
        g_assert_cmpstr(found->str, ==, cases[i][1]);
    }
}

static void test_exclusions(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "m", 1000);
    fixture_mailing(f->ledger, "n", 2000);
    g_assert_true(exclusions_add(
        f->ledger, the(f->ledger, "m"),
        &(LeftOut){"m", "3", "", "", "", "", EXCLUSION_NO_ADDRESS, "", 0, 0, {"s.csv", 9, 0}},
        &error));
    g_assert_true(exclusions_add(f->ledger, the(f->ledger, "m"),
                                 &(LeftOut){"m",
                                            "2",
                                            "Ann Bee",
                                            "",
                                            "",
                                            "Ann@x.test",
                                            EXCLUSION_BAD_ADDRESS,
                                            "",
                                            0,
                                            0,
                                            {"s.xlsx:Heads", 7, 3}},
                                 &error));
    g_assert_true(exclusions_add(
        f->ledger, the(f->ledger, "n"),
        &(LeftOut){"n", "3", "", "", "", "", EXCLUSION_OTHER, "closed", 0, 0, {NULL, 0, 0}},
        &error));
    g_assert_true(exclusions_add(
        f->ledger, the(f->ledger, "m"),
        &(LeftOut){"m", "3", "", "", "", "", EXCLUSION_NO_ADDRESS, "", 0, 0, {"s.csv", 9, 0}},
        &error));
    fixture_commit(f->ledger);

    g_autoptr(GString) found = g_string_new(NULL);
    g_assert_true(exclusions_each(f->ledger, the(f->ledger, "m"), add_excluded, found, &error));
    g_assert_cmpstr(found->str, ==,
                    "m:3::no address:s.csv:9 m:2:Ann Bee/Ann@x.test:bad address:s.xlsx:Heads!C7 "
                    "m:3::no address:s.csv:9 ");
    g_string_truncate(found, 0);
    g_assert_true(exclusions_history(f->ledger, "3", add_excluded, found, &error));
    g_assert_cmpstr(found->str, ==,
                    "n:3::left out: closed: m:3::no address:s.csv:9 m:3::no address:s.csv:9 ");
    g_string_truncate(found, 0);
    g_assert_true(exclusions_history(f->ledger, "ann@X.test", add_excluded, found, &error));
    g_assert_cmpstr(found->str, ==, "m:2:Ann Bee/Ann@x.test:bad address:s.xlsx:Heads!C7 ");
    g_string_truncate(found, 0);
    g_assert_true(exclusions_history(f->ledger, "", add_excluded, found, &error));
    g_assert_cmpstr(found->str, ==, ""); /* not all who have no address */
}

static gboolean take_until(void *user, const LeftOut *one)
{
    *(gint64 *)user = one->until;
    return TRUE;
}

/* A letter to several audiences: a suppression for any of them is why one was left out. */
static void test_exclusions_until(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *audience;
        gint64 wanted;
    } cases[] = {{"heads", 500},
                 {"heads, ceos", 500},
                 {"ceos, heads, all-heads", 500},
                 {"ceos,heads", 500},
                 {"all-heads, ceos", 0}};
    g_autoptr(GError) error = NULL;
    gboolean added;
    gint64 until;
    (void)data;
    fixture_begin(f->ledger);
    g_assert_true(suppressions_add(f->ledger,
                                   &(Suppression){.address = TEXT("ann@x.test"),
                                                  .audience = TEXT("heads"),
                                                  .kind = SUPPRESSION_FULL,
                                                  .source = TEXT("notice 7"),
                                                  .since = 10,
                                                  .until = 500},
                                   &added, &error));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *id = g_strdup_printf("m%u", (guint)i);
        fixture_mailing_to(f->ledger, id, 1000, cases[i].audience);
        LeftOut one = {.mailing = id,
                       .key = "2",
                       .name = "",
                       .label = "",
                       .phone = "",
                       .address = "Ann@x.test",
                       .kind = EXCLUSION_SUPPRESSED,
                       .detail = ""};
        g_assert_true(exclusions_add(f->ledger, the(f->ledger, id), &one, &error));
        g_assert_true(exclusions_each(f->ledger, the(f->ledger, id), take_until, &until, &error));
        g_assert_cmpint(until, ==, cases[i].wanted);
    }
    fixture_commit(f->ledger);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/deliveries/round-trip", test_round_trip);
    ADD_TEST("/deliveries/nobody-twice", test_nobody_twice);
    ADD_TEST("/deliveries/states", test_states);
    ADD_TEST("/deliveries/unknown-state", test_unknown_state);
    ADD_TEST("/deliveries/history", test_history);
    ADD_TEST("/exclusions", test_exclusions);
    ADD_TEST("/exclusions/until", test_exclusions_until);
    ADD_TEST("/claims/claim", test_claim);
    ADD_TEST("/claims/claim-gives-all", test_claim_gives_all);
    ADD_TEST("/claims/claim-due", test_claim_due);
    ADD_TEST("/claims/record", test_record);
    ADD_TEST("/claims/record-nothing", test_record_nothing);
    ADD_TEST("/claims/record-unclaimed", test_record_unclaimed);
    ADD_TEST("/claims/record-twice-or-missing", test_record_twice_or_missing);
    ADD_TEST("/claims/record-reply", test_record_reply);
    ADD_TEST("/claims/turn", test_turn);
    ADD_TEST("/claims/day-limit", test_day_limit);
    ADD_TEST("/claims/replan-refused", test_replan_refused);
    ADD_TEST("/deliveries/by-index", test_by_index);
    ADD_TEST("/claims/recover", test_recover);
    return g_test_run();
}
