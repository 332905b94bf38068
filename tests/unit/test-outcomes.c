/* test-outcomes - what becomes of each letter: claimed before it leaves, on record before it is told,
 * and never twice, over a transport that answers as it is told to */
#include "office.h"

#include "base/clock.h"
#include "send/sending.h"

/* --- a transport whose answers are written down ----------------------------------------------- */

enum { LETTERS_MAX = 40 };

typedef struct {
    Transport base;
    Office *office;
    Outcome answers[LETTERS_MAX + 1]; /* by number; `kind` SENT where none is given */
    guint given[LETTERS_MAX + 1];     /* how often each was handed over */
    guint told, troubles;
} Script;

static gboolean is_on_record(Script *self, guint64 number, const char *state)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM deliveries WHERE state = '%s' AND "
                                           "number = %" G_GUINT64_FORMAT,
                                           state, number);
    g_autofree char *count = office_ask(self->office, sql);
    return g_str_equal(count, "1");
}

static gboolean script_run(Transport *transport, const TransportCalls *calls, GError **error)
{
    Script *self = (Script *)transport;
    Envelope envelope;
    gint64 wait;
    (void)error;
    while (calls->supply(calls->user, &envelope, &wait) == SUPPLY_GIVEN) {
        g_assert_cmpuint(envelope.number, <=, LETTERS_MAX);
        g_assert_true(is_on_record(self, envelope.number, "sending"));
        self->given[envelope.number]++;
        Outcome outcome = self->answers[envelope.number];
        outcome.number = envelope.number;
        outcome.enhanced = outcome.enhanced ? outcome.enhanced : "";
        outcome.text = outcome.text ? outcome.text : "ok";
        outcome.stage = outcome.stage ? outcome.stage : "message";
        if (outcome.kind == OUTCOME_SENT || outcome.kind == OUTCOME_UNKNOWN)
            calls->committing(calls->user, envelope.number);
        calls->outcome(calls->user, &outcome);
        if (outcome.kind == OUTCOME_UNTRIED)
            break; /* a transport gives letters back when it ends */
    }
    return TRUE;
}

static const TransportClass SCRIPT = {.name = "script", .run = script_run};

static void note_trouble(void *user, const Delivery *delivery, const DeliveryResult *result)
{
    Script *self = user;
    g_assert_true(is_on_record(self, delivery->number, delivery_state_name(result->state)));
    self->troubles++;
}

static void note_progress(void *user, const SenderProgress *progress)
{
    Script *self = user;
    self->told = (guint)progress->done;
}

/* --- one run --------------------------------------------------------------------------------- */

typedef struct {
    Sending sending;
    SenderOptions options;
    SenderProgress progress;
    Mailing *mailing;
} Run;

static Run *run_open(Office *o, Script *script, Via via)
{
    g_autoptr(GError) error = NULL;
    Run *run = g_new0(Run, 1);
    g_autofree char *id = office_ask(o, "SELECT id FROM mailings LIMIT 1");
    run->mailing = mailings_find(o->f.ledger, id, &error);
    g_assert_no_error(error);
    run->options = (SenderOptions){
        .actor = OFFICE_ACTOR, .user = script, .trouble = note_trouble, .progress = note_progress};
    run->sending = (Sending){.mailing = run->mailing,
                             .via = via,
                             .via_before = run->mailing->via,
                             .options = &run->options,
                             .ledger = o->f.ledger,
                             .progress = &run->progress};
    script->office = o;
    script->base.class = &SCRIPT;
    g_assert_true(sending_look_up(&run->sending, &error));
    g_assert_true(sending_open(&run->sending, o->workspace, &error));
    g_assert_no_error(error);
    run->sending.pace_wanted.retry_for = 24 * 3600 * (gint64)G_USEC_PER_SEC;
    return run;
}

static void run_close(Run *run)
{
    sending_close(&run->sending);
    mailing_free(run->mailing);
    g_free(run);
}

