/* presets - what each kind of provider allows, unless the config says otherwise */
#include "workspace/presets.h"

#include <string.h>

static const Preset presets[] = {
    {"microsoft365", 1, FALSE, {.per_minute = 25, .per_day = 9000}},
    {"google", 1, FALSE, {.per_minute = 60, .per_day = 1900}},
    {"relay", 4, TRUE, {0}},
};

static const Preset *find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(presets); i++)
        if (g_str_equal(presets[i].name, name))
            return &presets[i];
    g_assert_not_reached();
}

/* A server on this machine has a queue and a pace of its own; of others the gentlest is assumed. */
static const char *guess(const char *host)
{
    if (!host)
        return "microsoft365";
    if (g_str_equal(host, "localhost") || g_str_has_prefix(host, "127.") ||
        g_str_equal(host, "::1"))
        return "relay";
    if (g_str_has_suffix(host, ".gmail.com") || g_str_has_suffix(host, ".google.com"))
        return "google";
    return "microsoft365";
}

static void override(const Settings *settings, const char *key, guint *figure)
{
    if (settings_has(settings, key))
        *figure = (guint)settings_number(settings, key);
}

Preset preset_of(const Settings *settings)
{
    const char *name = settings_text(settings, "relay.preset");
    if (g_str_equal(name, "auto"))
        name = guess(settings_text(settings, "relay.host"));
    Preset preset = *find(name);
    override(settings, "relay.connections", &preset.connections);
    override(settings, "relay.per_minute", &preset.limits.per_minute);
    override(settings, "relay.per_day", &preset.limits.per_day);
    preset.limits.per_domain_minute = (guint)settings_number(settings, "relay.per_domain");
    return preset;
}
