/* database - a connection to a database */
#include "sql/database.h"

#include "sql/engine.h"

gboolean database_fail(Database *self, GError **error)
{
    DatabaseFault fault = self->engine->fault(self);
    self->owner.tell(self->owner.user, &fault, error);
    return FALSE;
}

DatabaseFaultKind database_fault(const Database *self)
{
    return self->engine->fault(self).kind;
}

void database_close(Database *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->statements, g_hash_table_unref);
    self->engine->close(self);
}

gboolean database_run(Database *self, const char *sql, GError **error)
{
    return self->engine->run(self, sql) || database_fail(self, error);
}

gboolean database_begin(Database *self, gboolean to_write, GError **error)
{
    return self->engine->begin(self, to_write) || database_fail(self, error);
}

gboolean database_commit(Database *self, GError **error)
{
    return self->engine->commit(self) || database_fail(self, error);
}

void database_rollback(Database *self)
{
    if (database_in_transaction(self))
        self->engine->rollback(self);
}

gboolean database_flush(Database *self, GError **error)
{
    return !self->engine->flush || self->engine->flush(self) || database_fail(self, error);
}

gboolean database_in_transaction(const Database *self)
{
    return self->engine->in_transaction(self);
}

gboolean database_is_read_only(const Database *self)
{
    return self->engine->is_read_only(self);
}

guint64 database_changes(const Database *self)
{
    return self->engine->changes(self);
}
