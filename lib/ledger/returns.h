/* returns - the letters of all mailings that came back or were refused, one after the other
 */
#ifndef LEDGER_RETURNS_H
#define LEDGER_RETURNS_H

#include "ledger/ledger.h"

/* One copy; texts are borrowed. */
typedef struct {
    gint64 mailing; /* its number */
    const char *key, *address;
    const char *enhanced, *reply;
    int code;
    gint64 first_at;
} Return;

/* Calls back with each that is bounced or refused, in the order in which their mailings were planned.
 * FALSE from the callback stops (no error). */
typedef gboolean (*ReturnFound)(void *user, const Return *one);
gboolean returns_each(Ledger *ledger, ReturnFound found, void *user, GError **error);

#endif
