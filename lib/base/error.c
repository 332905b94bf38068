/* error - what a failed call says, by kind */
#include "base/error.h"

#include <string.h>

GQuark circular_error_quark(void)
{
    return g_quark_from_static_string("circular-error");
}

gboolean error_data(GError **error, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    g_autofree char *said = g_strdup_vprintf(format, words);
    va_end(words);
    g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, said);
    return FALSE;
}

enum { WORD_MAX = 64 }; /* longer words are no slips of the finger */

/* Damerau-Levenshtein distance (optimal string alignment), case folded. */
static guint distance(const char *a, const char *b)
{
    guint rows[3][WORD_MAX + 1];
    guint la = strlen(a), lb = strlen(b);
    guint *before = rows[0], *above = rows[1], *row = rows[2];

    for (guint j = 0; j <= lb; j++)
        above[j] = j;
    for (guint i = 1; i <= la; i++) {
        row[0] = i;
        for (guint j = 1; j <= lb; j++) {
            char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
            row[j] = MIN(MIN(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) && g_ascii_tolower(a[i - 2]) == y)
                row[j] = MIN(row[j], before[j - 2] + 1);
        }
        guint *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[lb];
}

const char *nearest_word(const char *typed, const char *const *words)
{
    const char *best = NULL;
    gsize length = strlen(typed);
    guint least = G_MAXUINT;

    if (length > WORD_MAX)
        return NULL;
    for (; *words; words++) {
        gsize longer = MAX(length, strlen(*words));
        if (longer > WORD_MAX)
            continue;
        guint d = distance(typed, *words);
        if (d <= (longer + 1) / 3 && d < least) {
            best = *words;
            least = d;
        }
    }
    return best;
}

char *text_visible(const char *text)
{
    GString *shown = g_string_new(NULL);
    while (*text) {
        gunichar c = g_utf8_get_char_validated(text, -1);
        gsize length = c == (gunichar)-1 || c == (gunichar)-2 ? 1 : g_utf8_next_char(text) - text;
        /* U+0080 to U+009F are control characters too: U+009B is what ESC [ is. */
        gboolean hidden = length == 1 ? (guchar)*text < 0x20 || (guchar)*text >= 0x7f : c < 0xa0;
        for (gsize i = 0; i < length; i++) {
            if (hidden)
                g_string_append_printf(shown, "\\x%02x", (guchar)text[i]);
            else
                g_string_append_c(shown, text[i]);
        }
        text += length;
    }
    return g_string_free(shown, FALSE);
}
