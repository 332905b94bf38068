/* othersheet - what the worksheets have that a workbook's reader passes over
 *
 * Of a workbook one worksheet is read, the first where none was named. What stands on the next is
 * easily meant, and nobody would see that it is missing.
 */
#ifndef SHEET_OTHERSHEET_H
#define SHEET_OTHERSHEET_H

#include "base/finding.h"
#include "sheet/workbook.h"

/* A warning other-sheet about `shown` when another worksheet has most of these columns. */
void othersheet_report(Workbook *workbook, const char *shown, const char *const *columns,
                       Findings *findings);

/* What to say where the worksheet has no such column, and another has; newly allocated, or NULL. */
char *othersheet_with(Workbook *workbook, const char *column);

/* What to say where the worksheet is empty, and another isn't, with "; " before it; newly allocated,
 * or NULL. */
char *othersheet_filled(Workbook *workbook);

#endif
