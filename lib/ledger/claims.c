/* claims - deliveries taken to be sent, and what became of them */
#include "ledger/claims.h"

#include <string.h>

#include "base/error.h"
#include "fact/audience_names.h"
#include "ledger/leases.h"
#include "ledger/lifecycle.h"
#include "ledger/mailings.h"
#include "ledger/schedule.h"
#include "ledger/settlements.h"
#include "ledger/answers.h"
#include "ledger/suppressions.h"
#include "ledger/connection.h"

/* The states stand in the text: only so does deliveries_open help (migrations.c). */
static const char SQL_DUE[] = "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES
                              "WHERE d.mailing = $1 AND d.state = 'deferred' AND d.next_at <= $2 "
                              "AND d.next_at > 0 ORDER BY d.next_at, d.number LIMIT $3";
static const char SQL_PLANNED[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 AND "
    "d.state = 'planned' ORDER BY d.next_at, d.number LIMIT $2";
/* On a server no index has the state, so that its changes touch no index (sql/dialect): there the numbers
 * are gone through from where the last claim was, and behind them come those that have a time. */
static const char SQL_PLANNED_BETWEEN[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 AND "
    "d.state = 'planned' AND d.next_at = 0 AND d.number BETWEEN $2 AND $3 "
    "ORDER BY d.number LIMIT $4";
static const char SQL_PLANNED_LATER[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 AND "
    "d.state = 'planned' AND d.next_at > 0 ORDER BY d.next_at, d.number LIMIT $2";
static const char SQL_CLAIM[] = "UPDATE deliveries SET state = $1, changed_at = $2, next_at = 0, "
                                "first_at = CASE WHEN first_at = 0 THEN $2 ELSE first_at END, "
                                "lease = $3 WHERE mailing = $4 AND number BETWEEN $5 AND $6";
static const char SQL_RECORD[] =
    "UPDATE deliveries SET state = $1, attempts = attempts + $2, code = $3, enhanced = $4, "
    "reply = $5, changed_at = $6, next_at = $7, stage = $8, given_up = $9, transport = $10, "
    "message_id = $11, first_at = CASE WHEN attempts + $2 > 0 THEN first_at WHEN $3 = 0 THEN 0 "
    "WHEN $12 <> 0 THEN $6 ELSE first_at END "
    "WHERE mailing = $13 AND number = $14 AND lease = $15 AND (state = 'sending' OR "
    "(state = 'unknown' AND $15 > 0))";
static const char SQL_STATE[] = "SELECT state FROM deliveries WHERE mailing = $1 AND number = $2";
static const char SQL_ADVANCE[] = "UPDATE deliveries SET next_at = $1 WHERE mailing = $2 AND "
                                  "state = 'deferred' AND next_at > $3";
static const char SQL_RECOVER[] =
    "UPDATE deliveries SET state = $1, attempts = attempts + 1, code = 0, enhanced = '', "
    "stage = '', reply = coalesce((SELECT 'the sender (' || l.holder || ') stopped before the "
    "outcome was on record' FROM leases l WHERE l.number = deliveries.lease), $2), changed_at = $3 "
    "WHERE mailing = $4 AND state = $5 AND NOT EXISTS (SELECT 1 FROM leases h WHERE h.number = "
    "deliveries.lease AND h.until > 0)";
static const char SQL_OF_LEASE[] = "SELECT number, state FROM deliveries WHERE mailing = $1 AND "
                                   "lease = $2 AND (state = 'sending' OR state = 'unknown') "
                                   "ORDER BY number";
static const char SQL_REPLAN[] = "UPDATE deliveries SET state = $1, changed_at = $2, next_at = 0 "
                                 "WHERE mailing = $3 AND state = $4";
/* Anew from the beginning: the time for trying begins again, too. */
static const char SQL_REPLAN_REFUSED[] =
    "UPDATE deliveries SET state = 'planned', changed_at = $1, next_at = 0, first_at = 0, "
    "attempts = 0, given_up = '' WHERE mailing = $2 AND state = 'refused' AND "
    "($3 = '' OR CAST(code AS TEXT) = $3 OR enhanced = $3)";
static const char SQL_COUNT_REFUSED[] =
    "SELECT count(*) FROM deliveries WHERE mailing = $1 AND state = 'refused' AND "
    "($2 = '' OR CAST(code AS TEXT) = $2 OR enhanced = $2)";
static const char SQL_ANY_SUPPRESSION[] = "SELECT 1 FROM suppressions WHERE removed_at = 0 LIMIT 1";
static const char SQL_PLAN[] = "SELECT audience, planned_at FROM mailings WHERE number = $1";

static const char REPLY_STOPPED[] = "the sender stopped before the outcome was on record";

/* Ends the transaction of a function that began one: `ok` says how. */
static gboolean settle(Ledger *ledger, gboolean ok, GError **error)
{
    if (ok)
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

/* --- claiming -------------------------------------------------------------------------------- */

static gboolean collect(Ledger *ledger, Statement *rows, GPtrArray *batch, GError **error)
{
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        Delivery delivery;
        if (!delivery_from_row(ledger, rows, &delivery, error))
            return FALSE;
        g_ptr_array_add(batch, delivery_copy(&delivery));
    }
    return step == STATEMENT_DONE;
}

/* With `range`: of the numbers between these two. */
static gboolean choose_by(Ledger *ledger, const char *sql, gint64 mailing, const gint64 *range,
                          guint limit, GPtrArray *batch, GError **error)
{
    int index = 1;
    g_autoptr(Statement) planned = statement_begin(ledger->db, sql, error);
    if (!planned)
        return FALSE;
    statement_bind_integer(planned, index++, mailing);
    for (int i = 0; range && i < 2; i++)
        statement_bind_integer(planned, index++, range[i]);
    statement_bind_integer(planned, index, limit - batch->len);
    return collect(ledger, planned, batch, error);
}

/* From where the last claim was; then once more from the beginning, where some may have come back. */
static gboolean choose_there(Ledger *ledger, gint64 mailing, guint limit, GPtrArray *batch,
                             GError **error)
{
    guint due = batch->len;
    gint64 from = ledger->claimed_of == mailing ? ledger->claimed_to + 1 : 0;
    const gint64 rest[] = {from, G_MAXINT64}, before[] = {0, from - 1};
    if (!choose_by(ledger, SQL_PLANNED_BETWEEN, mailing, rest, limit, batch, error))
        return FALSE;
    if (batch->len > due) {
        const Delivery *last = g_ptr_array_index(batch, batch->len - 1);
        ledger->claimed_of = mailing;
        ledger->claimed_to = (gint64)last->number;
    }
    return (batch->len == limit ||
            choose_by(ledger, SQL_PLANNED_BETWEEN, mailing, before, limit, batch, error)) &&
           (batch->len == limit ||
            choose_by(ledger, SQL_PLANNED_LATER, mailing, NULL, limit, batch, error));
}

/* The due come first: they have a deadline, and to send what is planned may take days. */
static gboolean choose(Ledger *ledger, gint64 mailing, guint limit, gint64 now, GPtrArray *batch,
                       GError **error)
{
    if (!limit)
        return TRUE;
    g_autoptr(Statement) due = statement_begin(ledger->db, SQL_DUE, error);
    if (!due)
        return FALSE;
    statement_bind_integer(due, 1, mailing);
    statement_bind_integer(due, 2, now);
    statement_bind_integer(due, 3, limit);
    if (!collect(ledger, due, batch, error))
        return FALSE;

    return ledger->schema ? choose_there(ledger, mailing, limit, batch, error)
                          : choose_by(ledger, SQL_PLANNED, mailing, NULL, limit, batch, error);
}

/* How many of the batch, from `start` on, have numbers in a row. */
static guint count_in_row(const GPtrArray *batch, guint start)
{
    const Delivery *first = g_ptr_array_index(batch, start);
    guint count = 1;
    while (start + count < batch->len &&
           ((const Delivery *)g_ptr_array_index(batch, start + count))->number ==
               first->number + count)
        count++;
    return count;
}

/* Those in a row, as nearly all are, are moved by one statement: half the time of one for each. */
static gboolean mark_sending(Ledger *ledger, gint64 mailing, GPtrArray *batch, gint64 now,
                             GError **error)
{
    g_autoptr(Statement) claim = statement_begin(ledger->db, SQL_CLAIM, error);
    if (!claim)
        return FALSE;
    statement_bind_text(claim, 1, delivery_state_name(DELIVERY_SENDING));
    statement_bind_integer(claim, 2, now);
    statement_bind_integer(claim, 3, ledger->lease);
    statement_bind_integer(claim, 4, mailing);
    for (guint i = 0, count; i < batch->len; i += count) {
        const Delivery *first = g_ptr_array_index(batch, i);
        count = count_in_row(batch, i);
        statement_bind_integer(claim, 5, (gint64)first->number);
        statement_bind_integer(claim, 6, (gint64)first->number + count - 1);
        if (!statement_run(claim, NULL, error))
            return FALSE;
    }
    for (guint i = 0; i < batch->len; i++) {
        Delivery *delivery = g_ptr_array_index(batch, i);
        delivery->state = DELIVERY_SENDING;
        delivery->changed_at = now;
        /* next_at stays, in the copy: when it was given back last. */
        delivery->first_at = delivery->first_at ? delivery->first_at : now;
    }
    return TRUE;
}

/* --- the last moment ------------------------------------------------------------------------- */

/* Whoever asked for no more letters since the plan was made gets none, also between the days of a
 * long mailing. What held when it was planned was asked then, for the very audience that the
 * recipient came from; of a plan for several, a later one for any of them counts. */
static gboolean ask_suppressed(Ledger *ledger, const Delivery *delivery, char **audiences,
                               gint64 planned_at, gint64 now, Why *why, GError **error)
{
    for (char **audience = audiences; *audience && !why->kind; audience++) {
        g_auto(Why) found = {0};
        if (!suppressions_why(ledger, delivery->address, *audience, now, &found, error))
            return FALSE;
        if (found.kind && (found.since >= planned_at || !audiences[1])) {
            *why = found;
            found = (Why){0};
        }
    }
    return TRUE;
}

/* Whoever has answered since a reminder was planned isn't reminded. */
static gboolean ask_answered(Ledger *ledger, gint64 first, guint questions,
                             const Delivery *delivery, Why *why, GError **error)
{
    AnswerStanding standing;
    if (!questions || why->kind || g_str_has_prefix(delivery->key, "seed:"))
        return TRUE;
    if (!answers_standing(ledger, first, delivery->key, &standing, error))
        return FALSE;
    if (standing.answered >= questions)
        why->kind = EXCLUSION_ANSWERED;
    else if (standing.waiting)
        why->kind = EXCLUSION_ANSWER_WAITS;
    return TRUE;
}

/* How many questions a reminder reminds of, and whose; 0 for another letter. */
static gboolean count_questions(Ledger *ledger, const Mailing *mailing, gint64 *first,
                                guint *questions, GError **error)
{
    *questions = 0;
    if (mailing->follows_as != MAILING_REMINDER)
        return TRUE;
    g_autoptr(GPtrArray) all = answers_first(ledger, mailing->number, first, error)
                                   ? answers_all_questions(ledger, *first, error)
                                   : NULL;
    *questions = all ? all->len : 0;
    return all != NULL;
}

static gboolean any_suppression(Ledger *ledger, gboolean *any, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_ANY_SUPPRESSION, error);
    StatementStep step = ask ? statement_step(ask, error) : STATEMENT_FAILED;
    *any = step == STATEMENT_ROW;
    return step != STATEMENT_FAILED;
}

static gboolean read_plan(Ledger *ledger, gint64 mailing, char ***audiences, gint64 *planned_at,
                          GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_PLAN, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, mailing);
    if (statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *audiences = audience_names_split(statement_text(ask, 0));
    *planned_at = statement_integer(ask, 1);
    return TRUE;
}

/* Takes the suppressed, and of a reminder those who have answered, out of the batch, on record as left
 * out. */
static gboolean leave_out(Ledger *ledger, const Mailing *mailing, gint64 now, GPtrArray *batch,
                          GError **error)
{
    gint64 planned_at, first = 0;
    guint questions;
    gboolean any;
    g_auto(GStrv) audiences = NULL;
    if (!any_suppression(ledger, &any, error) ||
        !count_questions(ledger, mailing, &first, &questions, error))
        return FALSE;
    if ((!any && !questions) || !batch->len)
        return TRUE;
    if (!read_plan(ledger, mailing->number, &audiences, &planned_at, error))
        return FALSE;
    for (guint i = 0; i < batch->len;) {
        g_auto(Why) why = {0};
        const Delivery *delivery = g_ptr_array_index(batch, i);
        if (!ask_suppressed(ledger, delivery, audiences, planned_at, now, &why, error) ||
            !ask_answered(ledger, first, questions, delivery, &why, error) ||
            (why.kind && !lifecycle_leave_out(ledger, mailing, delivery, &why, now, error)))
            return FALSE;
        if (why.kind)
            g_ptr_array_remove_index(batch, i);
        else
            i++;
    }
    return TRUE;
}

/* Cuts `limit` to what the day has room for. */
static gboolean heed_day(Ledger *ledger, DayLimit *day, guint *limit, GError **error)
{
    guint64 gone;
    if (!day || !day->most || !*limit)
        return TRUE;
    if (!schedule_sent_since(ledger, day->since, &gone, error))
        return FALSE;
    day->is_spent = gone >= day->most;
    *limit = day->is_spent ? 0 : (guint)MIN(*limit, day->most - gone);
    return TRUE;
}

/* Within the caller's transaction; adds to `batch`. */
static gboolean claim(Ledger *ledger, const Mailing *mailing, guint limit, gint64 now,
                      GPtrArray *batch, GError **error)
{
    guint chosen;
    do {
        if (!choose(ledger, mailing->number, limit, now, batch, error))
            return FALSE;
        chosen = batch->len;
        if (!leave_out(ledger, mailing, now, batch, error))
            return FALSE;
    } while (chosen && !batch->len); /* an empty batch would mean that nothing is left */
    return mark_sending(ledger, mailing->number, batch, now, error);
}

/* --- recording ------------------------------------------------------------------------------- */

/* The reply as one line of UTF-8 of bounded length, whatever the server said. */
static char *one_line(const char *reply)
{
    g_autofree char *valid = g_utf8_make_valid(reply ? reply : "", -1);
    for (char *p = valid; *p; p++)
        if (g_ascii_iscntrl(*p))
            *p = ' ';
    if (strlen(valid) > CLAIMS_REPLY_MAX)
        *g_utf8_find_prev_char(valid, valid + CLAIMS_REPLY_MAX + 1) = '\0';
    return g_steal_pointer(&valid);
}

/* When or where it comes again. Put off without a time is due at once: 0 is found by no claim. */
static gint64 place_of(const DeliveryResult *result)
{
    return result->state == DELIVERY_DEFERRED  ? MAX(result->next_at, 1)
           : result->state == DELIVERY_PLANNED ? result->next_at
                                               : 0;
}

/* Moves one from `sending` to what became of it; `moved`, known once all are asked for, is 0 when it
 * isn't `sending` under that lease. One that others took for lost while it slept is `unknown`, and
 * still its own attempt. */
static gboolean record(Ledger *ledger, gint64 mailing, gint64 lease, const DeliveryResult *result,
                       guint64 *moved, GError **error)
{
    g_autofree char *reply = one_line(result->reply);
    g_autoptr(Statement) move = statement_begin(ledger->db, SQL_RECORD, error);
    if (!move)
        return FALSE;
    statement_bind_text(move, 1, delivery_state_name(result->state));
    statement_bind_integer(move, 2, result->tried ? 1 : 0);
    statement_bind_integer(move, 3, result->code);
    statement_bind_text(move, 4, result->enhanced);
    statement_bind_text(move, 5, reply);
    statement_bind_integer(move, 6, result->at);
    statement_bind_integer(move, 7, place_of(result));
    statement_bind_text(move, 8, stage_name(result->stage));
    statement_bind_text(move, 9, given_up_name(result->given_up));
    statement_bind_text(move, 10, via_name(result->via));
    statement_bind_text(move, 11, result->message_id);
    statement_bind_integer(move, 12, result->is_news);
    statement_bind_integer(move, 13, mailing);
    statement_bind_integer(move, 14, (gint64)result->number);
    statement_bind_integer(move, 15, lease);
    return statement_queue(move, moved, error);
}

static gboolean may_become(DeliveryState state)
{
    switch (state) {
    case DELIVERY_PLANNED:
    case DELIVERY_SENT:
    case DELIVERY_DEFERRED:
    case DELIVERY_REFUSED:
    case DELIVERY_UNKNOWN:
    case DELIVERY_WRITTEN:
        return TRUE;
    case DELIVERY_SENDING:
    case DELIVERY_BOUNCED:
    case DELIVERY_COMPLAINED:
    case DELIVERY_LEFT_OUT:
    case DELIVERY_STATES:
        return FALSE;
    }
    return FALSE;
}

/* Says what stands where something else was to be recorded. */
static gboolean not_claimed(Ledger *ledger, const Mailing *mailing, const DeliveryResult *result,
                            guint more, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_STATE, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, mailing->number);
    statement_bind_integer(ask, 2, (gint64)result->number);
    StatementStep step = statement_step(ask, error);
    if (step == STATEMENT_FAILED)
        return FALSE;
    g_autofree char *others = more ? g_strdup_printf(" (and %u more)", more) : g_strdup("");
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                "%s: delivery %" G_GUINT64_FORMAT " of '%s' can't become '%s': it is '%s' and not "
                "'sending'%s; is another circular sending it?",
                ledger->path, result->number, mailing->id, delivery_state_name(result->state),
                step == STATEMENT_ROW ? statement_text(ask, 0) : "missing", others);
    return FALSE;
}

