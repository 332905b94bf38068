/* postgres - the connection to a server, as its sources share it: private to lib/sql */
#ifndef SQL_POSTGRES_H
#define SQL_POSTGRES_H

#include <libpq-fe.h>

#include "sql/engine.h"

typedef struct Query Query;

typedef struct {
    Database base;
    PGconn *conn;
    GPtrArray *names, *values; /* what it is reached by; NULL-terminated */
    char *schema;
    char *client; /* by which its commits are told from others' */
    gint64 turn;  /* the lock of who writes */
    gboolean is_reader, in_transaction, is_writing;
    guint64 changes, changes_before; /* rows changed, and when the transaction began */
    guint64 commits, prepared;       /* counted, for their names */
    Query *queue;                    /* whose rows wait to be written, or NULL */
    Query *streaming;                /* whose rows are still to come, or NULL */
    DatabaseFaultKind kind;          /* of what went wrong last */
    char *said;
} Server;

/* Keeps what went wrong, and takes `result` (NULL: the connection itself). Returns FALSE. */
gboolean postgres_fault(Server *self, PGresult *result);

/* Runs a text; the last of its results, to be cleared, or NULL with the fault kept. */
PGresult *postgres_ask(Server *self, const char *sql);

/* A number for an advisory lock: of this schema, for this purpose. */
gint64 postgres_lock_number(const Server *self, const char *purpose);

/* Takes what is still to come of the statement that is being read into memory, so that the connection
 * is free. */
void postgres_make_room(Server *self);

/* Writes the rows that wait, or forgets them. */
gboolean postgres_flush(Server *server);
void postgres_forget(Server *server);

/* The statements of the engine (postgres_query.c). */
gpointer postgres_prepare(Database *self, const char *sql, gboolean is_kept);
void postgres_finalize(gpointer statement);
void postgres_rewind(gpointer statement);
void postgres_reset(gpointer statement);
gboolean postgres_is_write(gpointer statement);
void postgres_bind_integer(gpointer statement, int index, gint64 value);
void postgres_bind_text(gpointer statement, int index, const char *text);
void postgres_bind_bytes(gpointer statement, int index, const char *bytes, gsize length);
void postgres_bind_none(gpointer statement, int index);
EngineStep postgres_step(gpointer statement);
gboolean postgres_queue(gpointer statement, guint64 *changed);
guint64 postgres_changed(gpointer statement);
gint64 postgres_integer(gpointer statement, int column);
const char *postgres_text(gpointer statement, int column, gsize *length);

#endif
