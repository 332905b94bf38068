/* engine - the connection itself: private to lib/sql */
#ifndef SQL_ENGINE_H
#define SQL_ENGINE_H

#include <sqlite3.h>

#include "sql/database.h"

struct Database {
    sqlite3 *engine;
    char *path; /* NULL for a temporary one */
    DatabaseOwner owner;
    GHashTable *statements; /* SQL text by address -> Statement */
};

#endif
