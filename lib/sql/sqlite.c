/* sqlite - the engine whose databases are files */
#include "sql/database.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/trace.h"
#include "sql/engine.h"

typedef struct {
    Database base;
    sqlite3 *engine;
} File;

static sqlite3 *engine_of(const Database *self)
{
    return ((const File *)self)->engine;
}

/* --- faults ---------------------------------------------------------------------------------- */

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

static DatabaseFault fault(const Database *self)
{
    sqlite3 *engine = engine_of(self);
    int last = errno, code = sqlite3_extended_errcode(engine);
    int reason = system_reason(engine, code, last);
    DatabaseFault found = {.kind = kind_of(code, reason),
                           .said = sqlite3_errmsg(engine),
                           .reason = reason ? g_strerror(reason) : NULL};
    /* Memory ends the program, as GLib does; what was misused is our own fault. */
    if ((code & 0xff) == SQLITE_NOMEM || (code & 0xff) == SQLITE_MISUSE ||
        (code & 0xff) == SQLITE_RANGE)
        g_error("%s: %s", self->path ? self->path : "a temporary database", found.said);
    return found;
}

/* --- the connection -------------------------------------------------------------------------- */

static void close_file(Database *self)
{
    int result = sqlite3_close(engine_of(self));
    g_assert(result == SQLITE_OK);
    g_free(self->path);
    g_free(self);
}

static gboolean run(Database *self, const char *sql)
{
    return sqlite3_exec(engine_of(self), sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* IMMEDIATE: a reader that became a writer half-way could fail with nothing to wait for. */
static gboolean begin(Database *self, gboolean to_write)
{
    return run(self, to_write ? "BEGIN IMMEDIATE" : "BEGIN");
}

static gboolean commit(Database *self)
{
    return run(self, "COMMIT");
}

static void rollback(Database *self)
{
    run(self, "ROLLBACK");
}

static gboolean in_transaction(const Database *self)
{
    return !sqlite3_get_autocommit(engine_of(self));
}

static gboolean is_read_only(const Database *self)
{
    return sqlite3_db_readonly(engine_of(self), "main") == 1;
}

static guint64 changes(const Database *self)
{
    return (guint64)sqlite3_total_changes64(engine_of(self));
}

/* --- statements ------------------------------------------------------------------------------ */

/* PostgreSQL numbers $2 as the second, SQLite takes it for a name and counts appearances. */
static void check_numbering(sqlite3_stmt *prepared, const char *sql)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(prepared); i++) {
        g_autofree char *name = g_strdup_printf("$%d", i);
        if (g_strcmp0(sqlite3_bind_parameter_name(prepared, i), name))
            g_error("parameters are not numbered as they appear: %s", sql);
    }
}

static gpointer prepare(Database *self, const char *sql, gboolean is_kept)
{
    sqlite3_stmt *prepared;
    if (sqlite3_prepare_v3(engine_of(self), sql, -1, is_kept ? SQLITE_PREPARE_PERSISTENT : 0,
                           &prepared, NULL))
        return NULL;
    check_numbering(prepared, sql);
    return prepared;
}

static void finalize(gpointer statement)
{
    sqlite3_finalize(statement);
}

static void rewind_it(gpointer statement)
{
    sqlite3_reset(statement); /* its result is that of the last step, told already */
}

static void reset(gpointer statement)
{
    rewind_it(statement);
    sqlite3_clear_bindings(statement);
}

static gboolean is_write(gpointer statement)
{
    return !sqlite3_stmt_readonly(statement);
}

/* Binding fails only for a wrong index, a statement in mid-step, or 2 GB: our own fault. */
static void bound(gpointer statement, int result)
{
    if (result != SQLITE_OK)
        g_error("%s: %s", sqlite3_errstr(result), sqlite3_sql(statement));
}

static void bind_integer(gpointer statement, int index, gint64 value)
{
    bound(statement, sqlite3_bind_int64(statement, index, value));
}

