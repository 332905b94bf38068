/* child_rows - the rows of another list that belong to a recipient: the schools of a trust
 *
 * Grouped by a column of that list whose value a recipient has too, filtered, and in an order of
 * their own. Kept in a scratch database: a register of any size takes no more memory than a group
 * does.
 */
#ifndef LIST_CHILD_ROWS_H
#define LIST_CHILD_ROWS_H

#include <glib.h>

#include "base/finding.h"
#include "base/location.h"
#include "base/value.h"
#include "list/listsource.h"

enum {
    CHILD_ROWS_MAX = 8,         /* fields of rows in an audience */
    CHILD_ROWS_EACH_MAX = 1000, /* rows that one recipient can have */
    CHILD_ROWS_ORDER_MAX = 4,   /* columns to order by */
};

typedef struct {
    const char *name;         /* of the field, "schools" */
    ListSpec list;            /* where the rows are */
    const char *on;           /* the column there that says to whom a row belongs */
    const char *match;        /* the recipient's column or derived field; NULL: named as `on` */
    const char *where;        /* where/where.h, or NULL for all */
    const char *const *order; /* a column, or an SQL expression, each perhaps with " desc" behind;
                               * NULL-terminated; NULL for the order of the file */
    const char *config_file;
    guint line, on_line, match_line, where_line, order_line;
} ChildRowsSpec;

typedef struct ChildRows ChildRows;

/* Reads the other list. A column in `order` orders as list/sortkey.h, an expression's value too;
 * rows that are equal stand in the order of the file. NULL as listsource_open and listsource_read,
 * with DATA for an unknown column (with a "did you mean"), with CONFIG for `where` and `order` as
 * where_new, or for over CHILD_ROWS_ORDER_MAX. Findings: those of list/listsource.h and sheet/sheet.h for
 * the rows that `where` chose. */
ChildRows *child_rows_new(const ChildRowsSpec *spec, Findings *findings, GError **error);
void child_rows_free(ChildRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChildRows, child_rows_free)

/* The field's name, how findings call the list, and the columns as templates name them. Borrowed.
 */
const char *child_rows_name(const ChildRows *self);
const char *child_rows_shown(const ChildRows *self);
const char *const *child_rows_columns(const ChildRows *self);

/* Notes that the recipient with this key has this value. FALSE with IO. */
gboolean child_rows_ask(ChildRows *self, const char *key, const char *value, GError **error);

typedef struct {
    guint64 rows;    /* that somebody asked for */
    guint64 most;    /* rows of one recipient */
    guint64 without; /* recipients without rows */
} ChildRowsCounts;

/* To be called once, after the last child_rows_ask; counts, and adds findings about the whole:
 *
 *   error   many-rows    a recipient with over CHILD_ROWS_EACH_MAX rows: who has most, and how many
 *   warning many-unused  rows that belong to no recipient: how many, and the first
 *   note    many-empty   rows without a value: they belong to nobody
 *   note    many-none    recipients without rows (a warning when nobody has any)
 *
 * FALSE with IO. */
gboolean child_rows_settle(ChildRows *self, Findings *findings, GError **error);
const ChildRowsCounts *child_rows_counts(const ChildRows *self);

/* The rows with that value in their order: a list of maps of texts, to be freed; NULL with IO. */
Value *child_rows_rows(ChildRows *self, const char *value, GError **error);

/* A row, for people. */
typedef struct {
    Location at;       /* the cell; the row of what is joined */
    const char *value; /* whose it is */
} ChildRowsPlace;

/* Among the rows that somebody asked for, how many have nothing in that column, and the first of
 * them (borrowed). All of them when there is no such column. The first call reads all rows. */
guint64 child_rows_without(ChildRows *self, const char *column, ChildRowsPlace *first,
                           GError **error);

#endif
