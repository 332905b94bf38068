/* report - what became of a mailing, or of all of a year, gathered from the ledger into figures */
#include "report/report.h"

#include "text/amount.h"
#include "base/clock.h"
#include "text/when.h"
#include "ledger/answers.h"
#include "ledger/lifecycle.h"
#include "ledger/suppressions.h"
#include "report/bycolumn.h"
#include "report/report_parts.h"

G_STATIC_ASSERT((int)FIGURE_PLANNED == (int)DELIVERY_PLANNED);
G_STATIC_ASSERT((int)FIGURE_SENT == (int)DELIVERY_SENT);
G_STATIC_ASSERT((int)FIGURE_COMPLAINED == (int)DELIVERY_COMPLAINED);
G_STATIC_ASSERT((int)FIGURE_WRITTEN == (int)DELIVERY_WRITTEN);
G_STATIC_ASSERT((int)FIGURE_LEFT_OUT == (int)DELIVERY_LEFT_OUT);

/* Those left out are counted among all who were (ledger/exclusions.h). */
static void add_counts(Counts *sum, const guint64 *counts)
{
    for (int i = 0; i < DELIVERY_LEFT_OUT; i++)
        sum->of[i] += counts[i];
}

/* --- mailings -------------------------------------------------------------------------------- */

static FigureMailing *mailing_row(const Mailing *mailing)
{
    FigureMailing *row = g_new0(FigureMailing, 1);
    row->id = g_strdup(mailing->id);
    row->subject = g_strdup(mailing->subject);
    row->audience = g_strdup(mailing->audience);
    row->planned_at = mailing->planned_at;
    row->counts.of[FIGURE_LEFT_OUT] = mailing->excluded;
    return row;
}

static gboolean count_mailing(void *user, const char *id, const guint64 *counts)
{
    const ReportWork *self = user;
    add_counts(&self->figures->counts, counts);
    for (guint i = 0; i < self->figures->mailings->len; i++) {
        FigureMailing *row = g_ptr_array_index(self->figures->mailings, i);
        if (g_str_equal(row->id, id))
            add_counts(&row->counts, counts);
    }
    return TRUE;
}

static gboolean gather_mailings(ReportWork *self, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(self->ledger, error);
    if (!all)
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        if (mailing->planned_at >= self->scope.since)
            g_ptr_array_add(self->figures->mailings, mailing_row(mailing));
    }
    return TRUE;
}

/* Where a rehearsal's letters went; the folder as the config names it today. */
static char *rehearsal_of(const Workspace *workspace, const Mailing *mailing)
{
    switch (mailing->via) {
    case VIA_OUTBOX:
        return g_strdup_printf("written into %s",
                               settings_path(workspace_settings(workspace), "outbox.folder"));
    case VIA_NULL:
        return g_strdup("written to nowhere (transport 'null')");
    case VIA_NOTHING:
    case VIA_RELAY:
    case VIAS:
        return g_strdup("");
    }
    g_assert_not_reached();
}

static void describe_mailing(Figures *figures, const Workspace *workspace, const Mailing *mailing)
{
    figures->is_withdrawn = mailing->state == MAILING_WITHDRAWN;
    figures->is_stopped = mailing->state == MAILING_STOPPED;
    figures->is_held = mailing->state == MAILING_HELD;
    figures->goes_at = mailing->state == MAILING_SCHEDULED ? mailing->send_at : 0;
    figures->rehearsal = rehearsal_of(workspace, mailing);
    figures->id = g_strdup(mailing->id);
    figures->subject = g_strdup(mailing->subject);
    figures->audience = g_strdup(mailing->audience);
    figures->sender = g_strdup(mailing->sender);
    figures->update = g_strdup(mailing->update);
    figures->planned_at = mailing->planned_at;
}

/* --- who did it ------------------------------------------------------------------------------- */

typedef struct {
    GPtrArray *events;
    const char *mailing;
} Events;

static gboolean add_event(void *user, const LifeEvent *event)
{
    const Events *into = user;
    FigureEvent *row = g_new0(FigureEvent, 1);
    *row = (FigureEvent){.mailing = g_strdup(into->mailing),
                         .event = g_strdup(event->event),
                         .user = g_strdup(event->actor.user),
                         .host = g_strdup(event->actor.host),
                         .command = g_strdup(event->actor.command),
                         .detail = g_strdup(event->detail),
                         .at = event->at};
    g_ptr_array_add(into->events, row);
    return TRUE;
}

static gboolean gather_events(const ReportWork *self, GError **error)
{
    const Mailing *letter = self->wanted->mailing;
    g_autoptr(GPtrArray) all = mailings_all(self->ledger, error);
    for (guint i = all ? all->len : 0; i-- > 0;) {
        const Mailing *plan = g_ptr_array_index(all, i);
        Events into = {self->figures->events, plan->id};
        gboolean is_plan = plan->number == letter->number ||
                           (plan->follows == letter->number && plan->follows_as == MAILING_MISSING);
        if (is_plan && !lifecycle_each(self->ledger, plan, add_event, &into, error))
            return FALSE;
    }
    return all != NULL;
}

