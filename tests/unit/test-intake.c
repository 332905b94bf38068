/* test-intake - what came back applied to the ledger: what is believed, what is not, and what for
 */
#include "ledger-fixture.h"

#include "ledger/marks.h"
#include "ledger/inbound_reports.h"
#include "ledger/suppressions.h"
#include "inbound/intake.h"
#include "autoreply/request.h"

#define DAY (24 * 60 * 60 * (gint64)G_USEC_PER_SEC)

static const guint8 KEY[TOKEN_KEY] = "0123456789abcdef0123456789abcdef";

/* Mailings 1 to 9, "m1" and so on, each sent on the day of its number times ten, to Head1 ... Head3
 * at school.example, audience "heads". */
typedef struct {
    Fixture f;
    TokenKey *key;
    Intake intake;
    guint messages;
    IntakeResult last;
} Office;

static void set_up(Office *o, gconstpointer data)
{
    fixture_set_up(&o->f, data);
    for (guint i = 1; i <= 9; i++) {
        g_autofree char *id = g_strdup_printf("m%u", i);
        fixture_plan(o->f.ledger, id, 3);
    }
    g_autofree char *sql = g_strdup_printf("UPDATE deliveries SET state='sent', attempts=1, "
                                           "first_at = mailing * 10 * %" G_GINT64_FORMAT,
                                           DAY);
    fixture_sql(o->f.path, sql);
    o->key = token_key_new(KEY);
    o->intake = (Intake){.ledger = o->f.ledger,
                         .key = o->key,
                         .limits = POLICY_DEFAULTS,
                         .bounces = "bounces@example.org"};
}

static void tear_down(Office *o, gconstpointer data)
{
    token_key_free(o->key);
    fixture_tear_down(&o->f, data);
}

/* --- messages -------------------------------------------------------------------------------- */

static char *sender_of(const Office *o, guint mailing, guint number)
{
    char token[TOKEN_MAX + 1];
    token_make(o->key, TOKEN_BOUNCE, mailing, number, token);
    return g_strdup_printf("Bounces+%s@example.org", token);
}

static InboundReport *empty(const char *subject)
{
    InboundReport *notice = inbound_report_new();
    notice->from = g_strdup("mailer-daemon@mx.test");
    notice->subject = g_strdup(subject);
    notice->text = g_strdup("");
    return notice;
}

static InboundRecipient *tell(InboundReport *notice, InboundKind kind, const char *address,
                              const char *status, Reason reason)
{
    InboundRecipient *recipient = inbound_report_add(notice, kind, g_strdup(address));
    g_strlcpy(recipient->status, status, sizeof recipient->status);
    recipient->reason = reason;
    return recipient;
}

/* A report on Head1's copy of a mailing, sent back to its own sender. */
static InboundReport *report(const Office *o, guint mailing, InboundKind kind, const char *status,
                             Reason reason)
{
    InboundReport *notice = empty("Undelivered Mail Returned to Sender");
    g_ptr_array_add(notice->sent_to, sender_of(o, mailing, 1));
    tell(notice, kind, "head1@school.example", status, reason);
    return notice;
}

static InboundReport *hard(const Office *o, guint mailing)
{
    return report(o, mailing, INBOUND_HARD, "5.1.1", REASON_USERUNKNOWN);
}

static InboundReport *soft(const Office *o, guint mailing)
{
    return report(o, mailing, INBOUND_SOFT, "4.4.1", REASON_EXPIRED);
}

/* Applies and frees it, as received on a day. */
static void apply_as(Office *o, InboundReport *notice, const char *hash, double day)
{
    g_autoptr(GError) error = NULL;
    IntakeMessage message = {.notice = notice,
                             .hash = hash,
                             .uidvalidity = 1,
                             .uid = o->messages,
                             .received_at = (gint64)(day * (double)DAY)};
    g_assert_true(intake_apply(&o->intake, &message, &o->last, &error));
    g_assert_no_error(error);
    inbound_report_free(notice);
}

static void apply(Office *o, InboundReport *notice, double day)
{
    g_autofree char *hash = g_strdup_printf("%064u", ++o->messages);
    apply_as(o, notice, hash, day);
}

