/* presets - what each kind of provider allows, unless the config says otherwise
 *
 * The figures and where they come from stand in circular-config(5), at relay.preset.
 */
#ifndef WORKSPACE_PRESETS_H
#define WORKSPACE_PRESETS_H

#include "config/settings.h"
#include "delivery/pace.h"

typedef struct {
    const char *name; /* "microsoft365" */
    guint connections;
    gboolean overlap; /* RelayOptions.overlap */
    PaceLimits limits;
} Preset;

/* The preset in force, with the config's own figures over it. */
Preset preset_of(const Settings *settings);

#endif
