/* fuzz-sheet - any file is a sheet of clean cells or is refused with words */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "sheet/sheet.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    const Sheet *sheet;
    gboolean has_bare; /* a row with nothing in any column that has a name */
} Seen;

static gboolean check_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    Seen *seen = user;
    const Sheet *sheet = seen->sheet;
    gboolean filled = FALSE;
    (void)error;
    g_assert(at->line > sheet_header_line(sheet));
    for (guint i = 0; i < sheet_width(sheet); i++) {
        g_assert(g_utf8_validate(cells[i], -1, NULL));
        for (const char *p = cells[i]; *p; p = g_utf8_next_char(p))
            g_assert(!g_unichar_iscntrl(g_utf8_get_char(p)) || strchr("\t\r\n", *p));
        filled |= *cells[i] != '\0';
    }
    seen->has_bare |= !filled;
    return TRUE;
}

/* Such a row has its value in a column without a name, or with a name that another has: it is passed
 * on, so that whoever reads finds it without a key, and the column is told. */
static gboolean is_column_told(const Findings *findings)
{
    return findings_count_id(findings, "column") > 0;
}

static void read_as(const char *path, const char *encoding, const char *delimiter)
{
    SheetSpec spec = {.file = path, .shown = "x", .encoding = encoding, .delimiter = delimiter};
    g_autoptr(GError) error = NULL;
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Sheet) sheet = sheet_open(&spec, &error);
    g_assert(!sheet == (error != NULL));
    if (sheet) {
        const char *const *columns = sheet_columns(sheet);
        for (guint i = 0; columns[i]; i++)
            g_assert(*columns[i] && sheet_find(sheet, columns[i]) == (int)i);
        Seen seen = {sheet, FALSE};
        g_assert(sheet_read(sheet, findings, check_row, &seen, &error) == !error);
        g_assert(error || !seen.has_bare || is_column_told(findings));
    }
    g_assert(!error || (error->domain == CIRCULAR_ERROR && error->code == CIRCULAR_ERROR_DATA &&
                        g_utf8_validate(error->message, -1, NULL)));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        g_autofree char *name = NULL;
        fd = g_file_open_tmp("circular-fuzz-XXXXXX", &name, NULL);
        g_assert(fd >= 0 && unlink(name) == 0);
        g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    g_assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (gssize)size);
    read_as(path, "auto", "auto");
    read_as(path, "windows-1252", ",");
    return 0;
}