/* Those of a batch that were not `sending`. */
typedef struct {
    const DeliveryResult *first;
    guint count;
} Odd;

/* Within the caller's transaction: all but the odd ones. */
static gboolean record_all(Ledger *ledger, gint64 mailing, gint64 lease,
                           const DeliveryResult *results, guint count, Odd *odd, GError **error)
{
    gboolean ok = TRUE;
    g_autofree guint64 *moved = g_new0(guint64, count);
    for (guint i = 0; ok && i < count; i++) {
        g_assert(may_become(results[i].state));
        ok = record(ledger, mailing, lease, &results[i], &moved[i], error);
    }
    /* Also after one that failed: nothing may come to be written there later. */
    if (!database_flush(ledger->db, ok ? error : NULL) || !ok)
        return FALSE;
    for (guint i = 0; i < count; i++)
        if (!moved[i] && !odd->count++)
            odd->first = &results[i];
    return TRUE;
}

/* --- each a transaction ---------------------------------------------------------------------- */

static GPtrArray *turn(Ledger *ledger, const Mailing *mailing, const DeliveryResult *results,
                       guint count, guint limit, DayLimit *day, gint64 now, GError **error)
{
    Odd odd = {0};
    g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    if (!ledger_begin(ledger, error))
        return NULL;
    /* What did happen is not withheld from the record because of one that can't have, nor of a lease
     * that has ended; but then nothing more is begun. */
    gboolean is_held = FALSE;
    gboolean ok = leases_renew(ledger, &is_held, error) &&
                  record_all(ledger, mailing->number, ledger->lease, results, count, &odd, error) &&
                  (odd.count || !is_held ||
                   (heed_day(ledger, day, &limit, error) &&
                    claim(ledger, mailing, limit, now, batch, error)));
    if (!settle(ledger, ok, error))
        return NULL;
    if (!is_held) {
        leases_say_lost(ledger, mailing->id, error);
        return NULL;
    }
    if (batch->len)
        ledger_settle(ledger);
    if (odd.count) {
        not_claimed(ledger, mailing, odd.first, odd.count - 1, error);
        return NULL;
    }
    return g_steal_pointer(&batch);
}

