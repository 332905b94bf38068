/* exclusions - the table of who was left out of a mailing, and why
 *
 * Whoever a list held and a plan did not take stands here, so that a school that got nothing can be
 * told the reason as surely as one that got something.
 */
#ifndef LEDGER_EXCLUSIONS_H
#define LEDGER_EXCLUSIONS_H

#include <glib.h>

#include "fact/exclusion.h"
#include "base/location.h"
#include "ledger/ledger.h"

/* Also those of whom a plan had taken a letter that was then not to go: suppressed before it was
 * claimed, or withdrawn. Their deliveries are DELIVERY_LEFT_OUT.
 */
typedef struct {
    const char *mailing; /* its id; not read by exclusions_add */
    const char *key;
    const char *name;          /* for people; may be "" */
    const char *label, *phone; /* of the row (list/audience.h); may be "" */
    const char *address;       /* as it stood in the list; may be "" */
    ExclusionKind kind;
    const char *detail; /* fact/exclusion.h, as `since` */
    gint64 since;
    gint64 until; /* when who is suppressed gets letters again by itself; 0: not so; not for _add */
    Location
        at; /* where the row stood, or the cell of it that was at fault; no file (read as "") when
                  * that isn't known */
} LeftOut;

/* Adds one to a mailing, within the caller's transaction; a text may be NULL for "". */
gboolean exclusions_add(Ledger *ledger, const Mailing *mailing, const LeftOut *one, GError **error);

/* Calls back with each in the order they were added; all borrowed until it returns. FALSE from the
 * callback stops (no error). The callback must not write to the ledger, nor call this again. */
typedef gboolean (*ExclusionFound)(void *user, const LeftOut *one);
gboolean exclusions_each(Ledger *ledger, const Mailing *mailing, ExclusionFound found, void *user,
                         GError **error);

/* Those of one school or person, over every mailing, the latest first: by key, or by address
 * without regard to case (of ASCII). */
gboolean exclusions_history(Ledger *ledger, const char *key_or_address, ExclusionFound found,
                            void *user, GError **error);

#endif
