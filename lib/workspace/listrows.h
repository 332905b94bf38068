/* listrows - the rows of an audience's list as they stand in it today, by key
 *
 * For whoever wants a list back with what became of each row: the list's own columns and cells,
 * without what a second sheet, derived fields or flags add. All that `where` chooses is read into
 * memory, also who gets no letter for want of an address.
 */
#ifndef WORKSPACE_LISTROWS_H
#define WORKSPACE_LISTROWS_H

#include "workspace/workspace.h"

typedef struct ListRows ListRows;

/* Of an audience, or of several ("heads, ceos"), whose columns are put side by side, each name once.
 * NULL as workspace_audience. */
ListRows *listrows_open(const Workspace *workspace, const char *audiences, GError **error);
void listrows_free(ListRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ListRows, listrows_free)

/* The names, NULL-terminated. Borrowed. */
const char *const *listrows_columns(const ListRows *self);

/* The cells of a key, one a column. Of a key that no row has today, or that was asked for before (a
 * school with several addresses), only the key stands in its column; if the key is a derived field,
 * nothing. Borrowed until the next call. */
const char *const *listrows_cells(ListRows *self, const char *key);

#endif
