/* ledger - what has happened, durably: one SQLite file, or a schema on a PostgreSQL server */
#include "ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/sharing.h"
#include "ledger/connection.h"
#include "sql/server.h"

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

/* Counts the pauses that it asked for and not the time that went by: a process that was stopped for
 * an hour does not give up at once. */
static gboolean wait_for_lock(gpointer user, int tries)
{
    Ledger *self = user;
    if (tries == 0)
        self->waited = 0;
    if (self->waited >= LEDGER_LOCK_SECONDS * G_USEC_PER_SEC)
        return FALSE;
    gint pause = MIN(1000 * (tries + 1), BUSY_PAUSE_MAX);
    self->waited += pause;
    clock_wait(pause);
    return TRUE;
}

/* --- what went wrong, in the words of a ledger ----------------------------------------------- */

gboolean ledger_damaged(const Ledger *self, GError **error, const char *what)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                "%s: the ledger is damaged (%s): restore a backup; %s", self->path, what,
                self->schema ? "nothing was changed in it" : "the file was left as it is");
    return FALSE;
}

static char *locked_words(int seconds)
{
    return g_strdup_printf("another process kept the ledger locked for %d s: try again when it has "
                           "ended",
                           seconds);
}

/* What only a server says, and of which kind that is; NULL, with the kind as it is, for the rest. */
static char *server_words(const DatabaseFault *fault, CircularError *kind)
{
    switch (fault->kind) {
    case DATABASE_FAULT_LOCKED:
        return locked_words(SERVER_LOCK_SECONDS);
    case DATABASE_FAULT_AGAIN:
        *kind = CIRCULAR_ERROR_TEMPORARY;
        return g_strdup_printf("the server of the ledger gave this up so that another could go on: "
                               "%s: give the same command again",
                               fault->said);
    case DATABASE_FAULT_DENIED:
        *kind = CIRCULAR_ERROR_DENIED;
        return g_strdup_printf("the server denies it: %s: correct 'ledger' and its password, or "
                               "have the role given what it lacks",
                               fault->said);
    case DATABASE_FAULT_LOST:
        *kind = CIRCULAR_ERROR_TEMPORARY;
        return g_strdup_printf("the server of the ledger can't be reached: %s: give the same "
                               "command again when it is back; nothing on record was lost",
                               fault->said);
    case DATABASE_FAULT_UNSURE:
        *kind = CIRCULAR_ERROR_TEMPORARY;
        return g_strdup_printf("the server of the ledger was lost as it was to put something on "
                               "record: %s: whether it did is seen when it is back; give the same "
                               "command again then",
                               fault->said);
    case DATABASE_FAULT_SLOW:
        *kind = CIRCULAR_ERROR_TEMPORARY;
        return g_strdup_printf("the server of the ledger gave up what took too long: %s: try again "
                               "when it has less to do",
                               fault->said);
    case DATABASE_FAULT_READ_ONLY:
        *kind = CIRCULAR_ERROR_IO;
        return g_strdup_printf("the ledger can only be read (%s): name the server that is written "
                               "to, and not its standby",
                               fault->said);
    case DATABASE_FAULT_CANT_OPEN:
        *kind = CIRCULAR_ERROR_CONFIG;
        return g_strdup(fault->said);
    case DATABASE_FAULT_NO_ROOM:
        *kind = CIRCULAR_ERROR_IO;
        return g_strdup("no room on the server of the ledger: have some made and give the same "
                        "command again; nothing on record was lost");
    case DATABASE_FAULT_DAMAGED:
    case DATABASE_FAULT_FOREIGN:
    case DATABASE_FAULT_OTHER:
        break;
    }
    return NULL;
}

static char *file_words(const DatabaseFault *fault)
{
    const char *colon = fault->reason ? ": " : "", *reason = fault->reason ? fault->reason : "";
    switch (fault->kind) {
    case DATABASE_FAULT_FOREIGN:
        return g_strdup("is no ledger, or damaged at its very beginning: restore a backup or "
                        "name another file; it was left as it is");
    case DATABASE_FAULT_LOCKED:
        return locked_words(LEDGER_LOCK_SECONDS);
    case DATABASE_FAULT_READ_ONLY:
        return g_strdup("the ledger or its folder is read-only: let yourself write to both");
    case DATABASE_FAULT_CANT_OPEN:
        return g_strdup_printf("can't open the ledger%s%s: it and its folder must be there and "
                               "yours to read and write",
                               colon, reason);
    case DATABASE_FAULT_NO_ROOM:
        return g_strdup("no room on the disk for the ledger: make some and give the same "
                        "command again; nothing on record was lost");
    case DATABASE_FAULT_DAMAGED:
    case DATABASE_FAULT_DENIED:
    case DATABASE_FAULT_LOST:
    case DATABASE_FAULT_UNSURE:
    case DATABASE_FAULT_SLOW:
    case DATABASE_FAULT_AGAIN:
    case DATABASE_FAULT_OTHER:
        break;
    }
    return g_strdup_printf("the ledger can't be read or written: %s%s%s", fault->said, colon,
                           reason);
}