/* --- what is then so ------------------------------------------------------------------------- */

static char *ask(Office *o, const char *sql)
{
    return fixture_ask(o->f.path, sql);
}

#define assert_asked(o, sql, expected)                                                             \
    do {                                                                                           \
        g_autofree char *asked = ask(o, sql);                                                      \
        g_assert_cmpstr(asked, ==, expected);                                                      \
    } while (0)

/* Suppressions as "address:audience:reason", those that hold. */
#define assert_suppressed(o, expected)                                                             \
    assert_asked(                                                                                  \
        o,                                                                                         \
        "SELECT coalesce(group_concat(address || ':' || audience || ':' || reason, ' '),"          \
        " '') FROM (SELECT * FROM suppressions WHERE removed_at = 0 ORDER BY number) AS s",        \
        expected)

/* Deliveries that are not just sent, as "mailing/number:state". */
#define assert_states(o, expected)                                                                 \
    assert_asked(                                                                                  \
        o,                                                                                         \
        "SELECT coalesce(group_concat(mailing || '/' || number || ':' || state, ' '), '')"         \
        " FROM (SELECT * FROM deliveries WHERE state <> 'sent' ORDER BY mailing, number) AS d",    \
        expected)

#define assert_row(o, expected)                                                                    \
    assert_asked(o,                                                                                \
                 "SELECT kind || ':' || judged || ':' || action || ':' || verified || ':' || "     \
                 "review FROM notices ORDER BY number DESC LIMIT 1",                               \
                 expected)

#define HEAD1_HARD "head1@school.example::bounce-hard"

/* --- believed or not ------------------------------------------------------------------------- */

static void test_hard_is_applied_once(Office *o, gconstpointer data)
{
    (void)data;
    apply_as(o, hard(o, 2), "aa", 21);
    g_assert_cmpint(o->last.news, ==, INTAKE_APPLIED);
    g_assert_true(o->last.bounced == 1 && o->last.suppressed == 1 && !o->last.to_review);
    assert_states(o, "2/1:bounced");
    assert_suppressed(o, HEAD1_HARD);
    assert_row(o, "bounce-hard:bounce-hard:suppressed:1:0");
    assert_asked(o, "SELECT source FROM suppressions", "notice 1: no such user, 5.1.1");
    apply_as(o, hard(o, 2), "aa", 22);
    g_assert_cmpint(o->last.news, ==, INTAKE_REPEATED);
    g_assert_true(!o->last.bounced && !o->last.suppressed);
    assert_asked(o, "SELECT count(*) FROM notices", "1");
    apply(o, hard(o, 2), 23); /* the same again in other bytes */
    g_assert_true(!o->last.bounced && !o->last.suppressed);
    assert_suppressed(o, HEAD1_HARD);
}

static void test_unproven_changes_nothing(Office *o, gconstpointer data)
{
    (void)data;
    static const InboundKind kinds[] = {INBOUND_AUTO_REPLY, INBOUND_CHALLENGE, INBOUND_DELIVERED,
                                        INBOUND_COMPLAINT,  INBOUND_DELAYED,   INBOUND_SOFT,
                                        INBOUND_HARD};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        InboundReport *notice = report(o, 2, kinds[i], "5.1.1", REASON_USERUNKNOWN);
        g_ptr_array_set_size(notice->sent_to, 0);
        g_ptr_array_add(notice->sent_to, g_strdup("bounces@example.org"));
        notice->original_message_id = g_strdup("<m2.1@example.org>");
        notice->original_delivery = g_strdup("m2/1");
        apply(o, notice, 21);
        g_assert_true(o->last.to_review && o->last.recorded == 1);
        assert_asked(o,
                     "SELECT action || verified || review || mailing || delivery "
                     "|| key FROM "
                     "notices ORDER BY number DESC LIMIT 1",
                     "review01m21100001"); /* named, and not believed */
    }
    assert_states(o, "");
    assert_suppressed(o, "");
}

