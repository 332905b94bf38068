/* exclusive - what only one may be at: a mailing to send, a mailbox to read, a digest to make */
#include "ledger/exclusive.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "text/when.h"
#include "ledger/connection.h"
#include "sql/server.h"

struct Exclusive {
    const Ledger *ledger;
    char *name;
    int file;   /* of a ledger in a file, */
    char *path; /* which goes with whoever had it */
};

static gboolean is_held(const Ledger *ledger, const char *name, const char *holder, GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "%s: '%s' is held by %s",
                ledger->path, name, holder);
    return FALSE;
}

static gboolean lock_file(Exclusive *self, char **holder, GError **error)
{
    GError *inner = NULL;
    g_autofree char *file = g_strconcat(self->name, ".lock", NULL), *when = when_short(clock_now());
    g_autofree char *own =
        g_strdup_printf("process %ld on %s since %s", (long)getpid(), g_get_host_name(), when);
    self->path = ledger_beside(self->ledger, file);
    self->file = file_lock(self->path, own, holder, &inner);
    if (*holder) {
        is_held(self->ledger, self->name, *holder, error);
        g_error_free(inner);
    } else if (inner) {
        g_propagate_error(error, inner);
    }
    return self->file >= 0;
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

static void exclusive_free(Exclusive *self)
{
    g_free(self->path);
    g_free(self->name);
    g_free(self);
}

static Exclusive *take(const Ledger *ledger, const char *name, gboolean is_here, char **holder,
                       GError **error)
{
    *holder = NULL;
    Exclusive *self = g_new0(Exclusive, 1);
    self->ledger = ledger;
    self->name = g_strdup(name);
    self->file = -1;
    if (is_here ? lock_file(self, holder, error) : take_on_server(ledger, name, holder, error))
        return self;
    exclusive_free(self);
    return NULL;
}

Exclusive *exclusive_take(const Ledger *ledger, const char *name, char **holder, GError **error)
{
    return take(ledger, name, !ledger_is_on_server(ledger), holder, error);
}

Exclusive *exclusive_take_here(const Ledger *ledger, const char *name, char **holder,
                               GError **error)
{
    return take(ledger, name, TRUE, holder, error);
}

char *exclusive_holder(const Ledger *ledger, const char *name, GError **error)
{
    return g_hash_table_contains(ledger->holds, name) ? g_strdup("this process")
                                                      : database_holder(ledger->db, name, error);
}

void exclusive_end(Exclusive *self)
{
    if (!self)
        return;
    if (self->path) {
        file_unlock_away(self->file, self->path);
    } else {
        database_let_go(self->ledger->db, self->name);
        g_hash_table_remove(self->ledger->holds, self->name);
    }
    exclusive_free(self);
}
