/* byvalue - an expression written so that SQLite compares cells by what they say
 *
 * To SQLite all cells are texts, and a text is greater than any number. What is written here in
 * place of a comparison makes of a cell what the other side is, or nothing (NULL), which follows
 * SQL's rule of three values: a row of which nothing is known is chosen neither by the comparison
 * nor by its negation.
 *
 *   with a number      both are numbers (sheet/cellnumber.h); for = <> IN a code ("0012") is a text
 *   with a day         both are days (where/functions.h); a literal day in order with a column, too
 *   two cells or texts = <> IN by their characters; < <= > >= BETWEEN as numbers where both are
 *   arithmetic, abs, round, CAST to a number: of numbers
 *   column IS NULL     an empty cell, which coalesce and ifnull pass over, too
 */
#ifndef WHERE_BYVALUE_H
#define WHERE_BYVALUE_H

#include "where/expression.h"

/* What the value of an expression is. */
typedef enum {
    VALUE_ANY,    /* NULL */
    VALUE_CELL,   /* whatever a cell, or a literal that could be one of several, says */
    VALUE_TEXT,   /* a text that is neither a number nor a day */
    VALUE_NUMBER, /* and a truth, which is 0 or 1 */
    VALUE_DAY
} ValueKind;

ValueKind byvalue_kind(const Expr *node);

/* Whether it is true or false (or NULL) by its nature. */
gboolean byvalue_is_condition(const Expr *node);

/* How the two or more of a comparison compare: VALUE_NUMBER, VALUE_DAY or VALUE_TEXT. `ordered` for
 * < and its like. Parts from `first` on count, `step` apart; NULL ones are passed over. */
ValueKind byvalue_compares(const Expr *node, guint first, guint step, gboolean ordered);

/* The SQL; newly allocated. Columns stand in it by their names. */
char *byvalue_write(const Expr *node, const char *const *columns);

/* A text as a cell has it: as it is compared with one. Newly allocated. */
char *byvalue_literal(const char *text);

#endif