static void test_names_without_proof(Office *o, gconstpointer data)
{
    (void)data;
    static const char *const names[][2] = {
        {"m2/1", "m2:1"},   {"m2/99", ":0"},         {"m99/1", ":0"}, {"/1", ":0"},
        {"m2/", ":0"},      {"m2/0", ":0"},          {"m2/1x", ":0"}, {"m2", ":0"},
        {"", ":0"},         {"m2/4294967296", ":0"}, {"m2/-1", ":0"}, {"m2/1 junk", "m2:1"},
        {"'; DROP/1", ":0"}};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        InboundReport *notice = hard(o, 2);
        g_ptr_array_set_size(notice->sent_to, 0);
        notice->original_delivery = g_strdup(names[i][0]);
        apply(o, notice, 21);
        assert_asked(o,
                     "SELECT mailing || ':' || delivery FROM notices ORDER BY "
                     "number DESC LIMIT 1",
                     names[i][1]);
    }
}

static void test_signed_header_proves(Office *o, gconstpointer data)
{
    (void)data;
    char token[TOKEN_MAX + 1];
    InboundReport *notice = hard(o, 2);
    g_ptr_array_set_size(notice->sent_to, 0);
    token_make(o->key, TOKEN_BOUNCE, 2, 1, token);
    notice->original_delivery = g_strdup_printf("m2/1 %s", token);
    apply(o, notice, 21);
    assert_states(o, "2/1:bounced");
    /* The token counts, whatever number somebody wrote before it. */
    notice = report(o, 3, INBOUND_HARD, "5.1.1", REASON_USERUNKNOWN);
    g_ptr_array_set_size(notice->sent_to, 0);
    token_make(o->key, TOKEN_BOUNCE, 3, 1, token);
    notice->original_delivery = g_strdup_printf("m5/2 %s", token);
    apply(o, notice, 31);
    assert_states(o, "2/1:bounced 3/1:bounced");
}

/* What a server made up and told nobody but us and the reader; and not what can be guessed. */
static void test_servers_own_id_proves(Office *o, gconstpointer data)
{
    (void)data;
    static const char id[] = "<CWXP265MB1234ABCD@CWXP265MB1234.GBRP265.PROD.OUTLOOK.TEST>";
    g_autofree char *sql = g_strdup_printf(
        "UPDATE deliveries SET message_id = CASE number WHEN 1 THEN '%s' ELSE '<1@x.test>' END "
        "WHERE mailing = 2 AND number < 3",
        id);
    fixture_sql(o->f.path, sql);
    const char *const ids[] = {"<1@x.test>", "<CWXP265MB1234ABCE@CWXP265MB1234.GBRP265.PROD.TEST>",
                               id};
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        InboundReport *notice = hard(o, 2);
        g_ptr_array_set_size(notice->sent_to, 0);
        notice->original_message_id = g_strdup(ids[i]);
        assert_states(o, "");
        apply(o, notice, 21);
    }
    assert_states(o, "2/1:bounced");
}

static void test_forged_tokens(Office *o, gconstpointer data)
{
    (void)data;
    char token[TOKEN_MAX + 1];
    guint8 other[TOKEN_KEY] = {1};
    g_autoptr(TokenKey) theirs = token_key_new(other);
    token_make(o->key, TOKEN_UNSUBSCRIBE, 2, 1, token);
    InboundReport *borrowed = hard(o, 2), *foreign = hard(o, 2), *unknown = hard(o, 2);
    g_ptr_array_set_size(borrowed->sent_to, 0);
    g_ptr_array_add(borrowed->sent_to, g_strdup_printf("bounces+%s@example.org", token));
    apply(o, borrowed, 21);
    g_assert_true(o->last.to_review);
    token_make(theirs, TOKEN_BOUNCE, 2, 1, token);
    g_ptr_array_set_size(foreign->sent_to, 0);
    g_ptr_array_add(foreign->sent_to, g_strdup_printf("bounces+%s@example.org", token));
    apply(o, foreign, 21);
    g_assert_true(o->last.to_review);
    token_make(o->key, TOKEN_BOUNCE, 2, 77, token); /* ours, and yet of no delivery */
    g_ptr_array_set_size(unknown->sent_to, 0);
    g_ptr_array_add(unknown->sent_to, g_strdup_printf("bounces+%s@example.org", token));
    apply(o, unknown, 21);
    g_assert_true(o->last.to_review);
    assert_states(o, "");
    assert_suppressed(o, "");
}

