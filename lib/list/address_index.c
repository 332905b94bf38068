/* address_index - addresses that were met before, and whose they were */
#include "list/address_index.h"

#include "list/tempdb.h"
#include "mail/address.h"

struct AddressIndex {
    Database *db;
};

AddressIndex *address_index_new(GError **error)
{
    g_autoptr(AddressIndex) self = g_new0(AddressIndex, 1);
    self->db =
        tempdb_open("CREATE TABLE seen(fold TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID;", error);
    return self->db ? g_steal_pointer(&self) : NULL;
}

void address_index_free(AddressIndex *self)
{
    if (!self)
        return;
    database_close(self->db);
    g_free(self);
}

static gboolean find(AddressIndex *self, const char *fold, char **owner, GError **error)
{
    *owner = NULL;
    g_autoptr(Statement) ask =
        statement_begin(self->db, "SELECT owner FROM seen WHERE fold = $1", error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, fold);
    Lookup answer = statement_lookup(ask, error);
    if (answer == LOOKUP_FOUND)
        *owner = g_strdup(statement_text(ask, 0));
    return answer != LOOKUP_FAILED;
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
    g_autoptr(Statement) add = statement_begin(self->db, "INSERT INTO seen VALUES($1,$2)", error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, fold);
    statement_bind_text(add, 2, owner);
    return statement_run(add, NULL, error);
}

gboolean address_index_clear(AddressIndex *self, GError **error)
{
    return database_run(self->db, "DELETE FROM seen", error);
}
