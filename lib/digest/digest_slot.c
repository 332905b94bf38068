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

DigestSlots digest_slots_of(const DigestConfig *config)
{
    SheetSpec sheet = {.file = config->terms, .shown = config->terms_shown};
    g_autoptr(Findings) unheard = findings_new();
    return (DigestSlots){.timetable =
                             config->schedule ? timetable_parse(config->schedule, NULL) : NULL,
                         .terms = config->terms && config->outside == OUTSIDE_WAIT
                                      ? terms_read(&sheet, unheard, NULL)
                                      : NULL,
                         .hours = config->hours};
}

void digest_slots_clear(DigestSlots *self)
{
    g_clear_pointer(&self->timetable, timetable_free);
    g_clear_pointer(&self->terms, terms_free);
}

gint64 digest_slots_run(const DigestSlots *self, gint64 from)
{
    Day day;
    int minutes;
    gint64 whole = (from + MINUTE - 1) / MINUTE * MINUTE;
    Day begin = day_of(whole, &minutes);
    return self->timetable && timetable_next(self->timetable, begin, minutes, &day, &minutes)
               ? moment(day, minutes)
               : 0;
}

gboolean digest_slots_next(const DigestSlots *self, gint64 from, gint64 *run, gint64 *leaves)
{
    gint64 end = from + TIMETABLE_REACH * HOURS_DAY * MINUTE;
    *run = digest_slots_run(self, from);
    for (guint i = 0; *run && *run < end && i < RUNS_MAX; i++) {
        gint64 next = digest_slots_run(self, *run + MINUTE);
        *leaves = self->hours ? sendhours_opens(self->hours, *run) : *run;
        gboolean is_run = *leaves && (!self->terms || terms_at(self->terms, day_of(*run, NULL)));
        if (is_run && (!next || next > *leaves))
            return TRUE;
        *run = next;
    }
    return FALSE;
}
