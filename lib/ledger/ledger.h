/* ledger - what has happened, durably: one SQLite file
 *
 * The owner of the connection, the schema and its migrations. WAL, foreign keys, and by default
 * synchronous=FULL: a commit that returned survives power loss. The file is made with mode 0600: it
 * holds personal data. All times are microseconds since 1970 UTC. The SQL of this folder stays
 * portable to PostgreSQL: no rowid tricks, no INSERT OR, ON CONFLICT with named columns only.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <glib.h>

typedef struct Ledger Ledger;

typedef enum {
    LEDGER_READ, /* for looking; a missing file is NOINPUT */
    LEDGER_WRITE /* made if missing, migrated if old */
} LedgerMode;

/* Opens. IO with a mend for: damaged ("restore a backup; the file was left as it is"), read-only,
 * full disk; TEMPORARY when another process kept it locked for 10 s; CONFIG when a newer circular
 * wrote it or it is no ledger of ours. */
Ledger *ledger_open(const char *path, LedgerMode mode, GError **error);
void ledger_close(Ledger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_close)

const char *ledger_path(const Ledger *self);

/* A transaction. Every write of this folder wants to stand in one. A commit is a durable step. */
gboolean ledger_begin(Ledger *self, GError **error);
gboolean ledger_commit(Ledger *self, GError **error);
void ledger_rollback(Ledger *self);

#endif
