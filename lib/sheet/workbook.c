/* workbook - a worksheet of a workbook of Excel or LibreOffice, its rows one at a time */
#include "sheet/workbook.h"

#include <string.h>
#include <unistd.h>

#include "text/amount.h"
#include "base/error.h"
#include "sheet/workbook_ods.h"
#include "sheet/workbook_package.h"
#include "sheet/workbook_xlsx.h"

struct Workbook {
    Package *package;
    Xlsx *xlsx; /* one of the two */
    Ods *ods;
    WorkbookLeft left; /* by the last reading, as are */
    guint columns[ROWS_CELLS_MAX];
};

typedef enum { KIND_TEXT, KIND_ZIP, KIND_OLE } Kind;

static Kind look(int fd)
{
    static const guint8 ole[] = {0xD0, 0xCF, 0x11, 0xE0};
    guint8 bytes[4];
    if (pread(fd, bytes, sizeof bytes, 0) < (gssize)sizeof bytes)
        return KIND_TEXT;
    if (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0)
        return KIND_ZIP;
    return memcmp(bytes, ole, sizeof ole) == 0 ? KIND_OLE : KIND_TEXT;
}

char *workbook_library(void)
{
    return package_library();
}

gboolean workbook_looks_like(int fd)
{
    return look(fd) != KIND_TEXT;
}

char *workbook_lock_file(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    const char *of = NULL;
    gsize length = strlen(name);
    if (g_str_has_prefix(name, "~$"))
        of = name + 2;
    else if (g_str_has_prefix(name, ".~lock.") && name[length - 1] == '#') {
        name[length - 1] = '\0';
        of = name + 7;
    }
    return of ? g_strdup_printf("is no list, but the sign that somebody has '%s' open: name that "
                                "file in the config",
                                of)
              : NULL;
}

Workbook *workbook_open(int fd, const char *shown, const char *sheet, GError **error)
{
    g_autoptr(Workbook) self = g_new0(Workbook, 1);
    if (look(fd) == KIND_OLE) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: %s", shown,
                    package_is_encrypted(fd)
                        ? "is encrypted: take the password off (in Excel: File, Info, Protect "
                          "Workbook, Encrypt with Password, and empty it), and save it"
                        : "is a workbook of the old kind (.xls): open it in Excel or LibreOffice, "
                          "and save it as .xlsx");
        return NULL;
    }
    self->package = package_open(fd, shown, error);
    if (!self->package)
        return NULL;
    if (ods_looks_like(self->package))
        self->ods = ods_open(self->package, sheet, error);
    else
        self->xlsx = xlsx_open(self->package, sheet, error);
    return self->ods || self->xlsx ? g_steal_pointer(&self) : NULL;
}

void workbook_close(Workbook *self)
{
    if (!self)
        return;
    xlsx_close(self->xlsx);
    ods_close(self->ods);
    package_close(self->package);
    g_free(self);
}

const char *workbook_sheet(const Workbook *self)
{
    return self->ods ? ods_sheet(self->ods) : xlsx_sheet(self->xlsx);
}

gboolean workbook_read(Workbook *self, const char *name, RowsFound found, void *user,
                       GError **error)
{
    g_autoptr(WorkbookRows) rows = workbook_rows_new(name, found, user);
    gboolean ok = self->ods ? ods_read(self->ods, rows, error) : xlsx_read(self->xlsx, rows, error);
    self->left = *workbook_rows_left(rows);
    workbook_rows_columns(rows, self->columns, G_N_ELEMENTS(self->columns));
    return ok;
}

guint workbook_column(const Workbook *self, guint cell)
{
    return self->columns[cell];
}

/* --- the other worksheets --------------------------------------------------------------------- */

typedef struct {
    WorkbookIsLike is_like;
    void *user;
    gboolean found;
} FirstRow;

static gboolean take_first(void *user, guint line, char **cells, guint count, GError **error)
{
    FirstRow *first = user;
    (void)line;
    first->found = first->is_like(first->user, cells, count);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "the first row was read");
    return FALSE;
}

static gboolean looks_so(Workbook *self, const char *name, WorkbookIsLike is_like, void *user)
{
    FirstRow first = {is_like, user, FALSE};
    g_autoptr(GError) unheard = NULL;
    g_autoptr(WorkbookRows) rows = workbook_rows_new(name, take_first, &first);
    if (self->ods) {
        g_autoptr(Ods) other = ods_open(self->package, name, &unheard);
        if (other)
            (void)ods_read(other, rows, &unheard);
    } else {
        g_autoptr(Xlsx) other = xlsx_open(self->package, name, &unheard);
        if (other)
            (void)xlsx_read(other, rows, &unheard);
    }
    return first.found;
}

char *workbook_other(Workbook *self, WorkbookIsLike like, void *user)
{
    const WorkbookName *name;
    guint looked = 0;
    g_autoptr(WorkbookNames) own = self->ods ? ods_names(self->ods, NULL) : NULL;
    const WorkbookNames *names = self->ods ? own : xlsx_names(self->xlsx);
    for (guint i = 0; names && looked < WORKBOOK_OTHERS_MAX && (name = workbook_names_at(names, i));
         i++) {
        if (name->hidden || strcmp(name->name, workbook_sheet(self)) == 0)
            continue;
        looked++;
        if (looks_so(self, name->name, like, user))
            return g_strdup(name->name);
    }
    return NULL;
}

void workbook_report(const Workbook *self, const char *name, Findings *findings)
{
    const WorkbookLeft *left = &self->left;
    char letters[LOCATION_LETTERS];
    if (left->hidden_rows)
        findings_add(
            findings, FINDING_WARNING, name, left->hidden_row, "hidden",
            "%u hidden row%s left out, the first is %u: clear the filter or unhide them to "
            "have them read",
            left->hidden_rows, amount_form(left->hidden_rows, " is", "s are"), left->hidden_row);
    location_letters(left->hidden_column, letters);
    if (left->hidden_columns)
        findings_add(findings, FINDING_WARNING, name, 0, "hidden",
                     "%u hidden column%s left out, the first is %s: unhide them to have them read",
                     left->hidden_columns, amount_form(left->hidden_columns, " is", "s are"),
                     letters);
    location_letters(left->uncomputed_column, letters);
    const Location uncomputed = {name, left->uncomputed_row, left->uncomputed_column};
    if (left->uncomputed)
        findings_add_at(
            findings, FINDING_WARNING, &uncomputed, "uncomputed",
            "%u formula%s without a value, the first in %s%u: open the workbook in Excel or "
            "LibreOffice and save it",
            left->uncomputed, amount_form(left->uncomputed, "", "s"), letters,
            left->uncomputed_row);
}
