/* chart - numbers as a drawing: inline SVG that needs no script, with its figures behind it */
#include "page/chart.h"

#include "text/amount.h"
#include "page/page.h"

enum {
    COLUMNS_HIGH = 180, /* px of the drawing's bars */
    ROW_HIGH = 42,      /* px of one lying bar with its label */
    BAR_HIGH = 14,      /* px of it without */
    LABEL_MAX = 30,     /* characters of a label in the drawing; the table has it whole */
    SCALE_WIDE = 12,    /* per cent of the width that the scale's numbers take */
    SERIES_MAX = 8,
};
#define LEAST_WIDE 0.8 /* per cent: one in thousands is still to be seen */

static const char *const TONES[] = {"good", "later", "bad", "back", "doubt", "spam", "waiting"};

/* A decimal number in CSS and SVG has a full stop, whatever the locale says. */
static void add_number(GString *out, const char *name, double value, const char *unit)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(digits, sizeof digits, "%.3f", value);
    g_string_append_printf(out, " %s=\"%s%s\"", name, digits, unit);
}

void chart_patterns(GString *out)
{
    g_string_append(
        out,
        "<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\">"
        "<defs>\n"
        "<pattern id=\"p-later\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"p-later\" width=\"6\" height=\"6\"/>"
        "<path class=\"p-ink\" d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\"/></pattern>\n"
        "<pattern id=\"p-bad\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"p-bad\" width=\"6\" height=\"6\"/>"
        "<path class=\"p-ink\" d=\"M0 0L6 6M6 0L0 6\"/></pattern>\n"
        "<pattern id=\"p-back\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"p-back\" width=\"6\" height=\"6\"/>"
        "<circle class=\"p-dot\" cx=\"3\" cy=\"3\" r=\"1.5\"/></pattern>\n"
        "<pattern id=\"p-doubt\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"p-doubt\" width=\"6\" height=\"6\"/>"
        "<path class=\"p-ink\" d=\"M0 3L6 3\"/></pattern>\n"
        "<pattern id=\"p-spam\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"p-spam\" width=\"6\" height=\"6\"/>"
        "<path class=\"p-ink\" d=\"M3 0L3 6\"/></pattern>\n"
        "</defs></svg>\n");
}

/* --- sums ------------------------------------------------------------------------------------ */

static guint64 sum_of(const Chart *chart, const ChartBar *bar)
{
    guint64 sum = 0;
    for (guint i = 0; i < chart->series_count; i++)
        sum += bar->values[i];
    return sum;
}

static guint64 largest(const Chart *chart)
{
    guint64 most = 0;
    for (guint i = 0; i < chart->bars_count; i++)
        most = MAX(most, sum_of(chart, &chart->bars[i]));
    return most;
}

static gboolean is_used(const Chart *chart, guint series)
{
    for (guint i = 0; i < chart->bars_count; i++)
        if (chart->bars[i].values[series])
            return TRUE;
    return FALSE;
}

/* The end of the scale: a round number whose half is whole too. */
static guint64 scale_end(guint64 most)
{
    static const guint64 steps[] = {2, 3, 4, 5, 6, 8, 10};
    for (guint64 unit = 1;; unit *= 10)
        for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
            if (unit > G_MAXUINT64 / 200 || (most <= steps[i] * unit && steps[i] * unit % 2 == 0))
                return steps[i] * unit;
}

/* How wide each series' part of a bar is, in per cent of the drawing; what isn't 0 is to be seen.
 */
static void widths_of(const Chart *chart, const ChartBar *bar, guint64 most, double *widths)
{
    guint widest = 0;
    double added = 0;
    for (guint i = 0; i < chart->series_count; i++) {
        double exact = most ? 100.0 * (double)bar->values[i] / (double)most : 0;
        widths[i] = bar->values[i] ? MAX(exact, LEAST_WIDE) : 0;
        added += widths[i] - exact;
        widest = widths[i] > widths[widest] ? i : widest;
    }
    widths[widest] = MAX(widths[widest] - added, bar->values[widest] ? LEAST_WIDE : 0);
}

