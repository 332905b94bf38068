/* postgres - the engine whose databases are on a server: the connection */
#include "sql/postgres.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/trace.h"
#include "sql/dialect.h"
#include "sql/server.h"

/* --- faults ----------------------------------------------------------------------------------- */

typedef struct {
    const char *state; /* SQLSTATE, or the beginning of it */
    DatabaseFaultKind kind;
} State;

/* The first that fits. https://www.postgresql.org/docs/current/errcodes-appendix.html */
static const State STATES[] = {
    {"08", DATABASE_FAULT_LOST},       {"57P", DATABASE_FAULT_LOST},
    {"53100", DATABASE_FAULT_NO_ROOM}, {"53", DATABASE_FAULT_LOST},
    {"40", DATABASE_FAULT_AGAIN},      {"55P03", DATABASE_FAULT_LOCKED},
    {"57014", DATABASE_FAULT_SLOW},    {"25006", DATABASE_FAULT_READ_ONLY},
    {"42501", DATABASE_FAULT_DENIED},  {"28", DATABASE_FAULT_DENIED},
    {"XX001", DATABASE_FAULT_DAMAGED}, {"XX002", DATABASE_FAULT_DAMAGED},
};

static DatabaseFaultKind kind_of(const char *state)
{
    for (gsize i = 0; state && i < G_N_ELEMENTS(STATES); i++)
        if (g_str_has_prefix(state, STATES[i].state))
            return STATES[i].kind;
    return DATABASE_FAULT_OTHER;
}

/* As one line: what libpq says of a connection has several. */
static char *one_line(const char *said)
{
    char *line = g_utf8_make_valid(said, -1);
    g_strdelimit(g_strstrip(line), "\r\n\t", ' ');
    return line;
}

static gboolean keep_fault(Server *self, DatabaseFaultKind kind, const char *said)
{
    g_free(self->said);
    self->said = one_line(said);
    self->kind = kind;
    return FALSE;
}

/* The primary message and not the detail, in which the server repeats values. */
gboolean postgres_fault(Server *self, PGresult *result)
{
    const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    DatabaseFaultKind kind = kind_of(result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL);
    if (PQstatus(self->conn) == CONNECTION_BAD)
        kind = DATABASE_FAULT_LOST;
    keep_fault(self, kind, said ? said : PQerrorMessage(self->conn));
    PQclear(result);
    return FALSE;
}

static DatabaseFault fault(const Database *base)
{
    const Server *self = (const Server *)base;
    return (DatabaseFault){.kind = self->kind, .said = self->said ? self->said : "nothing"};
}

static void ignore_notice(void *user, const char *message)
{
    (void)user, (void)message;
}

/* --- asking ----------------------------------------------------------------------------------- */

