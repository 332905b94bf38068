/* where - an office's SQL expression, asked of one row at a time
 *
 * SQLite evaluates it, over a row that holds nothing but the cells of the columns the expression
 * names, in a connection that has no other data, behind an authorizer: one expression, no query, no
 * side effect, only the functions of where/functions.h, bounded size and time. Rows need not be
 * stored to be filtered.
 *
 * Whoever brings the records (where/whereanswers.h) can ask answered('school-support') of a row that
 * has a key.
 *
 * Cells compare by what they say (where/byvalue.h): with a number as numbers, with a day as days;
 * what says none is unknown. A name with a space or bracket stands in double quotes:
 * "EstablishmentStatus (name)"; texts in single ones.
 */
#ifndef WHERE_WHERE_H
#define WHERE_WHERE_H

#include <glib.h>

#include "where/wheretally.h"

enum {
    WHERE_BYTES_MAX = 10000,     /* of an expression */
    WHERE_DEPTH_MAX = 1000,      /* operators within one another; each OR of a chain is one */
    WHERE_VALUE_MAX = 100000,    /* bytes of a cell it reads, or of a text it makes */
    WHERE_MILLISECONDS = 5000,   /* for all rows together, */
    WHERE_ROW_MICROSECONDS = 25, /* or this much for each row, where that is more */
};

/* Time that several expressions share; all zero at first. */
typedef struct {
    gint64 budget, spent, rows; /* microseconds; what all rows so far add up to */
} WherePurse;

typedef struct {
    const char *expression;
    const char *const *columns; /* NULL-terminated; at most 1000 */
    const char *file;           /* where the expression stands, for errors */
    guint line;                 /* 0 if it isn't known */
    guint milliseconds;         /* for all rows, instead of the times above; 0 for those */
    const char *what;           /* what errors call it; NULL for "where" */
    WherePurse *purse; /* NULL for one of its own; else it outlives the Where, and each row of each
                        * expression counts as one */
    gboolean wants_value;        /* for where_value instead of where_matches */
    const WhereAnswers *answers; /* outlives the Where; NULL: answered() can't be asked */
} WhereSpec;

typedef struct Where Where;

/* Compiles. NULL with CONFIG "file:line: where: ..." (or what `what` calls it) and a mend: what
 * where/sqlslips.h finds, a syntax error, anything that isn't one plain expression, a function that
 * isn't allowed, limits. NULL, too, with what the answers' load says. */
Where *where_new(const WhereSpec *spec, GError **error);
void where_free(Where *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Where, where_free)

/* What it says of a row; the cells stand in the order of the columns. FALSE with CONFIG when the
 * time is spent or the expression fails on this row (a cell or text over WHERE_VALUE_MAX, an
 * overflow), naming the row. */
gboolean where_ask(Where *self, const WhereRow *row, Truth *answer, GError **error);

/* The same for a row that stands at `file`:`line`: whether it is true. */
gboolean where_matches(Where *self, char *const *cells, const char *file, guint line,
                       gboolean *matches, GError **error);

/* Why the row that was asked about isn't chosen: the parts between its ANDs that are false or
 * unknown, each with the cells that it reads; newly allocated. NULL as where_ask fails. */
char *where_why(Where *self, const WhereRow *row, GError **error);

/* Findings about all rows that were asked about (where/wheretally.h); `is_filter` as there. Beside
 * those: and-before-or, a warning of AND and OR side by side without brackets; unasked-question, an error of a filter and else a warning, where answered() asks what no
 * letter asked. */
void where_report(const Where *self, gboolean is_filter, Findings *findings);

/* The expression's value for a row as a text, "" for NULL; newly allocated. NULL as where_matches
 * fails. */
char *where_value(Where *self, char *const *cells, const char *file, guint line, GError **error);

/* Whether the expression calls answered(): rows then want their key. */
gboolean where_asks_answers(const Where *self);

/* Whether the expression reads that column. */
gboolean where_reads(const Where *self, guint column);

#endif
