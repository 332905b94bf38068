/* answer - "did everyone get it?", in a sentence (a part of page/figures.h) */
#include "page/figures.h"
#include "page/page.h"

/* "1 was refused, 2 came back and 1 is not known": what is missing, by state. */
static char *parts(const Counts *counts)
{
    static const struct {
        FigureState state;
        const char *one, *many;
    } words[] = {
        {FIGURE_DEFERRED, "was put off and is to be tried again",
         "were put off and are to be tried again"},
        {FIGURE_REFUSED, "was refused", "were refused"},
        {FIGURE_BOUNCED, "came back", "came back"},
        {FIGURE_UNKNOWN, "is not known", "are not known"},
    };
    const char *said[G_N_ELEMENTS(words)];
    guint64 numbers[G_N_ELEMENTS(words)];
    guint count = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        numbers[count] = counts->of[words[i].state];
        said[count] = numbers[count] == 1 ? words[i].one : words[i].many;
        count += numbers[count] > 0;
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        g_autofree char *number = page_number(numbers[i]);
        const char *between = i == 0 ? "" : i == count - 1 ? " and " : ", ";
        g_string_append_printf(text, "%s%s %s", between, number, said[i]);
    }
    return g_string_free(text, FALSE);
}

/* Whom to call, and how many were left out: what follows the answer. */
static void add_rest(GString *text, const Figures *self)
{
    const Counts *counts = &self->counts;
    if (self->reached_count && self->since) {
        g_autofree char *reached = figures_count(self->reached_count, "of these recipients has",
                                                 "of these recipients have");
        g_string_append_printf(text, " %s had another letter since.", reached);
    } else if (self->reached_count) {
        g_autofree char *reached = figures_count(self->reached_count, "of these recipients has",
                                                 "of these recipients have");
        g_string_append_printf(text, " %s it at another address.", reached);
    }
    if (counts->of[FIGURE_COMPLAINED]) {
        g_autofree char *spam =
            figures_count(counts->of[FIGURE_COMPLAINED], "recipient marked it as spam",
                          "recipients marked it as spam");
        g_string_append_printf(text, " %s.", spam);
    }
    if (counts->of[FIGURE_LEFT_OUT]) {
        g_autofree char *out =
            figures_count(counts->of[FIGURE_LEFT_OUT], "other was left out before sending",
                          "others were left out before sending");
        g_string_append_printf(text, " %s.", out);
    }
    if (self->calls_count) {
        g_autofree char *calls =
            figures_count(self->calls_count, "recipient needs", "recipients need");
        g_string_append_printf(text, " %s a phone call.", calls);
    }
}

static char *in_progress(const Counts *counts, guint64 total, guint64 waiting)
{
    g_autofree char *all = figures_count(total, "letter", "letters");
    g_autofree char *left = page_number(waiting);
    g_autofree char *sent = page_number(counts->of[FIGURE_SENT]);
    g_autofree char *rest = parts(counts);
    if (waiting == total)
        return g_strdup_printf("Not yet: none of the %s was sent so far.", all);
    return g_strdup_printf("Not yet: %s of %s went out, and %s %s still to go%s%s.", sent, all,
                           left, waiting == 1 ? "is" : "are", *rest ? "; " : "", rest);
}

/* Whoever was left out and should have had it is a reason not to say yes. */
static char *all_arrived(const Figures *self, guint64 total)
{
    const char *start = self->calls_count ? "Almost" : "Yes";
    g_autofree char *all = figures_count(total, "letter", "letters");
    if (self->since)
        return g_strdup_printf("%s: %s went out, and none of them came back.", start, all);
    if (total == 1)
        return g_strdup_printf("%s: the letter went out, and it did not come back.", start);
    return g_strdup_printf("%s: all %s went out, and none came back.", start, all);
}

static char *some_missing(const Counts *counts, guint64 total, guint64 missing)
{
    guint64 have = counts->of[FIGURE_SENT] + counts->of[FIGURE_COMPLAINED];
    g_autofree char *said = parts(counts);
    g_autofree char *arrived = page_number(have);
    g_autofree char *all = figures_count(total, "letter", "letters");
    const char *start = have == 0 ? "No" : missing * 10 > total ? "No" : "Almost";
    return g_strdup_printf("%s: %s of %s went out and did not come back; %s.", start, arrived, all,
                           said);
}

char *figures_verdict(const Figures *self, Verdict *verdict)
{
    const Counts *counts = &self->counts;
    guint64 total = counts_letters(counts);
    guint64 missing = counts_missing(counts) + counts->of[FIGURE_DEFERRED];
    guint64 waiting = counts->of[FIGURE_PLANNED] + counts->of[FIGURE_SENDING];
    g_autofree char *first = NULL;
    *verdict = missing * 10 > total ? VERDICT_BAD : VERDICT_CARE;
    if (!total)
        first = g_strdup(self->since ? "Nothing was planned in this time."
                                     : "No: this mailing has no letter in it.");
    else if (waiting)
        first = in_progress(counts, total, waiting);
    else if (missing)
        first = some_missing(counts, total, missing);
    else {
        first = all_arrived(self, total);
        *verdict = self->calls_count ? VERDICT_CARE : VERDICT_GOOD;
    }
    GString *text = g_string_new(first);
    add_rest(text, self);
    return g_string_free(text, FALSE);
}
