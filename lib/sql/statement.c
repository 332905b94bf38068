/* statement - SQL prepared once, bound and stepped */
#include "sql/statement.h"

#include "sql/engine.h"

struct Statement {
    Database *database;
    sqlite3_stmt *prepared;
    gboolean open;    /* begun and not ended */
    gboolean is_own;  /* its user's: freed at the end, and not kept for the next time */
    gboolean is_done; /* no further row: SQLite would begin again */
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

static Statement *prepare(Database *database, const char *sql, unsigned flags, GError **error)
{
    sqlite3_stmt *prepared;
    if (sqlite3_prepare_v3(database->engine, sql, -1, flags, &prepared, NULL)) {
        database_fail(database, error);
        return NULL;
    }
    check_numbering(prepared, sql);
    Statement *self = g_new0(Statement, 1);
    self->database = database;
    self->prepared = prepared;
    return self;
}

Statement *statement_begin(Database *database, const char *sql, GError **error)
{
    if (!database->statements)
        database->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    Statement *self = g_hash_table_lookup(database->statements, sql);
    if (!self) {
        if (!(self = prepare(database, sql, SQLITE_PREPARE_PERSISTENT, error)))
            return NULL;
        g_hash_table_insert(database->statements, (gpointer)sql, self);
    }
    if (self->open)
        g_error("begun within itself: %s", sql);
    self->open = TRUE;
    self->is_done = FALSE;
    return self;
}

Statement *statement_prepare(Database *database, const char *sql, GError **error)
{
    Statement *self = prepare(database, sql, 0, error);
    if (self)
        self->open = self->is_own = TRUE;
    return self;
}

void statement_end(Statement *self)
{
    if (!self)
        return;
    if (self->is_own) {
        statement_free(self);
        return;
    }
    statement_reset(self);
    self->open = FALSE;
}

void statement_reset(Statement *self)
{
    sqlite3_reset(self->prepared); /* its result is that of the last step, told already */
    sqlite3_clear_bindings(self->prepared);
    self->is_done = FALSE;
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
    if (self->is_done)
        return STATEMENT_DONE;
    switch (sqlite3_step(self->prepared)) {
    case SQLITE_ROW:
        return STATEMENT_ROW;
    case SQLITE_DONE:
        self->is_done = TRUE;
        return STATEMENT_DONE;
    default:
        database_fail(self->database, error);
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
    sqlite3 *engine = self->database->engine;
    if (sqlite3_get_autocommit(engine) && !sqlite3_stmt_readonly(self->prepared))
        g_error("a write outside a transaction: %s", sqlite3_sql(self->prepared));
    StatementStep step = statement_step(self, error);
    g_assert(step != STATEMENT_ROW);
    if (changed)
        *changed = (guint64)sqlite3_changes64(engine);
    sqlite3_reset(self->prepared);
    self->is_done = FALSE;
    return step == STATEMENT_DONE;
}

void statement_bind_none(Statement *self, int index)
{
    bound(self, sqlite3_bind_null(self->prepared, index));
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
