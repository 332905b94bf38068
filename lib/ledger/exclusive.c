/* exclusive - what only one may be at: a mailing to send, a mailbox to read, a digest to make */
#include "ledger/exclusive.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/when.h"
#include "ledger/connection.h"
#include "sql/server.h"

struct Exclusive {
    const Ledger *ledger;
    char *name;
    int file; /* of a ledger in a file */
};

static int lock_file(const Ledger *ledger, const char *name, GError **error)
{
    g_autofree char *file = g_strconcat(name, ".lock", NULL);
    g_autofree char *path = ledger_beside(ledger, file), *when = when_short(clock_now());
    g_autofree char *holder =
        g_strdup_printf("process %ld on %s since %s", (long)getpid(), g_get_host_name(), when);
    return file_lock(path, holder, error);
}

static gboolean is_held(const Ledger *ledger, const char *name, const char *holder, GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "%s: '%s': held by %s",
                ledger->path, name, holder);
    return FALSE;
}

/* The server counts what one session takes again; here it is refused as any other's. */
static gboolean take_on_server(const Ledger *ledger, const char *name, GError **error)
{
    g_autofree char *holder = NULL;
    GError *inner = NULL;
    if (g_hash_table_contains(ledger->holds, name))
        return is_held(ledger, name, "this process", error);
    if (database_take(ledger->db, name, &holder, &inner))
        return g_hash_table_add(ledger->holds, g_strdup(name));
    if (!inner)
        return is_held(ledger, name, holder, error);
    g_propagate_error(error, inner);
    return FALSE;
}

Exclusive *exclusive_take(const Ledger *ledger, const char *name, GError **error)
{
    gboolean on_server = ledger_is_on_server(ledger);
    int file = on_server ? -1 : lock_file(ledger, name, error);
    if (on_server ? !take_on_server(ledger, name, error) : file < 0)
        return NULL;
    Exclusive *self = g_new0(Exclusive, 1);
    self->ledger = ledger;
    self->name = g_strdup(name);
    self->file = file;
    return self;
}

void exclusive_end(Exclusive *self)
{
    if (!self)
        return;
    if (self->file >= 0) {
        file_unlock(self->file);
    } else {
        database_let_go(self->ledger->db, self->name);
        g_hash_table_remove(self->ledger->holds, self->name);
    }
    g_free(self->name);
    g_free(self);
}
