/* answer - "did everyone get it?", in a sentence (a part of report/figures.h) */
#include "text/amount.h"
#include "text/when.h"
#include "report/figures.h"
#include "page/page.h"

/* "1 was refused, 2 came back": those of the list that are not none. */
typedef struct {
    FigureState state;
    const char *one, *many;
} Phrase;

static char *join(const Counts *counts, const Phrase *phrases, gsize length)
{
    guint64 left = 0, said = 0;
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < length; i++)
        left += counts->of[phrases[i].state] > 0;
    for (gsize i = 0; i < length; i++) {
        guint64 count = counts->of[phrases[i].state];
        if (!count)
            continue;
        g_autofree char *number = amount_number(count);
        said++;
        g_string_append_printf(text, "%s%s %s",
                               said == 1      ? ""
                               : said == left ? " and "
                                              : ", ",
                               number, amount_form(count, phrases[i].one, phrases[i].many));
    }
    return g_string_free(text, FALSE);
}

/* "5 did not: 2 were refused and 3 came back", with what is not known after it. */
static char *not_arrived(const Counts *counts)
{
    static const Phrase phrases[] = {
        {FIGURE_REFUSED, "was refused", "were refused"},
        {FIGURE_BOUNCED, "came back", "came back"},
        {FIGURE_DEFERRED, "was put off and is to be tried again",
         "were put off and are to be tried again"},
    };
    guint64 missing = 0, unknown = counts->of[FIGURE_UNKNOWN];
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++)
        missing += counts->of[phrases[i].state];
    GString *text = g_string_new(NULL);
    if (missing) {
        g_autofree char *how = join(counts, phrases, G_N_ELEMENTS(phrases));
        g_autofree char *number = amount_number(missing);
        g_string_append_printf(text, " %s did not: %s.", number, how);
    }
    if (unknown) {
        g_autofree char *number =
            amount_of(unknown, "may have arrived or not", "may have arrived or not");
        g_string_append_printf(text, " %s: the mail server's answer was lost.", number);
    }
    return g_string_free(text, FALSE);
}

char *figures_beside(const Figures *self)
{
    const Counts *counts = &self->counts;
    static const Phrase phrases[] = {
        {FIGURE_COMPLAINED, "recipient marked it as spam", "recipients marked it as spam"},
        {FIGURE_LEFT_OUT, "on the list was left out before sending",
         "on the list were left out before sending"},
    };
    g_autofree char *others = join(counts, phrases, G_N_ELEMENTS(phrases));
    GString *text = g_string_new(NULL);
    if (self->calls_count) {
        g_autofree char *calls = amount_of(self->calls_count, "recipient needs", "recipients need");
        g_string_append_printf(text, "%s a phone call. ", calls);
    }
    if (self->reached_count) {
        g_autofree char *reached =
            amount_of(self->reached_count, "recipient has", "recipients have");
        g_string_append_printf(text, "%s %s. ", reached,
                               self->since ? "had another letter since" : "it at another address");
    }
    if (self->settled_count) {
        g_autofree char *settled = amount_of(self->settled_count, "letter was in doubt and is",
                                             "letters were in doubt and are");
        g_string_append_printf(text, "%s proven sent. ", settled);
    }
    if (*others)
        g_string_append_printf(text, "%s.", others);
    g_strchomp(text->str);
    return g_string_free(text, FALSE);
}

/* Whoever was left out and should have had it is a reason not to say yes. */
static char *all_arrived(const Figures *self, guint64 total)
{
    const char *start = self->calls_count ? "Almost" : "Yes";
    g_autofree char *all = amount_of(total, "letter", "letters");
    if (total == 1)
        return g_strdup_printf("%s: the letter arrived, as far as we know.", start);
    return g_strdup_printf("%s: all %s arrived, as far as we know.", start, all);
}

