/* fuzz-dns - messages of a hostile name server */
#include <stdint.h>
#include <string.h>

#include "net/resolver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int type = RESOLVER_TXT; type <= RESOLVER_IP6; type++) {
        g_autoptr(ResolverAnswer) answer =
            resolver_read(data, size, (ResolverType)type, "example.org");
        g_assert((answer->status == RESOLVER_FOUND) == (answer->records->len > 0));
        g_assert((answer->status == RESOLVER_FAILED) == (answer->problem != NULL));
        g_assert(answer->records->len <= RESOLVER_RECORDS_MAX);
        for (guint i = 0; i < answer->records->len; i++) {
            const char *text = g_ptr_array_index(answer->records, i);
            g_assert(strlen(text) <= RESOLVER_TEXT_MAX && !strpbrk(text, "\r\n\033"));
            g_assert(g_utf8_validate(text, -1, NULL));
        }
    }
    return 0;
}
