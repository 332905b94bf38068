/* presets - what the relay allows: its provider's figures, and those of the config over them */
#include "workspace/presets.h"

#include "config/provider.h"

static void override(const Settings *settings, const char *key, guint *figure)
{
    if (settings_has(settings, key))
        *figure = (guint)settings_number(settings, key);
}

Preset preset_of(const Settings *settings)
{
    const Provider *provider = provider_of_relay(settings);
    Preset preset = {
        .connections = provider->connections,
        .overlap = provider->overlap,
        .limits = {.per_minute = provider->per_minute, .per_day = provider->per_day},
    };
    override(settings, "relay.connections", &preset.connections);
    override(settings, "relay.per_minute", &preset.limits.per_minute);
    override(settings, "relay.per_day", &preset.limits.per_day);
    preset.limits.per_domain_minute = (guint)settings_number(settings, "relay.per_domain");
    return preset;
}
