/* fuzz-token - any text as a token: never believed unless this key made it */
#include <stdint.h>
#include <string.h>

#include "mail/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint8 bytes[TOKEN_KEY] = "0123456789abcdef0123456789abcdef";
    static TokenKey *key;
    if (!key)
        key = token_key_new(bytes);
    g_autofree char *text = g_strndup((const char *)data, size);
    for (TokenPurpose purpose = TOKEN_BOUNCE; purpose <= TOKEN_UNSUBSCRIBE; purpose++) {
        guint64 mailing, delivery;
        char token[TOKEN_MAX + 1];
        token_read(key, text, purpose, &mailing, &delivery);
        if (!token_find(key, text, purpose, &mailing, &delivery))
            continue;
        token_make(key, purpose, mailing, delivery, token);
        g_autofree char *folded = g_ascii_strdown(text, -1);
        g_assert_nonnull(strstr(folded, token));
    }
    return 0;
}
