/* tls_cert - the certificate that a server showed */
#include "imap/tls_cert.h"

#include <gnutls/x509.h>

gint64 tls_cert_end(gnutls_session_t session)
{
    unsigned count = 0;
    gint64 end = 0;
    gnutls_x509_crt_t certificate;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    if (!count || gnutls_x509_crt_init(&certificate) < 0)
        return 0;
    if (gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) >= 0)
        end = (gint64)gnutls_x509_crt_get_expiration_time(certificate) * G_USEC_PER_SEC;
    gnutls_x509_crt_deinit(certificate);
    return MAX(end, 0);
}
