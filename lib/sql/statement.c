/* statement - SQL prepared once, bound and stepped */
#include "sql/statement.h"

#include "sql/engine.h"

struct Statement {
    Database *database;
    const Engine *engine;
    gpointer prepared; /* the engine's */
    const char *sql;   /* of one that is kept; else NULL */
    gboolean open;     /* begun and not ended */
    gboolean is_own;   /* its user's: freed at the end, and not kept for the next time */
    gboolean is_done;  /* no further row: an engine would begin again */
};

static void statement_free(gpointer data)
{
    Statement *self = data;
    self->engine->finalize(self->prepared);
    g_free(self);
}

static Statement *prepare(Database *database, const char *sql, gboolean is_kept, GError **error)
{
    gpointer prepared = database->engine->prepare(database, sql, is_kept);
    if (!prepared) {
        database_fail(database, error);
        return NULL;
    }
    Statement *self = g_new0(Statement, 1);
    self->database = database;
    self->engine = database->engine;
    self->prepared = prepared;
    self->sql = is_kept ? sql : NULL;
    return self;
}

Statement *statement_begin(Database *database, const char *sql, GError **error)
{
    if (!database->statements)
        database->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    Statement *self = g_hash_table_lookup(database->statements, sql);
    if (!self) {
        if (!(self = prepare(database, sql, TRUE, error)))
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
    Statement *self = prepare(database, sql, FALSE, error);
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
    self->engine->reset(self->prepared);
    self->is_done = FALSE;
}

void statement_bind_integer(Statement *self, int index, gint64 value)
{
    self->engine->bind_integer(self->prepared, index, value);
}

void statement_bind_text(Statement *self, int index, const char *text)
{
    self->engine->bind_text(self->prepared, index, text ? text : "");
}

void statement_bind_text_len(Statement *self, int index, const char *text, gsize length)
{
    self->engine->bind_raw(self->prepared, index, text ? text : "", length);
}

void statement_bind_bytes(Statement *self, int index, const char *bytes, gsize length)
{
    /* "" and not NULL for no bytes: NULL would be bound as SQL's NULL. */
    self->engine->bind_bytes(self->prepared, index, length ? bytes : "", length);
}

void statement_bind_none(Statement *self, int index)
{
    self->engine->bind_none(self->prepared, index);
}

StatementStep statement_step(Statement *self, GError **error)
{
    if (self->is_done)
        return STATEMENT_DONE;
    switch (self->engine->step(self->prepared)) {
    case ENGINE_ROW:
        return STATEMENT_ROW;
    case ENGINE_DONE:
        self->is_done = TRUE;
        return STATEMENT_DONE;
    case ENGINE_FAULT:
        break;
    }
    database_fail(self->database, error);
    return STATEMENT_FAILED;
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

static void check_transaction(const Statement *self)
{
    if (self->engine->is_write(self->prepared) && !database_in_transaction(self->database))
        g_error("a write outside a transaction: %s", self->sql ? self->sql : "one of its own");
}

gboolean statement_queue(Statement *self, guint64 *changed, GError **error)
{
    if (!self->engine->queue)
        return statement_run(self, changed, error);
    check_transaction(self);
    return self->engine->queue(self->prepared, changed) || database_fail(self->database, error);
}

gboolean statement_run(Statement *self, guint64 *changed, GError **error)
{
    const Engine *engine = self->engine;
    check_transaction(self);
    StatementStep step = statement_step(self, error);
    g_assert(step != STATEMENT_ROW);
    if (changed)
        *changed = engine->changed(self->prepared);
    engine->rewind(self->prepared);
    self->is_done = FALSE;
    return step == STATEMENT_DONE;
}

gint64 statement_integer(Statement *self, int index)
{
    return self->engine->integer(self->prepared, index);
}

const char *statement_text(Statement *self, int index)
{
    return self->engine->text(self->prepared, index, NULL);
}

const char *statement_text_len(Statement *self, int index, gsize *length)
{
    return self->engine->text(self->prepared, index, length);
}

const char *statement_bytes(Statement *self, int index, gsize *length)
{
    return self->engine->bytes(self->prepared, index, length);
}