/* --- domains --------------------------------------------------------------------------------- */

/* Domains without trouble are shown up to so many rows in all: the rest would only be a wall. */
enum { DOMAINS_WELL_MAX = 10 };

static guint64 sum_of(const guint64 *counts)
{
    guint64 sum = 0;
    for (int i = 0; i < DELIVERY_STATES; i++)
        sum += counts[i];
    return sum;
}

static gboolean add_domain(void *user, const char *domain, const guint64 *counts)
{
    Figures *figures = user;
    gboolean is_well = counts[DELIVERY_SENT] + counts[DELIVERY_PLANNED] + counts[DELIVERY_SENDING] +
                           counts[DELIVERY_WRITTEN] + counts[DELIVERY_LEFT_OUT] ==
                       sum_of(counts);
    if (figures->domains->len >= (is_well ? DOMAINS_WELL_MAX : FIGURES_GROUPS_MAX)) {
        figures->more_domains = TRUE;
        return FALSE;
    }
    FigureGroup *row = g_new0(FigureGroup, 1);
    row->name = g_strdup(domain);
    add_counts(&row->counts, counts);
    g_ptr_array_add(figures->domains, row);
    return TRUE;
}

/* --- suppressions ---------------------------------------------------------------------------- */

/* The latest are kept: they come oldest first. */
static gboolean add_suppression(void *user, const Suppression *one)
{
    const ReportWork *self = user;
    GPtrArray *rows = self->figures->suppressions;
    const Mailing *mailing = self->wanted->mailing;
    if (mailing && *one->audience && !g_str_equal(one->audience, mailing->audience))
        return TRUE;
    self->figures->suppressions_count++;
    FigureSuppression *row = g_new0(FigureSuppression, 1);
    row->address = g_strdup(one->address);
    row->audience = g_strdup(one->audience);
    row->reason = g_strdup(one->reason);
    row->source = g_strdup(one->source);
    row->since = one->since;
    row->until = one->until;
    g_ptr_array_add(rows, row);
    if (rows->len >= 2 * FIGURES_PEOPLE_MAX)
        g_ptr_array_remove_range(rows, 0, FIGURES_PEOPLE_MAX);
    return TRUE;
}

static gboolean gather_suppressions(ReportWork *self, GError **error)
{
    GPtrArray *rows = self->figures->suppressions;
    if (!suppressions_each(self->ledger, NULL, FALSE, add_suppression, self, error))
        return FALSE;
    for (guint i = 0; i < rows->len / 2; i++) {
        gpointer other = rows->pdata[rows->len - 1 - i];
        rows->pdata[rows->len - 1 - i] = rows->pdata[i];
        rows->pdata[i] = other;
    }
    if (rows->len > FIGURES_PEOPLE_MAX)
        g_ptr_array_set_size(rows, FIGURES_PEOPLE_MAX);
    return TRUE;
}

/* --- all of it ------------------------------------------------------------------------------- */

static gboolean gather_answers(ReportWork *self, GError **error)
{
    gint64 first;
    if (!answers_first(self->ledger, self->wanted->mailing->number, &first, error))
        return FALSE;
    g_autoptr(AnswerSheet) sheet = answersheet_new(self->ledger, first, error);
    if (sheet && sheet->questions->len)
        self->figures->answers = g_steal_pointer(&sheet);
    return sheet || self->figures->answers;
}

static gboolean gather(ReportWork *self, GError **error)
{
    Ledger *ledger = self->ledger;
    Figures *figures = self->figures;
    if (self->wanted->mailing)
        describe_mailing(figures, self->workspace, self->wanted->mailing);
    else if (!gather_mailings(self, error))
        return FALSE;
    return tallies_mailings(ledger, &self->scope, count_mailing, self, error) &&
           report_times(self, error) &&
           tallies_domains(ledger, &self->scope, FIGURES_GROUPS_MAX + 1, add_domain, figures,
                           error) &&
           settlements_count(ledger, self->scope.mailing, self->scope.since,
                             &figures->settled_count, error) &&
           report_people(self, error) &&
           (!self->wanted->mailing ||
            (gather_events(self, error) && gather_answers(self, error))) &&
           (!self->wanted->by || report_by(self, error)) && gather_suppressions(self, error);
}

Figures *report_gather(const Workspace *workspace, Ledger *ledger, const ReportWanted *wanted,
                       GError **error)
{
    g_autoptr(Figures) figures = figures_new(clock_now());
    g_assert(!wanted->by || wanted->mailing);
    ReportWork self = {
        .workspace = workspace,
        .ledger = ledger,
        .wanted = wanted,
        .figures = figures,
        .scope = {.mailing = wanted->mailing ? wanted->mailing->number : 0,
                  .since = wanted->mailing ? 0 : wanted->since},
    };
    const char *office = settings_text(workspace_settings(workspace), "office.name");
    figures->since = self.scope.since;
    figures->office = g_strdup(office ? office : "");
    if (!ledger_begin(ledger, error))
        return FALSE;
    gboolean ok = gather(&self, error);
    ledger_rollback(ledger);
    return ok ? g_steal_pointer(&figures) : NULL;
}

