/* answers - the tables of what a letter asks, and of what was answered */
#include "ledger/answers.h"

#include <string.h>

#include "base/error.h"
#include "ledger/connection.h"
#include "ledger/mailings.h"

#define COLUMNS                                                                                    \
    "a.number, a.message, a.uidvalidity, a.uid, a.received_at, a.said_at, a.mailing, a.delivery, " \
    "a.key, a.address, a.question, a.choice, a.state, a.late, a.verified, a.why, a.sender, "       \
    "a.sender_name, a.subject, a.text, coalesce((SELECT id FROM mailings o WHERE o.number = "      \
    "a.mailing), '') "
/* A mailing with all that follow it. */
#define FAMILY                                                                                     \
    "WITH RECURSIVE family(number) AS (SELECT $1 UNION SELECT m.number FROM mailings m JOIN "      \
    "family f ON m.follows = f.number) "

static const char SQL_ASK[] =
    "INSERT INTO questions (mailing, number, slug, kind, text, choices, until) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char SQL_QUESTIONS[] = "SELECT slug, kind, text, choices, until FROM questions "
                                    "WHERE mailing = $1 AND kind <> 'event' ORDER BY number";
static const char SQL_ALL_QUESTIONS[] =
    FAMILY "SELECT q.slug, q.kind, q.text, q.choices, q.until FROM questions q JOIN family f ON "
           "f.number = q.mailing WHERE q.kind <> 'event' ORDER BY q.mailing, q.number";
static const char SQL_ALL_EVENTS[] =
    FAMILY "SELECT q.slug, q.kind, q.text, q.choices, q.until FROM questions q JOIN family f ON "
           "f.number = q.mailing WHERE q.kind = 'event' ORDER BY q.mailing, q.number";
static const char SQL_LETTER_TO[] = FAMILY
    "SELECT d.mailing, d.number, (SELECT count(DISTINCT o.key) FROM deliveries o WHERE "
    "o.mailing IN (SELECT number FROM family) AND lower(o.address) = lower($2) AND "
    "o.first_at > 0 AND substr(o.key, 1, 5) <> 'seed:') FROM deliveries d WHERE d.mailing IN "
    "(SELECT number FROM family) AND lower(d.address) = lower($2) AND d.first_at > 0 AND "
    "substr(d.key, 1, 5) <> 'seed:' ORDER BY d.mailing DESC LIMIT 1";
static const char SQL_ANY[] = "SELECT count(*) FROM (SELECT 1 FROM questions LIMIT 1) q";
/* Step by step, and not by WITH RECURSIVE: for each such table SQLite makes a cache of its own, which
 * took half the time in which an answer is read. */
static const char SQL_FOLLOWS[] = "SELECT follows FROM mailings WHERE number = $1";
static const char SQL_ASKED_OF[] =
    "SELECT d.mailing, d.number FROM deliveries d WHERE lower(d.address) = lower($1) AND "
    "d.first_at > $2 AND substr(d.key, 1, 5) <> 'seed:' AND EXISTS (SELECT 1 FROM questions q "
    "WHERE q.mailing = d.mailing AND q.kind <> 'event') ORDER BY d.first_at DESC, d.mailing DESC "
    "LIMIT 1";
static const char SQL_OTHERS[] =
    "SELECT d.mailing FROM deliveries d WHERE lower(d.address) = lower($1) AND d.key <> $2 "
    "AND d.state <> 'left out' AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.mailing = "
    "d.mailing AND o.key = $2 AND lower(o.address) = lower($1))";
static const char SQL_ADD[] =
    "INSERT INTO answers (number, message, uidvalidity, uid, received_at, said_at, mailing, "
    "delivery, key, address, question, choice, state, late, verified, why, sender, sender_name, "
    "subject, text) VALUES ((SELECT coalesce(max(number), 0) + 1 FROM answers), $1, $2, $3, $4, "
    "$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) "
    "ON CONFLICT (message) DO NOTHING";
static const char SQL_LATEST[] = "SELECT max(number) FROM answers";
static const char SQL_FIND[] = "SELECT state FROM answers WHERE message = $1";
static const char SQL_EACH[] =
    FAMILY "SELECT " COLUMNS "FROM answers a WHERE (a.mailing IN (SELECT number FROM family) OR $1 "
           "= 0) AND (a.state = $2 OR $2 = '') ORDER BY a.said_at, a.number";
