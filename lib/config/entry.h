/* entry - one key's value, checked against its row of the schema
 */
#ifndef CONFIG_ENTRY_H
#define CONFIG_ENTRY_H

#include "config/schema.h"
#include "config/tree.h"

enum { ENTRY_DIGITS_MAX = 12 }; /* of a number or duration, so that none overflows */

typedef struct {
    const SchemaKey *row;
    guint line;    /* 0 for a default */
    char *text;    /* of all kinds but a list; lines joined with \n; no line end after the last */
    char **texts;  /* of SCHEMA_TEXTS and SCHEMA_COMMAND */
    gint64 number; /* of a number; of a duration in seconds; of a flag 0 or 1 */
} Entry;

/* The value of `node`. NULL with CONFIG "file:line: 'path' must be ...", which says what is
 * allowed. A value left empty is an error too: whether it meant "none" or was forgotten, nobody can
 * tell. */
Entry *entry_parse(const SchemaKey *row, const char *path, const Tree *node, const char *file,
                   GError **error);

/* The default of a row, or NULL when it has none. A default that doesn't fit its row aborts. */
Entry *entry_default(const SchemaKey *row);

void entry_free(Entry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Entry, entry_free)

#endif
