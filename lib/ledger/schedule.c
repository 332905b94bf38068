/* schedule - when mailings are to go, and how much went in a day */
#include "ledger/schedule.h"

#include "text/when.h"
#include "ledger/delivery.h"
#include "ledger/mailings.h"
#include "ledger/connection.h"

static const char SQL_SET[] = "UPDATE mailings SET send_at = $1 WHERE number = $2";
static const char SQL_BEGIN[] =
    "UPDATE mailings SET send_at = 0 WHERE send_at > $1 AND number = $2";
static const char SQL_GET[] = "SELECT send_at FROM mailings WHERE number = $1";
static const char SQL_DUE[] =
    "SELECT id FROM mailings WHERE send_at <= $1 AND (state = 'scheduled' OR state = 'sending') "
    "AND EXISTS (SELECT 1 FROM deliveries d WHERE d.mailing = mailings.number "
    "AND (d.state = 'planned' OR d.state = 'sending' OR "
    "(d.state = 'deferred' AND (d.next_at <= $1 OR d.next_at > $2)))) ORDER BY number";
/* What another process has in hand counts as gone. A bounce changes a row days later: it counts on the day its letter went. */
static const char SQL_SENT_SINCE[] = "SELECT count(*) FROM deliveries WHERE (changed_at > $1 AND "
                                     "state IN ('sent', 'unknown', 'sending')) OR "
                                     "(first_at > $1 AND state IN ('bounced', 'complained'))";

static gboolean set_time(Ledger *ledger, const char *sql, gint64 number, gint64 when,
                         GError **error)
{
    g_autoptr(Statement) set = statement_begin(ledger->db, sql, error);
    if (!set)
        return FALSE;
    statement_bind_integer(set, 1, when);
    statement_bind_integer(set, 2, number);
    return statement_run(set, NULL, error);
}

/* A time that is changed is an event, too: by it one learns who put it off. */
static gboolean put(Ledger *ledger, const Mailing *mailing, MailingState wanted, gint64 when,
                    const Actor *actor, gint64 now, const char *detail, GError **error)
{
    MailingState state;
    if (!lifecycle_state(ledger, mailing, &state, error) ||
        !set_time(ledger, SQL_SET, mailing->number, when, error))
        return FALSE;
    return state == wanted && when
               ? lifecycle_note(ledger, mailing, mailing_state_name(wanted), actor, now, detail,
                                error)
               : lifecycle_move(ledger, mailing, wanted, actor, now, detail, error);
}

gboolean schedule_put(Ledger *ledger, const Mailing *mailing, gint64 when, const Actor *actor,
                      gint64 now, const char *detail, GError **error)
{
    return put(ledger, mailing, when ? MAILING_SCHEDULED : MAILING_PLANNED, when, actor, now,
               detail, error);
}

gboolean schedule_hold(Ledger *ledger, const Mailing *mailing, gint64 until, const Actor *actor,
                       gint64 now, const char *detail, GError **error)
{
    return put(ledger, mailing, MAILING_HELD, until, actor, now, detail, error);
}

gboolean schedule_set(Ledger *ledger, const Mailing *mailing, gint64 when, const Actor *actor,
                      gint64 now, GError **error)
{
    g_autofree char *detail = when ? when_text(when) : NULL;
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (schedule_put(ledger, mailing, when, actor, now, detail, error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

gboolean schedule_begin(Ledger *ledger, const Mailing *mailing, gint64 now, GError **error)
{
    return set_time(ledger, SQL_BEGIN, mailing->number, now, error);
}

gboolean schedule_get(Ledger *ledger, const Mailing *mailing, gint64 *when, GError **error)
{
    return ledger_ask(ledger, SQL_GET, mailing->number, when, error);
}

char **schedule_due(Ledger *ledger, gint64 now, GError **error)
{
    g_autoptr(Statement) rows = statement_begin(ledger->db, SQL_DUE, error);
    if (!rows)
        return NULL;
    statement_bind_integer(rows, 1, now);
    statement_bind_integer(rows, 2, now + DELIVERY_PAUSE_MAX);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW)
        g_ptr_array_add(ids, g_strdup(statement_text(rows, 0)));
    if (step == STATEMENT_FAILED)
        return NULL;
    g_ptr_array_add(ids, NULL);
    return (char **)g_ptr_array_steal(ids, NULL);
}

gboolean schedule_sent_since(Ledger *ledger, gint64 since, guint64 *count, GError **error)
{
    gint64 answer;
    if (!ledger_ask(ledger, SQL_SENT_SINCE, since, &answer, error))
        return FALSE;
    *count = (guint64)answer;
    return TRUE;
}
