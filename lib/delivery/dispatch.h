/* dispatch - envelopes spread over the relay's connections until all have their outcome
 *
 * One thread, one poll(2) over all lanes. See delivery/relay.h for what it promises.
 */
#ifndef DELIVERY_DISPATCH_H
#define DELIVERY_DISPATCH_H

#include "delivery/relay.h"

/* As TransportClass.run. */
gboolean dispatch_run(const RelayOptions *options, const TransportCalls *calls, GError **error);

#endif
