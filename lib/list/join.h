/* join - the rows of a second sheet, found by the value of one column
 *
 * The office's own "URN,email" beside the register's extract. Kept in a scratch database.
 */
#ifndef LIST_JOIN_H
#define LIST_JOIN_H

#include <glib.h>

#include "base/finding.h"
#include "sheet/sheet.h"

typedef struct Join Join;

/* Reads the sheet, whose column number `on` holds the value that is looked for, exactly as it is
 * (cells come trimmed). Keeps the columns that `wanted` numbers. Findings beside the sheet's own:
 *   error   join-twins   two rows with one value: it names both lines; the first is used
 *   note    join-twins   the same, where all wanted cells are the same: how many
 *   warning join-empty   a row without a value
 * NULL with what sheet_read or the scratch database says. */
Join *join_new(Sheet *sheet, guint on, const guint *wanted, guint n_wanted, Findings *findings,
               GError **error);
void join_free(Join *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Join, join_free)

/* The wanted cells of the row with that value in `cells`, borrowed until the next call, and its
 * line; or empty ones, and 0. FALSE with IO. */
gboolean join_find(Join *self, const char *value, const char **cells, guint *line, GError **error);

/* How many rows nobody asked for yet, and the line and value (newly allocated) of the first of
 * them; 0 when all were. FALSE with IO. */
gboolean join_unused(Join *self, guint64 *count, guint *line, char **value, GError **error);

#endif
