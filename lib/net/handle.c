/* handle - a libcurl handle's options, set or else our own fault, and its TLS as everywhere here */
#include "net/handle.h"

#include <glib.h>

void handle_prepare(void)
{
    static gsize started;
    if (!g_once_init_enter(&started))
        return;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        g_error("curl_global_init failed");
    g_once_init_leave(&started, 1);
}

void handle_set(CURL *curl, CURLoption option, long value)
{
    g_assert_cmpint(curl_easy_setopt(curl, option, value), ==, CURLE_OK);
}

void handle_set_text(CURL *curl, CURLoption option, const char *value)
{
    g_assert_cmpint(curl_easy_setopt(curl, option, value), ==, CURLE_OK);
}

void handle_trust(CURL *curl, const char *ca_file)
{
    handle_set(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2); /* GnuTLS takes 1.1 otherwise */
    handle_set(curl, CURLOPT_SSL_VERIFYPEER, 1);
    handle_set(curl, CURLOPT_SSL_VERIFYHOST, 2);
    if (!ca_file)
        return;
    handle_set_text(curl, CURLOPT_CAINFO, ca_file);
    handle_set_text(curl, CURLOPT_CAPATH, NULL); /* Debian's is the system's */
}

char *handle_libraries(void)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    g_autofree char *tls = g_strdup(info->ssl_version ? info->ssl_version : "no TLS");
    return g_strdup_printf("libcurl %s, %s", info->version, g_strdelimit(tls, "/", ' '));
}
