/* fuzz-classify - any bytes can come back: DSN, reports, complaints, auto-replies, reasons */
#include <stdint.h>

#include "bounce/classify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(InboundReport) notice = classify((const char *)data, size);
    g_assert_true(g_utf8_validate(notice->text, -1, NULL));
    for (guint i = 0; i < notice->recipients->len; i++) {
        const InboundRecipient *recipient = notice->recipients->pdata[i];
        g_assert_true(g_utf8_validate(recipient->address, -1, NULL));
        g_assert_true(g_utf8_validate(recipient->diagnostic, -1, NULL));
    }
    return 0;
}
