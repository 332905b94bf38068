/* fuzz-rows - CSV in any pieces gives the same rows, within the limits
 *
 * The first byte chooses the delimiter, the second the size of the pieces.
 */
#include <string.h>

#include "base/rows.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean collect(void *user, guint line, char **cells, guint count, GError **error)
{
    GString *out = user;
    (void)error;
    g_assert(count >= 1 && count <= ROWS_CELLS_MAX && !cells[count]);
    g_string_append_printf(out, "%u", line);
    for (guint i = 0; i < count; i++) {
        g_assert(strlen(cells[i]) <= ROWS_CELL_MAX);
        g_string_append_printf(out, "[%s]", cells[i]);
        memset(cells[i], '"', strlen(cells[i])); /* they are the callback's to change */
    }
    return TRUE;
}

static char *read_in(const char *bytes, gsize length, char delimiter, gsize piece)
{
    GString *out = g_string_new(NULL);
    g_autoptr(Rows) rows = rows_new("x", 1, delimiter, collect, out);
    g_autoptr(GError) error = NULL;
    gboolean ok = TRUE;
    for (gsize at = 0; ok && at < length; at += piece)
        ok = rows_feed(rows, bytes + at, MIN(piece, length - at), &error);
    ok = ok && rows_end(rows, &error);
    g_assert(ok == !error);
    if (error)
        g_string_append(out, error->message);
    return g_string_free(out, FALSE);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 2)
        return 0;
    const char *bytes = (const char *)data + 2;
    char delimiter = ",;\t"[data[0] % 3];
    g_autofree char *whole = read_in(bytes, size - 2, delimiter, size);
    g_autofree char *pieces = read_in(bytes, size - 2, delimiter, 1 + data[1] % 16);
    g_assert_cmpstr(whole, ==, pieces);
    rows_guess_delimiter(bytes, size - 2);
    return 0;
}
