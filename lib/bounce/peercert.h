/* peercert - the certificate that a server showed */
#ifndef BOUNCE_PEERCERT_H
#define BOUNCE_PEERCERT_H

#include <glib.h>
#include <gnutls/gnutls.h>

/* Until when it is good, in microseconds since 1970; 0 when that isn't known. */
gint64 peercert_end(gnutls_session_t session);

#endif