/* A whole run as of `circular send`; the kind of what ended it, or -1. */
static int run_through(Office *o, Script *script)
{
    g_autoptr(GError) error = NULL;
    Run *run = run_open(o, script, VIA_RELAY);
    gboolean ok = sending_through(&run->sending, &script->base, &error);
    g_assert_true(sending_leave(&run->sending, NULL));
    run_close(run);
    return ok ? -1 : error->code;
}

#define STATES "SELECT number || ':' || state FROM deliveries WHERE state <> 'sent' ORDER BY number"

/* --- fates ----------------------------------------------------------------------------------- */

static void test_fates(Office *o, gconstpointer data)
{
    Script script = {.answers = {[2] = {.kind = OUTCOME_REFUSED,
                                        .code = 550,
                                        .enhanced = "5.1.1",
                                        .text = "no such user",
                                        .stage = "RCPT"},
                                 [3] = {.kind = OUTCOME_DEFERRED,
                                        .code = 450,
                                        .enhanced = "4.2.0",
                                        .text = "greylisted",
                                        .stage = "RCPT"},
                                 [4] = {.kind = OUTCOME_UNKNOWN, .text = "the line was lost"},
                                 [5] = {.code = 250,
                                        .enhanced = "2.6.0",
                                        .text = "<ex@server.example> [InternalId=7] Queued mail"},
                                 [7] = {.kind = OUTCOME_UNTRIED}}};
    (void)data;
    office_heads(o, 7);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    g_assert_cmpint(run_through(o, &script), ==, -1);
    assert_rows(o, STATES, "2:refused 3:deferred 4:unknown 7:planned");
    assert_rows(o,
                "SELECT code || ' ' || enhanced || ' ' || stage || ' ' || reply FROM deliveries "
                "WHERE number = 2",
                "550 5.1.1 RCPT no such user");
    assert_rows(o, "SELECT next_at > changed_at FROM deliveries WHERE number = 3", "1");
    assert_rows(o, "SELECT attempts || ':' || transport FROM deliveries WHERE number = 7", "0:");
    assert_rows(o, "SELECT message_id FROM deliveries WHERE number IN (5, 6) ORDER BY number",
                "<ex@server.example> ");
    assert_rows(o, "SELECT state FROM mailings", "sending"); /* some are to be tried again */
    g_assert_cmpuint(script.troubles, ==, 3);
    g_assert_cmpuint(script.told, ==, 5); /* what is put off comes again */
}

/* What was sent, refused or is unknown is never handed over again; the rest is, when it is due. */
static void test_nothing_twice(Office *o, gconstpointer data)
{
    Script script = {.answers = {[2] = {.kind = OUTCOME_REFUSED, .code = 550, .enhanced = "5.1.1"},
                                 [3] = {.kind = OUTCOME_DEFERRED, .code = 450},
                                 [4] = {.kind = OUTCOME_UNKNOWN},
                                 [5] = {.kind = OUTCOME_UNTRIED}}};
    (void)data;
    office_heads(o, 5);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    run_through(o, &script);
    script.answers[3] = script.answers[5] = (Outcome){.kind = OUTCOME_SENT};
    run_through(o, &script);
    assert_rows(o, STATES, "2:refused 3:deferred 4:unknown");
    fixture_sql(o->f.path, "UPDATE deliveries SET next_at = 1 WHERE state = 'deferred'");
    run_through(o, &script);
    assert_rows(o, STATES, "2:refused 4:unknown");
    assert_rows(o, "SELECT state FROM mailings", "done");
    run_through(o, &script);
    const guint times[] = {0, 1, 1, 2, 1, 2};
    for (guint i = 1; i < G_N_ELEMENTS(times); i++)
        g_assert_cmpuint(script.given[i], ==, times[i]);
}

/* Given up is what was tried for the whole time, often enough and on two days. */
static void test_given_up(Office *o, gconstpointer data)
{
    const Outcome full = {
        .kind = OUTCOME_DEFERRED, .code = 450, .enhanced = "4.2.2", .text = "full"};
    Script script = {.answers = {[2] = full, [3] = full}};
    (void)data;
    office_heads(o, 3);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    g_autofree char *sql = g_strdup_printf(
        "UPDATE deliveries SET attempts = 20, first_at = %" G_GINT64_FORMAT " WHERE number = 2",
        clock_now() - 3 * 24 * 3600 * (gint64)G_USEC_PER_SEC);
    fixture_sql(o->f.path, sql);
    run_through(o, &script);
    assert_rows(o,
                "SELECT state || ':' || given_up || ':' || reply FROM deliveries WHERE number > 1 "
                "ORDER BY number",
                "refused:deadline:full deferred::full");
}

