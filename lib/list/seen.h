/* seen - addresses that were met before, and whose they were
 *
 * Kept in a scratch database: a million take no more memory than a thousand.
 */
#ifndef LIST_SEEN_H
#define LIST_SEEN_H

#include <glib.h>

typedef struct Seen Seen;

/* All calls fail with IO only. */
Seen *seen_new(GError **error);
void seen_free(Seen *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seen, seen_free)

/* Adds an address; `owner` stays with it. If its mailbox (address_fold) was there already, `*first`
 * is that one's owner, newly allocated, and nothing is added; else NULL. */
gboolean seen_add(Seen *self, const char *address, const char *owner, char **first, GError **error);

/* Forgets all. */
gboolean seen_clear(Seen *self, GError **error);

#endif
