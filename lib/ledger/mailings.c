/* mailings - the table of planned letters: what is sent, frozen */
#include "ledger/mailings.h"

#include <string.h>

#include "base/error.h"
#include "ledger/connection.h"

#define COLUMNS                                                                                    \
    "number, id, update_path, audience, subject, sender, envelope_sender, content_hash, "          \
    "recipients_hash, version, settings, planned_at, planned, excluded, state, transport, "        \
    "send_at, "                                                                                    \
    "follows, follows_as"

static const char SQL_ADD[] =
    "INSERT INTO mailings (" COLUMNS ") VALUES ("
    "(SELECT coalesce(max(number), 0) + 1 FROM mailings), "
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'planned', '', 0, $14, $15) "
    "ON CONFLICT (id) DO NOTHING";
static const char SQL_FINISH[] =
    "UPDATE mailings SET planned = $1, excluded = $2, recipients_hash = $3 WHERE id = $4";
static const char SQL_NUMBER[] = "SELECT number FROM mailings WHERE id = $1";
static const char SQL_IDS[] = "SELECT id FROM mailings ORDER BY number";
static const char SQL_FIND[] = "SELECT " COLUMNS " FROM mailings WHERE id = $1";
static const char SQL_FIND_NUMBER[] = "SELECT " COLUMNS " FROM mailings WHERE number = $1";
static const char SQL_FIND_SAME[] =
    "SELECT " COLUMNS " FROM mailings WHERE audience = $1 AND "
    "content_hash = $2 AND follows_as <> 'correction' AND follows_as <> 'reminder' "
    "ORDER BY planned_at DESC, number DESC LIMIT 1";
static const char SQL_FIND_PLANNED[] =
    "SELECT " COLUMNS " FROM mailings WHERE audience = $1 AND update_path = $2 AND "
    "state = 'planned' AND follows = 0 ORDER BY planned_at DESC, number DESC LIMIT 1";
static const char SQL_ALL[] =
    "SELECT " COLUMNS " FROM mailings ORDER BY planned_at DESC, number DESC";

static const char SQL_TOUCHED[] = "SELECT count(*) FROM deliveries "
                                  "WHERE mailing = $1 AND " DELIVERY_TOUCHED("deliveries");
static const char SQL_REMOVE_FIELDS[] = "DELETE FROM delivery_fields WHERE mailing = $1";
static const char SQL_REMOVE_DELIVERIES[] = "DELETE FROM deliveries WHERE mailing = $1";
static const char SQL_REMOVE_EXCLUSIONS[] = "DELETE FROM exclusions WHERE mailing = $1";
static const char SQL_REMOVE_QUESTIONS[] = "DELETE FROM questions WHERE mailing = $1";
static const char SQL_REMOVE_NAMES[] = "DELETE FROM mailing_contents WHERE mailing = $1";
static const char SQL_REMOVE_EVENTS[] = "DELETE FROM mailing_events WHERE mailing = $1";
static const char SQL_REMOVE_ITEMS[] = "DELETE FROM digest_items WHERE mailing = $1";
static const char SQL_REMOVE_DIGEST[] = "DELETE FROM digest_mailings WHERE mailing = $1";
static const char SQL_REMOVE_SETTLEMENTS[] = "DELETE FROM settlements WHERE mailing = $1";
static const char SQL_REMOVE[] = "DELETE FROM mailings WHERE number = $1";
static const char SQL_REMOVE_CONTENTS[] =
    "DELETE FROM contents WHERE hash NOT IN (SELECT hash FROM mailing_contents)";

static const char *const STATES[] = {"planned", "scheduled", "held",     "sending",
                                     "stopped", "done",      "withdrawn"};
static const char *const TIES[] = {"", "missing", "correction", "reminder"};
G_STATIC_ASSERT(G_N_ELEMENTS(STATES) == MAILING_STATES);
G_STATIC_ASSERT(G_N_ELEMENTS(TIES) == MAILING_TIES);

const char *mailing_state_name(MailingState state)
{
    g_assert(state < MAILING_STATES);
    return STATES[state];
}

MailingState mailing_state_from_name(const char *name)
{
    for (int i = 0; i < MAILING_STATES; i++)
        if (g_str_equal(name, STATES[i]))
            return (MailingState)i;
    return MAILING_STOPPED; /* the CHECK lets none in: a later circular's, and not ours to send */
}

const char *mailing_tie_name(MailingTie tie)
{
    g_assert(tie < MAILING_TIES);
    return TIES[tie];
}

MailingTie mailing_tie_from_name(const char *name)
{
    for (int i = 0; i < MAILING_TIES; i++)
        if (g_str_equal(name, TIES[i]))
            return (MailingTie)i;
    return MAILING_ALONE;
}

