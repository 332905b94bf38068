/* relay - SMTP to one submission server or relay */
#include "delivery/relay.h"

#include <string.h>

#include "base/error.h"
#include "delivery/connection.h"
#include "delivery/pool.h"
#include "delivery/probe.h"
#include "net/handle.h"

typedef struct {
    Transport base;
    RelayOptions options; /* texts owned */
} Relay;

guint relay_final_timeout(const RelayOptions *options)
{
    return options->final ? options->final : MAX(options->timeout, RELAY_FINAL_SECONDS);
}

static gboolean is_made_of(const char *text, const char *others)
{
    for (const char *p = text; *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr(others, *p))
            return FALSE;
    return *text != '\0';
}

static gboolean complain(GError **error, const char *format, const char *text)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, format, text);
    return FALSE;
}

/* Host and name end up in a URL and in EHLO: nothing may stand in them that means something there.
 */
static gboolean is_usable(const RelayOptions *options, GError **error)
{
    static const char *const ways[] = {"auto",          "plain", "login",   "cram-md5",
                                       "scram-sha-256", "token", "xoauth2", "oauthbearer",
                                       "none",          NULL};
    if (!options->host || !is_made_of(options->host, "-._:"))
        return complain(error,
                        "relay.host: not a host name: '%s'; write one with letters beyond ASCII "
                        "in its xn-- form",
                        options->host ? options->host : "");
    if (options->hello && !is_made_of(options->hello, "-._:[]"))
        return complain(error, "relay.hello: not a host name: '%s'", options->hello);
    if (!g_strv_contains(ways, options->auth))
        return complain(error, "relay.auth: not a way to sign in: '%s'", options->auth);
    if (g_str_equal(options->auth, "scram-sha-256") && !connection_knows_scram())
        return complain(error,
                        "relay.auth: %s needs a libcurl with GNU SASL, and this one has none; set "
                        "it to auto, plain, login or cram-md5",
                        options->auth);
    if (!options->port || options->port > 65535)
        return complain(error, "relay.port: not a port%s", "");
    if (!options->connections || options->connections > RELAY_CONNECTIONS_MAX)
        return complain(error, "relay.connections: too few or too many%s", "");
    if (!options->timeout)
        return complain(error, "relay.timeout: must be a second or more%s", "");
    return TRUE;
}

static gboolean run(Transport *base, const TransportCalls *calls, GError **error)
{
    Relay *self = (Relay *)base;
    return pool_run(&self->options, calls, error);
}

static void relay_free(Transport *base)
{
    Relay *self = (Relay *)base;
    g_free((char *)self->options.host);
    g_free((char *)self->options.ca_file);
    g_free((char *)self->options.hello);
    g_free((char *)self->options.auth);
    g_free((char *)self->options.user);
    g_free(self);
}

Transport *relay_new(const RelayOptions *options, GError **error)
{
    static const TransportClass class = {"relay", run, relay_free};
    if (!is_usable(options, error))
        return NULL;
    handle_prepare();
    Relay *self = g_new0(Relay, 1);
    self->base.class = &class;
    self->options = *options;
    self->options.host = g_strdup(options->host);
    self->options.ca_file = g_strdup(options->ca_file);
    self->options.hello = g_strdup(options->hello);
    self->options.auth = g_strdup(options->auth);
    self->options.user = g_str_equal(options->auth, "none") ? NULL : g_strdup(options->user);
    return &self->base;
}

gboolean relay_probe(Transport *relay, const char *sender, guint seconds, RelayProbe *probe,
                     GError **error)
{
    RelayOptions options = ((Relay *)relay)->options;
    options.timeout = MIN(options.timeout, seconds);
    return probe_run(&options, sender, probe, error);
}

void relay_probe_clear(RelayProbe *probe)
{
    g_free(probe->greeting);
    g_free(probe->sender_reply);
    *probe = (RelayProbe){0};
}
