/* where - an office's SQL expression, asked of one row at a time
 *
 * SQLite evaluates it, over a row that holds nothing but the cells of the columns the expression
 * names, in a connection that has no other data, behind an authorizer: one expression, no query, no
 * side effect, only the functions of list/functions.h, bounded size and time. Rows need not be
 * stored to be filtered.
 *
 * All cells are text. Compared with a number they compare by value where they are numbers, else as
 * text (list/functions.h); arithmetic wants CAST(x AS INTEGER) or x + 0 as anywhere in SQL. A name
 * with a space or bracket stands in double quotes: "EstablishmentStatus (name)"; texts in single
 * ones.
 */
#ifndef LIST_WHERE_H
#define LIST_WHERE_H

#include <glib.h>

enum {
    WHERE_BYTES_MAX = 10000,      /* of an expression */
    WHERE_DEPTH_MAX = 1000,       /* operators within one another; each OR of a chain is one */
    WHERE_VALUE_MAX = 100000,     /* bytes of a cell it reads, or of a text it makes */
    WHERE_MILLISECONDS = 5000,    /* for all rows together, */
    WHERE_ROW_MICROSECONDS = 100, /* and this much more for each row */
};

/* Time that several expressions share; all zero at first. */
typedef struct {
    gint64 budget, spent; /* microseconds */
} WherePurse;

typedef struct {
    const char *expression;
    const char *const *columns; /* NULL-terminated; at most 1000 */
    const char *file;           /* where the expression stands, for errors */
    guint line;                 /* 0 if it isn't known */
    guint milliseconds;         /* for all rows, instead of the times above; 0 for those */
    const char *what;           /* what errors call it; NULL for "where" */
    WherePurse *purse; /* NULL for one of its own; else it outlives the Where, and each row of each
                        * expression adds WHERE_ROW_MICROSECONDS */
    gboolean wants_value; /* for where_value instead of where_matches */
} WhereSpec;

typedef struct Where Where;

/* Compiles. NULL with CONFIG "file:line: where: ..." (or what `what` calls it) and a fix: an
 * unknown column (with a "did you mean"), a text in double quotes, a syntax error, anything that
 * isn't one plain expression, a function that isn't allowed, limits. */
Where *where_new(const WhereSpec *spec, GError **error);
void where_free(Where *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Where, where_free)

/* Whether a row matches; `cells` stand in the order of the columns. FALSE with CONFIG when the time
 * is spent or the expression fails on this row (a cell or text over WHERE_VALUE_MAX, an overflow),
 * naming `file`:`line` as the row. */
gboolean where_matches(Where *self, char *const *cells, const char *file, guint line,
                       gboolean *matches, GError **error);

/* The expression's value for a row as a text, "" for NULL; newly allocated. NULL as where_matches
 * fails. */
char *where_value(Where *self, char *const *cells, const char *file, guint line, GError **error);

/* Whether the expression reads that column. */
gboolean where_reads(const Where *self, guint column);

#endif
