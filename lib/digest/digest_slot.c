/* digest_slot - when a digest's runs are, and when their letters leave */
#include "digest/digest_slot.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)

enum { RUNS_MAX = TIMETABLE_REACH * TIMETABLE_TIMES_MAX };

/* What the clock on the wall shows then; a time that summer time skips is the one after it. */
static gint64 moment(Day day, int minutes)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    g_autoptr(GDateTime) time =
        g_date_time_new_local(g_date_get_year(&date), (int)g_date_get_month(&date),
                              g_date_get_day(&date), minutes / 60, minutes % 60, 0);
    return time ? g_date_time_to_unix(time) * G_USEC_PER_SEC : 0;
}

gint64 digest_slot_run(const Timetable *timetable, gint64 from)
{
    Day day;
    int minutes;
    gint64 whole = (from + MINUTE - 1) / MINUTE * MINUTE;
    Day begin = day_of(whole, &minutes);
    return timetable_next(timetable, begin, minutes, &day, &minutes) ? moment(day, minutes) : 0;
}

gboolean digest_slot_next(const Timetable *timetable, const SendHours *hours, const Terms *terms,
                          gint64 from, gint64 *run, gint64 *leaves)
{
    gint64 end = from + TIMETABLE_REACH * HOURS_DAY * MINUTE;
    *run = digest_slot_run(timetable, from);
    for (guint i = 0; *run && *run < end && i < RUNS_MAX; i++) {
        gint64 next = digest_slot_run(timetable, *run + MINUTE);
        *leaves = hours ? sendhours_opens(hours, *run) : *run;
        gboolean is_run = *leaves && (!terms || terms_at(terms, day_of(*run, NULL)));
        if (is_run && (!next || next > *leaves))
            return TRUE;
        *run = next;
    }
    return FALSE;
}

gint64 digest_slot_last(const Timetable *timetable, gint64 until)
{
    Day day;
    int minutes;
    Day end = day_of(until, &minutes);
    return timetable_last(timetable, end, minutes, &day, &minutes) ? moment(day, minutes) : 0;
}

guint digest_slot_count(const Timetable *timetable, gint64 since, gint64 until)
{
    guint count = 0;
    for (gint64 run = digest_slot_run(timetable, since + 1);
         run && run <= until && count < DIGEST_SLOTS_MAX;
         run = digest_slot_run(timetable, run + MINUTE))
        count++;
    return count;
}
