/* workbook_xlsx - the worksheets of an Office Open XML workbook (ECMA-376, .xlsx and .xlsm)
 */
#ifndef SHEET_WORKBOOK_XLSX_H
#define SHEET_WORKBOOK_XLSX_H

#include "sheet/workbook_names.h"
#include "sheet/workbook_package.h"
#include "sheet/workbook_rows.h"

enum {
    XLSX_STRINGS_MAX = 4000000, /* texts that cells share */
    XLSX_TEXT_MAX = 64 << 20,   /* bytes of them, with a NUL behind each */
    XLSX_STYLES_MAX = 65536,    /* formats of cells; Excel's own limit is 65,490 */
};

typedef struct Xlsx Xlsx;

/* Finds the worksheet `wanted`, or with NULL the first that isn't hidden, and reads what its cells
 * refer to. `package` outlives it. NULL with DATA: no such worksheet (it names those there are), none
 * at all, what is no workbook, a limit. */
Xlsx *xlsx_open(Package *package, const char *wanted, GError **error);
void xlsx_close(Xlsx *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Xlsx, xlsx_close)

/* The worksheet's name. */
const char *xlsx_sheet(const Xlsx *self);

/* All worksheets of the workbook; borrowed. */
const WorkbookNames *xlsx_names(const Xlsx *self);

/* Puts all its cells into `rows`. FALSE with DATA or with what `rows` set. */
gboolean xlsx_read(Xlsx *self, WorkbookRows *rows, GError **error);

#endif