/* --- what every chart has -------------------------------------------------------------------- */

static void begin(GString *out, const Chart *chart, guint height)
{
    g_assert(chart->series_count <= SERIES_MAX && chart->bars_count > 0);
    page_add(out,
             "<figure>\n<figcaption id=\"%s-c\">%s</figcaption>\n"
             "<svg class=\"chart\" role=\"img\" aria-labelledby=\"%s-t %s-d\" width=\"100%%\" "
             "height=\"%u\">\n<title id=\"%s-t\">%s</title>\n<desc id=\"%s-d\">%s</desc>\n",
             chart->id, chart->title, chart->id, chart->id, height, chart->id, chart->title,
             chart->id, chart->description);
}

static void add_legend(GString *out, const Chart *chart)
{
    g_string_append(out, "<ul class=\"legend\">");
    for (guint i = 0; i < chart->series_count; i++)
        if (is_used(chart, i))
            page_add(
                out,
                "<li><svg width=\"18\" height=\"14\" aria-hidden=\"true\" focusable=\"false\">"
                "<rect class=\"%s-t\" x=\"1\" y=\"1\" width=\"16\" height=\"12\"/></svg>%s</li>",
                TONES[chart->series[i].tone], chart->series[i].name);
    g_string_append(out, "</ul>\n");
}

static void add_row(GString *out, const Chart *chart, const PageTable *table, const ChartBar *bar)
{
    char *cells[SERIES_MAX + 2] = {NULL};
    guint used = 0;
    cells[used++] = g_strdup(bar->label);
    for (guint i = 0; i < chart->series_count; i++)
        if (is_used(chart, i))
            cells[used++] = amount_number(bar->values[i]);
    cells[used] = amount_number(sum_of(chart, bar));
    page_row(out, table, (const char *const *)cells);
    for (guint i = 0; i <= used; i++)
        g_free(cells[i]);
}

static void end(GString *out, const Chart *chart)
{
    PageColumn columns[SERIES_MAX + 3] = {{chart->what, PAGE_TEXT}};
    guint used = 1;
    for (guint i = 0; i < chart->series_count; i++)
        if (is_used(chart, i))
            columns[used++] = (PageColumn){chart->series[i].name, PAGE_NUMBER};
    columns[used] = (PageColumn){"in all", PAGE_NUMBER};
    PageTable table = {chart->title, columns};
    g_string_append(out, "</svg>\n");
    add_legend(out, chart);
    page_add(out,
             "<p class=\"quiet\">%s</p>\n<details><summary>The figures<span class=\"sr\"> of: "
             "%s</span></summary>\n",
             chart->description, chart->title);
    page_table(out, &table);
    for (guint i = 0; i < chart->bars_count; i++)
        if (sum_of(chart, &chart->bars[i]))
            add_row(out, chart, &table, &chart->bars[i]);
    page_table_end(out);
    g_string_append(out, "</details>\n</figure>\n");
}

/* --- upright --------------------------------------------------------------------------------- */

static void add_scale(GString *out, guint64 top)
{
    for (guint i = 0; i <= 2; i++) {
        g_autofree char *number = amount_number(top / 2 * i);
        guint y = 10 + COLUMNS_HIGH - COLUMNS_HIGH / 2 * i;
        g_string_append_printf(out,
                               "<line class=\"grid\" x1=\"%d%%\" x2=\"100%%\" y1=\"%u\" y2=\"%u\"/>"
                               "<text class=\"quiet\" x=\"%d%%\" y=\"%u\" text-anchor=\"end\">%s"
                               "</text>\n",
                               SCALE_WIDE, y, y, SCALE_WIDE - 1, y + 4, number);
    }
}

