/* statement - SQL prepared once, bound and stepped: what the tables of lib/ledger share
 *
 * Private to this folder. The tables speak through this and never to SQLite, so that a ledger on
 * another database has one seam. Parameters are written $1, $2 ... in the order in which they first
 * appear: SQLite and PostgreSQL then number them alike (checked when a statement is prepared).
 */
#ifndef LEDGER_STATEMENT_H
#define LEDGER_STATEMENT_H

#include <glib.h>

#include "ledger/ledger.h"

struct sqlite3;

struct Ledger {
    struct sqlite3 *db;
    char *path;
    LedgerMode mode;
    GHashTable *statements; /* SQL text by address -> Statement */
    gint waited;            /* microseconds this lock was waited for, see busy() in ledger.c */
    gint changes;           /* rows changed so far when the transaction began */
    char *mailing_id;       /* the last one looked up, and its number; see mailings_number */
    gint64 mailing_number;
};

typedef struct Statement Statement;

/* The statement for `sql`, which must be a constant: it is prepared once and then found by its
 * address. Ends by itself at the end of the scope (g_autoptr). Not to be begun again before. */
Statement *statement_begin(Ledger *ledger, const char *sql, GError **error);

/* Lets go of the rows and of what was bound; NULL is fine. */
void statement_end(Statement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, statement_end)

/* Bind parameter `index` (from 1). The bytes are borrowed until the statement ends; a NULL text is
 * bound as the empty one. */
void statement_bind_integer(Statement *self, int index, gint64 value);
void statement_bind_text(Statement *self, int index, const char *text);
void statement_bind_text_len(Statement *self, int index, const char *text, gsize length);
void statement_bind_bytes(Statement *self, int index, const char *bytes, gsize length);

typedef enum { STATEMENT_FAILED, STATEMENT_ROW, STATEMENT_DONE } StatementStep;

/* Goes to the next row. */
StatementStep statement_step(Statement *self, GError **error);

/* The same for a statement that gives one row or none. */
Lookup statement_lookup(Statement *self, GError **error);

/* Runs a statement that gives no rows, and makes it ready for other values. A write outside a
 * transaction is our own fault. `changed` (may be NULL) is how many rows it changed. */
gboolean statement_run(Statement *self, guint64 *changed, GError **error);

/* Column `index` (from 0) of the row; texts and bytes are borrowed until the next step, and never
 * NULL. */
gint64 statement_integer(Statement *self, int index);
const char *statement_text(Statement *self, int index);
const char *statement_text_len(Statement *self, int index, gsize *length);
const char *statement_bytes(Statement *self, int index, gsize *length);

/* Runs SQL that may hold several statements and gives no rows. */
gboolean ledger_execute(Ledger *ledger, const char *sql, GError **error);

/* Sets `error` from what the connection last said, by kind and with a fix, and returns FALSE. */
gboolean ledger_fail(Ledger *ledger, GError **error);

/* The same for something that stands in the ledger and can't: "unknown state 'x'". */
gboolean ledger_damaged(const Ledger *ledger, GError **error, const char *what);

/* Brings an old or new schema up to date, in one transaction. CONFIG when a newer circular wrote
 * it. */
gboolean migrations_run(Ledger *ledger, GError **error);

/* The version of the schema: 0 for an empty file. CONFIG when it is another program's file or a
 * newer circular's. */
gboolean migrations_version(Ledger *ledger, guint *version, GError **error);

enum { MIGRATIONS_LATEST = 2 };

#endif
