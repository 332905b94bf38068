/* verdict - what a notice and all that came before it mean for the next letter to an address
 *
 * Makes the history that bounce/policy.h judges out of the ledger. Letters are taken in the order
 * in which they were sent; of what came back about one letter each kind counts once, so that no
 * report can be told twice; a letter of which nothing came back for VERDICT_QUIET_DAYS has arrived
 * and ends a run of soft bounces. What is older than the day on which a suppression was taken back
 * doesn't count any more.
 */
#ifndef INBOUND_VERDICT_H
#define INBOUND_VERDICT_H

#include "bounce/policy.h"
#include "ledger/delivery.h"
#include "ledger/ledger.h"
#include "ledger/inbound_reports.h"

enum { VERDICT_QUIET_DAYS = 6 }; /* servers give up after five (RFC 5321 section 4.5.4.1) */

/* The verdict on the delivery's address, now that `row`, which is verified and not yet on record,
 * has come; `why` is a static phrase for people. FALSE with an error of the ledger's. */
gboolean verdict_reach(Ledger *ledger, const PolicyLimits *limits, const Delivery *delivery,
                       const InboundRow *row, PolicyVerdict *verdict, const char **why,
                       GError **error);

#endif
