/* account_times - outcomes over time, in steps that make a readable chart (a part of run/account)
 *
 * The ledger counts in steps of minutes or hours since 1970; here they become days, weeks, months
 * of the local calendar, with its summer time, and the empty ones between are added.
 */
#include "base/when.h"
#include "run/accounting.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

enum { MOMENTS_MAX = 40 }; /* bars in a chart */

typedef struct {
    const char *name; /* "hour" */
    gint64 step;      /* at most how long one is */
    gint64 asked;     /* the step that the ledger is asked for */
    WhenLabel label;  /* of its beginning */
} Unit;

static const Unit UNITS[] = {
    {"minute", MINUTE, MINUTE, WHEN_LABEL_DAY_TIME},
    {"5 minutes", 5 * MINUTE, 5 * MINUTE, WHEN_LABEL_DAY_TIME},
    {"15 minutes", 15 * MINUTE, 15 * MINUTE, WHEN_LABEL_DAY_TIME},
    {"hour", HOUR, 15 * MINUTE, WHEN_LABEL_DAY_TIME},
    {"6 hours", 6 * HOUR, 15 * MINUTE, WHEN_LABEL_DAY_TIME},
    {"day", DAY, 15 * MINUTE, WHEN_LABEL_DAY},
    {"week", 7 * DAY, 15 * MINUTE, WHEN_LABEL_DAY},
    {"month", 31 * DAY, 15 * MINUTE, WHEN_LABEL_MONTH},
    {"year", 366 * DAY, 15 * MINUTE, WHEN_LABEL_YEAR},
};

static const Unit *choose(gint64 first, gint64 last, const Unit *least)
{
    const Unit *unit = least;
    while (unit < &UNITS[G_N_ELEMENTS(UNITS) - 1] && (last - first) / unit->step >= MOMENTS_MAX - 1)
        unit++;
    return unit;
}

/* The day on which a day, week, month or year begins that holds `time`. */
static GDateTime *day_of(const Unit *unit, GDateTime *time)
{
    int year, month, day;
    g_date_time_get_ymd(time, &year, &month, &day);
    if (unit->step == 7 * DAY) {
        g_autoptr(GDateTime) here = g_date_time_new_local(year, month, day, 0, 0, 0);
        return here ? g_date_time_add_days(here, 1 - g_date_time_get_day_of_week(here)) : NULL;
    }
    day = unit->step > 7 * DAY ? 1 : day;
    month = unit->step > 31 * DAY ? 1 : month;
    return g_date_time_new_local(year, month, day, 0, 0, 0);
}

/* The beginning of the unit that holds `when`, in the local zone. */
static gint64 start_of(const Unit *unit, gint64 when)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when / G_USEC_PER_SEC);
    if (unit->step < HOUR || !time)
        return when - when % MIN(unit->step, HOUR);
    gint64 into_hour =
        (g_date_time_get_minute(time) * 60 + g_date_time_get_second(time)) * (gint64)G_USEC_PER_SEC;
    gint64 hour = when - when % G_USEC_PER_SEC - into_hour;
    if (unit->step == HOUR)
        return hour;
    if (unit->step < DAY)
        return hour - g_date_time_get_hour(time) % (unit->step / HOUR) * HOUR;
    g_autoptr(GDateTime) start = day_of(unit, time);
    return start ? g_date_time_to_unix(start) * G_USEC_PER_SEC : hour;
}

/* The beginning of the next unit: some way into it, whatever clocks and months do. */
static gint64 next_of(const Unit *unit, gint64 start)
{
    gint64 next = start_of(unit, start + unit->step + MIN(unit->step / 2, DAY / 2));
    return MAX(next, start + MINUTE);
}

static char *label_of(const Unit *unit, gint64 when, gboolean one_day)
{
    return when_label(when, one_day && unit->step < DAY ? WHEN_LABEL_TIME : unit->label);
}

/* --- filling --------------------------------------------------------------------------------- */

typedef struct {
    GPtrArray *moments;
    const Unit *unit;
    gboolean one_day;
} Filling;

static FigureMoment *add_moment(const Filling *self, gint64 when)
{
    FigureMoment *moment = g_new0(FigureMoment, 1);
    moment->when = when;
    moment->label = label_of(self->unit, when, self->one_day);
    g_ptr_array_add(self->moments, moment);
    return moment;
}

/* The moment that begins at `start`; the empty ones before it come first. */
static FigureMoment *moment_at(const Filling *self, gint64 start)
{
    GPtrArray *moments = self->moments;
    while (moments->len) {
        FigureMoment *last = g_ptr_array_index(moments, moments->len - 1);
        if (last->when >= start)
            return last;
        add_moment(self, MIN(next_of(self->unit, last->when), start));
    }
    return add_moment(self, start);
}

static gboolean add_outcome(void *user, gint64 when, DeliveryState state, guint64 count)
{
    const Filling *self = user;
    moment_at(self, start_of(self->unit, when))->counts.of[state] += count;
    return TRUE;
}

static gboolean is_one_day(gint64 first, gint64 last)
{
    const Unit day = {"day", DAY, HOUR, WHEN_LABEL_DAY};
    return start_of(&day, first) == start_of(&day, last);
}

static gboolean note_span(void *user, gint64 when, DeliveryState state, guint64 count)
{
    gint64 *span = user;
    (void)state;
    (void)count;
    span[0] = span[0] ? MIN(span[0], when) : when;
    span[1] = MAX(span[1], when);
    return TRUE;
}

gboolean account_times(Accounting *self, GError **error)
{
    Figures *figures = self->figures;
    gint64 back[2] = {0, 0};
    if (!tallies_span(self->ledger, &self->scope, &figures->first_at, &figures->last_at, error) ||
        !tallies_returns(self->ledger, &self->scope, 15 * MINUTE, note_span, back, error))
        return FALSE;
    /* Over many mailings a step below a month only if they are of a few weeks. */
    Filling outcomes = {.moments = figures->outcomes,
                        .unit = choose(figures->first_at, figures->last_at, UNITS),
                        .one_day = is_one_day(figures->first_at, figures->last_at)};
    if (!self->wanted->mailing && figures->last_at - figures->first_at > 60 * DAY)
        outcomes.unit = choose(figures->first_at, figures->last_at, &UNITS[7]);
    Filling returns = {.moments = figures->returns, .unit = choose(back[0], back[1], &UNITS[5])};
    if (!self->wanted->mailing)
        returns.unit = outcomes.unit;
    figures->outcomes_step = g_strdup(outcomes.unit->name);
    figures->returns_step = g_strdup(returns.unit->name);
    return tallies_outcomes(self->ledger, &self->scope, outcomes.unit->asked, add_outcome,
                            &outcomes, error) &&
           tallies_returns(self->ledger, &self->scope, returns.unit->asked, add_outcome, &returns,
                           error);
}