void mailing_free(Mailing *self)
{
    if (!self)
        return;
    g_free(self->id);
    g_free(self->update);
    g_free(self->audience);
    g_free(self->subject);
    g_free(self->sender);
    g_free(self->envelope_sender);
    g_free(self->content_hash);
    g_free(self->recipients_hash);
    g_free(self->version);
    g_free(self->settings);
    g_free(self);
}

/* The mailing of a row of COLUMNS. */
static Mailing *from_row(Statement *row)
{
    Mailing *self = g_new0(Mailing, 1);
    self->number = statement_integer(row, 0);
    self->id = g_strdup(statement_text(row, 1));
    self->update = g_strdup(statement_text(row, 2));
    self->audience = g_strdup(statement_text(row, 3));
    self->subject = g_strdup(statement_text(row, 4));
    self->sender = g_strdup(statement_text(row, 5));
    self->envelope_sender = g_strdup(statement_text(row, 6));
    self->content_hash = g_strdup(statement_text(row, 7));
    self->recipients_hash = g_strdup(statement_text(row, 8));
    self->version = g_strdup(statement_text(row, 9));
    self->settings = g_strdup(statement_text(row, 10));
    self->planned_at = statement_integer(row, 11);
    self->planned = (guint64)statement_integer(row, 12);
    self->excluded = (guint64)statement_integer(row, 13);
    self->state = mailing_state_from_name(statement_text(row, 14));
    self->via = via_from_name(statement_text(row, 15));
    self->send_at = statement_integer(row, 16);
    self->follows = statement_integer(row, 17);
    self->follows_as = mailing_tie_from_name(statement_text(row, 18));
    return self;
}

static gboolean no_such(Ledger *ledger, const char *id, GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT, "%s: no mailing '%s'", ledger->path,
                id);
    return FALSE;
}

gboolean mailings_add(Ledger *ledger, Mailing *mailing, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, mailing->id);
    statement_bind_text(add, 2, mailing->update);
    statement_bind_text(add, 3, mailing->audience);
    statement_bind_text(add, 4, mailing->subject);
    statement_bind_text(add, 5, mailing->sender);
    statement_bind_text(add, 6, mailing->envelope_sender);
    statement_bind_text(add, 7, mailing->content_hash);
    statement_bind_text(add, 8, mailing->recipients_hash);
    statement_bind_text(add, 9, mailing->version);
    statement_bind_text(add, 10, mailing->settings);
    statement_bind_integer(add, 11, mailing->planned_at);
    statement_bind_integer(add, 12, (gint64)mailing->planned);
    statement_bind_integer(add, 13, (gint64)mailing->excluded);
    statement_bind_integer(add, 14, mailing->follows);
    statement_bind_text(add, 15, mailing_tie_name(mailing->follows_as));

    guint64 added;
    if (!statement_run(add, &added, error))
        return FALSE;
    if (added)
        return mailings_number(ledger, mailing->id, &mailing->number, error);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: there is a mailing '%s' already",
                ledger->path, mailing->id);
    return FALSE;
}

gboolean mailings_finish(Ledger *ledger, const Mailing *mailing, GError **error)
{
    g_autoptr(Statement) finish = statement_begin(ledger->db, SQL_FINISH, error);
    if (!finish)
        return FALSE;
    statement_bind_integer(finish, 1, (gint64)mailing->planned);
    statement_bind_integer(finish, 2, (gint64)mailing->excluded);
    statement_bind_text(finish, 3, mailing->recipients_hash);
    statement_bind_text(finish, 4, mailing->id);

    guint64 changed;
    return statement_run(finish, &changed, error) &&
           (changed || no_such(ledger, mailing->id, error));
}

gboolean mailings_number(Ledger *ledger, const char *id, gint64 *number, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_NUMBER, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, id);
    switch (statement_lookup(ask, error)) {
    case LOOKUP_FAILED:
        return FALSE;
    case LOOKUP_NONE:
        return no_such(ledger, id, error);
    case LOOKUP_FOUND:
        break;
    }
    *number = statement_integer(ask, 0);
    return TRUE;
}

/* All ids, oldest first. */
static GPtrArray *ids(Ledger *ledger, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_IDS, error);
    StatementStep step = STATEMENT_FAILED;
    while (each && (step = statement_step(each, error)) == STATEMENT_ROW)
        g_ptr_array_add(all, g_strdup(statement_text(each, 0)));
    if (step == STATEMENT_FAILED)
        return NULL;
    g_ptr_array_add(all, NULL);
    return g_steal_pointer(&all);
}

/* The id that `typed` means, borrowed from `all`; NULL with error. Compared here and not by LIKE:
 * what is typed may hold % and _, and LIKE folds case in one database and not in the other. */
