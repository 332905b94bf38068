/* workbook_ods - the sheets of an OpenDocument spreadsheet (ODF 1.3 part 3, .ods)
 *
 * What LibreOffice and others write. A part of sheet/workbook.h, which says what a cell gives.
 */
#ifndef SHEET_WORKBOOK_ODS_H
#define SHEET_WORKBOOK_ODS_H

#include <glib.h>

#include "sheet/workbook_names.h"
#include "sheet/workbook_package.h"
#include "sheet/workbook_rows.h"

enum { ODS_STYLES_MAX = 20000 }; /* styles that hide their sheet */

typedef struct Ods Ods;

/* Does the package hold a document of ODF, of whatever kind? */
gboolean ods_looks_like(Package *package);

/* Finds the sheet `wanted`, or with NULL the first that isn't hidden. `package` outlives it. NULL
 * with DATA: a password is set, a text or a drawing, no such sheet (it names those there are), what
 * is damaged, a limit. */
Ods *ods_open(Package *package, const char *wanted, GError **error);
void ods_close(Ods *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ods, ods_close)

/* The sheet's name. */
const char *ods_sheet(const Ods *self);

/* All sheets of the document, read anew; NULL with DATA. */
WorkbookNames *ods_names(Ods *self, GError **error);

/* Puts all its cells into `rows`. FALSE with DATA or with what `rows` set. */
gboolean ods_read(Ods *self, WorkbookRows *rows, GError **error);

#endif
