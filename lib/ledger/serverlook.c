/* serverlook - how the server of a ledger stands: for whoever looks after it */
#include "ledger/serverlook.h"

#include "base/clock.h"
#include "ledger/connection.h"
#include "sql/server.h"

static const char SQL_LOOK[] =
    "SELECT " SERVER_NOW ", pg_is_in_recovery(), "
    "has_table_privilege('deliveries', 'INSERT') AND has_table_privilege('deliveries', 'UPDATE'), "
    "current_setting('fsync') = 'on', (SELECT count(*) FROM pg_stat_replication), "
    "current_setting('synchronous_standby_names')";

/* %s is the schema. */
static const char GRANTS[] =
    "-- Run it once as a superuser, in the ledger's database. Each role signs in as the server "
    "wants\n"
    "-- it (pg_hba.conf); 'ledger.server' in a config names the role that its circular is.\n"
    "CREATE ROLE circular_owner LOGIN;\n"
    "CREATE ROLE circular LOGIN;\n"
    "CREATE ROLE circular_reader LOGIN;\n"
    "CREATE SCHEMA %s AUTHORIZATION circular_owner;\n"
    "REVOKE ALL ON SCHEMA %s FROM PUBLIC;\n"
    "GRANT USAGE ON SCHEMA %s TO circular, circular_reader;\n"
    "-- The owner makes the tables (its first plan) and brings them up to date: a new circular is\n"
    "-- started once with this role. What it makes is then the others' to use.\n"
    "ALTER DEFAULT PRIVILEGES FOR ROLE circular_owner IN SCHEMA %s\n"
    "    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO circular;\n"
    "ALTER DEFAULT PRIVILEGES FOR ROLE circular_owner IN SCHEMA %s\n"
    "    GRANT SELECT ON TABLES TO circular_reader;\n"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO circular;\n"
    "-- Enough for status, report and history:\n"
    "GRANT SELECT ON ALL TABLES IN SCHEMA %s TO circular_reader;\n";

void serverlook_clear(ServerLook *self)
{
    g_free(self->version);
    g_free(self->channel);
    g_free(self->synchronous);
    *self = (ServerLook){0};
}

gboolean serverlook_ask(Ledger *ledger, ServerLook *look, GError **error)
{
    gint64 before = clock_now();
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_LOOK, error);
    *look = (ServerLook){0};
    if (!ask || statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    look->ahead = statement_integer(ask, 0) - (before + clock_now()) / 2;
    look->is_standby = statement_integer(ask, 1) != 0;
    look->may_write = statement_integer(ask, 2) != 0;
    look->keeps_all = statement_integer(ask, 3) != 0;
    look->standbys = statement_integer(ask, 4);
    look->synchronous = g_strdup(statement_text(ask, 5));
    look->version = database_server_version(ledger->db);
    look->channel = database_server_channel(ledger->db, &look->is_safe);
    return TRUE;
}

char *serverlook_grants(const char *schema)
{
    g_auto(GStrv) parts = g_strsplit(GRANTS, "%s", -1);
    return g_strjoinv(schema, parts);
}
