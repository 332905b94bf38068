/* report_page - figures as a page: the answer first, then whom to call, then everything else */
#include "report/report_page.h"

#include <string.h>

#include "text/amount.h"
#include "text/when.h"
#include "page/chart.h"
#include "page/page.h"

char *report_page_subject(const char *subject)
{
    GString *shown = g_string_new(NULL);
    for (const char *at = subject; *at;) {
        const char *end = g_str_has_prefix(at, "{{") ? strstr(at, "}}") : NULL;
        if (!end) {
            g_string_append_c(shown, *at++);
            continue;
        }
        if (!strchr("#^/!", at[2]))
            g_string_append(shown, "…");
        at = end + 2;
        at += *at == '}';
    }
    return g_string_free(shown, FALSE);
}

/* --- the answer ------------------------------------------------------------------------------ */

static void add_counts(GString *out, const Counts *counts)
{
    g_autofree char *all = amount_number(counts_letters(counts));
    page_add(out, "<dl class=\"counts\"><div><dt>letters</dt><dd>%s</dd></div>", all);
    for (int i = 0; i < FIGURE_STATES; i++) {
        g_autofree char *number = amount_number(counts->of[i]);
        if (counts->of[i] || i == FIGURE_SENT || i == FIGURE_REFUSED || i == FIGURE_BOUNCED)
            page_add(out, "<div><dt>%s</dt><dd>%s</dd></div>", figure_title((FigureState)i),
                     number);
    }
    g_string_append(out, "</dl>\n");
}

/* When it went and when this was asked: yesterday's page must not pass for today's. */
static void add_when(GString *out, const Figures *figures)
{
    g_autofree char *first = when_short(figures->first_at);
    g_autofree char *made = when_short(figures->made_at);
    page_add(out,
             "<p class=\"quiet\">%s%s%sThis page was made on %s. “Arrived” means that a mail "
             "server took the letter and that it has not come back. Whether it was read, nobody "
             "can know: letters hold no tracking.</p>\n",
             figures->first_at ? "The first letter went on " : "", first,
             figures->first_at ? ". " : "", made);
}

static void add_answer(GString *out, const Figures *figures)
{
    static const char *const looks[] = {"good", "care", "bad"};
    Verdict verdict;
    g_autofree char *said = figures_answer(figures, &verdict);
    g_autofree char *beside = figures_beside(figures);
    char *colon = strchr(said, ':'); /* "Almost: ...": the first word is the answer */
    page_add(out,
             "<section class=\"answer %s\" aria-labelledby=\"answer-h\">\n"
             "<h2 id=\"answer-h\">Did everyone get it?</h2>\n<p class=\"said\">",
             looks[verdict]);
    if (colon) {
        *colon = '\0';
        page_add(out, "<strong>%s:</strong>%s", said, colon + 1);
    } else {
        page_add(out, "%s", said);
    }
    g_string_append(out, "</p>\n");
    if (*beside)
        page_add(out, "<p class=\"beside\">%s</p>\n", beside);
    add_when(out, figures);
    g_string_append(out, "</section>\n");
}

static void add_facts(GString *out, const Figures *figures)
{
    page_section(out, "counts", "In numbers");
    add_counts(out, &figures->counts);
    if (figures->id) {
        g_autofree char *planned = when_short(figures->planned_at);
        page_add(out,
                 "<p class=\"quiet\">Plan <bdi>%s</bdi> of %s, to the audience <bdi>%s</bdi>, from "
                 "<bdi>%s</bdi>, written in <bdi>%s</bdi>.</p>\n",
                 figures->id, planned, figures->audience, figures->sender, figures->update);
    }
    page_section_end(out);
}

/* --- people ---------------------------------------------------------------------------------- */

static void add_person(GString *out, const FigurePerson *person, gboolean is_many)
{
    g_autofree char *since = when_day(person->since);
    gboolean has_words = *person->reply && person->state != FIGURE_LEFT_OUT;
    const char *called = *person->label ? person->label : person->name;
    page_add(out, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><bdi>%s</bdi>",
             *called        ? called
             : *person->key ? person->key
                            : "(no name)");
    if (*person->label && *person->name)
        page_add(out, "<br><bdi>%s</bdi>", person->name);
    if (*called && *person->key)
        page_add(out, "<br><small class=\"quiet\"><bdi>%s</bdi></small>", person->key);
    if (*person->phone)
        page_add(out, "<br><small class=\"quiet\">Tel. <bdi>%s</bdi></small>", person->phone);
    page_add(out, "</th><td role=\"cell\" data-head=\"Address\" class=\"any\"><bdi>%s</bdi></td>",
             *person->address ? person->address : "none");
    page_add(out, "<td role=\"cell\" data-head=\"Why\"><span>%s: %s</span>",
             figure_title(person->state), person->why);
    if (has_words)
        page_add(out, "<br><small class=\"quiet\">in detail: <bdi>%s</bdi></small>", person->reply);
    page_add(out, "</td><td role=\"cell\" data-head=\"What to do\">%s</td>", person->advice);
    page_add(out, "<td role=\"cell\" data-head=\"Since\" class=\"day\">%s</td>", since);
    if (is_many)
        page_add(out, "<td role=\"cell\" data-head=\"Mailing\"><bdi>%s</bdi></td>",
                 person->mailing);
    g_string_append(out, "</tr>\n");
}