static void bind_text(gpointer statement, int index, const char *text)
{
    bound(statement, sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC));
}

static void bind_raw(gpointer statement, int index, const char *text, gsize length)
{
    g_assert(length <= G_MAXINT);
    bound(statement, sqlite3_bind_text(statement, index, text, (int)length, SQLITE_STATIC));
}

static void bind_bytes(gpointer statement, int index, const char *bytes, gsize length)
{
    bound(statement, sqlite3_bind_blob64(statement, index, bytes, length, SQLITE_STATIC));
}

static void bind_none(gpointer statement, int index)
{
    bound(statement, sqlite3_bind_null(statement, index));
}

static EngineStep step(gpointer statement)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return ENGINE_ROW;
    case SQLITE_DONE:
        return ENGINE_DONE;
    default:
        return ENGINE_FAULT;
    }
}

static guint64 changed(gpointer statement)
{
    return (guint64)sqlite3_changes64(sqlite3_db_handle(statement));
}

static gint64 integer(gpointer statement, int column)
{
    return sqlite3_column_int64(statement, column);
}

static const char *text_of(gpointer statement, int column, gsize *length)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    if (length)
        *length = (gsize)sqlite3_column_bytes(statement, column);
    return text ? (const char *)text : "";
}

static const char *bytes_of(gpointer statement, int column, gsize *length)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    *length = (gsize)sqlite3_column_bytes(statement, column);
    return bytes ? bytes : "";
}

static const Engine SQLITE = {
    .close = close_file,
    .fault = fault,
    .run = run,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .is_read_only = is_read_only,
    .changes = changes,
    .prepare = prepare,
    .finalize = finalize,
    .rewind = rewind_it,
    .reset = reset,
    .is_write = is_write,
    .bind_integer = bind_integer,
    .bind_text = bind_text,
    .bind_raw = bind_raw,
    .bind_bytes = bind_bytes,
    .bind_none = bind_none,
    .step = step,
    .changed = changed,
    .integer = integer,
    .text = text_of,
    .bytes = bytes_of,
};

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
    File *file = g_new0(File, 1);
    g_autoptr(Database) self = &file->base;
    self->engine = &SQLITE;
    self->path = g_strdup(path);
    self->owner = *owner;
    int result = sqlite3_open_v2(name, &file->engine, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (!file->engine)
        g_error("%s: out of memory", name);
    if (result != SQLITE_OK) {
        database_fail(self, error);
        return NULL;
    }
    sqlite3_extended_result_codes(file->engine, 1);
    if (owner->wait)
        sqlite3_busy_handler(file->engine, wait_for_lock, self);
    if (path && trace_on("sql"))
        sqlite3_trace_v2(file->engine, SQLITE_TRACE_STMT, show, NULL);
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
        distrust_schema(engine_of(self)); /* which would also refuse to be without a journal */
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

/* --- what only files have -------------------------------------------------------------------- */

guint64 database_file_size(const Database *self, const char *suffix)
{
    struct stat st;
    const char *file = sqlite3_db_filename(engine_of(self), "main");
    if (!file || !*file) /* it could not be opened */
        file = self->path;
    if (!file)
        return 0;
    g_autofree char *name = g_strconcat(file, suffix, NULL);
    return stat(name, &st) == 0 ? (guint64)st.st_size : 0;
}

void database_release_memory(Database *self)
{
    sqlite3_db_release_memory(engine_of(self));
}

gboolean database_copy(Database *self, Database *from, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init(engine_of(self), "main", engine_of(from), "main");
    int result = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
    if (backup)
        sqlite3_backup_finish(backup); /* its result is that of the step */
    return result == SQLITE_DONE || database_fail(self, error);
}

void database_settle(Database *self)
{
    if (self->engine == &SQLITE)
        sqlite3_wal_checkpoint_v2(engine_of(self), NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

char *database_library(void)
{
    return g_strconcat("SQLite ", sqlite3_libversion(), NULL);
}
