/* fuzz-tokenreply - what any server may answer to a request for a token */
#include <stdint.h>
#include <string.h>

#include "net/tokenreply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TokenReply) reply = tokenreply_parse((const char *)data, size, &error);
    g_assert((reply != NULL) == (error == NULL));
    if (!reply)
        return 0;
    g_assert((reply->access_token != NULL) != (reply->error != NULL));
    const char *tokens[] = {reply->access_token, reply->refresh_token};
    for (guint i = 0; i < G_N_ELEMENTS(tokens); i++) {
        g_assert(!tokens[i] || (*tokens[i] && strlen(tokens[i]) <= TOKENREPLY_TOKEN_MAX));
        for (const char *p = tokens[i]; p && *p; p++)
            g_assert(g_ascii_isgraph(*p));
    }
    g_assert(reply->lifetime >= 0 && reply->lifetime <= TOKENREPLY_SECONDS_MAX);
    g_assert(strlen(reply->description) <= TOKENREPLY_TEXT_MAX);
    g_assert(g_utf8_validate(reply->description, -1, NULL));
    g_assert(!strpbrk(reply->description, "\r\n\033"));
    g_assert(!reply->error || strlen(reply->error) <= TOKENREPLY_WORD_MAX);
    g_assert(*tokenreply_fix(reply));
    return 0;
}
