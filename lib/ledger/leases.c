/* leases - who sends a mailing, where several machines may: each under a lease by the server's clock */
#include "ledger/leases.h"

#include <unistd.h>

#include "base/error.h"
#include "ledger/connection.h"
#include "ledger/exclusive.h"
#include "ledger/mailings.h"

struct Lease {
    Ledger *ledger;
    gint64 mailing, number; /* number 0: of a file */
    char *id, *name;
    Exclusive *here;  /* the file's lock: one sender of a mailing a workspace */
    Exclusive *alone; /* on a server: the mailing as a whole */
    Exclusive *alive; /* on a server: held for as long as the connection lasts */
};

/* Statements for a server alone. */
static const char SQL_ADD[] =
    "INSERT INTO leases (number, mailing, name, holder, since, until) SELECT coalesce(max(number), "
    "0) + 1, $1, $2, $3, " SERVER_NOW ", " SERVER_NOW " + $4 FROM leases";
static const char SQL_RENEW[] =
    "UPDATE leases SET until = " SERVER_NOW " + $1 WHERE number = $2 AND until > 0";
static const char SQL_SENDERS[] =
    "SELECT count(*) FROM leases WHERE until > " SERVER_NOW " AND $1 = 0";
static const char SQL_OPEN[] = "SELECT number, name, holder, until > " SERVER_NOW " FROM leases "
                               "WHERE mailing = $1 AND until > 0 ORDER BY number";
static const char SQL_END[] = "UPDATE leases SET until = 0 WHERE number = $1";
static const char SQL_FIND[] = "SELECT number FROM leases WHERE mailing = $1 AND name = $2";

static char *lock_name(const char *name)
{
    return g_strconcat("lease:", name, NULL);
}

/* --- which are held --------------------------------------------------------------------------- */

typedef struct {
    gint64 number;
    char *name, *holder;
    gboolean is_held;
} Open;

static void open_free(gpointer data)
{
    Open *self = data;
    g_free(self->name);
    g_free(self->holder);
    g_free(self);
}

/* Those that haven't ended, and whether each is held still: its time isn't over, and the connection
 * under which it was taken lasts. */
static GPtrArray *open_ones(Ledger *ledger, gint64 mailing, GError **error)
{
    StatementStep step;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(open_free);
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_OPEN, error);
    if (!each)
        return NULL;
    statement_bind_integer(each, 1, mailing);
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        Open *one = g_new0(Open, 1);
        *one = (Open){.number = statement_integer(each, 0),
                      .name = g_strdup(statement_text(each, 1)),
                      .holder = g_strdup(statement_text(each, 2)),
                      .is_held = statement_integer(each, 3) != 0};
        g_ptr_array_add(all, one);
    }
    for (guint i = 0; step == STATEMENT_DONE && i < all->len; i++) {
        Open *one = g_ptr_array_index(all, i);
        g_autofree char *lock = lock_name(one->name);
        g_autofree char *by = exclusive_holder(ledger, lock, error);
        if (!by)
            return NULL;
        one->is_held &= *by != '\0';
    }
    return step == STATEMENT_DONE ? g_steal_pointer(&all) : NULL;
}

static gboolean end_one(Ledger *ledger, gint64 number, GError **error)
{
    g_autoptr(Statement) end = statement_begin(ledger->db, SQL_END, error);
    if (!end)
        return FALSE;
    statement_bind_integer(end, 1, number);
    return statement_run(end, NULL, error);
}

gboolean leases_end_dead(Ledger *ledger, const Mailing *mailing, GError **error)
{
    if (!ledger_is_on_server(ledger))
        return TRUE;
    g_autoptr(GPtrArray) all = open_ones(ledger, mailing->number, error);
    for (guint i = 0; all && i < all->len; i++) {
        const Open *one = g_ptr_array_index(all, i);
        if (!one->is_held && one->number != ledger->lease && !end_one(ledger, one->number, error))
            return FALSE;
    }
    return all != NULL;
}

/* The first that is held by another; "" for none. */
static char *another(Ledger *ledger, gint64 mailing, guint *count, GError **error)
{
    char *holder = NULL;
    g_autoptr(GPtrArray) all = open_ones(ledger, mailing, error);
    if (!all)
        return NULL;
    *count = 0;
    for (guint i = 0; i < all->len; i++) {
        const Open *one = g_ptr_array_index(all, i);
        if (!one->is_held || one->number == ledger->lease)
            continue;
        ++*count;
        holder = holder ? holder : g_strdup(one->holder);
    }
    return holder ? holder : g_strdup("");
}

char *leases_holder(Ledger *ledger, const Mailing *mailing, GError **error)
{
    guint count;
    g_autofree char *alone = exclusive_holder(ledger, mailing->id, error);
    if (!alone || *alone)
        return g_steal_pointer(&alone);
    return another(ledger, mailing->number, &count, error);
}

/* --- taking one ------------------------------------------------------------------------------- */

static gboolean add(Lease *self, GError **error)
{
    g_autofree char *holder =
        g_strdup_printf("circular on %s, process %ld", g_get_host_name(), (long)getpid());
    g_autoptr(Statement) add = statement_begin(self->ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, self->mailing);
    statement_bind_text(add, 2, self->name);
    statement_bind_text(add, 3, holder);
    statement_bind_integer(add, 4, LEASE_SECONDS * (gint64)G_USEC_PER_SEC);
    return statement_run(add, NULL, error);
}

