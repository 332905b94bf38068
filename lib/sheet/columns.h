/* columns - the names in the first line of a sheet
 */
#ifndef SHEET_COLUMNS_H
#define SHEET_COLUMNS_H

#include <glib.h>

enum {
    COLUMNS_MAX = 500,
    COLUMNS_NAME_MAX = 200, /* bytes of a name */
};

typedef struct Columns Columns;

/* Takes the cells of a row for names, cleaned as cells are, line ends as blanks. A column without a
 * name is passed over, and so are all that share one (upper and lower case are alike: SQL can't tell
 * them apart): nobody could say which is meant. NULL with DATA "file:line: ..." for a name that is
 * not UTF-8 or a limit. NULL without error when all cells are empty. */
Columns *columns_new(const char *file, guint line, char *const *cells, guint count, GError **error);
void columns_free(Columns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Columns, columns_free)

/* In the file's order; NULL-terminated, borrowed. */
const char *const *columns_names(const Columns *self);
guint columns_count(const Columns *self);

/* Which cell of a row a column is, from 0; how many cells the row of names has. */
guint columns_cell(const Columns *self, guint column);
guint columns_cells(const Columns *self);

/* What was passed over, to be told as a note: "columns 3 and 5 are both called 'Notes': ..."; NULL
 * at the end. `cell` is the (second) cell, `is_twin` whether it has a name. Borrowed. */
typedef struct {
    guint cell, first;
    char *name; /* NULL: it has none */
} ColumnsPassed;
const ColumnsPassed *columns_passed(const Columns *self, guint index);

/* The place of a column by its exact name (as NFC), or -1. */
int columns_find(const Columns *self, const char *name);

/* Whether a cell is that name, whatever its case. */
gboolean columns_is(const char *cell, const char *name);

/* Names as a message has them, joined: the first dozen that aren't empty. Newly allocated. */
char *columns_shown(char *const *names, guint count);

#endif
