/* fuzz-sesnotice - any bytes as the words of a notification of Amazon SES, and as an answer that may
 * name a successor */
#include <stdint.h>
#include <string.h>

#include "evidence/sesnotice.h"
#include "autoreply/successor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *bytes = g_strndup((const char *)data, size);
    g_autofree char *words = g_utf8_make_valid(bytes, -1);
    g_autoptr(SesNotice) notice = sesnotice_read(words);
    if (notice)
        g_assert_true(*notice->fields && g_utf8_validate(notice->fields, -1, NULL));
    g_autofree char *name = successor_name_in(words, "head@oak.example");
    g_assert_true(!name || *name);
    return 0;
}
