/* inbound_reports - the table of what came back, each message applied once */
#include "ledger/inbound_reports.h"

#include <string.h>

#include "base/error.h"
#include "ledger/connection.h"

#define COLUMNS                                                                                    \
    "n.number, n.message, n.part, n.uidvalidity, n.uid, n.received_at, n.kind, n.judged, "         \
    "n.status, n.reason, n.feedback, n.recipient, n.diagnostic, n.sender, n.subject, n.text, "     \
    "n.successor, n.mailing, n.delivery, n.key, n.address, n.verified, n.action, n.why, "          \
    "n.review, n.reviewed_at "

static const char SQL_NEXT[] = "SELECT coalesce(max(number), 0) + 1 FROM notices";
static const char SQL_ADD[] =
    "INSERT INTO notices (number, message, part, uidvalidity, uid, received_at, kind, judged, "
    "status, reason, feedback, recipient, diagnostic, sender, subject, text, successor, mailing, "
    "delivery, key, address, verified, action, why, review, reviewed_at) VALUES ($1, $2, $3, $4, "
    "$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, "
    "$24, $25, 0) ON CONFLICT (message, part) DO NOTHING";
static const char SQL_FIND[] = "SELECT count(*), coalesce(max(CASE WHEN action = 'review' THEN 1 "
                               "ELSE 0 END), 0) FROM notices WHERE message = $1";
static const char SQL_REVIEW[] =
    "SELECT " COLUMNS
    ", (SELECT count(*) FROM notices o WHERE n.recipient <> '' AND o.kind = n.kind "
    "AND lower(o.recipient) = lower(n.recipient) AND lower(o.address) = lower(n.address)) "
    "FROM notices n WHERE n.review = 1 AND n.reviewed_at = 0 ORDER BY n.number";
static const char SQL_HISTORY[] =
    "SELECT " COLUMNS "FROM notices n WHERE (n.key <> '' AND n.key = $1) OR (n.address <> '' AND "
    "lower(n.address) = lower($1)) "
    "ORDER BY n.number";
/* first_at of the delivery, and not received_at: a late report on an old letter stays old. */
static const char SQL_JUDGED[] =
    "SELECT " COLUMNS ", d.first_at FROM notices n JOIN mailings m ON m.id = n.mailing "
    "JOIN deliveries d ON d.mailing = m.number AND d.number = n.delivery "
    "WHERE lower(n.address) = lower($1) AND n.verified = 1 AND n.judged <> '' "
    "AND d.first_at > $2 ORDER BY d.first_at, n.number";
static const char SQL_REVIEWED[] = "UPDATE notices SET reviewed_at = $1 "
                                   "WHERE number = $2 AND review = 1 AND reviewed_at = 0";
static const char SQL_BOOKMARK[] = "SELECT uidvalidity, uid FROM inboxes WHERE name = $1";
static const char SQL_SET_BOOKMARK[] =
    "INSERT INTO inboxes (name, uidvalidity, uid) VALUES ($1, $2, $3) "
    "ON CONFLICT (name) DO UPDATE SET uidvalidity = $2, uid = $3";

gboolean inbound_reports_next(Ledger *ledger, gint64 *number, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_NEXT, error);
    if (!ask || statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *number = statement_integer(ask, 0);
    return TRUE;
}

static void bind_texts(Statement *add, int index, const char *const *texts, guint count)
{
    for (guint i = 0; i < count; i++)
        statement_bind_text(add, index + (int)i, texts[i]);
}

static void bind_row(Statement *add, const InboundRow *row)
{
    const char *const said[] = {inbound_kind_name(row->kind),
                                row->judged ? inbound_kind_name(row->judged) : "",
                                row->status,
                                row->reason,
                                row->feedback,
                                row->recipient,
                                row->diagnostic,
                                row->sender,
                                row->subject,
                                row->text,
                                row->successor,
                                row->mailing};
    statement_bind_integer(add, 1, row->number);
    statement_bind_text(add, 2, row->message);
    statement_bind_integer(add, 3, row->part);
    statement_bind_integer(add, 4, row->uidvalidity);
    statement_bind_integer(add, 5, row->uid);
    statement_bind_integer(add, 6, row->received_at);
    bind_texts(add, 7, said, G_N_ELEMENTS(said));
    statement_bind_integer(add, 19, (gint64)row->delivery);
    statement_bind_text(add, 20, row->key);
    statement_bind_text(add, 21, row->address);
    statement_bind_integer(add, 22, row->verified);
    statement_bind_text(add, 23, inbound_done_name(row->action));
    statement_bind_text(add, 24, row->why);
    statement_bind_integer(add, 25, row->review);
}

gboolean inbound_reports_add(Ledger *ledger, InboundRow *row, GError **error)
{
    guint64 added;
    if (!inbound_reports_next(ledger, &row->number, error))
        return FALSE;
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    bind_row(add, row);
    if (!statement_run(add, &added, error))
        return FALSE;
    if (added)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: part %u of message %.12s is on record already", ledger->path, row->part,
                row->message);
    return FALSE;
}