static char *some_arrived(const Counts *counts, guint64 total, guint64 missing)
{
    guint64 have = counts->of[FIGURE_SENT] + counts->of[FIGURE_COMPLAINED];
    g_autofree char *rest = not_arrived(counts);
    g_autofree char *all = amount_of(total, "letter", "letters");
    g_autofree char *arrived = amount_number(have);
    return g_strdup_printf("%s: %s of %s arrived, as far as we know.%s",
                           missing * 10 > total ? "No" : "Almost", arrived, all, rest);
}

/* What will become of those that are still to go: " It goes on …"; newly allocated. */
static char *what_next(const Figures *self)
{
    g_autofree char *when = when_text(self->goes_at);
    if (self->goes_at)
        return g_strdup_printf(" It goes on %s.", when);
    if (self->is_stopped || self->is_held)
        return g_strdup_printf(" It is %s: only a person's 'circular send %s' goes on with it.",
                               self->is_held ? "held" : "stopped", self->id);
    return g_strdup("");
}

static char *in_progress(const Figures *self, guint64 total, guint64 waiting)
{
    const Counts *counts = &self->counts;
    g_autofree char *next = what_next(self);
    g_autofree char *all = amount_of(total, "letter", "letters");
    g_autofree char *left = amount_number(waiting);
    g_autofree char *arrived =
        amount_number(counts->of[FIGURE_SENT] + counts->of[FIGURE_COMPLAINED]);
    g_autofree char *rest = not_arrived(counts);
    if (waiting == total)
        return g_strdup_printf("Not yet: none of %s was sent so far.%s", all, next);
    return g_strdup_printf(
        "Not yet: %s of %s arrived, as far as we know, and %s %s still to go.%s%s", arrived, all,
        left, amount_form(waiting, "is", "are"), rest, next);
}

/* A rehearsal is no delivery, whatever lies in the folder. */
static char *rehearsed(const Figures *self, guint64 total)
{
    const char *place =
        self->rehearsal && *self->rehearsal ? self->rehearsal : "written by a rehearsal";
    guint64 count = self->counts.of[FIGURE_WRITTEN];
    g_autofree char *written = amount_number(count);
    if (count == total)
        return g_strdup_printf("No: %s %s, nobody was mailed.", written, place);
    g_autofree char *all = amount_of(total, "letter", "letters");
    return g_strdup_printf("No: of %s %s were %s and mailed to nobody.", all, written, place);
}

static char *withdrawn(const Counts *counts, guint64 total)
{
    guint64 have = counts->of[FIGURE_SENT] + counts->of[FIGURE_COMPLAINED];
    g_autofree char *people = amount_of(have, "recipient has", "recipients have");
    g_autofree char *rest = not_arrived(counts);
    if (!total)
        return g_strdup("No: the letter was withdrawn, and nobody has it.");
    return g_strdup_printf("No: the letter was withdrawn, and %s it, as far as we know.%s", people,
                           rest);
}

char *figures_answer(const Figures *self, Verdict *verdict)
{
    const Counts *counts = &self->counts;
    guint64 total = counts_letters(counts);
    guint64 missing = counts_missing(counts) + counts->of[FIGURE_DEFERRED];
    guint64 waiting = counts->of[FIGURE_PLANNED] + counts->of[FIGURE_SENDING];
    *verdict = missing * 10 > total ? VERDICT_BAD : VERDICT_CARE;
    if (!total && !self->is_withdrawn)
        return g_strdup(self->since ? "Nothing was planned in this time."
                                    : "No: this mailing has no letter in it.");
    if (self->is_withdrawn)
        return withdrawn(counts, total);
    if (counts->of[FIGURE_WRITTEN]) {
        *verdict = VERDICT_BAD;
        return rehearsed(self, total);
    }
    if (waiting)
        return in_progress(self, total, waiting);
    if (missing)
        return some_arrived(counts, total, missing);
    *verdict = self->calls_count ? VERDICT_CARE : VERDICT_GOOD;
    return all_arrived(self, total);
}
