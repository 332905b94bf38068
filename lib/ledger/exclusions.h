/* exclusions - the table of who was left out of a mailing, and why
 *
 * Whoever a list held and a plan did not take stands here, so that a school that got nothing can be
 * told the reason as surely as one that got something.
 */
#ifndef LEDGER_EXCLUSIONS_H
#define LEDGER_EXCLUSIONS_H

#include <glib.h>

#include "ledger/ledger.h"

/* Adds one, within the caller's transaction. `file` may be NULL and `line` 0. */
gboolean exclusions_add(Ledger *ledger, const char *mailing, const char *key, const char *address,
                        const char *reason, const char *file, guint line, GError **error);

/* Calls back with each in the order they were added; all borrowed until it returns. FALSE from the
 * callback stops (no error). The callback must not write to the ledger, nor call this again. */
typedef gboolean (*ExclusionFound)(void *user, const char *mailing, const char *key,
                                   const char *address, const char *reason, const char *file,
                                   guint line);
gboolean exclusions_each(Ledger *ledger, const char *mailing, ExclusionFound found, void *user,
                         GError **error);

/* Those of one school or person, over every mailing, the latest first: by key, or by address
 * without regard to case (of ASCII). */
gboolean exclusions_history(Ledger *ledger, const char *key_or_address, ExclusionFound found,
                            void *user, GError **error);

#endif
