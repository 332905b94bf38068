/* engine - what is behind a connection: private to lib/sql
 *
 * Each engine is a const struct of functions. The text of SQL is the same for both as it comes; what
 * PostgreSQL has otherwise is told apart in sql/dialect. A function that returns FALSE or
 * ENGINE_FAULT has left what went wrong for `fault`.
 */
#ifndef SQL_ENGINE_H
#define SQL_ENGINE_H

#include "sql/database.h"

typedef enum { ENGINE_ROW, ENGINE_DONE, ENGINE_FAULT } EngineStep;

typedef struct {
    void (*close)(Database *self); /* frees what is the engine's, and `self` */
    DatabaseFault (*fault)(const Database *self);

    gboolean (*run)(Database *self, const char *sql);
    gboolean (*begin)(Database *self, gboolean to_write);
    gboolean (*commit)(Database *self);
    void (*rollback)(Database *self);
    gboolean (*in_transaction)(const Database *self);
    gboolean (*is_read_only)(const Database *self);
    guint64 (*changes)(const Database *self);

    /* A statement is whatever the engine likes; NULL is a fault. */
    gpointer (*prepare)(Database *self, const char *sql, gboolean is_kept);
    void (*finalize)(gpointer statement);
    void (*rewind)(gpointer statement); /* what is bound stays */
    void (*reset)(gpointer statement);
    gboolean (*is_write)(gpointer statement);
    void (*bind_integer)(gpointer statement, int index, gint64 value);
    void (*bind_text)(gpointer statement, int index, const char *text);
    void (*bind_raw)(gpointer statement, int index, const char *text, gsize length);
    void (*bind_bytes)(gpointer statement, int index, const char *bytes, gsize length);
    void (*bind_none)(gpointer statement, int index);
    EngineStep (*step)(gpointer statement);
    /* Keeps a write to be run together with those that follow it, and runs what was kept; NULL where
     * there is nothing to be gained by it. */
    gboolean (*queue)(gpointer statement, guint64 *changed);
    gboolean (*flush)(Database *self);
    guint64 (*changed)(gpointer statement); /* by the last step, which was the last */
    gint64 (*integer)(gpointer statement, int column);
    const char *(*text)(gpointer statement, int column, gsize *length); /* which may be NULL */
    const char *(*bytes)(gpointer statement, int column, gsize *length);
} Engine;

struct Database {
    const Engine *engine;
    char *path; /* for people; NULL for a temporary one */
    DatabaseOwner owner;
    GHashTable *statements; /* SQL text by address -> Statement */
};

#endif
