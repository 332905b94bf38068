/* probe - what a relay says to us when nothing is sent: for 'circular doctor' */
#ifndef DELIVERY_PROBE_H
#define DELIVERY_PROBE_H

#include "delivery/relay.h"

/* relay_probe, with options that relay_new has found usable. */
gboolean probe_run(const RelayOptions *options, const char *sender, RelayProbe *probe,
                   GError **error);

#endif
