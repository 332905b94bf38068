/* sha256 - the SHA-256 of bytes, and with a key, by a library that uses what the processor has for it
 *
 * GLib's is plain C: 135 MB a second where GnuTLS reaches 1,100.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <glib.h>

/* As 64 lower-case hexadecimal digits; newly allocated. */
char *bytes_sha256(const char *bytes, gsize length);

/* Of bytes that come a piece at a time. */
typedef struct Sha256 Sha256;
Sha256 *sha256_new(void);
void sha256_add(Sha256 *self, const char *bytes, gsize length);

/* That of all that was added, as bytes_sha256 gives it; `self` is freed. */
char *sha256_end(Sha256 *self);

/* Frees one that nobody wants to know any more; NULL is fine. */
void sha256_free(Sha256 *self);

enum { HMAC_BYTES = 32 };

/* HMAC-SHA-256 (RFC 2104) with a key that is taken in once. For one thread at a time. */
typedef struct Hmac Hmac;
Hmac *hmac_new(const void *key, gsize length);
void hmac_add(Hmac *self, const void *bytes, gsize length);

/* That of all that was added since the last time. */
void hmac_take(Hmac *self, guint8 mac[HMAC_BYTES]);

/* NULL is fine. */
void hmac_free(Hmac *self);

#endif
