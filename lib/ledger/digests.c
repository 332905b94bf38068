/* digests - the tables of digests: since when, which mailings are theirs, which notices they knew
 */
#include "ledger/digests.h"

#include "ledger/delivery.h"
#include "ledger/mailings.h"
#include "ledger/connection.h"

static const char SQL_SINCE[] = "SELECT since FROM digests WHERE name = $1";
static const char SQL_BEGIN[] =
    "INSERT INTO digests (name, since) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
static const char SQL_ADD[] = "INSERT INTO digest_mailings (mailing, digest) VALUES ($1, $2)";
static const char SQL_HAS[] = "SELECT count(*) FROM digest_mailings WHERE mailing = $1";
static const char SQL_LAST_SENT[] =
    "SELECT coalesce(max(m.planned_at), 0) FROM digest_mailings g "
    "JOIN mailings m ON m.number = g.mailing WHERE g.digest = $1 AND EXISTS (SELECT 1 FROM "
    "deliveries d WHERE d.mailing = g.mailing AND "
    "d.state IN ('sent', 'unknown', 'bounced', 'complained'))";

/* "Tried" is whatever is not as it was planned: what was given back counts, for it may have left.
 * A rehearsal is no try. */
#define MAILINGS                                                                                   \
    "SELECT m.id FROM digest_mailings g JOIN mailings m ON m.number = g.mailing "                  \
    "WHERE g.digest = $1 AND "
#define TRIED                                                                                      \
    "EXISTS (SELECT 1 FROM deliveries d WHERE d.mailing = g.mailing AND " DELIVERY_TOUCHED("d") ") "
static const char SQL_BEGUN[] =
    MAILINGS TRIED "AND EXISTS (SELECT 1 FROM deliveries o WHERE o.mailing = g.mailing AND "
                   "o.state IN ('planned', 'deferred', 'sending')) "
                   "AND m.state <> 'withdrawn' AND m.state <> 'stopped' ORDER BY m.number";
static const char SQL_WAITING[] =
    MAILINGS "m.state = 'scheduled' AND NOT " TRIED "ORDER BY m.number";
static const char SQL_PLANNED[] =
    MAILINGS "m.state <> 'scheduled' AND NOT " TRIED "ORDER BY m.number";

static const char SQL_KNOWS[] = "SELECT date, hash = $1 FROM digest_notices "
                                "WHERE digest = $2 AND notice = $3 AND revision = $4";
static const char SQL_NOTE[] =
    "INSERT INTO digest_notices (digest, notice, revision, date, title, hash, noted_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (digest, notice, revision) DO NOTHING";

gboolean digests_since(Ledger *ledger, const char *digest, guint32 *day, GError **error)
{
    *day = 0;
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_SINCE, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, digest);
    StatementStep step = statement_step(ask, error);
    if (step == STATEMENT_ROW)
        *day = (guint32)statement_integer(ask, 0);
    return step != STATEMENT_FAILED;
}

gboolean digests_begin(Ledger *ledger, const char *digest, guint32 day, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_BEGIN, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, digest);
    statement_bind_integer(add, 2, day);
    return statement_run(add, NULL, error);
}

gboolean digests_add_mailing(Ledger *ledger, const char *digest, const Mailing *mailing,
                             GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, mailing->number);
    statement_bind_text(add, 2, digest);
    return statement_run(add, NULL, error);
}

gboolean digests_has(Ledger *ledger, const Mailing *mailing, gboolean *has, GError **error)
{
    gint64 count;
    if (!ledger_ask(ledger, SQL_HAS, mailing->number, &count, error))
        return FALSE;
    *has = count > 0;
    return TRUE;
}

gboolean digests_last_sent(Ledger *ledger, const char *digest, gint64 *planned_at, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_LAST_SENT, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, digest);
    if (statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *planned_at = statement_integer(ask, 0);
    return TRUE;
}

static const char *sql_of(DigestsState state)
{
    switch (state) {
    case DIGESTS_BEGUN:
        return SQL_BEGUN;
    case DIGESTS_WAITING:
        return SQL_WAITING;
    case DIGESTS_PLANNED:
        return SQL_PLANNED;
    }
    g_assert_not_reached();
}

char **digests_mailings(Ledger *ledger, const char *digest, DigestsState state, GError **error)
{
    g_autoptr(Statement) rows = statement_begin(ledger->db, sql_of(state), error);
    if (!rows)
        return NULL;
    statement_bind_text(rows, 1, digest);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW)
        g_ptr_array_add(ids, g_strdup(statement_text(rows, 0)));
    if (step == STATEMENT_FAILED)
        return NULL;
    g_ptr_array_add(ids, NULL);
    return (char **)g_ptr_array_steal(ids, NULL);
}

gboolean digests_knows(Ledger *ledger, const char *digest, const DigestNotice *notice,
                       gboolean *known, guint32 *date, gboolean *same, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_KNOWS, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, notice->hash);
    statement_bind_text(ask, 2, digest);
    statement_bind_text(ask, 3, notice->name);
    statement_bind_integer(ask, 4, notice->revision);
    StatementStep step = statement_step(ask, error);
    *known = step == STATEMENT_ROW;
    *date = *known ? (guint32)statement_integer(ask, 0) : 0;
    *same = *known && statement_integer(ask, 1);
    return step != STATEMENT_FAILED;
}

gboolean digests_note(Ledger *ledger, const char *digest, const DigestNotice *notice, gint64 now,
                      GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_NOTE, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, digest);
    statement_bind_text(add, 2, notice->name);
    statement_bind_integer(add, 3, notice->revision);
    statement_bind_integer(add, 4, notice->date);
    statement_bind_text(add, 5, notice->title);
    statement_bind_text(add, 6, notice->hash);
    statement_bind_integer(add, 7, now);
    return statement_run(add, NULL, error);
}
