/* connection - the ledger's database, as the tables of lib/ledger share it
 *
 * Private to this folder.
 */
#ifndef LEDGER_CONNECTION_H
#define LEDGER_CONNECTION_H

#include "ledger/ledger.h"
#include "sql/statement.h"

struct Ledger {
    Database *db;
    char *path;        /* of the file, or the server's for people */
    char *beside;      /* what stands before the names of the files that belong to it */
    char *schema;      /* of a server; NULL for a file */
    GHashTable *holds; /* names that this connection to a server holds (ledger/exclusive) */
    gint64 lease;      /* under which this connection sends (ledger/leases); 0: none is needed */
    gint64 claimed_of,
        claimed_to; /* the mailing, and the number up to which it was gone through there */
    guint senders;  /* that there are of any mailing, by its last renewal */
    LedgerMode mode;
    gint waited;     /* microseconds this lock was waited for, see wait_for_lock() */
    guint64 changes; /* rows changed so far when the transaction began */
};

/* Sets `error` for something that stands in the ledger and can't: "unknown state 'x'". Returns
 * FALSE. */
gboolean ledger_damaged(const Ledger *ledger, GError **error, const char *what);

/* The time by a server's clock, in microseconds: in the text of a statement for it. */
#define SERVER_NOW "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"

/* The one number that a statement with one parameter, a number too, gives. NOINPUT without a row. */
gboolean ledger_ask(Ledger *ledger, const char *sql, gint64 about, gint64 *answer, GError **error);

/* Brings an old or new schema up to date, in one transaction. CONFIG when a newer circular wrote
 * it. */
gboolean migrations_run(Ledger *ledger, GError **error);

/* The version of the schema: 0 for an empty file. CONFIG when it is another program's file, a newer
 * circular's, or a copy that has not ended and the ledger wasn't opened with LEDGER_COPY. */
gboolean migrations_version(Ledger *ledger, guint *version, GError **error);

/* Whether a copy into it has begun and not ended, and the record of that; within the caller's
 * transaction. No program opens such a ledger but to copy: to all others it is of a later schema. */
gboolean migrations_is_copy(Ledger *ledger, gboolean *is_copy, GError **error);
gboolean migrations_begin_copy(Ledger *ledger, GError **error);
gboolean migrations_end_copy(Ledger *ledger, GError **error);

enum {
    MIGRATIONS_LATEST = 7,
    MIGRATIONS_COPY = 1000000 /* in place of a version */
};

#endif
