/* readings - the tables of who reads a digest, and of which notices each reader was given */
#include "ledger/readings.h"

#include "ledger/delivery.h"
#include "ledger/mailings.h"
#include "ledger/connection.h"

static const char SQL_READERS[] = "SELECT key, since, seen FROM digest_readers WHERE digest = $1";
static const char SQL_SET[] =
    "INSERT INTO digest_readers (digest, key, since, seen) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (digest, key) DO UPDATE SET since = excluded.since, seen = excluded.seen";
static const char SQL_GIVEN[] =
    "SELECT key, max(revision) FROM digest_items WHERE digest = $1 AND notice = $2 AND "
    "mailing NOT IN (SELECT g.mailing FROM digest_mailings g JOIN mailings m "
    "ON m.number = g.mailing WHERE g.digest = $1 AND m.state <> 'scheduled' AND NOT EXISTS (SELECT "
    "1 "
    "FROM deliveries d WHERE d.mailing = g.mailing AND " DELIVERY_TOUCHED(
        "d") ")) "
             "AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.mailing = digest_items.mailing "
             "AND o.key = digest_items.key AND (o.state = 'written' OR o.state = 'left out')) "
             "GROUP BY key";
static const char SQL_ADD[] =
    "INSERT INTO digest_items (digest, notice, revision, key, mailing) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest, notice, revision, key, mailing) DO NOTHING";
static const char SQL_HISTORY[] =
    "SELECT m.id, i.key, i.notice, i.revision, coalesce(n.title, '') FROM digest_items i "
    "JOIN mailings m ON m.number = i.mailing LEFT JOIN digest_notices n ON n.digest = i.digest "
    "AND n.notice = i.notice AND n.revision = i.revision WHERE i.key = $1 "
    "ORDER BY m.planned_at, i.mailing, i.notice, i.revision";

GHashTable *digest_readers_load(Ledger *ledger, const char *digest, GError **error)
{
    g_autoptr(GHashTable) readers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(Statement) rows = statement_begin(ledger->db, SQL_READERS, error);
    if (!rows)
        return NULL;
    statement_bind_text(rows, 1, digest);
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        DigestReaderRow *reader = g_new(DigestReaderRow, 1);
        *reader =
            (DigestReaderRow){(guint32)statement_integer(rows, 1), statement_integer(rows, 2)};
        g_hash_table_insert(readers, g_strdup(statement_text(rows, 0)), reader);
    }
    return step == STATEMENT_DONE ? g_steal_pointer(&readers) : NULL;
}

gboolean digest_readers_set(Ledger *ledger, const char *digest, const char *key,
                            const DigestReaderRow *reader, GError **error)
{
    g_autoptr(Statement) set = statement_begin(ledger->db, SQL_SET, error);
    if (!set)
        return FALSE;
    statement_bind_text(set, 1, digest);
    statement_bind_text(set, 2, key);
    statement_bind_integer(set, 3, reader->since);
    statement_bind_integer(set, 4, reader->seen);
    return statement_run(set, NULL, error);
}

GHashTable *readings_of(Ledger *ledger, const char *digest, const char *notice, GError **error)
{
    g_autoptr(GHashTable) given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Statement) rows = statement_begin(ledger->db, SQL_GIVEN, error);
    if (!rows)
        return NULL;
    statement_bind_text(rows, 1, digest);
    statement_bind_text(rows, 2, notice);
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW)
        g_hash_table_insert(given, g_strdup(statement_text(rows, 0)),
                            GUINT_TO_POINTER((guint)statement_integer(rows, 1)));
    return step == STATEMENT_DONE ? g_steal_pointer(&given) : NULL;
}

gboolean readings_add(Ledger *ledger, const char *digest, const Mailing *mailing, const char *key,
                      const char *notice, guint revision, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, digest);
    statement_bind_text(add, 2, notice);
    statement_bind_integer(add, 3, revision);
    statement_bind_text(add, 4, key);
    statement_bind_integer(add, 5, mailing->number);
    return statement_run(add, NULL, error);
}

gboolean readings_history(Ledger *ledger, const char *key, ReadingFound found, void *user,
                          GError **error)
{
    g_autoptr(Statement) rows = statement_begin(ledger->db, SQL_HISTORY, error);
    if (!rows)
        return FALSE;
    statement_bind_text(rows, 1, key);
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW)
        if (!found(user, statement_text(rows, 0), statement_text(rows, 1), statement_text(rows, 2),
                   (guint)statement_integer(rows, 3), statement_text(rows, 4)))
            return TRUE;
    return step == STATEMENT_DONE;
}
