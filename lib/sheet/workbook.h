/* workbook - a worksheet of a workbook of Excel or LibreOffice, its rows one at a time
 *
 * Reads .xlsx, .xlsm and .ods as they lie there; nothing is written, computed or followed: no macro, link or
 * query. A cell is the text that is shown: numbers by their format, days as ISO days, a formula's last
 * value, an error as #N/A. Merged cells each have the text of their first. Hidden rows and columns
 * are left out and counted.
 */
#ifndef SHEET_WORKBOOK_H
#define SHEET_WORKBOOK_H

#include <glib.h>

#include "base/finding.h"
#include "base/rows.h"
#include "sheet/workbook_rows.h"

typedef struct Workbook Workbook;

/* "libgsf 1.14.50", with which the program runs; newly allocated. */
char *workbook_library(void);

/* Do the file's first bytes say that it is no text: a ZIP package, or what Excel wrote before 2007
 * and writes when a password is set (OLE)? */
gboolean workbook_looks_like(int fd);

/* What to say of a file that some program keeps beside a workbook that is open in it ("~$heads.xlsx",
 * ".~lock.heads.ods#"); newly allocated, or NULL when it is none. */
char *workbook_lock_file(const char *path);

/* Opens the worksheet `sheet`, or with NULL the first that isn't hidden. `fd` stays the caller's, and
 * open as long as the workbook is. NULL with DATA and a fix: a password is set, the old .xls, another
 * archive, damaged, no such worksheet, a limit of the headers below this one. */
Workbook *workbook_open(int fd, const char *shown, const char *sheet, GError **error);
void workbook_close(Workbook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Workbook, workbook_close)

/* The worksheet's name. */
const char *workbook_sheet(const Workbook *self);

/* Reads the rows from the first, with their numbers as Excel shows them, NULL-terminated; rows without
 * a text are passed over. May be called again. FALSE with DATA "name:row", or with what `found` set;
 * `name` is what errors call the worksheet. */
gboolean workbook_read(Workbook *self, const char *name, RowsFound found, void *user,
                       GError **error);

/* The column (from 1) in which the `cell` (from 0) of the rows stands, once something was read. */
guint workbook_column(const Workbook *self, guint cell);

/* The first of the other worksheets that aren't hidden (WORKBOOK_OTHERS_MAX of them are looked at), of
 * whose first row with a text `is_like` says TRUE; newly allocated. NULL for none, or where that can't
 * be read. Not while it is read. */
enum { WORKBOOK_OTHERS_MAX = 12 };
typedef gboolean (*WorkbookIsLike)(void *user, char *const *cells, guint count);
char *workbook_other(Workbook *self, WorkbookIsLike is_like, void *user);

/* What the last reading left out, as findings about `name`:
 *   warning hidden      rows or columns that are hidden, or filtered out
 *   warning uncomputed  formulas without a value */
void workbook_report(const Workbook *self, const char *name, Findings *findings);

#endif
