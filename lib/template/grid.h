/* grid - a table in plain text: columns aligned, cells wrapped within them
 *
 * Takes cells one after another and lays them out when all are known. Columns are as wide as their
 * widest cell; when the lines would be over WRAP_WIDTH, the widest columns give way first, but none
 * below its longest word.
 */
#ifndef TEMPLATE_GRID_H
#define TEMPLATE_GRID_H

#include <glib.h>

typedef struct Grid Grid;

/* `alignments` is a letter a column, 'l', 'c' or 'r', at least 1 and at most WRAP_COLUMNS_MAX;
 * `prefix` begins every line. Both are borrowed. */
Grid *grid_new(const char *alignments, const char *prefix);
void grid_free(Grid *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grid, grid_free)

/* Adds a cell (text as wrap_append takes it; copied), ends a row, adds a rule. A row may lack
 * cells; those beyond the last column are dropped. */
void grid_cell(Grid *self, const char *text, gsize length);
void grid_row(Grid *self);
void grid_rule(Grid *self, char c);

/* Appends the table's lines. */
void grid_append(const Grid *self, GString *out);

#endif
