/* day - a date as people write it, with or without a time of day
 *
 * Dates are those of the calendar on the wall: they have no zone and no summer time, so that what
 * an officer wrote for a Monday is due on that Monday wherever the machine stands.
 */
#ifndef TEXT_DAY_H
#define TEXT_DAY_H

#include <glib.h>

/* Days since 1 January of year 1, which is day 1 (as GDate has it); 0 is no day. */
typedef guint32 Day;

enum {
    DAY_YEAR_MIN = 1900, /* what is before or after is a slip of the finger */
    DAY_YEAR_MAX = 2199,
    DAY_NO_TIME = -1 /* as minutes */
};

/* Reads "2027-01-11", "11/01/2027" (day first), "11 January 2027", "11 Jan 2027", "January
 * 11, 2027", "11th of January 2027" and "Monday 11 January 2027". 0 with DATA, which says what is wrong and how to write it: no year, or one of two
 * digits; a day that the calendar doesn't have; a weekday that is another. */
Day day_parse(const char *text, GError **error);

/* The same with a time of day after it, or none: "2027-01-11 09:30", "11/01/2027, 9.30am", "11
 * January 2027 at 2pm". `minutes` since midnight, or DAY_NO_TIME. */
Day day_parse_time(const char *text, int *minutes, GError **error);

/* Reads the date at the beginning of `text`, and sets that behind it; 0 with DATA, which says only
 * what is wrong, and for what is no date at all with `text` as it was. The year may be missing where
 * `today` isn't 0: then it is the next such day, today or later in this year, or at most
 * DAY_NEXT_YEAR_MAX days ahead in the next. One that is farther away is an error: it is rather the
 * one that is just past. */
enum { DAY_NEXT_YEAR_MAX = 183 };
Day day_read(const char **text, Day today, GError **error);

/* The day, and the minutes since midnight, that a wall clock shows at `when` (microseconds), in the
 * local zone. */
Day day_of(gint64 when, int *minutes);

/* The Monday on or before the day. */
Day day_monday(Day day);

/* Newly allocated: "2027-01-11"; "Monday 11 January 2027"; "11 January"; "11 Jan 2027". */
char *day_iso(Day day);
char *day_text(Day day);
char *day_short(Day day);
char *day_brief(Day day);

/* "9:30am", "2pm", "midday", "midnight"; newly allocated. */
char *day_clock(int minutes);

#endif
