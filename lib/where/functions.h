/* functions - what a `where` expression may call, and how it compares
 *
 * SQLite's own LIKE, lower and upper know ASCII only, and its LIKE takes exponential time for some
 * patterns; these are replaced. Its clock is not ours, so that date('now') is replaced by today().
 *
 *   text LIKE pattern [ESCAPE c]   % and _, upper and lower case alike in any script; linear in the
 *                                  text for each % of the pattern
 *   lower(x) upper(x)              in any script
 *   today()                        "2026-01-05", local; today(-30) thirty days earlier
 *   day(x)                         "2019-08-31" for 31-08-2019, 31/08/2019 (the register's forms),
 * 2019-08-31, 31 August 2019, 31-Aug-19 and 31/8/19 (years of two digits from 1930 to 2029); NULL
 * for what is no day, and for 01-01-1900, which stands for "not known" in the register
 *   answered('q'), answered('q', 'Yes')  whether the row has answered a letter's question, and so
 *                                  (where/whereanswers.h); NULL where that isn't known
 *   number(x)                      what a cell says as a number (sheet/cellnumber.h); NULL for none
 *
 * SQLite's own that are allowed: abs coalesce iif ifnull instr length ltrim max min nullif replace
 * round rtrim substr substring trim typeof unicode.
 */
#ifndef WHERE_FUNCTIONS_H
#define WHERE_FUNCTIONS_H

#include <glib.h>
#include <sqlite3.h>

#include "where/whereanswers.h"

/* The collation of every column, for max and min: two numbers ("9", "-1.50") compare by value, and
 * number before any other text; the rest compares byte by byte. Only the same bytes are equal:
 * '0012' is not '12'. The empty text comes before all. */
#define FUNCTIONS_COLLATION "numbers_first"

/* What a connection's functions share with whoever asks it. */
typedef struct {
    gboolean (*is_out_of_time)(void *user); /* asked now and then while a text is searched */
    void *user;
    gboolean *doubts;            /* one a column: set where a cell was no number, or no day; */
    guint answer;                /* and the one that is set where an answer isn't known */
    const WhereAnswers *answers; /* NULL: answered() is refused before it is called */
    const char *key;             /* of the row at hand */
} FunctionsWatch;

/* Registers the collation and our functions; an SQLite result code. Beside those above, what
 * where/byvalue.h writes in place of comparisons (columns are counted from 0; -1 is none):
 *
 *   cell_number(x, column)       as number(x)
 *   cell_same(x, column)         the same, for = and <>; a code, "0012", remains a text
 *   cell_day(x, column)          as day(x)
 *   cell_order(x, y, cx, cy)     -1, 0 or 1: numbers and days by value, texts by their characters;
 *                                NULL where only one of the two is a number or a day, or is empty
 *   cell_between(x, y, z, cx)    whether x is from y to z by cell_order
 */
int functions_register(sqlite3 *db, FunctionsWatch *watch);

/* Whether a cell is a number as the collation and the order of rows see it. */
gboolean function_number(const char *text, gsize length, double *number);

/* What day(x) gives: "2019-08-31", newly allocated, or NULL for what is no day. */
char *function_day(const char *text);

/* text LIKE pattern. */
gboolean function_like(const char *pattern, const char *text);

/* Whether an expression may call it (any case), and whether it is one of ours that only
 * where/byvalue.h writes. */
gboolean function_is_allowed(const char *name);
gboolean function_is_inner(const char *name);

/* All of them, "abs, coalesce, ...". */
const char *functions_list(void);

#endif