static void add_people(GString *out, const Figures *figures, const GPtrArray *people, guint64 count,
                       const char *caption)
{
    PageColumn columns[] = {{"Name", PAGE_TEXT}, {"Address", PAGE_ADDRESS},
                            {"Why", PAGE_TEXT},  {"What to do", PAGE_TEXT},
                            {"Since", PAGE_DAY}, {figures->since ? "Mailing" : NULL, PAGE_TEXT},
                            {NULL, PAGE_TEXT}};
    PageTable table = {caption, columns};
    page_table(out, &table);
    for (guint i = 0; i < people->len; i++)
        add_person(out, g_ptr_array_index(people, i), figures->since != 0);
    page_table_end(out);
    if (count > people->len) {
        g_autofree char *more = amount_number(count - people->len);
        page_add(out,
                 "<p>%s more are not shown here: <code>circular report --csv</code> lists all."
                 "</p>\n",
                 more);
    }
}

static void add_calls(GString *out, const Figures *figures)
{
    page_section(out, "calls", "Who needs a phone call");
    if (figures->calls->len)
        add_people(out, figures, figures->calls, figures->calls_count,
                   "Those who have no letter as far as is known, and whom only a person can help");
    else
        g_string_append(out, "<p>Nobody.</p>\n");
    page_section_end(out);
    if (!figures->others->len)
        return;
    page_section(out, "others", "Not there yet, for other reasons");
    add_people(out, figures, figures->others, figures->others_count,
               "Those whom a call won't help: our mail or our provider is meant, or it is still "
               "being tried");
    page_section_end(out);
}

/* --- slow ------------------------------------------------------------------------------------ */

static void add_slow_table(GString *out, const GPtrArray *people, const char *caption)
{
    static const PageColumn columns[] = {{"Name", PAGE_TEXT},    {"Address", PAGE_ADDRESS},
                                         {"Outcome", PAGE_TEXT}, {"Tried", PAGE_NUMBER},
                                         {"Took", PAGE_NUMBER},  {NULL, PAGE_TEXT}};
    PageTable table = {caption, columns};
    page_table(out, &table);
    for (guint i = 0; i < people->len; i++) {
        const FigurePerson *person = g_ptr_array_index(people, i);
        g_autofree char *took =
            person->first_at ? amount_duration(person->since - person->first_at) : g_strdup("");
        g_autofree char *tried = amount_of(person->attempts, "time", "times");
        page_row(out, &table,
                 (const char *[]){*person->name ? person->name : person->key, person->address,
                                  person->meaning->said, tried, took});
    }
    page_table_end(out);
}

static void add_slow(GString *out, const Figures *figures)
{
    if (!figures->slowest->len)
        return;
    page_section(out, "slow", "Slowest");
    add_slow_table(out, figures->slowest, "The longest from the first attempt to the outcome");
    g_string_append(out, "<details><summary>Tried most often</summary>\n");
    add_slow_table(out, figures->most_tried, "The most attempts");
    g_string_append(out, "</details>\n");
    page_section_end(out);
}

/* --- mailings, suppressions ------------------------------------------------------------------ */

static void add_mailings(GString *out, const Figures *figures)
{
    static const PageColumn columns[] = {
        {"Subject", PAGE_TEXT},     {"Audience", PAGE_TEXT},    {"Planned", PAGE_DAY},
        {"Letters", PAGE_NUMBER},   {"Sent", PAGE_NUMBER},      {"Refused", PAGE_NUMBER},
        {"Came back", PAGE_NUMBER}, {"Not known", PAGE_NUMBER}, {"Still to go", PAGE_NUMBER},
        {"Left out", PAGE_NUMBER},  {NULL, PAGE_TEXT}};
    static const PageTable table = {"Every mailing, the latest first", columns};
    if (!figures->mailings->len)
        return;
    page_section(out, "mailings", "Mailings");
    page_table(out, &table);
    for (guint i = 0; i < figures->mailings->len; i++) {
        const FigureMailing *row = g_ptr_array_index(figures->mailings, i);
        const guint64 *of = row->counts.of;
        const guint64 numbers[] = {counts_letters(&row->counts),
                                   of[FIGURE_SENT] + of[FIGURE_COMPLAINED],
                                   of[FIGURE_REFUSED],
                                   of[FIGURE_BOUNCED],
                                   of[FIGURE_UNKNOWN],
                                   of[FIGURE_PLANNED] + of[FIGURE_SENDING] + of[FIGURE_DEFERRED] +
                                       of[FIGURE_WRITTEN],
                                   of[FIGURE_LEFT_OUT]};
        g_autofree char *subject = report_page_subject(row->subject);
        g_autofree char *planned = when_day(row->planned_at);
        char *cells[3 + G_N_ELEMENTS(numbers)] = {subject, row->audience, planned};
        for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
            cells[3 + k] = amount_number(numbers[k]);
        page_row(out, &table, (const char *const *)cells);
        for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
            g_free(cells[3 + k]);
    }
    page_table_end(out);
    page_section_end(out);
}

