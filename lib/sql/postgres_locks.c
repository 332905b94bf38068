/* postgres_locks - names that are held on a server for as long as a connection lasts */
#include <string.h>

#include "base/sha256.h"
#include "sql/postgres.h"
#include "sql/server.h"

gint64 postgres_lock_number(const Server *self, const char *purpose)
{
    g_autofree char *text = g_strconcat("circular\n", self->schema, "\n", purpose, NULL);
    g_autofree char *sum = bytes_sha256(text, strlen(text));
    sum[16] = '\0';
    return (gint64)g_ascii_strtoull(sum, NULL, 16);
}

static PGresult *ask_about(Server *self, const char *format, const char *name)
{
    gint64 number = postgres_lock_number(self, name);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    g_auto(GStrv) parts = g_strsplit(format, "%", 2);
    g_autofree char *sql = g_strconcat(parts[0], text, parts[1], NULL);
    return postgres_ask(self, sql);
}

/* NULL when it can't be asked, "" for nobody. */
static char *holder_of(Server *self, const char *name)
{
    PGresult *result = ask_about(
        self,
        "SELECT a.application_name, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI') FROM pg_locks l "
        "LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND "
        "l.objsubid = 1 AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname "
        "= current_database()) AND ((l.classid::bigint << 32) | l.objid::bigint) = % LIMIT 1",
        name);
    char *holder = NULL;
    if (result && !PQntuples(result))
        holder = g_strdup("");
    else if (result)
        holder = *PQgetvalue(result, 0, 0)
                     ? g_strdup_printf("%s, connected since %s", PQgetvalue(result, 0, 0),
                                       PQgetvalue(result, 0, 1))
                     : g_strdup("another connection");
    PQclear(result);
    return holder;
}

char *database_holder(Database *base, const char *name, GError **error)
{
    char *holder = holder_of((Server *)base, name);
    if (!holder)
        database_fail(base, error);
    return holder;
}

gboolean database_take(Database *base, const char *name, char **holder, GError **error)
{
    Server *self = (Server *)base;
    *holder = NULL;
    PGresult *result = ask_about(self, "SELECT pg_try_advisory_lock(%)", name);
    if (!result)
        return database_fail(base, error);
    gboolean is_taken = *PQgetvalue(result, 0, 0) == 't';
    PQclear(result);
    if (is_taken)
        return TRUE;
    *holder = holder_of(self, name);
    if (!*holder)
        return database_fail(base, error);
    if (!**holder) { /* it was let go of at this moment */
        g_free(*holder);
        *holder = g_strdup("another connection");
    }
    return FALSE;
}

void database_let_go(Database *base, const char *name)
{
    PQclear(ask_about((Server *)base, "SELECT pg_advisory_unlock(%)", name));
}
