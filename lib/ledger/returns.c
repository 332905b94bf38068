/* returns - the letters of all mailings that came back or were refused, one after the other */
#include "ledger/returns.h"

#include "ledger/connection.h"

/* For each mailing the index deliveries_open leads to the few rows of a state. */
static const char SQL_EACH[] =
    "SELECT m.number, d.key, d.address, d.enhanced, d.reply, d.code, d.first_at "
    "FROM mailings m CROSS JOIN deliveries d WHERE d.mailing = m.number "
    "AND d.state IN ('bounced', 'refused') ORDER BY m.planned_at, m.number, d.number";

gboolean returns_each(Ledger *ledger, ReturnFound found, void *user, GError **error)
{
    g_autoptr(Statement) rows = statement_begin(ledger->db, SQL_EACH, error);
    if (!rows)
        return FALSE;
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        Return one = {.mailing = statement_integer(rows, 0),
                      .key = statement_text(rows, 1),
                      .address = statement_text(rows, 2),
                      .enhanced = statement_text(rows, 3),
                      .reply = statement_text(rows, 4),
                      .code = (int)statement_integer(rows, 5),
                      .first_at = statement_integer(rows, 6)};
        if (!found(user, &one))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}
