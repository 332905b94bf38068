/* sqlslips_parts - what the files of where/sqlslips.h share
 */
#ifndef WHERE_SQLSLIPS_PARTS_H
#define WHERE_SQLSLIPS_PARTS_H

#include "where/sqlslips.h"

/* A chain of ANDs or ORs that is the same for every row, newly allocated; NULL for none. Asked of
 * each node; looks at the whole chain from its top. */
char *slips_in_chain(const SlipsSpec *spec, const Expr *node, const Expr *parent);

/* A comparison with what its other side never says: NULL in a list, more letters than substr()
 * gives, a day that no calendar has, a month. */
char *slips_in_values(const SlipsSpec *spec, const Expr *node);

/* Whether an AND or OR stands in brackets of its own. */
gboolean slips_is_bracketed(const Expr *node);

#endif
