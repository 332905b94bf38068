/* timetable_parts - what timetables and hours share (private to this folder) */
#ifndef CONFIG_TIMETABLE_PARTS_H
#define CONFIG_TIMETABLE_PARTS_H

#include "config/timetable.h"

enum { TIMETABLE_DAYS = 7, TIMETABLE_WEEKS = 4 };

struct Timetable {
    gboolean days[TIMETABLE_DAYS];          /* Monday first; none with `dates` alone */
    gboolean weeks[TIMETABLE_WEEKS];        /* the first, second ... of its kind in the month */
    gboolean dates[TIMETABLE_DATE_MAX + 1]; /* of the month */
    gboolean by_week, by_date;
    guint times[TIMETABLE_TIMES_MAX]; /* minutes since midnight, ascending */
    guint count;
};

extern const char *const TIMETABLE_DAY_NAMES[TIMETABLE_DAYS];
extern const char *const TIMETABLE_ORDINALS[TIMETABLE_WEEKS];

/* 0 to 6 for "monday", "mondays", "mon", in lower case; else -1. */
int timetable_weekday(const char *word);

#endif