static void test_letter_in_flight(Office *o, gconstpointer data)
{
    (void)data;
    fixture_sql(o->f.path, "UPDATE deliveries SET state='sending' WHERE mailing=2 AND number=1");
    apply_as(o, hard(o, 2), "aa", 21);
    g_assert_cmpint(o->last.news, ==, INTAKE_LATER);
    assert_asked(o, "SELECT count(*) FROM notices", "0");
    assert_suppressed(o, "");
    fixture_sql(o->f.path, "UPDATE deliveries SET state='unknown' WHERE mailing=2 AND number=1");
    apply_as(o, hard(o, 2), "aa", 21);
    g_assert_cmpint(o->last.news, ==, INTAKE_APPLIED);
    assert_states(o, "2/1:bounced");
}

/* --- whose failure
 * --------------------------------------------------------------------------- */

static void test_other_recipients(Office *o, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *address;
        gboolean is_same;
    } cases[] = {
        {"HEAD1@SCHOOL.EXAMPLE", TRUE},
        {"", TRUE},
        {"head1", TRUE},
        {"head1@mail.school.example", TRUE},
        {"head1@school-example.onmicrosoft.com", TRUE},
        {"head1@server.local", TRUE},
        {"head1@localhost", TRUE},
        {"head2@school.example", FALSE},
        {"head1@notschool.example", FALSE},
        {"head1@other.example", FALSE},
        {"office", FALSE},
        {"ahead1@school.example", FALSE},
        {"somebody@onmicrosoft.com", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        InboundReport *notice = empty("Undeliverable");
        g_ptr_array_add(notice->sent_to, sender_of(o, 2, 1));
        tell(notice, INBOUND_HARD, cases[i].address, "5.1.1", REASON_USERUNKNOWN);
        apply(o, notice, 21);
        assert_suppressed(o, cases[i].is_same ? HEAD1_HARD : "");
        assert_states(o, cases[i].is_same ? "2/1:bounced" : "");
        assert_row(o, cases[i].is_same ? "bounce-hard:bounce-hard:suppressed:1:0"
                                       : "bounce-hard::recorded:1:1");
        fixture_sql(o->f.path, "DELETE FROM suppressions; DELETE FROM notices; "
                               "UPDATE deliveries SET state='sent'");
    }
}

static gboolean note_times(void *user, const InboundRow *row)
{
    *(guint *)user += row->times;
    return TRUE;
}

/* An alias that fails letter after letter never counts against the address before it: the head may
 * have read each. It is told once, with how often it was so. */
static void test_alias_that_keeps_failing(Office *o, gconstpointer data)
{
    (void)data;
    for (guint i = 1; i <= 3; i++) {
        InboundReport *notice = empty("Undeliverable");
        g_ptr_array_add(notice->sent_to, sender_of(o, i, 1));
        tell(notice, INBOUND_HARD, "j.smith@school.example", "5.1.1", REASON_USERUNKNOWN);
        apply(o, notice, i * 10 + 1);
        assert_suppressed(o, "");
        assert_states(o, "");
        assert_row(o, i == 1 ? "bounce-hard::recorded:1:1" : "bounce-hard::recorded:1:0");
    }
    guint times = 0;
    g_assert_true(inbound_reports_each_review(o->f.ledger, note_times, &times, NULL));
    g_assert_cmpuint(times, ==, 3);
}

static void test_bounce_of_a_bounce(Office *o, gconstpointer data)
{
    (void)data;
    g_autofree char *own = sender_of(o, 2, 1);
    const char *const failed[] = {own, "bounces@example.org", "BOUNCES@example.org"};
    for (guint i = 0; i < G_N_ELEMENTS(failed); i++) {
        InboundReport *notice = empty("Undeliverable");
        g_ptr_array_add(notice->sent_to, sender_of(o, 2, 1));
        tell(notice, INBOUND_HARD, failed[i], "5.1.1", REASON_USERUNKNOWN);
        apply(o, notice, 21);
        g_assert_true(o->last.to_review);
    }
    InboundReport *null_sender = hard(o, 2);
    null_sender->original_sender = g_strdup("");
    apply(o, null_sender, 21);
    g_assert_true(o->last.to_review);
    assert_states(o, "");
    assert_suppressed(o, "");
}

