/* sqlslips - what people get wrong in an SQL expression, and the line that they meant
 *
 * What would be an error to SQLite, said so that an officer can mend it; and what SQLite takes
 * although it can't mean what it says: a text alone as a condition, a date that is a subtraction,
 * a comparison with NULL. Each message ends with the line to write instead where one can be told.
 */
#ifndef WHERE_SQLSLIPS_H
#define WHERE_SQLSLIPS_H

#include "where/expression.h"

typedef struct {
    const char *source;
    const char *const *columns;
    const char *key;   /* in the config, "where": what a line that YAML wants quoted begins with */
    gboolean is_value; /* a value is wanted, not a condition */
    guint steps;       /* how many slips were fixed on the way here, and */
    char **meant;      /* where the line to write goes, newly allocated; NULL for nowhere. A line
                        * that still has a slip is fixed further, or there is none */
} SlipsSpec;

/* What is wrong, newly allocated; NULL for nothing. slips_in_words looks at an expression that may
 * not parse, slips_unparsed at one that doesn't (`at` is where it stops), slips_in_tree at one that
 * does. slips_unquoted finds columns that need their quotes, whether or not it parses. */
char *slips_find(const SlipsSpec *spec); /* all of the following */
char *slips_in_words(const SlipsSpec *spec);
char *slips_unquoted(const SlipsSpec *spec);
char *slips_unparsed(const SlipsSpec *spec, gsize at);
char *slips_in_tree(const SlipsSpec *spec, const Expression *tree);
char *slips_foreign(const SlipsSpec *spec); /* && and the like, where something else is wrong */

/* Where AND and OR stand side by side without brackets: how the first such chain is read, with
 * them; newly allocated. NULL where there is none. */
char *slips_mixed(const char *source, const Expression *tree);

#endif
