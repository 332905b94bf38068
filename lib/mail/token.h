/* token - a short word that names one delivery and can't be made up
 *
 * It stands in the envelope sender (VERP), in X-Circular-Delivery, in List-Unsubscribe and in the
 * answers to a letter's questions, so that what comes back names its letter. Lower-case base32 (RFC 4648 section 6, no padding) over a tag
 * byte, the two numbers in as few bytes as they need, and the first TOKEN_MAC bytes of an
 * HMAC-SHA256 (RFC 2104) over a label, the purpose and both numbers: 21 to 31 characters that any
 * local part and any gateway lets through, whether or not it folds case.
 *
 * The key is 32 random bytes in a file beside the ledger, made on first use, mode 0600. Without it
 * no token can be made; who loses it can no longer tell which bounces are his.
 */
#ifndef MAIL_TOKEN_H
#define MAIL_TOKEN_H

#include <glib.h>

enum {
    TOKEN_MAC = 10,      /* bytes: 80 bits */
    TOKEN_KEY = 32,      /* bytes */
    TOKEN_MIN = 21,      /* characters of the shortest token */
    TOKEN_MAX = 31,      /* and of the longest */
    TOKEN_TEXT_MAX = 500 /* bytes of a text in which one is looked for; no address is longer */
};

typedef enum {
    TOKEN_BOUNCE = 1,      /* a report on this delivery is believed */
    TOKEN_UNSUBSCRIBE = 2, /* its recipient wants no more letters of its audience */
    TOKEN_ANSWER = 3,      /* a person who has this copy answers a question of it */
} TokenPurpose;

/* For one thread at a time. */
typedef struct TokenKey TokenKey;

/* The key in the file at `path`, which is made if it is missing: whole or not at all, and by one
 * process only. CONFIG when others may read it or it holds no key; IO when it can't be made. */
TokenKey *token_key_open(const char *path, GError **error);

/* From TOKEN_KEY bytes, for tests. */
TokenKey *token_key_new(const guint8 *bytes);

/* By which the key can be known again, and nothing else: 64 hexadecimal digits, newly allocated. */
char *token_key_fingerprint(const TokenKey *self);

/* Overwrites and frees; NULL is fine. */
void token_key_free(TokenKey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TokenKey, token_key_free)

/* Writes the token for a delivery, NUL-terminated. Both numbers are from 1 to 2^32 - 1: anything
 * else is our own fault. */
void token_make(const TokenKey *key, TokenPurpose purpose, guint64 mailing, guint64 delivery,
                char token[TOKEN_MAX + 1]);

/* Reads a text that is a token and nothing else. FALSE, with the numbers untouched, unless this
 * very key made it for `purpose`. Takes the same time wherever a wrong one differs. */
gboolean token_read(const TokenKey *key, const char *token, TokenPurpose purpose, guint64 *mailing,
                    guint64 *delivery);

/* The first token for `purpose` in a text such as "prvs=12=bounces+TOKEN@example.org": each run of
 * letters and digits is tried. Nothing is looked for beyond TOKEN_TEXT_MAX. */
gboolean token_find(const TokenKey *key, const char *text, TokenPurpose purpose, guint64 *mailing,
                    guint64 *delivery);

#endif
