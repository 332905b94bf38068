/* meta - facts about the ledger as a whole, by name */
#include "ledger/meta.h"

#include "ledger/connection.h"

static const char SQL_GET[] = "SELECT value FROM meta WHERE name = $1";
static const char SQL_SET[] = "INSERT INTO meta (name, value) VALUES ($1, $2) "
                              "ON CONFLICT (name) DO UPDATE SET value = $2";

Lookup meta_get(Ledger *ledger, const char *name, char **value, GError **error)
{
    *value = NULL;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_GET, error);
    if (!ask)
        return LOOKUP_FAILED;
    statement_bind_text(ask, 1, name);
    Lookup found = statement_lookup(ask, error);
    if (found == LOOKUP_FOUND)
        *value = g_strdup(statement_text(ask, 0));
    return found;
}

gboolean meta_set(Ledger *ledger, const char *name, const char *value, GError **error)
{
    g_autoptr(Statement) set = statement_begin(ledger->db, SQL_SET, error);
    if (!set)
        return FALSE;
    statement_bind_text(set, 1, name);
    statement_bind_text(set, 2, value);
    return statement_run(set, NULL, error);
}
