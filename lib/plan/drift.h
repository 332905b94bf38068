/* drift - how an audience has changed since the last letter to it
 *
 * A list that was saved while a filter hid half of it looks like any other: nobody sees who is missing.
 */
#ifndef PLAN_DRIFT_H
#define PLAN_DRIFT_H

#include "base/finding.h"
#include "ledger/mailings.h"

typedef struct Drift Drift;

/* Against the latest mailing to `audience` of which something was sent; that of the number `but` (0:
 * none) isn't asked. NULL where there is none, and with error. */
Drift *drift_new(Ledger *ledger, const char *audience, gint64 but, GError **error);
void drift_free(Drift *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drift, drift_free)

/* A row of today. `is_reader`: it gets letters; one that gets none is no new reader, and not gone
 * either. */
void drift_see(Drift *self, const char *key, gboolean is_reader);

/* Of all rows that were seen: a warning audience-drift where more than one in twenty are gone or
 * new. */
void drift_report(const Drift *self, Findings *findings);

/* The same of a mailing that was just planned, against the one before it. What follows another letter
 * goes to that one's readers, and is no audience of its own: nothing is said. FALSE with error. */
gboolean drift_of_plan(Ledger *ledger, const Mailing *mailing, Findings *findings, GError **error);

#endif
