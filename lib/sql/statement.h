/* statement - SQL prepared once, bound and stepped
 *
 * What stands in tables is asked for through this, whichever engine has them. Parameters are written $1, $2 ... in the order in which they first appear: SQLite
 * and PostgreSQL then number them alike (checked when a statement is prepared).
 */
#ifndef SQL_STATEMENT_H
#define SQL_STATEMENT_H

#include <glib.h>

#include "base/lookup.h"
#include "sql/database.h"

typedef struct Statement Statement;

/* The statement for `sql`, which must be a constant: it is prepared once and then found by its
 * address. Ends by itself at the end of the scope (g_autoptr). Not to be begun again before. */
Statement *statement_begin(Database *database, const char *sql, GError **error);

/* One of the caller's own, for a text that is made as it goes or that is read by several at once.
 * Freed by statement_end, before the database is closed. */
Statement *statement_prepare(Database *database, const char *sql, GError **error);

/* Lets go of the rows and of what was bound; NULL is fine. */
void statement_end(Statement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, statement_end)

/* The same, and makes it ready for other values. */
void statement_reset(Statement *self);

/* Bind parameter `index` (from 1). The bytes are borrowed until the statement ends; a NULL text is
 * bound as the empty one. A text with its length may have any bytes, and is BYTEA on a server; of
 * another what is no UTF-8 is replaced there. */
void statement_bind_integer(Statement *self, int index, gint64 value);
void statement_bind_text(Statement *self, int index, const char *text);
void statement_bind_text_len(Statement *self, int index, const char *text, gsize length);
void statement_bind_bytes(Statement *self, int index, const char *bytes, gsize length);

void statement_bind_none(Statement *self, int index); /* SQL's NULL */

typedef enum { STATEMENT_FAILED, STATEMENT_ROW, STATEMENT_DONE } StatementStep;

/* Goes to the next row; at the end it stays there. */
StatementStep statement_step(Statement *self, GError **error);

/* The same for a statement that gives one row or none. */
Lookup statement_lookup(Statement *self, GError **error);

/* Runs a statement that gives no rows, and makes it ready for other values. A write outside a
 * transaction is our own fault. `changed` (may be NULL) is how many rows it changed. */
gboolean statement_run(Statement *self, guint64 *changed, GError **error);

/* The same for an INSERT, or an UPDATE of one row, of which many follow each other, of rows that are not
 * each other's: a server is asked once for all. What is wrong with one, and in `changed` (NULL for an
 * INSERT; else it stays the caller's until then) whether it changed its row, is known after
 * database_flush, or after whatever else is asked of the database. One of the caller's own is to be
 * flushed before it ends. */
gboolean statement_queue(Statement *self, guint64 *changed, GError **error);

/* Column `index` (from 0) of the row; texts and bytes are borrowed until the next step, and never
 * NULL. */
gint64 statement_integer(Statement *self, int index);
const char *statement_text(Statement *self, int index);
const char *statement_text_len(Statement *self, int index, gsize *length);
const char *statement_bytes(Statement *self, int index, gsize *length);

#endif