static const char SQL_HISTORY[] =
    "SELECT " COLUMNS "FROM answers a WHERE a.key = $1 OR lower(a.address) = lower($1) OR "
    "lower(a.sender) = lower($1) ORDER BY a.said_at, a.number";
static const char SQL_COUNT[] =
    "UPDATE answers SET state = 'counted', question = $1, choice = $2, why = $3 "
    "WHERE number = $4 AND state = 'review' AND mailing <> 0";
static const char SQL_DISMISS[] =
    "UPDATE answers SET state = 'dismissed', why = $1 WHERE number = $2 AND state = 'review'";
static const char SQL_ANSWERED[] =
    FAMILY "SELECT count(DISTINCT CASE WHEN a.state = 'counted' AND EXISTS (SELECT 1 "
           "FROM questions q WHERE q.slug = a.question AND q.kind <> 'event' AND q.mailing IN "
           "(SELECT number FROM family)) THEN a.question END), "
           "coalesce(sum(CASE WHEN a.state = 'review' THEN 1 ELSE 0 END), 0) FROM answers a "
           "WHERE a.key = $2 AND a.mailing IN (SELECT number FROM family)";
static const char SQL_SENT[] =
    FAMILY "SELECT coalesce(sum(CASE WHEN m.follows_as = 'reminder' THEN 1 ELSE 0 END), 0), "
           "coalesce(max(d.first_at), 0) FROM family f JOIN mailings m ON m.number = f.number "
           "JOIN deliveries d ON d.mailing = m.number WHERE d.key = $2 AND d.first_at > 0 AND "
           "(d.state = 'sent' OR d.state = 'sending' OR d.state = 'unknown' OR "
           "d.state = 'complained' OR d.state = 'deferred')";

static const char SQL_LETTERS[] =
    "SELECT m.number, m.audience FROM mailings m WHERE EXISTS (SELECT 1 FROM questions q WHERE "
    "q.mailing = m.number AND q.slug = $1) AND EXISTS (SELECT 1 FROM deliveries d WHERE d.mailing "
    "= m.number AND (d.state = 'sent' OR d.state = 'complained' OR d.state = 'unknown' OR d.state "
    "= 'bounced')) ORDER BY m.number DESC";
static const char SQL_READERS[] =
    FAMILY "SELECT DISTINCT d.key FROM deliveries d WHERE d.mailing IN (SELECT number FROM family) "
           "AND (d.state = 'sent' OR d.state = 'sending' OR d.state = 'unknown' OR d.state = "
           "'complained')";

static const char *const STATES[] = {"counted", "review", "dismissed"};
G_STATIC_ASSERT(G_N_ELEMENTS(STATES) == ANSWER_STATES);

const char *answer_state_name(AnswerState state)
{
    g_assert(state < ANSWER_STATES);
    return STATES[state];
}

/* --- questions -------------------------------------------------------------------------------- */

gboolean answers_ask(Ledger *ledger, gint64 mailing, const GPtrArray *questions, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ASK, error);
    for (guint i = 0; add && i < questions->len; i++) {
        const Question *question = g_ptr_array_index(questions, i);
        GString *choices = g_string_new(NULL);
        for (guint c = 0; c < question->choices->len; c++)
            g_string_append_printf(choices, "%s%s", c ? "\n" : "",
                                   (const char *)g_ptr_array_index(question->choices, c));
        g_autofree char *lines = g_string_free(choices, FALSE);
        statement_bind_integer(add, 1, mailing);
        statement_bind_integer(add, 2, i + 1);
        statement_bind_text(add, 3, question->slug);
        statement_bind_text(add, 4,
                            question->is_event             ? "event"
                            : question->is_acknowledgement ? "acknowledge"
                                                           : "answer");
        statement_bind_text(add, 5, *question->words ? question->words : question->text);
        statement_bind_text(add, 6, lines);
        statement_bind_integer(add, 7, question->until);
        if (!statement_run(add, NULL, error))
            return FALSE;
    }
    return add != NULL;
}

