/* schema_oauth2 - the rows of the table of keys that are about signing in with access tokens
 * (private to this folder; a part of config/schema.c)
 */
#ifndef CONFIG_SCHEMA_OAUTH2_H
#define CONFIG_SCHEMA_OAUTH2_H

#include "config/schema.h"

extern const SchemaKey SCHEMA_OAUTH2_KEYS[];
extern const guint SCHEMA_OAUTH2_COUNT;

/* A chapter of circular-config(5), in mdoc(7): how an IT officer sets it up. */
extern const char SCHEMA_OAUTH2_MAN[];

#endif
