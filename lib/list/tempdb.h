/* tempdb - a private SQLite database in a temporary file, gone with its owner
 *
 * Holds what is too much for memory: a small cache, the rest in a file (in TMPDIR, or /var/tmp)
 * that SQLite unlinks as soon as it is open, so that no other process sees personal data and
 * nothing is left after a crash. No journal and no fsync: what is lost with the process was its
 * alone.
 */
#ifndef LIST_TEMPDB_H
#define LIST_TEMPDB_H

#include <glib.h>
#include <sqlite3.h>

/* Opens one, within a transaction that never ends, and runs `schema`. NULL with IO. To be closed
 * with sqlite3_close. */
sqlite3 *tempdb_open(const char *schema, GError **error);

/* All of these fail with IO and SQLite's reason. */
gboolean tempdb_run(sqlite3 *db, const char *sql, GError **error);
gboolean tempdb_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement, GError **error);

/* Steps a statement that gives no rows, and resets it. */
gboolean tempdb_write(sqlite3_stmt *statement, GError **error);

/* Steps to the next row. FALSE at the end or with `error`; the statement is reset then. */
gboolean tempdb_next(sqlite3_stmt *statement, GError **error);

/* A column's text, never NULL. Good until the statement is stepped or reset. */
const char *tempdb_text(sqlite3_stmt *statement, int column);

#endif