PGresult *postgres_ask(Server *self, const char *sql)
{
    postgres_make_room(self);
    if (!postgres_flush(self))
        return NULL;
    if (trace_on("sql"))
        trace("sql", "%s", sql);
    PGresult *result = PQexec(self->conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return result;
    postgres_fault(self, result);
    return NULL;
}

static gboolean tell(Server *self, const char *sql)
{
    PGresult *result = postgres_ask(self, sql);
    PQclear(result);
    return result != NULL;
}

static gboolean run(Database *base, const char *sql)
{
    g_autofree char *text = dialect_tables(sql);
    return tell((Server *)base, text);
}

/* --- transactions ----------------------------------------------------------------------------- */

static char *take_turn(const Server *self)
{
    return g_strdup_printf("BEGIN; SET LOCAL idle_in_transaction_session_timeout = '%ds'; "
                           "SELECT pg_advisory_xact_lock(%" G_GINT64_FORMAT ")",
                           SERVER_IDLE_SECONDS, self->turn);
}

static gboolean begin(Database *base, gboolean to_write)
{
    Server *self = (Server *)base;
    g_autofree char *turn = take_turn(self);
    self->is_writing = to_write;
    self->kind = DATABASE_FAULT_OTHER; /* what went wrong before is no matter of this one */
    self->changes_before = self->changes;
    self->in_transaction = tell(self, to_write ? turn : "BEGIN ISOLATION LEVEL REPEATABLE READ");
    if (!self->in_transaction && PQstatus(self->conn) == CONNECTION_OK)
        PQclear(PQexec(self->conn, "ROLLBACK"));
    return self->in_transaction;
}

static void rollback(Database *base)
{
    Server *self = (Server *)base;
    postgres_make_room(self);
    postgres_forget(self);
    self->in_transaction = FALSE;
    PQclear(PQexec(self->conn, "ROLLBACK"));
}

static PGconn *connect_anew(const Server *self)
{
    return PQconnectdbParams((const char *const *)self->names->pdata,
                             (const char *const *)self->values->pdata, 0);
}

/* The answer of a text, to be cleared, or NULL. */
static PGresult *ask_over(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return result;
    PQclear(result);
    return NULL;
}

/* Over a connection of its own: TRUE when the server has said whether the commit of that mark is on
 * record. The turn to write is waited for first: who has lost the connection holds it until the
 * server has ended what it was at, be it by committing it. The status of a transaction's number
 * (pg_xact_status) would say the same, but a server that crashed gives numbers again that it had not
 * yet written down. */
static gboolean learn(const Server *self, const char *mark, gboolean *is_kept)
{
    PGconn *conn = connect_anew(self);
    g_autofree char *turn = take_turn(self);
    g_autofree char *sql = g_strdup_printf("SELECT mark FROM \"%s\".commits WHERE client = '%s'",
                                           self->schema, self->client);
    PGresult *result = NULL;
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    if (PQstatus(conn) == CONNECTION_OK) {
        PQclear(PQexec(conn, "SET lock_timeout = '2s'"));
        PQclear(result = ask_over(conn, turn));
        result = result ? ask_over(conn, sql) : NULL;
    }
    if (result)
        *is_kept = PQntuples(result) && g_str_equal(PQgetvalue(result, 0, 0), mark);
    PQclear(result);
    PQfinish(conn);
    return result != NULL;
}

static gboolean ask_again(Server *self, const char *mark)
{
    gboolean is_kept;
    const DatabaseOwner *owner = &self->base.owner;
    for (int tries = 0;; tries++) {
        if (learn(self, mark, &is_kept))
            return is_kept;
        if (owner->wait && owner->wait(owner->user, tries))
            continue;
        self->kind = DATABASE_FAULT_UNSURE;
        return FALSE;
    }
}

/* What has changed something leaves its mark in the same transaction, in the same message: by it one
 * learns later whether all of it is on record. */
static char *commit_text(const Server *self, const char *mark)
{
    if (!self->is_writing || self->changes == self->changes_before)
        return g_strdup("COMMIT");
    return g_strdup_printf("INSERT INTO commits (client, mark, at) VALUES ('%s', '%s', now()) ON "
                           "CONFLICT (client) DO UPDATE SET mark = excluded.mark, at = now(); "
                           "COMMIT",
                           self->client, mark);
}

static gboolean commit(Database *base)
{
    Server *self = (Server *)base;
    if (!postgres_flush(self))
        return FALSE;
    g_autofree char *mark = g_strdup_printf("%" G_GUINT64_FORMAT, ++self->commits);
    g_autofree char *text = commit_text(self, mark);
    PGresult *result = postgres_ask(self, text);
    /* COMMIT of a transaction in which something has failed is its ROLLBACK, and no error. */
    gboolean ok = result && g_str_equal(PQcmdStatus(result), "COMMIT");
    if (result && !ok)
        keep_fault(self, DATABASE_FAULT_OTHER, "the transaction had failed");
    PQclear(result);
    if (ok || PQstatus(self->conn) == CONNECTION_OK) {
        self->in_transaction = ok ? FALSE : PQtransactionStatus(self->conn) != PQTRANS_IDLE;
        return ok;
    }
    self->in_transaction = FALSE;
    return !g_str_equal(text, "COMMIT") && ask_again(self, mark);
}

static gboolean flush(Database *self)
{
    return postgres_flush((Server *)self);
}

static gboolean in_transaction(const Database *self)
{
    return ((const Server *)self)->in_transaction;
}

/* A standby, or a role that reads: it is told when something is written. */
static gboolean is_read_only(const Database *base)
{
    const Server *self = (const Server *)base;
    return self->is_reader || g_strcmp0(PQparameterStatus(self->conn, "in_hot_standby"), "on") == 0;
}

static guint64 changes(const Database *self)
{
    return ((const Server *)self)->changes;
}

static void close_server(Database *base)
{
    Server *self = (Server *)base;
    PQfinish(self->conn);
    for (guint i = 0; self->values && i + 1 < self->values->len; i++)
        explicit_bzero(self->values->pdata[i], strlen(self->values->pdata[i])); /* a password */
    g_clear_pointer(&self->names, g_ptr_array_unref);
    g_clear_pointer(&self->values, g_ptr_array_unref);
    g_free(self->schema);
    g_free(self->client);
    g_free(self->said);
    g_free(base->path);
    g_free(self);
}

static const Engine POSTGRES = {
    .close = close_server,
    .fault = fault,
    .run = run,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .is_read_only = is_read_only,
    .changes = changes,
    .prepare = postgres_prepare,
    .finalize = postgres_finalize,
    .rewind = postgres_rewind,
    .reset = postgres_reset,
    .is_write = postgres_is_write,
    .bind_integer = postgres_bind_integer,
    .bind_text = postgres_bind_text,
    .bind_raw = postgres_bind_bytes,
    .bind_bytes = postgres_bind_bytes,
    .bind_none = postgres_bind_none,
    .step = postgres_step,
    .queue = postgres_queue,
    .flush = flush,
    .changed = postgres_changed,
    .integer = postgres_integer,
    .text = postgres_text,
    .bytes = postgres_text,
};

/* --- opening ---------------------------------------------------------------------------------- */

static const char *option(const PQconninfoOption *options, const char *name)
{
    for (; options->keyword; options++)
        if (g_str_equal(options->keyword, name))
            return options->val;
    return NULL;
}

static char *name_of(const PQconninfoOption *options)
{
    const char *user = option(options, "user"), *host = option(options, "host");
    const char *port = option(options, "port"), *name = option(options, "dbname");
    gboolean is_socket = host && *host == '/';
    return g_strconcat("postgresql://", user ? user : "", user ? "@" : "",
                       host && !is_socket ? host : "", port ? ":" : "", port ? port : "",
                       name ? "/" : "", name ? name : "", NULL);
}

char *database_server_name(const char *url, char **problem)
{
    char *said = NULL, *name = NULL;
    PQconninfoOption *options = NULL;
    *problem = NULL;
    /* What libpq says of a URL repeats it, and a password may stand there. */
    if (g_str_has_prefix(url, "postgresql://") || g_str_has_prefix(url, "postgres://"))
        options = PQconninfoParse(url, &said);
    if (!options)
        *problem = g_strdup("is no URL of a PostgreSQL server: "
                            "postgresql://USER@HOST/DATABASE");
    else if (option(options, "password") || option(options, "sslpassword"))
        *problem = g_strdup("a password doesn't stand here: name a command or a file that has it "
                            "(ledger.password_command, ledger.password_file), or keep it in "
                            "PGPASSFILE");
    else
        name = name_of(options);
    if (said)
        PQfreemem(said);
    PQconninfoFree(options);
    return name;
}

/* Whether what leads there leaves this machine. */
static gboolean is_remote(const char *host)
{
    static const char *const here[] = {"localhost", "127.0.0.1", "::1", NULL};
    return host && *host && *host != '/' && *host != '@' && !g_strv_contains(here, host);
}

static void set(Server *self, const char *name, const char *value)
{
    g_ptr_array_add(self->names, g_strdup(name));
    g_ptr_array_add(self->values, g_strdup(value));
}

static void set_unless(Server *self, const PQconninfoOption *options, const char *name,
                       const char *value)
{
    if (!option(options, name))
        set(self, name, value);
}

/* The certificates that this machine trusts, where libpq would look for one of the user's alone. */
static void trust(Server *self, const PQconninfoOption *options)
{
    static const char system[] = "/etc/ssl/certs/ca-certificates.crt";
    g_autofree char *own = g_build_filename(g_get_home_dir(), ".postgresql", "root.crt", NULL);
    set_unless(self, options, "sslmode", "verify-full");
    if (!g_getenv("PGSSLROOTCERT") && access(own, R_OK) < 0 && access(system, R_OK) == 0)
        set_unless(self, options, "sslrootcert", system);
}

static void gather(Server *self, const PQconninfoOption *options, const char *password)
{
    const char *host = option(options, "host");
    g_autofree char *application =
        g_strdup_printf("circular on %.30s (process %ld)", g_get_host_name(), (long)getpid());
    self->names = g_ptr_array_new_with_free_func(g_free);
    self->values = g_ptr_array_new_with_free_func(g_free);
    for (const PQconninfoOption *one = options; one->keyword; one++)
        if (one->val)
            set(self, one->keyword, one->val);
    if (is_remote(host) || is_remote(option(options, "hostaddr")))
        trust(self, options);
    if (host && strchr(host, ',') && !self->is_reader)
        set_unless(self, options, "target_session_attrs", "read-write");
    if (password)
        set(self, "password", password);
    g_autofree char *seconds = g_strdup_printf("%d", SERVER_CONNECT_SECONDS);
    set_unless(self, options, "connect_timeout", seconds);
    set_unless(self, options, "keepalives_idle", "30");
    set_unless(self, options, "keepalives_interval", "10");
    set_unless(self, options, "keepalives_count", "3");
    set_unless(self, options, "tcp_user_timeout", "60000");
    set(self, "client_encoding", "UTF8");
    set(self, "application_name", application);
    g_ptr_array_add(self->names, NULL);
    g_ptr_array_add(self->values, NULL);
}

/* What the session needs. A server whose own setting is safer than "on" keeps it. What was sent
 * through a pooler goes to another session with each transaction: neither what was prepared nor a
 * lock would hold. Its process is told by the number that the session itself has. */
static gboolean set_up(Server *self)
{
    g_autofree char *settings = g_strdup_printf(
        "SET client_min_messages = error; SET standard_conforming_strings = on; SET bytea_output = "
        "hex; SET search_path = \"%s\", pg_temp; SET lock_timeout = '%ds'; SET statement_timeout = "
        "'%ds'; SET idle_in_transaction_session_timeout = 0; SET tcp_keepalives_idle = 60; "
        "SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3; "
        "SELECT set_config('synchronous_commit', 'on', false) WHERE "
        "current_setting('synchronous_commit') IN ('off', 'local', 'remote_write'); "
        "SELECT pg_backend_pid()",
        self->schema, SERVER_LOCK_SECONDS, SERVER_STATEMENT_SECONDS);
    if (PQserverVersion(self->conn) < SERVER_VERSION_LEAST)
        return keep_fault(self, DATABASE_FAULT_CANT_OPEN, "the server is older than PostgreSQL 13");
    PGresult *result = postgres_ask(self, settings);
    if (!result)
        return FALSE;
    gint64 process = g_ascii_strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return process == PQbackendPID(self->conn) ||
           keep_fault(self, DATABASE_FAULT_CANT_OPEN,
                      "a pooler (pgbouncer) stands between: name the server itself, by its own "
                      "port");
}

static gboolean connect_first(Server *self)
{
    self->conn = connect_anew(self);
    PQsetNoticeProcessor(self->conn, ignore_notice, NULL);
    if (PQstatus(self->conn) == CONNECTION_OK)
        return set_up(self);
    gboolean is_denied =
        PQconnectionNeedsPassword(self->conn) || PQconnectionUsedPassword(self->conn);
    return keep_fault(self, is_denied ? DATABASE_FAULT_DENIED : DATABASE_FAULT_LOST,
                      PQerrorMessage(self->conn));
}

/* One that can stand between quotes as it is. */
static gboolean is_schema(const char *name)
{
    return *name && strlen(name) <= 63 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name) &&
           !g_ascii_isdigit(*name);
}