static void test_several_recipients(Office *o, gconstpointer data)
{
    (void)data;
    InboundReport *notice = hard(o, 2);
    tell(notice, INBOUND_HARD, "head2@school.example", "5.1.1", REASON_USERUNKNOWN);
    tell(notice, INBOUND_HARD, "head3@school.example", "5.1.1", REASON_USERUNKNOWN);
    apply(o, notice, 21);
    g_assert_true(o->last.bounced == 1 && o->last.suppressed == 1);
    assert_asked(o, "SELECT group_concat(part || action, ' ') FROM notices",
                 "0suppressed 1recorded 2recorded");
    assert_states(o, "2/1:bounced");
    assert_suppressed(o, HEAD1_HARD);
}

/* --- what the policy makes of it
 * ------------------------------------------------------------- */

static void test_soft_run(Office *o, gconstpointer data)
{
    (void)data;
    /* The letters between have bounced too, else they would count as arrived. */
    apply(o, soft(o, 1), 11);
    apply(o, soft(o, 2), 21);
    assert_suppressed(o, "");
    apply(o, soft(o, 2), 25); /* again of the same letter: counts once */
    apply(o, soft(o, 2), 29);
    assert_suppressed(o, "");
    apply(o, soft(o, 3), 31);
    assert_suppressed(o, "head1@school.example::bounce-soft");
    assert_states(o, "1/1:bounced 2/1:bounced 3/1:bounced");
}

static void test_letter_that_arrived_ends_a_run(Office *o, gconstpointer data)
{
    (void)data;
    apply(o, soft(o, 1), 11);
    apply(o, soft(o, 2), 21); /* mailing 3 arrives: nothing comes back */
    apply(o, soft(o, 4), 41);
    assert_suppressed(o, "");
    apply(o, soft(o, 5), 51);
    assert_suppressed(o, "");
    apply(o, soft(o, 6), 61);
    assert_suppressed(o, "head1@school.example::bounce-soft");
}

static void test_success_report_ends_a_run(Office *o, gconstpointer data)
{
    (void)data;
    apply(o, soft(o, 1), 11);
    apply(o, report(o, 2, INBOUND_DELIVERED, "2.0.0", REASON_DELIVERED), 21);
    assert_row(o, "delivered:delivered:recorded:1:0");
    apply(o, soft(o, 3), 31);
    apply(o, soft(o, 4), 41);
    assert_suppressed(o, "");
}

static void test_full_mailbox_is_given_longer(Office *o, gconstpointer data)
{
    (void)data;
    o->intake.limits.full_days = 30;
    for (guint i = 1; i <= 3; i++)
        apply(o, report(o, i, INBOUND_SOFT, "5.2.2", REASON_MAILBOXFULL), i * 10 + 1);
    assert_suppressed(o, "");
    apply(o, report(o, 4, INBOUND_SOFT, "5.2.2", REASON_MAILBOXFULL), 41);
    assert_suppressed(o, "head1@school.example::mailbox-full");
}

static void test_what_never_suppresses(Office *o, gconstpointer data)
{
    (void)data;
    for (guint i = 1; i <= 9; i++) {
        apply(o, report(o, i, INBOUND_DELAYED, "4.4.1", REASON_EXPIRED), i * 10 + 1);
        assert_row(o, "delayed::recorded:1:0");
        apply(o, report(o, i, INBOUND_AUTO_REPLY, "", REASON_VACATION), i * 10 + 1);
        assert_row(o, "auto-reply::recorded:1:0");
    }
    assert_states(o, "");
    for (guint i = 1; i <= 9; i++) {
        apply(o, report(o, i, INBOUND_HARD, "5.7.1", REASON_POLICYVIOLATION), i * 10 + 1);
        g_assert_true(o->last.refused == 1 && o->last.bounced == 1 && !o->last.to_review);
        assert_row(o, "bounce-hard:bounce-hard:bounced:1:0");
    }
    assert_suppressed(o, "");
}

