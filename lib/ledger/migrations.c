/* migrations - the schema of the ledger, by version
 *
 * In SQLite's dialect (STRICT, WITHOUT ROWID), unlike the queries of the tables; for a server it is
 * translated (sql/dialect). A version that was released is never edited: a change is a new version
 * below it.
 */
#include "base/clock.h"
#include "base/error.h"
#include "base/version.h"
#include "ledger/connection.h"
#include "sql/dialect.h"
#include "sql/server.h"

/* No ledger on a server has had rows before that version: what the earlier ones change isn't there. */
enum { FIRST_ON_SERVER = 6 };

enum { APPLICATION_ID = 0x43495243 }; /* "CIRC", in the file's header: file(1) shows it */

/* Deliveries are in two tables: what is written once when a mailing is planned, and what changes
 * with every claim and outcome. Rewriting only the narrow rows keeps a commit to a few pages.
 *
 * deliveries_open is for claims: planned ones have next_at 0 and so stand in order of number. It
 * holds only what can be claimed, so that neither `sending` nor an outcome costs it anything; a
 * query must name such a state in its text to be helped by it. The CHECK is no IN: SQLite would
 * build a table for it with every row that is written (3 us). */
static const char SQL_VERSION_1[] =
    "CREATE TABLE migrations (version INTEGER PRIMARY KEY, migrated_at INTEGER NOT NULL,"
    "  program TEXT NOT NULL) STRICT;"

    "CREATE TABLE mailings (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    "  update_path TEXT NOT NULL, audience TEXT NOT NULL, subject TEXT NOT NULL,"
    "  sender TEXT NOT NULL, envelope_sender TEXT NOT NULL, content_hash TEXT NOT NULL,"
    "  recipients_hash TEXT NOT NULL, version TEXT NOT NULL, settings TEXT NOT NULL,"
    "  planned_at INTEGER NOT NULL, planned INTEGER NOT NULL, excluded INTEGER NOT NULL,"
    "  send_at INTEGER NOT NULL DEFAULT 0) STRICT;"

    "CREATE TABLE contents (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE mailing_contents (mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  name TEXT NOT NULL, hash TEXT NOT NULL REFERENCES contents (hash),"
    "  PRIMARY KEY (mailing, name)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE deliveries (mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  number INTEGER NOT NULL, key TEXT NOT NULL, address TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state = 'planned' OR state = 'sending' OR state = 'sent'"
    "    OR state = 'deferred' OR state = 'refused' OR state = 'unknown' OR state = 'bounced'"
    "    OR state = 'complained'),"
    "  attempts INTEGER NOT NULL, code INTEGER NOT NULL, enhanced TEXT NOT NULL,"
    "  reply TEXT NOT NULL, changed_at INTEGER NOT NULL, next_at INTEGER NOT NULL,"
    "  first_at INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY (mailing, number), UNIQUE (mailing, key, address)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX deliveries_open ON deliveries (mailing, state, next_at, number)"
    "  WHERE state = 'planned' OR state = 'deferred';"
    "CREATE TABLE delivery_fields (mailing INTEGER NOT NULL, number INTEGER NOT NULL,"
    "  name TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (mailing, number)) STRICT;"

    "CREATE TABLE exclusions (mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  number INTEGER NOT NULL, key TEXT NOT NULL, address TEXT NOT NULL, reason TEXT NOT NULL,"
    "  file TEXT NOT NULL, line INTEGER NOT NULL, name TEXT NOT NULL,"
    "  PRIMARY KEY (mailing, number)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE suppressions (number INTEGER PRIMARY KEY, address TEXT NOT NULL,"
    "  audience TEXT NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL,"
    "  since INTEGER NOT NULL, removed_at INTEGER NOT NULL, removed_why TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX suppressions_active ON suppressions (address, audience)"
    "  WHERE removed_at = 0;"
    "CREATE INDEX suppressions_address ON suppressions (address);"

    "CREATE TABLE notices (number INTEGER PRIMARY KEY, message TEXT NOT NULL,"
    "  part INTEGER NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,"
    "  received_at INTEGER NOT NULL, kind TEXT NOT NULL, judged TEXT NOT NULL,"
    "  status TEXT NOT NULL, reason TEXT NOT NULL, feedback TEXT NOT NULL,"
    "  recipient TEXT NOT NULL, diagnostic TEXT NOT NULL, sender TEXT NOT NULL,"
    "  subject TEXT NOT NULL, text TEXT NOT NULL, successor TEXT NOT NULL,"
    "  mailing TEXT NOT NULL, delivery INTEGER NOT NULL, key TEXT NOT NULL,"
    "  address TEXT NOT NULL, verified INTEGER NOT NULL, action TEXT NOT NULL,"
    "  why TEXT NOT NULL, review INTEGER NOT NULL, reviewed_at INTEGER NOT NULL,"
    "  UNIQUE (message, part)) STRICT;"
    "CREATE INDEX notices_address ON notices (lower(address));"
    "CREATE INDEX notices_key ON notices (key);"
    "CREATE INDEX notices_review ON notices (number) WHERE review = 1 AND reviewed_at = 0;"
    "CREATE TABLE inboxes (name TEXT PRIMARY KEY, uidvalidity INTEGER NOT NULL,"
    "  uid INTEGER NOT NULL) STRICT;"

    "CREATE TABLE digests (name TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT;"
    "CREATE TABLE digest_mailings (mailing INTEGER PRIMARY KEY REFERENCES mailings (number),"
    "  digest TEXT NOT NULL) STRICT;"
    "CREATE TABLE digest_notices (digest TEXT NOT NULL, notice TEXT NOT NULL,"
    "  revision INTEGER NOT NULL, date INTEGER NOT NULL, title TEXT NOT NULL, hash TEXT NOT NULL,"
    "  noted_at INTEGER NOT NULL, PRIMARY KEY (digest, notice, revision)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE digest_readers (digest TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL,"
    "  seen INTEGER NOT NULL, PRIMARY KEY (digest, key)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE digest_items (digest TEXT NOT NULL, notice TEXT NOT NULL,"
    "  revision INTEGER NOT NULL, key TEXT NOT NULL,"
    "  mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  PRIMARY KEY (digest, notice, revision, key, mailing)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX digest_items_key ON digest_items (key);"
    "CREATE INDEX digest_items_mailing ON digest_items (mailing);"

    /* What a ledger looks like once it is used, for SQLite's planner: rows, and rows a value of the
     * first column, of the first two ... It thinks else that a mailing has ten deliveries, and
     * looks through them all for a key. Never measured: plans must not change by themselves. */
    "ANALYZE;"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
    "  ('mailings', NULL, '100'),"
    "  ('deliveries', 'deliveries', '1000000 10000 1'),"
    "  ('deliveries', 'sqlite_autoindex_deliveries_2', '1000000 10000 2 1'),"
    "  ('deliveries', 'deliveries_open', '10000 5000 2500 10 1'),"
    "  ('delivery_fields', 'sqlite_autoindex_delivery_fields_1', '1000000 10000 1'),"
    "  ('exclusions', 'exclusions', '10000 100 1'),"
    "  ('digest_items', 'digest_items', '100000 50000 500 450 1 1'),"
    "  ('digest_items', 'digest_items_key', '100000 200'),"
    "  ('digest_items', 'digest_items_mailing', '100000 2500');";

