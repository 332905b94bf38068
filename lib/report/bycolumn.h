/* bycolumn - a field of each letter's recipient: frozen with the letter, or of the list of today
 *
 * A mailing froze only the fields that its letter used. Any other column is looked up by key in the
 * audience's list as it is now, all of which is then read into memory: each key and, once, each
 * different value.
 */
#ifndef REPORT_BYCOLUMN_H
#define REPORT_BYCOLUMN_H

#include "ledger/mailings.h"
#include "workspace/workspace.h"

typedef struct ByColumn ByColumn;

/* USAGE when neither the letter nor the list has it, with a "did you mean"; what fails when the
 * list is read comes as it is. */
ByColumn *bycolumn_open(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                        const char *field, GError **error);
void bycolumn_free(ByColumn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ByColumn, bycolumn_free)

/* Whether the letter froze it; else it is the list's. */
gboolean bycolumn_is_frozen(const ByColumn *self);

/* The value for the delivery of that key and those frozen fields; "" when it has none; NULL without
 * error when the key is no longer on the list; NULL with error (IO) for damaged fields. Borrowed
 * until the next call. */
const char *bycolumn_value(ByColumn *self, const char *key, const char *fields, gsize length,
                           GError **error);

#endif