static gboolean is_free(Lease *self, const Mailing *mailing, char **holder, GError **error)
{
    guint count;
    *holder = another(self->ledger, mailing->number, &count, error);
    if (!*holder)
        return FALSE;
    if (!count) {
        g_clear_pointer(holder, g_free);
        return TRUE;
    }
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "'%s' is held by %s", mailing->id,
                *holder);
    return FALSE;
}

/* Within a transaction. */
static gboolean take(Lease *self, const Mailing *mailing, LeaseKind kind, char **holder,
                     GError **error)
{
    g_autofree char *lock = lock_name(self->name);
    self->alone = exclusive_take(self->ledger, mailing->id, holder, error);
    if (!self->alone || (kind == LEASE_ALONE && !is_free(self, mailing, holder, error)) ||
        !(self->alive = exclusive_take(self->ledger, lock, holder, error)) || !add(self, error) ||
        leases_find(self->ledger, mailing, self->name, &self->number, error) != LOOKUP_FOUND)
        return FALSE;
    if (kind == LEASE_SHARED)
        g_clear_pointer(&self->alone, exclusive_end);
    return TRUE;
}

static gboolean take_on_server(Lease *self, const Mailing *mailing, LeaseKind kind, char **holder,
                               GError **error)
{
    self->name = g_uuid_string_random();
    if (!ledger_begin(self->ledger, error))
        return FALSE;
    if (take(self, mailing, kind, holder, error))
        return ledger_commit(self->ledger, error);
    ledger_rollback(self->ledger);
    return FALSE;
}

static void lease_free(Lease *self)
{
    exclusive_end(self->alone);
    exclusive_end(self->alive);
    exclusive_end(self->here);
    g_free(self->name);
    g_free(self->id);
    g_free(self);
}

Lease *lease_take(Ledger *ledger, const Mailing *mailing, LeaseKind kind, char **holder,
                  GError **error)
{
    Lease *self = g_new0(Lease, 1);
    self->ledger = ledger;
    self->mailing = mailing->number;
    self->id = g_strdup(mailing->id);
    self->here = exclusive_take_here(ledger, mailing->id, holder, error);
    if (self->here &&
        (!ledger_is_on_server(ledger) || take_on_server(self, mailing, kind, holder, error))) {
        ledger->lease = self->number;
        return self;
    }
    lease_free(self);
    return NULL;
}

/* A server that can't be told learns it when the connection ends. */
void lease_end(Lease *self)
{
    if (!self)
        return;
    self->ledger->lease = 0;
    if (self->number)
        leases_end_one(self->ledger, self->number, NULL);
    lease_free(self);
}

const char *lease_name(const Lease *self)
{
    return self ? self->name : NULL;
}

/* --- while it lasts --------------------------------------------------------------------------- */

static gboolean renew(Ledger *ledger, guint64 *changed, GError **error)
{
    g_autoptr(Statement) renew = statement_begin(ledger->db, SQL_RENEW, error);
    if (!renew)
        return FALSE;
    statement_bind_integer(renew, 1, LEASE_SECONDS * (gint64)G_USEC_PER_SEC);
    statement_bind_integer(renew, 2, ledger->lease);
    return statement_run(renew, changed, error);
}

gboolean leases_renew(Ledger *ledger, gboolean *is_held, GError **error)
{
    guint64 changed = 1;
    gint64 senders = 1;
    if (ledger->lease &&
        (!renew(ledger, &changed, error) || !ledger_ask(ledger, SQL_SENDERS, 0, &senders, error)))
        return FALSE;
    ledger->senders = (guint)MAX(senders, 1);
    *is_held = changed == 1;
    return TRUE;
}

gboolean leases_say_lost(const Ledger *ledger, const char *id, GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "%s: nothing was heard from this sender of '%s' for %d s, and others have gone on "
                "without it: what it had in hand is 'unknown' unless it knows better; 'circular "
                "send %s' joins them again",
                ledger->path, id, LEASE_SECONDS, id);
    return FALSE;
}

gboolean lease_keep(Lease *self, GError **error)
{
    gboolean is_held = FALSE;
    if (!self || !self->number)
        return TRUE;
    if (!ledger_begin(self->ledger, error))
        return FALSE;
    if (!leases_renew(self->ledger, &is_held, error)) {
        ledger_rollback(self->ledger);
        return FALSE;
    }
    if (!ledger_commit(self->ledger, error))
        return FALSE;
    return is_held || leases_say_lost(self->ledger, self->id, error);
}

guint lease_senders(const Lease *self)
{
    return self && self->number ? MAX(self->ledger->senders, 1) : 1;
}

gboolean lease_others(const Lease *self, guint *others, GError **error)
{
    *others = 0;
    if (!self || !self->number)
        return TRUE;
    g_autofree char *holder = another(self->ledger, self->mailing, others, error);
    return holder != NULL;
}

gboolean lease_leave(Lease *self, guint *others, GError **error)
{
    return lease_others(self, others, error) &&
           (!self || !self->number || end_one(self->ledger, self->number, error));
}

gboolean leases_end_one(Ledger *ledger, gint64 number, GError **error)
{
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (end_one(ledger, number, error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

Lookup leases_find(Ledger *ledger, const Mailing *mailing, const char *name, gint64 *number,
                   GError **error)
{
    g_autoptr(Statement) find = statement_begin(ledger->db, SQL_FIND, error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_integer(find, 1, mailing->number);
    statement_bind_text(find, 2, name);
    Lookup found = statement_lookup(find, error);
    if (found == LOOKUP_FOUND)
        *number = statement_integer(find, 0);
    return found;
}