static void tell(gpointer user, const DatabaseFault *fault, GError **error)
{
    const Ledger *self = user;
    gboolean is_locked = fault->kind == DATABASE_FAULT_LOCKED;
    CircularError kind = is_locked ? CIRCULAR_ERROR_TEMPORARY : CIRCULAR_ERROR_IO;
    if (fault->kind == DATABASE_FAULT_DAMAGED) {
        ledger_damaged(self, error, fault->said);
        return;
    }
    g_autofree char *what = self->schema ? server_words(fault, &kind) : NULL;
    if (!what)
        what = file_words(fault);
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s", self->path, what);
}

/* --- the file -------------------------------------------------------------------------------- */

/* Makes the file, so that SQLite gives -wal and -shm its mode. A file that is there is never opened
 * here: closing any descriptor of it drops the locks that this process holds on it (POSIX). */
static gboolean make_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    /* Whatever the umask: the -wal and -shm follow. */
    if (fd >= 0 && fchmod(fd, 0600) == 0 && sharing_give(fd, 0600)) {
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

/* --- the connection -------------------------------------------------------------------------- */

/* Opens it and has its first page read. */
static gboolean connect(Ledger *self, DatabaseMode mode, GError **error)
{
    const DatabaseOwner owner = {.tell = tell, .wait = wait_for_lock, .user = self};
    g_clear_pointer(&self->db, database_close);
    self->db = database_open(self->path, mode, &owner, error);
    return self->db && database_run(self->db, SQL_SETTINGS, error) &&
           database_run(self->db, "SELECT count(*) FROM sqlite_schema", error);
}

static gboolean has_content(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > 0;
}

/* SQLite reads a WAL ledger only where it can make the -wal and -shm files. Where it can't, and no
 * WAL waits to be read, the file is all there is and nobody can be writing it. */
static gboolean connect_to_read(Ledger *self, GError **error)
{
    g_autoptr(GError) inner = NULL;
    if (connect(self, DATABASE_READ, &inner))
        return TRUE;
    DatabaseFaultKind kind = self->db ? database_fault(self->db) : DATABASE_FAULT_CANT_OPEN;
    g_autofree char *wal = g_strconcat(self->path, "-wal", NULL);
    gboolean waits = self->db ? database_file_size(self->db, "-wal") > 0 : has_content(wal);
    if ((kind != DATABASE_FAULT_CANT_OPEN && kind != DATABASE_FAULT_READ_ONLY) || waits ||
        access(self->path, R_OK) < 0) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    return connect(self, DATABASE_READ_UNLOCKED, error);
}

/* The change to WAL gives up at once, and not after the busy handler, when two do it together. */
static gboolean change_to_wal(Ledger *self, GError **error)
{
    for (int tries = 0;; tries++) {
        g_autoptr(GError) inner = NULL;
        if (database_run(self->db, SQL_WAL, &inner))
            return TRUE;
        if (database_fault(self->db) != DATABASE_FAULT_LOCKED || !wait_for_lock(self, tries)) {
            g_propagate_error(error, g_steal_pointer(&inner));
            return FALSE;
        }
    }
}

static gboolean connect_to_write(Ledger *self, GError **error)
{
    if (!connect(self, DATABASE_WRITE, error))
        return FALSE;
    if (database_is_read_only(self->db)) {
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
    g_autoptr(Statement) pages = statement_begin(self->db, SQL_PAGES, error);
    if (!pages || statement_step(pages, error) != STATEMENT_ROW)
        return FALSE;
    gint64 size = statement_integer(pages, 0);
    gint64 there = (gint64)database_file_size(self->db, "");
    /* With a WAL the latest pages need not be in the file yet. */
    if (there < size && database_file_size(self->db, "-wal") == 0)
        return ledger_damaged(self, error, "the file is cut short");
    if (size > CHECKED_WHOLE)
        return TRUE;
    g_autoptr(Statement) whole = statement_begin(self->db, SQL_CHECK, error);
    if (!whole || statement_step(whole, error) != STATEMENT_ROW)
        return FALSE;
    if (g_strcmp0(statement_text(whole, 0), "ok"))
        return ledger_damaged(self, error, statement_text(whole, 0));
    g_clear_pointer(&whole, statement_end);
    database_release_memory(self->db); /* the pages that only the check has read */
    return TRUE;
}

/* Whose workspace became a group's: what was its owner's alone is the group's from now on. */
static gboolean share(const char *path, GError **error)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".key"};
    g_autofree char *folder = g_path_get_dirname(path), *problem = sharing_problem(folder);
    if (problem) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "%s", problem);
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);
        if (sharing_give_path(name, 0600) || errno == ENOENT)
            continue;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                    "%s: can't share it with the group of ledger.group: %s", name,
                    g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

