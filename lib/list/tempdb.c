/* tempdb - a private SQLite database in a temporary file, gone with its owner */
#include "list/tempdb.h"

#include "base/error.h"

static gboolean complain(sqlite3 *db, GError **error)
{
    int code = sqlite3_errcode(db) & 0xFF;
    gboolean no_room = code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
    const char *fix = no_room ? " (is its disk full? TMPDIR chooses another folder)" : "";
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "the list's temporary file: %s%s",
                sqlite3_errmsg(db), fix);
    return FALSE;
}

gboolean tempdb_run(sqlite3 *db, const char *sql, GError **error)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || complain(db, error);
}

gboolean tempdb_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement, GError **error)
{
    return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) ==
               SQLITE_OK ||
           complain(db, error);
}

sqlite3 *tempdb_open(const char *schema, GError **error)
{
    static const char settings[] = "PRAGMA page_size=4096;"
                                   "PRAGMA journal_mode=OFF;"
                                   "PRAGMA synchronous=OFF;"
                                   "PRAGMA secure_delete=OFF;" /* nobody else can open the file */
                                   "PRAGMA temp_store=FILE;"
                                   "PRAGMA cache_size=-2000;" /* KiB */
                                   "BEGIN;";
    sqlite3 *db = NULL;
    /* An empty name is a file of its own, unlinked at once; :memory: would grow with the list. */
    int rc = sqlite3_open_v2(
        "", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK ? tempdb_run(db, settings, error) && tempdb_run(db, schema, error)
                        : complain(db, error))
        return db;
    sqlite3_close(db);
    return NULL;
}

gboolean tempdb_next(sqlite3_stmt *statement, GError **error)
{
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        return TRUE;
    if (rc != SQLITE_DONE)
        complain(sqlite3_db_handle(statement), error);
    sqlite3_reset(statement);
    return FALSE;
}

gboolean tempdb_write(sqlite3_stmt *statement, GError **error)
{
    int rc = sqlite3_step(statement);
    gboolean ok = rc == SQLITE_DONE || complain(sqlite3_db_handle(statement), error);
    sqlite3_reset(statement);
    return ok;
}

const char *tempdb_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? text : "";
}
