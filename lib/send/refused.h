/* refused - what those whom a server refused have in common, and the way back to them
 *
 * Several recipients refused in the same words were seldom refused for their own sake: a block, a
 * limit, a wrong setting. When that is fixed their letters can be sent.
 */
#ifndef SEND_REFUSED_H
#define SEND_REFUSED_H

#include "ledger/deliveries.h"

typedef struct {
    guint64 count; /* in the same words, 2 and more; 0: no two have anything in common */
    int code;
    char *enhanced, *text; /* of one of them */
} RefusedAlike;

void refused_clear(RefusedAlike *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RefusedAlike, refused_clear)

/* The largest group among a mailing's refused of whom no code or word says that it is about the
 * recipient. */
gboolean refused_alike(Ledger *ledger, const Mailing *mailing, RefusedAlike *alike, GError **error);

/* What to do about them, a sentence without its full stop that names the command; newly allocated.
 * NULL for a count of 0. */
char *refused_advice(const RefusedAlike *alike, const char *mailing);

#endif