/* Whom the server has give way, as of two that wait for each other, tries again: nothing is on record. */
GPtrArray *deliveries_turn(Ledger *ledger, const Mailing *mailing, const DeliveryResult *results,
                           guint count, guint limit, DayLimit *day, gint64 now, GError **error)
{
    enum { TRIES = 5 };
    for (int tries = 1;; tries++) {
        GError *inner = NULL;
        GPtrArray *batch = turn(ledger, mailing, results, count, limit, day, now, &inner);
        if (!batch && tries < TRIES && database_fault(ledger->db) == DATABASE_FAULT_AGAIN) {
            g_error_free(inner);
            continue;
        }
        if (inner)
            g_propagate_error(error, inner);
        return batch;
    }
}

GPtrArray *deliveries_claim(Ledger *ledger, const Mailing *mailing, guint limit, gint64 now,
                            GError **error)
{
    return deliveries_turn(ledger, mailing, NULL, 0, limit, NULL, now, error);
}

gboolean deliveries_record(Ledger *ledger, const Mailing *mailing, const DeliveryResult *results,
                           guint count, GError **error)
{
    g_autoptr(GPtrArray) none = deliveries_turn(ledger, mailing, results, count, 0, NULL, 0, error);
    return none != NULL;
}

gboolean deliveries_record_late(Ledger *ledger, const Mailing *mailing, gint64 lease,
                                const DeliveryResult *results, guint count, GError **error)
{
    Odd odd = {0};
    return ledger_begin(ledger, error) &&
           settle(ledger, record_all(ledger, mailing->number, lease, results, count, &odd, error),
                  error);
}