static Question *question_of(Ledger *ledger, Statement *row, GError **error)
{
    if (g_str_equal(statement_text(row, 1), "event"))
        return question_of_event(statement_text(row, 0), statement_text(row, 2));
    g_autoptr(Question) question = question_new(
        statement_text(row, 0), g_str_equal(statement_text(row, 1), "acknowledge"), NULL);
    g_auto(GStrv) choices = g_strsplit(statement_text(row, 3), "\n", -1);
    gboolean ok = question && question_add_text(question, statement_text(row, 2), NULL);
    for (char **choice = choices; ok && *choice; choice++)
        ok = question_add_choice(question, *choice, NULL);
    if (!ok) {
        ledger_damaged(ledger, error, "a question of a mailing can't be read");
        return NULL;
    }
    question->until = (Day)statement_integer(row, 4);
    return g_steal_pointer(&question);
}

static GPtrArray *read_questions(Ledger *ledger, const char *sql, gint64 mailing, GError **error)
{
    StatementStep step;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    g_autoptr(Statement) rows = statement_begin(ledger->db, sql, error);
    if (!rows)
        return NULL;
    statement_bind_integer(rows, 1, mailing);
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        if (questions_find(all, statement_text(rows, 0)))
            continue;
        Question *question = question_of(ledger, rows, error);
        if (!question)
            return NULL;
        g_ptr_array_add(all, question);
    }
    return step == STATEMENT_DONE ? g_steal_pointer(&all) : NULL;
}

GPtrArray *answers_questions(Ledger *ledger, gint64 mailing, GError **error)
{
    return read_questions(ledger, SQL_QUESTIONS, mailing, error);
}

GPtrArray *answers_all_questions(Ledger *ledger, gint64 first, GError **error)
{
    return read_questions(ledger, SQL_ALL_QUESTIONS, first, error);
}

GPtrArray *answers_all_events(Ledger *ledger, gint64 first, GError **error)
{
    return read_questions(ledger, SQL_ALL_EVENTS, first, error);
}

/* Of a row of integers with those bound. */
static gboolean ask_integers(Statement *ask, gint64 *values, int count, GError **error)
{
    if (!ask || statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    for (int i = 0; i < count; i++)
        values[i] = statement_integer(ask, i);
    return TRUE;
}

gboolean answers_are_asked(Ledger *ledger, gboolean *any, GError **error)
{
    gint64 count;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_ANY, error);
    if (!ask_integers(ask, &count, 1, error))
        return FALSE;
    *any = count > 0;
    return TRUE;
}

gboolean answers_first(Ledger *ledger, gint64 mailing, gint64 *first, GError **error)
{
    enum { FOLLOWS_MAX = 1000 }; /* a damaged ledger may go round in a circle */
    gint64 follows = mailing;
    for (guint i = 0; follows && i < FOLLOWS_MAX; i++) {
        *first = follows;
        g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_FOLLOWS, error);
        if (!ask)
            return FALSE;
        statement_bind_integer(ask, 1, follows);
        Lookup found = statement_lookup(ask, error);
        if (found == LOOKUP_FAILED)
            return FALSE;
        follows = found == LOOKUP_FOUND ? statement_integer(ask, 0) : 0;
    }
    if (!mailing)
        *first = 0;
    return TRUE;
}

Lookup answers_asked_of(Ledger *ledger, const char *address, gint64 since, gint64 *mailing,
                        guint64 *delivery, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_ASKED_OF, error);
    if (!ask)
        return LOOKUP_FAILED;
    statement_bind_text(ask, 1, address);
    statement_bind_integer(ask, 2, since);
    Lookup found = statement_lookup(ask, error);
    if (found == LOOKUP_FOUND) {
        *mailing = statement_integer(ask, 0);
        *delivery = (guint64)statement_integer(ask, 1);
    }
    return found;
}

Lookup answers_letter_to(Ledger *ledger, gint64 first, const char *address, gint64 *mailing,
                         guint64 *delivery, guint *keys, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_LETTER_TO, error);
    if (!ask)
        return LOOKUP_FAILED;
    statement_bind_integer(ask, 1, first);
    statement_bind_text(ask, 2, address);
    Lookup found = statement_lookup(ask, error);
    if (found == LOOKUP_FOUND) {
        *mailing = statement_integer(ask, 0);
        *delivery = (guint64)statement_integer(ask, 1);
        *keys = (guint)statement_integer(ask, 2);
    }
    return found;
}