Ledger *ledger_open(const char *path, LedgerMode mode, GError **error)
{
    if (!share(path, error) || (mode != LEDGER_READ && !make_file(path, error)))
        return NULL;
    if (!look_at_file(path, error))
        return NULL;
    g_autoptr(Ledger) self = g_new0(Ledger, 1);
    char *real = realpath(path, NULL);
    self->path = g_strdup(path);
    self->beside = g_strdup(real ? real : path);
    self->mode = mode;
    free(real);
    gboolean ok = mode != LEDGER_READ
                      ? connect_to_write(self, error)
                      : connect_to_read(self, error) && bring_up_to_date(self, error);
    if (!ok || !check(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

/* A role that only reads can't bring an old one up to date, and reads it as it is if it is of this
 * version. */
static gboolean open_server(Ledger *self, const DatabaseServer *server, GError **error)
{
    guint version;
    const DatabaseOwner owner = {.tell = tell, .wait = wait_for_lock, .user = self};
    gboolean is_writer = self->mode != LEDGER_READ;
    self->db =
        database_open_server(server, is_writer ? DATABASE_WRITE : DATABASE_READ, &owner, error);
    if (!self->db || !migrations_version(self, &version, error))
        return FALSE;
    if (version == MIGRATIONS_LATEST)
        return TRUE;
    if (is_writer)
        return migrations_run(self, error);
    g_set_error(error, CIRCULAR_ERROR, version ? CIRCULAR_ERROR_CONFIG : CIRCULAR_ERROR_NOINPUT,
                version ? "%s: the ledger is of an older circular: it is brought up to date by the "
                          "next plan or send"
                        : "%s: there is no ledger yet: it is made by the first plan",
                self->path);
    return FALSE;
}

Ledger *ledger_open_server(const LedgerServer *server, LedgerMode mode, GError **error)
{
    g_autofree char *problem = NULL;
    g_autoptr(Ledger) self = g_new0(Ledger, 1);
    const DatabaseServer where = {server->url, server->schema, server->password};
    self->path = database_server_name(server->url, &problem);
    if (!self->path) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "ledger: %s", problem);
        return NULL;
    }
    self->beside = g_strdup(server->beside);
    self->schema = g_strdup(server->schema);
    self->holds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->mode = mode;
    return open_server(self, &where, error) ? g_steal_pointer(&self) : NULL;
}

void ledger_close(Ledger *self)
{
    if (!self)
        return;
    database_close(self->db);
    g_clear_pointer(&self->holds, g_hash_table_unref);
    g_free(self->path);
    g_free(self->beside);
    g_free(self->schema);
    g_free(self);
}

const char *ledger_path(const Ledger *self)
{
    return self->path;
}

gboolean ledger_is_on_server(const Ledger *self)
{
    return self->schema != NULL;
}

char *ledger_beside(const Ledger *self, const char *name)
{
    return g_strconcat(self->beside, ".", name, NULL);
}

gboolean ledger_set_durability(Ledger *self, LedgerDurability durability, GError **error)
{
    g_assert(!database_in_transaction(self->db));
    if (self->schema) /* there it is the server's to say, and never less */
        return TRUE;
    switch (durability) {
    case LEDGER_FULL:
        return database_run(self->db, "PRAGMA synchronous = FULL", error);
    case LEDGER_NORMAL:
        return database_run(self->db, "PRAGMA synchronous = NORMAL", error);
    }
    g_assert_not_reached();
}

gboolean ledger_begin(Ledger *self, GError **error)
{
    g_assert(!database_in_transaction(self->db));
    self->changes = database_changes(self->db);
    return database_begin(self->db, self->mode != LEDGER_READ, error);
}

gboolean ledger_commit(Ledger *self, GError **error)
{
    g_assert(database_in_transaction(self->db));
    if (!database_commit(self->db, error)) {
        ledger_rollback(self);
        return FALSE;
    }
    if (database_changes(self->db) != self->changes)
        durable_step("ledger: commit");
    return TRUE;
}

void ledger_rollback(Ledger *self)
{
    database_rollback(self->db);
}

gboolean ledger_ask(Ledger *ledger, const char *sql, gint64 about, gint64 *answer, GError **error)
{
    g_autoptr(Statement) row = statement_begin(ledger->db, sql, error);
    if (!row)
        return FALSE;
    statement_bind_integer(row, 1, about);
    switch (statement_lookup(row, error)) {
    case LOOKUP_FAILED:
        break;
    case LOOKUP_NONE:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "%s: what was asked about is not there any more: another plan took its place; "
                    "give the command again",
                    ledger->path);
        break;
    case LOOKUP_FOUND:
        *answer = statement_integer(row, 0);
        return TRUE;
    }
    return FALSE;
}

void ledger_settle(Ledger *self)
{
    database_settle(self->db);
}
