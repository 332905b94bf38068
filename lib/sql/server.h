/* server - a database on a PostgreSQL server
 *
 * The connection is libpq's, 13 and later on the other side. What is written is on the server's disk
 * when a commit returns, and on that of its synchronous standbys, if it has any. One who writes at a
 * time, as with a file: the others wait for their turn (an advisory lock of the transaction). Whose
 * machine falls asleep within its turn loses it, and the connection, before the others give up.
 *
 * Rows are read as they come, in constant memory; where another statement begins while they do,
 * those that are still to come are taken into memory first.
 */
#ifndef SQL_SERVER_H
#define SQL_SERVER_H

#include "sql/database.h"

typedef struct {
    const char *url;      /* postgresql://USER@HOST:PORT/DATABASE?sslmode=..., as libpq has it */
    const char *schema;   /* that the tables are in */
    const char *password; /* NULL: that of PGPASSFILE, or none */
} DatabaseServer;

enum {
    SERVER_VERSION_LEAST = 130000,
    SERVER_CONNECT_SECONDS = 10,
    SERVER_LOCK_SECONDS = 20, /* that a turn to write is waited for */
    SERVER_IDLE_SECONDS = 10, /* after which a writer that asks for nothing has lost its turn */
    SERVER_STATEMENT_SECONDS = 600 /* that a statement may take */
};

/* What the URL names, for people: without what isn't for their eyes. NULL when it is no URL of
 * PostgreSQL's, or holds a password, with why in `problem` (newly allocated). */
char *database_server_name(const char *url, char **problem);

/* Opens it. TLS with a certificate that names the host is asked of a host that isn't this one, where
 * the URL doesn't say otherwise (sslmode). */
Database *database_open_server(const DatabaseServer *server, DatabaseMode mode,
                               const DatabaseOwner *owner, GError **error);

/* Makes the schema and what the engine itself keeps in it, where they are missing; within a
 * transaction to write. */
gboolean database_found(Database *self, GError **error);

/* Takes what `name` names for as long as the connection lasts, or until database_let_go: TRUE when
 * it was free, else FALSE with who has it in `holder` (newly allocated) or `error`. */
gboolean database_take(Database *self, const char *name, char **holder, GError **error);
void database_let_go(Database *self, const char *name);

/* Who has it now (newly allocated); "" for nobody; NULL with error. */
char *database_holder(Database *self, const char *name, GError **error);

/* "PostgreSQL 15.18", and how it is reached: "TLSv1.3", "a socket", "without TLS". Newly allocated.
 */
char *database_server_version(const Database *self);
char *database_server_channel(const Database *self, gboolean *is_safe);

/* "libpq 15.18", of the one that runs. Newly allocated. */
char *database_server_library(void);

#endif
