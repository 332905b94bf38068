/* handle - a libcurl handle's options, set or else our own fault, and its TLS as everywhere here
 */
#ifndef NET_HANDLE_H
#define NET_HANDLE_H

#include <curl/curl.h>

/* Starts libcurl, once: that is not safe beside other threads, so it comes before there are any. */
void handle_prepare(void);

void handle_set(CURL *curl, CURLoption option, long value);
void handle_set_text(CURL *curl, CURLoption option, const char *value);

/* TLS 1.2 or later, certificate and host name verified: against `ca_file` and no other authorities,
 * or where that is NULL against the system's. */
void handle_trust(CURL *curl, const char *ca_file);

/* The versions of the libcurl that runs and of what it has for TLS, "libcurl 7.88.1, GnuTLS 3.7.9".
 * Newly allocated. */
char *handle_libraries(void);

#endif
