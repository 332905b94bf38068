/* seen - addresses that were met before, and whose they were */
#include "list/seen.h"

#include "list/scratch.h"
#include "mail/address.h"

struct Seen {
    sqlite3 *db;
    sqlite3_stmt *find, *add;
};

Seen *seen_new(GError **error)
{
    g_autoptr(Seen) self = g_new0(Seen, 1);
    self->db =
        scratch_open("CREATE TABLE seen(fold TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID;", error);
    if (!self->db ||
        !scratch_prepare(self->db, "SELECT owner FROM seen WHERE fold = ?", &self->find, error) ||
        !scratch_prepare(self->db, "INSERT INTO seen VALUES(?,?)", &self->add, error))
        return NULL;
    return g_steal_pointer(&self);
}

void seen_free(Seen *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->find);
    sqlite3_finalize(self->add);
    sqlite3_close(self->db);
    g_free(self);
}

gboolean seen_add(Seen *self, const char *address, const char *owner, char **first, GError **error)
{
    GError *inner = NULL;
    g_autofree char *fold = address_fold(address);
    *first = NULL;
    sqlite3_bind_text(self->find, 1, fold, -1, SQLITE_STATIC);
    if (scratch_next(self->find, &inner))
        *first = g_strdup(scratch_text(self->find, 0));
    sqlite3_reset(self->find);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (*first)
        return TRUE;
    sqlite3_bind_text(self->add, 1, fold, -1, SQLITE_STATIC);
    sqlite3_bind_text(self->add, 2, owner, -1, SQLITE_STATIC);
    return scratch_write(self->add, error);
}

gboolean seen_clear(Seen *self, GError **error)
{
    return scratch_run(self->db, "DELETE FROM seen", error);
}