static GArray *other_letters(Ledger *ledger, const char *key, const char *address, GError **error)
{
    StatementStep step;
    g_autoptr(GArray) mailings = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_OTHERS, error);
    if (!ask)
        return NULL;
    statement_bind_text(ask, 1, address);
    statement_bind_text(ask, 2, key);
    while ((step = statement_step(ask, error)) == STATEMENT_ROW) {
        gint64 mailing = statement_integer(ask, 0);
        g_array_append_val(mailings, mailing);
    }
    return step == STATEMENT_DONE ? g_steal_pointer(&mailings) : NULL;
}

gboolean answers_is_other_reader(Ledger *ledger, gint64 mailing, const char *key,
                                 const char *address, gboolean *other, GError **error)
{
    gint64 first, its;
    g_autoptr(GArray) others = other_letters(ledger, key, address, error);
    *other = FALSE;
    if (!others || !answers_first(ledger, mailing, &first, error))
        return FALSE;
    for (guint i = 0; i < others->len && !*other; i++) {
        if (!answers_first(ledger, g_array_index(others, gint64, i), &its, error))
            return FALSE;
        *other = its == first;
    }
    return TRUE;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void bind_row(Statement *add, const AnswerRow *row)
{
    const char *const texts[] = {row->why, row->sender, row->sender_name, row->subject, row->text};
    statement_bind_text(add, 1, row->message);
    statement_bind_integer(add, 2, row->uidvalidity);
    statement_bind_integer(add, 3, row->uid);
    statement_bind_integer(add, 4, row->received_at);
    statement_bind_integer(add, 5, row->said_at);
    statement_bind_integer(add, 6, row->mailing);
    statement_bind_integer(add, 7, (gint64)row->delivery);
    statement_bind_text(add, 8, row->key);
    statement_bind_text(add, 9, row->address);
    statement_bind_text(add, 10, row->question);
    statement_bind_text(add, 11, row->choice);
    statement_bind_text(add, 12, answer_state_name(row->state));
    statement_bind_integer(add, 13, row->late);
    statement_bind_integer(add, 14, row->verified);
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        statement_bind_text(add, 15 + i, texts[i]);
}

static gboolean add_row(Ledger *ledger, const AnswerRow *row, GError **error)
{
    guint64 added;
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    bind_row(add, row);
    if (!statement_run(add, &added, error))
        return FALSE;
    if (!added)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: the answer in message %.12s is on record already", ledger->path,
                    row->message);
    return added > 0;
}

gboolean answers_add(Ledger *ledger, AnswerRow *row, GError **error)
{
    if (!add_row(ledger, row, error))
        return FALSE;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_LATEST, error);
    return ask_integers(ask, &row->number, 1, error);
}

gboolean answers_find(Ledger *ledger, const char *message, gboolean *found, gboolean *to_review,
                      GError **error)
{
    *found = *to_review = FALSE;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_FIND, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, message);
    Lookup there = statement_lookup(ask, error);
    *found = there == LOOKUP_FOUND;
    *to_review = *found && g_str_equal(statement_text(ask, 0), STATES[ANSWER_REVIEW]);
    return there != LOOKUP_FAILED;
}

static AnswerState state_of(const char *name)
{
    for (int i = 0; i < ANSWER_STATES; i++)
        if (g_str_equal(name, STATES[i]))
            return (AnswerState)i;
    return ANSWER_REVIEW; /* a later circular's: a person looks */
}

static AnswerRow borrow(Statement *row)
{
    return (AnswerRow){.number = statement_integer(row, 0),
                       .message = statement_text(row, 1),
                       .uidvalidity = (guint32)statement_integer(row, 2),
                       .uid = (guint32)statement_integer(row, 3),
                       .received_at = statement_integer(row, 4),
                       .said_at = statement_integer(row, 5),
                       .mailing = statement_integer(row, 6),
                       .delivery = (guint64)statement_integer(row, 7),
                       .key = statement_text(row, 8),
                       .address = statement_text(row, 9),
                       .question = statement_text(row, 10),
                       .choice = statement_text(row, 11),
                       .state = state_of(statement_text(row, 12)),
                       .late = statement_integer(row, 13) != 0,
                       .verified = statement_integer(row, 14) != 0,
                       .why = statement_text(row, 15),
                       .sender = statement_text(row, 16),
                       .sender_name = statement_text(row, 17),
                       .subject = statement_text(row, 18),
                       .text = statement_text(row, 19),
                       .mailing_id = statement_text(row, 20)};
}

