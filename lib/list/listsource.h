/* listsource - a list's rows, each with the row of a second sheet that is joined to it
 *
 * What an audience is taken from, and what the rows within a letter are taken from.
 */
#ifndef LIST_LISTSOURCE_H
#define LIST_LISTSOURCE_H

#include <glib.h>

#include "base/finding.h"
#include "list/join.h"
#include "sheet/sheet.h"
#include "where/wheretally.h"

typedef struct {
    SheetSpec sheet;
    SheetSpec join;          /* .file is NULL when there is none */
    const char *join_on;     /* the column that both have */
    const char *owner;       /* who wants it, for errors: "audience 'heads'" */
    const char *config_file; /* where join_on stands */
    guint join_line;
} ListSpec;

typedef struct ListSource ListSource;

/* Opens the sheets and notes their columns. NULL as sheet_open, and with DATA or CONFIG when the
 * column to join by isn't there. Finding: warning join-column, a column that both sheets have: the
 * list's is used. */
ListSource *listsource_open(const ListSpec *spec, Findings *findings, GError **error);
void listsource_free(ListSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ListSource, listsource_free)

/* The headings of the list, then those of the second sheet that are new; NULL-terminated. */
const char *const *listsource_columns(const ListSource *self);

/* How findings call the list. */
const char *listsource_shown(const ListSource *self);

/* The same of the second sheet; NULL for none. */
const char *listsource_joined_shown(const ListSource *self);

/* Sets DATA: the list has no column `name`, which is `what` ("the key"), and what there is instead.
 * `line` is the config's. Always FALSE. */
gboolean listsource_no_column(const ListSource *self, const char *name, const char *what,
                              guint line, GError **error);

typedef struct {
    SheetLine at;
    gboolean has_partner; /* TRUE when nothing is joined */
    guint partner_line;   /* in the second sheet; 0 where there is none */
} ListLine;

/* One row: a cell a column, borrowed until the callback returns. FALSE with error stops. */
typedef gboolean (*ListRow)(void *user, const ListLine *line, const char *const *cells,
                            GError **error);

/* Reads all rows, once. FALSE as sheet_read, join_new, or with what the callback set. */
gboolean listsource_read(ListSource *self, ListRow row, void *user, GError **error);

/* A row as an expression is asked about it. Borrows all. */
WhereRow listsource_where_row(const ListSource *self, const ListLine *line,
                              const char *const *cells);

/* Where each column's cells stand: one for each of listsource_columns. */
const WhereColumn *listsource_where_columns(const ListSource *self);

/* Where a column's cell of a row stands. The line is 0 where the row has no partner that could have
 * it. */
Location listsource_location(const ListSource *self, const ListLine *line, guint column);

/* To be called for each row that was chosen: findings about its cells (sheet_report), and for
 * listsource_report. */
void listsource_chosen(ListSource *self, const ListLine *line, const char *const *cells);

/* The row has no partner, and for that nobody to be written to: join-none says how many. */
void listsource_lost(ListSource *self);

/* Findings about the whole: warning join-none, chosen rows without a partner; note join-unused,
 * partners that no row asked for; how many of each, and the first; and those of join_report_twins.
 * `matters` says of which columns it matters in what partners differ; NULL of all. FALSE with IO. */
typedef gboolean (*ListMatters)(void *user, guint column);
gboolean listsource_report(ListSource *self, ListMatters matters, void *user, GError **error);

/* After that, of a column, the first two partners with one key that differ in it; its `value` is
 * NULL where there are none. Borrowed. */
const JoinDiffer *listsource_differ(const ListSource *self, guint column);

guint64 listsource_rows(const ListSource *self);
guint64 listsource_rows_chosen(const ListSource *self);

#endif
