/* token - a short word that names one delivery and can't be made up */
#include "mail/token.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/coredump.h"
#include "base/error.h"
#include "base/files.h"
#include "base/sha256.h"
#include "base/sharing.h"

enum {
    NUMBER_BYTES = 4,
    BYTES_MAX = 1 + 2 * NUMBER_BYTES + TOKEN_MAC,
    FILE_MAX = 1000 /* bytes of a key file; ours has 65 */
};

static const char LABEL[] = "circular token 1";
static const char ALPHABET[] = "abcdefghijklmnopqrstuvwxyz234567";

struct TokenKey {
    Hmac *hmac;
    guint8 bytes[TOKEN_KEY];
};

/* --- the key --------------------------------------------------------------------------------- */

TokenKey *token_key_new(const guint8 *bytes)
{
    TokenKey *self = g_new0(TokenKey, 1);
    memcpy(self->bytes, bytes, TOKEN_KEY);
    self->hmac = hmac_new(bytes, TOKEN_KEY);
    return self;
}

/* Through a volatile pointer: writing to memory that is freed next may be left out else. */
static void wipe(void *memory, gsize length)
{
    for (volatile guint8 *p = memory; length; length--)
        *p++ = 0;
}

char *token_key_fingerprint(const TokenKey *self)
{
    static const char label[] = "circular key 1";
    return g_compute_hmac_for_data(G_CHECKSUM_SHA256, self->bytes, TOKEN_KEY, (const guchar *)label,
                                   sizeof label);
}

void token_key_free(TokenKey *self)
{
    if (!self)
        return;
    hmac_free(self->hmac);
    wipe(self->bytes, sizeof self->bytes);
    g_free(self);
}

/* A key of its own in a file that no other process knows, then given the name unless another was
 * quicker: two senders that begin at once must not sign with different keys. */
static gboolean key_make(const char *path, GError **error)
{
    guint8 bytes[TOKEN_KEY], chance[6];
    char text[2 * TOKEN_KEY + 2];
    random_bytes(bytes, sizeof bytes);
    random_bytes(chance, sizeof chance);
    for (guint i = 0; i < TOKEN_KEY; i++)
        g_snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    g_strlcat(text, "\n", sizeof text);

    g_autofree char *own =
        g_strdup_printf("%s.%d-%02x%02x%02x%02x%02x%02x", path, (int)getpid(), chance[0], chance[1],
                        chance[2], chance[3], chance[4], chance[5]);
    gboolean made = file_write(own, text, strlen(text), 0600, error);
    wipe(bytes, sizeof bytes);
    wipe(text, sizeof text);
    if (!made)
        return FALSE;
    int failed = link(own, path) == 0 || errno == EEXIST ? 0 : errno;
    unlink(own);
    if (!failed)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't make the key: %s", path,
                g_strerror(failed));
    return FALSE;
}

static gboolean key_is_private(const char *path, GError **error)
{
    struct stat st;
    if (stat(path, &st) == 0 && sharing_is_private(&st))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "%s: others can read the key that proves bounces; chmod 600 it", path);
    return FALSE;
}

static gboolean key_parse(const char *text, guint8 *bytes)
{
    for (guint i = 0; i < TOKEN_KEY; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]);
        int low = high < 0 ? -1 : g_ascii_xdigit_value(text[2 * i + 1]);
        if (low < 0)
            return FALSE;
        bytes[i] = (guint8)(high << 4 | low);
    }
    return g_str_equal(text + 2 * TOKEN_KEY, "\n") || text[2 * TOKEN_KEY] == '\0';
}

TokenKey *token_key_open(const char *path, GError **error)
{
    struct stat st;
    guint8 bytes[TOKEN_KEY];
    gsize length;
    coredump_forbid();
    if (stat(path, &st) && errno == ENOENT && !key_make(path, error))
        return NULL;
    g_autofree char *text = file_read(path, FILE_MAX, &length, error);
    if (!text || !key_is_private(path, error))
        return NULL;
    TokenKey *self = NULL;
    if (key_parse(text, bytes))
        self = token_key_new(bytes);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s: holds no key, and without it the bounces of letters that were sent can't "
                    "be told from forged ones; restore it from a backup",
                    path);
    wipe(text, length);
    wipe(bytes, sizeof bytes);
    return self;
}

/* --- bytes and base32 ------------------------------------------------------------------------ */

static guint bytes_of(guint64 number)
{
    guint bytes = 1;
    while (bytes < NUMBER_BYTES && number >> (8 * bytes))
        bytes++;
    return bytes;
}

static guint8 *put_number(guint8 *at, guint64 number, guint bytes)
{
    while (bytes--)
        *at++ = (guint8)(number >> (8 * bytes));
    return at;
}

static guint64 get_number(const guint8 *at, guint bytes)
{
    guint64 number = 0;
    while (bytes--)
        number = number << 8 | *at++;
    return number;
}