static gboolean read_rows(Statement *each, AnswerFound found, void *user, GError **error)
{
    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        AnswerRow row = borrow(each);
        if (!found(user, &row))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean answers_each(Ledger *ledger, gint64 first, AnswerState state, AnswerFound found,
                      void *user, GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_EACH, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, first);
    statement_bind_text(each, 2, state == ANSWER_STATES ? "" : answer_state_name(state));
    return read_rows(each, found, user, error);
}

gboolean answers_history(Ledger *ledger, const char *key_or_address, AnswerFound found, void *user,
                         GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_HISTORY, error);
    if (!each)
        return FALSE;
    statement_bind_text(each, 1, key_or_address);
    return read_rows(each, found, user, error);
}

/* --- by a person ------------------------------------------------------------------------------ */

static gboolean settle(Ledger *ledger, Statement *change, gint64 number, GError **error)
{
    guint64 changed = 0;
    gboolean ok = change && statement_run(change, &changed, error);
    if (ok && !changed) {
        ok = FALSE;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "no answer %" G_GINT64_FORMAT " of a letter waits for review", number);
    }
    if (ok)
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

gboolean answers_count(Ledger *ledger, gint64 number, const char *question, const char *choice,
                       const char *who, GError **error)
{
    g_autofree char *why = g_strdup_printf("counted by %s", who);
    if (!ledger_begin(ledger, error))
        return FALSE;
    g_autoptr(Statement) count = statement_begin(ledger->db, SQL_COUNT, error);
    if (count) {
        statement_bind_text(count, 1, question);
        statement_bind_text(count, 2, choice);
        statement_bind_text(count, 3, why);
        statement_bind_integer(count, 4, number);
    }
    return settle(ledger, count, number, error);
}

gboolean answers_dismiss(Ledger *ledger, gint64 number, const char *who, GError **error)
{
    g_autofree char *why = g_strdup_printf("dismissed by %s", who);
    if (!ledger_begin(ledger, error))
        return FALSE;
    g_autoptr(Statement) dismiss = statement_begin(ledger->db, SQL_DISMISS, error);
    if (dismiss) {
        statement_bind_text(dismiss, 1, why);
        statement_bind_integer(dismiss, 2, number);
    }
    return settle(ledger, dismiss, number, error);
}

/* --- who was asked ---------------------------------------------------------------------------- */

gboolean answers_each_letter(Ledger *ledger, const char *question, AnswerLetter found, void *user,
                             GError **error)
{
    StatementStep step;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_LETTERS, error);
    if (!each)
        return FALSE;
    statement_bind_text(each, 1, question);
    while ((step = statement_step(each, error)) == STATEMENT_ROW)
        if (!found(user, statement_integer(each, 0), statement_text(each, 1)))
            return TRUE;
    return step == STATEMENT_DONE;
}

gboolean answers_each_reader(Ledger *ledger, gint64 first, AnswerReader found, void *user,
                             GError **error)
{
    StatementStep step;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_READERS, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, first);
    while ((step = statement_step(each, error)) == STATEMENT_ROW)
        found(user, statement_text(each, 0));
    return step == STATEMENT_DONE;
}

/* --- one school ------------------------------------------------------------------------------- */

static gboolean ask_of_key(Ledger *ledger, const char *sql, gint64 first, const char *key,
                           gint64 values[2], GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, sql, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, first);
    statement_bind_text(ask, 2, key);
    return ask_integers(ask, values, 2, error);
}

gboolean answers_standing(Ledger *ledger, gint64 first, const char *key, AnswerStanding *standing,
                          GError **error)
{
    gint64 answers[2], letters[2];
    if (!ask_of_key(ledger, SQL_ANSWERED, first, key, answers, error) ||
        !ask_of_key(ledger, SQL_SENT, first, key, letters, error))
        return FALSE;
    *standing = (AnswerStanding){.answered = (guint)answers[0],
                                 .waiting = (guint)answers[1],
                                 .reminded = (guint)letters[0],
                                 .last_at = letters[1]};
    return TRUE;
}