/* Version 2: facts where version 1 had sentences. What a letter was left out for has a kind; what
 * became of one has the stage, and why it was given up, beside the server's own words, and the
 * transport that took it. A mailing has a life, with who did what; a suppression has a kind,
 * evidence and an end. `deliveries` is made anew for its CHECK: SQLite can't change one.
 *
 * A letter that version 1 called sent may only have gone into a folder: nobody can tell now, and so
 * its transport is ''. What was begun and has letters left goes on by itself as it did. */
static const char SQL_VERSION_2[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"

    "CREATE TABLE deliveries_anew (mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  number INTEGER NOT NULL, key TEXT NOT NULL, address TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state = 'planned' OR state = 'sending' OR state = 'sent'"
    "    OR state = 'deferred' OR state = 'refused' OR state = 'unknown' OR state = 'bounced'"
    "    OR state = 'complained' OR state = 'written' OR state = 'left out'),"
    "  attempts INTEGER NOT NULL, code INTEGER NOT NULL, enhanced TEXT NOT NULL,"
    "  reply TEXT NOT NULL, changed_at INTEGER NOT NULL, next_at INTEGER NOT NULL,"
    "  first_at INTEGER NOT NULL DEFAULT 0, stage TEXT NOT NULL DEFAULT '',"
    "  given_up TEXT NOT NULL DEFAULT '', transport TEXT NOT NULL DEFAULT '',"
    "  message_id TEXT NOT NULL DEFAULT '',"
    "  PRIMARY KEY (mailing, number), UNIQUE (mailing, key, address)) STRICT, WITHOUT ROWID;"
    "INSERT INTO deliveries_anew (mailing, number, key, address, state, attempts, code, enhanced,"
    "  reply, changed_at, next_at, first_at) SELECT mailing, number, key, address, state, attempts,"
    "  code, enhanced, reply, changed_at, next_at, first_at FROM deliveries;"
    "DROP TABLE deliveries;"
    "ALTER TABLE deliveries_anew RENAME TO deliveries;"
    "CREATE INDEX deliveries_open ON deliveries (mailing, state, next_at, number)"
    "  WHERE state = 'planned' OR state = 'deferred';"
    "UPDATE deliveries SET given_up = 'deadline',"
    "  reply = substr(reply, instr(reply, '; the last answer: ') + 19) WHERE state = 'refused'"
    "  AND reply LIKE 'given up after trying again for %; the last answer: %';"
    "UPDATE deliveries SET stage = CASE"
    "  WHEN substr(reply, 1, 9) = 'connect: ' THEN 'connect'"
    "  WHEN substr(reply, 1, 10) = 'greeting: ' THEN 'greeting'"
    "  WHEN substr(reply, 1, 6) = 'EHLO: ' THEN 'EHLO'"
    "  WHEN substr(reply, 1, 10) = 'STARTTLS: ' THEN 'STARTTLS'"
    "  WHEN substr(reply, 1, 9) = 'sign-in: ' THEN 'sign-in'"
    "  WHEN substr(reply, 1, 6) = 'RSET: ' THEN 'RSET'"
    "  WHEN substr(reply, 1, 6) = 'MAIL: ' THEN 'MAIL'"
    "  WHEN substr(reply, 1, 6) = 'RCPT: ' THEN 'RCPT'"
    "  WHEN substr(reply, 1, 6) = 'DATA: ' THEN 'DATA'"
    "  WHEN substr(reply, 1, 9) = 'message: ' THEN 'message'"
    "  WHEN substr(reply, 1, 6) = 'QUIT: ' THEN 'QUIT'"
    "  ELSE '' END WHERE state = 'refused' OR state = 'deferred' OR state = 'unknown';"
    "UPDATE deliveries SET reply = substr(reply, length(stage) + 3) WHERE stage <> '';"
    "ALTER TABLE delivery_fields ADD COLUMN label TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE delivery_fields ADD COLUMN phone TEXT NOT NULL DEFAULT '';"

    "ALTER TABLE exclusions ADD COLUMN kind TEXT NOT NULL DEFAULT 'other';"
    "ALTER TABLE exclusions ADD COLUMN detail TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE exclusions ADD COLUMN since INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE exclusions ADD COLUMN label TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE exclusions ADD COLUMN phone TEXT NOT NULL DEFAULT '';"
    "UPDATE exclusions SET kind = CASE WHEN reason = 'no address' THEN 'no-address'"
    "  WHEN substr(reason, 1, 13) = 'bad address: ' THEN 'bad-address'"
    "  WHEN substr(reason, 1, 16) = 'same address as ' THEN 'same-address'"
    "  WHEN substr(reason, 1, 17) = 'suppressed since ' THEN 'suppressed'"
    "  WHEN reason = 'nothing new' THEN 'nothing-new'"
    "  WHEN reason LIKE '% new, under the least of %: it waits for more' THEN 'too-few'"
    "  ELSE 'other' END;"
    "UPDATE exclusions SET detail = CASE kind WHEN 'bad-address' THEN substr(reason, 14)"
    "  WHEN 'same-address' THEN substr(reason, 17) WHEN 'suppressed' THEN substr(reason, 30)"
    "  WHEN 'too-few' THEN replace(reason, ': it waits for more', '')"
    "  WHEN 'other' THEN reason ELSE '' END,"
    "  since = CASE kind WHEN 'suppressed'"
    "    THEN coalesce(CAST(strftime('%s', substr(reason, 18, 10)) AS INTEGER), 0) * 1000000"
    "    ELSE 0 END;"
    "ALTER TABLE exclusions DROP COLUMN reason;"

    "ALTER TABLE suppressions ADD COLUMN kind TEXT NOT NULL DEFAULT 'by-hand';"
    "ALTER TABLE suppressions ADD COLUMN evidence INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE suppressions ADD COLUMN until INTEGER NOT NULL DEFAULT 0;"
    "UPDATE suppressions SET kind = reason WHERE reason = 'bounce-hard'"
    "  OR reason = 'bounce-soft' OR reason = 'complaint' OR reason = 'unsubscribe';"
    "UPDATE suppressions SET evidence = CAST(substr(source, 8) AS INTEGER)"
    "  WHERE substr(source, 1, 7) = 'notice ' AND kind <> 'by-hand';"

    "ALTER TABLE mailings ADD COLUMN state TEXT NOT NULL DEFAULT 'planned'"
    "  CHECK (state = 'planned' OR state = 'scheduled' OR state = 'held' OR state = 'sending'"
    "    OR state = 'stopped' OR state = 'done' OR state = 'withdrawn');"
    "ALTER TABLE mailings ADD COLUMN transport TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE mailings ADD COLUMN follows INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE mailings ADD COLUMN follows_as TEXT NOT NULL DEFAULT '';"
    "UPDATE mailings SET state = CASE WHEN NOT EXISTS (SELECT 1 FROM deliveries d"
    "    WHERE d.mailing = mailings.number AND (d.state <> 'planned' OR d.attempts > 0))"
    "  THEN CASE WHEN send_at > 0 THEN 'scheduled' ELSE 'planned' END"
    "  WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.mailing = mailings.number AND"
    "    (d.state = 'planned' OR d.state = 'deferred' OR d.state = 'sending')) THEN 'sending'"
    "  ELSE 'done' END;"
    "CREATE TABLE mailing_events (mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  number INTEGER NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, user TEXT NOT NULL,"
    "  host TEXT NOT NULL, command TEXT NOT NULL, detail TEXT NOT NULL,"
    "  PRIMARY KEY (mailing, number)) STRICT, WITHOUT ROWID;"
    "INSERT INTO mailing_events (mailing, number, event, at, user, host, command, detail)"
    "  SELECT number, 1, 'planned', planned_at, '', '', '', '' FROM mailings;"

    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
    "  ('deliveries', 'deliveries', '1000000 10000 1'),"
    "  ('deliveries', 'sqlite_autoindex_deliveries_2', '1000000 10000 2 1'),"
    "  ('deliveries', 'deliveries_open', '10000 5000 2500 10 1');";

/* Version 3: letters by address, as each soft bounce asks for them and a history. */
static const char SQL_VERSION_3[] =
    "CREATE INDEX deliveries_address ON deliveries (lower(address));"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
    "  ('deliveries', 'deliveries_address', '1000000 100');";

/* Version 4: what letters ask, and what was answered; letters by the id that a server gave them. `choices` has one on each line. An answer that
 * names no mailing has 0: it waits for a person. */
static const char SQL_VERSION_4[] =
    "CREATE TABLE questions (mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  number INTEGER NOT NULL, slug TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,"
    "  choices TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (mailing, number)) STRICT,"
    "  WITHOUT ROWID;"
    "CREATE TABLE answers (number INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE,"
    "  uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL, received_at INTEGER NOT NULL,"
    "  said_at INTEGER NOT NULL, mailing INTEGER NOT NULL, delivery INTEGER NOT NULL,"
    "  key TEXT NOT NULL, address TEXT NOT NULL, question TEXT NOT NULL, choice TEXT NOT NULL,"
    "  state TEXT NOT NULL, late INTEGER NOT NULL, verified INTEGER NOT NULL, why TEXT NOT NULL,"
    "  sender TEXT NOT NULL, sender_name TEXT NOT NULL, subject TEXT NOT NULL,"
    "  text TEXT NOT NULL) STRICT;"
    "CREATE INDEX deliveries_message_id ON deliveries (message_id) WHERE message_id <> '';"
    "CREATE INDEX answers_key ON answers (key, mailing);"
    "CREATE INDEX answers_mailing ON answers (mailing, state);"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
    "  ('deliveries', 'deliveries_message_id', '100000 1'),"
    "  ('questions', 'questions', '100 2 1'),"
    "  ('answers', 'answers_key', '10000 4 1'),"
    "  ('answers', 'answers_mailing', '10000 400 200');";

/* Version 5: letters in doubt, what proves them sent, and where they were looked for in vain. */
static const char SQL_VERSION_5[] =
    "CREATE TABLE settlements (mailing INTEGER NOT NULL REFERENCES mailings (number),"
    "  delivery INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,"
    "  mailbox TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL,"
    "  uid INTEGER NOT NULL, message_id TEXT NOT NULL, copies INTEGER NOT NULL,"
    "  there INTEGER NOT NULL, looked INTEGER NOT NULL, since INTEGER NOT NULL,"
    "  notice INTEGER NOT NULL, resent_at INTEGER NOT NULL, PRIMARY KEY (mailing, delivery))"
    "  STRICT, WITHOUT ROWID;"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('settlements', 'settlements', '1000 50 1');";

/* Version 6: the cell of a worksheet that somebody was left out for: its column from 1, or 0. */
static const char SQL_VERSION_6[] =
    "ALTER TABLE exclusions ADD COLUMN sheet_column INTEGER NOT NULL DEFAULT 0;";

/* Version 7: under which lease a letter was claimed, where several machines send one mailing (a ledger
 * on a server; in a file it is 0 and there are no leases). `until` is by the server's clock; 0 when it
 * has ended. */
static const char SQL_VERSION_7[] =
    "CREATE TABLE leases (number INTEGER PRIMARY KEY,"
    "  mailing INTEGER NOT NULL, name TEXT NOT NULL UNIQUE,"
    "  holder TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;"
    "CREATE INDEX leases_mailing ON leases (mailing, until);"
    "ALTER TABLE deliveries ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('leases', 'leases_mailing', '100 2 1');";

static const char *const VERSIONS[] = {SQL_VERSION_1, SQL_VERSION_2, SQL_VERSION_3, SQL_VERSION_4,
                                       SQL_VERSION_5, SQL_VERSION_6, SQL_VERSION_7};
G_STATIC_ASSERT(G_N_ELEMENTS(VERSIONS) == MIGRATIONS_LATEST);

/* So that this connection knows what was put into sqlite_stat1, too. */
static const char SQL_RELOAD[] = "ANALYZE sqlite_schema";
static const char SQL_APPLICATION[] = "PRAGMA application_id";
static const char SQL_TABLES[] = "SELECT count(*) FROM sqlite_schema";
static const char SQL_LATEST[] = "SELECT max(version) FROM migrations";
static const char SQL_COPIES[] = "SELECT count(*) FROM migrations WHERE version = $1";
static const char SQL_COPIED[] = "DELETE FROM migrations WHERE version = $1";
static const char SQL_REACHED[] = "SELECT max(version) FROM migrations WHERE version <> $1";
static const char SQL_ADD[] =
    "INSERT INTO migrations (version, migrated_at, program) VALUES ($1, $2, $3)";

/* Whether another program has tables there, and circular has. */
static const char SQL_SERVER[] =
    "SELECT count(*), coalesce(sum(CASE WHEN tablename = 'migrations' THEN 1 ELSE 0 END), 0) "
    "FROM pg_catalog.pg_tables WHERE schemaname = $1";

static gboolean one_integer(Ledger *ledger, const char *sql, gint64 *value, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, sql, error);
    if (!ask || statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *value = statement_integer(ask, 0);
    return TRUE;
}

/* What is there: nothing, something of ours, or of others. */
typedef enum { PLACE_EMPTY, PLACE_OURS, PLACE_FOREIGN } Place;

static gboolean look_on_server(Ledger *ledger, Place *place, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_SERVER, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, ledger->schema);
    if (statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    gboolean is_ours = statement_integer(ask, 1) > 0;
    *place = statement_integer(ask, 0) == 0 ? PLACE_EMPTY : is_ours ? PLACE_OURS : PLACE_FOREIGN;
    return TRUE;
}

static gboolean look(Ledger *ledger, Place *place, GError **error)
{
    gint64 application, tables;
    if (ledger->schema)
        return look_on_server(ledger, place, error);
    if (!one_integer(ledger, SQL_APPLICATION, &application, error) ||
        !one_integer(ledger, SQL_TABLES, &tables, error))
        return FALSE;
    *place = application == APPLICATION_ID ? PLACE_OURS
             : application == 0 && !tables ? PLACE_EMPTY
                                           : PLACE_FOREIGN;
    return TRUE;
}

gboolean migrations_version(Ledger *ledger, guint *version, GError **error)
{
    Place place;
    gint64 latest;
    if (!look(ledger, &place, error))
        return FALSE;
    *version = 0;
    if (place == PLACE_EMPTY)
        return TRUE;
    if (place == PLACE_FOREIGN) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s: is no ledger of circular but another program's database: name another %s",
                    ledger->path, ledger->schema ? "schema (ledger.schema)" : "file");
        return FALSE;
    }
    if (!one_integer(ledger, SQL_LATEST, &latest, error))
        return FALSE;
    if (latest == MIGRATIONS_COPY && ledger->mode == LEDGER_COPY &&
        !ledger_ask(ledger, SQL_REACHED, MIGRATIONS_COPY, &latest, error))
        return FALSE;
    if (latest == MIGRATIONS_COPY) {
        g_set_error(
            error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
            "%s: a copy into it has begun and not ended: give the same 'circular ledger copy "
            "FROM TO' again",
            ledger->path);
        return FALSE;
    }
    if (latest > MIGRATIONS_LATEST) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s: was written by a newer circular (schema %" G_GINT64_FORMAT
                    ", this one knows %d): install that one",
                    ledger->path, latest, MIGRATIONS_LATEST);
        return FALSE;
    }
    if (latest < 1)
        return ledger_damaged(ledger, error, "it does not say its version");
    *version = (guint)latest;
    return TRUE;
}

