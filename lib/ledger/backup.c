/* backup - a consistent copy of a ledger in one file, with the files that belong to it */
#include "ledger/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h> /* rename */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "ledger/statement.h"

void backup_part_free(gpointer data)
{
    BackupPart *part = data;
    if (!part)
        return;
    if (part->bytes)
        explicit_bzero(part->bytes, part->length); /* a key */
    g_free(part->bytes);
    g_free(part->name);
    g_free(part);
}

static gboolean fail(GError **error, CircularError kind, const char *path, const char *what,
                     const char *why)
{
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s: %s", path, what, why);
    return FALSE;
}

static gboolean execute(sqlite3 *db, const char *path, const char *sql, GError **error)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return fail(error, CIRCULAR_ERROR_IO, path, "can't write it", sqlite3_errmsg(db));
}

/* A new file, its owner's alone, as an empty database. NULL when there is one of that name. */
static sqlite3 *make(const char *path, GError **error)
{
    sqlite3 *db = NULL;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        fail(error, CIRCULAR_ERROR_IO, path, "can't make it", g_strerror(errno));
        return NULL;
    }
    close(fd);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
        return db;
    fail(error, CIRCULAR_ERROR_IO, path, "can't open it", sqlite3_errmsg(db));
    sqlite3_close(db);
    unlink(path);
    return NULL;
}

/* All pages in one step: one view of the source, whoever writes to it meanwhile. */
static gboolean copy(sqlite3 *from, sqlite3 *to, const char *path, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int result = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
    if (backup)
        sqlite3_backup_finish(backup);
    if (result != SQLITE_DONE)
        return fail(error, CIRCULAR_ERROR_IO, path, "can't copy the ledger", sqlite3_errmsg(to));
    return execute(to, path, "PRAGMA journal_mode = DELETE", error);
}

static gboolean is_whole(sqlite3 *db, const char *path, GError **error)
{
    sqlite3_stmt *check = NULL;
    gboolean ok =
        sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &check, NULL) == SQLITE_OK &&
        sqlite3_step(check) == SQLITE_ROW &&
        g_strcmp0((const char *)sqlite3_column_text(check, 0), "ok") == 0;
    sqlite3_finalize(check);
    return ok || fail(error, CIRCULAR_ERROR_DATA, path, "is damaged", "take another backup");
}

static gboolean add_parts(sqlite3 *db, const char *path, const GPtrArray *parts, GError **error)
{
    sqlite3_stmt *add = NULL;
    gboolean ok = execute(
        db, path, "CREATE TABLE backup_parts (name TEXT PRIMARY KEY, bytes BLOB NOT NULL)", error);
    if (!ok)
        return FALSE;
    ok = sqlite3_prepare_v2(db, "INSERT INTO backup_parts VALUES (?, ?)", -1, &add, NULL) ==
         SQLITE_OK;
    for (guint i = 0; ok && i < parts->len; i++) {
        const BackupPart *part = g_ptr_array_index(parts, i);
        sqlite3_bind_text(add, 1, part->name, -1, SQLITE_STATIC);
        sqlite3_bind_blob64(add, 2, part->bytes, part->length, SQLITE_STATIC);
        ok = sqlite3_step(add) == SQLITE_DONE;
        sqlite3_reset(add);
    }
    sqlite3_finalize(add);
    return ok || fail(error, CIRCULAR_ERROR_IO, path, "can't write it", sqlite3_errmsg(db));
}

/* Gives the finished file its name, unless there is one; the database is closed in any case. */
static gboolean finish(sqlite3 *db, const char *part, const char *path, gboolean ok, GError **error)
{
    sqlite3_close(db);
    if (ok && link(part, path) < 0)
        ok = fail(error, CIRCULAR_ERROR_IO, path, "can't be made", g_strerror(errno));
    unlink(part);
    return ok;
}

gboolean backup_write(Ledger *ledger, const char *path, const GPtrArray *parts, GError **error)
{
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    if (access(path, F_OK) == 0)
        return fail(error, CIRCULAR_ERROR_IO, path, "is there already", "give another name");
    sqlite3 *db = make(part, error);
    return db && finish(db, part, path,
                        copy(ledger->db, db, path, error) && add_parts(db, path, parts, error) &&
                            is_whole(db, path, error),
                        error);
}

/* --- reading --------------------------------------------------------------------------------- */

static sqlite3 *open_backup(const char *path, GError **error)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_exec(db, "SELECT count(*) FROM backup_parts, mailings", NULL, NULL, NULL) ==
            SQLITE_OK)
        return db;
    fail(error, CIRCULAR_ERROR_DATA, path, "is no backup that 'circular backup' made",
         sqlite3_errmsg(db));
    sqlite3_close(db);
    return NULL;
}

static GPtrArray *read_parts(sqlite3 *db)
{
    sqlite3_stmt *each = NULL;
    GPtrArray *parts = g_ptr_array_new_with_free_func(backup_part_free);
    sqlite3_prepare_v2(db, "SELECT name, bytes FROM backup_parts ORDER BY name", -1, &each, NULL);
    while (parts->len < BACKUP_PARTS_MAX && sqlite3_step(each) == SQLITE_ROW) {
        BackupPart *part = g_new0(BackupPart, 1);
        const void *bytes = sqlite3_column_blob(each, 1);
        part->name = g_strdup((const char *)sqlite3_column_text(each, 0));
        part->length = (gsize)sqlite3_column_bytes(each, 1);
        part->bytes = g_strndup(bytes ? bytes : "", part->length);
        g_ptr_array_add(parts, part);
    }
    sqlite3_finalize(each);
    return parts;
}

GPtrArray *backup_check(const char *path, GError **error)
{
    sqlite3 *db = open_backup(path, error);
    GPtrArray *parts = db && is_whole(db, path, error) ? read_parts(db) : NULL;
    sqlite3_close(db);
    return parts;
}

gboolean backup_restore(const char *path, const char *ledger, GError **error)
{
    g_autofree char *part = g_strconcat(ledger, ".part", NULL);
    if (access(ledger, F_OK) == 0)
        return fail(error, CIRCULAR_ERROR_IO, ledger, "is there already",
                    "a ledger is never written over; move it away first");
    sqlite3 *from = open_backup(path, error);
    sqlite3 *to = from ? make(part, error) : NULL;
    gboolean ok = to && copy(from, to, ledger, error) && is_whole(to, ledger, error) &&
                  execute(to, ledger, "DROP TABLE backup_parts", error);
    sqlite3_close(from);
    return to && finish(to, part, ledger, ok, error);
}
