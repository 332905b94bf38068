/* marks - a delivery found by what came back about it, and marked with it */
#include "ledger/marks.h"

#include "ledger/connection.h"

static const char SQL_FIND[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 AND d.number = $2";
/* The condition on '' is for the index, which holds only these. */
static const char SQL_FIND_MESSAGE[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES
    "WHERE d.message_id = $1 AND d.message_id <> '' ORDER BY d.mailing DESC LIMIT 1";
static const char SQL_MARK[] =
    "UPDATE deliveries SET state = $1, enhanced = $2, reply = $3, changed_at = $4, code = 0 "
    "WHERE mailing = (SELECT number FROM mailings WHERE id = $5) AND number = $6 "
    "AND state IN ('sent', 'unknown', 'written') AND state <> $1";
static const char SQL_ARRIVED[] =
    "SELECT first_at FROM deliveries WHERE lower(address) = lower($1) AND (state = 'sent' OR "
    "(state = 'written' AND EXISTS (SELECT 1 FROM deliveries o WHERE "
    "lower(o.address) = lower($1) AND o.state = 'bounced' AND o.transport = 'outbox'))) "
    "AND first_at > $2 AND first_at < $3 ORDER BY first_at";

static Lookup find_one(Ledger *ledger, Statement *find, Delivery **found, GError **error)
{
    Delivery row;
    Lookup result = statement_lookup(find, error);
    if (result != LOOKUP_FOUND)
        return result;
    if (!delivery_from_row(ledger, find, &row, error))
        return LOOKUP_FAILED;
    *found = delivery_copy(&row);
    return LOOKUP_FOUND;
}

Lookup deliveries_find(Ledger *ledger, guint64 mailing, guint64 number, Delivery **found,
                       GError **error)
{
    *found = NULL;
    g_autoptr(Statement) find = statement_begin(ledger->db, SQL_FIND, error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_integer(find, 1, (gint64)mailing);
    statement_bind_integer(find, 2, (gint64)number);
    return find_one(ledger, find, found, error);
}

Lookup deliveries_find_message(Ledger *ledger, const char *message_id, Delivery **found,
                               GError **error)
{
    *found = NULL;
    if (!*message_id)
        return LOOKUP_NONE;
    g_autoptr(Statement) find = statement_begin(ledger->db, SQL_FIND_MESSAGE, error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_text(find, 1, message_id);
    return find_one(ledger, find, found, error);
}

gboolean deliveries_mark(Ledger *ledger, const Delivery *delivery, DeliveryState state,
                         const char *enhanced, const char *reply, gint64 now, gboolean *changed,
                         GError **error)
{
    guint64 rows;
    g_autoptr(Statement) mark = statement_begin(ledger->db, SQL_MARK, error);
    if (!mark)
        return FALSE;
    statement_bind_text(mark, 1, delivery_state_name(state));
    statement_bind_text(mark, 2, enhanced);
    statement_bind_text(mark, 3, reply);
    statement_bind_integer(mark, 4, now);
    statement_bind_text(mark, 5, delivery->mailing);
    statement_bind_integer(mark, 6, (gint64)delivery->number);
    if (!statement_run(mark, &rows, error))
        return FALSE;
    if (changed)
        *changed = rows > 0;
    return TRUE;
}

GArray *deliveries_arrived(Ledger *ledger, const char *address, gint64 since, gint64 until,
                           GError **error)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_ARRIVED, error);
    if (!each)
        return NULL;
    statement_bind_text(each, 1, address);
    statement_bind_integer(each, 2, since);
    statement_bind_integer(each, 3, until);
    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        gint64 when = statement_integer(each, 0);
        g_array_append_val(times, when);
    }
    return step == STATEMENT_DONE ? g_steal_pointer(&times) : NULL;
}
