/* ledger - what has happened, durably: one SQLite file, or a schema on a PostgreSQL server
 *
 * The owner of the connection, the schema and its migrations. Of a file: WAL, foreign keys, and by default
 * synchronous=FULL: a commit that returned survives power loss. The file is made with mode 0600: it
 * holds personal data; where a group shares it (base/sharing.h) 0660, in a folder that is set to it. All times are microseconds since 1970 UTC. The SQL of this folder is
 * for both: no rowid tricks, no INSERT OR, ON CONFLICT with named columns only; migrations.c is in
 * SQLite's dialect, which sql/dialect translates.
 *
 * A Ledger is used by one thread at a time; another thread or process opens its own.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <glib.h>

#include "base/lookup.h"

typedef struct Ledger Ledger;
typedef struct Mailing Mailing; /* ledger/mailings.h */

enum { LEDGER_LOCK_SECONDS = 10 }; /* how long another process's lock is waited for */

typedef enum {
    LEDGER_READ,  /* for looking; a missing file is NOINPUT */
    LEDGER_WRITE, /* made if missing, migrated if old */
    LEDGER_COPY   /* as that, and also one into which a copy was begun and didn't end */
} LedgerMode;

/* Opens. IO with a fix for: damaged ("restore a backup; the file was left as it is"), read-only,
 * full disk; TEMPORARY when another process kept it locked for LEDGER_LOCK_SECONDS; CONFIG when a
 * newer circular wrote it, it is no ledger of ours, or a copy into it (ledger/ledgercopy) has not ended.
 *
 * LEDGER_READ takes no lock that a sender would wait for, needs no right to write to the file or
 * the folder, and sees what was committed when each statement (or ledger_begin) starts. */
Ledger *ledger_open(const char *path, LedgerMode mode, GError **error);
void ledger_close(Ledger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_close)

/* A ledger on a server. All of a schema is its own. */
typedef struct {
    const char *url;      /* postgresql://USER@HOST/DATABASE, without a password */
    const char *schema;   /* made if missing */
    const char *password; /* NULL: that of PGPASSFILE, or none */
    const char *beside;   /* before the names of what stays on this machine: journals, a key */
} LedgerServer;

/* The same on a server. CONFIG for a URL that is none; DENIED when the sign-in or a right is; TEMPORARY
 * when it can't be reached or took too long. LEDGER_READ asks no right but to read. */
Ledger *ledger_open_server(const LedgerServer *server, LedgerMode mode, GError **error);

/* The file, or the server and its database: for people. */
const char *ledger_path(const Ledger *self);

/* Whether other machines may be at work with it. */
gboolean ledger_is_on_server(const Ledger *self);

/* The name of a file that belongs to the ledger and stands beside it ("key", "ID.flight"), by
 * whatever link the ledger was come to. Newly allocated. */
char *ledger_beside(const Ledger *self, const char *name);

typedef enum {
    LEDGER_FULL,  /* a commit that returned survives power loss (the default) */
    LEDGER_NORMAL /* it survives the end of the process, but power loss may undo the latest ones */
} LedgerDurability;

/* Not within a transaction. */
gboolean ledger_set_durability(Ledger *self, LedgerDurability durability, GError **error);

/* A transaction. Every write of this folder stands in one, the caller's unless its comment says
 * "own transaction". Opened with LEDGER_READ it is a view that stays the same until it ends. A
 * commit that changed something is a durable step. When a write or the commit fails, all of the
 * transaction is undone by ledger_rollback (which is fine to call when there is none). */
gboolean ledger_begin(Ledger *self, GError **error);
gboolean ledger_commit(Ledger *self, GError **error);
void ledger_rollback(Ledger *self);

/* What was committed stands in the ledger's own file as far as nobody who reads hinders it, and not
 * only in the -wal beside it: for a copy that was made of that file alone. What can't be moved now
 * is moved by a later call or the last close. */
void ledger_settle(Ledger *self);

#endif
