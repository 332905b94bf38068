/* suppressions - the table of addresses that get nothing more, why, and since when */
#include "ledger/suppressions.h"

#include "ledger/connection.h"

#define COLUMNS                                                                                    \
    "address, audience, reason, source, since, removed_at, removed_why, kind, evidence, until "

static const char SQL_ADD[] =
    "INSERT INTO suppressions (number, address, audience, reason, source, since, removed_at, "
    "removed_why, kind, evidence, until) "
    "VALUES ((SELECT coalesce(max(number), 0) + 1 FROM suppressions), "
    "$1, $2, $3, $4, $5, 0, '', $6, $7, $8) ON CONFLICT (address, audience) WHERE removed_at = 0 "
    "DO NOTHING";
static const char SQL_REMOVE[] = "UPDATE suppressions SET removed_at = $1, removed_why = $2 "
                                 "WHERE address = $3 AND audience = $4 AND removed_at = 0";
static const char SQL_END[] =
    "UPDATE suppressions SET removed_at = until, removed_why = 'its time was over' "
    "WHERE address = $1 AND audience = $2 AND removed_at = 0 AND until > 0 AND until <= $3";
/* An OR or IN of audiences would have SQLite build a table of the two each time it is asked, a quarter
 * of what planning a recipient takes. */
static const char SQL_FIND[] = "SELECT " COLUMNS "FROM suppressions WHERE address = $1 AND "
                               "NOT (audience <> '' AND audience <> $2) AND removed_at = 0 "
                               "AND (until = 0 OR until > $3) ORDER BY audience LIMIT 1";
static const char SQL_EACH[] =
    "SELECT " COLUMNS "FROM suppressions WHERE removed_at <= $1 ORDER BY number";
static const char SQL_EACH_OF[] = "SELECT " COLUMNS "FROM suppressions WHERE removed_at <= $1 "
                                  "AND address = $2 ORDER BY number";

static const char *const KINDS[] = {"by-hand",   "bounce-hard", "bounce-soft",
                                    "complaint", "unsubscribe", "mailbox-full"};
G_STATIC_ASSERT(G_N_ELEMENTS(KINDS) == SUPPRESSION_KINDS);

const char *suppression_name(SuppressionKind kind)
{
    g_assert(kind < SUPPRESSION_KINDS);
    return KINDS[kind];
}

SuppressionKind suppression_from_name(const char *name)
{
    for (int kind = 0; kind < SUPPRESSION_KINDS; kind++)
        if (g_str_equal(KINDS[kind], name))
            return (SuppressionKind)kind;
    return SUPPRESSION_BY_HAND;
}

void suppression_free(Suppression *self)
{
    if (!self)
        return;
    g_free(self->address);
    g_free(self->audience);
    g_free(self->reason);
    g_free(self->source);
    g_free(self->removed_why);
    g_free(self);
}

/* RFC 5321 lets a local part mind case. No mailbox does, and a person who asked to be left alone
 * must not be found again by a capital letter. */
static char *fold(const char *address)
{
    g_autofree char *valid = g_utf8_make_valid(address, -1);
    return g_utf8_casefold(valid, -1);
}

/* The suppression of a row of COLUMNS, its texts borrowed: not to be freed. */
static Suppression borrow(Statement *row)
{
    return (Suppression){
        .address = (char *)statement_text(row, 0),
        .audience = (char *)statement_text(row, 1),
        .reason = (char *)statement_text(row, 2),
        .source = (char *)statement_text(row, 3),
        .since = statement_integer(row, 4),
        .removed_at = statement_integer(row, 5),
        .removed_why = (char *)statement_text(row, 6),
        .kind = suppression_from_name(statement_text(row, 7)),
        .evidence = statement_integer(row, 8),
        .until = statement_integer(row, 9),
    };
}

static Suppression *copy(const Suppression *other)
{
    Suppression *self = g_new(Suppression, 1);
    *self = *other;
    self->address = g_strdup(other->address);
    self->audience = g_strdup(other->audience);
    self->reason = g_strdup(other->reason);
    self->source = g_strdup(other->source);
    self->removed_why = g_strdup(other->removed_why);
    return self;
}