/* What is said to SQLite's planner is left out, and what changes rows that no server ever had. */
static gboolean is_for_server(const char *sql, guint version)
{
    static const char *const tables[] = {"CREATE ", "ALTER ", "DROP "};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
        if (g_str_has_prefix(sql, tables[i]))
            return TRUE;
    return version > FIRST_ON_SERVER && !g_str_has_prefix(sql, "ANALYZE") &&
           !g_str_has_prefix(sql, "INSERT INTO sqlite_stat1 ");
}

static gboolean run_on_server(Ledger *ledger, guint version, GError **error)
{
    g_auto(GStrv) all = dialect_split(VERSIONS[version - 1]);
    for (char **sql = all; *sql; sql++)
        if (is_for_server(*sql, version) && !database_run(ledger->db, *sql, error))
            return FALSE;
    return TRUE;
}

static gboolean note_version(Ledger *ledger, guint version, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, version);
    statement_bind_integer(add, 2, clock_now());
    statement_bind_text(add, 3, CIRCULAR_VERSION);
    return statement_run(add, NULL, error);
}

static gboolean migrate_to(Ledger *ledger, guint version, GError **error)
{
    if (ledger->schema ? !run_on_server(ledger, version, error)
                       : !database_run(ledger->db, VERSIONS[version - 1], error))
        return FALSE;
    return note_version(ledger, version, error);
}