static void base32_write(const guint8 *bytes, guint length, char *out)
{
    guint bits = 0, held = 0;
    for (guint i = 0; i < length; i++) {
        held = held << 8 | bytes[i];
        for (bits += 8; bits >= 5; bits -= 5)
            *out++ = ALPHABET[held >> (bits - 5) & 31];
        held &= (1u << bits) - 1;
    }
    if (bits)
        *out++ = ALPHABET[held << (5 - bits) & 31];
    *out = '\0';
}

/* How many bytes the characters make; 0 for one that is no base32. */
static guint base32_read(const char *text, guint length, guint8 *bytes)
{
    guint bits = 0, held = 0, count = 0;
    for (guint i = 0; i < length; i++) {
        const char *found = memchr(ALPHABET, g_ascii_tolower(text[i]), sizeof ALPHABET - 1);
        if (!found)
            return 0;
        held = held << 5 | (guint)(found - ALPHABET);
        bits += 5;
        if (bits < 8)
            continue;
        bits -= 8;
        bytes[count++] = (guint8)(held >> bits);
        held &= (1u << bits) - 1;
    }
    return count;
}

/* --- tokens ---------------------------------------------------------------------------------- */

/* The tag holds the purpose and how long the numbers are: 00ppmmdd, lengths less one. */
static guint8 tag_of(TokenPurpose purpose, guint mailing_bytes, guint delivery_bytes)
{
    return (guint8)((guint)purpose << 4 | (mailing_bytes - 1) << 2 | (delivery_bytes - 1));
}

void token_make(const TokenKey *key, TokenPurpose purpose, guint64 mailing, guint64 delivery,
                char token[TOKEN_MAX + 1])
{
    g_assert(mailing && mailing <= G_MAXUINT32 && delivery && delivery <= G_MAXUINT32);
    guint8 bytes[BYTES_MAX], mac[HMAC_BYTES];
    guint mailing_bytes = bytes_of(mailing), delivery_bytes = bytes_of(delivery);
    bytes[0] = tag_of(purpose, mailing_bytes, delivery_bytes);
    guint8 *end = put_number(bytes + 1, mailing, mailing_bytes);
    end = put_number(end, delivery, delivery_bytes);

    /* The tag is signed too: neither purpose nor the cut between the numbers can be moved. */
    hmac_add(key->hmac, LABEL, sizeof LABEL);
    hmac_add(key->hmac, bytes, (gsize)(end - bytes));
    hmac_take(key->hmac, mac);
    memcpy(end, mac, TOKEN_MAC);
    base32_write(bytes, (guint)(end - bytes) + TOKEN_MAC, token);
}

/* Equal in all characters, in a time that depends on the length alone. */
static gboolean same(const char *one, const char *other, guint length)
{
    guint8 differs = 0;
    for (guint i = 0; i < length; i++)
        differs |= (guint8)(g_ascii_tolower(one[i]) ^ other[i]);
    return differs == 0;
}

static gboolean read_run(const TokenKey *key, const char *run, guint length, TokenPurpose purpose,
                         guint64 *mailing, guint64 *delivery)
{
    guint8 bytes[BYTES_MAX + 1];
    if (length < TOKEN_MIN || length > TOKEN_MAX)
        return FALSE;
    guint count = base32_read(run, length, bytes);
    if (!count || bytes[0] >> 4 != (guint8)purpose)
        return FALSE;
    guint mailing_bytes = (bytes[0] >> 2 & 3) + 1, delivery_bytes = (bytes[0] & 3) + 1;
    if (count != 1 + mailing_bytes + delivery_bytes + TOKEN_MAC)
        return FALSE;
    guint64 m = get_number(bytes + 1, mailing_bytes);
    guint64 d = get_number(bytes + 1 + mailing_bytes, delivery_bytes);
    if (!m || !d)
        return FALSE;
    /* Made anew and compared as text: there is one way to write a token and no other. */
    char right[TOKEN_MAX + 1];
    token_make(key, purpose, m, d, right);
    if (strlen(right) != length || !same(run, right, length))
        return FALSE;
    *mailing = m;
    *delivery = d;
    return TRUE;
}

gboolean token_read(const TokenKey *key, const char *token, TokenPurpose purpose, guint64 *mailing,
                    guint64 *delivery)
{
    gsize length = strnlen(token, TOKEN_MAX + 1);
    return read_run(key, token, (guint)length, purpose, mailing, delivery);
}

gboolean token_find(const TokenKey *key, const char *text, TokenPurpose purpose, guint64 *mailing,
                    guint64 *delivery)
{
    const char *end = text + strnlen(text, TOKEN_TEXT_MAX);
    while (text < end) {
        const char *run = text;
        while (text < end && g_ascii_isalnum(*text))
            text++;
        if (read_run(key, run, (guint)(text - run), purpose, mailing, delivery))
            return TRUE;
        text++;
    }
    return FALSE;
}
