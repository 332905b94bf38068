/* schema_audience - the rows of the table of keys that are about audiences (private to this folder;
 * a part of config/schema.c)
 */
#ifndef CONFIG_SCHEMA_AUDIENCE_H
#define CONFIG_SCHEMA_AUDIENCE_H

#include "config/schema.h"

extern const SchemaKey SCHEMA_AUDIENCE_KEYS[];
extern const guint SCHEMA_AUDIENCE_COUNT;

#endif