/* Within the transaction: another process may have been quicker since the version was asked. */
static gboolean migrate(Ledger *ledger, GError **error)
{
    guint version;
    if (!migrations_version(ledger, &version, error))
        return FALSE;
    if (!database_found(ledger->db, error))
        return FALSE;
    if (version == 0 && !ledger->schema) {
        g_autofree char *sql = g_strdup_printf("PRAGMA application_id = %d", APPLICATION_ID);
        if (!database_run(ledger->db, sql, error))
            return FALSE;
    }
    while (version < MIGRATIONS_LATEST)
        if (!migrate_to(ledger, ++version, error))
            return FALSE;
    return ledger->schema || database_run(ledger->db, SQL_RELOAD, error);
}

gboolean migrations_run(Ledger *ledger, GError **error)
{
    guint version;
    if (!migrations_version(ledger, &version, error))
        return FALSE;
    if (version == MIGRATIONS_LATEST)
        return TRUE;
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (migrate(ledger, error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

/* --- a copy ----------------------------------------------------------------------------------- */

gboolean migrations_is_copy(Ledger *ledger, gboolean *is_copy, GError **error)
{
    gint64 count;
    if (!ledger_ask(ledger, SQL_COPIES, MIGRATIONS_COPY, &count, error))
        return FALSE;
    *is_copy = count > 0;
    return TRUE;
}

gboolean migrations_begin_copy(Ledger *ledger, GError **error)
{
    return note_version(ledger, MIGRATIONS_COPY, error);
}

gboolean migrations_end_copy(Ledger *ledger, GError **error)
{
    g_autoptr(Statement) remove = statement_begin(ledger->db, SQL_COPIED, error);
    if (!remove)
        return FALSE;
    statement_bind_integer(remove, 1, MIGRATIONS_COPY);
    return statement_run(remove, NULL, error);
}
