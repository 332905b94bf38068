/* ledger - what has happened, durably: one SQLite file */
#include "ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/trace.h"
#include "ledger/statement.h"

enum {
    CHECKED_WHOLE = 4 << 20,   /* bytes of a ledger that is read through when it is opened: 10 ms */
    BUSY_PAUSE_MAX = 50 * 1000 /* microseconds between two tries for a lock */
};

/* What each connection is told. The cache bounds the memory of a plan of any size (dirty pages
 * spill into the WAL); the limit cuts a WAL that such a plan has grown back to size. */
static const char SQL_SETTINGS[] = "PRAGMA foreign_keys = ON;"
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA cache_size = -1024;"
                                   "PRAGMA cell_size_check = ON;"
                                   "PRAGMA journal_size_limit = 16777216";
static const char SQL_WAL[] = "PRAGMA journal_mode = WAL";
static const char SQL_PAGES[] = "SELECT page_count * page_size, page_count "
                                "FROM pragma_page_count(), pragma_page_size()";
static const char SQL_CHECK[] = "PRAGMA quick_check(1)";

/* Called by SQLite while another holds the lock. Counts the pauses it asked for and not the time
 * that went by, so that a test without delay ends and a process that was stopped for an hour does
 * not give up at once. */
static int busy(void *user, int tries)
{
    Ledger *self = user;
    if (tries == 0)
        self->waited = 0;
    if (self->waited >= LEDGER_LOCK_SECONDS * G_USEC_PER_SEC)
        return 0;
    gint pause = MIN(1000 * (tries + 1), BUSY_PAUSE_MAX);
    self->waited += pause;
    clock_sleep(pause);
    return 1;
}

/* Shows the text as it was prepared: values are people's, and no business of a trace. */
static int show(unsigned what, void *user, void *statement, void *text)
{
    (void)what, (void)user, (void)text;
    trace("sql", "%s", sqlite3_sql(statement));
    return 0;
}

/* Makes the file, so that SQLite gives -wal and -shm its mode. A file that is there is never opened
 * here: closing any descriptor of it drops the locks that this process holds on it (POSIX). */
static gboolean make_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0 && fchmod(fd, 0600) == 0) { /* whatever the umask: the -wal and -shm follow */
        close(fd);
        return TRUE;
    }
    if (fd < 0 && errno == EEXIST)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                "%s: can't make the ledger: %s: its folder must be there and yours to write to",
                path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return FALSE;
}

static gboolean look_at_file(const char *path, GError **error)
{
    struct stat st;
    if (stat(path, &st) < 0) {
        g_set_error(error, CIRCULAR_ERROR,
                    errno == ENOENT ? CIRCULAR_ERROR_NOINPUT : CIRCULAR_ERROR_IO,
                    errno == ENOENT ? "%s: there is no ledger yet: it is made by the first plan"
                                    : "%s: can't look at the ledger: %s",
                    path, g_strerror(errno));
        return FALSE;
    }
    if (S_ISREG(st.st_mode))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: is %s, not a ledger", path,
                S_ISDIR(st.st_mode) ? "a folder" : "no regular file");
    return FALSE;
}

/* The size of the file that SQLite has open, symbolic links followed, or of what it keeps beside
 * it; 0 when there is none. */
static gint64 size_of(const Ledger *self, const char *suffix)
{
    struct stat st;
    const char *file = sqlite3_db_filename(self->db, "main"); /* NULL when it could not be opened */
    g_autofree char *name = g_strconcat(file ? file : self->path, suffix, NULL);
    return stat(name, &st) == 0 ? (gint64)st.st_size : 0;
}

static void disconnect(Ledger *self)
{
    g_clear_pointer(&self->statements, g_hash_table_unref);
    int result = sqlite3_close(self->db); /* undoes a transaction that is open */
    g_assert(result == SQLITE_OK);
    self->db = NULL;
}

/* Opens what `name`, a path or URI, names, and has SQLite read its first page. */
static gboolean connect(Ledger *self, const char *name, int flags, GError **error)
{
    int result = sqlite3_open_v2(name, &self->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (!self->db)
        g_error("%s: out of memory", self->path);
    if (result != SQLITE_OK)
        return ledger_fail(self, error);
    sqlite3_extended_result_codes(self->db, 1);
    sqlite3_busy_handler(self->db, busy, self);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (trace_on("sql"))
        sqlite3_trace_v2(self->db, SQLITE_TRACE_STMT, show, self);
    return ledger_execute(self, SQL_SETTINGS, error) &&
           ledger_execute(self, "SELECT count(*) FROM sqlite_schema", error);
}

/* SQLite reads a WAL ledger only where it can make the -wal and -shm files. Where it can't, and no
 * WAL waits to be read, the file is all there is and nobody can be writing it. */
static gboolean connect_to_read(Ledger *self, GError **error)
{
    g_autoptr(GError) inner = NULL;
    if (connect(self, self->path, SQLITE_OPEN_READONLY, &inner))
        return TRUE;
    int code = sqlite3_extended_errcode(self->db) & 0xff;
    if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY) || size_of(self, "-wal") > 0 ||
        access(self->path, R_OK) < 0) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    disconnect(self);
    g_autofree char *whole = g_canonicalize_filename(self->path, NULL);
    g_autofree char *escaped = g_uri_escape_string(whole, "/", TRUE);
    g_autofree char *uri = g_strconcat("file://", escaped, "?immutable=1", NULL);
    return connect(self, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error);
}

