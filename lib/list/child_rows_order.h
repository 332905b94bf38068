/* child_rows_order - what the rows of list/child_rows.h are ordered by (private to it)
 */
#ifndef LIST_CHILD_ROWS_ORDER_H
#define LIST_CHILD_ROWS_ORDER_H

#include "list/child_rows.h"
#include "sql/statement.h"

typedef struct ChildRowsOrder ChildRowsOrder;

/* Errors as child_rows_new. */
ChildRowsOrder *child_rows_order_new(const ChildRowsSpec *spec, const char *const *columns,
                                     GError **error);
void child_rows_order_free(ChildRowsOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChildRowsOrder, child_rows_order_free)

/* "k0 DESC, k1, ", for CHILD_ROWS_ORDER_MAX columns of keys; newly allocated. */
char *child_rows_order_clause(const ChildRowsOrder *self);

/* Binds a row's keys to the CHILD_ROWS_ORDER_MAX parameters from `first` on; those that aren't used are
 * NULL. FALSE with CONFIG as where_value. */
gboolean child_rows_order_bind(ChildRowsOrder *self, Statement *statement, int first,
                               const char *const *cells, const char *file, guint line,
                               GError **error);

#endif