gboolean deliveries_each_of_lease(Ledger *ledger, const Mailing *mailing, gint64 lease,
                                  DeliveryOfLease found, void *user, GError **error)
{
    StatementStep step;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_OF_LEASE, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, mailing->number);
    statement_bind_integer(each, 2, lease);
    while ((step = statement_step(each, error)) == STATEMENT_ROW)
        found(user, (guint64)statement_integer(each, 0),
              g_str_equal(statement_text(each, 1), delivery_state_name(DELIVERY_UNKNOWN)));
    return step == STATEMENT_DONE;
}

/* What seems to wait longer than anything does is due now. */
static gboolean advance(Ledger *ledger, gint64 mailing, gint64 now, GError **error)
{
    g_autoptr(Statement) late = statement_begin(ledger->db, SQL_ADVANCE, error);
    if (!late)
        return FALSE;
    statement_bind_integer(late, 1, now);
    statement_bind_integer(late, 2, mailing);
    statement_bind_integer(late, 3, now + DELIVERY_PAUSE_MAX);
    return statement_run(late, NULL, error);
}

gboolean deliveries_recover(Ledger *ledger, const Mailing *mailing, gint64 now, guint64 *count,
                            GError **error)
{
    if (!ledger_begin(ledger, error))
        return FALSE;
    g_autoptr(Statement) recover = statement_begin(ledger->db, SQL_RECOVER, error);
    if (!recover)
        return settle(ledger, FALSE, error);
    statement_bind_text(recover, 1, delivery_state_name(DELIVERY_UNKNOWN));
    statement_bind_text(recover, 2, REPLY_STOPPED);
    statement_bind_integer(recover, 3, now);
    statement_bind_integer(recover, 4, mailing->number);
    statement_bind_text(recover, 5, delivery_state_name(DELIVERY_SENDING));
    gboolean ok = leases_end_dead(ledger, mailing, error) && statement_run(recover, count, error) &&
                  advance(ledger, mailing->number, now, error);
    return settle(ledger, ok, error);
}

