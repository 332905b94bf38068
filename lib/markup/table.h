/* table - a fenced block `table`: comma-separated values that become a table
 *
 * The first row is the header. A line that holds nothing but a section's tag stands between rows.
 * The rest of the info string is the caption: ```table Dates for the spring term
 */
#ifndef MARKUP_TABLE_H
#define MARKUP_TABLE_H

#include <glib.h>

#include "base/finding.h"
#include "markup/placeholders.h"

enum { TABLE_ROWS_MAX = 2000, TABLE_COLUMNS_MAX = 20 /* as WRAP_COLUMNS_MAX */ };

typedef struct {
    const PlaceholderTag *tag; /* of a section, or NULL for a row of cells */
    char **cells;              /* NULL-terminated; words of tags within; trimmed */
    guint line;                /* of the file; 0 for a tag */
} TableRow;

typedef struct {
    char *caption;   /* or NULL */
    GPtrArray *rows; /* of TableRow; the header is the first that is no tag */
    guint columns;
    gboolean *numeric; /* of each column: every cell below the header is a number or empty */
} Table;

/* Whether a fence's info string asks for a table. */
gboolean table_is_asked(const char *info);

/* Reads a fence's lines, of which the first stands on `line` of `file`. NULL when an error was
 * added: broken CSV, no row below the header, rows of different length, limits. */
Table *table_new(const char *info, const char *literal, const Placeholders *aside, const char *file,
                 guint line, Findings *findings);
void table_free(Table *self);

/* The columns of plain text that a column can't do without: those of its longest word. */
guint table_least(const Table *self, const Placeholders *aside, guint column);

/* Calls `seen` with the caption and every cell. */
typedef void (*TableSeen)(void *user, const char *text);
void table_each_cell(const Table *self, TableSeen seen, void *user);

#endif
