/* fuzz-copy - any header of a filed copy: believed only with a signature that this key made, for the very
 * letter that it names; and any name of a folder, read */
#include <stdint.h>
#include <string.h>

#include "imap/foldername.h"
#include "inbound/copyproof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint8 bytes[TOKEN_KEY] = "0123456789abcdef0123456789abcdef";
    static TokenKey *key;
    g_auto(CopyClaim) claim = {0};
    if (!key)
        key = token_key_new(bytes);
    g_autofree char *raw = g_strndup((const char *)data, size);
    g_autofree char *fields = g_utf8_make_valid(raw, -1);
    g_autofree char *name = foldername_decode(raw, '.');
    g_assert_true(g_utf8_validate(name, -1, NULL));
    copyproof_read(key, fields, &claim);
    copyproof_went_to(&claim, "ann@school.example");
    if (!claim.is_whole || !claim.mailing)
        return 0;
    char token[TOKEN_MAX + 1];
    token_make(key, TOKEN_BOUNCE, claim.mailing, claim.number, token);
    g_autofree char *folded = g_ascii_strdown(fields, -1);
    g_assert_nonnull(strstr(folded, token));
    return 0;
}
