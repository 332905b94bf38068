/* history_page - all that one school or person was sent and what came of it, as a page */
#include "report/history_page.h"

#include "text/when.h"
#include "page/page.h"

/* --- memory ---------------------------------------------------------------------------------- */

static void free_event(gpointer data)
{
    HistoryEvent *self = data;
    char *texts[] = {self->what, self->subject, self->mailing, self->address,
                     self->why,  self->advice,  self->detail};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(self);
}

HistoryPage *history_page_new(const char *asked, gint64 now)
{
    HistoryPage *self = g_new0(HistoryPage, 1);
    self->asked = g_strdup(asked);
    self->name = g_strdup("");
    self->office = g_strdup("");
    self->made_at = now;
    self->events = g_ptr_array_new_with_free_func(free_event);
    return self;
}

void history_page_free(HistoryPage *self)
{
    if (!self)
        return;
    g_free(self->asked);
    g_free(self->name);
    g_free(self->office);
    g_ptr_array_unref(self->events);
    g_free(self);
}

HistoryEvent *history_page_add(HistoryPage *self, Happened kind, gint64 when)
{
    HistoryEvent *event = g_new0(HistoryEvent, 1);
    event->kind = kind;
    event->when = when;
    g_ptr_array_add(self->events, event);
    return event;
}

/* What is still to come is the latest. */
static gint64 place_of(const HistoryEvent *event)
{
    return event->when ? event->when : G_MAXINT64;
}

/* What came back stands above the letter that it is about, also where both are of one moment. */
static gint latest_first(gconstpointer a, gconstpointer b)
{
    const HistoryEvent *one = *(const HistoryEvent *const *)a;
    const HistoryEvent *other = *(const HistoryEvent *const *)b;
    if (place_of(one) != place_of(other))
        return place_of(one) > place_of(other) ? -1 : 1;
    return (int)other->kind - (int)one->kind;
}

void history_page_sort(HistoryPage *self)
{
    g_ptr_array_sort(self->events, latest_first);
}

/* --- the answer ------------------------------------------------------------------------------ */

static const HistoryEvent *last_letter(const HistoryPage *self)
{
    for (guint i = 0; i < self->events->len; i++) {
        const HistoryEvent *event = g_ptr_array_index(self->events, i);
        if (event->kind == HAPPENED_LETTER || event->kind == HAPPENED_LEFT_OUT)
            return event;
    }
    return NULL;
}

static const char *text(const char *maybe)
{
    return maybe ? maybe : "";
}

/* How a letter of that state fared: it follows "the last letter". */
static const struct {
    Verdict verdict;
    const char *said;
} FATES[FIGURE_STATES] = {
    [FIGURE_PLANNED] = {VERDICT_CARE, "is not sent yet"},
    [FIGURE_SENDING] = {VERDICT_CARE, "is being sent"},
    [FIGURE_SENT] = {VERDICT_GOOD, "arrived, as far as we know"},
    [FIGURE_DEFERRED] = {VERDICT_CARE, "was put off"},
    [FIGURE_REFUSED] = {VERDICT_BAD, "was refused"},
    [FIGURE_UNKNOWN] = {VERDICT_CARE, "may have arrived or not"},
    [FIGURE_BOUNCED] = {VERDICT_BAD, "came back"},
    [FIGURE_COMPLAINED] = {VERDICT_CARE, "arrived, and was marked as spam"},
    [FIGURE_WRITTEN] = {VERDICT_CARE, "was only rehearsed: nobody was mailed"},
    [FIGURE_LEFT_OUT] = {VERDICT_BAD, "was not for them: they were left out"},
};

char *history_page_answer(const HistoryPage *self, Verdict *verdict)
{
    const HistoryEvent *last = last_letter(self);
    *verdict = VERDICT_CARE;
    if (!last)
        return g_strdup("No letter was planned for them.");
    g_autofree char *day = when_day(last->known_at);
    GString *said = g_string_new("The last letter");
    if (*text(last->subject))
        g_string_append_printf(said, ", “%s”,", last->subject);
    g_string_append_printf(said, " %s", FATES[last->state].said);
    if (*day && last->state != FIGURE_PLANNED)
        g_string_append_printf(said, " (%s)", day);
    if (*text(last->why) && last->state != FIGURE_COMPLAINED)
        g_string_append_printf(said, ": %s", last->why);
    g_string_append_c(said, '.');
    *verdict = FATES[last->state].verdict;
    if (last->state == FIGURE_SENT && self->is_suppressed) {
        *verdict = VERDICT_CARE;
        g_string_append(said, " They get no further ones.");
    }
    return g_string_free(said, FALSE);
}

