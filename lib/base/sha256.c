/* sha256 - the SHA-256 of bytes, and with a key, by a library that uses what the processor has for it */
#include "base/sha256.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

enum { BYTES = 32 };

struct Sha256 {
    gnutls_hash_hd_t hash;
};

static char *as_text(const guchar *digest)
{
    static const char digits[] = "0123456789abcdef";
    char *text = g_malloc(2 * BYTES + 1);
    for (guint i = 0; i < BYTES; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    text[2 * BYTES] = '\0';
    return text;
}

/* It fails only where SHA-256 itself is missing: no letter could be frozen then. */
static void must(int code)
{
    if (code < 0)
        g_error("GnuTLS can't make a SHA-256: %s", gnutls_strerror(code));
}

char *bytes_sha256(const char *bytes, gsize length)
{
    guchar digest[BYTES];
    must(gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, length, digest));
    return as_text(digest);
}

Sha256 *sha256_new(void)
{
    Sha256 *self = g_new(Sha256, 1);
    must(gnutls_hash_init(&self->hash, GNUTLS_DIG_SHA256));
    return self;
}

void sha256_add(Sha256 *self, const char *bytes, gsize length)
{
    must(gnutls_hash(self->hash, bytes, length));
}

void sha256_free(Sha256 *self)
{
    if (self)
        gnutls_hash_deinit(self->hash, NULL);
    g_free(self);
}

char *sha256_end(Sha256 *self)
{
    guchar digest[BYTES];
    gnutls_hash_deinit(self->hash, digest);
    g_free(self);
    return as_text(digest);
}

/* --- with a key ------------------------------------------------------------------------------ */

struct Hmac {
    gnutls_hmac_hd_t handle;
};

Hmac *hmac_new(const void *key, gsize length)
{
    Hmac *self = g_new(Hmac, 1);
    must(gnutls_hmac_init(&self->handle, GNUTLS_MAC_SHA256, key, length));
    return self;
}

void hmac_add(Hmac *self, const void *bytes, gsize length)
{
    must(gnutls_hmac(self->handle, bytes, length));
}

void hmac_take(Hmac *self, guint8 mac[HMAC_BYTES])
{
    gnutls_hmac_output(self->handle, mac);
}

void hmac_free(Hmac *self)
{
    if (self)
        gnutls_hmac_deinit(self->handle, NULL);
    g_free(self);
}
