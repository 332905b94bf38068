/* sendhours - when letters may go: hours of the week, in term, and not on holidays
 *
 * By send.hours, send.terms and send.holidays of the config, on the clock on the wall: an hour that
 * summer time skips isn't there, and one that comes twice counts twice.
 */
#ifndef WORKSPACE_SENDHOURS_H
#define WORKSPACE_SENDHOURS_H

#include "config/hours.h"
#include "list/terms.h"
#include "workspace/workspace.h"

enum {
    SENDHOURS_REACH = 400,    /* days that are looked at for the next hour */
    SENDHOURS_CLOSE_REACH = 8 /* days for the end of the present one */
};

typedef struct SendHours SendHours;

/* By the config; without any of the keys letters may go at any time. NULL with DATA "file:line" when
 * a sheet has a mistake (what it means may be a holiday), or as terms_read. */
SendHours *sendhours_load(const Workspace *workspace, GError **error);

/* Of parts, each may be NULL; takes them. `text` and the sheets' names are for people. */
typedef struct {
    Hours *hours;
    Terms *terms, *holidays;
    const char *text, *terms_shown, *holidays_shown;
} SendHoursParts;
SendHours *sendhours_new(const SendHoursParts *parts);
void sendhours_free(SendHours *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SendHours, sendhours_free)

/* Whether anything limits them, and by which sheets; the sheets are borrowed, NULL for none. */
gboolean sendhours_are_limited(const SendHours *self);
const Terms *sendhours_terms(const SendHours *self);
const Terms *sendhours_holidays(const SendHours *self);

/* Whether letters may go at a time (microseconds). */
gboolean sendhours_is_open(const SendHours *self, gint64 when);

/* The first time at or after `when` at which they may go; 0 when there is none within
 * SENDHOURS_REACH days (all terms have ended). */
gint64 sendhours_opens(const SendHours *self, gint64 when);

/* Of a time at which they may go: when they may no more; G_MAXINT64 when that isn't within
 * SENDHOURS_CLOSE_REACH days. */
gint64 sendhours_closes(const SendHours *self, gint64 when);

/* Why letters may not go at that time: "letters go Mon-Fri 07:30-18:00 (send.hours)", "Friday 25
 * December 2026 is a holiday, 'Christmas Day' (lists/holidays.csv:2)"; and what keeps the last day before
 * they may go again from having hours, where that is another reason. Newly allocated. */
char *sendhours_why(const SendHours *self, gint64 when);

#endif
