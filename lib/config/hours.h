/* hours - "Mon-Fri 07:30-18:00": when something may happen in a week, in words for people
 *
 * What is understood: groups of days and hours, "Mon-Thu 08:00-17:00, Fri 8am-3pm", in either order
 * ("07:30-18:00 on weekdays"). Days are "Monday", "Mon", "Mon to Fri", "weekdays", "weekend", "every
 * day"; days alone are whole days. Hours are two times with a dash, "to" or "until" between them:
 * "07:30", "7.30am", "0730", "9", "noon", "midnight", and "24:00" as an end. An end that comes
 * before its beginning is one of the next day ("22:00-06:00"). Times are of the local clock.
 *
 * "in term time" and "except bank holidays" may follow: who asks must see that the terms and the
 * holidays are known. What can be read in two ways is refused, with the line that was likely meant.
 */
#ifndef CONFIG_HOURS_H
#define CONFIG_HOURS_H

#include <glib.h>

enum {
    HOURS_TEXT_MAX = 200,  /* bytes */
    HOURS_GROUPS_MAX = 14, /* of days that have the same hours */
    HOURS_RANGES_MAX = 6,  /* "08:00-12:00" in one group */
    HOURS_DAY = 24 * 60    /* minutes */
};

typedef struct Hours Hours;

/* Reads the words. NULL with CONFIG, what is wrong and what was likely meant. The place (file, line,
 * key) is for the caller to put before it. */
Hours *hours_parse(const char *text, GError **error);
void hours_free(Hours *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hours, hours_free)

/* Whether the minute since midnight of a weekday (0: Monday) is in them; whether any of that day
 * is. */
gboolean hours_has(const Hours *self, int weekday, int minute);
gboolean hours_has_day(const Hours *self, int weekday);

/* Whether the words speak of terms, or of holidays. */
gboolean hours_says_term(const Hours *self);
gboolean hours_says_holidays(const Hours *self);

/* The same in a fixed form: "Mon-Fri 07:30-18:00", "Mon-Thu 08:00-17:00; Fri 08:00-15:00". Newly
 * allocated. hours_parse reads it as the same hours. */
char *hours_text(const Hours *self);

#endif