/* The change to WAL gives up at once, and not after the busy handler, when two do it together. */
static gboolean change_to_wal(Ledger *self, GError **error)
{
    for (int tries = 0;; tries++) {
        int result = sqlite3_exec(self->db, SQL_WAL, NULL, NULL, NULL);
        if (result == SQLITE_OK)
            return TRUE;
        if ((result & 0xff) != SQLITE_BUSY || !busy(self, tries))
            return ledger_fail(self, error);
    }
}

static gboolean connect_to_write(Ledger *self, GError **error)
{
    if (!connect(self, self->path, SQLITE_OPEN_READWRITE, error))
        return FALSE;
    if (sqlite3_db_readonly(self->db, "main") == 1) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                    "%s: the ledger is read-only: let yourself write to it and its folder",
                    self->path);
        return FALSE;
    }
    guint version; /* before anything is written to a file that may be another's */
    return migrations_version(self, &version, error) && change_to_wal(self, error) &&
           migrations_run(self, error);
}

/* A ledger that is read is brought up to date too, by a moment's writing, if it can be. */
static gboolean bring_up_to_date(Ledger *self, GError **error)
{
    guint version;
    if (!migrations_version(self, &version, error))
        return FALSE;
    if (version == MIGRATIONS_LATEST)
        return TRUE;
    if (version == 0) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "%s: the ledger is empty: it is filled by the first plan", self->path);
        return FALSE;
    }
    g_autoptr(Ledger) writer = ledger_open(self->path, LEDGER_WRITE, error);
    return writer != NULL;
}

/* A file cut short, and, where that takes no time, any other damage, is better found now than in
 * the middle of a mailing. */
static gboolean check(Ledger *self, GError **error)
{
    g_autoptr(Statement) pages = statement_begin(self, SQL_PAGES, error);
    if (!pages || statement_step(pages, error) != STATEMENT_ROW)
        return FALSE;
    gint64 size = statement_integer(pages, 0), there = size_of(self, "");
    /* With a WAL the latest pages need not be in the file yet. */
    if (there < size && size_of(self, "-wal") == 0)
        return ledger_damaged(self, error, "the file is cut short");
    if (size > CHECKED_WHOLE)
        return TRUE;
    g_autoptr(Statement) whole = statement_begin(self, SQL_CHECK, error);
    if (!whole || statement_step(whole, error) != STATEMENT_ROW)
        return FALSE;
    if (g_strcmp0(statement_text(whole, 0), "ok"))
        return ledger_damaged(self, error, statement_text(whole, 0));
    g_clear_pointer(&whole, statement_end);
    sqlite3_db_release_memory(self->db); /* the pages that only the check has read */
    return TRUE;
}

Ledger *ledger_open(const char *path, LedgerMode mode, GError **error)
{
    if (mode == LEDGER_WRITE && !make_file(path, error))
        return NULL;
    if (!look_at_file(path, error))
        return NULL;
    g_autoptr(Ledger) self = g_new0(Ledger, 1);
    self->path = g_strdup(path);
    self->mode = mode;
    gboolean ok = mode == LEDGER_WRITE
                      ? connect_to_write(self, error)
                      : connect_to_read(self, error) && bring_up_to_date(self, error);
    if (!ok || !check(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void ledger_close(Ledger *self)
{
    if (!self)
        return;
    if (self->db)
        disconnect(self);
    g_free(self->mailing_id);
    g_free(self->path);
    g_free(self);
}

const char *ledger_path(const Ledger *self)
{
    return self->path;
}

gboolean ledger_set_durability(Ledger *self, LedgerDurability durability, GError **error)
{
    g_assert(sqlite3_get_autocommit(self->db));
    switch (durability) {
    case LEDGER_FULL:
        return ledger_execute(self, "PRAGMA synchronous = FULL", error);
    case LEDGER_NORMAL:
        return ledger_execute(self, "PRAGMA synchronous = NORMAL", error);
    }
    g_assert_not_reached();
}

gboolean ledger_begin(Ledger *self, GError **error)
{
    g_assert(sqlite3_get_autocommit(self->db));
    self->changes = sqlite3_total_changes(self->db);
    /* IMMEDIATE: a reader that became a writer half-way could fail with nothing to wait for. */
    return ledger_execute(self, self->mode == LEDGER_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", error);
}

gboolean ledger_commit(Ledger *self, GError **error)
{
    g_assert(!sqlite3_get_autocommit(self->db));
    if (!ledger_execute(self, "COMMIT", error)) {
        ledger_rollback(self);
        return FALSE;
    }
    if (sqlite3_total_changes(self->db) != self->changes)
        durable_step("ledger: commit");
    return TRUE;
}

void ledger_rollback(Ledger *self)
{
    g_clear_pointer(&self->mailing_id, g_free); /* its number may be another's next time */
    if (!sqlite3_get_autocommit(self->db))
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
}

char *ledger_library(void)
{
    return g_strconcat("SQLite ", sqlite3_libversion(), NULL);
}
