/* test-database - what went wrong is told by kind, in the words of whoever opened it */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "sql/dialect.h"
#include "sql/server.h"
#include "sql/statement.h"

typedef struct {
    DatabaseFaultKind last;
    int waits;
} Told;

static void tell(gpointer user, const DatabaseFault *fault, GError **error)
{
    ((Told *)user)->last = fault->kind;
    g_assert_nonnull(fault->said);
    g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "told");
}

static gboolean give_up_after_two(gpointer user, int tries)
{
    ((Told *)user)->waits = tries + 1;
    return tries < 2;
}

typedef struct {
    char *folder, *path;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->folder = g_dir_make_tmp("circular-database-XXXXXX", NULL);
    f->path = g_build_filename(f->folder, "it.db", NULL);
    g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_unlink(f->path);
    g_autofree char *copy = g_strconcat(f->path, ".copy", NULL);
    g_unlink(copy);
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->folder);
    g_free(f->path);
}

static Database *open_it(const char *path, DatabaseMode mode, Told *told)
{
    const DatabaseOwner owner = {.tell = tell, .wait = give_up_after_two, .user = told};
    g_autoptr(GError) error = NULL;
    Database *db = database_open(path, mode, &owner, &error);
    g_assert_no_error(error);
    return db;
}

static void expect_fault(Database *db, const char *sql, Told *told, DatabaseFaultKind kind)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(database_run(db, sql, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_assert_cmpint(told->last, ==, kind);
    g_assert_cmpint(database_fault(db), ==, kind);
}

static void test_kinds(Fixture *f, gconstpointer data)
{
    (void)data;
    Told told = {0}, other = {0};
    g_autoptr(Database) db = open_it(f->path, DATABASE_WRITE, &told);
    g_assert_true(database_run(db, "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)", NULL));
    expect_fault(db, "SELECT nothing FROM nowhere", &told, DATABASE_FAULT_OTHER);

    g_autoptr(Database) reader = open_it(f->path, DATABASE_READ, &other);
    g_assert_true(database_is_read_only(reader));
    expect_fault(reader, "INSERT INTO t VALUES (2)", &other, DATABASE_FAULT_READ_ONLY);

    g_assert_true(database_run(db, "BEGIN EXCLUSIVE", NULL));
    expect_fault(reader, "SELECT count(*) FROM t", &other, DATABASE_FAULT_LOCKED);
    g_assert_cmpint(other.waits, ==, 3); /* it was asked until it gave up */
    g_assert_true(database_run(db, "ROLLBACK", NULL));
    g_assert_true(database_run(db, "PRAGMA max_page_count = 2", NULL));
    expect_fault(db, "CREATE TABLE u (n INTEGER)", &told, DATABASE_FAULT_NO_ROOM);
}

static void test_foreign(Fixture *f, gconstpointer data)
{
    (void)data;
    Told told = {0};
    g_autofree char *prose = g_strnfill(5000, 'x');
    g_assert_true(g_file_set_contents(f->path, prose, -1, NULL));
    g_autoptr(Database) db = open_it(f->path, DATABASE_READ, &told);
    expect_fault(db, "SELECT count(*) FROM sqlite_schema", &told, DATABASE_FAULT_FOREIGN);
}

static void test_not_there(Fixture *f, gconstpointer data)
{
    (void)data;
    Told told = {0};
    const DatabaseOwner owner = {.tell = tell, .user = &told};
    g_autofree char *nowhere = g_build_filename(f->folder, "no", "such", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(database_open(nowhere, DATABASE_READ, &owner, &error));
    g_assert_nonnull(error);
    g_assert_cmpint(told.last, ==, DATABASE_FAULT_CANT_OPEN);
}

static gint64 count(Database *db)
{
    g_autoptr(Statement) ask = statement_begin(db, "SELECT count(*) FROM t", NULL);
    g_assert_cmpint(statement_lookup(ask, NULL), ==, LOOKUP_FOUND);
    return statement_integer(ask, 0);
}

static void test_copy(Fixture *f, gconstpointer data)
{
    (void)data;
    Told told = {0};
    g_autofree char *path = g_strconcat(f->path, ".copy", NULL);
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_autoptr(Database) from = open_it(f->path, DATABASE_WRITE, &told);
    g_autoptr(Database) to = open_it(path, DATABASE_WRITE, &told);
    g_assert_true(
        database_run(from, "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2)", NULL));
    g_assert_true(database_copy(to, from, NULL));
    g_assert_true(database_run(from, "DELETE FROM t", NULL));
    g_assert_cmpint(count(to), ==, 2);
    g_assert_cmpint(count(from), ==, 0);
}

/* Two that read at once have a statement each; at its end one stays there. */
static void test_statements(void)
{
    Told told = {0};
    const DatabaseOwner owner = {.tell = tell, .user = &told};
    static const char sql[] = "SELECT n FROM t WHERE n >= $1 ORDER BY n";
    g_autoptr(Database) db = database_open_temporary(&owner, NULL);
    g_assert_cmpuint(database_file_size(db, ""), ==, 0);
    g_assert_true(database_in_transaction(db));
    g_assert_true(
        database_run(db, "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2)", NULL));
    g_autoptr(Statement) one = statement_prepare(db, sql, NULL);
    g_autoptr(Statement) two = statement_prepare(db, sql, NULL);
    statement_bind_integer(one, 1, 1);
    statement_bind_integer(two, 1, 2);
    g_assert_cmpint(statement_step(one, NULL), ==, STATEMENT_ROW);
    g_assert_cmpint(statement_step(two, NULL), ==, STATEMENT_ROW);
    g_assert_cmpint(statement_integer(one, 0), ==, 1);
    g_assert_cmpint(statement_integer(two, 0), ==, 2);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(statement_step(two, NULL), ==, STATEMENT_DONE);
    statement_reset(two);
    statement_bind_integer(two, 1, 1);
    g_assert_cmpint(statement_step(two, NULL), ==, STATEMENT_ROW);
    g_assert_cmpint(statement_integer(two, 0), ==, 1);
}

static void test_numbering(void)
{
    Told told = {0};
    const DatabaseOwner owner = {.tell = tell, .user = &told};
    if (g_test_subprocess()) {
        g_autoptr(Database) db = database_open_temporary(&owner, NULL);
        statement_prepare(db, "SELECT $2, $1", NULL);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*not numbered as they appear*");
}

/* --- many rows at once ------------------------------------------------------------------------ */

static void test_dialect_of_many(void)
{
    static const char *const types[] = {"text", "bigint"};
    g_autofree char *update =
        dialect_many("UPDATE t SET a = $1, b = b + $2 WHERE n = $2 AND a <> $1", types, 2);
    g_assert_cmpstr(
        update, ==,
        "UPDATE t SET a = r.p1, b = b + r.p2 FROM unnest($1::text[], $2::bigint[]) WITH "
        "ORDINALITY AS r (p1, p2, place) WHERE n = r.p2 AND a <> r.p1 RETURNING r.place");
    g_autofree char *insert =
        dialect_many("INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING", types, 2);
    g_assert_cmpstr(insert, ==,
                    "INSERT INTO t (a, b) SELECT r.p1, r.p2 FROM unnest($1::text[], $2::bigint[]) "
                    "WITH ORDINALITY AS r (p1, p2, place) ORDER BY r.place ON CONFLICT DO NOTHING");
}

/* A table in a file of its own or, where there is one, in a schema of its own on a server. */
static Database *open_table(Fixture *f, Told *told)
{
    const char *url = g_getenv("CIRCULAR_TEST_SERVER");
    const DatabaseOwner owner = {.tell = tell, .wait = give_up_after_two, .user = told};
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, f->folder, -1);
    g_autofree char *schema = g_strconcat("test_", sum, NULL);
    const DatabaseServer server = {.url = url, .schema = schema};
    g_autoptr(GError) error = NULL;
    Database *db = url ? database_open_server(&server, DATABASE_WRITE, &owner, &error)
                       : open_it(f->path, DATABASE_WRITE, told);
    g_assert_no_error(error);
    g_assert_true(database_begin(db, TRUE, NULL));
    g_assert_true(!url || database_found(db, NULL));
    g_assert_true(database_run(db,
                               "CREATE TABLE t (n INTEGER NOT NULL PRIMARY KEY, a TEXT NOT NULL, "
                               "b BLOB NOT NULL) STRICT",
                               NULL));
    return db;
}

static void add(Database *db, gint64 n, const char *text, const char *bytes, gsize length)
{
    g_autoptr(Statement) row =
        statement_begin(db, "INSERT INTO t (n, a, b) VALUES ($1, $2, $3)", NULL);
    statement_bind_integer(row, 1, n);
    statement_bind_text(row, 2, text);
    statement_bind_bytes(row, 3, bytes, length);
    g_assert_true(statement_queue(row, NULL, NULL));
}

static gint64 ask(Database *db, const char *sql)
{
    g_autoptr(Statement) row = statement_prepare(db, sql, NULL);
    g_assert_cmpint(statement_step(row, NULL), ==, STATEMENT_ROW);
    return statement_integer(row, 0);
}

/* What was queued is there for whatever is asked next, to the byte. */
static void test_queue(Fixture *f, gconstpointer data)
{
    (void)data;
    enum { ROWS = 2345 };
    Told told = {0};
    gsize length;
    guint64 changed[] = {7, 7, 7};
    g_autoptr(Database) db = open_table(f, &told);
    for (int n = 1; n <= ROWS; n++)
        add(db, n, "it's {\"1\",\\N} \xc3\xa9, or so", "\0\xff{,}", 5);
    add(db, -1, "", "", 0);
    g_assert_cmpint(ask(db, "SELECT count(*) FROM t"), ==, ROWS + 1);
    g_assert_cmpuint(database_changes(db), ==, ROWS + 1);

    for (gsize i = 0; i < G_N_ELEMENTS(changed); i++) {
        g_autoptr(Statement) row =
            statement_begin(db, "UPDATE t SET a = $1 WHERE n = $2 AND n > 0", NULL);
        statement_bind_text(row, 1, "changed");
        statement_bind_integer(row, 2, (gint64)i); /* there is no row 0 */
        g_assert_true(statement_queue(row, &changed[i], NULL));
    }
    g_assert_true(database_flush(db, NULL));
    g_assert_cmpuint(changed[0], ==, 0);
    g_assert_cmpuint(changed[1], ==, 1);
    g_assert_cmpuint(changed[2], ==, 1);
    g_autoptr(Statement) row =
        statement_prepare(db, "SELECT a, b FROM t WHERE n = -1 OR n = 1 OR n = 3 ORDER BY n", NULL);
    static const char *const texts[] = {"", "changed", "it's {\"1\",\\N} \xc3\xa9, or so"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_cmpint(statement_step(row, NULL), ==, STATEMENT_ROW);
        g_assert_cmpstr(statement_text(row, 0), ==, texts[i]);
        const char *bytes = statement_bytes(row, 1, &length);
        g_assert_cmpmem(bytes, length, "\0\xff{,}", i ? 5 : 0);
    }
    g_clear_pointer(&row, statement_end);
    g_assert_true(database_commit(db, NULL));
}

/* What is wrong with one of them is told before anything is on record, and what waited is forgotten. */
static void test_queue_fails(Fixture *f, gconstpointer data)
{
    (void)data;
    Told told = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(Database) db = open_table(f, &told);
    g_assert_true(database_commit(db, NULL));
    g_assert_true(database_begin(db, TRUE, NULL));
    add(db, 1, "kept", "", 0);
    database_rollback(db);
    g_assert_true(database_begin(db, TRUE, NULL));
    add(db, 2, "one", "", 0);
    add(db, 3, "three", "", 0);
    {
        g_autoptr(Statement) row =
            statement_begin(db, "INSERT INTO t (n, a, b) VALUES ($1, $2, $3)", NULL);
        statement_bind_integer(row, 1, 2);
        statement_bind_text(row, 2, "two");
        statement_bind_bytes(row, 3, "", 0);
        g_assert_false(statement_queue(row, NULL, &error) && database_commit(db, &error));
        g_assert_nonnull(error);
    }
    database_rollback(db);
    g_assert_true(database_begin(db, FALSE, NULL));
    g_assert_cmpint(ask(db, "SELECT count(*) FROM t"), ==, 0);
    database_rollback(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define WITH(name, test) g_test_add("/database/" name, Fixture, NULL, set_up, test, tear_down)
    WITH("kinds", test_kinds);
    WITH("foreign", test_foreign);
    WITH("not-there", test_not_there);
    WITH("copy", test_copy);
    WITH("queue", test_queue);
    WITH("queue-fails", test_queue_fails);
    g_test_add_func("/database/dialect-of-many", test_dialect_of_many);
    g_test_add_func("/database/statements", test_statements);
    g_test_add_func("/database/numbering", test_numbering);
    return g_test_run();
}
