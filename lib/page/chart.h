/* chart - numbers as a drawing: inline SVG that needs no script, with its figures behind it
 *
 * Each chart is a <figure>: its title, a drawing (role="img" with title and description), a legend,
 * and a table of all its numbers in a <details>. Series are told apart by pattern as well as by
 * colour, in light, in dark and on paper. What is wide is given in per cent and what is high in
 * pixels, so that letters keep their size on a telephone. The pattern and style need CHART_STYLE
 * among the page's styles, and chart_patterns() once in its body.
 */
#ifndef PAGE_CHART_H
#define PAGE_CHART_H

#include <glib.h>

#define CHART_STYLE "/circular/lib/page/chart.css"

/* How a series looks; one name in chart.css and one pattern each. */
typedef enum {
    CHART_GOOD,   /* plain */
    CHART_LATER,  /* stripes */
    CHART_BAD,    /* crossed */
    CHART_BACK,   /* dots */
    CHART_DOUBT,  /* level lines */
    CHART_SPAM,   /* upright lines */
    CHART_WAITING /* outline */
} ChartTone;

typedef struct {
    const char *name; /* "sent" */
    ChartTone tone;
} ChartSeries;

typedef struct {
    const char *label;
    const guint64 *values; /* one for each series */
} ChartBar;

typedef struct {
    const char *id; /* unique in its page, a word of ours */
    const char *title;
    const char *description; /* what is to be seen, in a sentence */
    const char *what;        /* heading of the bars in the table: "Domain" */
    const ChartSeries *series;
    guint series_count;
    const ChartBar *bars;
    guint bars_count; /* 1 at least */
} Chart;

void chart_patterns(GString *out);

/* Upright bars stacked, one for each moment, and a scale. */
void chart_columns(GString *out, const Chart *chart);

/* Bars lying on one another's level, one for each category, with label and sum. Series of which all
 * bars are 0 are left out of both. */
void chart_bars(GString *out, const Chart *chart);

#endif
