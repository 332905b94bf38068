/* provider - what is known of the mail providers that people name in a config */
#include "config/provider.h"

#include <string.h>

#include "base/netplace.h"

#define DOMAINS(...)                                                                               \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static const Provider PROVIDERS[] = {
    {
        .name = "microsoft365",
        .title = "Microsoft 365",
        .domains = DOMAINS("office365.com", "outlook.com", "office.com"),
        .connections = 1,
        .per_minute = 25,
        .per_day = 9000,
        .spf_include = "spf.protection.outlook.com",
        .token_url = "https://login.microsoftonline.com/%s/oauth2/v2.0/token",
        /* As the application there is one scope for all that it was given; as a person SMTP and
         * IMAP are asked for by name, and offline_access so that the refresh token goes on. */
        .application_scope = "https://outlook.office365.com/.default",
        .relay_scope = "https://outlook.office.com/SMTP.Send offline_access",
        .imap_scope = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        .is_application = TRUE,
    },
    {
        .name = "google",
        .title = "Google",
        .domains = DOMAINS("gmail.com", "google.com", "googlemail.com"),
        .connections = 1,
        .per_minute = 60,
        .per_day = 1900,
        .spf_include = "_spf.google.com",
        .token_url = "https://oauth2.googleapis.com/token",
        /* It gives what the person agreed to when nothing is asked for (RFC 6749 section 6). */
    },
    {
        .name = "relay", /* it has a queue and a pace of its own */
        .title = "a relay of one's own",
        .domains = DOMAINS(NULL),
        .connections = 4,
        .overlap = TRUE,
    },
};
static const Provider *const GENTLEST = &PROVIDERS[0];

const Provider *provider_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(PROVIDERS); i++)
        if (g_str_equal(PROVIDERS[i].name, name))
            return &PROVIDERS[i];
    return NULL;
}

/* "smtp.office365.com" is within "office365.com"; "notoffice365.com" isn't. */
static gboolean is_within(const char *host, const char *domain)
{
    gsize longer = strlen(host), length = strlen(domain);
    return longer >= length && !g_ascii_strcasecmp(host + longer - length, domain) &&
           (longer == length || host[longer - length - 1] == '.');
}

const Provider *provider_of_host(const char *host)
{
    if (!host)
        return NULL;
    if (netplace_is_this_machine(host))
        return provider_find("relay");
    for (gsize i = 0; i < G_N_ELEMENTS(PROVIDERS); i++)
        for (const char *const *domain = PROVIDERS[i].domains; *domain; domain++)
            if (is_within(host, *domain))
                return &PROVIDERS[i];
    return NULL;
}

const Provider *provider_of_relay(const Settings *settings)
{
    const Provider *named = provider_find(settings_text(settings, "relay.preset"));
    const Provider *known = named ? named : provider_of_host(settings_text(settings, "relay.host"));
    return known ? known : GENTLEST;
}

const char *provider_spf_include(const Settings *settings)
{
    const Provider *named = provider_find(settings_text(settings, "relay.preset"));
    if (named && named->spf_include)
        return named->spf_include;
    const Provider *known = provider_of_host(settings_text(settings, "relay.host"));
    return known ? known->spf_include : NULL;
}

char *provider_token_url(const Settings *settings)
{
    const Provider *provider = provider_find(settings_text(settings, "oauth2.preset"));
    const char *tenant = settings_text(settings, "oauth2.tenant");
    if (!provider || !provider->token_url)
        return NULL;
    g_auto(GStrv) halves = g_strsplit(provider->token_url, "%s", 2);
    return g_strjoinv(tenant ? tenant : "", halves);
}

const char *provider_scope(const Settings *settings, const char *group, gboolean refreshes)
{
    const Provider *provider = provider_find(settings_text(settings, "oauth2.preset"));
    if (!provider)
        return NULL;
    if (!refreshes)
        return provider->application_scope;
    return g_str_equal(group, "relay") ? provider->relay_scope : provider->imap_scope;
}