/* Runs a write that changes one row or none, and says which. */
static gboolean run(Statement *write, gboolean *changed, GError **error)
{
    guint64 rows;
    if (!statement_run(write, &rows, error))
        return FALSE;
    if (changed)
        *changed = rows > 0;
    return TRUE;
}

/* One whose time is over makes room for the next. */
static gboolean end_over(Ledger *ledger, const char *address, const char *audience, gint64 now,
                         GError **error)
{
    g_autoptr(Statement) end = statement_begin(ledger->db, SQL_END, error);
    if (!end)
        return FALSE;
    statement_bind_text(end, 1, address);
    statement_bind_text(end, 2, audience);
    statement_bind_integer(end, 3, now);
    return statement_run(end, NULL, error);
}

gboolean suppressions_add(Ledger *ledger, const Suppression *suppression, gboolean *added,
                          GError **error)
{
    g_autofree char *address = fold(suppression->address);
    const char *kind = suppression_name(suppression->kind);
    if (!end_over(ledger, address, suppression->audience, suppression->since, error))
        return FALSE;
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, address);
    statement_bind_text(add, 2, suppression->audience);
    statement_bind_text(add, 3, suppression->reason ? suppression->reason : kind);
    statement_bind_text(add, 4, suppression->source);
    statement_bind_integer(add, 5, suppression->since);
    statement_bind_text(add, 6, kind);
    statement_bind_integer(add, 7, suppression->evidence);
    statement_bind_integer(add, 8, suppression->until);
    return run(add, added, error);
}

gboolean suppressions_remove(Ledger *ledger, const char *address, const char *audience,
                             const char *why, gint64 now, gboolean *removed, GError **error)
{
    g_autofree char *folded = fold(address);
    g_autoptr(Statement) remove = statement_begin(ledger->db, SQL_REMOVE, error);
    if (!remove)
        return FALSE;
    statement_bind_integer(remove, 1, now);
    statement_bind_text(remove, 2, why);
    statement_bind_text(remove, 3, folded);
    statement_bind_text(remove, 4, audience);
    return run(remove, removed, error);
}

Lookup suppressions_find(Ledger *ledger, const char *address, const char *audience, gint64 now,
                         Suppression **found, GError **error)
{
    g_autofree char *folded = fold(address);
    *found = NULL;
    g_autoptr(Statement) find = statement_begin(ledger->db, SQL_FIND, error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_text(find, 1, folded);
    statement_bind_text(find, 2, audience);
    statement_bind_integer(find, 3, now);
    Lookup result = statement_lookup(find, error);
    if (result == LOOKUP_FOUND) {
        Suppression row = borrow(find);
        *found = copy(&row);
    }
    return result;
}

gboolean suppressions_why(Ledger *ledger, const char *address, const char *audience, gint64 now,
                          Why *why, GError **error)
{
    g_autoptr(Suppression) found = NULL;
    switch (suppressions_find(ledger, address, audience, now, &found, error)) {
    case LOOKUP_FAILED:
        return FALSE;
    case LOOKUP_NONE:
        return TRUE;
    case LOOKUP_FOUND:
        why_clear(why);
        *why = (Why){EXCLUSION_SUPPRESSED, g_strdup(found->reason), found->since};
        return TRUE;
    }
    g_assert_not_reached();
}

gboolean suppressions_each(Ledger *ledger, const char *address, gboolean removed,
                           SuppressionFound found, void *user, GError **error)
{
    g_autofree char *folded = address ? fold(address) : NULL;
    g_autoptr(Statement) each = statement_begin(ledger->db, folded ? SQL_EACH_OF : SQL_EACH, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, removed ? G_MAXINT64 : 0);
    if (folded)
        statement_bind_text(each, 2, folded);

    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        Suppression suppression = borrow(each);
        if (!found(user, &suppression))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}