static char *random_name(void)
{
    guint8 bytes[16];
    GString *name = g_string_new(NULL);
    random_bytes(bytes, sizeof bytes);
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf(name, "%02x", bytes[i]);
    g_string_append_printf(name, "-%ld", (long)getpid()); /* chance is fixed in a test */
    return g_string_free(name, FALSE);
}

Database *database_open_server(const DatabaseServer *server, DatabaseMode mode,
                               const DatabaseOwner *owner, GError **error)
{
    char *problem = NULL;
    Server *self = g_new0(Server, 1);
    g_autoptr(Database) base = &self->base;
    base->engine = &POSTGRES;
    base->owner = *owner;
    base->path = database_server_name(server->url, &problem);
    self->is_reader = mode != DATABASE_WRITE;
    self->schema = g_strdup(server->schema);
    self->client = random_name();
    self->turn = postgres_lock_number(self, "turn to write");
    gboolean ok = FALSE;
    if (problem)
        keep_fault(self, DATABASE_FAULT_CANT_OPEN, problem);
    else if (!is_schema(server->schema))
        keep_fault(self, DATABASE_FAULT_CANT_OPEN,
                   "a schema's name has small letters, digits and _");
    else {
        PQconninfoOption *options = PQconninfoParse(server->url, NULL);
        gather(self, options, server->password);
        PQconninfoFree(options);
        ok = connect_first(self);
    }
    g_free(problem);
    if (ok)
        return g_steal_pointer(&base);
    database_fail(base, error);
    return NULL;
}

