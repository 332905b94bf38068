/* backup - a consistent copy of a ledger in one file, with the files that belong to it */
#include "ledger/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h> /* rename */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "ledger/connection.h"

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

/* What the database says of a file is the reason why `what` could not be done with it. */
typedef struct {
    const char *path, *what;
    CircularError kind;
} Talk;

static void tell(gpointer user, const DatabaseFault *fault, GError **error)
{
    const Talk *talk = user;
    fail(error, talk->kind, talk->path, talk->what, fault->reason ? fault->reason : fault->said);
}

/* A new file, its owner's alone, as an empty database. NULL when there is one of that name. */
static Database *make(const char *path, Talk *talk, GError **error)
{
    const DatabaseOwner owner = {.tell = tell, .user = talk};
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        fail(error, CIRCULAR_ERROR_IO, path, "can't make it", g_strerror(errno));
        return NULL;
    }
    close(fd);
    Database *db = database_open(path, DATABASE_WRITE, &owner, error);
    if (!db)
        unlink(path);
    return db;
}

/* All pages in one step: one view of the source, whoever writes to it meanwhile. */
static gboolean copy(Database *from, Database *to, GError **error)
{
    return database_copy(to, from, error) &&
           database_run(to, "PRAGMA journal_mode = DELETE", error);
}

static gboolean is_whole(Database *db, const char *path, GError **error)
{
    g_autoptr(Statement) check = statement_begin(db, "PRAGMA integrity_check(1)", NULL);
    if (check && statement_step(check, NULL) == STATEMENT_ROW &&
        g_str_equal(statement_text(check, 0), "ok"))
        return TRUE;
    return fail(error, CIRCULAR_ERROR_DATA, path, "is damaged", "take another backup");
}

static gboolean add_part(Database *db, const BackupPart *part, GError **error)
{
    g_autoptr(Statement) add =
        statement_begin(db, "INSERT INTO backup_parts (name, bytes) VALUES ($1, $2)", error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, part->name);
    statement_bind_bytes(add, 2, part->bytes, part->length);
    return statement_run(add, NULL, error);
}

static gboolean add_parts(Database *db, const GPtrArray *parts, GError **error)
{
    gboolean ok = database_run(db,
                               "BEGIN; CREATE TABLE backup_parts (name TEXT PRIMARY KEY, "
                               "bytes BLOB NOT NULL)",
                               error);
    for (guint i = 0; ok && i < parts->len; i++)
        ok = add_part(db, g_ptr_array_index(parts, i), error);
    return ok && database_run(db, "COMMIT", error);
}

/* Gives the finished file its name, unless there is one; the database is closed in any case. */
static gboolean finish(Database *db, const char *part, const char *path, gboolean ok,
                       GError **error)
{
    database_close(db);
    if (ok && link(part, path) < 0)
        ok = fail(error, CIRCULAR_ERROR_IO, path, "can't be made", g_strerror(errno));
    unlink(part);
    return ok;
}

gboolean backup_write(Ledger *ledger, const char *path, const GPtrArray *parts, GError **error)
{
    Talk talk = {path, "can't write the backup", CIRCULAR_ERROR_IO};
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    if (access(path, F_OK) == 0)
        return fail(error, CIRCULAR_ERROR_IO, path, "is there already", "give another name");
    Database *db = make(part, &talk, error);
    return db && finish(db, part, path,
                        copy(ledger->db, db, error) && add_parts(db, parts, error) &&
                            is_whole(db, path, error),
                        error);
}

/* --- reading --------------------------------------------------------------------------------- */

static Database *open_backup(const char *path, Talk *talk, GError **error)
{
    const DatabaseOwner owner = {.tell = tell, .user = talk};
    *talk = (Talk){path, "is no backup that 'circular backup' made", CIRCULAR_ERROR_DATA};
    g_autoptr(Database) db = database_open(path, DATABASE_READ, &owner, error);
    return db && database_run(db, "SELECT count(*) FROM backup_parts, mailings", error)
               ? g_steal_pointer(&db)
               : NULL;
}

static GPtrArray *read_parts(Database *db, GError **error)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(backup_part_free);
    g_autoptr(Statement) each =
        statement_begin(db, "SELECT name, bytes FROM backup_parts ORDER BY name", error);
    StatementStep step = STATEMENT_FAILED;
    while (each && parts->len < BACKUP_PARTS_MAX &&
           (step = statement_step(each, error)) == STATEMENT_ROW) {
        BackupPart *part = g_new0(BackupPart, 1);
        const char *bytes = statement_bytes(each, 1, &part->length);
        part->name = g_strdup(statement_text(each, 0));
        part->bytes = g_malloc(part->length + 1);
        memcpy(part->bytes, bytes, part->length);
        part->bytes[part->length] = '\0';
        g_ptr_array_add(parts, part);
    }
    return step == STATEMENT_FAILED ? NULL : g_steal_pointer(&parts);
}

GPtrArray *backup_check(const char *path, GError **error)
{
    Talk talk;
    g_autoptr(Database) db = open_backup(path, &talk, error);
    return db && is_whole(db, path, error) ? read_parts(db, error) : NULL;
}

gboolean backup_restore(const char *path, const char *ledger, GError **error)
{
    Talk reading, writing = {ledger, "can't write the ledger", CIRCULAR_ERROR_IO};
    g_autofree char *part = g_strconcat(ledger, ".part", NULL);
    if (access(ledger, F_OK) == 0)
        return fail(error, CIRCULAR_ERROR_IO, ledger, "is there already",
                    "a ledger is never written over; move it away first");
    g_autoptr(Database) from = open_backup(path, &reading, error);
    Database *to = from ? make(part, &writing, error) : NULL;
    gboolean ok = to && copy(from, to, error) && is_whole(to, ledger, error) &&
                  database_run(to, "DROP TABLE backup_parts", error);
    return to && finish(to, part, ledger, ok, error);
}
