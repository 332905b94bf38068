/* schema_return - the rows of the table of keys that are about what comes back (private to this
 * folder; a part of config/schema.c)
 */
#ifndef CONFIG_SCHEMA_RETURN_H
#define CONFIG_SCHEMA_RETURN_H

#include "config/schema.h"

#define SCHEMA_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

extern const SchemaKey SCHEMA_RETURN_KEYS[];
extern const guint SCHEMA_RETURN_COUNT;

#endif
