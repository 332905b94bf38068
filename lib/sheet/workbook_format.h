/* workbook_format - a number of a workbook as its number format shows it
 *
 * Formats as in ECMA-376 part 1, 18.8.31 (Excel's). Days come as ISO 8601 days, whatever order the
 * format has them in, because that is what all else here reads.
 */
#ifndef SHEET_WORKBOOK_FORMAT_H
#define SHEET_WORKBOOK_FORMAT_H

#include <glib.h>

enum { FORMAT_CODE_MAX = 1000 }; /* bytes of a format; a longer one is taken for General */

/* The code of a number that Excel has built in (18.8.30), "General" for what isn't one. */
const char *format_builtin(guint id);

/* Appends the number as `code` shows it: 1234 by "000000" is 001234, 0.145 by "0.00%" is 14.50%,
 * 46266 by any format of days is 2026-09-01, with the time when the format has one and it isn't
 * midnight; a day that doesn't exist is ########, as in Excel. `from_1904` is the base of days that
 * Excel for the Macintosh used. What isn't understood (fractions, conditions) comes as by General. */
void format_number(GString *out, double number, const char *code, gboolean from_1904);

#endif
