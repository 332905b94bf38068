/* exclusive - what only one may be at: a mailing to send, a mailbox to read, a digest to make */
#include "ledger/exclusive.h"

#include <string.h>
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

static gboolean is_held(const Ledger *ledger, const char *name, const char *holder, GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "%s: '%s' is held by %s",
                ledger->path, name, holder);
    return FALSE;
}

static int lock_file(const Ledger *ledger, const char *name, char **holder, GError **error)
{
    GError *inner = NULL;
    g_autofree char *file = g_strconcat(name, ".lock", NULL);
    g_autofree char *path = ledger_beside(ledger, file), *when = when_short(clock_now());
    g_autofree char *self =
        g_strdup_printf("process %ld on %s since %s", (long)getpid(), g_get_host_name(), when);
    int lock = file_lock(path, self, &inner);
    if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY)) {
        const char *said = strstr(inner->message, "held by ");
        *holder = g_strdup(said ? said + strlen("held by ") : inner->message);
        is_held(ledger, name, *holder, error);
        g_error_free(inner);
    } else if (inner) {
        g_propagate_error(error, inner);
    }
    return lock;
}

/* The server counts what one session takes again; here it is refused as any other's. */
static gboolean take_on_server(const Ledger *ledger, const char *name, char **holder,
                               GError **error)
{
    if (g_hash_table_contains(ledger->holds, name))
        *holder = g_strdup("this process");
    else if (database_take(ledger->db, name, holder, error))
        return g_hash_table_add(ledger->holds, g_strdup(name));
    return *holder && is_held(ledger, name, *holder, error);
}

Exclusive *exclusive_take(const Ledger *ledger, const char *name, char **holder, GError **error)
{
    *holder = NULL;
    gboolean on_server = ledger_is_on_server(ledger);
    int file = on_server ? -1 : lock_file(ledger, name, holder, error);
    if (on_server ? !take_on_server(ledger, name, holder, error) : file < 0)
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