static void add_column(GString *out, const Chart *chart, guint index, guint64 top)
{
    double slot = (100.0 - SCALE_WIDE) / MAX(chart->bars_count, 8);
    double y = 10 + COLUMNS_HIGH;
    for (guint i = 0; i < chart->series_count; i++) {
        guint64 value = chart->bars[index].values[i];
        double high = COLUMNS_HIGH * (double)value / (double)top;
        high = value ? MAX(high, 2) : 0;
        if (!value)
            continue;
        y = MAX(y - high, 0);
        g_string_append_printf(out, "<rect class=\"%s-t\"", TONES[chart->series[i].tone]);
        add_number(out, "x", SCALE_WIDE + slot * (index + 0.1), "%");
        add_number(out, "y", y, "");
        add_number(out, "width", slot * 0.8, "%");
        add_number(out, "height", high, "");
        g_string_append(out, "/>");
    }
}

/* First, last, and one between where there is room: labels must not run into one another. */
static void add_labels(GString *out, const Chart *chart)
{
    guint count = chart->bars_count;
    double slot = (100.0 - SCALE_WIDE) / MAX(count, 8);
    guint shown[] = {0, count / 2, count - 1};
    static const char *const anchors[] = {"start", "middle", "end"};
    for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
        if ((i == 1 && count < 12) || (i == 2 && count < 2))
            continue;
        double at = shown[i] + (i == 0 ? 0.1 : i == 1 ? 0.5 : 0.9);
        gboolean is_left = i == 2 && count < 8; /* would run out to the left of its bar */
        g_string_append(out, "<text class=\"quiet\"");
        add_number(out, "x", SCALE_WIDE + slot * (is_left ? shown[i] + 0.1 : at), "%");
        page_add(out, " y=\"%u\" text-anchor=\"%s\">%s</text>\n",
                 COLUMNS_HIGH + (is_left ? 44 : 28), is_left ? "start" : anchors[i],
                 chart->bars[shown[i]].label);
    }
}

void chart_columns(GString *out, const Chart *chart)
{
    guint64 top = scale_end(largest(chart));
    begin(out, chart, COLUMNS_HIGH + (chart->bars_count > 1 && chart->bars_count < 8 ? 50 : 34));
    add_scale(out, top);
    for (guint i = 0; i < chart->bars_count; i++)
        add_column(out, chart, i, top);
    g_string_append_c(out, '\n');
    add_labels(out, chart);
    end(out, chart);
}

/* --- lying ----------------------------------------------------------------------------------- */

static char *shortened(const char *label)
{
    g_autofree char *valid = g_utf8_make_valid(label, -1);
    if (g_utf8_strlen(valid, -1) <= LABEL_MAX)
        return g_steal_pointer(&valid);
    g_autofree char *start = g_utf8_substring(valid, 0, LABEL_MAX - 1);
    return g_strconcat(start, "…", NULL);
}

static void add_bar(GString *out, const Chart *chart, guint index, guint64 most)
{
    double widths[SERIES_MAX];
    double x = 0;
    const ChartBar *bar = &chart->bars[index];
    guint y = index * ROW_HIGH;
    g_autofree char *label = shortened(bar->label);
    g_autofree char *sum = amount_number(sum_of(chart, bar));
    page_add(out,
             "<text x=\"0\" y=\"%u\">%s</text><text x=\"100%%\" y=\"%u\" text-anchor=\"end\">%s"
             "</text><rect class=\"ground\" x=\"0\" y=\"%u\" width=\"100%%\" height=\"%d\"/>",
             y + 14, label, y + 14, sum, y + 19, BAR_HIGH);
    widths_of(chart, bar, most, widths);
    for (guint i = 0; i < chart->series_count; i++) {
        if (!bar->values[i])
            continue;
        g_string_append_printf(out, "<rect class=\"%s-t\"", TONES[chart->series[i].tone]);
        add_number(out, "x", x, "%");
        add_number(out, "width", widths[i], "%");
        g_string_append_printf(out, " y=\"%u\" height=\"%d\"/>", y + 19, BAR_HIGH);
        x += widths[i];
    }
    g_string_append_c(out, '\n');
}

void chart_bars(GString *out, const Chart *chart)
{
    guint64 most = largest(chart);
    begin(out, chart, chart->bars_count * ROW_HIGH);
    for (guint i = 0; i < chart->bars_count; i++)
        add_bar(out, chart, i, most);
    end(out, chart);
}