/* --- the outcomes counted by a field ----------------------------------------------------------- */

/* Values told apart; beyond them all others are one. A column of which every cell differs is no
 * way to group, and must not fill the memory. */
enum { BY_VALUES_MAX = 5000 };

#define NO_VALUE "(none)"
#define OTHERS "(all others)"
#define ABSENT "(no longer on the list)"

typedef struct {
    ByColumn *column;
    GPtrArray *rows;    /* of FigureGroup */
    GHashTable *groups; /* name -> one of `rows` */
    guint64 absent;     /* letters whose key isn't on the list any more */
    GError *error;
} Counting;

static FigureGroup *group_of(Counting *c, const char *name)
{
    FigureGroup *group = g_hash_table_lookup(c->groups, name);
    if (!group && g_hash_table_size(c->groups) >= BY_VALUES_MAX) {
        name = OTHERS;
        group = g_hash_table_lookup(c->groups, name);
    }
    if (!group) {
        group = g_new0(FigureGroup, 1);
        group->name = g_strdup(name);
        g_ptr_array_add(c->rows, group);
        g_hash_table_insert(c->groups, group->name, group);
    }
    return group;
}

static gboolean count_one(void *user, const char *key, DeliveryState state, const char *fields,
                          gsize length)
{
    Counting *c = user;
    const char *value = bycolumn_value(c->column, key, fields, length, &c->error);
    if (c->error)
        return FALSE;
    c->absent += value == NULL;
    group_of(c, !value ? ABSENT : *value ? value : NO_VALUE)->counts.of[state]++;
    return TRUE;
}

static gint by_size(gconstpointer a, gconstpointer b)
{
    const FigureGroup *one = *(const FigureGroup *const *)a;
    const FigureGroup *other = *(const FigureGroup *const *)b;
    guint64 more = counts_letters(&one->counts), less = counts_letters(&other->counts);
    return more != less ? (more > less ? -1 : 1) : g_strcmp0(one->name, other->name);
}

/* What is beyond FIGURES_GROUPS_MAX becomes one row. */
static void cut(Figures *figures)
{
    GPtrArray *rows = figures->by_rows;
    g_ptr_array_sort(rows, by_size);
    if (rows->len <= FIGURES_GROUPS_MAX)
        return;
    figures->by_more = rows->len - (FIGURES_GROUPS_MAX - 1);
    FigureGroup *rest = g_new0(FigureGroup, 1);
    rest->name = g_strdup(OTHERS);
    for (guint i = FIGURES_GROUPS_MAX - 1; i < rows->len; i++) {
        const FigureGroup *row = g_ptr_array_index(rows, i);
        for (int state = 0; state < FIGURE_STATES; state++)
            rest->counts.of[state] += row->counts.of[state];
    }
    g_ptr_array_set_size(rows, FIGURES_GROUPS_MAX - 1);
    g_ptr_array_add(rows, rest);
}

static char *note_of(const Counting *c, const char *field)
{
    if (bycolumn_is_frozen(c->column))
        return g_strdup("");
    GString *note = g_string_new(NULL);
    g_string_append_printf(note,
                           "The letter did not use '%s', so its values are those of the list as it "
                           "is today.",
                           field);
    if (c->absent) {
        g_autofree char *absent = amount_of(c->absent, "letter went to a recipient who is",
                                            "letters went to recipients who are");
        g_string_append_printf(note, " %s no longer on it.", absent);
    }
    return g_string_free(note, FALSE);
}

gboolean report_by(ReportWork *self, GError **error)
{
    Figures *figures = self->figures;
    const char *field = self->wanted->by;
    g_autoptr(ByColumn) column =
        bycolumn_open(self->workspace, self->ledger, self->wanted->mailing, field, error);
    if (!column)
        return FALSE;
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    Counting c = {.column = column, .rows = figures->by_rows, .groups = groups};
    gboolean ok = tallies_fields(self->ledger, &self->scope, count_one, &c, error);
    if (c.error) {
        g_propagate_error(error, c.error);
        return FALSE;
    }
    figures->by = g_strdup(field);
    figures->by_note = note_of(&c, field);
    cut(figures);
    return ok;
}

/* --- outcomes over time, in steps that make a readable chart The ledger counts in steps o ------ */

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
static GDateTime *first_day_of(const Unit *unit, GDateTime *time)
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
    g_autoptr(GDateTime) start = first_day_of(unit, time);
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

gboolean report_times(ReportWork *self, GError **error)
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
