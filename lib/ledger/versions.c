/* versions - which letters of one mailing go to people who have another mailing's */
#include "ledger/versions.h"

#include "ledger/mailings.h"
#include "ledger/connection.h"

#define HAD                                                                                        \
    "(o.state = 'sent' OR o.state = 'unknown' OR o.state = 'complained' OR o.state = 'sending')"

static const char SQL_SHARED[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 "
    "AND (d.state = 'planned' OR d.state = 'deferred') AND (lower(d.address) IN "
    "(SELECT lower(o.address) FROM deliveries o WHERE o.mailing = $2 AND " HAD ") OR "
    "(mailings.audience = (SELECT audience FROM mailings WHERE number = $2) AND d.key IN "
    "(SELECT o.key FROM deliveries o WHERE o.mailing = $2 AND " HAD "))) ORDER BY d.number";

gboolean versions_shared(Ledger *ledger, const char *mailing, const char *other, VersionFound found,
                         void *user, GError **error)
{
    gint64 number, other_number;
    if (!mailings_number(ledger, other, &other_number, error) ||
        !mailings_number(ledger, mailing, &number, error))
        return FALSE;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_SHARED, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, number);
    statement_bind_integer(each, 2, other_number);
    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        Delivery delivery;
        if (!delivery_from_row(ledger, each, &delivery, error))
            return FALSE;
        if (!found(user, &delivery))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}
