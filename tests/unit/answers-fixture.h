/* answers-fixture - a ledger of letters that ask, and answers to them as they come in */
#ifndef TESTS_ANSWERS_FIXTURE_H
#define TESTS_ANSWERS_FIXTURE_H

#include "ledger-fixture.h"

#include "answer/answermail.h"
#include "bounce/classify.h"
#include "inbound/intake.h"
#include "ledger/answers.h"

#define DAY_LENGTH (24 * 60 * 60 * (gint64)G_USEC_PER_SEC)
#define NOW (20000 * DAY_LENGTH) /* 4 October 2024 */

static const guint8 KEY[TOKEN_KEY] = "0123456789abcdef0123456789abcdef";

/* Mailing 1 asks for support (until 5 October 2024), 2 asks two things, 3 asks nothing; each sent a day ago to
 * Head1 ... Head4 at school.example, keys 100001 ... */
typedef struct {
    Fixture f;
    TokenKey *key;
    Intake intake;
    guint messages;
    IntakeResult last;
} Office;

static void ask_in(Ledger *ledger, gint64 mailing, const char *info, const char *body,
                   const char *more)
{
    guint line;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    g_ptr_array_add(all, question_parse(info, body, &line, &error));
    g_assert_no_error(error);
    if (more)
        g_ptr_array_add(all, question_parse(more, "", &line, &error));
    g_assert_no_error(error);
    fixture_begin(ledger);
    g_assert_true(answers_ask(ledger, mailing, all, &error));
    g_assert_no_error(error);
    fixture_commit(ledger);
}

static void set_up(Office *o, gconstpointer data)
{
    fixture_set_up(&o->f, data);
    for (guint i = 1; i <= 3; i++) {
        g_autofree char *id = g_strdup_printf("m%u", i);
        fixture_plan(o->f.ledger, id, 4);
    }
    ask_in(o->f.ledger, 1, "answer support",
           "Could you?\n- Yes\n- Yes, from the summer term\n- No, thank you\nuntil: 5 October 2024",
           NULL);
    ask_in(o->f.ledger, 2, "answer lunch", "Lunch?\n- Yes\n- No", "acknowledge guidance");
    g_autofree char *sql = g_strdup_printf(
        "UPDATE deliveries SET state='sent', attempts=1, first_at=%" G_GINT64_FORMAT,
        NOW - 2 * DAY_LENGTH);
    fixture_sql(o->f.path, sql);
    fixture_sql(o->f.path, "UPDATE deliveries SET key='seed:office@example.org' WHERE number=4");
    o->key = token_key_new(KEY);
    o->intake = (Intake){.ledger = o->f.ledger, .key = o->key, .limits = POLICY_DEFAULTS};
}

static void tear_down(Office *o, gconstpointer data)
{
    token_key_free(o->key);
    fixture_tear_down(&o->f, data);
}

/* Reads a message in which @M/N@ stands for the token of a delivery. */
static void receive(Office *o, const char *text)
{
    g_autoptr(GError) error = NULL;
    GString *bytes = g_string_new(text);
    for (guint m = 1; m <= 3; m++)
        for (guint n = 1; n <= 4; n++) {
            char token[TOKEN_MAX + 1];
            g_autofree char *mark = g_strdup_printf("@%u/%u@", m, n);
            token_make(o->key, TOKEN_ANSWER, m, n, token);
            g_string_replace(bytes, mark, token, 0);
        }
    g_autoptr(InboundReport) notice = classify(bytes->str, bytes->len);
    gboolean is_persons = notice->kind == INBOUND_NONE || notice->kind == INBOUND_CALENDAR ||
                          (notice->kind == INBOUND_AUTO_REPLY && notice->is_guess);
    g_autoptr(AnswerMail) answer = is_persons ? answermail_read(bytes->str, bytes->len) : NULL;
    g_autofree char *hash = g_strdup_printf("%064u", ++o->messages);
    IntakeMessage message = {.notice = notice,
                             .answer = answer,
                             .hash = hash,
                             .uidvalidity = 1,
                             .uid = o->messages,
                             .received_at = NOW + o->messages * (gint64)G_USEC_PER_SEC};
    g_assert_true(intake_apply(&o->intake, &message, &o->last, &error));
    g_assert_no_error(error);
    g_string_free(bytes, TRUE);
}

/* The latest as "key question choice state". */
static char *latest(Office *o)
{
    return fixture_ask(o->f.path, "SELECT key || '|' || question || '|' || choice || '|' || state "
                                  "FROM answers ORDER BY number DESC LIMIT 1");
}

#endif
