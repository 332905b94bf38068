/* sendhours - when letters may go: hours of the week, in term, and not on holidays */
#include "workspace/sendhours.h"

#include "base/error.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)

struct SendHours {
    Hours *hours;
    Terms *terms, *holidays;
    char *text, *terms_shown, *holidays_shown;
};

SendHours *sendhours_new(const SendHoursParts *parts)
{
    SendHours *self = g_new0(SendHours, 1);
    *self = (SendHours){.hours = parts->hours,
                        .terms = parts->terms,
                        .holidays = parts->holidays,
                        .text = g_strdup(parts->text),
                        .terms_shown = g_strdup(parts->terms_shown),
                        .holidays_shown = g_strdup(parts->holidays_shown)};
    return self;
}

void sendhours_free(SendHours *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->hours, hours_free);
    g_clear_pointer(&self->terms, terms_free);
    g_clear_pointer(&self->holidays, terms_free);
    g_free(self->text);
    g_free(self->terms_shown);
    g_free(self->holidays_shown);
    g_free(self);
}

/* --- by the config ---------------------------------------------------------------------------- */

/* The first mistake in a sheet: a row that is left out may be the day on which nothing may go. */
static gboolean is_right(const Findings *findings, GError **error)
{
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        if (finding->severity != FINDING_ERROR)
            continue;
        const Location at = finding_location(finding);
        g_autofree char *place = location_text(&at);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: %s", place, finding->text);
        return FALSE;
    }
    return TRUE;
}

typedef Terms *(*Reader)(const SheetSpec *spec, Findings *findings, GError **error);

/* The sheet that a key names, if it does. FALSE with error. */
static gboolean read_sheet(const Settings *settings, const char *key, Reader read, Terms **sheet,
                           GError **error)
{
    SheetSpec spec = {.file = settings_path(settings, key), .shown = settings_text(settings, key)};
    g_autoptr(Findings) findings = findings_new();
    if (!spec.file)
        return TRUE;
    *sheet = read(&spec, findings, error);
    return *sheet && is_right(findings, error);
}

SendHours *sendhours_load(const Workspace *workspace, GError **error)
{
    const Settings *settings = workspace_settings(workspace);
    SendHoursParts parts = {.text = settings_text(settings, "send.hours"),
                            .terms_shown = settings_text(settings, "send.terms"),
                            .holidays_shown = settings_text(settings, "send.holidays")};
    gboolean ok = !parts.text || (parts.hours = hours_parse(parts.text, error));
    ok = ok && read_sheet(settings, "send.terms", terms_read, &parts.terms, error) &&
         read_sheet(settings, "send.holidays", terms_read_holidays, &parts.holidays, error);
    g_autoptr(SendHours) self = sendhours_new(&parts);
    return ok ? g_steal_pointer(&self) : NULL;
}

gboolean sendhours_are_limited(const SendHours *self)
{
    return self->hours || self->terms || self->holidays;
}

const Terms *sendhours_terms(const SendHours *self)
{
    return self->terms;
}

const Terms *sendhours_holidays(const SendHours *self)
{
    return self->holidays;
}

/* --- the clock on the wall -------------------------------------------------------------------- */

/* Whether a day has any hour. */
static gboolean has_day(const SendHours *self, Day day)
{
    return (!self->terms || terms_at(self->terms, day)) &&
           (!self->holidays || !terms_at(self->holidays, day)) &&
           (!self->hours || hours_has_day(self->hours, (int)(day - day_monday(day))));
}

gboolean sendhours_is_open(const SendHours *self, gint64 when)
{
    int minute;
    if (!sendhours_are_limited(self))
        return TRUE;
    Day day = day_of(when, &minute);
    return has_day(self, day) &&
           (!self->hours || hours_has(self->hours, (int)(day - day_monday(day)), minute));
}

/* Where the clock is set no calendar tells how long a day is: minutes are looked at one by one, but
 * for the days in the middle of some that have no hour at all. */
gint64 sendhours_opens(const SendHours *self, gint64 when)
{
    if (sendhours_is_open(self, when))
        return when;
    gint64 at = when / MINUTE * MINUTE, end = when + SENDHOURS_REACH * HOURS_DAY * MINUTE;
    while (at < end) {
        Day day = day_of(at, NULL);
        gboolean is_far = !has_day(self, day) && !has_day(self, day + 1) && !has_day(self, day + 2);
        at += is_far ? HOURS_DAY * MINUTE : MINUTE;
        if (sendhours_is_open(self, at))
            return at;
    }
    return 0;
}

gint64 sendhours_closes(const SendHours *self, gint64 when)
{
    gint64 end = when + SENDHOURS_CLOSE_REACH * HOURS_DAY * MINUTE;
    for (gint64 at = when / MINUTE * MINUTE + MINUTE; at < end; at += MINUTE)
        if (!sendhours_is_open(self, at))
            return at;
    return G_MAXINT64;
}

/* What keeps a whole day from having hours, beside the hours themselves. */
typedef enum { DAY_FREE, DAY_HOLIDAY, DAY_NO_TERM } DayKind;

static DayKind day_why(const SendHours *self, Day day, char **why)
{
    const Term *holiday = self->holidays ? terms_at(self->holidays, day) : NULL;
    const Term *next = self->terms ? terms_after(self->terms, day) : NULL;
    g_autofree char *today = day_text(day), *begins = next ? day_text(next->from) : NULL;
    *why = NULL;
    if (holiday) {
        *why = g_strdup_printf("%s is a holiday%s%s%s (%s:%u)", today, *holiday->name ? ", '" : "",
                               holiday->name, *holiday->name ? "'" : "", self->holidays_shown,
                               holiday->line);
        return DAY_HOLIDAY;
    }
    if (!self->terms || terms_at(self->terms, day))
        return DAY_FREE;
    *why = next ? g_strdup_printf("%s is not in term: '%s' begins on %s (%s)", today, next->name,
                                  begins, self->terms_shown)
                : g_strdup_printf("%s is not in term, and no term is to come (%s)", today,
                                  self->terms_shown);
    return DAY_NO_TERM;
}

/* Why the last day before `opens` that would have hours has none: it is what letters wait for. */
static char *last_why(const SendHours *self, Day day, DayKind kind, gint64 opens)
{
    for (Day before = opens ? day_of(opens, NULL) - 1 : 0; before > day; before--) {
        g_autofree char *why = NULL;
        if (self->hours && !hours_has_day(self->hours, (int)(before - day_monday(before))))
            continue;
        DayKind last = day_why(self, before, &why);
        return last == DAY_FREE || (last == DAY_NO_TERM && kind == last) ? NULL
                                                                         : g_steal_pointer(&why);
    }
    return NULL;
}

char *sendhours_why(const SendHours *self, gint64 when)
{
    char *own;
    Day day = day_of(when, NULL);
    DayKind kind = day_why(self, day, &own);
    if (!own)
        own = g_strdup_printf("letters go %s (send.hours)", self->text ? self->text : "");
    g_autofree char *last = last_why(self, day, kind, sendhours_opens(self, when));
    if (!last)
        return own;
    char *both = g_strdup_printf("%s, and %s", own, last);
    g_free(own);
    return both;
}
