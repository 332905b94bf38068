/* database - a connection to a database
 *
 * The one door to SQLite and PostgreSQL (sql/server.h) for what is kept in tables: the ledger and its
 * backups, and what of a list is too much for memory. What asks for a file or its pages is for SQLite
 * alone. (An expression is evaluated by an SQLite of its own, which holds nothing:
 * where/where.) What went wrong is told as a kind; what is said about it is the business of whoever
 * opened the database, for only they know what people call it.
 *
 * A Database is used by one thread at a time.
 */
#ifndef SQL_DATABASE_H
#define SQL_DATABASE_H

#include <glib.h>

typedef struct Database Database;

typedef enum {
    DATABASE_FAULT_DAMAGED,   /* what is in the file can't be right */
    DATABASE_FAULT_FOREIGN,   /* it is no database at all */
    DATABASE_FAULT_LOCKED,    /* another process kept it for longer than was waited */
    DATABASE_FAULT_READ_ONLY, /* we may not write to it */
    DATABASE_FAULT_CANT_OPEN,
    DATABASE_FAULT_NO_ROOM, /* on the disk, in the quota, in a file of its file system */
    DATABASE_FAULT_DENIED,  /* by a server: the sign-in, or a right that the role lacks */
    DATABASE_FAULT_LOST,    /* the server can't be reached, or has ended the connection */
    DATABASE_FAULT_UNSURE,  /* so, and whether what was committed is on record wasn't learnt */
    DATABASE_FAULT_SLOW,    /* the server gave up what took too long */
    DATABASE_FAULT_AGAIN, /* the server had the transaction give way to another: it may be begun again */
    DATABASE_FAULT_OTHER
} DatabaseFaultKind;

typedef struct {
    DatabaseFaultKind kind;
    const char *said;   /* by the engine; borrowed */
    const char *reason; /* the system's, or NULL; borrowed */
} DatabaseFault;

/* Sets `error`, of whatever kind and in whatever words the opener has for it. */
typedef void (*DatabaseTell)(gpointer user, const DatabaseFault *fault, GError **error);

/* Asked while another process holds the lock: `tries` so far, from 0. FALSE gives up. */
typedef gboolean (*DatabaseWait)(gpointer user, int tries);

typedef struct {
    DatabaseTell tell;
    DatabaseWait wait; /* NULL: a lock is a fault at once */
    gpointer user;     /* for both; outlives the database */
} DatabaseOwner;

typedef enum {
    DATABASE_READ,
    DATABASE_READ_UNLOCKED, /* a file that nobody can be writing, in a folder we can't write to */
    DATABASE_WRITE          /* a file that is there; it may be empty */
} DatabaseMode;

/* Opens the file `path`, with a schema that isn't trusted. Memory that can't be had ends the
 * program, as in GLib. */
Database *database_open(const char *path, DatabaseMode mode, const DatabaseOwner *owner,
                        GError **error);

/* Opens one in a temporary file (in TMPDIR, or /var/tmp) that is unlinked at once, so that no other
 * process sees personal data and nothing is left after a crash; within a transaction that never
 * ends, without journal and fsync: what is lost with the process was its alone. */
Database *database_open_temporary(const DatabaseOwner *owner, GError **error);

/* Undoes a transaction that is open. No statement may be left that was prepared for its owner. */
void database_close(Database *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Database, database_close)

/* Runs a text that may hold several statements, and drops the rows they give. */
gboolean database_run(Database *self, const char *sql, GError **error);

/* A transaction. One that is begun to write is the only such until it ends, and sees what those
 * before it have committed; any other is a view that stays the same. LOCKED when another has kept
 * its place for longer than is waited. */
gboolean database_begin(Database *self, gboolean to_write, GError **error);

/* When the answer of a server is lost it is asked again, over another connection, whether all of it
 * is on record: FALSE means that nothing is, unless the fault is UNSURE. */
gboolean database_commit(Database *self, GError **error);
void database_rollback(Database *self); /* fine without one */

/* Sets `error` from what the engine last said, and returns FALSE. */
gboolean database_fail(Database *self, GError **error);

/* The kind of what went wrong last. */
DatabaseFaultKind database_fault(const Database *self);

/* Runs what was queued (statement_queue). */
gboolean database_flush(Database *self, GError **error);

gboolean database_in_transaction(const Database *self);

/* Whether what was opened for writing may only be read. */
gboolean database_is_read_only(const Database *self);

/* Rows that were changed since it was opened. */
guint64 database_changes(const Database *self);

/* Bytes of the file that is open, symbolic links followed, or of what the engine keeps beside it
 * ("-wal"); 0 when there is none. */
guint64 database_file_size(const Database *self, const char *suffix);

/* Gives back the memory of pages that need not be kept. */
void database_release_memory(Database *self);

/* All of `from` in one view of it, whoever writes to it meanwhile, in place of what `self` holds. */
gboolean database_copy(Database *self, Database *from, GError **error);

/* Of a file: moves what was committed from the -wal into the file itself, as far as no reader hinders it; no
 * error where it can't be moved now. */
void database_settle(Database *self);

/* "SQLite 3.40.1", of the one that runs. Newly allocated. */
char *database_library(void);

#endif
