/* timetable - "every Monday at 07:30": when something is to happen, in words for people
 *
 * What is understood: days ("every day", "every weekday", "weekends", "Mondays", "Monday and
 * Thursday", "Monday to Friday"), or days of a month ("first Monday of the month", "second and
 * fourth Tuesday of the month", "the 1st of the month", "1st and 15th of each month"), then one or
 * more times ("at 07:30", "7.30am", "08:00 and 15:30", "noon"). Upper and lower case are alike.
 * Times are of the local clock, as cron and systemd take them. "in term" and "in term time" are
 * passed over: whoever is started then knows the terms, and waits by itself.
 */
#ifndef CONFIG_TIMETABLE_H
#define CONFIG_TIMETABLE_H

#include <glib.h>

#include "text/day.h"

enum {
    TIMETABLE_TEXT_MAX = 200, /* bytes */
    TIMETABLE_TIMES_MAX = 12, /* times of a day */
    TIMETABLE_DATE_MAX = 28,  /* the last day that each month has */
};

typedef struct Timetable Timetable;

/* Reads the words. NULL with CONFIG, what is wrong and examples of what is right, for anything that
 * can't be understood without guessing: a day without a time, "every other Monday", "at 7". The
 * place (file, line, key) is for the caller to put before it. */
Timetable *timetable_parse(const char *text, GError **error);
void timetable_free(Timetable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Timetable, timetable_free)

/* The same in a fixed form: "every Monday and Thursday at 07:30 and 15:00"; newly allocated.
 * timetable_parse reads it as the same timetable. */
char *timetable_text(const Timetable *self);

/* The first time of it at or after a moment of the wall clock, as day and minutes since midnight.
 * FALSE when there is none within TIMETABLE_REACH days (a fifth Monday that no month has). */
enum { TIMETABLE_REACH = 400 };
gboolean timetable_next(const Timetable *self, Day day, int minutes, Day *next, int *next_minutes);

/* Lines for crontab(5), one or more, without line ends; NULL-terminated, newly allocated.
 * `command` must have its percent signs escaped. cron runs a line with both a date and a weekday
 * on either, so "first Monday" asks date(1) for the weekday. */
char **timetable_cron(const Timetable *self, const char *command);

/* Values for OnCalendar= of systemd.time(7), one or more; NULL-terminated, newly allocated. */
char **timetable_systemd(const Timetable *self);

#endif
