/* dialect - what PostgreSQL has otherwise than SQLite
 *
 * SQL is written once, so that both take it. What can't be is told apart here and nowhere else.
 */
#ifndef SQL_DIALECT_H
#define SQL_DIALECT_H

#include <glib.h>

/* A query as PostgreSQL wants it; newly allocated. Case is folded as SQLite folds it, of ASCII only,
 * whatever the server's locale. */
char *dialect_query(const char *sql);

/* The same of what makes tables. Whole numbers have 64 bits, texts are compared by their bytes. */
char *dialect_tables(const char *sql);

/* The same query, an INSERT of VALUES or an UPDATE, for many rows at once: each parameter is an array of
 * the type in `types` ("bigint", "text", "bytea"; `count` of them). An UPDATE gives which of them found a
 * row, counted from 1. Newly allocated. */
char *dialect_many(const char *query, const char *const *types, guint count);

/* The statements of a text, each without its semicolon, NULL-terminated; to be freed with
 * g_strfreev. A semicolon within quotes ends none. */
char **dialect_split(const char *sql);

#endif
