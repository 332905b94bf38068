/* schema_digest - the rows of the table of keys that are about digests (private to this folder; a
 * part of config/schema.c)
 */
#ifndef CONFIG_SCHEMA_DIGEST_H
#define CONFIG_SCHEMA_DIGEST_H

#include "config/schema.h"

extern const SchemaKey SCHEMA_DIGEST_KEYS[];
extern const guint SCHEMA_DIGEST_COUNT;

/* The digests of config.example. */
extern const char SCHEMA_DIGEST_SAMPLE[];

#endif
