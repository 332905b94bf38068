/* report_charts - the charts of a report: over time, by column, by domain, by reason (a part of
 * report/report_page.h) */
#include "text/amount.h"
#include "text/when.h"
#include "page/chart.h"
#include "page/page.h"
#include "report/report_page.h"

/* From the ground up: what is well, then what isn't. */
static const struct {
    FigureState state;
    ChartTone tone;
} STATES[] = {
    {FIGURE_SENT, CHART_GOOD},       {FIGURE_DEFERRED, CHART_LATER},
    {FIGURE_REFUSED, CHART_BAD},     {FIGURE_BOUNCED, CHART_BACK},
    {FIGURE_UNKNOWN, CHART_DOUBT},   {FIGURE_COMPLAINED, CHART_SPAM},
    {FIGURE_PLANNED, CHART_WAITING},
};
enum { SERIES = G_N_ELEMENTS(STATES) };

/* Series and bars for a chart, which borrows them: their values stand in one array. */
typedef struct {
    ChartSeries series[SERIES];
    ChartBar *bars;
    guint64 *values;
    guint count;
} Drawing;

static void drawing_begin(Drawing *self, guint most)
{
    for (guint i = 0; i < SERIES; i++)
        self->series[i] = (ChartSeries){figure_title(STATES[i].state), STATES[i].tone};
    self->bars = g_new0(ChartBar, MAX(most, 1));
    self->values = g_new0(guint64, (gsize)MAX(most, 1) * SERIES);
    self->count = 0;
}

static void drawing_add(Drawing *self, const char *label, const Counts *counts)
{
    guint64 *values = self->values + (gsize)self->count * SERIES;
    for (guint i = 0; i < SERIES; i++)
        values[i] = counts->of[STATES[i].state];
    values[SERIES - 1] += counts->of[FIGURE_SENDING];
    self->bars[self->count++] = (ChartBar){label, values};
}

static void drawing_end(Drawing *self)
{
    g_free(self->bars);
    g_free(self->values);
}

static void draw(GString *out, const Drawing *drawing, Chart chart,
                 void (*how)(GString *out, const Chart *chart))
{
    chart.series = drawing->series;
    chart.series_count = SERIES;
    chart.bars = drawing->bars;
    chart.bars_count = drawing->count;
    if (drawing->count)
        how(out, &chart);
}

/* --- over time ------------------------------------------------------------------------------- */

static void draw_moments(GString *out, const GPtrArray *moments, const Chart *chart)
{
    Drawing drawing;
    drawing_begin(&drawing, moments->len);
    for (guint i = 0; i < moments->len; i++) {
        const FigureMoment *moment = g_ptr_array_index(moments, i);
        drawing_add(&drawing, moment->label, &moment->counts);
    }
    draw(out, &drawing, *chart, chart_columns);
    drawing_end(&drawing);
}

void report_page_times(GString *out, const Figures *figures)
{
    if (!figures->outcomes->len)
        return;
    g_autofree char *first = when_short(figures->first_at);
    g_autofree char *last = when_short(figures->last_at);
    g_autofree char *took = amount_duration(figures->last_at - figures->first_at);
    g_autofree char *said =
        g_strdup_printf("The first letter's outcome was known on %s, the last one's on %s (%s). A "
                        "bar is %s%s. Letters that came back stand where they were sent.",
                        first, last, took, g_ascii_isdigit(*figures->outcomes_step) ? "" : "one ",
                        figures->outcomes_step);
    page_section(out, "time", "Over time");
    draw_moments(out, figures->outcomes,
                 &(Chart){.id = "outcomes",
                          .title = "What became of the letters, over time",
                          .description = said,
                          .what = "From"});
    g_autofree char *back = g_strdup_printf("What came back, when it came: a bar is %s%s.",
                                            g_ascii_isdigit(*figures->returns_step) ? "" : "one ",
                                            figures->returns_step);
    draw_moments(out, figures->returns,
                 &(Chart){.id = "returns",
                          .title = "What came back, over time",
                          .description = back,
                          .what = "From"});
    page_section_end(out);
}

/* --- by group -------------------------------------------------------------------------------- */

static void draw_groups(GString *out, const GPtrArray *groups, const Chart *chart)
{
    Drawing drawing;
    drawing_begin(&drawing, groups->len);
    for (guint i = 0; i < groups->len; i++) {
        const FigureGroup *group = g_ptr_array_index(groups, i);
        drawing_add(&drawing, *group->name ? group->name : "(none)", &group->counts);
    }
    draw(out, &drawing, *chart, chart_bars);
    drawing_end(&drawing);
}

void report_page_by(GString *out, const Figures *figures)
{
    if (!figures->by)
        return;
    g_autofree char *heading = g_strdup_printf("By %s", figures->by);
    g_autofree char *more =
        figures->by_more
            ? g_strdup_printf("The last row holds %" G_GUINT64_FORMAT " further values together.",
                              figures->by_more)
            : g_strdup("The largest first.");
    g_autofree char *said =
        g_strdup_printf("%s%s%s", more, *figures->by_note ? " " : "", figures->by_note);
    page_section(out, "by", heading);
    draw_groups(
        out, figures->by_rows,
        &(Chart){.id = "groups", .title = heading, .description = said, .what = figures->by});
    page_section_end(out);
}

void report_page_domains(GString *out, const Figures *figures)
{
    if (!figures->domains->len)
        return;
    page_section(out, "domains", "By the recipients' domains");
    draw_groups(out, figures->domains,
                &(Chart){.id = "domain",
                         .title = "By the part of the address after the @",
                         .description =
                             figures->more_domains
                                 ? "The domains with the most trouble first, then those with the "
                                   "most letters; the smallest are left out."
                                 : "The domains with the most trouble first, then those with the "
                                   "most letters.",
                         .what = "Domain"});
    page_section_end(out);
}

/* --- reasons --------------------------------------------------------------------------------- */

/* What was said by a machine may be long, and quotes whatever it likes. */
static char *example_of(const FigureReason *reason)
{
    g_autofree char *valid = g_utf8_make_valid(reason->example, -1);
    if (g_utf8_strlen(valid, -1) <= 160)
        return g_steal_pointer(&valid);
    g_autofree char *start = g_utf8_substring(valid, 0, 159);
    return g_strconcat(start, "…", NULL);
}

void report_page_reasons(GString *out, const Figures *figures)
{
    static const PageColumn columns[] = {{"Reason", PAGE_TEXT},      {"Outcome", PAGE_TEXT},
                                         {"How many", PAGE_NUMBER},  {"What to do", PAGE_TEXT},
                                         {"For example", PAGE_TEXT}, {NULL, PAGE_TEXT}};
    static const PageTable table = {"Why letters did not arrive, the most frequent reason first",
                                    columns};
    if (!figures->reasons->len)
        return;
    page_section(out, "reasons", "Reasons");
    page_table(out, &table);
    for (guint i = 0; i < figures->reasons->len; i++) {
        const FigureReason *reason = g_ptr_array_index(figures->reasons, i);
        g_autofree char *count = amount_number(reason->count);
        g_autofree char *example = example_of(reason);
        page_row(out, &table,
                 (const char *[]){reason->meaning->said, figure_title(reason->state), count,
                                  reason->advice, example});
    }
    page_table_end(out);
    page_section_end(out);
}
