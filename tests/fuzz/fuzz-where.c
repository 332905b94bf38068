/* fuzz-where - any text is an expression or is refused with words; none does more than answer */
#include <string.h>

#include "base/error.h"
#include "where/where.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void ask(Where *where, const char *cell)
{
    char *cells[] = {(char *)cell, (char *)"Primary", (char *)"Open", (char *)"90"};
    g_autoptr(GError) error = NULL;
    gboolean first = FALSE, second = FALSE;
    gboolean ok = where_matches(where, cells, "x.csv", 2, &first, &error);
    g_assert(ok == !error);
    if (!ok)
        return;
    if (where_matches(where, cells, "x.csv", 3, &second, NULL))
        g_assert(first == second);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const columns[] = {"URN", "Phase", "Status (name)", "Pupils", NULL};
    g_autofree char *expression = g_strndup((const char *)data, size);
    if (!g_utf8_validate(expression, -1, NULL)) /* the config is UTF-8 */
        return 0;
    WhereSpec spec = {.expression = expression,
                      .columns = columns,
                      .file = "config",
                      .line = 1,
                      .milliseconds = 200};
    g_autoptr(GError) error = NULL;
    g_autoptr(Where) where = where_new(&spec, &error);
    g_assert(!where == (error != NULL));
    if (error)
        g_assert(error->domain == CIRCULAR_ERROR && error->code == CIRCULAR_ERROR_CONFIG);
    if (where) {
        ask(where, "100001");
        ask(where, "' OR 1=1");
    }
    return 0;
}
