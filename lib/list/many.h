/* many - the rows of another list that belong to a recipient: the schools of a trust
 *
 * Grouped by a column of that list whose value a recipient has too, filtered, and in an order of
 * their own. Kept in a scratch database: a register of any size takes no more memory than a group
 * does.
 */
#ifndef LIST_MANY_H
#define LIST_MANY_H

#include <glib.h>

#include "base/finding.h"
#include "base/value.h"
#include "list/listsource.h"

enum {
    MANY_MAX = 8,         /* fields of rows in an audience */
    MANY_ROWS_MAX = 1000, /* rows that one recipient can have */
    MANY_ORDER_MAX = 4,   /* columns to order by */
};

typedef struct {
    const char *name;         /* of the field, "schools" */
    ListSpec list;            /* where the rows are */
    const char *on;           /* the column there that says to whom a row belongs */
    const char *match;        /* the recipient's column or derived field; NULL: named as `on` */
    const char *where;        /* list/where.h, or NULL for all */
    const char *const *order; /* a column, or an SQL expression, each perhaps with " desc" behind;
                               * NULL-terminated; NULL for the order of the file */
    const char *config_file;
    guint line, on_line, match_line, where_line, order_line;
} ManySpec;

typedef struct Many Many;

/* Reads the other list. A column in `order` orders as list/sortkey.h, an expression's value too;
 * rows that are equal stand in the order of the file. NULL as listsource_open and listsource_read,
 * with DATA for an unknown column (with a "did you mean"), with CONFIG for `where` and `order` as
 * where_new, or for over MANY_ORDER_MAX. Findings: those of list/listsource.h and list/sheet.h for
 * the rows that `where` chose. */
Many *many_new(const ManySpec *spec, Findings *findings, GError **error);
void many_free(Many *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Many, many_free)

/* The field's name, how findings call the list, and the columns as templates name them. Borrowed.
 */
const char *many_name(const Many *self);
const char *many_shown(const Many *self);
const char *const *many_columns(const Many *self);

/* Notes that the recipient with this key has this value. FALSE with IO. */
gboolean many_ask(Many *self, const char *key, const char *value, GError **error);

typedef struct {
    guint64 rows;    /* that somebody asked for */
    guint64 most;    /* rows of one recipient */
    guint64 without; /* recipients without rows */
} ManyCounts;

/* To be called once, after the last many_ask; counts, and adds findings about the whole:
 *
 *   error   many-rows    a recipient with over MANY_ROWS_MAX rows: who has most, and how many
 *   warning many-unused  rows that belong to no recipient: how many, and the first
 *   note    many-empty   rows without a value: they belong to nobody
 *   note    many-none    recipients without rows (a warning when nobody has any)
 *
 * FALSE with IO. */
gboolean many_settle(Many *self, Findings *findings, GError **error);
const ManyCounts *many_counts(const Many *self);

/* The rows with that value in their order: a list of maps of texts, to be freed; NULL with IO. */
Value *many_rows(Many *self, const char *value, GError **error);

/* A row, for people. */
typedef struct {
    const char *file;
    guint line;
    const char *value; /* whose it is */
} ManyPlace;

/* Among the rows that somebody asked for, how many have nothing in that column, and the first of
 * them (borrowed). All of them when there is no such column. The first call reads all rows. */
guint64 many_without(Many *self, const char *column, ManyPlace *first, GError **error);

#endif