gboolean deliveries_replan_unknown(Ledger *ledger, const Mailing *mailing, gint64 now,
                                   guint64 *count, GError **error)
{
    if (!ledger_begin(ledger, error))
        return FALSE;
    g_autoptr(Statement) replan = statement_begin(ledger->db, SQL_REPLAN, error);
    if (!replan)
        return settle(ledger, FALSE, error);
    statement_bind_text(replan, 1, delivery_state_name(DELIVERY_PLANNED));
    statement_bind_integer(replan, 2, now);
    statement_bind_integer(replan, 3, mailing->number);
    statement_bind_text(replan, 4, delivery_state_name(DELIVERY_UNKNOWN));
    gboolean ok = settlements_resend(ledger, mailing->number, now, error) &&
                  statement_run(replan, count, error);
    return settle(ledger, ok, error);
}

gboolean deliveries_count_refused(Ledger *ledger, const Mailing *mailing, const char *only,
                                  guint64 *count, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_COUNT_REFUSED, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, mailing->number);
    statement_bind_text(ask, 2, only);
    if (statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *count = (guint64)statement_integer(ask, 0);
    return TRUE;
}

gboolean deliveries_replan_refused(Ledger *ledger, const Mailing *mailing, const char *only,
                                   gint64 now, guint64 *count, GError **error)
{
    if (!ledger_begin(ledger, error))
        return FALSE;
    g_autoptr(Statement) replan = statement_begin(ledger->db, SQL_REPLAN_REFUSED, error);
    if (!replan)
        return settle(ledger, FALSE, error);
    statement_bind_integer(replan, 1, now);
    statement_bind_integer(replan, 2, mailing->number);
    statement_bind_text(replan, 3, only);
    return settle(ledger, statement_run(replan, count, error), error);
}