static void add_suppressions(GString *out, const Figures *figures)
{
    static const PageColumn columns[] = {
        {"Address", PAGE_ADDRESS}, {"For", PAGE_TEXT},    {"Why", PAGE_TEXT}, {"Since", PAGE_DAY},
        {"Tried again", PAGE_DAY}, {"Source", PAGE_TEXT}, {NULL, PAGE_TEXT}};
    static const PageTable table = {"Addresses that get no more letters, the latest first",
                                    columns};
    page_section(out, "suppressed", "Who gets no more letters");
    if (!figures->suppressions->len) {
        g_string_append(out, "<p>No address is suppressed.</p>\n");
        page_section_end(out);
        return;
    }
    page_table(out, &table);
    for (guint i = 0; i < figures->suppressions->len; i++) {
        const FigureSuppression *row = g_ptr_array_index(figures->suppressions, i);
        const Meaning *meaning = meaning_of_suppression(row->reason);
        g_autofree char *since = when_day(row->since), *until = when_day(row->until);
        page_row(out, &table,
                 (const char *[]){row->address, *row->audience ? row->audience : "all audiences",
                                  meaning->said ? meaning->said : row->reason, since, until,
                                  row->source});
    }
    page_table_end(out);
    if (figures->suppressions_count > figures->suppressions->len)
        g_string_append(out, "<p>Older ones are not shown: <code>circular suppress list</code> "
                             "lists all.</p>\n");
    g_string_append(out, "<p><code>circular suppress remove ADDRESS</code> lets one have letters "
                         "again.</p>\n");
    page_section_end(out);
}

/* --- the page -------------------------------------------------------------------------------- */

static void add_map(GString *out, const Figures *figures)
{
    const struct {
        const char *id, *name;
        gboolean is_there;
    } parts[] = {
        {"calls", "Who needs a call", TRUE},
        {"mailings", "Mailings", figures->mailings->len > 0},
        {"time", "Over time", figures->outcomes->len > 0},
        {"question1", "Answers", figures->answers != NULL},
        {"reasons", "Reasons", figures->reasons->len > 0},
        {"by", figures->by, figures->by != NULL},
        {"domains", "Domains", figures->domains->len > 0},
        {"slow", "Slowest", figures->slowest->len > 0},
        {"suppressed", "Who gets no more letters", TRUE},
    };
    g_string_append(out, "<nav aria-label=\"On this page\"><ul>");
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        if (parts[i].is_there)
            page_add(out, "<li><a href=\"#%s\">%s</a></li>", parts[i].id, parts[i].name);
    g_string_append(out, "</ul></nav>\n");
}

void report_page_write(GString *out, const Figures *figures)
{
    static const char *const styles[] = {CHART_STYLE, NULL};
    g_autofree char *subject = figures->subject ? report_page_subject(figures->subject) : NULL;
    g_autofree char *since = when_day(figures->since);
    g_autofree char *made = when_short(figures->made_at);
    g_autofree char *title =
        subject ? g_strdup(subject) : g_strdup_printf("All mailings since %s", since);
    g_autofree char *window = g_strdup_printf("%s - report", title);
    PageSpec spec = {.title = window, .heading = title, .styles = styles};
    page_begin(out, &spec);
    chart_patterns(out);
    add_answer(out, figures);
    add_map(out, figures);
    add_calls(out, figures);
    add_facts(out, figures);
    add_mailings(out, figures);
    if (figures->answers)
        answersheet_sections(figures->answers, out);
    report_page_times(out, figures);
    report_page_reasons(out, figures);
    report_page_by(out, figures);
    report_page_domains(out, figures);
    add_slow(out, figures);
    add_suppressions(out, figures);
    g_autofree char *foot = g_strdup_printf(
        "Made by circular on %s%s%s. This page holds names and addresses: keep it as you keep the "
        "list, and delete it when it is no longer needed.",
        made, *figures->office ? " for " : "", figures->office);
    page_end(out, &spec, foot);
}
