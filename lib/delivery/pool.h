/* pool - envelopes spread over the relay's connections until all have their outcome
 *
 * One thread, one poll(2) over all connections. See delivery/relay.h for what it promises.
 */
#ifndef DELIVERY_POOL_H
#define DELIVERY_POOL_H

#include "delivery/relay.h"

/* As TransportClass.run. */
gboolean pool_run(const RelayOptions *options, const TransportCalls *calls, GError **error);

#endif