static void test_complaints(Office *o, gconstpointer data)
{
    (void)data;
    InboundReport *machine = report(o, 2, INBOUND_COMPLAINT, "", REASON_FEEDBACK);
    machine->feedback_type = g_strdup("auth-failure");
    apply(o, machine, 21);
    assert_states(o, "");
    assert_suppressed(o, "");
    InboundReport *person = report(o, 2, INBOUND_COMPLAINT, "", REASON_FEEDBACK);
    person->feedback_type = g_strdup("abuse");
    apply(o, person, 21);
    assert_states(o, "2/1:complained");
    assert_suppressed(o, "head1@school.example::complaint");
}

static void test_success_settles_unknown(Office *o, gconstpointer data)
{
    (void)data;
    static const InboundKind kinds[] = {INBOUND_DELIVERED, INBOUND_DELAYED, INBOUND_RECEIPT,
                                        INBOUND_AUTO_REPLY};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        fixture_sql(o->f.path,
                    "UPDATE deliveries SET state='unknown' WHERE mailing=2 AND number=1");
        fixture_sql(o->f.path, "DELETE FROM settlements");
        InboundReport *unproven = report(o, 2, kinds[i], "2.0.0", REASON_DELIVERED);
        g_ptr_array_set_size(unproven->sent_to, 0);
        apply(o, unproven, 21);
        assert_states(o, "2/1:unknown");
        apply(o, report(o, 2, kinds[i], "2.0.0", REASON_DELIVERED), 21);
        g_assert_cmpuint(o->last.settled, ==, 1);
        assert_states(o, "");
        assert_asked(
            o, "SELECT kind FROM settlements WHERE notice = (SELECT max(number) FROM notices)",
            "report");
        apply(o, report(o, 2, kinds[i], "2.0.1", REASON_DELIVERED), 22);
        g_assert_cmpuint(o->last.settled, ==, 0);
    }
    /* A report that names nothing but what we called it in the envelope. */
    fixture_sql(o->f.path, "UPDATE deliveries SET state='unknown' WHERE mailing=2 AND number=1");
    InboundReport *bare = report(o, 2, INBOUND_DELIVERED, "2.0.0", REASON_DELIVERED);
    g_autofree char *sender = sender_of(o, 2, 1);
    g_auto(GStrv) halves = g_strsplit_set(sender, "+@", 3);
    g_ptr_array_set_size(bare->sent_to, 0);
    bare->original_envelope = g_strdup_printf("m2/1/%s", halves[1]);
    apply(o, bare, 22);
    assert_states(o, "");
    /* What only looks like a machine's may be anybody's. */
    fixture_sql(o->f.path, "UPDATE deliveries SET state='unknown' WHERE mailing=2 AND number=1");
    InboundReport *guess = report(o, 2, INBOUND_AUTO_REPLY, "", REASON_VACATION);
    guess->is_guess = TRUE;
    apply(o, guess, 23);
    assert_states(o, "2/1:unknown");
}

static void test_successor(Office *o, gconstpointer data)
{
    (void)data;
    InboundReport *notice = report(o, 2, INBOUND_AUTO_REPLY, "", REASON_VACATION);
    notice->successor = g_strdup("new.head@school.example");
    g_free(notice->text);
    notice->text = g_strdup("I have left. Write to new.head@school.example.");
    apply(o, notice, 21);
    g_assert_true(o->last.successors == 1 && !o->last.to_review);
    assert_row(o, "auto-reply::recorded:1:1");
    assert_asked(o, "SELECT successor || text FROM notices",
                 "new.head@school.exampleI have left. Write to new.head@school.example.");
    assert_states(o, "");
}

static void test_challenge_and_reply(Office *o, gconstpointer data)
{
    (void)data;
    apply(o, report(o, 2, INBOUND_CHALLENGE, "", REASON_UNDEFINED), 21);
    g_assert_true(o->last.to_review);
    InboundReport *reply = empty("Re: Dates");
    g_ptr_array_add(reply->sent_to, sender_of(o, 2, 1));
    apply(o, reply, 21);
    g_assert_true(o->last.to_review);
    assert_row(o, "reply::review:1:1");
    assert_states(o, "");
}

/* --- taken back
 * ------------------------------------------------------------------------------
 */

