/* holders - who has a letter, matched with the rows of today's list */
#include "ledger/holders.h"

#include "ledger/mailings.h"
#include "ledger/connection.h"

/* What a copy's state is worth, from nothing to a letter that was had; what was moved from an
 * address that it came back from is worth nothing at the new one. */
#define IT "4"
#define ON_ITS_WAY "3"
#define PERHAPS "2"
#define BACK "1"
#define WEIGHT                                                                                     \
    "CASE d.state WHEN 'sent' THEN " IT " WHEN 'complained' THEN " IT                              \
    " WHEN 'planned' THEN " ON_ITS_WAY " WHEN 'sending' THEN " ON_ITS_WAY                          \
    " WHEN 'deferred' THEN " ON_ITS_WAY " WHEN 'unknown' THEN " PERHAPS                            \
    " WHEN 'bounced' THEN " BACK " ELSE 0 END"

static const char SQL_BEGIN[] =
    "DROP TABLE IF EXISTS holder_found; DROP TABLE IF EXISTS holder_pairs;"
    "DROP TABLE IF EXISTS holder_rows; DROP TABLE IF EXISTS holder_letters;"
    "CREATE TEMPORARY TABLE holder_letters (n INTEGER PRIMARY KEY, which INTEGER NOT NULL,"
    "  mailing INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL,"
    "  address TEXT NOT NULL, weight INTEGER NOT NULL);"
    "CREATE INDEX holder_letters_key ON holder_letters (which, key, address);"
    "CREATE INDEX holder_letters_address ON holder_letters (which, address);"
    "CREATE INDEX holder_letters_mailing ON holder_letters (mailing, key, address);"
    "CREATE TEMPORARY TABLE holder_rows (n INTEGER PRIMARY KEY, key TEXT NOT NULL,"
    "  address TEXT NOT NULL);"
    "CREATE INDEX holder_rows_key ON holder_rows (key, address);"
    "CREATE INDEX holder_rows_address ON holder_rows (address);"
    "CREATE TEMPORARY TABLE holder_pairs (place INTEGER NOT NULL, letter INTEGER NOT NULL,"
    "  which INTEGER NOT NULL, weight INTEGER NOT NULL, moved INTEGER NOT NULL,"
    "  PRIMARY KEY (place, letter)) WITHOUT ROWID;"
    "CREATE INDEX holder_pairs_letter ON holder_pairs (letter);"
    "CREATE TEMPORARY TABLE holder_found (place INTEGER NOT NULL, which INTEGER NOT NULL,"
    "  letter INTEGER NOT NULL, weight INTEGER NOT NULL, PRIMARY KEY (place, which)) "
    "WITHOUT ROWID;";

static const char SQL_LETTER[] =
    "INSERT INTO holder_letters (which, mailing, number, key, address, weight) "
    "SELECT $1, d.mailing, d.number, d.key, lower(d.address), " WEIGHT
    " FROM mailings m CROSS JOIN deliveries d WHERE ((m.content_hash = $2 AND m.audience = $3 AND "
    "$4 = 0) OR m.number = $4) AND d.mailing = m.number AND d.state <> 'left out' AND "
    "substr(d.key, 1, 5) <> 'seed:' "
    "ORDER BY d.mailing, d.number";
static const char SQL_ROW[] = "INSERT INTO holder_rows (key, address) VALUES ($1, lower($2))";

static const char SQL_OWN[] =
    "INSERT INTO holder_pairs (place, letter, which, weight, moved) "
    "SELECT r.n, l.n, l.which, l.weight, 0 FROM holder_rows r JOIN holder_letters l "
    "ON l.which IN (0, 1) AND l.key = r.key AND l.address = r.address";
/* Rows that have a copy of their own come last: it is more likely another's. */
static const char SQL_MOVED[] =
    "INSERT INTO holder_pairs (place, letter, which, weight, moved) "
    "SELECT r.n, l.n, l.which, CASE WHEN l.weight < " PERHAPS " THEN 0 ELSE l.weight END, 1 FROM "
    "(SELECT n, which, mailing, key, weight, row_number() OVER (PARTITION BY mailing, which, key "
    "ORDER BY n) AS seat FROM holder_letters o WHERE NOT EXISTS (SELECT 1 FROM holder_rows t "
    "WHERE t.key = o.key AND t.address = o.address)) l JOIN "
    "(SELECT t.n, t.key, k.which, k.mailing, row_number() OVER (PARTITION BY k.mailing, k.which, "
    "t.key ORDER BY EXISTS (SELECT 1 FROM holder_pairs p WHERE p.place = t.n AND p.which = "
    "k.which), t.n) AS seat FROM (SELECT DISTINCT which, mailing, key FROM holder_letters) k "
    "JOIN holder_rows t ON t.key = k.key WHERE NOT EXISTS (SELECT 1 FROM holder_letters o WHERE "
    "o.mailing = k.mailing AND o.which = k.which AND o.key = t.key AND o.address = t.address)) r "
    "ON r.mailing = l.mailing AND r.which = l.which AND r.key = l.key AND r.seat = l.seat";
static const char SQL_MAILBOX[] =
    "INSERT INTO holder_pairs (place, letter, which, weight, moved) "
    "SELECT r.n, l.n, l.which, l.weight, 0 FROM holder_rows r JOIN holder_letters l "
    "ON l.which IN (0, 1) AND l.address = r.address WHERE r.address <> '' AND NOT EXISTS "
    "(SELECT 1 FROM holder_letters o WHERE o.which = l.which AND o.key = r.key)";
