/* weblink - what can be said of a link's address by looking at it */
#include "rules/weblink.h"

#include <gio/gio.h>
#include <string.h>

#include "base/netplace.h"
#include "mail/address.h"

/* --- hosts ----------------------------------------------------------------------------------- */

gboolean weblink_is_private_host(const char *host)
{
    static const char *const endings[] = {".local",       ".localhost", ".internal",
                                          ".intranet",    ".lan",       ".home.arpa",
                                          ".localdomain", ".corp",      ".private"};
    g_autofree char *lower = g_ascii_strdown(host, -1);
    gsize length = strlen(lower);
    if (length && lower[length - 1] == '.')
        lower[length - 1] = '\0';
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(lower);
    if (address)
        return netplace_is_private(g_inet_address_to_bytes(address),
                                   g_inet_address_get_native_size(address));
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(lower, endings[i]))
            return TRUE;
    return !strchr(lower, '.');
}

static gboolean host_within(const char *host, const char *domain)
{
    gsize length = strlen(host), tail = strlen(domain);
    return length >= tail && g_ascii_strcasecmp(host + length - tail, domain) == 0 &&
           (length == tail || host[length - tail - 1] == '.');
}

/* --- what carries one through somebody else -------------------------------------------------- */

static gboolean is_wrapped(GUri *uri)
{
    static const char *const filters[] = {
        "safelinks.protection.outlook.com", "urldefense.com",          "urldefense.proofpoint.com",
        "linkprotect.cudasvc.com",          "protect-eu.mimecast.com", "protect-us.mimecast.com",
        "url.uk.m.mimecastprotect.com",     "clicktime.symantec.com",  "secure-web.cisco.com"};
    static const char *const senders[] = {"list-manage.com", "sendgrid.net", "lnks.gd",
                                          "hubspotlinks.com"};
    const char *host = g_uri_get_host(uri), *path = g_uri_get_path(uri);
    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
        if (host_within(host, filters[i]))
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(senders); i++)
        if (host_within(host, senders[i]) &&
            (strstr(path, "/track/") || strstr(path, "/ls/click") || strstr(path, "/ww2/")))
            return TRUE;
    return g_str_has_prefix(host, "www.google.") && g_str_equal(path, "/url");
}

/* Services that hide an address behind a short one. A firm's own (youtu.be, forms.office.com/r) says
 * whose it is. */
static gboolean is_shortened(const char *host)
{
    static const char *const services[] = {
        "bit.ly",  "tinyurl.com",  "t.co",     "goo.gl",   "ow.ly",       "is.gd", "buff.ly",
        "tiny.cc", "rebrand.ly",   "rb.gy",    "cutt.ly",  "shorturl.at", "v.gd",  "t.ly",
        "lnkd.in", "shorturl.com", "short.io", "tiny.one", "bl.ink",      "s.id",  "dlvr.it"};
    for (gsize i = 0; i < G_N_ELEMENTS(services); i++)
        if (host_within(host, services[i]))
            return TRUE;
    return FALSE;
}

/* The name of the first parameter that only tells who came from where, or NULL. Newly allocated. */
static char *tracking_parameter(const char *query)
{
    static const char *const names[] = {
        "fbclid",    "gclid",   "dclid",       "msclkid",     "mc_eid",        "mc_cid",
        "igshid",    "_hsenc",  "_hsmi",       "mkt_tok",     "yclid",         "twclid",
        "ttclid",    "vero_id", "oly_enc_id",  "oly_anon_id", "wbraid",        "gbraid",
        "_openstat", "s_cid",   "trk_contact", "trk_msg",     "ml_subscriber", NULL};
    g_auto(GStrv) parts = g_strsplit_set(query ? query : "", "&;", 200);
    for (char **part = parts; *part; part++) {
        g_autofree char *name = g_ascii_strdown(*part, (gssize)strcspn(*part, "="));
        if (g_str_has_prefix(name, "utm_") || g_strv_contains(names, name))
            return g_steal_pointer(&name);
    }
    return NULL;
}

/* --- judging --------------------------------------------------------------------------------- */

static WeblinkFault judge_mailto(const char *url, char **detail)
{
    g_autofree char *to = g_strndup(url, strcspn(url, "?"));
    g_autofree char *decoded = g_uri_unescape_string(to, NULL);
    if (!decoded || !*decoded) {
        return WEBLINK_MAILTO;
    }
    g_auto(GStrv) each = g_strsplit(decoded, ",", 20);
    for (char **one = each; *one; one++) {
        g_autoptr(GError) error = NULL;
        Address *address = address_parse(*one, &error);
        if (!address) {
            *detail = g_strdup(error->message);
            return WEBLINK_MAILTO;
        }
        address_free(address);
    }
    return WEBLINK_FINE;
}

static WeblinkFault judge_web(const char *url, gboolean insecure, char **detail)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GUri) uri = g_uri_parse(
        url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, &error);
    const char *host = uri ? g_uri_get_host(uri) : NULL;
    if (!uri || !host || !*host || strlen(url) > WEBLINK_MAX || strpbrk(url, " \t\n<>\"{}|\\^`")) {
        *detail = error ? g_strdup(error->message) : NULL;
        return WEBLINK_NO_ADDRESS;
    }
    if (strstr(host, "..") || *host == '.' || *host == '-') {
        *detail = g_strdup_printf("no host is called '%s'", host);
        return WEBLINK_NO_ADDRESS;
    }
    if (g_uri_get_userinfo(uri))
        return WEBLINK_PASSWORD;
    if (weblink_is_private_host(host)) {
        *detail = g_strdup(host);
        return WEBLINK_PRIVATE;
    }
    if (is_wrapped(uri)) {
        *detail = g_strdup(host);
        return WEBLINK_WRAPPED;
    }
    if (is_shortened(host)) {
        *detail = g_strdup(host);
        return WEBLINK_SHORTENED;
    }
    *detail = tracking_parameter(g_uri_get_query(uri));
    if (*detail)
        return WEBLINK_TRACKING;
    return insecure ? WEBLINK_INSECURE : WEBLINK_FINE;
}

/* RFC 3966: digits, what parts them, parameters; three digits at least, as of an emergency call. */
static WeblinkFault judge_tel(const char *url)
{
    gsize length = strcspn(url, ";"), digits = 0;
    for (gsize i = 0; i < length; i++) {
        digits += g_ascii_isdigit(url[i]) != 0;
        if (!g_ascii_isdigit(url[i]) && !strchr("+-.()#* ", url[i]) &&
            !g_str_has_prefix(url + i, "%20"))
            return WEBLINK_TEL;
    }
    return digits >= 3 ? WEBLINK_FINE : WEBLINK_TEL;
}

WeblinkFault weblink_judge(const char *url, char **detail)
{
    *detail = NULL;
    if (g_ascii_strncasecmp(url, "mailto:", 7) == 0)
        return judge_mailto(url + 7, detail);
    if (g_ascii_strncasecmp(url, "tel:", 4) == 0)
        return judge_tel(url + 4);
    if (g_ascii_strncasecmp(url, "http:", 5) == 0)
        return judge_web(url, TRUE, detail);
    if (g_ascii_strncasecmp(url, "https:", 6) == 0)
        return judge_web(url, FALSE, detail);
    return WEBLINK_FINE;
}