/* Refused for what is ours: nobody is refused for good, and all are still to get theirs. */
static void test_about_us(Office *o, gconstpointer data)
{
    Script script = {0};
    (void)data;
    office_heads(o, 12);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    for (guint i = 0; i <= LETTERS_MAX; i++)
        script.answers[i] = (Outcome){.kind = OUTCOME_REFUSED,
                                      .code = 550,
                                      .enhanced = "5.7.1",
                                      .text = "your host is blocked",
                                      .stage = "RCPT"};
    g_assert_cmpint(run_through(o, &script), !=, -1);
    assert_rows(o, "SELECT DISTINCT state || attempts FROM deliveries", "planned0");
    g_assert_cmpuint(script.troubles, ==, 0);
    for (guint i = 0; i <= LETTERS_MAX; i++)
        script.answers[i].kind = OUTCOME_SENT;
    g_assert_cmpint(run_through(o, &script), ==, -1);
    assert_rows(o, "SELECT DISTINCT state FROM deliveries", "sent");
}

/* --- supply ---------------------------------------------------------------------------------- */

static SenderWish finish_after_two(void *user)
{
    const Script *script = user;
    return script->given[2] ? SENDER_FINISH : SENDER_GO;
}

/* Those claimed and not begun when a person says stop are as if they had never been claimed. */
static void test_stopped(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Script script = {0};
    (void)data;
    office_heads(o, 9);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    Run *run = run_open(o, &script, VIA_RELAY);
    run->options.wish = finish_after_two;
    sending_through(&run->sending, &script.base, &error);
    run->sending.is_stopped = TRUE;
    g_assert_true(sending_leave(&run->sending, NULL));
    run_close(run);
    assert_rows(o, "SELECT state || ' ' || count(*) FROM deliveries GROUP BY state ORDER BY state",
                "planned 7 sent 2");
    assert_rows(o, "SELECT sum(attempts) FROM deliveries", "2");
    assert_rows(o, "SELECT state FROM mailings", "stopped");
}

/* So many and no more, and what is left waits for a person. */
static void test_limit(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Script script = {0};
    (void)data;
    office_heads(o, 6);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    Run *run = run_open(o, &script, VIA_RELAY);
    run->options.limit = run->sending.left = 3;
    g_assert_true(sending_through(&run->sending, &script.base, &error));
    g_assert_true(sending_leave(&run->sending, NULL));
    run_close(run);
    assert_rows(o, "SELECT count(*) FROM deliveries WHERE state = 'sent'", "3");
    assert_rows(o, "SELECT state FROM mailings", "stopped");
}

/* Who asked for no more letters since the plan was made gets none. */
static void test_suppressed_meanwhile(Office *o, gconstpointer data)
{
    Script script = {0};
    (void)data;
    office_heads(o, 3);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    fixture_sql(o->f.path,
                "INSERT INTO suppressions (number, address, audience, kind, reason, source, "
                "evidence, since, until, removed_at, removed_why) SELECT 1, 'head2@s2.example', "
                "'heads', 'unsubscribe', 'unsubscribe', '', 0, planned_at + 1, 0, 0, '' "
                "FROM mailings");
    g_assert_cmpint(run_through(o, &script), ==, -1);
    assert_rows(o, STATES, "2:left out");
    assert_rows(o, "SELECT key || ':' || kind FROM exclusions", "2:suppressed");
    g_assert_cmpuint(script.given[2], ==, 0);
}

/* --- a run that is cut off ------------------------------------------------------------------- */