gboolean inbound_reports_find(Ledger *ledger, const char *message, gboolean *found,
                              gboolean *to_review, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_FIND, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, message);
    if (statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *found = statement_integer(ask, 0) > 0;
    *to_review = statement_integer(ask, 1) > 0;
    return TRUE;
}

/* The notice of a row of COLUMNS, its texts borrowed. */
static InboundRow borrow(Statement *row)
{
    return (InboundRow){
        .number = statement_integer(row, 0),
        .message = statement_text(row, 1),
        .part = (guint)statement_integer(row, 2),
        .uidvalidity = (guint32)statement_integer(row, 3),
        .uid = (guint32)statement_integer(row, 4),
        .received_at = statement_integer(row, 5),
        .kind = inbound_kind_from_name(statement_text(row, 6)),
        .judged = inbound_kind_from_name(statement_text(row, 7)),
        .status = statement_text(row, 8),
        .reason = statement_text(row, 9),
        .feedback = statement_text(row, 10),
        .recipient = statement_text(row, 11),
        .diagnostic = statement_text(row, 12),
        .sender = statement_text(row, 13),
        .subject = statement_text(row, 14),
        .text = statement_text(row, 15),
        .successor = statement_text(row, 16),
        .mailing = statement_text(row, 17),
        .delivery = (guint64)statement_integer(row, 18),
        .key = statement_text(row, 19),
        .address = statement_text(row, 20),
        .verified = statement_integer(row, 21) != 0,
        .action = inbound_done_from_name(statement_text(row, 22)),
        .why = statement_text(row, 23),
        .review = statement_integer(row, 24) != 0,
        .reviewed_at = statement_integer(row, 25),
    };
}

static gboolean call_back(Statement *rows, gboolean with_times, InboundFound found, void *user,
                          GError **error)
{
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        InboundRow row = borrow(rows);
        row.times = with_times ? (guint)statement_integer(rows, 26) : 0;
        if (!found(user, &row))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean inbound_reports_each_review(Ledger *ledger, InboundFound found, void *user, GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_REVIEW, error);
    return each && call_back(each, TRUE, found, user, error);
}

gboolean inbound_reports_history(Ledger *ledger, const char *key_or_address, InboundFound found,
                                 void *user, GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_HISTORY, error);
    if (!each)
        return FALSE;
    statement_bind_text(each, 1, key_or_address);
    return call_back(each, FALSE, found, user, error);
}

gboolean inbound_reports_judged(Ledger *ledger, const char *address, gint64 since,
                                InboundJudged found, void *user, GError **error)
{
    StatementStep step;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_JUDGED, error);
    if (!each)
        return FALSE;
    statement_bind_text(each, 1, address);
    statement_bind_integer(each, 2, since);
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        InboundRow row = borrow(each);
        if (!found(user, &row, statement_integer(each, 26)))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

/* --- writes that stand alone ----------------------------------------------------------------- */

static gboolean settle(Ledger *ledger, gboolean ok, GError **error)
{
    if (ok)
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

static gboolean mark_reviewed(Ledger *ledger, gint64 number, gint64 now, GError **error)
{
    guint64 changed;
    g_autoptr(Statement) mark = statement_begin(ledger->db, SQL_REVIEWED, error);
    if (!mark)
        return FALSE;
    statement_bind_integer(mark, 1, now);
    statement_bind_integer(mark, 2, number);
    if (!statement_run(mark, &changed, error))
        return FALSE;
    if (!changed)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "no notice %" G_GINT64_FORMAT " waits for review", number);
    return changed > 0;
}

gboolean inbound_reports_reviewed(Ledger *ledger, gint64 number, gint64 now, GError **error)
{
    return ledger_begin(ledger, error) &&
           settle(ledger, mark_reviewed(ledger, number, now, error), error);
}

gboolean inbound_reports_bookmark(Ledger *ledger, const char *inbox, guint32 *uidvalidity,
                                  guint32 *uid, GError **error)
{
    *uidvalidity = *uid = 0;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_BOOKMARK, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, inbox);
    StatementStep step = statement_step(ask, error);
    if (step != STATEMENT_ROW)
        return step == STATEMENT_DONE;
    *uidvalidity = (guint32)statement_integer(ask, 0);
    *uid = (guint32)statement_integer(ask, 1);
    return TRUE;
}

static gboolean put_bookmark(Ledger *ledger, const char *inbox, guint32 uidvalidity, guint32 uid,
                             GError **error)
{
    g_autoptr(Statement) put = statement_begin(ledger->db, SQL_SET_BOOKMARK, error);
    if (!put)
        return FALSE;
    statement_bind_text(put, 1, inbox);
    statement_bind_integer(put, 2, uidvalidity);
    statement_bind_integer(put, 3, uid);
    return statement_run(put, NULL, error);
}

gboolean inbound_reports_set_bookmark(Ledger *ledger, const char *inbox, guint32 uidvalidity,
                                      guint32 uid, GError **error)
{
    return ledger_begin(ledger, error) &&
           settle(ledger, put_bookmark(ledger, inbox, uidvalidity, uid, error), error);
}
