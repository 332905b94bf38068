/* address_index - addresses that were met before, and whose they were */
#include "list/address_index.h"

#include "list/tempdb.h"
#include "mail/address.h"

struct AddressIndex {
    sqlite3 *db;
    sqlite3_stmt *find, *add;
};

AddressIndex *address_index_new(GError **error)
{
    g_autoptr(AddressIndex) self = g_new0(AddressIndex, 1);
    self->db =
        tempdb_open("CREATE TABLE seen(fold TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID;", error);
    if (!self->db ||
        !tempdb_prepare(self->db, "SELECT owner FROM seen WHERE fold = ?", &self->find, error) ||
        !tempdb_prepare(self->db, "INSERT INTO seen VALUES(?,?)", &self->add, error))
        return NULL;
    return g_steal_pointer(&self);
}

void address_index_free(AddressIndex *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->find);
    sqlite3_finalize(self->add);
    sqlite3_close(self->db);
    g_free(self);
}

static gboolean find(AddressIndex *self, const char *fold, char **owner, GError **error)
{
    GError *inner = NULL;
    *owner = NULL;
    sqlite3_bind_text(self->find, 1, fold, -1, SQLITE_STATIC);
    if (tempdb_next(self->find, &inner))
        *owner = g_strdup(tempdb_text(self->find, 0));
    sqlite3_reset(self->find);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

gboolean address_index_find(AddressIndex *self, const char *address, char **owner, GError **error)
{
    g_autofree char *fold = address_fold(address);
    return find(self, fold, owner, error);
}

gboolean address_index_add(AddressIndex *self, const char *address, const char *owner, char **first,
                           GError **error)
{
    g_autofree char *fold = address_fold(address);
    if (!find(self, fold, first, error))
        return FALSE;
    if (*first)
        return TRUE;
    sqlite3_bind_text(self->add, 1, fold, -1, SQLITE_STATIC);
    sqlite3_bind_text(self->add, 2, owner, -1, SQLITE_STATIC);
    return tempdb_write(self->add, error);
}

gboolean address_index_clear(AddressIndex *self, GError **error)
{
    return tempdb_run(self->db, "DELETE FROM seen", error);
}