/* The process ends with letters on the way: what the journal says of each is what becomes of it. */
static void test_cut_off(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Script script = {0};
    Envelope envelope;
    gint64 wait;
    (void)data;
    office_heads(o, 6);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    Run *cut = run_open(o, &script, VIA_RELAY);
    cut->sending.batch = SENDER_CLAIM_MAX;
    for (guint i = 1; i <= 4; i++)
        g_assert_cmpint(sending_supply(&cut->sending, &envelope, &wait), ==, SUPPLY_GIVEN);
    sending_committing(&cut->sending, 1);
    sending_outcome(&cut->sending,
                    &(Outcome){.number = 1, .code = 250, .enhanced = "", .text = "ok"});
    sending_committing(&cut->sending, 2);
    sending_outcome(&cut->sending, &(Outcome){.number = 3,
                                              .kind = OUTCOME_REFUSED,
                                              .code = 550,
                                              .enhanced = "5.1.1",
                                              .text = "no such user",
                                              .stage = "RCPT"});
    assert_rows(o, "SELECT DISTINCT state FROM deliveries WHERE number <= 4", "sending");

    Run *next = run_open(o, &script, VIA_RELAY); /* as another process would */
    assert_rows(o, "SELECT state FROM deliveries WHERE number <= 4 ORDER BY number",
                "sent unknown refused planned");
    g_assert_true(sending_through(&next->sending, &script.base, &error));
    g_assert_true(sending_leave(&next->sending, NULL));
    assert_rows(o, STATES, "2:unknown 3:refused");
    for (guint i = 1; i <= 3; i++)
        g_assert_cmpuint(script.given[i], ==, 0);
    for (guint i = 4; i <= 6; i++)
        g_assert_cmpuint(script.given[i], ==, 1);
    run_close(next);
    for (guint i = 0; i < cut->sending.results->len; i++) {
        DeliveryResult *one = &g_array_index(cut->sending.results, DeliveryResult, i);
        g_free((char *)one->enhanced);
        g_free((char *)one->reply);
        g_free((char *)one->message_id);
    }
    g_array_set_size(cut->sending.results, 0); /* what was never written dies with its process */
    run_close(cut);
}

/* --- a rehearsal ----------------------------------------------------------------------------- */

/* Over the null transport nobody is mailed, and all of it is still to be sent. */
static void test_rehearsal(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Script script = {.office = o};
    SenderOptions options = {
        .actor = OFFICE_ACTOR, .user = &script, .trouble = note_trouble, .progress = note_progress};
    SenderProgress progress;
    (void)data;
    office_heads(o, 3);
    G_GNUC_UNUSED g_autoptr(Plan) plan = office_plan(o);
    for (int times = 0; times < 2; times++) {
        g_autoptr(Mailing) mailing = mailings_find(o->f.ledger, plan->mailing->id, &error);
        g_assert_no_error(error);
        g_assert_true(sender_run(o->workspace, o->f.ledger, mailing, &options, &progress, &error));
        g_assert_cmpuint(progress.counts[DELIVERY_WRITTEN], ==, times ? 0 : 3);
        assert_rows(o, "SELECT DISTINCT state || transport FROM deliveries", "writtennull");
        assert_rows(o, "SELECT state FROM mailings", "planned");
    }
    g_assert_cmpint(run_through(o, &script), ==, -1);
    assert_rows(o, "SELECT DISTINCT state || attempts || transport FROM deliveries", "sent1relay");
    assert_rows(o, "SELECT state FROM mailings", "done");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_OFFICE("/outcomes/fates", test_fates);
    ADD_OFFICE("/outcomes/nothing-twice", test_nothing_twice);
    ADD_OFFICE("/outcomes/given-up", test_given_up);
    ADD_OFFICE("/outcomes/about-us", test_about_us);
    ADD_OFFICE("/supply/stopped", test_stopped);
    ADD_OFFICE("/supply/limit", test_limit);
    ADD_OFFICE("/supply/suppressed-meanwhile", test_suppressed_meanwhile);
    ADD_OFFICE("/outcomes/cut-off", test_cut_off);
    ADD_OFFICE("/outcomes/rehearsal", test_rehearsal);
    return g_test_run();
}
