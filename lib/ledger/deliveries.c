/* deliveries - the table of copies: one row a recipient, and what became of each */
#include "ledger/deliveries.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "ledger/mailings.h"
#include "ledger/connection.h"

static const char SQL_ADD[] =
    "INSERT INTO deliveries (mailing, number, key, address, state, attempts, code, enhanced, "
    "reply, changed_at, next_at) VALUES ($1, $2, $3, $4, $5, 0, 0, '', '', $6, 0) "
    "ON CONFLICT (mailing, key, address) DO NOTHING";
static const char SQL_ADD_FIELDS[] =
    "INSERT INTO delivery_fields (mailing, number, name, fields, label, phone) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
static const char SQL_GET[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 AND d.number = $2";
static const char SQL_FIND[] = "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES
                               "WHERE d.mailing = $1 AND d.key = $2 ORDER BY d.number LIMIT 1";
/* Counted here: GROUP BY sorts the rows, and takes five times as long. */
static const char SQL_COUNT[] =
    "SELECT state, 1 FROM deliveries WHERE mailing = $1 ORDER BY number";
/* On a server, from which each row would have to come here. */
static const char SQL_COUNT_THERE[] =
    "SELECT state, count(*) FROM deliveries WHERE mailing = $1 GROUP BY state";
static const char SQL_ANY_SENT[] =
    "SELECT 1 FROM deliveries WHERE changed_at > $1 AND state = 'sent' LIMIT 1";
static const char SQL_NEXT_DUE[] =
    "SELECT coalesce(min(next_at), 0) FROM deliveries WHERE mailing = $1 AND state = 'deferred' "
    "AND next_at > 0";
static const char SQL_ALL[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 ORDER BY d.number";
static const char SQL_IN_STATE[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 AND d.state = $2 "
    "ORDER BY d.number";
/* CROSS JOIN keeps the order of the tables: from each mailing, of which there are few, to the key
 * in it. */
static const char SQL_OF_KEY[] =
    "SELECT " DELIVERY_COLUMNS "FROM mailings CROSS JOIN deliveries d "
    "CROSS JOIN delivery_fields f WHERE d.mailing = mailings.number AND d.key = $1 "
    "AND f.mailing = d.mailing AND f.number = d.number "
    "ORDER BY planned_at DESC, d.mailing DESC, d.number";
/* Which they are is asked first, for of an OR each half has an index of its own. */
static const char SQL_OF_ADDRESS[] =
    "SELECT " DELIVERY_COLUMNS "FROM (SELECT a.mailing AS mailing, a.number AS number "
    "FROM deliveries a WHERE lower(a.address) = lower($1) UNION "
    "SELECT k.mailing, k.number FROM mailings m CROSS JOIN deliveries k "
    "WHERE k.mailing = m.number AND k.key = $1) hit CROSS JOIN deliveries d "
    "CROSS JOIN mailings CROSS JOIN delivery_fields f WHERE d.mailing = hit.mailing "
    "AND d.number = hit.number AND mailings.number = d.mailing AND f.mailing = d.mailing "
    "AND f.number = d.number ORDER BY planned_at DESC, d.mailing DESC, d.number";

/* For each mailing the index deliveries_open leads to the few rows of a state. */
static const char SQL_RETURNED[] =
    "SELECT m.number, d.key, d.address, d.enhanced, d.reply, d.code, d.first_at "
    "FROM mailings m CROSS JOIN deliveries d WHERE d.mailing = m.number "
    "AND d.state IN ('bounced', 'refused') ORDER BY m.planned_at, m.number, d.number";
static const char SQL_LABELS[] =
    "SELECT d.key, f.label FROM deliveries d JOIN delivery_fields f ON f.mailing = d.mailing "
    "AND f.number = d.number WHERE f.label <> '' "
    "UNION SELECT key, label FROM exclusions WHERE label <> '' AND key <> '' ORDER BY 1, 2";

/* Who has a letter as far as is known, or is being sent it. */
#define HAD                                                                                        \
    "(o.state = 'sent' OR o.state = 'unknown' OR o.state = 'complained' OR o.state = 'sending')"

static const char SQL_SHARED[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 "
    "AND (d.state = 'planned' OR d.state = 'deferred') AND (lower(d.address) IN "
    "(SELECT lower(o.address) FROM deliveries o WHERE o.mailing = $2 AND " HAD ") OR "
    "(mailings.audience = (SELECT audience FROM mailings WHERE number = $2) AND d.key IN "
    "(SELECT o.key FROM deliveries o WHERE o.mailing = $2 AND " HAD "))) ORDER BY d.number";

static gboolean add_fields(Ledger *ledger, gint64 mailing, const Delivery *delivery, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD_FIELDS, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, mailing);
    statement_bind_integer(add, 2, (gint64)delivery->number);
    statement_bind_text(add, 3, delivery->name);
    statement_bind_text_len(add, 4, delivery->fields, delivery->fields_length);
    statement_bind_text(add, 5, delivery->label);
    statement_bind_text(add, 6, delivery->phone);
    return statement_run(add, NULL, error);
}

gboolean deliveries_add(Ledger *ledger, const Mailing *mailing, const Delivery *delivery,
                        GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, mailing->number);
    statement_bind_integer(add, 2, (gint64)delivery->number);
    statement_bind_text(add, 3, delivery->key);
    statement_bind_text(add, 4, delivery->address);
    statement_bind_text(add, 5, delivery_state_name(DELIVERY_PLANNED));
    statement_bind_integer(add, 6, clock_now());

    guint64 added;
    if (!statement_run(add, &added, error))
        return FALSE;
    if (!added) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: mailing '%s' has a letter for '%s' to '%s' already", ledger->path,
                    mailing->id, delivery->key, delivery->address);
        return FALSE;
    }
    return add_fields(ledger, mailing->number, delivery, error);
}

