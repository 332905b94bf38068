/* columns - the names in the first line of a sheet
 */
#ifndef LIST_COLUMNS_H
#define LIST_COLUMNS_H

#include <glib.h>

enum {
    COLUMNS_MAX = 500,
    COLUMNS_NAME_MAX = 200, /* bytes of a name */
};

typedef struct Columns Columns;

/* Takes the cells of a row for names, trimmed and as NFC; empty ones at the end are left out, for
 * Excel writes them where there once was something. NULL with DATA "file:line: ..." for a column
 * without a name, two of one name (upper and lower case are alike: SQL can't tell them apart), a
 * line end or control character in a name, or a limit. NULL without error when all cells are empty.
 */
Columns *columns_new(const char *file, guint line, char *const *cells, guint count, GError **error);
void columns_free(Columns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Columns, columns_free)

/* In the file's order; NULL-terminated, borrowed. */
const char *const *columns_names(const Columns *self);
guint columns_count(const Columns *self);

/* The place of a column by its exact name (as NFC), or -1. */
int columns_find(const Columns *self, const char *name);

#endif
