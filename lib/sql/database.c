/* database - a connection to a database */
#include "sql/database.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/trace.h"
#include "sql/engine.h"

/* Why the system refused, or 0. SQLite forgets it for some files (the WAL); errno then still says. */
static int system_reason(sqlite3 *engine, int code, int last)
{
    int reason = sqlite3_system_errno(engine);
    gboolean refused = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    return reason || !refused ? reason : last;
}

static gboolean no_room(int code, int reason)
{
    return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE || reason == ENOSPC ||
           reason == EDQUOT || reason == EFBIG;
}

static DatabaseFaultKind kind_of(int code, int reason)
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
        return DATABASE_FAULT_DAMAGED;
    case SQLITE_NOTADB:
        return DATABASE_FAULT_FOREIGN;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return DATABASE_FAULT_LOCKED;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return DATABASE_FAULT_READ_ONLY;
    case SQLITE_CANTOPEN:
        return DATABASE_FAULT_CANT_OPEN;
    default:
        return no_room(code, reason) ? DATABASE_FAULT_NO_ROOM : DATABASE_FAULT_OTHER;
    }
}

gboolean database_fail(Database *self, GError **error)
{
    int last = errno, code = sqlite3_extended_errcode(self->engine);
    int reason = system_reason(self->engine, code, last);
    DatabaseFault fault = {.kind = kind_of(code, reason),
                           .said = sqlite3_errmsg(self->engine),
                           .reason = reason ? g_strerror(reason) : NULL};
    /* Memory ends the program, as GLib does; what was misused is our own fault. */
    if ((code & 0xff) == SQLITE_NOMEM || (code & 0xff) == SQLITE_MISUSE ||
        (code & 0xff) == SQLITE_RANGE)
        g_error("%s: %s", self->path ? self->path : "a temporary database", fault.said);
    self->owner.tell(self->owner.user, &fault, error);
    return FALSE;
}

DatabaseFaultKind database_fault(const Database *self)
{
    return kind_of(sqlite3_extended_errcode(self->engine), sqlite3_system_errno(self->engine));
}

/* --- opening --------------------------------------------------------------------------------- */

/* Shows the text as it was prepared: values are people's, and no business of a trace. */
static int show(unsigned what, void *user, void *statement, void *text)
{
    (void)what, (void)user, (void)text;
    trace("sql", "%s", sqlite3_sql(statement));
    return 0;
}

static int wait_for_lock(void *user, int tries)
{
    const Database *self = user;
    return self->owner.wait(self->owner.user, tries);
}

static void distrust_schema(sqlite3 *engine)
{
    sqlite3_db_config(engine, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(engine, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(engine, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(engine, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

/* Opens what `name`, a path or URI, names. */
static Database *connect(const char *name, const char *path, int flags, const DatabaseOwner *owner,
                         GError **error)
{
    g_autoptr(Database) self = g_new0(Database, 1);
    self->path = g_strdup(path);
    self->owner = *owner;
    int result = sqlite3_open_v2(name, &self->engine, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (!self->engine)
        g_error("%s: out of memory", name);
    if (result != SQLITE_OK) {
        database_fail(self, error);
        return NULL;
    }
    sqlite3_extended_result_codes(self->engine, 1);
    if (owner->wait)
        sqlite3_busy_handler(self->engine, wait_for_lock, self);
    if (path && trace_on("sql"))
        sqlite3_trace_v2(self->engine, SQLITE_TRACE_STMT, show, NULL);
    return g_steal_pointer(&self);
}

static Database *open_file(const char *path, DatabaseMode mode, const DatabaseOwner *owner,
                           GError **error)
{
    switch (mode) {
    case DATABASE_READ:
        return connect(path, path, SQLITE_OPEN_READONLY, owner, error);
    case DATABASE_WRITE:
        return connect(path, path, SQLITE_OPEN_READWRITE, owner, error);
    case DATABASE_READ_UNLOCKED: {
        g_autofree char *whole = g_canonicalize_filename(path, NULL);
        g_autofree char *escaped = g_uri_escape_string(whole, "/", TRUE);
        g_autofree char *uri = g_strconcat("file://", escaped, "?immutable=1", NULL);
        return connect(uri, path, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, owner, error);
    }
    }
    g_assert_not_reached();
}

Database *database_open(const char *path, DatabaseMode mode, const DatabaseOwner *owner,
                        GError **error)
{
    Database *self = open_file(path, mode, owner, error);
    if (self)
        distrust_schema(self->engine); /* which would also refuse to be without a journal */
    return self;
}

Database *database_open_temporary(const DatabaseOwner *owner, GError **error)
{
    static const char settings[] = "PRAGMA page_size=4096;"
                                   "PRAGMA journal_mode=OFF;"
                                   "PRAGMA synchronous=OFF;"
                                   "PRAGMA secure_delete=OFF;" /* nobody else can open the file */
                                   "PRAGMA temp_store=FILE;"
                                   "PRAGMA cache_size=-2000;" /* KiB */
                                   "BEGIN;";
    /* An empty name is a file of its own, unlinked at once; :memory: would grow with the list. */
    g_autoptr(Database) self =
        connect("", NULL, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, owner, error);
    return self && database_run(self, settings, error) ? g_steal_pointer(&self) : NULL;
}

void database_close(Database *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->statements, g_hash_table_unref);
    int result = sqlite3_close(self->engine);
    g_assert(result == SQLITE_OK);
    g_free(self->path);
    g_free(self);
}

/* --- what can be asked ----------------------------------------------------------------------- */

gboolean database_run(Database *self, const char *sql, GError **error)
{
    if (sqlite3_exec(self->engine, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return database_fail(self, error);
}

gboolean database_in_transaction(const Database *self)
{
    return !sqlite3_get_autocommit(self->engine);
}

gboolean database_is_read_only(const Database *self)
{
    return sqlite3_db_readonly(self->engine, "main") == 1;
}

guint64 database_changes(const Database *self)
{
    return (guint64)sqlite3_total_changes64(self->engine);
}

guint64 database_file_size(const Database *self, const char *suffix)
{
    struct stat st;
    const char *file = sqlite3_db_filename(self->engine, "main");
    if (!file || !*file) /* it could not be opened */
        file = self->path;
    if (!file)
        return 0;
    g_autofree char *name = g_strconcat(file, suffix, NULL);
    return stat(name, &st) == 0 ? (guint64)st.st_size : 0;
}

void database_release_memory(Database *self)
{
    sqlite3_db_release_memory(self->engine);
}

gboolean database_copy(Database *self, Database *from, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init(self->engine, "main", from->engine, "main");
    int result = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
    if (backup)
        sqlite3_backup_finish(backup); /* its result is that of the step */
    return result == SQLITE_DONE || database_fail(self, error);
}

void database_settle(Database *self)
{
    sqlite3_wal_checkpoint_v2(self->engine, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

char *database_library(void)
{
    return g_strconcat("SQLite ", sqlite3_libversion(), NULL);
}
