/* ledger-fixture - a ledger in a folder of its own, and what tests put into it
 *
 * Where CIRCULAR_TEST_SERVER has the URL of a PostgreSQL server, the ledger is there, in a schema of
 * its own: tests/system/test_server_ledger.py runs the tests of the ledger so.
 */
#ifndef LEDGER_FIXTURE_H
#define LEDGER_FIXTURE_H

#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <string.h>

#include "base/error.h"
#include "ledger/deliveries.h"
#include "ledger/mailings.h"

/* A text for a struct that owns its texts, where it is only read. */
#define TEXT(text) ((char *)(text))

typedef struct {
    char *folder, *path;
    Ledger *ledger; /* open for writing, unless a test closed it */
} Fixture;

static inline const char *fixture_server(void)
{
    return g_getenv("CIRCULAR_TEST_SERVER");
}

/* The schema of the ledger that would be at `path`: its folder is a random name. */
static inline char *fixture_schema(const char *path)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, path, -1);
    return g_strdup_printf("test_%.20s", sum);
}

/* Opens the ledger at `path`, or that in its place on the server. */
static inline Ledger *fixture_open(const char *path, LedgerMode mode, GError **error)
{
    g_autofree char *schema = fixture_schema(path);
    const LedgerServer server = {fixture_server(), schema, NULL, path};
    return server.url ? ledger_open_server(&server, mode, error) : ledger_open(path, mode, error);
}

/* What only a file can show is passed over on a server. */
static inline gboolean fixture_needs_file(void)
{
    if (fixture_server())
        g_test_skip("for a ledger in a file");
    return fixture_server() != NULL;
}

static inline void fixture_set_up(Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    self->folder = g_dir_make_tmp("circular-test-XXXXXX", &error);
    g_assert_no_error(error);
    self->path = g_build_filename(self->folder, "ledger.db", NULL);
    self->ledger = fixture_open(self->path, LEDGER_WRITE, &error);
    g_assert_no_error(error);
}

/* Removes the folder, from under a ledger that is open too. */
static inline void fixture_remove(const Fixture *self)
{
    const char *name;
    GDir *dir = g_dir_open(self->folder, 0, NULL);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(self->folder, name, NULL);
        g_remove(path);
    }
    g_dir_close(dir);
    g_assert_cmpint(g_rmdir(self->folder), ==, 0);
}

static inline void fixture_sql(const char *path, const char *sql);

static inline void fixture_tear_down(Fixture *self, gconstpointer data)
{
    (void)data;
    ledger_close(self->ledger);
    if (fixture_server()) {
        g_autofree char *schema = fixture_schema(self->path);
        g_autofree char *drop = g_strdup_printf("DROP SCHEMA IF EXISTS %s CASCADE", schema);
        fixture_sql(self->path, drop);
    }
    fixture_remove(self);
    g_free(self->folder);
    g_free(self->path);
}

static inline void fixture_begin(Ledger *ledger)
{
    g_autoptr(GError) error = NULL;
    ledger_begin(ledger, &error);
    g_assert_no_error(error);
}

static inline void fixture_commit(Ledger *ledger)
{
    g_autoptr(GError) error = NULL;
    ledger_commit(ledger, &error);
    g_assert_no_error(error);
}

/* A handle of the mailing with that id, which is borrowed; at most 16 of a test are in use. */
static inline const Mailing *the(Ledger *ledger, const char *id)
{
    static Mailing handles[16];
    static guint next;
    g_autoptr(GError) error = NULL;
    Mailing *handle = &handles[next++ % G_N_ELEMENTS(handles)];
    *handle = (Mailing){.id = TEXT(id)};
    mailings_number(ledger, id, &handle->number, &error);
    g_assert_no_error(error);
    return handle;
}

/* A mailing planned at `at`, within the caller's transaction. */
static inline void fixture_mailing_to(Ledger *ledger, const char *id, gint64 at,
                                      const char *audience)
{
    g_autoptr(GError) error = NULL;
    Mailing mailing = {.id = TEXT(id),
                       .update = TEXT("updates/autumn.md"),
                       .audience = TEXT(audience),
                       .subject = TEXT("Autumn update for {{name}}"),
                       .sender = TEXT("Office <office@example.org>"),
                       .envelope_sender = TEXT("bounces@example.org"),
                       .content_hash = TEXT("c0ffee"),
                       .recipients_hash = TEXT(""),
                       .version = TEXT("0.1.0"),
                       .settings = TEXT("de"),
                       .planned_at = at};
    mailings_add(ledger, &mailing, &error);
    g_assert_no_error(error);
}

static inline void fixture_mailing(Ledger *ledger, const char *id, gint64 at)
{
    fixture_mailing_to(ledger, id, at, "heads");
}