static void add_answer(GString *out, const HistoryPage *self)
{
    static const char *const looks[] = {"good", "care", "bad"};
    const HistoryEvent *last = last_letter(self);
    Verdict verdict;
    g_autofree char *said = history_page_answer(self, &verdict);
    g_autofree char *made = when_short(self->made_at);
    const char *advice = last && *text(last->advice) ? last->advice : NULL;
    if (!advice)
        advice = self->is_suppressed ? "see below why they get no more letters; 'circular suppress "
                                       "remove ADDRESS' lets them have letters again"
                                     : "nothing";
    page_add(out,
             "<section class=\"answer %s\" aria-labelledby=\"answer-h\">\n"
             "<h2 id=\"answer-h\">Did they get it?</h2>\n<p class=\"said\">%s</p>\n"
             "<p class=\"beside\"><strong>What to do next:</strong> %s.</p>\n",
             looks[verdict], said, advice);
    page_add(out,
             "<p class=\"quiet\">%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
             " letters to <bdi>%s</bdi> arrived, as far as we know. This page was made on %s.</p>\n"
             "</section>\n",
             self->arrived, self->letters, self->asked, made);
}

/* --- everything ------------------------------------------------------------------------------ */

static const char *name_of(Happened kind)
{
    switch (kind) {
    case HAPPENED_LETTER:
        return "Letter";
    case HAPPENED_LEFT_OUT:
        return "No letter";
    case HAPPENED_BACK:
        return "Message back";
    case HAPPENED_ANSWERED:
        return "Answer";
    case HAPPENED_SUPPRESSED:
        return "Taken off";
    case HAPPENED_RESTORED:
        return "Put back";
    }
    g_assert_not_reached();
}

static void add_event(GString *out, const HistoryEvent *event)
{
    g_autofree char *when = when_short(event->when);
    page_add(out,
             "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">%s</th>"
             "<td role=\"cell\" data-head=\"What\">%s</td><td role=\"cell\" data-head=\"Subject\">",
             *when ? when : "not yet", name_of(event->kind));
    page_add(out, "<bdi>%s</bdi>", text(event->subject));
    if (*text(event->mailing))
        page_add(out, "<br><small class=\"quiet\"><bdi>%s</bdi></small>", event->mailing);
    page_add(out, "</td><td role=\"cell\" data-head=\"Address\" class=\"any\"><bdi>%s</bdi></td>",
             text(event->address));
    page_add(out, "<td role=\"cell\" data-head=\"What became of it\">%s%s<bdi>%s</bdi>%s",
             text(event->what), *text(event->why) ? ": " : "", text(event->why),
             event->is_doubtful ? " (not proven to be about a letter of ours)" : "");
    if (*text(event->detail))
        page_add(out, "<br><small class=\"quiet\">in detail: <bdi>%s</bdi></small>", event->detail);
    g_string_append(out, "</td></tr>\n");
}

void history_page_write(GString *out, const HistoryPage *self)
{
    static const PageColumn columns[] = {{"When", PAGE_TEXT},
                                         {"What", PAGE_TEXT},
                                         {"Subject", PAGE_TEXT},
                                         {"Address", PAGE_ADDRESS},
                                         {"What became of it", PAGE_TEXT},
                                         {NULL, PAGE_TEXT}};
    static const PageTable table = {"The latest first", columns};
    g_autofree char *heading =
        *self->name ? g_strdup_printf("%s (%s)", self->name, self->asked) : g_strdup(self->asked);
    g_autofree char *window = g_strdup_printf("%s - history", heading);
    PageSpec spec = {.title = window, .heading = heading};
    page_begin(out, &spec);
    add_answer(out, self);
    page_section(out, "all", "All that happened");
    page_table(out, &table);
    for (guint i = 0; i < self->events->len; i++)
        add_event(out, g_ptr_array_index(self->events, i));
    page_table_end(out);
    page_section_end(out);
    g_autofree char *foot = g_strdup_printf(
        "Made by circular%s%s. This page holds names and addresses: keep it as you keep the list, "
        "and delete it when it is no longer needed.",
        *self->office ? " for " : "", self->office);
    page_end(out, &spec, foot);
}
