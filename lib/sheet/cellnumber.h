/* cellnumber - what a cell of a sheet says as a number
 *
 * "30", "-1.50", "1,029", "14.50%", "£1,200", "(12)", "3,5": a number as people and spreadsheets write it.
 * "..", "n/a", "<5", "1e5", "" and the like say none.
 */
#ifndef SHEET_CELLNUMBER_H
#define SHEET_CELLNUMBER_H

#include <glib.h>

/* FALSE when the text says no number. Digits in groups of three may be parted by commas, dots,
 * blanks or apostrophes; a single comma parts the fraction where what follows it is no group
 * ("3,5", "0,125"). Brackets around it say that it is below nought. A per cent sign is the unit and doesn't divide by 100: a cell of 14.50% is over
 * 14. More than 15 digits are no number but a code, which a double can't tell apart. */
gboolean cellnumber_parse(const char *text, double *number);

/* Whether it is digits that begin with 0, "0012": a code, which is not the number 12. */
gboolean cellnumber_is_code(const char *text);

#endif
