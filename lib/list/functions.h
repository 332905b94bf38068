/* functions - what a `where` expression may call, and how it compares
 *
 * SQLite's own LIKE, lower and upper know ASCII only, and its LIKE takes exponential time for some
 * patterns; these are replaced. Its clock is not ours, so that date('now') is replaced by today().
 *
 *   text LIKE pattern [ESCAPE c]   % and _, upper and lower case alike in any script; linear in the
 *                                  text for each % of the pattern
 *   lower(x) upper(x)              in any script
 *   today()                        "2026-01-05", local
 *   day(x)                         "2019-08-31" for 31-08-2019, 31/08/2019 (the register's forms)
 * and 2019-08-31; '' for what is no day, and for 01-01-1900, which stands for "not known" in the
 * register
 *
 * SQLite's own that are allowed: abs coalesce iif ifnull instr length ltrim max min nullif replace
 * round rtrim substr substring trim typeof unicode.
 */
#ifndef LIST_FUNCTIONS_H
#define LIST_FUNCTIONS_H

#include <glib.h>
#include <sqlite3.h>

/* The collation of every column: two numbers ("9", "-1.50") compare by value, and number before any
 * other text, so that `Pupils > 200` does what it says; the rest compares byte by byte. Only the
 * same bytes are equal: '0012' is not '12'. The empty text comes before all. */
#define FUNCTIONS_COLLATION "numbers_first"

/* Registers the collation and our functions; an SQLite result code. */
int functions_register(sqlite3 *db);

/* Whether a cell is a number as the collation sees it: a sign, digits, a fraction. */
gboolean function_number(const char *text, gsize length, double *number);

/* What day(x) gives: "2019-08-31", newly allocated, or NULL for what is no day. */
char *function_day(const char *text);

/* Whether an expression may call it (any case). */
gboolean function_is_allowed(const char *name);

/* All of them, "abs, coalesce, ...". */
const char *functions_list(void);

#endif
