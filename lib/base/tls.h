/* tls - when a conversation with a server is encrypted */
#ifndef BASE_TLS_H
#define BASE_TLS_H

typedef enum {
    TLS_STARTTLS, /* asked for in the clear, and insisted on */
    TLS_IMPLICIT, /* from the first byte (RFC 8314) */
    TLS_NONE      /* only where the config says so in so many words */
} Tls;

#endif
