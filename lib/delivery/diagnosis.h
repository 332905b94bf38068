/* diagnosis - why a connection could not be opened, in words, by kind, and how to fix it */
#ifndef DELIVERY_DIAGNOSIS_H
#define DELIVERY_DIAGNOSIS_H

#include <curl/curl.h>

#include "delivery/handshake.h"
#include "delivery/relay.h"

typedef struct {
    CURLcode code;      /* what libcurl returned */
    const char *detail; /* its CURLOPT_ERRORBUFFER, or "" */
    long verify;        /* CURLINFO_SSL_VERIFYRESULT */
    const Handshake *heard;
    const char *place; /* "smtp.example.org:587" */
    const char *user;  /* or NULL */
    guint seconds;     /* that it had */
    gboolean is_tls;   /* TLS from the first byte */
    gboolean has_met;  /* somebody took the connection (TCP) */
    guint port;
} Diagnosis;

/* Sets `error`; the kinds are those of connection_open. Never names a secret. */
void diagnosis_explain(const Diagnosis *self, GError **error);

/* Why a run ends when the server takes nothing from this sender: DENIED where it is about the
 * sign-in, else REMOTE. To be freed. */
GError *diagnosis_unwanted(const RelayOptions *options, const char *sender, const Outcome *outcome);

#endif
