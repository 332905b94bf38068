/* tempdb - what of a list is too much for memory, in tables of a temporary file, gone with its owner */
#ifndef LIST_TEMPDB_H
#define LIST_TEMPDB_H

#include "sql/statement.h"

/* Opens one (see database_open_temporary) and runs `schema`. NULL with IO and the engine's reason,
 * as whatever fails with it later. To be closed with database_close. */
Database *tempdb_open(const char *schema, GError **error);

#endif
