/* table - a fenced block `table`: comma-separated values that become a table
 *
 * A table drawn with pipes, as on GitHub, becomes the same (markup/pipetable.c). The first row is
 * the header. Markdown within a line is read in every cell. A line that holds nothing but a section's tag stands between rows.
 * The rest of the info string is the caption: ```table Dates for the spring term
 *
 * A block `chart` is a table of names and numbers that is shown with bars (markup/barchart.c).
 */
#ifndef MARKUP_TABLE_H
#define MARKUP_TABLE_H

#include <cmark.h>
#include <glib.h>

#include "base/finding.h"
#include "template/placeholders.h"

enum { TABLE_ROWS_MAX = 2000, TABLE_COLUMNS_MAX = 20 /* as WRAP_COLUMNS_MAX */ };

typedef struct {
    const PlaceholderTag *tag; /* of a section, or NULL for a row of cells */
    char **cells; /* NULL-terminated; words of tags within; trimmed: as they were written,
                          * and after table_settle as they read */
    cmark_node *
        *nodes;  /* a paragraph for each cell, owned by the Markdown; NULL for an empty one */
    guint line;  /* of the file; 0 for a tag */
    guint share; /* of a chart: of the longest bar, in hundredths */
} TableRow;

typedef struct {
    char *caption;   /* or NULL */
    GPtrArray *rows; /* of TableRow; the header is the first that is no tag */
    guint columns;
    gboolean is_chart; /* names and numbers, shown with bars */
    guint line;        /* of the file, where it begins */
    char *alignments;  /* of each column: 'l', 'c' or 'r'; of numbers 'r', unless it was said */
} Table;

/* A row of cells as it was read. */
typedef struct {
    char **cells; /* NULL-terminated */
    guint line;
} TableLine;

/* Whether a fence's info string asks for a table, or for the kind of it that is a chart. */
gboolean table_is_asked(const char *info);
gboolean table_is_chart(const char *info);

/* Reads a fence's lines, of which the first stands on `line` of `file`. NULL when an error was
 * added: broken CSV, no row below the header, rows of different length, limits. */
Table *table_new(const char *info, const char *literal, const Placeholders *aside, const char *file,
                 guint line, Findings *findings);
void table_free(Table *self);

/* The same of rows that were read elsewhere; of TableLine. `alignments` as in Table, with '-' where
 * nothing was said. */
Table *table_of(const GPtrArray *lines, const char *alignments, const Placeholders *aside,
                const char *file, Findings *findings);

/* Makes the cells what their nodes read, and aligns the columns of numbers. To be called when the
 * tree is finished. */
void table_settle(Table *self);

/* The columns of plain text that a column can't do without: those of its longest word. */
guint table_least(const Table *self, const Placeholders *aside, guint column);

#endif
