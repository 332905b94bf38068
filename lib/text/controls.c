/* controls - characters that steer a screen instead of being read, shown as code points */
#include "text/controls.h"

gboolean controls_has(gunichar c)
{
    static const struct {
        gunichar first, last;
    } ranges[] = {
        {0x00, 0x1F},     /* C0 */
        {0x7F, 0x9F},     /* DEL and C1 */
        {0x2028, 0x202E}, /* separators, embeddings, overrides */
        {0x2066, 0x2069}, /* isolates */
        {0xFFF9, 0xFFFB}, /* annotations */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return TRUE;
    return FALSE;
}

void controls_add(GString *out, gunichar c)
{
    g_string_append_printf(out, "<U+%04X>", c);
}
