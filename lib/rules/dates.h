/* dates - days that a text names, found one after another
 *
 * Knows what people write in English: "Tuesday 7th January 2025", "Tues, 7 Jan", "Tuesday the 7th
 * of January", "January 7, 2025", "7/1/2025", "07.01.2025", "2025-01-07", and "Monday 6 and Tuesday
 * 7 January", where the first day borrows its month from the second. What is in doubt is passed
 * over: a missed date is better than a false alarm. Any UTF-8 is fine.
 */
#ifndef RULES_DATES_H
#define RULES_DATES_H

#include <glib.h>

enum { DATES_YEAR_MIN = 1990, DATES_YEAR_MAX = 2099 }; /* four digits outside are no year */

typedef struct {
    gsize start, end;       /* bytes of the text */
    guint weekday;          /* 1 Monday to 7 Sunday; 0: none is named */
    guint day, month, year; /* the year 0 when none is named */
    gboolean possible;      /* the calendar has it; 29 February without a year is possible */
} DateFound;

/* Finds the next one from `*at`, which it moves behind it; FALSE at the end. `month_first`: how
 * 7/1/2025 is read. */
gboolean dates_next(const char *text, gsize *at, gboolean month_first, DateFound *found);

/* The weekday of a day that the calendar has. */
guint dates_weekday(guint day, guint month, guint year);

/* The days from 1 January of the year 1 on, for comparing; the day must be possible. */
guint dates_number(guint day, guint month, guint year);

/* "Monday"; 1 to 7. */
const char *dates_weekday_name(guint weekday);

/* Every year that the text names, "2027/28" naming two, into `years` (of guint). */
void dates_years(const char *text, GArray *years);

#endif