/* The row of a statement that gives one or none, copied. */
static Lookup copy_row(Ledger *ledger, Statement *ask, Delivery **found, GError **error)
{
    Delivery delivery;
    *found = NULL;
    Lookup result = statement_lookup(ask, error);
    if (result != LOOKUP_FOUND)
        return result;
    if (!delivery_from_row(ledger, ask, &delivery, error))
        return LOOKUP_FAILED;
    *found = delivery_copy(&delivery);
    return result;
}

gboolean deliveries_get(Ledger *ledger, const Mailing *mailing, guint64 number, Delivery **found,
                        GError **error)
{
    *found = NULL;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_GET, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, mailing->number);
    statement_bind_integer(ask, 2, (gint64)number);
    Lookup result = copy_row(ledger, ask, found, error);
    if (result == LOOKUP_NONE)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                    "%s: '%s' has no delivery %" G_GUINT64_FORMAT, ledger->path, mailing->id,
                    number);
    return result == LOOKUP_FOUND;
}

gboolean deliveries_of_key(Ledger *ledger, const Mailing *mailing, const char *key,
                           Delivery **found, GError **error)
{
    *found = NULL;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_FIND, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, mailing->number);
    statement_bind_text(ask, 2, key);
    return copy_row(ledger, ask, found, error) != LOOKUP_FAILED;
}

gboolean deliveries_count(Ledger *ledger, const Mailing *mailing, guint64 *counts, GError **error)
{
    DeliveryState state = DELIVERY_STATES; /* of the row before, as most are */
    memset(counts, 0, DELIVERY_STATES * sizeof *counts);
    g_autoptr(Statement) each =
        statement_begin(ledger->db, ledger->schema ? SQL_COUNT_THERE : SQL_COUNT, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, mailing->number);

    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        const char *name = statement_text(each, 0);
        if ((state == DELIVERY_STATES || strcmp(name, delivery_state_name(state)) != 0) &&
            !delivery_state_parse(ledger, name, &state, error))
            return FALSE;
        counts[state] += (guint64)statement_integer(each, 1);
    }
    return step == STATEMENT_DONE;
}

gboolean deliveries_any_sent(Ledger *ledger, gint64 since, gboolean *any, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_ANY_SENT, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, since);
    Lookup found = statement_lookup(ask, error);
    *any = found == LOOKUP_FOUND;
    return found != LOOKUP_FAILED;
}

gboolean deliveries_next_due(Ledger *ledger, const Mailing *mailing, gint64 *when, GError **error)
{
    return ledger_ask(ledger, SQL_NEXT_DUE, mailing->number, when, error);
}

static gboolean call_back(Ledger *ledger, Statement *rows, DeliveryFound found, void *user,
                          GError **error)
{
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        Delivery delivery;
        if (!delivery_from_row(ledger, rows, &delivery, error))
            return FALSE;
        if (!found(user, &delivery))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean deliveries_each(Ledger *ledger, const Mailing *mailing, DeliveryState state,
                         DeliveryFound found, void *user, GError **error)
{
    gboolean all = state == DELIVERY_STATES;
    g_autoptr(Statement) each = statement_begin(ledger->db, all ? SQL_ALL : SQL_IN_STATE, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, mailing->number);
    if (!all)
        statement_bind_text(each, 2, delivery_state_name(state));
    return call_back(ledger, each, found, user, error);
}

gboolean deliveries_history(Ledger *ledger, const char *key_or_address, DeliveryFound found,
                            void *user, GError **error)
{
    /* An address is looked for in every row: 0.3 s in a million. A key may be one too. */
    const char *sql = strchr(key_or_address, '@') ? SQL_OF_ADDRESS : SQL_OF_KEY;
    g_autoptr(Statement) each = statement_begin(ledger->db, sql, error);
    if (!each)
        return FALSE;
    statement_bind_text(each, 1, key_or_address);
    return call_back(ledger, each, found, user, error);
}

GPtrArray *deliveries_labelled(Ledger *ledger, const char *label, GError **error)
{
    StatementStep step;
    g_autofree char *wanted = g_utf8_casefold(label, -1);
    g_autoptr(GPtrArray) exact = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) part = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_LABELS, error);
    if (!each)
        return NULL;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        const char *key = statement_text(each, 0), *own = statement_text(each, 1);
        g_autofree char *folded = g_utf8_casefold(own, -1);
        GPtrArray *into = g_str_equal(folded, wanted) ? exact
                          : strstr(folded, wanted)    ? part
                                                      : NULL;
        if (into)
            g_ptr_array_add(into, g_strconcat(key, "\t", own, NULL));
    }
    if (step == STATEMENT_FAILED)
        return NULL;
    return exact->len ? g_steal_pointer(&exact) : g_steal_pointer(&part);
}

gboolean deliveries_shared(Ledger *ledger, const Mailing *mailing, const Mailing *other,
                           DeliveryFound found, void *user, GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_SHARED, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, mailing->number);
    statement_bind_integer(each, 2, other->number);
    return call_back(ledger, each, found, user, error);
}

gboolean deliveries_returned(Ledger *ledger, ReturnFound found, void *user, GError **error)
{
    g_autoptr(Statement) rows = statement_begin(ledger->db, SQL_RETURNED, error);
    if (!rows)
        return FALSE;
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        Return one = {.mailing = statement_integer(rows, 0),
                      .key = statement_text(rows, 1),
                      .address = statement_text(rows, 2),
                      .enhanced = statement_text(rows, 3),
                      .reply = statement_text(rows, 4),
                      .code = (int)statement_integer(rows, 5),
                      .first_at = statement_integer(rows, 6)};
        if (!found(user, &one))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}
