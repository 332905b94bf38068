/* statement - SQL prepared once, bound and stepped: what the tables of lib/ledger share */
#include "ledger/statement.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/error.h"

struct Statement {
    Ledger *ledger;
    sqlite3_stmt *prepared;
    gboolean open; /* begun and not ended */
};

static void statement_free(gpointer data)
{
    Statement *self = data;
    sqlite3_finalize(self->prepared);
    g_free(self);
}

/* PostgreSQL numbers $2 as the second, SQLite takes it for a name and counts appearances. */
static void check_numbering(sqlite3_stmt *prepared, const char *sql)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(prepared); i++) {
        g_autofree char *name = g_strdup_printf("$%d", i);
        if (g_strcmp0(sqlite3_bind_parameter_name(prepared, i), name))
            g_error("parameters are not numbered as they appear: %s", sql);
    }
}

Statement *statement_begin(Ledger *ledger, const char *sql, GError **error)
{
    if (!ledger->statements)
        ledger->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    Statement *self = g_hash_table_lookup(ledger->statements, sql);
    if (!self) {
        sqlite3_stmt *prepared;
        if (sqlite3_prepare_v3(ledger->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL)) {
            ledger_fail(ledger, error);
            return NULL;
        }
        check_numbering(prepared, sql);
        self = g_new0(Statement, 1);
        self->ledger = ledger;
        self->prepared = prepared;
        g_hash_table_insert(ledger->statements, (gpointer)sql, self);
    }
    if (self->open)
        g_error("begun within itself: %s", sql);
    self->open = TRUE;
    return self;
}

void statement_end(Statement *self)
{
    if (!self)
        return;
    sqlite3_reset(self->prepared); /* its result is that of the last step, told already */
    sqlite3_clear_bindings(self->prepared);
    self->open = FALSE;
}

/* Binding fails only for a wrong index, a statement in mid-step, or 2 GB: our own fault. */
static void bound(Statement *self, int result)
{
    if (result != SQLITE_OK)
        g_error("%s: %s", sqlite3_errstr(result), sqlite3_sql(self->prepared));
}

void statement_bind_integer(Statement *self, int index, gint64 value)
{
    bound(self, sqlite3_bind_int64(self->prepared, index, value));
}

void statement_bind_text(Statement *self, int index, const char *text)
{
    bound(self, sqlite3_bind_text(self->prepared, index, text ? text : "", -1, SQLITE_STATIC));
}

void statement_bind_text_len(Statement *self, int index, const char *text, gsize length)
{
    g_assert(length <= G_MAXINT);
    bound(self,
          sqlite3_bind_text(self->prepared, index, text ? text : "", (int)length, SQLITE_STATIC));
}

void statement_bind_bytes(Statement *self, int index, const char *bytes, gsize length)
{
    /* "" and not NULL for no bytes: NULL would be bound as SQL's NULL. */
    bound(self,
          sqlite3_bind_blob64(self->prepared, index, length ? bytes : "", length, SQLITE_STATIC));
}

StatementStep statement_step(Statement *self, GError **error)
{
    switch (sqlite3_step(self->prepared)) {
    case SQLITE_ROW:
        return STATEMENT_ROW;
    case SQLITE_DONE:
        return STATEMENT_DONE;
    default:
        ledger_fail(self->ledger, error);
        return STATEMENT_FAILED;
    }
}

Lookup statement_lookup(Statement *self, GError **error)
{
    switch (statement_step(self, error)) {
    case STATEMENT_FAILED:
        return LOOKUP_FAILED;
    case STATEMENT_DONE:
        return LOOKUP_NONE;
    case STATEMENT_ROW:
        return LOOKUP_FOUND;
    }
    g_assert_not_reached();
}

gboolean statement_run(Statement *self, guint64 *changed, GError **error)
{
    sqlite3 *db = self->ledger->db;
    if (sqlite3_get_autocommit(db) && !sqlite3_stmt_readonly(self->prepared))
        g_error("a write outside a transaction: %s", sqlite3_sql(self->prepared));
    StatementStep step = statement_step(self, error);
    g_assert(step != STATEMENT_ROW);
    if (changed)
        *changed = (guint64)sqlite3_changes64(db);
    sqlite3_reset(self->prepared);
    return step == STATEMENT_DONE;
}

gint64 statement_integer(Statement *self, int index)
{
    return sqlite3_column_int64(self->prepared, index);
}

const char *statement_text(Statement *self, int index)
{
    const unsigned char *text = sqlite3_column_text(self->prepared, index);
    return text ? (const char *)text : "";
}

const char *statement_text_len(Statement *self, int index, gsize *length)
{
    const char *text = statement_text(self, index);
    *length = (gsize)sqlite3_column_bytes(self->prepared, index);
    return text;
}

const char *statement_bytes(Statement *self, int index, gsize *length)
{
    const void *bytes = sqlite3_column_blob(self->prepared, index);
    *length = (gsize)sqlite3_column_bytes(self->prepared, index);
    return bytes ? bytes : "";
}

gboolean ledger_execute(Ledger *ledger, const char *sql, GError **error)
{
    if (sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return ledger_fail(ledger, error);
}

gboolean ledger_damaged(const Ledger *ledger, GError **error, const char *what)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                "%s: the ledger is damaged (%s): restore a backup; the file was left as it is",
                ledger->path, what);
    return FALSE;
}

/* Why the system refused, or 0. SQLite forgets it for some files (the WAL); errno then still says.
 */
static int system_reason(struct sqlite3 *db, int code, int last)
{
    int reason = sqlite3_system_errno(db);
    gboolean refused = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    return reason || !refused ? reason : last;
}

/* Whether nothing more fits: on the disk, in the quota, in a file of its file system. */
static gboolean no_room(int code, int reason)
{
    return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE || reason == ENOSPC ||
           reason == EDQUOT || reason == EFBIG;
}

gboolean ledger_fail(Ledger *ledger, GError **error)
{
    int last = errno, code = sqlite3_extended_errcode(ledger->db);
    int reason = system_reason(ledger->db, code, last);
    CircularError kind = CIRCULAR_ERROR_IO;
    g_autofree char *what = NULL;

    switch (code & 0xff) {
    case SQLITE_CORRUPT:
        return ledger_damaged(ledger, error, sqlite3_errmsg(ledger->db));
    case SQLITE_NOTADB:
        what = g_strdup("is no ledger, or damaged at its very beginning: restore a backup or "
                        "name another file; it was left as it is");
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        kind = CIRCULAR_ERROR_TEMPORARY;
        what = g_strdup_printf("another process kept the ledger locked for %d s: try again when "
                               "it has ended",
                               LEDGER_LOCK_SECONDS);
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        what = g_strdup("the ledger or its folder is read-only: let yourself write to both");
        break;
    case SQLITE_CANTOPEN:
        what = g_strdup_printf("can't open the ledger%s%s: it and its folder must be there and "
                               "yours to read and write",
                               reason ? ": " : "", reason ? g_strerror(reason) : "");
        break;
    case SQLITE_NOMEM:
        g_error("%s: out of memory", ledger->path); /* as GLib does */
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        g_error("%s: %s", ledger->path, sqlite3_errmsg(ledger->db));
    default:
        if (no_room(code, reason))
            what = g_strdup("no room on the disk for the ledger: make some and give the same "
                            "command again; nothing on record was lost");
        else
            what = g_strdup_printf("the ledger can't be read or written: %s%s%s",
                                   sqlite3_errmsg(ledger->db), reason ? ": " : "",
                                   reason ? g_strerror(reason) : "");
    }
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s", ledger->path, what);
    return FALSE;
}