static void take_back(Office *o, double day)
{
    g_autoptr(GError) error = NULL;
    gboolean removed;
    fixture_begin(o->f.ledger);
    g_assert_true(suppressions_remove(o->f.ledger, "head1@school.example", SUPPRESSIONS_ALL,
                                      "fixed", (gint64)(day * (double)DAY), &removed, &error));
    g_assert_true(removed);
    fixture_commit(o->f.ledger);
}

static void test_taken_back_stays_taken_back(Office *o, gconstpointer data)
{
    (void)data;
    apply(o, hard(o, 2), 21);
    take_back(o, 25);
    apply(o, hard(o, 2), 26); /* a late second report */
    apply(o, hard(o, 1), 26); /* and one on a letter before it */
    assert_suppressed(o, "");
    apply(o, soft(o, 3), 31); /* nor does the old one count for a new letter */
    assert_suppressed(o, "");
    apply(o, hard(o, 4), 41);
    assert_suppressed(o, HEAD1_HARD);
}

static void test_complaint_counts_whatever_was_taken_back(Office *o, gconstpointer data)
{
    (void)data;
    apply(o, hard(o, 2), 21);
    take_back(o, 25);
    InboundReport *late = report(o, 1, INBOUND_COMPLAINT, "", REASON_FEEDBACK);
    late->feedback_type = g_strdup("abuse");
    apply(o, late, 26);
    assert_suppressed(o, "head1@school.example::complaint");
}

/* --- requests
 * --------------------------------------------------------------------------------
 */

static InboundReport *request(const Office *o, TokenPurpose purpose, const char *before,
                              const char *after, const char *text)
{
    char token[TOKEN_MAX + 1];
    token_make(o->key, purpose, 2, 1, token);
    g_autofree char *upper = g_ascii_strup(token, -1);
    g_autofree char *subject = g_strdup_printf("%s%s%s", before, upper, after);
    InboundReport *notice = empty(subject);
    g_free(notice->text);
    notice->text = g_strdup(text);
    return notice;
}

static void test_unsubscribe(Office *o, gconstpointer data)
{
    (void)data;
    apply(o, request(o, TOKEN_UNSUBSCRIBE, "Re: Unsubscribe ", "", "\n\nsent from my telephone"),
          21);
    g_assert_true(o->last.unsubscribed == 1 && !o->last.to_review);
    assert_suppressed(o, "head1@school.example:heads:unsubscribe");
    assert_states(o, "");
    apply(o, request(o, TOKEN_UNSUBSCRIBE, "unsubscribe ", "", ""), 22);
    g_assert_true(o->last.unsubscribed == 0 && !o->last.to_review);
    apply(o, request(o, TOKEN_UNSUBSCRIBE, "unsubscribe all ", "", ""), 23);
    g_assert_true(o->last.unsubscribed == 1);
    assert_suppressed(o, "head1@school.example:heads:unsubscribe "
                         "head1@school.example::unsubscribe");
}

static void test_requests_not_believed(Office *o, gconstpointer data)
{
    (void)data;
    apply(o, request(o, TOKEN_BOUNCE, "unsubscribe ", "", ""), 21); /* the token of a bounce */
    g_assert_true(o->last.to_review);
    apply(o, empty("unsubscribe"), 21);
    g_assert_true(o->last.to_review);
    assert_row(o, "unsubscribe::review:0:1");
    /* A bounce whose subject quotes a request is a bounce. */
    InboundReport *quoting = request(o, TOKEN_UNSUBSCRIBE, "unsubscribe ", "", "");
    tell(quoting, INBOUND_HARD, "head1@school.example", "5.1.1", REASON_USERUNKNOWN);
    apply(o, quoting, 21);
    g_assert_true(o->last.to_review);
    InboundReport *without_word = request(o, TOKEN_UNSUBSCRIBE, "Dates ", "", "");
    apply(o, without_word, 21);
    g_assert_true(o->last.to_review);
    assert_suppressed(o, "");
}

