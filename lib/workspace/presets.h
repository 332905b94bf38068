/* presets - what the relay allows: its provider's figures, and those of the config over them
 */
#ifndef WORKSPACE_PRESETS_H
#define WORKSPACE_PRESETS_H

#include "config/settings.h"
#include "delivery/pace.h"

typedef struct {
    guint connections;
    gboolean overlap; /* RelayOptions.overlap */
    PaceLimits limits;
} Preset;

/* The preset in force, with the config's own figures over it. */
Preset preset_of(const Settings *settings);

#endif
