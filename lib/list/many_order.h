/* many_order - what the rows of list/many.h are ordered by (private to it)
 */
#ifndef LIST_MANY_ORDER_H
#define LIST_MANY_ORDER_H

#include <sqlite3.h>

#include "list/many.h"

typedef struct ManyOrder ManyOrder;

/* Errors as many_new. */
ManyOrder *many_order_new(const ManySpec *spec, const char *const *columns, GError **error);
void many_order_free(ManyOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ManyOrder, many_order_free)

/* "k0 DESC, k1, ", for MANY_ORDER_MAX columns of keys; newly allocated. */
char *many_order_clause(const ManyOrder *self);

/* Binds a row's keys to the MANY_ORDER_MAX parameters from `first` on; those that aren't used are
 * NULL. FALSE with CONFIG as where_value. */
gboolean many_order_bind(ManyOrder *self, sqlite3_stmt *statement, int first,
                         const char *const *cells, const char *file, guint line, GError **error);

#endif