gboolean database_found(Database *base, GError **error)
{
    Server *self = (Server *)base;
    if (base->engine != &POSTGRES)
        return TRUE;
    /* A role without the right to make schemas may have been given this one. */
    g_autofree char *sql = g_strdup_printf(
        "DO $$ BEGIN IF to_regnamespace('%s') IS NULL THEN CREATE SCHEMA \"%s\"; END IF; END $$; "
        "CREATE TABLE IF NOT EXISTS commits (client TEXT PRIMARY KEY, mark TEXT NOT NULL, "
        "at TIMESTAMPTZ NOT NULL); DELETE FROM commits WHERE at < now() - interval '7 days'",
        self->schema, self->schema);
    return tell(self, sql) || database_fail(base, error);
}

/* --- for people ------------------------------------------------------------------------------- */

static char *version_text(int version)
{
    return g_strdup_printf("%d.%d", version / 10000, version % 10000);
}

char *database_server_version(const Database *base)
{
    g_autofree char *version = version_text(PQserverVersion(((const Server *)base)->conn));
    return g_strconcat("PostgreSQL ", version, NULL);
}

char *database_server_channel(const Database *base, gboolean *is_safe)
{
    PGconn *conn = ((const Server *)base)->conn;
    const char *host = PQhost(conn);
    *is_safe = TRUE;
    if (PQsslInUse(conn))
        return g_strdup(PQsslAttribute(conn, "protocol"));
    if (host && *host == '/')
        return g_strdup("a socket of this machine");
    *is_safe = !is_remote(host);
    return g_strdup("without TLS");
}

char *database_server_library(void)
{
    g_autofree char *version = version_text(PQlibVersion());
    return g_strconcat("libpq ", version, NULL);
}