static void test_request_words(void)
{
    static const struct {
        const char *subject, *text;
        Request request;
    } cases[] = {
        {"unsubscribe", "", REQUEST_AUDIENCE},
        {" UNSUBSCRIBE x", "", REQUEST_AUDIENCE},
        {"AW: Re:re: unsubscribe: x", "", REQUEST_AUDIENCE},
        {"Re: unsubscribe", "hello", REQUEST_AUDIENCE},
        {"[EXTERNAL] unsubscribe x", "", REQUEST_AUDIENCE},
        {"RE: [EXT] SV: {Spam?} Antw: unsubscribe x", "", REQUEST_AUDIENCE},
        {"EXTERNAL: Re[2]: unsubscribe all", "", REQUEST_ALL},
        {"***SPAM*** unsubscribe x", "", REQUEST_AUDIENCE},
        {"SPAM: Unsubscribe x", "", REQUEST_AUDIENCE},
        {"External unsubscribe x", "", REQUEST_AUDIENCE},
        {"Warning - outside Oak Trust: unsubscribe all x", "", REQUEST_ALL},
        {"RE: EXT - unsubscribe x", "", REQUEST_AUDIENCE},
        {"How do I unsubscribe x", "", REQUEST_NONE},
        {"Please don't unsubscribe x", "", REQUEST_NONE},
        {"unsubscribed: x", "", REQUEST_NONE},
        {"[Ticket 4711] Ateb : unsubscribe x", "", REQUEST_AUDIENCE},
        {"*** SPAM *** unsubscribe x", "", REQUEST_AUDIENCE},
        {"[EXTERNAL] I do not unsubscribe", "", REQUEST_NONE},
        {"unsubscribed", "", REQUEST_NONE},
        {"please unsubscribe", "", REQUEST_NONE},
        {"", "unsubscribe", REQUEST_NONE},
        {"unsubscribe all", "", REQUEST_ALL},
        {"unsubscribe from all", "", REQUEST_ALL},
        {"unsubscribe allergy", "", REQUEST_AUDIENCE},
        {"unsubscribe x", "\n  Unsubscribe all\nthanks", REQUEST_ALL},
        {"unsubscribe x", "All", REQUEST_ALL},
        {"unsubscribe x", "all letters \r\n", REQUEST_ALL},
        {"unsubscribe x", "all the best\nAnn", REQUEST_AUDIENCE},
        {"unsubscribe x", "thanks\nunsubscribe all", REQUEST_AUDIENCE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(InboundReport) notice = empty(cases[i].subject);
        g_free(notice->text);
        notice->text = g_strdup(cases[i].text);
        if (request_read(notice) != cases[i].request)
            g_error("'%s' / '%s': %d", cases[i].subject, cases[i].text, request_read(notice));
    }
}

#define ADD(path, function) g_test_add("/intake/" path, Office, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("hard-is-applied-once", test_hard_is_applied_once);
    ADD("unproven-changes-nothing", test_unproven_changes_nothing);
    ADD("names-without-proof", test_names_without_proof);
    ADD("signed-header-proves", test_signed_header_proves);
    ADD("servers-own-id-proves", test_servers_own_id_proves);
    ADD("forged-tokens", test_forged_tokens);
    ADD("letter-in-flight", test_letter_in_flight);
    ADD("other-recipients", test_other_recipients);
    ADD("alias-that-keeps-failing", test_alias_that_keeps_failing);
    ADD("bounce-of-a-bounce", test_bounce_of_a_bounce);
    ADD("several-recipients", test_several_recipients);
    ADD("soft-run", test_soft_run);
    ADD("arrived-ends-a-run", test_letter_that_arrived_ends_a_run);
    ADD("success-ends-a-run", test_success_report_ends_a_run);
    ADD("full-mailbox", test_full_mailbox_is_given_longer);
    ADD("never-suppresses", test_what_never_suppresses);
    ADD("complaints", test_complaints);
    ADD("success-settles-unknown", test_success_settles_unknown);
    ADD("successor", test_successor);
    ADD("challenge-and-reply", test_challenge_and_reply);
    ADD("taken-back", test_taken_back_stays_taken_back);
    ADD("complaint-after-taken-back", test_complaint_counts_whatever_was_taken_back);
    ADD("unsubscribe", test_unsubscribe);
    ADD("requests-not-believed", test_requests_not_believed);
    g_test_add_func("/intake/request-words", test_request_words);
    return g_test_run();
}
