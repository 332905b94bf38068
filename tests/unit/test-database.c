/* test-database - what went wrong is told by kind, in the words of whoever opened it */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define WITH(name, test) g_test_add("/database/" name, Fixture, NULL, set_up, test, tear_down)
    WITH("kinds", test_kinds);
    WITH("foreign", test_foreign);
    WITH("not-there", test_not_there);
    WITH("copy", test_copy);
    g_test_add_func("/database/statements", test_statements);
    g_test_add_func("/database/numbering", test_numbering);
    return g_test_run();
}
