/* fuzz-reader - any bytes are a message to the reader */
#include <stdint.h>

#include "mail/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Reader) reader = reader_new((const char *)data, size);
    reader_header(reader, "Subject");
    reader_type_parameter(reader, "report-type");
    g_assert_true(g_utf8_validate(reader_headers(reader), -1, NULL));
    g_assert_true(g_utf8_validate(reader_raw_body(reader), -1, NULL));
    for (guint i = 0; i < reader_parts(reader); i++)
        g_assert_true(g_utf8_validate(reader_text(reader, i), -1, NULL));
    return 0;
}
