/* provider - what is known of the mail providers that people name in a config
 *
 * One table: by which names of hosts a provider is known, what it allows, what an SPF record has to
 * include for it, and how its token endpoint is asked. The figures and where they come from stand
 * in circular-config(5), at relay.preset. What their bounces say is another matter
 * (reason/providers.c).
 */
#ifndef CONFIG_PROVIDER_H
#define CONFIG_PROVIDER_H

#include "config/settings.h"

typedef struct {
    const char *name;           /* as relay.preset and oauth2.preset say it: "microsoft365" */
    const char *title;          /* as a message says it: "Microsoft 365" */
    const char *const *domains; /* of its servers; NULL-terminated */
    guint connections;          /* at once */
    gboolean overlap;          /* the next letter's commands leave with the end of the one before */
    guint per_minute, per_day; /* letters; 0: no limit */
    const char *spf_include;   /* what its customers' SPF records have to include, or NULL */
    const char *token_url;     /* "%s" stands for the tenant; NULL without OAuth2 */
    const char *application_scope; /* what is asked for as the application itself; may be NULL */
    const char *relay_scope, *imap_scope; /* and in a person's name, with a refresh token */
    gboolean is_application; /* lets an application sign in as itself (client credentials) */
} Provider;

/* The provider of that name, or NULL. */
const Provider *provider_find(const char *name);

/* The provider whose server `host` is, this machine counting as a relay of one's own; NULL when
 * that can't be told. `host` may be NULL. */
const Provider *provider_of_host(const char *host);

/* Whose pace is kept at the configured relay: relay.preset's, or with auto the host's; the gentlest
 * where nobody knows. */
const Provider *provider_of_relay(const Settings *settings);

/* What the SPF record of the sender's domain has to include, or NULL when nobody knows. */
const char *provider_spf_include(const Settings *settings);

/* oauth2.preset's token endpoint with the configured tenant, newly allocated; NULL without one. */
char *provider_token_url(const Settings *settings);

/* What is asked for at it, for "relay" or "imap"; NULL: nothing. Borrowed. */
const char *provider_scope(const Settings *settings, const char *group, gboolean refreshes);

#endif