/* The best of each row and of its twins: its own before theirs, the latest. */
static const char SQL_BEST[] =
    "INSERT INTO holder_found (place, which, letter, weight) "
    "SELECT place, which, letter, weight FROM (SELECT g.n AS place, p.which AS which, p.letter AS "
    "letter, p.weight AS weight, row_number() OVER (PARTITION BY g.n, p.which ORDER BY p.weight "
    "DESC, p.place <> g.n, p.moved, p.letter DESC) AS seat FROM holder_rows g JOIN holder_rows t "
    "ON t.n = g.n OR (t.address = g.address AND t.address <> '') JOIN holder_pairs p ON p.place = "
    "t.n WHERE p.weight > 0) best WHERE seat = 1";

static const char SQL_FIND[] =
    "SELECT f.weight, m.id, l.number, m.number FROM holder_rows r JOIN holder_found f ON f.place = "
    "r.n "
    "JOIN holder_letters l ON l.n = f.letter JOIN mailings m ON m.number = l.mailing "
    "WHERE r.key = $1 AND r.address = lower($2) AND f.which = $3 ORDER BY f.weight DESC LIMIT 1";
static const char SQL_GONE[] =
    "SELECT " DELIVERY_COLUMNS "FROM (SELECT l.mailing, l.number, row_number() OVER (PARTITION BY "
    "l.key, l.address ORDER BY l.weight DESC, l.n DESC) AS seat FROM holder_letters l WHERE "
    "l.which = 0 AND (l.weight = " IT " OR (l.weight = " PERHAPS " AND $1 = 1)) AND NOT EXISTS "
    "(SELECT 1 FROM holder_pairs p WHERE p.letter = l.n)) g JOIN deliveries d ON d.mailing = "
    "g.mailing AND d.number = g.number JOIN mailings ON mailings.number = d.mailing "
    "JOIN delivery_fields f ON f.mailing = d.mailing AND f.number = d.number "
    "WHERE g.seat = 1 ORDER BY d.mailing, d.number";
G_STATIC_ASSERT(HOLDERS_LETTER == 0 && HOLDERS_CORRECTION == 1 && HOLDERS_LETTERS == 2);

gboolean holders_begin(Ledger *ledger, GError **error)
{
    return database_run(ledger->db, SQL_BEGIN, error);
}

gboolean holders_letter(Ledger *ledger, HoldersWhich which, const char *content_hash,
                        const char *audience, gint64 only, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_LETTER, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, which);
    statement_bind_text(add, 2, content_hash);
    statement_bind_text(add, 3, audience);
    statement_bind_integer(add, 4, only);
    return statement_run(add, NULL, error);
}

gboolean holders_row(Ledger *ledger, const char *key, const char *address, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ROW, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, key);
    statement_bind_text(add, 2, address);
    return statement_run(add, NULL, error);
}

static gboolean run(Ledger *ledger, const char *sql, GError **error)
{
    g_autoptr(Statement) statement = statement_begin(ledger->db, sql, error);
    return statement && statement_run(statement, NULL, error);
}

gboolean holders_match(Ledger *ledger, GError **error)
{
    return run(ledger, SQL_OWN, error) && run(ledger, SQL_MOVED, error) &&
           run(ledger, SQL_MAILBOX, error) && run(ledger, SQL_BEST, error);
}

static Had had_of(gint64 weight)
{
    static const Had all[] = {HAD_NONE, HAD_BACK, HAD_PERHAPS, HAD_ON_ITS_WAY, HAD_IT};
    g_assert(weight >= 0 && weight < (gint64)G_N_ELEMENTS(all));
    return all[weight];
}

gboolean holders_find(Ledger *ledger, HoldersWhich which, const char *key, const char *address,
                      Had *had, char **mailing, Delivery **copy, GError **error)
{
    *had = HAD_NONE;
    *mailing = NULL;
    if (copy)
        *copy = NULL;
    g_autoptr(Statement) find = statement_begin(ledger->db, SQL_FIND, error);
    if (!find)
        return FALSE;
    statement_bind_text(find, 1, key);
    statement_bind_text(find, 2, address);
    statement_bind_integer(find, 3, which);
    switch (statement_lookup(find, error)) {
    case LOOKUP_FAILED:
        return FALSE;
    case LOOKUP_NONE:
        return TRUE;
    case LOOKUP_FOUND:
        break;
    }
    *had = had_of(statement_integer(find, 0));
    *mailing = g_strdup(statement_text(find, 1));
    const Mailing of = {.id = *mailing, .number = statement_integer(find, 3)};
    return !copy || deliveries_get(ledger, &of, (guint64)statement_integer(find, 2), copy, error);
}

GPtrArray *holders_gone(Ledger *ledger, gboolean perhaps, GError **error)
{
    StatementStep step;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_GONE, error);
    if (!each)
        return NULL;
    statement_bind_integer(each, 1, perhaps);
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        Delivery delivery;
        if (!delivery_from_row(ledger, each, &delivery, error))
            return NULL;
        g_ptr_array_add(all, delivery_copy(&delivery));
    }
    return step == STATEMENT_DONE ? g_steal_pointer(&all) : NULL;
}
