/* schema_check - the rows of the table of keys that are about what is checked before a letter
 * leaves (private to this folder; a part of config/schema.c)
 */
#ifndef CONFIG_SCHEMA_CHECK_H
#define CONFIG_SCHEMA_CHECK_H

#include "config/schema.h"

extern const SchemaKey SCHEMA_CHECK_KEYS[];
extern const guint SCHEMA_CHECK_COUNT;

#endif
