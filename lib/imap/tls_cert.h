/* tls_cert - the certificate that a server showed */
#ifndef IMAP_TLS_CERT_H
#define IMAP_TLS_CERT_H

#include <glib.h>
#include <gnutls/gnutls.h>

/* Until when it is good, in microseconds since 1970; 0 when that isn't known. */
gint64 tls_cert_end(gnutls_session_t session);

#endif