/* Delivery `number` to key 100000 + number, within the caller's transaction. */
static inline gboolean fixture_delivery(Ledger *ledger, const char *mailing, guint number,
                                        GError **error)
{
    g_autofree char *key = g_strdup_printf("%u", 100000 + number);
    g_autofree char *address = g_strdup_printf("Head%u@school.example", number);
    g_autofree char *fields = g_strdup_printf("d3:urn6:%se", key);
    Delivery delivery = {.number = number,
                         .key = key,
                         .address = address,
                         .name = TEXT("Ann Ó Briain"),
                         .fields = fields,
                         .fields_length = strlen(fields)};
    return deliveries_add(ledger, the(ledger, mailing), &delivery, error);
}

/* A mailing with deliveries 1 to `count`, committed. */
static inline void fixture_plan(Ledger *ledger, const char *id, guint count)
{
    g_autoptr(GError) error = NULL;
    fixture_begin(ledger);
    fixture_mailing(ledger, id, 1000);
    for (guint i = 1; i <= count; i++) {
        fixture_delivery(ledger, id, i, &error);
        g_assert_no_error(error);
    }
    fixture_commit(ledger);
}

/* A text for the server, in the ledger's schema; its result, to be cleared. What SQLite calls
 * group_concat is string_agg there. */
static inline PGresult *fixture_on_server(const char *path, const char *sql)
{
    PGconn *conn = PQconnectdb(fixture_server());
    g_autofree char *schema = fixture_schema(path);
    g_autofree char *place =
        g_strdup_printf("SET client_min_messages = error; SET search_path = %s", schema);
    PQclear(PQexec(conn, place));
    g_autoptr(GString) text = g_string_new(sql);
    g_string_replace(text, "group_concat(", "string_agg(", 0);
    PGresult *result = PQexec(conn, text->str);
    g_assert_cmpstr(PQresultErrorMessage(result), ==, "");
    PQfinish(conn);
    return result;
}

/* Runs SQL behind the ledger's back. */
static inline void fixture_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *message = NULL;
    if (fixture_server()) {
        PQclear(fixture_on_server(path, sql));
        return;
    }
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    sqlite3_exec(db, sql, NULL, NULL, &message);
    g_assert_cmpstr(message, ==, NULL);
    sqlite3_close(db);
}

static inline void fixture_add_line(GString *lines, const char *value)
{
    g_string_append_printf(lines, "%s%s", lines->len ? "\n" : "", value);
}

/* That column of each row, a line each. */
static inline char *fixture_column(const char *path, const char *sql, int column)
{
    sqlite3 *db;
    sqlite3_stmt *ask;
    GString *lines = g_string_new(NULL);
    if (fixture_server()) {
        PGresult *result = fixture_on_server(path, sql);
        for (int row = 0; row < PQntuples(result); row++)
            fixture_add_line(lines, PQgetvalue(result, row, column));
        PQclear(result);
        return g_string_free(lines, FALSE);
    }
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &ask, NULL), ==, SQLITE_OK);
    while (sqlite3_step(ask) == SQLITE_ROW)
        fixture_add_line(lines, (const char *)sqlite3_column_text(ask, column));
    sqlite3_finalize(ask);
    sqlite3_close(db);
    return g_string_free(lines, FALSE);
}

/* The first column of the only row. */
static inline char *fixture_ask(const char *path, const char *sql)
{
    return fixture_column(path, sql, 0);
}

/* The queries about a table that the test of that path runs as a subprocess of itself
 * (g_test_subprocess); of char *, to be unreffed. */
static inline GPtrArray *fixture_queries(const char *test, const char *about)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL), *said = NULL;
    const char *argv[] = {program, "-q", "-p", test, "--GTestSubprocess", NULL};
    GPtrArray *queries = g_ptr_array_new_with_free_func(g_free);
    g_setenv("CIRCULAR_TRACE", "sql", TRUE);
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said,
                 NULL, &error);
    g_unsetenv("CIRCULAR_TRACE");
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
    for (char **line = lines; *line; line++)
        if (g_str_has_prefix(*line, "sql: SELECT") && strstr(*line, about))
            g_ptr_array_add(queries, g_strdup(*line + strlen("sql: ")));
    return queries;
}

#define assert_message(error, kind, part)                                                          \
    do {                                                                                           \
        g_assert_error(error, CIRCULAR_ERROR, kind);                                               \
        if (!strstr((error)->message, part))                                                       \
            g_error("'%s' does not say '%s'", (error)->message, part);                             \
        g_clear_error(&(error));                                                                   \
    } while (0)

#define ADD_TEST(path, function)                                                                   \
    g_test_add(path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

#endif
