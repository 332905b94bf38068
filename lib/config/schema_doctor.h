/* schema_doctor - the rows of the table of keys that only 'circular doctor' asks for (private to
 * this folder; a part of config/schema.c)
 */
#ifndef CONFIG_SCHEMA_DOCTOR_H
#define CONFIG_SCHEMA_DOCTOR_H

#include "config/schema.h"

extern const SchemaKey SCHEMA_DOCTOR_KEYS[];
extern const guint SCHEMA_DOCTOR_COUNT;

#endif
