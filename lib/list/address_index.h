/* address_index - addresses that were met before, and whose they were
 *
 * Kept in a scratch database: a million take no more memory than a thousand.
 */
#ifndef LIST_ADDRESS_INDEX_H
#define LIST_ADDRESS_INDEX_H

#include <glib.h>

typedef struct AddressIndex AddressIndex;

/* All calls fail with IO only. */
AddressIndex *address_index_new(GError **error);
void address_index_free(AddressIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AddressIndex, address_index_free)

/* Adds an address; `owner` stays with it. If its mailbox (address_fold) was there already, `*first`
 * is that one's owner, newly allocated, and nothing is added; else NULL. */
gboolean address_index_add(AddressIndex *self, const char *address, const char *owner, char **first,
                           GError **error);

/* The owner of an address's mailbox, newly allocated, or NULL in `*owner`. */
gboolean address_index_find(AddressIndex *self, const char *address, char **owner, GError **error);

/* Forgets all. */
gboolean address_index_clear(AddressIndex *self, GError **error);

#endif