static const char *meant(Ledger *ledger, const char *typed, const char *const *all, GError **error)
{
    const char *found = NULL;
    if (g_strv_contains(all, typed))
        return typed;
    for (const char *const *id = all; *typed && *id; id++) {
        if (!g_str_has_prefix(*id, typed))
            continue;
        if (found) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                        "several mailings begin with '%s': '%s' and '%s'; give more of the id",
                        typed, found, *id);
            return NULL;
        }
        found = *id;
    }
    if (found)
        return found;
    const char *near = nearest_word(typed, all);
    if (near)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "%s: no mailing '%s'; did you mean '%s'?", ledger->path, typed, near);
    else
        no_such(ledger, typed, error);
    return NULL;
}

Mailing *mailings_find(Ledger *ledger, const char *id, GError **error)
{
    g_autoptr(GPtrArray) all = ids(ledger, error);
    const char *whole = all ? meant(ledger, id, (const char *const *)all->pdata, error) : NULL;
    g_autoptr(Statement) find = whole ? statement_begin(ledger->db, SQL_FIND, error) : NULL;
    if (!find)
        return NULL;
    statement_bind_text(find, 1, whole);
    switch (statement_lookup(find, error)) {
    case LOOKUP_FAILED:
        break;
    case LOOKUP_NONE: /* it was there a moment ago: replaced by another plan meanwhile */
        no_such(ledger, whole, error);
        break;
    case LOOKUP_FOUND:
        return from_row(find);
    }
    return NULL;
}

Lookup mailings_find_number(Ledger *ledger, gint64 number, Mailing **found, GError **error)
{
    *found = NULL;
    g_autoptr(Statement) find = statement_begin(ledger->db, SQL_FIND_NUMBER, error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_integer(find, 1, number);
    Lookup result = statement_lookup(find, error);
    if (result == LOOKUP_FOUND)
        *found = from_row(find);
    return result;
}

/* The mailing that `sql` finds by two texts. */
static Lookup find_by(Ledger *ledger, const char *sql, const char *first, const char *second,
                      Mailing **found, GError **error)
{
    *found = NULL;
    g_autoptr(Statement) find = statement_begin(ledger->db, sql, error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_text(find, 1, first);
    statement_bind_text(find, 2, second);
    Lookup result = statement_lookup(find, error);
    if (result == LOOKUP_FOUND)
        *found = from_row(find);
    return result;
}

Lookup mailings_find_same(Ledger *ledger, const char *audience, const char *content_hash,
                          Mailing **found, GError **error)
{
    return find_by(ledger, SQL_FIND_SAME, audience, content_hash, found, error);
}

Lookup mailings_find_planned(Ledger *ledger, const char *audience, const char *update,
                             Mailing **found, GError **error)
{
    return find_by(ledger, SQL_FIND_PLANNED, audience, update, found, error);
}

GPtrArray *mailings_all(Ledger *ledger, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)mailing_free);
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_ALL, error);
    StatementStep step = STATEMENT_FAILED;
    while (each && (step = statement_step(each, error)) == STATEMENT_ROW)
        g_ptr_array_add(all, from_row(each));
    return step == STATEMENT_DONE ? g_steal_pointer(&all) : NULL;
}

static gboolean run_on(Ledger *ledger, const char *sql, gint64 number, GError **error)
{
    g_autoptr(Statement) statement = statement_begin(ledger->db, sql, error);
    if (!statement)
        return FALSE;
    if (number)
        statement_bind_integer(statement, 1, number);
    return statement_run(statement, NULL, error);
}

static gboolean is_untouched(Ledger *ledger, const Mailing *mailing, GError **error)
{
    gint64 touched;
    if (!ledger_ask(ledger, SQL_TOUCHED, mailing->number, &touched, error))
        return FALSE;
    if (!touched)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: letters of '%s' were sent: it can't be removed", ledger->path, mailing->id);
    return FALSE;
}

gboolean mailings_remove(Ledger *ledger, const Mailing *mailing, GError **error)
{
    static const char *const each[] = {SQL_REMOVE_FIELDS,      SQL_REMOVE_DELIVERIES,
                                       SQL_REMOVE_EXCLUSIONS,  SQL_REMOVE_QUESTIONS,
                                       SQL_REMOVE_NAMES,       SQL_REMOVE_EVENTS,
                                       SQL_REMOVE_ITEMS,       SQL_REMOVE_DIGEST,
                                       SQL_REMOVE_SETTLEMENTS, SQL_REMOVE};
    gint64 number;
    if (!mailings_number(ledger, mailing->id, &number, error))
        return FALSE;
    if (number != mailing->number)
        return no_such(ledger, mailing->id, error);
    if (!is_untouched(ledger, mailing, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(each); i++)
        if (!run_on(ledger, each[i], mailing->number, error))
            return FALSE;
    return run_on(ledger, SQL_REMOVE_CONTENTS, 0, error);
}
