/* exclusions - the table of who was left out of a mailing, and why */
#include "ledger/exclusions.h"

#include "ledger/mailings.h"
#include "ledger/connection.h"
#include "ledger/suppressions.h"

static const char SQL_ADD[] =
    "INSERT INTO exclusions (mailing, number, key, address, kind, detail, since, file, line, name, "
    "label, phone, sheet_column) VALUES ($1, "
    "(SELECT coalesce(max(number), 0) + 1 FROM exclusions WHERE mailing = $1), "
    "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

#define SELECT                                                                                     \
    "SELECT m.id, e.key, e.address, e.kind, e.detail, e.since, e.file, e.line, e.name, e.label, "  \
    "e.phone, e.sheet_column, " SUPPRESSION_RETRIAL                                                \
    " FROM exclusions e JOIN mailings m ON m.number = e.mailing "

static const char SQL_EACH[] = SELECT "WHERE e.mailing = $1 ORDER BY e.number";
static const char SQL_HISTORY[] =
    SELECT "WHERE e.key = $1 OR (e.address <> '' AND lower(e.address) = lower($1)) "
           "ORDER BY m.planned_at DESC, e.mailing DESC, e.number";

gboolean exclusions_add(Ledger *ledger, const Mailing *mailing, const LeftOut *one, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, mailing->number);
    statement_bind_text(add, 2, one->key);
    statement_bind_text(add, 3, one->address);
    statement_bind_text(add, 4, exclusion_name(one->kind));
    statement_bind_text(add, 5, one->detail);
    statement_bind_integer(add, 6, one->since);
    statement_bind_text(add, 7, one->at.file);
    statement_bind_integer(add, 8, one->at.line);
    statement_bind_text(add, 9, one->name);
    statement_bind_text(add, 10, one->label);
    statement_bind_text(add, 11, one->phone);
    statement_bind_integer(add, 12, one->at.column);
    return statement_run(add, NULL, error);
}

static gboolean call_back(Statement *rows, ExclusionFound found, void *user, GError **error)
{
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        LeftOut one = {.mailing = statement_text(rows, 0),
                       .key = statement_text(rows, 1),
                       .address = statement_text(rows, 2),
                       .kind = exclusion_from_name(statement_text(rows, 3)),
                       .detail = statement_text(rows, 4),
                       .since = statement_integer(rows, 5),
                       .at = {statement_text(rows, 6), (guint)statement_integer(rows, 7),
                              (guint)statement_integer(rows, 11)},
                       .name = statement_text(rows, 8),
                       .label = statement_text(rows, 9),
                       .phone = statement_text(rows, 10),
                       .until = statement_integer(rows, 12)};
        if (!found(user, &one))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean exclusions_each(Ledger *ledger, const Mailing *mailing, ExclusionFound found, void *user,
                         GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_EACH, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, mailing->number);
    return call_back(each, found, user, error);
}

gboolean exclusions_history(Ledger *ledger, const char *key_or_address, ExclusionFound found,
                            void *user, GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_HISTORY, error);
    if (!each)
        return FALSE;
    statement_bind_text(each, 1, key_or_address);
    return call_back(each, found, user, error);
}
