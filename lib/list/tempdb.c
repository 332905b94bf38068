/* tempdb - what of a list is too much for memory, in tables of a temporary file */
#include "list/tempdb.h"

#include "base/error.h"

static void tell(gpointer user, const DatabaseFault *fault, GError **error)
{
    (void)user;
    gboolean full =
        fault->kind == DATABASE_FAULT_NO_ROOM || fault->kind == DATABASE_FAULT_CANT_OPEN;
    const char *fix =
        full || fault->reason ? " (is its disk full? TMPDIR chooses another folder)" : "";
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "the list's temporary file: %s%s",
                fault->said, fix);
}

Database *tempdb_open(const char *schema, GError **error)
{
    static const DatabaseOwner owner = {.tell = tell};
    g_autoptr(Database) self = database_open_temporary(&owner, error);
    return self && database_run(self, schema, error) ? g_steal_pointer(&self) : NULL;
}
